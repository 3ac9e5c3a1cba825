"""Follow-up questions made to stand alone by rule."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Answer, Question
from chatbot.routing.followup import of_the_product, standalone, with_subject, wordings
from chatbot.routing.questions import TICKET_WORDS, last_question
from tests.support.manuals import FAN, PUMP, put

PRODUCTS = ("Aurora X100 printer", "Aurora X200 printer")
RESET = "How do I reset the X200?"


@pytest.mark.parametrize(
    ("question", "before", "alone"),
    [
        ("And for the other model?", RESET, "How do I reset the Aurora X100 printer?"),
        ("and on the X100?", RESET, "How do I reset the Aurora X100 printer?"),
        (
            "What about the other one?",
            "How long is the warranty of the X200?",
            "How long is the warranty of the Aurora X100 printer?",
        ),
        (
            "And how often?",
            "How do I clean the head of the X200?",
            "How often: clean the head of the X200?",
        ),
        ("What does error E04 mean?", RESET, "What does error E04 mean?"),
        ("Thanks", RESET, "Thanks"),
        (
            "the aurora x100",
            "How do I clean the head?",
            "How do I clean the head on the Aurora X100 printer?",
        ),
        ("is there another way?", RESET, "Is there another way: reset the X200?"),
        ("No, the X100", RESET, "How do I reset the Aurora X100 printer?"),
        ("same for the X100", RESET, "How do I reset the Aurora X100 printer?"),
        ("how do I clean it?", "X200 please", "how do I clean Aurora X200 printer?"),
        ("where is the tray?", "the X200", "where is the tray on the Aurora X200 printer?"),
        ("not the X200, the X100", RESET, "How do I reset the Aurora X100 printer?"),
        ("I meant not on the X200 but the X100", RESET, "How do I reset the Aurora X100 printer?"),
        (
            "and on the X100?",
            "How do I reset the X200 8.4?",
            "How do I reset the Aurora X100 printer?",
        ),
        (
            "does it beep too?",
            "How long can a job run on the X200?",
            "Does it beep too: a job run on the X200?",
        ),
        (
            "sorry, I meant the X100 printer",
            RESET,
            "How do I reset the Aurora X100 printer?",
        ),
        ("It's an X100.", RESET, "How do I reset the Aurora X100 printer?"),
        ("X100 paper jam", RESET, "X100 paper jam"),
        (
            "Which paper settings are there on the X100?",
            RESET,
            "Which paper settings are there on the X100?",
        ),
        (
            "Is there a limit to the width of labels?",
            RESET,
            "Is there a limit to the width of labels?",
        ),
        (
            "Which screws go in there?",
            "Where is the fuse box of the X200?",
            "Which screws go in there: the fuse box of the X200?",
        ),
        ("X200: is it waterproof?", RESET, "X200: is it waterproof?"),
    ],
)
def test_follow_ups(question: str, before: str, alone: str) -> None:
    assert standalone(question, [before], PRODUCTS) == alone


@pytest.mark.parametrize(
    ("question", "before", "alone"),
    [
        ("How do I charge it?", "How do I clean the Aurora X200 printer?", "How do I charge the Aurora X200 printer?"),
        ("Is it loud?", "Can an Aurora X100 printer print photos?", "Is Aurora X100 printer loud?"),
        ("Where is its serial number?", "How do I reset the Aurora X200 printer?", "Where is the Aurora X200 printer’s serial number?"),
        ("How often is it?", RESET, ""),  # says nothing of its own
        ("And is it loud?", RESET, ""),
        ("Is it louder than the X100?", RESET, ""),
        ("How do I charge this?", RESET, ""),
        ("How do I charge it?", "How do I clean the head?", ""),
    ],
)  # fmt: skip
def test_it_may_be_the_product(question: str, before: str, alone: str) -> None:
    assert of_the_product(question, [before], PRODUCTS) == alone


def test_it_is_the_product_where_the_manuals_answer_that_clearly_better(assistant: Assistant) -> None:  # fmt: skip
    steps = "## Charge the battery\n\nTo charge the lamp, put it on the dock for two hours.\n\n"
    hook = "## Hang the lamp up\n\nTo hang the lamp up, put the hook through the eye. Turn the hook to lock it.\n\n"
    dim = "## Dim the light\n\nTo dim the light, hold the ring. Let it go to end dimming.\n\n"
    put(assistant.catalog, "lamp.md", f"# Lamp L5\n\n{steps}{hook}{dim}", product="Lamp L5")
    talk = new_conversation()

    def ask(text: str) -> Answer:
        return ask_once(assistant, Question(text, conversation=talk), "ana")

    assert "hook" in ask("How do I hang up the Lamp L5?").text
    charged = ask("How do I charge it?")
    assert charged.asked == "How do I charge the Lamp L5?" and "dock" in charged.text
    ask("How do I dim the light of the Lamp L5?")
    assert "Let it go" in ask("How do I end it?").text, "and else it is what was asked before"


@pytest.mark.parametrize(
    ("question", "before", "alone"),
    [
        ("and the B7?", "How much is a tune-up of the Otter T5?", "How much is a tune-up of the B7?"),
        ("And F-12?", "What does error F-11 mean?", "What does error F-12 mean?"),
        ("what about the Beaver?", "How much is a tune-up of the Otter?", "How much is a tune-up of the Beaver?"),
        ("and the gasket?", "How do I replace the blade of the saw?", "How do I replace the gasket of the saw?"),
        ("and the flange?", "What is the torque of the cover?", "What is the torque of the flange?"),
        ("and the lowest?", "What is the highest speed?", "What is the lowest speed?"),
        ("and the T5?", "What does F-11 mean?", "The T5: What does F-11 mean?"),
        ("and in winter?", "How do I store the saw?", "In winter: store the saw?"),
    ],
)  # fmt: skip
def test_another_thing_takes_the_place_of_the_one_before(
    question: str, before: str, alone: str
) -> None:
    assert standalone(question, [before], PRODUCTS) == alone


def test_the_old_thing_does_not_answer_for_the_new_one(assistant: Assistant) -> None:
    put(
        assistant.catalog,
        "prices.md",
        "# Workshop prices\n\n## Otter T5\n\nA tune-up of the Otter T5 costs 60 EUR. A new blade for the Otter T5 costs 45 EUR.\n\n"
        "## Beaver B7\n\nA tune-up of the Beaver B7 costs 75 EUR. A new blade for the Beaver B7 costs 58 EUR.\n",
    )
    talk = new_conversation()

    def ask(text: str) -> Answer:
        return ask_once(assistant, Question(text, conversation=talk), "ana")

    assert "60 EUR" in ask("How much is a tune-up of the Otter T5?").text
    other = ask("and the B7?").text
    assert "75 EUR" in other and "60 EUR" not in other
    assert "EUR" not in ask("and the C9?").text


def test_a_first_question_stands_alone() -> None:
    assert standalone("And for the other model?", [], PRODUCTS) == "And for the other model?"


def test_with_three_products_the_other_one_is_not_guessed() -> None:
    three = (*PRODUCTS, "Aurora X300 printer")
    assert "X100" not in standalone("And for the other model?", [RESET], three)
    back = ["How do I reset the X300?", RESET]
    assert (
        standalone("And for the other model?", back, three)
        == "How do I reset the Aurora X300 printer?"
    )


def test_a_conversation_carries_product_and_subject(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()

    def ask(text: str) -> str:
        answer = ask_once(assistant, Question(text, conversation=talk), "ana")
        return f"{answer.asked} | {answer.text}"

    assert "500 hours" in ask("How often do I clean the filter of the P-200?")
    other = ask("And for the other product?")
    assert other.startswith("How often do I clean the filter of the Fan F-100?")
    assert "200 hours" in other
    assert "4 Nm" in ask("How do I replace the seal?"), "the product of the conversation decides"


STRAP = """# Heron W2 watch

## Replace the strap

Press the bolt of the strap in, pull the strap up and away from the watch, and push the new one in until the bolt clicks.

## Charge the watch

Place the watch on its charger. Wash your hands before you touch the contacts.
"""


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("And how do I polish it?", "choose"),
        ("How do I sew it?", "choose"),
        ("Where is its bolt?", "answered"),
        ("And how do I push it in?", "answered"),
    ],
)
def test_a_section_found_by_the_words_of_the_question_before_alone_is_no_answer(
    assistant: Assistant, question: str, outcome: str
) -> None:
    put(assistant.catalog, "watch.md", STRAP, product="Heron W2")
    talk = new_conversation()
    first = ask_once(
        assistant, Question("How do I replace the strap of the W2?", conversation=talk), "ana"
    )
    assert first.outcome == "answered"
    assert ask_once(assistant, Question(question, conversation=talk), "ana").outcome == outcome


@pytest.mark.parametrize(
    ("question", "joined"),
    [
        (
            "the old cartridge is still in there, how do I throw that out",
            "The old cartridge is still in there, how do I throw that out: reset the X200?",
        ),
        ("Where do I change the paper size of labels?", ""),  # points at nothing
        ("Is it true that labels need a paper size setting?", ""),
        ("A colleague said that labels need a paper size setting", ""),
        ("how do I change this paper size setting on the X100", ""),  # names another product
        ("How do I clean it?", ""),  # says little, and is joined in any case
    ],
)
def test_a_long_question_that_points_back_has_its_subject(question: str, joined: str) -> None:
    assert with_subject(question, [RESET], PRODUCTS) == joined
    assert with_subject(question, [], PRODUCTS) == ""


@pytest.mark.parametrize(
    ("before", "question", "first"),
    [
        (
            "How do I turn on the night mode of the X200?",
            "and how do I turn it off again?",
            "How do I turn off the night mode of the X200 again?",
        ),
        (
            "how can i load labels on the X200",
            "How do I align them?",
            "How do I align labels on the X200?",
        ),
        ("What is the guide rail?", "where do I buy it", "Where do I buy the guide rail?"),
        (
            "How do I switch the heater off?",
            "How do I switch it on?",
            "How do I switch on the heater?",
        ),
    ],
)
def test_what_was_done_something_to_is_what_it_means(
    before: str, question: str, first: str
) -> None:
    asked, joined = wordings(question, [before], PRODUCTS)
    assert asked == first
    assert ": " in joined  # with the whole question before, should the manuals not answer it so


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("How do I use this?", "How do I clean it?"),  # says of nothing what it is
        (RESET, "and how do I reset it on the X100?"),  # another product
    ],
)
def test_it_is_no_thing_where_none_was_named(before: str, question: str) -> None:
    assert len(wordings(question, [before], PRODUCTS)) == 1


@pytest.mark.parametrize(
    ("before", "question", "last"),
    [
        (
            "How do I turn on the night mode of the X200?",
            "And how much power does it need for that?",
            "How much power does the night mode of the X200 need?",
        ),
        ("Where is the guide rail?", "is it made of steel?", "Is the guide rail made of steel?"),
    ],
)
def test_what_a_thing_is_or_does_is_asked_of_it_last(before: str, question: str, last: str) -> None:
    joined, asked = wordings(question, [before], PRODUCTS)
    assert asked == last
    assert ": " in joined


LETTER = """Dear support team,

I bought your X200 two weeks ago in Leeds and I am happy with it so far. My daughter Anna printed fifty labels for her
school with it, and since then it has been a bit slow. Please tell me how I load labels of another width. And secondly,
how do I turn on the night mode?

Kind regards
Anna Schneider
Schneider Consulting, +49 171 2345678
"""


def test_a_letter_leaves_its_last_question_to_be_talked_of() -> None:
    assert len(LETTER.split()) > TICKET_WORDS
    assert (
        last_question(LETTER, PRODUCTS)
        == "How do I turn on the night mode on the Aurora X200 printer?"
    )
    assert last_question("How do I load labels? And how do I cut them?", PRODUCTS) == (
        "How do I cut labels?"
    )
    for whole in (RESET, "X100 or X200: which one prints faster?", "Is it quiet or fast?"):
        assert last_question(whole, PRODUCTS) == whole


ROUTER = """# Kite R5 router manual

## Guest network

Open Guests and tap Add. A guest network has a password of its own.

## Remove a guest network

Open Guests, hold the network and tap Remove.

## Lights

The left light glows while the router starts.
"""
SAW = """# Otter S2 saw manual

## Jams

If the blade is frozen and nothing moves, pull the plug, wait for ten minutes and turn the blade back by hand.

## Lights

The left light glows while the saw is locked.
"""


def test_what_a_long_question_points_at_is_searched_too(assistant: Assistant) -> None:
    put(assistant.catalog, "router.md", ROUTER, product="Kite R5")
    talk = new_conversation()

    def ask(text: str) -> Answer:
        return ask_once(assistant, Question(text, conversation=talk), "ana")

    assert ask("How do I add a guest network on the R5?").outcome == "answered"
    later = ask("my boss does not want those people in there any more, how to delete that entry")
    assert later.outcome == "choose", "what it points at is not sure"
    assert later.evidence[0].passage.section[-1] == "Remove a guest network"


@pytest.mark.parametrize(
    ("question", "outcomes"),
    [
        # "frozen" stands in the saw's manual alone, and the talk is of the router
        ("everything is frozen now, what helps?", {"choose", "unanswered"}),
        ("What does the left light mean?", {"answered"}),
    ],
)
def test_the_manual_of_another_product_does_not_answer_in_a_conversation(
    assistant: Assistant, question: str, outcomes: set[str]
) -> None:
    put(assistant.catalog, "router.md", ROUTER, product="Kite R5")
    put(assistant.catalog, "saw.md", SAW, product="Otter S2")
    alone = ask_once(assistant, Question(f"{question} On the S2"), "ana")
    assert alone.outcome == "answered", "its own manual answers it"
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I add a guest network on the R5?", conversation=talk), "ana"
    )
    later = ask_once(assistant, Question(question, conversation=talk), "ana")
    assert later.outcome in outcomes
    assert {citation.manual for citation in later.citations} <= {"Kite R5 router manual"}


def test_a_misspelt_product_is_named_in_a_conversation_too(assistant: Assistant) -> None:
    put(assistant.catalog, "router.md", ROUTER, product="Kite Router")
    saw = SAW.replace("Otter S2", "Otterline").replace("If the blade", "If the Otterline blade")
    put(assistant.catalog, "saw.md", saw.replace("the saw", "the Otterline"), product="Otterline")
    talk = new_conversation()
    ask_once(assistant, Question("How do I add a guest network?", conversation=talk), "ana")
    asked = "What does the left light of the Otterlnie mean?"
    later = ask_once(assistant, Question(asked, conversation=talk), "ana")
    assert {citation.manual for citation in later.citations} == {"Otterline saw manual"}


def test_a_conversation_turns_to_another_product_that_surely_answers(assistant: Assistant) -> None:
    put(assistant.catalog, "router.md", ROUTER, product="Kite R5")
    put(assistant.catalog, "saw.md", SAW, product="Otter S2")
    talk = new_conversation()
    ask_once(
        assistant, Question("How do I add a guest network on the R5?", conversation=talk), "ana"
    )
    later = ask_once(
        assistant, Question("How do I turn a frozen blade back by hand?", conversation=talk), "ana"
    )
    assert {citation.manual for citation in later.citations} == {"Otter S2 saw manual"}


def test_thanks_before_a_follow_up_are_no_part_of_it(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    first = Question("How do I replace the seal of the P-200?", conversation=talk)
    ask_once(assistant, first, "ana")
    after = ask_once(
        assistant, Question("Great, thanks! And clean the filter?", conversation=talk), "ana"
    )
    assert after.outcome == "answered" and "thanks" not in after.asked.lower()


def test_a_products_name_alone_is_asked_what_about_it(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    put(assistant.catalog, "fan.md", FAN)
    talk = new_conversation()
    named = ask_once(
        assistant, Question("help with the pump P-200 please", conversation=talk), "ana"
    )
    assert named.outcome == "choose" and named.evidence
    assert "What do you want to know about the Pump P-200?" in named.notices
    after = ask_once(assistant, Question("How do I replace the seal?", conversation=talk), "ana")
    assert after.outcome == "answered" and after.citations[0].product == "Pump P-200"


def test_the_other_one_of_several_is_nobodys(assistant: Assistant) -> None:
    """It is not the one that was talked of, and which of the others is meant cannot be said."""
    three = (*PRODUCTS, "Aurora X300 printer")
    assert standalone("and on the other one?", [RESET], three) == "and on the other one?"
    for n, text in (("P-200", PUMP), ("P-300", PUMP), ("F-100", FAN)):
        name = text.splitlines()[0].replace("P-200", n)
        put(
            assistant.catalog,
            f"{n}.md",
            f"{name}\n" + text.partition("\n")[2].replace("P-200", n),
            product=n,
        )
    talk = new_conversation()
    first = Question("How do I replace the seal of the P-200?", conversation=talk)
    assert ask_once(assistant, first, "ana").outcome == "answered"
    other = ask_once(assistant, Question("and on the other one?", conversation=talk), "ana")
    assert other.outcome != "answered"


def test_a_first_question_may_be_about_a_button_or_the_settings(assistant: Assistant) -> None:
    text = "# Otter\n\n## The button\n\nThe button switches the lamp on. Press the button again for less light.\n"
    put(assistant.catalog, "otter.md", text)
    assert ask_once(assistant, Question("What does the button do?")).outcome == "answered"
