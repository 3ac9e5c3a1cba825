"""Codes in questions: which they are, how they are written, and that no section with another one answers."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.search.wording.codes import as_written, codes_in, holds, unwritten
from tests.support.manuals import FAN, PUMP, put

LATHE = """# Lathe L3

## Fault codes

| Code | Meaning | Cure |
| --- | --- | --- |
| F-02 | Belt loose | Tighten the belt |
| F-03 | Door open | Close the door |
| F-11 | Oil low | Fill up oil |
| 0x81234567 | Memory full | Delete a program |

## Bolts

| Bolt | Torque | Where |
| --- | --- | --- |
| M5 | 6 Nm | Cover |
| M6 | 10 Nm | Chuck |
| M8 | 25 Nm | Foot |

## Spare parts

| Part | Order number | Price |
| --- | --- | --- |
| Belt | 5522-04 | 12 EUR |
| Chuck key | LK-200-B | 99 EUR |

## Updates

Version 4.1.2 mends the display. Version 4.1.3 mends the clock.
"""


@pytest.fixture
def lathe(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "lathe.md", LATHE, product="Lathe L3")
    return assistant


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("What does error E-99 mean?", ["e99"]),
        ("M 6 torque", ["m6"]),
        ("order number 5522-09", ["552209"]),
        ("What is new in version 2.1.9?", ["219"]),
        ("error 42 on the screen", ["42"]),
        ("0x80070057", ["0x80070057"]),
        ("Does it run on 230V and 2.4GHz?", []),
        ("What can I do in 10 minutes?", []),
        ("How do I reset my 2 lamps? I 5 times tried", []),
        ("What does MIL-STD-810G mean?", ["milstd810g"]),
        ("Is it tested by DIN-EN-60529?", ["dinen60529"]),
        ("Does the plug-in-2 know Wi-Fi-6?", []),
    ],
)
def test_which_words_are_codes(question: str, codes: list[str]) -> None:
    assert [code.joined for code in codes_in(question)] == codes


@pytest.mark.parametrize(
    ("question", "outcome"),
    [
        ("What does MIL-STD-810G mean for the lathe?", "answered"),
        ("What does MIL-STD-461F mean for the lathe?", "unanswered"),
    ],
)
def test_a_standard_is_answered_by_its_own_name_only(
    lathe: Assistant, question: str, outcome: str
) -> None:
    drop = "## Transport\n\nThe lathe stands a fall of 1 m onto wood, as MIL-STD-810G describes it for cases."
    put(lathe.catalog, "lathe.md", f"{LATHE}\n{drop}\n", product="Lathe L3")
    assert ask_once(lathe, Question(question)).outcome == outcome


@pytest.mark.parametrize(
    ("question", "codes"),
    [
        ("Lathe 4.1.9: how do I oil it?", []),
        ("how do I oil the lathe 4.1.9", []),
        ("What is new in lathe 4.1.9?", ["4.1.9"]),
        ("how do I update the lathe 4.1.9", ["4.1.9"]),
        ("how do I oil it with 4.1.9", ["4.1.9"]),
    ],
)
def test_a_version_behind_a_products_name_is_a_code_where_it_is_asked_about(
    question: str, codes: list[str]
) -> None:
    assert [code.typed for code in codes_in(question, {"lathe", "l3"})] == codes


def test_a_product_is_no_code() -> None:
    assert codes_in("How do I reset the S10?", {"galaxy", "s10"}) == ()


def test_a_code_is_held_whole_however_it_is_joined() -> None:
    (code,) = codes_in("E-04")
    assert holds(" error e 04 means ", code) and holds(" e04 ", code)
    assert not holds(" e 045 ", code) and not holds(" e 4 ", code) and not holds(" the 04 ", code)


def test_a_code_of_which_only_the_parts_stand_somewhere_stays_as_typed() -> None:
    known = {"e", "04", "77", "m6"}
    stands = {("e", "04")}.__contains__
    assert as_written("E04 or E77?", known, (), stands) == "E-04 or E77?"
    assert unwritten("E04, E77 or M6?", known, (), stands) == ("E77",)
    assert (
        unwritten("E99, A7?", known, (), stands) == ()
    )  # "99" stands nowhere; one figure is everywhere
    assert unwritten("E77", known, ("e77",), stands) == ()
    asked: list[tuple[str, ...]] = []
    many = " ".join(f"E{n}" for n in range(10, 99))
    parts = {"e", *map(str, range(10, 99))}
    as_written(many, parts, (), lambda code: bool(asked.append(code)))
    assert 0 < len(asked) < 9, "each costs a search"


def test_a_code_is_asked_as_the_library_writes_it() -> None:
    known = {"m6", "e", "04", "0x81234567", "lk", "200", "b"}
    assert as_written("M 6 torque", known) == "M6 torque"
    assert as_written("What is E04?", known) == "What is E-04?"
    assert as_written("81234567", known) == "0x81234567"
    assert as_written("price of LK200B", known) == "price of LK-200-B"
    assert as_written("What is E-04?", known) == "What is E-04?"
    assert as_written("F99", known) == "F99"
    assert as_written("E04 or E045?", known) == "E-04 or E045?"
    assert as_written("Can it print A4?", {"a", "4"}) == "Can it print A4?"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("does it run on 230V?", "does it run on 230 V?"),
        ("2.4GHz", "2.4 GHz"),
        ("is 110V ok", "is 110V ok"),  # no manual has it
        ("a 12mm bolt", "a 12mm bolt"),  # one has it so
        ("v2.1.7", "2.1.7"),
        ("torque of M6 x 20?", "torque of M6x20?"),
        ("an M8 × 25 bolt", "an M8 × 25 bolt"),  # no manual has it
        ("a M6 x 200 bolt", "a M6 x 200 bolt"),
    ],
)
def test_a_figure_with_its_unit_is_asked_as_a_manual_writes_it(typed: str, written: str) -> None:
    known = {"230", "v", "2", "4", "ghz", "110", "12mm", "12", "mm", "1", "7", "m6x20"}
    stand = [("230", "v"), ("2", "4", "ghz"), ("12", "mm"), ("2", "1", "7")]
    assert as_written(typed, known, (), lambda parts: parts in stand) == written


def test_a_version_that_no_manual_has_is_not_answered_from_another(lathe: Assistant) -> None:
    """Though the section has the other code of the question."""
    asked = "Does version 4.1.9 mend memory error 0x81234567?"
    assert ask_once(lathe, Question(asked)).outcome != "answered"


LETTER = (
    "Dear team, last spring I bought a lathe and it worked well the whole summer long in our workshop. Since yesterday it stops"
    " after a few minutes and the display shows F-02. I have already pulled the plug and waited, but it comes back. {} Regards, Anna"
)


@pytest.mark.parametrize(
    "asked",
    [
        "Could you please tell me what I should do now, because my customers are waiting for chairs?",
        "What should I do now, as my plants need water?",
        "What does the message mean?",
    ],
)
def test_a_letters_code_is_what_it_is_about_whatever_the_reason(
    lathe: Assistant, asked: str
) -> None:
    assert "Tighten the belt" in ask_once(lathe, Question(LETTER.format(asked))).text


@pytest.mark.parametrize(("typed", "written"), [("552204C", "5522-04-C"), ("99", "99")])
def test_a_long_number_is_parted_as_it_stands_in_a_manual(typed: str, written: str) -> None:
    """In a large library every figure is a word of some manual."""
    known = {"55", "2204", "552", "204", "5522", "04", "c"}
    assert as_written(typed, known, (), lambda parts: parts[:2] == ("5522", "04")) == written
    assert as_written("552204C", known, (), lambda _: False) == "552204C"


@pytest.mark.parametrize(
    "question",
    [
        "What does fault F-99 mean?",
        "fault code F-12",
        "What does error code F-77 mean?",
        "cure for F-04",
        "What is the torque of the M7 bolt?",
        "M 7 torque",
        "price of part 5522-05",
        "order number 5522-99",
        "What is mended in version 4.1.9?",
    ],
)
def test_a_code_that_no_manual_has_is_refused(lathe: Assistant, question: str) -> None:
    assert ask_once(lathe, Question(question)).outcome == "unanswered"


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("What does fault F-11 mean?", "Oil low"),
        ("F11", "Oil low"),
        ("F 03", "Door open"),
        ("M 8 torque", "25 Nm"),
        ("torque of the M6 bolt", "10 Nm"),
        ("price of LK200B", "99 EUR"),
        ("error 81234567", "Memory full"),
        ("What is mended in version 4.1.3?", "clock"),
    ],
)
def test_a_code_that_a_manual_has_is_answered_with_its_row(
    lathe: Assistant, question: str, held: str
) -> None:
    answer = ask_once(lathe, Question(question))
    assert answer.outcome == "answered" and held in answer.text
    others = {"Oil low", "Door open", "25 Nm", "10 Nm", "99 EUR", "Memory full"} - {held}
    assert not any(other in answer.text for other in others)


@pytest.mark.parametrize(
    "question", ["This is about the Fan F-100.", "F-100", "the fan f 100?", "100"]
)
def test_a_name_with_a_number_alone_is_a_question_as_well(
    assistant: Assistant, question: str
) -> None:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    put(assistant.catalog, "fan.md", FAN, product="Fan F-100")
    assert ask_once(assistant, Question(question)).outcome != "failed"


@pytest.mark.parametrize("question", ["List all fault codes", "Which fault codes are there?"])
def test_a_table_that_is_asked_for_whole_is_quoted_whole(lathe: Assistant, question: str) -> None:
    text = ask_once(lathe, Question(question)).text
    assert all(code in text for code in ("F-02", "F-03", "F-11", "0x81234567"))


def test_a_word_that_only_a_manual_in_another_language_has_is_unknown(assistant: Assistant) -> None:
    mixer = "# Mixer M1\n\n## Reset\n\nTo reset the mixer, hold the power key for 4 seconds.\n\n## Cleaning\n\nClean the bowl of the mixer with warm water.\n"
    pumpe = "# Pumpe P2\n\n## Zurücksetzen\n\nZum Zurücksetzen der Pumpe halten Sie die Taste 9 Sekunden lang. Die Pumpe startet dann neu.\n\n## Fehler\n\n| Code | Bedeutung | Abhilfe |\n| --- | --- | --- |\n| E-12 | Unterspannung | Netz prüfen |\n| E-13 | Pumpe läuft trocken | Wasser einfüllen |\n"
    put(assistant.catalog, "mixer.md", mixer, product="Mixer M1")
    put(assistant.catalog, "pumpe.md", pumpe, product="Pumpe P2")
    answer = ask_once(assistant, Question("How do I reset the pump?"))
    assert answer.outcome != "answered", "the mixer is no pump"
    code = ask_once(assistant, Question("What does E-12 mean?"))
    places = [c.section for c in code.citations] or [e.passage.section for e in code.evidence]
    assert places[0] == ("Pumpe P2", "Fehler") or places[0][-1] == "Fehler"


def test_the_name_of_a_product_is_no_code_to_write_anew(library: Library) -> None:
    for name, card in (("A10e", "below the lid"), ("A20", "at the side")):
        text = f"# Galaxy {name} manual\n\n## Card\n\nThe card goes in {card}. Press A, then e, 10 times.\n"
        put(library, f"{name}.md", text, product=f"Galaxy {name}")
    found = Search(library, library.index).find("Where does the card of the Galaxy A10e go?")
    assert found.product == "Galaxy A10e" and "below the lid" in found.evidence[0].passage.text


@pytest.mark.parametrize(
    ("typed", "row"),
    [("552204", "Belt"), ("552209", "")],
)
def test_a_long_number_is_found_as_the_manual_parts_it(
    lathe: Assistant, typed: str, row: str
) -> None:
    answer = ask_once(lathe, Question(f"Which part is {typed}?"))
    assert (f"Part: {row} " in answer.text) if row else answer.outcome != "answered"


def test_a_number_that_can_be_parted_in_two_ways_is_left(lathe: Assistant) -> None:
    known = {"11", "2233", "1122", "33"}
    assert as_written("112233", known) == "112233"
    assert as_written("112233", known - {"1122"}) == "11-2233"


CHAPTERS = """# Lathe L3

## 1 Safety

Wear goggles.

## 2 Setting up

### 2.1 Place

Put the lathe on a firm floor.

### 2.2 Mains

Connect the lathe to 400 V.

## 22 Disposal

Ask the dealer.
"""


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("What does section 2.2 say?", "Connect the lathe to 400 V."),
        ("What is in chapter 1?", "Wear goggles."),
        ("What does section 22 say?", "Ask the dealer."),
    ],
)
def test_a_section_is_found_by_its_number(assistant: Assistant, question: str, said: str) -> None:
    put(assistant.catalog, "lathe.md", CHAPTERS)
    assert [s.text for s in ask_once(assistant, Question(question)).sentences] == [said]


def test_a_section_that_is_named_in_passing_is_not_the_answer(assistant: Assistant) -> None:
    put(
        assistant.catalog,
        "lathe.md",
        f"{CHAPTERS}\n## 3 Care\n\nOil the spindle of the lathe every week.\n",
    )
    question = "I followed section 2.2, but how often do I oil the spindle?"
    answer = ask_once(assistant, Question(question))
    assert "400 V" not in answer.text


def test_of_two_manuals_no_section_is_taken_by_its_number(assistant: Assistant) -> None:
    put(assistant.catalog, "lathe.md", CHAPTERS)
    put(assistant.catalog, "mill.md", CHAPTERS.replace("Lathe L3", "Mill").replace("400 V", "230 V"))  # fmt: skip
    answer = ask_once(assistant, Question("What does section 2.2 say?"))
    assert answer.outcome != "answered" or answer.products


MODELS = """# Kettle K40 manual

## Technical data

| Model | Power | Capacity |
| --- | --- | --- |
| K40 | 2200 W | 1.7 l |
| K40 Mini | 1100 W | 0.8 l |
| K40 Pro | 3000 W | 2.0 l |

## Cleaning

Clean the kettle with a soft cloth.
"""


@pytest.mark.parametrize(
    "question", ["Compare the power of K40 and K40 Pro", "Has the K40 Mini or the K40 more power?"]
)
def test_models_of_one_table_are_compared_with_all_its_rows(
    assistant: Assistant, question: str
) -> None:
    """One row alone would be taken for the better one."""
    put(assistant.catalog, "kettle.md", MODELS)
    told = ask_once(assistant, Question(question)).text
    assert all(power in told for power in ("2200 W", "1100 W", "3000 W"))


def test_two_rows_of_a_table_are_compared(lathe: Assistant) -> None:
    answer = ask_once(lathe, Question("What is the difference between F-02 and F-11?"))
    assert [sentence.text.split(" | ")[0] for sentence in answer.sentences] == [
        "Code: F-02",
        "Code: F-11",
    ]


SAW = """# Saw B9

## When the saw stops

Alarm A21 means that the blade is blunt, so change the blade. Alarm A22 means that the guard is open, so close the guard. If the lamp blinks after A22, call support.

## Messages

1. A41: The dust bag is full. Empty it.
2. A42: The laser is dirty. Wipe it.

## Keys

| No. | Key |
| --- | --- |
| 1 | Start |
| 2 | Stop |

After 10 boards let the motor rest.

## Change the blade

Unplug the saw. Loosen the nut and take the blade out.

## 4.2 Alarm A30

The motor was too hot. Let it cool down for ten minutes.
"""


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("The customer has F-11 since this morning and nothing turns. What's up?", "Oil low"),
        ("F-02 again. What is wrong and how do I fix it?", "Belt loose"),
        ("Tell me the reason for F-03, please.", "Door open"),
        ("A22 came up right after lunch. What do I tell her?", "guard is open"),
        ("We get A21 with thick boards. What to do?", "blade is blunt"),
        ("A30 when sawing all day, cause and remedy?", "too hot"),
        ("Her saw says A42 now, is that bad?", "laser is dirty"),
        ("A 42", "laser is dirty"),
        ("A 22?", "guard is open"),
    ],
)
def test_whoever_names_a_code_is_told_what_the_manual_says_of_it(
    lathe: Assistant, question: str, held: str
) -> None:
    put(lathe.catalog, "saw.md", SAW, product="Saw B9")
    answer = ask_once(lathe, Question(question))
    assert answer.outcome == "answered" and held in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "How do I turn the beep for F-11 off?",
        "What does the sensor for F-11 cost?",
        "How much does part LK-200-B weigh?",
        "What does an M8 bolt cost?",
        "How do I tell the insurance about A22?",
        "A22: where can I buy a new guard?",
        "Error 10 on the display, what now?",
        "Error 2, cause and remedy?",
    ],
)
def test_a_code_in_passing_does_not_make_an_answer(lathe: Assistant, question: str) -> None:
    put(lathe.catalog, "saw.md", SAW, product="Saw B9")
    assert ask_once(lathe, Question(question)).outcome != "answered"


def test_what_led_to_a_question_may_name_what_no_manual_has(lathe: Assistant) -> None:
    question = "The insurance form wants it. What is the order number of the belt?"
    answer = ask_once(lathe, Question(question))
    assert answer.outcome in ("answered", "choose")
    assert "5522-04" in answer.evidence[0].passage.text
