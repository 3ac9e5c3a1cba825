"""What can be asked of a passage without a model, and in which words."""

from __future__ import annotations

import pytest

from chatbot.curation.training_data.statements import Statement, statements
from chatbot.curation.training_data.wordings import known_forms, named, questions, short_name


def said(*sentences: str, rows: tuple[str, ...] = (), heading: str = "", alone: bool = True) -> list[Statement]:  # fmt: skip
    text = " ".join((*sentences, *rows))
    return statements(sentences, rows, text, heading, alone)


@pytest.mark.parametrize(
    ("sentence", "form", "question"),
    [
        ("Error E04 means that the cutter is jammed, so remove the strip.", "code", "What does error E04 mean?"),
        ("The print head weighs 85 grams.", "weight", "How heavy is the print head?"),
        ("The ribbon has a width of 110 millimetres.", "size", "What is the width of the ribbon?"),
        ("A new ribbon costs 19 euros.", "price", "How much is a new ribbon?"),
        ("The ribbon has part number RB-110.", "part", "What is the part number of the ribbon?"),
        ("A print head lasts about 800 hours.", "life", "How long does the print head last?"),
        ("The printer uses 90 watts.", "power", "How many watts does the printer use?"),
        ("The printer needs 24 volts.", "voltage", "How many volts does the printer need?"),
        ("The update takes about 6 minutes.", "duration", "How long does the update take?"),
        ("The printer works up to 40 degrees.", "heat", "Up to how many degrees does the printer work?"),
        ("The warranty of the print head is 6 months.", "measure", "What is the warranty of the print head?"),
        ("The largest pressure is 6 bar at 40 °C.", "extreme", "What is the largest pressure?"),
        ("The gap sensor is behind the cutter.", "place", "Where is the gap sensor?"),
        ("Tighten the screws of the cover to 12 Nm.", "torque", "How tight must the screws of the cover be?"),
        ("Clean the filter every 500 hours of operation.", "often", "How often should I clean the filter?"),
        ("To reset the printer, hold Feed for 10 seconds.", "task", "How do I reset the printer?"),
        ("Never run the pump dry.", "never", "May I run the pump dry?"),
        ("A red light means that the printer has an error.", "meaning", "What does a red light mean?"),
    ],
)  # fmt: skip
def test_a_sentence_is_asked_for_in_several_wordings(
    sentence: str, form: str, question: str
) -> None:
    (one,) = said(sentence)
    assert (one.form, one.answer) == (form, sentence)
    asked = questions(one, "", 5)
    assert asked[0] == question and len(set(asked)) == 5
    assert not any("{" in each or "  " in each for each in asked)


@pytest.mark.parametrize(
    "sentence",
    ["It weighs 85 grams.", "This means that the cutter is jammed.", "Do not bend it.", "Never do so then.", "See page 12.", "",
     "To create these pins, open the file."],
)  # fmt: skip
def test_what_leans_on_another_sentence_is_not_asked_for(sentence: str) -> None:
    assert said(sentence) == []


def test_rows_of_tables_with_their_heads_in_each_cell_or_above() -> None:
    inside = said(rows=("Light: red | Meaning: an error | What to do: call us",))
    above = said(rows=("Light | Meaning | What to do", "red | an error | call us", "odd | row"))
    assert inside == above
    assert [(one.form, one.answer) for one in inside] == [
        ("cell meaning", "Light red: an error."),
        ("cell action", "Light red: call us."),
    ]
    assert questions(inside[1], "", 1) == ["What should I do at light red?"]
    (value,) = said(rows=("Part | Torque", "E-7 | 12 Nm"))
    assert value.answer == "Part E-7: Torque 12 Nm."
    assert questions(value, "", 1) == ["What is the torque of E-7?"]
    assert said(rows=("Part: X | Torque: –",)) == []


def test_headings_ask_what_their_passage_answers() -> None:
    steps = "1. Close the valves. 2. Remove the screws."
    assert said(steps, heading="Replace the seal") == [Statement("task", "replace the seal", steps)]
    assert said("Use water.", heading="Clean the filter", alone=False) == []  # half of its section
    (task,) = said("Use water.", heading="Clean the filter")
    assert (task.form, task.answer) == ("task", "Use water.")
    (asked,) = said("A pump and a hose.", heading="What is in the box")
    assert questions(asked, "", 1) == ["What is in the box?"]
    (symptom,) = said("Open the valves.", heading="The pump does not start")
    assert questions(symptom, "", 2)[1] == "What can I do when the pump does not start?"
    assert said("Long " * 200, heading="The pump does not start") == []
    assert said("Short.", heading="Safety notes") == [] and said("A b.", heading="Safety") == []


def test_the_product_is_named_where_several_share_a_library() -> None:
    product = "Aurora X200 label printer"
    assert short_name(product) == "X200" and short_name("Kettle") == "Kettle"
    (head,) = said("The print head weighs 85 grams.")
    asked = questions(head, product, 5)
    assert (
        all("X200" in each for each in asked) and asked[0] == "X200: how heavy is the print head?"
    )
    (whole,) = said("The printer weighs 2400 grams.")
    assert questions(whole, product, 1) == ["How heavy is the X200?"]
    assert named("Is the X200 heavy?", product, 0) == "Is the X200 heavy?"
    (code,) = said("Error E04 means that the cutter is jammed.")
    assert "E04 comes up. What can I do?" in questions(code, "", 6)


def test_names_keep_their_capitals_in_a_question() -> None:
    (name,) = said(
        "Click on the Dash Home icon, then on the Update Manager.", heading="Ubuntu Precise"
    )
    assert questions(name, "", 1) == ["What does the manual say about Ubuntu Precise?"]
    (plain,) = said(
        "Click on the Dash Home icon, then on the Update Manager.", heading="Home icons"
    )
    assert questions(plain, "", 1) == ["What does the manual say about home icons?"]


def test_every_form_has_five_wordings_that_can_be_filled() -> None:
    for form in known_forms():
        asked = questions(Statement(form, "thing", "A.", "Part|Torque"), "", 5)
        assert len(set(asked)) == 5, form
        assert all(each[-1] in "?." and "{" not in each for each in asked), form
