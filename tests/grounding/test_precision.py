"""False sentences with one small word changed, which must have no source; and true ones beside them, which must have one.

All passages are made up. What each false claim changes is said by its group.
"""

from __future__ import annotations

import pytest

from chatbot.grounding.entailment.english import CLASSES, classes, root
from chatbot.grounding.verifier import Source, Verifier

ACCEPTED = ("verified", "supported")


def state(claim: str, passage: str, product: str = "") -> str:
    plain = Source.of(passage)
    return Verifier([Source(plain.text, plain.pieces, product)]).verify(claim).state


FALSE = {
    "preposition": [
        ("The seat fits children over the age of 3.", "The seat fits children under the age of 3."),
        ("Place the sensor above the tank.", "Place the sensor below the tank."),
        ("Connect the cable to AV OUT of the player and AV IN of the screen.", "Connect the cable to AV IN of the player and AV OUT of the screen."),
        ("Slide the switch up to lock the tray.", "Slide the switch down to lock the tray."),
        ("Copy the files from the card to the disk.", "Copy the files to the card from the disk."),
        ("Turn the knob after the lamp goes out.", "Turn the knob before the lamp goes out."),
        ("Keep the valve closed until the pressure falls.", "Keep the valve closed while the pressure falls."),
        ("Use it as a key.", "Use a key."),
    ],
    "option or sign": [
        ("Run backup --all to copy the library.", "Run backup --new to copy the library."),
        ("Type tar -c to make the archive.", "Type tar -C to make the archive."),
        ("Type lpr report.pdf to print the report.", "Type lpr -s report.pdf to print the report."),
        ("The scale shows weights with an error of 2 g.", "The scale shows weights with an error of ±2 g."),
        ("Store the cells at 5 °C or less.", "Store the cells at -5 °C or less."),
        ("The alarm sounds if the level is > 40 mm.", "The alarm sounds if the level is < 40 mm."),
        ("Copy the file to opt/tandem before the start.", "Copy the file to /opt/tandem before the start."),
        ("Copy the file to ../shared before the start.", "Copy the file to ./shared before the start."),
        ("Select Tools Options to see the list.", "Select Tools > Options to see the list."),
    ],
    "quantifier": [
        ("All of the lamps blink when the tank is empty.", "Some of the lamps blink when the tank is empty."),
        ("Each drawer takes the large boxes.", "One drawer takes the large boxes."),
        ("At least four people can use the app at once.", "At most four people can use the app at once."),
        ("The tray holds paper.", "The tray holds only paper."),
        ("Most models have a second tray.", "All models have a second tray."),
        ("Both lamps are on while it charges.", "Either lamp is on while it charges."),
    ],
    "and/or": [
        ("Press Feed and Cancel to begin.", "Press Feed or Cancel to begin."),
        ("Use either water or soap to clean the lens.", "Use water and soap to clean the lens."),
        ("Hold Power to restart the unit.", "Hold Power and Home to restart the unit."),
        ("Press A and B.", "Press A, B, and C."),
        ("Do not open the cover and touch the head.", "Do not open the cover. Touch the head."),
        ("If X and Y are set, the pump starts.", "If X or Y is set, the pump starts."),
    ],
    "exclusion": [
        ("Reset all settings to their first values.", "Reset all settings (excluding network settings) to their first values."),
        ("The warranty covers all parts.", "The warranty covers all parts, except the battery."),
        ("You can print photos from any album.", "You can print photos from any album (Android only)."),
        ("All drawers can be opened.", "All drawers can be opened, other than the lowest."),
        ("The lid may be washed in the machine.", "The lid may be washed in the machine unless it is painted."),
    ],
    "restriction behind a negation": [
        ("The warranty does not cover damage.", "The warranty does not cover damage caused by water."),
        ("Do not use cables.", "Do not use cables that are longer than 3 m."),
        ("Never clean the unit.", "Never clean the unit with petrol."),
        ("The reader does not accept cards.", "The reader does not accept cards made before 2010."),
        ("Do not start the motor.", "Do not start the motor without oil."),
        ("The app cannot send pictures.", "The app cannot send pictures larger than 5 MB."),
        ("This part does not include screws.", "This part does not include screws for the wall."),
    ],
    "negation": [
        ("You must not remove the cover.", "You do not need to remove the cover."),
        ("The part is available in this country.", "The part may not be available in this country."),
        ("The part cannot be available.", "The part may not be available."),
        ("The lamp is on when the tank is full.", "The lamp is not on when the tank is full."),
        ("Clean the pump with water.", "Never do one of these:\n\nClean the pump with water.\nUse solvent on the cover."),
        ("Replace the battery of the remote.", "If the light is red:\n\nWait for ten minutes.\nReplace the battery of the remote."),
    ],
    "order and steps": [
        ("Save the file and close the app.", "Close the app and save the file."),
        ("Close the app and save the file.", "Save the file. Close the app."),
        ("Press the key.", "Press the key and hold it for 5 s."),
        ("Remove the battery.", "Remove the battery and insert it the other way."),
        ("Press the key.", "Press and hold the key."),
        ("When you stop the run, the value is wrong if you select the run before the end.", "When you select the run, the value is wrong if you stop the run before the end."),
        ("Wear can stop the motion (think work pulling on the tool piece) of the arm.", "Wear can stop the motion (think tool pulling on the work piece) of the arm."),
        ("Press Stop after you open the lid.", "After you press Stop, open the lid."),
        ("Swipe up to close and down to open.", "Swipe up to open and down to close."),
        ("To open the lid, press A, and to close it, press B.", "To open the lid, press B, and to close it, press A."),
        ("Turn the knob.", "Turn the knob and push the key at the same time."),
        ("Connect the red wire to the left pin.", "Connect the blue wire to the left pin and the red wire to the right pin."),
        ("The lamp is on.", "Make sure the lamp is on."),
        ("The printer is connected to the phone by the hub.", "The phone is connected to the printer by the hub."),
    ],
    "half a sentence": [
        ("Press Start to begin the copy.", "Press Start to begin the copy; do not press it during an update."),
        ("Users can read the files.", "Users can read the files... of their own."),
        ("The phone charges.", "The phone charges slowly."),
        ("Users can read the files.", "Users can read the files - if they are shared."),
        ("Users can read the files.", "Hopefully users can read the files."),
        ("Users can read the files.", "Users can read the files: their own."),
        ("Shake the unit hard.", "Avoid:\n\n- Use alcohol on the lens.\n- Shake the unit hard."),
        ("Use alcohol on the lens.", "Do not\n\n- Use alcohol on the lens.\n- Shake it."),
    ],
    "modal and time": [
        ("You must enter a password to continue.", "You may enter a password to continue."),
        ("The lamp blinks during the update.", "The lamp may blink during the update."),
        ("The card will be erased.", "The card would be erased."),
        ("You must update the app.", "You may need to update the app."),
        ("The port is supported on all models.", "The port was supported on all models."),
    ],
    "another word": [
        ("Remove the end panel of the case.", "Remove the entire panel of the case."),
        ("Repair the shelf to the wall.", "Fix the shelf to the wall."),
        ("The server assigns the voltage.", "The server supplies the voltage."),
        ("Launch the valve slowly.", "Open the valve slowly."),
        ("Hold the key, and tap turn off.", "Hold the key, and tap Power off."),
        ("Tap the lamp to turn on Locating services.", "Tap the lamp to turn on Location services."),
        ("Kind the name of the file.", "Enter the name of the file."),
        ("The mark is hard visible.", "The mark is hardly visible."),
        ("Use the current version.", "Use the currently version."),
        ("The end of the tank is full.", "The entire tank is full."),
        ("Lower the value in the next field.", "Reduce the value in the lower field."),
    ],
}  # fmt: skip


@pytest.mark.parametrize(("claim", "passage"), [pair for group in FALSE.values() for pair in group])
def test_a_sentence_with_a_small_word_changed_has_no_source(claim: str, passage: str) -> None:
    assert state(passage.replace("\n\n", " "), passage.replace("\n\n", " ")) == "verified", (
        "the passage's own words are a quote"
    )
    assert state(claim, passage) not in ACCEPTED


def test_a_question_is_not_an_answer() -> None:
    assert (
        state("You can delete the file.", "You can delete the file? No, it stays.") not in ACCEPTED
    )


@pytest.mark.parametrize(
    ("claim", "passage", "wanted"),
    [
        (
            "The seat fits children under the age of 3.",
            "The seat fits children under the age of 3. Wash it.",
            "verified",
        ),
        ("You can press Feed or Cancel to begin.", "Press Feed or Cancel to begin.", "supported"),
        (
            "To begin the test, press Feed or Cancel.",
            "Press Feed or Cancel to begin the test.",
            "supported",
        ),
        ("Tap Menu.", "Tap Menu and select a language.", "verified"),
        (
            "Select a language of the list.",
            "Tap Menu and select a language of the list.",
            "verified",
        ),
        (
            "Select Tools, then Options to see the list.",
            "Select Tools > Options to see the list.",
            "supported",
        ),
        (
            "You do not have to remove the cover.",
            "You don't need to remove the cover.",
            "supported",
        ),
        ("Lift the lid.", "Carefully lift the lid.", "verified"),
        ("Enter the code of the lock.", "Enter the code (see page 12) of the lock.", "supported"),
        ("Type tar -C to create the archive.", "Type tar -C to create an archive.", "supported"),
        ("The lamps blink, and the pump stops.", "The lamps blink. The pump stops.", "supported"),
        (
            "The lamp will blink during an update.",
            "The lamp blinks during the update.",
            "supported",
        ),
        (
            "If you want to reset the printer, hold Feed for ten seconds.",
            "To reset the printer, hold Feed for 10 seconds.",
            "supported",
        ),
        (
            "Wait for ten minutes.",
            "To cool the unit:\n\nOpen the lid.\nWait for ten minutes.",
            "verified",
        ),
        ("You should never run the pump dry.", "Never run the pump dry.", "supported"),
        ("The value is shown by the screen.", "The screen shows the value.", "supported"),
    ],
)
def test_what_says_the_same_keeps_its_source(claim: str, passage: str, wanted: str) -> None:
    assert state(claim, passage) == wanted


@pytest.mark.parametrize(
    ("claim", "passage", "product", "held"),
    [
        ("This setting is not available on the X200.", "This setting is not available on the X100.", "X200", False),
        ("This setting is not available on the X200.", "This setting is not available on the X100.", "X100", False),
        ("This setting is not available on the X100.", "This setting is not available on the X100.", "X200", True),
        ("This setting is not available on the X200.", "This setting is not available.", "X200", True),
        ("This setting is not available on the X200.", "This setting is not available.", "X100", False),
        ("The cradle works with the Galaxy S10.", "The cradle works with the Galaxy S10 Watch.", "Galaxy S10", False),
        ("The cradle works with the Galaxy S10.", "The cradle works with the Galaxy S10e.", "Galaxy S10", False),
        ("The cradle works with the Galaxy S10 Watch.", "The cradle works.", "Galaxy S10", False),
        ("The Galaxy S10e weighs 150 g.", "The phone weighs 150 g.", "Galaxy S10 phone", False),
        ("The Galaxy S10 weighs 150 g.", "The phone weighs 150 g.", "Galaxy S10 phone", True),
        ("The S10+ weighs 150 g.", "The device weighs 150 g.", "Galaxy S10", False),
        ("The S10 weighs 150 g.", "The device weighs 150 g.", "Galaxy S10", True),
        ("The adapter is made for the X200.", "The adapter is made for the shelf.", "X200", False),
        ("Set the clock in version 3.1.", "Set the clock in version 2.1.", "Clock 3.1", False),
        ("On the X200, hold Feed to reset the printer.", "Hold Feed to reset the printer.", "Aurora X200 printer", True),
        ("Hold Feed on the Aurora X200 to reset the printer.", "Hold Feed to reset the printer.", "Aurora X200 printer", True),
        ("Hold Feed on the Aurora X300 to reset the printer.", "Hold Feed to reset the printer.", "Aurora X200 printer", False),
    ],
)  # fmt: skip
def test_a_product_that_is_named_is_the_passages_or_its_manuals(
    claim: str, passage: str, product: str, held: bool
) -> None:
    assert (state(claim, passage, product) in ACCEPTED) is held


@pytest.mark.parametrize(
    "claim",
    ["To open the lid, you need to run the", "To open the lid, you need to", "Open the lid and", "Open the lid of your", "The lid of the box is",
     "To open the lid, you need to run the.", "Open the lid of the …"],
)  # fmt: skip
def test_a_sentence_that_ends_in_its_middle_has_no_source(claim: str) -> None:
    passage = "To open the lid, you need to run the tool. Open the lid and take the cup. Open the lid of your box. The lid of the box is red."
    assert state(claim, passage) not in ACCEPTED
    assert state("To open the lid, you need to run the tool.", passage) == "verified"
    assert (
        state("This is what it is made of.", "This is what it is made of. Wait.") == "verified"
    ), "a whole sentence may end so"


def test_no_word_is_in_two_classes_of_synonyms_and_no_stem_joins_two() -> None:
    words = [word for group in CLASSES.replace("\n", "").split(";") for word in group.split("|")]
    assert len(words) == len(set(words)) > 100
    keys = [
        key
        for group in CLASSES.replace("\n", "").split(";")
        for key in {word if " " in word else root(word) for word in group.split("|")}
    ]
    assert len(keys) == len(set(keys)) == len(classes())


@pytest.mark.parametrize(
    "word",
    "current container information personal custom active assistant generator combination total addition end hard".split(),
)
def test_a_word_that_only_looks_like_a_synonym_is_in_no_class(word: str) -> None:
    assert root(word) not in classes()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("end", "entire"),
        ("fix", "repair"),
        ("supply", "assign"),
        ("open", "launch"),
        ("enter", "kind"),
    ],
)
def test_words_that_are_not_interchangeable_are_in_no_class(one: str, other: str) -> None:
    assert not classes().get(root(one)) or classes().get(root(one)) != classes().get(root(other))
