"""Which sentences are quoted: windows, lists, specifications; always whole sentences of one section."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from chatbot.answers.extractive import SPARE, WHOLE
from chatbot.answers.key_sentence import key_sentence
from chatbot.answers.messages import GOES_ON
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.suggestions import as_question, suggestions
from chatbot.conversations.types import Answer, Question
from tests.support.manuals import ROOT, put

SPECIFICATIONS = """# Kiln K9 manual

## Specifications

The kiln weighs 240 kilograms. The kiln uses 9000 watts. The door has part number KD-40. The lamp has part number KL-12.

## Firing

Firing takes a night. {filler} The kiln must be cold before you open the door. Then take the pots out one by one.
"""
FILLER = " ".join(
    f"Watch cone number {i} through the spy hole of the kiln from time to time." for i in range(30)
)


def ask(
    assistant: Assistant, question: str, text: str = SPECIFICATIONS.format(filler=FILLER)
) -> Answer:
    put(assistant.catalog, "kiln.md", text)
    return ask_once(assistant, Question(question))


def test_a_specification_is_answered_by_its_sentence_alone(assistant: Assistant) -> None:
    assert (
        ask(assistant, "What is the part number of the lamp of the K9?").text
        == "The lamp has part number KL-12. [1]"
    )


def test_a_long_section_is_cut_to_its_best_window(assistant: Assistant) -> None:
    answer = ask(assistant, "When must I open the door, cold or hot?")
    assert "The kiln must be cold before you open the door." in answer.text
    assert sum(len(sentence.text.split()) for sentence in answer.sentences) <= WHOLE
    assert {citation.section for citation in answer.citations} == {("Firing",)}


def test_of_a_table_only_the_row_that_answers_is_quoted(assistant: Assistant) -> None:
    rows = "\n".join(
        f"| {name} | {value} |"
        for name, value in {
            "Hotkey": "Action",
            "Ctrl+A": "Select all",
            "Ctrl+B": "Add symbol to schematic",
            "Ctrl+C": "Add text",
        }.items()
    )
    table = rows.replace("| Action |", "| Action |\n| --- | --- |")
    answer = ask(
        assistant,
        "How do I add a symbol to the schematic?",
        f"# Editor manual\n\n## Hotkeys\n\n{table}\n",
    )
    assert [sentence.text for sentence in answer.sentences] == ["Ctrl+B | Add symbol to schematic"]


def test_a_list_too_long_to_quote_does_not_push_out_the_item_that_answers(
    assistant: Assistant,
) -> None:
    items = "\n".join(
        f"- folder{i} holds what is needed for machines of kind number {i}" for i in range(30)
    )
    text = f"# Launcher manual\n\n## Folders\n\nThe launcher shows:\n\n{items}\n- latency holds the latency test for the computer\n"
    answer = ask(assistant, "Which folder holds the latency test for the computer?", text)
    assert "the latency test" in answer.text
    shown = [sentence.text for sentence in answer.sentences if not sentence.folded]
    assert len(" ".join(shown).split()) <= SPARE * WHOLE
    assert len(answer.sentences) == 32, "the whole list with its lead is there to open"


def test_a_long_procedure_is_shown_from_its_first_step_on_and_none_is_lost(
    assistant: Assistant,
) -> None:
    steps = "\n".join(
        f"{n}. Turn screw {n} of the lower plate by a quarter, then wait for a moment."
        for n in range(1, 41)
    )
    text = f"# Press manual\n\n## Level the plate\n\nTo level the plate:\n\n{steps}\n"
    answer = ask(assistant, "How do I level the plate of the press?", text)
    folded = [sentence.folded for sentence in answer.sentences]
    assert not folded[0] and folded == sorted(folded), "only the end is folded"
    numbers = [int(one.text.split(".")[0]) for one in answer.sentences if one.item]
    assert numbers == list(range(1, 41))
    assert "Turn screw 1 " in answer.text and "Turn screw 40 " not in answer.text
    page = assistant.catalog.page(answer.citations[-1].version_id, 1).text
    assert page[answer.citations[-1].start : answer.citations[-1].end].startswith(
        "40. Turn screw 40"
    )


KETTLE = """# Kettle manual

## Use

Fill the kettle at the tap, not at the hose of the garden, for the water of a hose tastes of what the hose is made of. Put it back on its base. It holds 1.7 litres of water up to the mark. Close the lid.
The lamp is on while it heats. Water takes about 4 minutes to boil.
"""


@pytest.mark.parametrize(
    ("question", "key"),
    [
        (
            "How many litres of water does the kettle hold?",
            "It holds 1.7 litres of water up to the mark.",
        ),
        ("How long does the water take to boil?", "Water takes about 4 minutes to boil."),
        ("How do I use the kettle?", None),
    ],
)
def test_the_figure_that_is_asked_for_stands_out(
    assistant: Assistant, question: str, key: str | None
) -> None:
    answer = ask(assistant, question, KETTLE)
    assert [one.text for one in answer.sentences if one.key] == ([key] if key else [])
    assert len(answer.sentences) > 3


def test_bullets_are_not_quoted(assistant: Assistant) -> None:
    text = "# Pot manual\n\n## Colours of the glaze\n\nThe glaze has these colours:\n\n- red, from iron\n- blue, from cobalt\n- green, from copper\n"
    answer = ask(assistant, "Which colours has the glaze?", text)
    assert [sentence.text for sentence in answer.sentences if sentence.item] == [
        "red, from iron",
        "blue, from cobalt",
        "green, from copper",
    ]
    page = assistant.catalog.page(answer.citations[1].version_id, 1)
    assert page.text[answer.citations[1].start : answer.citations[1].end] == "red, from iron"


LAUNCHER = """LAUNCHER MANUAL

FOLDERS

The machines folder is made for whole machines like:

- boss
- sherline
- tormach

A whole machine may be needed.
The programs folder holds programs that run alone:

- info, a file about the computer
- halrun, a terminal
- latency, for the latency test
- pyvcp, an example

"""
SEAL = """PUMP MANUAL

SEALS

{lead}

{a} Switch the pump off and wait.
{b} Take out the four screws.
{c} Fit the new seal:
- black for water
- red for oil
{d} Tighten everything again.

"""


def quoted(assistant: Assistant, question: str, text: str) -> list[str]:
    put(assistant.catalog, "listed.txt", text)
    return [sentence.text for sentence in ask_once(assistant, Question(question)).sentences]


def test_of_bullets_only_those_that_answer_are_quoted_with_their_lead_in(
    assistant: Assistant,
) -> None:
    found = quoted(assistant, "What is for the latency test?", LAUNCHER)
    assert found == [
        "The programs folder holds programs that run alone:",
        "latency, for the latency test",
    ]


def test_bullets_after_the_one_that_answers_are_trimmed_too(assistant: Assistant) -> None:
    text = "OVEN MANUAL\n\nCARE\n\nUse these cleaners:\n\n* vinegar for the glass door\n* soap and water\n* oil on the hinges\n"
    assert quoted(assistant, "What is for the glass door?", text) == [
        "Use these cleaners:",
        "vinegar for the glass door",
    ]


def test_a_list_all_of_which_answers_stays_whole(assistant: Assistant) -> None:
    whole = [
        "The programs folder holds programs that run alone:",
        "info, a file about the computer",
        "halrun, a terminal",
    ]
    found = quoted(assistant, "Which programs are in the programs folder?", LAUNCHER)
    assert found[-5:] == [*whole, "latency, for the latency test", "pyvcp, an example"]


def test_what_is_nested_in_a_bullet_stays_with_it(assistant: Assistant) -> None:
    text = "PAN MANUAL\n\nCOATS\n\nThe pans have coats:\n\n- enamel chips\n* heals by itself never\n- iron rusts\n* needs oil\n- copper\n"
    found = quoted(assistant, "Which iron rusts?", text)
    assert found == ["The pans have coats:", "iron rusts", "needs oil"]


def test_numbered_steps_stay_together_with_their_bullets(assistant: Assistant) -> None:
    text = SEAL.format(lead="Seals wear out:", a="1.", b="2.", c="3.", d="4.")
    found = quoted(assistant, "Which seal do I fit for oil?", text)
    assert [line.split(" ", 1)[1] if line[0].isdigit() else line for line in found if line != "Seals wear out:"] == [
        "Switch the pump off and wait.", "Take out the four screws.", "Fit the new seal:", "black for water", "red for oil",
        "Tighten everything again.",
    ]  # fmt: skip


def test_a_procedure_with_bullets_is_not_taken_apart(assistant: Assistant) -> None:
    text = SEAL.format(lead="To renew it:", a="*", b="*", c="*", d="*")
    found = quoted(assistant, "Which seal do I fit for oil?", text)
    assert "Switch the pump off and wait." in found and "Tighten everything again." in found


def test_numbered_items_are_steps_and_stay_together_with_their_numbers(
    assistant: Assistant,
) -> None:
    put(
        assistant.catalog,
        "seal.md",
        "# Pump manual\n\n## Seals\n\n1. Switch the pump off.\n2. Take out the screws.\n3. Fit the seal for oil.\n",
    )
    found = ask_once(assistant, Question("Which seal do I fit for oil?"))
    assert [sentence.text for sentence in found.sentences] == [
        "1. Switch the pump off.",
        "2. Take out the screws.",
        "3. Fit the seal for oil.",
    ]


def test_the_sample_manuals_are_what_their_source_makes(tmp_path: Path) -> None:
    sys.path.insert(0, str(ROOT / "tests" / "samples"))
    import make

    assert (make.SAMPLES / "aurora-x100.md").read_text(encoding="utf-8") == make.manual_text("X100")
    values = json.loads((make.HERE / "x200.json").read_text(encoding="utf-8"))
    assert sum(map(len, values["codes"].values())) == 50
    text = make.manual_text("X200")
    made = make.Manual(tmp_path / "x.pdf", text.split("\n")[0].lstrip("# "))
    made.build(make.flowables(text))
    assert (tmp_path / "x.pdf").read_bytes() == (make.SAMPLES / "aurora-x200.pdf").read_bytes()


def test_the_sample_manuals_answer(assistant: Assistant) -> None:
    for job in assistant.catalog.add_samples():
        assert assistant.catalog.run(job.id).state == "done"
    asked = {
        "What does error E04 mean on the X200?": "cutter is jammed",
        "How do I reset the X100?": "Hold Cancel for 15 seconds.",
        "How many watts does the X100 use?": "The printer uses 45 watts.",
    }
    for question, expected in asked.items():
        assert expected in ask_once(assistant, Question(question)).text, question
    # Two sections are about it, and nothing says which is meant: the agent chooses.
    offer = ask_once(assistant, Question("How often must the print head of the X200 be cleaned?"))
    assert any("every 14 days" in found.passage.text for found in offer.evidence)
    assert (
        ask_once(assistant, Question("What is the weight of the printer?")).outcome
        == "which product"
    )
    assert len(suggestions(assistant.catalog, assistant.search, assistant.settings.min_match)) == 3
    pages = {manual.kind: manual.pages for manual in assistant.catalog.manuals()}
    assert 8 <= pages["pdf"] <= 15


def test_what_ends_every_section_is_not_quoted(assistant: Assistant) -> None:
    ending = "Was this page of use? VOTE HERE NOW"
    parts = [
        f"## Part {i}\n\nThe gauge {i} shows {i} bar. Tap Save {i}. {ending}\n" for i in range(12)
    ]
    text = "# Boiler B7 manual\n\n" + "\n".join(parts)
    answer = ask(assistant, "What does gauge 7 of the B7 show?", text)
    assert "The gauge 7 shows 7 bar." in answer.text
    assert "VOTE" not in answer.text
    assert "of use" not in answer.text


def test_a_step_that_ends_a_few_sections_is_quoted(assistant: Assistant) -> None:
    parts = [
        f"## Part {i}\n\nTurn dial {i} to the left. {'Tap Save.' if i < 4 else f'Wait {i} seconds.'}\n"
        for i in range(12)
    ]
    answer = ask(assistant, "How do I turn dial 3?", "# Boiler B7 manual\n\n" + "\n".join(parts))
    assert "Tap Save." in answer.text


def test_a_topic_is_not_suggested_as_a_command() -> None:
    assert as_question("Install Problems", "") == ""
    assert as_question("Print options", "") == ""
    assert as_question("Install the app", "") == "How do I install the app?"


CODES = """# Label printer

## Errors

Error E03 means that the head is hot, so wait. Error E04 means that the cutter is jammed. Remove the paper strip. Error E05
means that the ribbon is torn, so replace it.

## Parts

| Part | Name | Price |
| --- | --- | --- |
| SP-101 | Head | 80 euros |
| SP-102 | Ribbon | 9 euros |
| SP-103 | Cutter | 31 euros |
"""


@pytest.mark.parametrize(
    ("question", "held", "others"),
    [
        ("Error E04, what should the customer do?", ["Remove the paper strip."], ["E03", "E05"]),
        ("What do E-04 and E05 mean?", ["cutter is jammed", "ribbon is torn"], ["E03"]),
        ("How much does the SP-103 cost?", ["31 euros"], ["80 euros", "9 euros"]),
    ],
)
def test_of_a_list_of_codes_only_those_asked_about_are_quoted(
    assistant: Assistant, question: str, held: list[str], others: list[str]
) -> None:
    put(assistant.catalog, "printer.md", CODES)
    text = ask_once(assistant, Question(question)).text
    assert [one for one in held if one not in text] == []
    assert [one for one in others if one in text] == []


def test_the_code_that_is_asked_about_is_in_what_is_quoted_of_a_long_section(
    assistant: Assistant,
) -> None:
    filler = " ".join(
        f"Step time and step space of a drive are the times of its step, and matter for machine {n}."
        for n in range(30)
    )
    rows = "\n\n".join(f"Ridge {n}v {n}00 2000 200 Falling" for n in range(201, 220))
    text = f"# Drives manual\n\n## Step time and step space\n\n{filler}\n\n{rows}\n"
    answer = ask(assistant, "What are step time and step space for the Ridge 217v drive?", text)
    assert "217v 21700 2000" in answer.text
    assert len(answer.text.split()) < 300


SCREEN = """# Screen manual

## Size of the screen

{lead} The screen is described in Table 4. Its size is that of the frame. Nobody knows the size of the frame.
"""


@pytest.mark.parametrize(
    "lead", ["See page 12.", "The size (see 3.2) is UTF-8.", "www.size.example/7 is the page."]
)
def test_a_number_that_is_no_figure_does_not_stand_out(assistant: Assistant, lead: str) -> None:
    answer = ask(assistant, "How large is the size of the screen?", SCREEN.format(lead=lead))
    assert answer.outcome == "answered" and not any(one.key for one in answer.sentences)


SIGNALS = """# Radio manual

## Bands

| Band | Frequency (MHz) | Use |
| --- | --- | --- |
| Long | 0.2 | speech |
| Medium | 1 | speech |
| Short | 12 | far stations |
| Ultra | 100 | music |
"""


def test_the_row_that_is_meant_stands_out_and_heads_are_no_sentence(assistant: Assistant) -> None:
    answer = ask(assistant, "What is the frequency and the use of the short band?", SIGNALS)
    rows = [one.text for one in answer.sentences]
    assert "Band: Short | Frequency (MHz): 12 | Use: far stations" in rows
    assert not any(row.startswith("Band | Frequency") for row in rows)
    whole = ask(
        assistant, "Which bands, frequencies and uses do short, medium and long have?", SIGNALS
    )
    assert not any(one.key for one in whole.sentences), "where several rows answer, none stands out"


def test_of_several_rows_the_one_with_the_questions_words_stands_out() -> None:
    @dataclass(frozen=True)
    class Row:
        text: str
        shared: frozenset[str]
        row: bool = True
        code: bool = False

    shared = {"short", "band"}
    lines = [
        Row("Band: Long", frozenset({"band"})),
        Row("Band: Short", frozenset(shared)),
        Row("Band: Ultra", frozenset({"band"})),
    ]
    weight = dict.fromkeys(shared, 1.0)
    assert key_sentence("What is the short band?", lines, [0, 1, 2], weight, [0.0] * 3) == 1
    assert key_sentence("What is the short band?", lines, [0, 2], weight, [0.0] * 3) is None
    commands = [replace(line, code=True) for line in lines]
    assert key_sentence("What is the short band?", commands, [0, 1, 2], weight, [0.0] * 3) is None


def sections(sentences: int) -> str:
    rest = " ".join(f"Sentence {n} tells more of how the press is kept." for n in range(sentences))
    return (
        "# Press manual\n\n## Oil the spindle\n\nUse grease of class 2.\n\n"
        f"Let it soak in.\n\n{rest}\n\n## Store it\n\nKeep it dry.\n"
    )


def test_the_rest_of_a_section_opens_in_place_to_its_end(assistant: Assistant) -> None:
    answer = ask(assistant, "How do I oil the spindle of the press?", sections(50))
    folded = [sentence.folded for sentence in answer.sentences]
    assert any(folded) and not folded[0] and folded == sorted(folded)
    assert answer.sentences[-1].text == "Sentence 49 tells more of how the press is kept."
    assert "Sentence 49 " not in answer.text
    assert GOES_ON not in answer.notices, "all of it is there"


def test_a_section_too_long_to_open_in_place_is_said_to_go_on(assistant: Assistant) -> None:
    answer = ask(assistant, "How do I oil the spindle of the press?", sections(150))
    assert answer.sentences[-1].text != "Sentence 149 tells more of how the press is kept."
    assert answer.notices == (GOES_ON,)


def test_paragraphs_of_the_manual_are_paragraphs_of_the_answer(assistant: Assistant) -> None:
    answer = ask(assistant, "How do I oil the spindle of the press?", sections(3))
    assert [sentence.paragraph for sentence in answer.sentences[:4]] == [False, True, True, False]
    assert "class 2. [1]\nLet it soak in. [2]\nSentence 0 " in answer.text


PRICES = """# Heron price list

## Spare parts

| Part | Order number | Price |
| --- | --- | --- |
| Oar | 77-104 | 39 EUR |
| Rowlock | 77-110 | 12 EUR |
| Bailer | 77-121 | 6 EUR |
"""


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What is the price?", ["Oar", "Rowlock", "Bailer"]),
        ("Tell me the order number.", ["Oar", "Rowlock", "Bailer"]),
        ("What is the price of the rowlock?", ["Rowlock"]),
        ("Which part has the order number 77-121?", ["Bailer"]),
    ],
)
def test_of_rows_that_answer_alike_none_is_taken_in_silence(
    assistant: Assistant, question: str, parts: list[str]
) -> None:
    answer = ask(assistant, question, PRICES)
    assert [sentence.text.split(" | ")[0] for sentence in answer.sentences] == [
        f"Part: {part}" for part in parts
    ]


def test_many_rows_that_answer_alike_are_there_to_open(assistant: Assistant) -> None:
    rows = "".join(
        f"| Rope no. {i} | {i} m | made to order by our own workshop |\n" for i in range(60)
    )
    text = f"# Ropes\n\n## Lengths\n\n| Rope | Length | Note |\n| --- | --- | --- |\n{rows}"
    answer = ask(assistant, "What is the length?", text)
    assert len(answer.sentences) == 60
    shown = [sentence.text for sentence in answer.sentences if not sentence.folded]
    assert 0 < len(" ".join(shown).split()) <= SPARE * WHOLE


def test_the_head_of_a_table_is_no_answer_without_its_rows(assistant: Assistant) -> None:
    table = "| Model | Price |\n| --- | --- |\n| H1 | 1199 |\n| H2 | 1499 |\n"
    answer = ask(assistant, "What is the price?", f"# Heron list\n\n## Boats\n\n{table}")
    said = " ".join(sentence.text for sentence in answer.sentences)
    assert "1199" in said and "1499" in said


def test_the_sentence_with_the_code_that_is_asked_about_is_the_key(assistant: Assistant) -> None:
    text = """# Heron W2 watch manual

## Unpack it

Take the watch out of its box. Remove the foil. Keep the box for shipping. The watch is rated IP68 against dust and water.
Charge the watch before you wear it.
"""
    put(assistant.catalog, "watch.md", text)
    answer = ask_once(assistant, Question("What does IP68 stand for?"))
    assert [one.text for one in answer.sentences if one.key] == [
        "The watch is rated IP68 against dust and water."
    ]


STICK = """# Orion OS manual

## Quiet the shell

A beep can be annoying. The following keeps the shell quiet from the next start on.

```
echo "set bell-style none" >> ~/.inputrc
```

## Write the image to a stick

{filler}

Write the image to a stick with a Mac:

1. Open a terminal and list the disks.

```
diskutil list
```

2. Take the name of the stick from the list.
3. Unmount the stick; put its number in the place of N.

```
diskutil unmountDisk /dev/diskN
```

4. Write the image with the name of your stick. Nothing of the stick is left afterwards.

```
sudo dd if=orion.iso of=/dev/diskN
```
"""


def test_a_command_stays_with_the_sentence_that_it_stands_below(assistant: Assistant) -> None:
    answer = ask(assistant, "How do I stop the shell's beep?", STICK.format(filler=""))
    assert "bell-style none" in answer.text and "from the next start on" in answer.text


def test_steps_with_commands_between_them_are_one_procedure(assistant: Assistant) -> None:
    """It ended after the second step, without a word, on a stick that was still mounted."""
    text = STICK.format(filler=FILLER.replace("of the kiln ", ""))
    answer = ask(assistant, "How do I write the image to a stick with my Mac?", text)
    said = [sentence.text for sentence in answer.sentences]
    steps = (
        "diskutil list",
        "diskutil unmountDisk /dev/diskN",
        "sudo dd if=orion.iso of=/dev/diskN",
    )
    places = [said.index(step) for step in steps]
    assert places == sorted(places)  # what is folded opens in place
    assert not any(
        sentence.key for sentence in answer.sentences
    )  # no command of several is the answer


def test_what_an_offered_passage_shows_is_in_the_answer_from_it(assistant: Assistant) -> None:
    rows = "\n".join(
        f"| pack -{chr(97 + i)} | show all the things that lie in store {i} of the house |"
        for i in range(26)
    )
    text = (
        "# Pack tool\n\n## Package files\n\nThe check tool finds out which package a file belongs to and whether it is whole."
        f"\n\n| command | action |\n| --- | --- |\n{rows}\n"
    )
    put(assistant.catalog, "pack.md", text)
    (manual,) = assistant.catalog.manuals()
    *_, last = assistant.catalog.passages_of(manual.version_id)
    assert "check tool" not in last.text
    question = "Which package does a file belong to?"
    assert "pack -z" not in ask_once(assistant, Question(question)).text
    assert "pack -z" in ask_once(assistant, Question(question, passage=last.id)).text


def test_what_is_quoted_of_a_long_section_begins_with_a_paragraph(assistant: Assistant) -> None:
    tale = "The hall was built by the lake. It took some years. Those who came were glad. " * 3
    more = "The roof is made of tin. This keeps the snow off. It was painted twice. These coats last long. "
    told = f"{tale}\n\n{tale}\n\n{more * 5}\n\n{more * 5}\n\nTo drain the boiler, open the brass cock below the tank.\n\n{more}"
    answer = ask(assistant, "How do I drain the boiler?", f"# Hall manual\n\n## Upkeep\n\n{told}\n")
    assert "brass cock" in answer.text
    first = next(one for one in answer.sentences if not one.heading and not one.folded)
    assert first.text.startswith(("The hall", "The roof", "To drain")), first.text


@pytest.mark.parametrize(
    ("question", "key"),
    [
        ("Is the Heron lamp water resistant?", "This lamp is not water or dust resistant."),
        ("Can the Heron lamp hurt pacemakers?", ""),  # several say something of it
    ],
)
def test_the_sentence_that_says_yes_or_no_is_the_key(
    assistant: Assistant, question: str, key: str
) -> None:
    text = (
        "# Heron lamp\n\n## Take care of the lamp\n\nThe lamp contains magnets. Keep it away from cards. Keep it away from"
        " pacemakers. Pacemakers may be affected.\n\nThis lamp is not water or dust resistant. Follow these tips. Do not"
        " press its screen hard.\n"
    )
    put(assistant.catalog, "heron.md", text, product="Heron lamp")
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "answered"
    assert [one.text for one in answer.sentences if one.key] == ([key] if key else [])


TIMES = """# Heron O5 oven

## Cooking times

Use these times for a start.

Table 1: Bread

| Food | Time | Temperature |
| --- | --- | --- |
| Rye bread | 50 min | 230 °C |
| Rolls | 15 min | 220 °C |

Table 2: Meat

| Food | Time | Core |
| --- | --- | --- |
| Beef | 90 min | 58 °C |
| Pork | 120 min | 68 °C |

## Cleaning

Wipe the oven with a damp cloth.
"""


def test_a_short_section_of_tables_is_whole_where_no_row_is_named(assistant: Assistant) -> None:
    """It ended with "Table 2: Meat", without its rows, and nothing said so."""
    answer = ask(assistant, "What are the cooking times of the oven?", TIMES)
    assert [food in answer.text for food in ("Rye bread", "Rolls", "Beef", "Pork")] == [True] * 4
    assert "Use these times for a start." in answer.text


def test_a_tables_caption_is_not_the_end_of_what_is_quoted(assistant: Assistant) -> None:
    many = "".join(f"| Meal {n} with its long name | {n} min | {n + 100} °C |\n" for n in range(40))
    text = TIMES.replace("| Beef | 90 min | 58 °C |\n", f"| Beef | 90 min | 58 °C |\n{many}")
    answer = ask(assistant, "What are the cooking times of the oven for a start?", text)
    shown = [sentence.text for sentence in answer.sentences if not sentence.folded]
    assert not shown[-1].startswith("Table")
