"""What a sentence that ends in a colon announces is quoted with it, over a page break and below a heading of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Answer, Question
from tests.support.manuals import put

LEAD = "Each pattern is written as pairs of lines like this:"
FILLER = [
    f"The loom keeps thread number {i} under tension while the shuttle passes it."
    for i in range(20)
]
PAIRS = ["LIFT 1 3 5 7", "PASS red", "LIFT 2 4 6 8", "PASS blue"]
AFTER = "Save the file under a name of at most eight letters."


def two_pages(path: Path, second: list[tuple[str, str]]) -> bytes:
    """A PDF whose first page ends in the lead-in, with a number at the foot of each page."""
    from reportlab.pdfgen.canvas import Canvas

    text = [("Helvetica", line) for line in [*FILLER, "A pattern file lifts the threads.", LEAD]]
    first = [("Helvetica-Bold", "Loom L3 manual"), ("Helvetica-Bold", "Pattern files"), *text]
    last = [("Helvetica-Bold", "Cleaning"), ("Helvetica", "Clean the reed with a soft brush.")]
    canvas = Canvas(str(path))
    for number, lines in enumerate((first, [*second, *last]), 1):
        y = 780
        for font, line in lines:
            size = 16 if font == "Helvetica-Bold" else 11
            canvas.setFont(font, size)
            canvas.drawString(72, y, line)
            y -= round(1.6 * size)
        canvas.drawCentredString(297, 40, str(number))
        canvas.showPage()
    canvas.save()
    return path.read_bytes()


def markdown(thing: str) -> str:
    before, after = " ".join(FILLER), " ".join([AFTER, *FILLER, *FILLER])
    return (
        f"# Loom L3 manual\n\n## Pattern files\n\n{before}\n\nA pattern file lifts the threads. {LEAD}\n\n{thing}\n\n{after}\n\n"
        "## Cleaning\n\nClean the reed with a soft brush.\n"
    )


def asked(assistant: Assistant, name: str, content: str | bytes) -> Answer:
    put(assistant.catalog, name, content)
    return ask_once(assistant, Question("How is a pattern written in a pattern file?"))


def told(answer: Answer) -> list[str]:
    """The sentences from the lead-in on that are seen at once."""
    shown = [sentence.text for sentence in answer.sentences if not sentence.folded]
    return shown[shown.index(LEAD) + 1 :]


@pytest.mark.parametrize(
    ("second", "announced"),
    [
        ([("Courier", line) for line in PAIRS], PAIRS),
        ([("Helvetica", "1. Write the threads."), ("Helvetica", "2. Write the colour.")],
         ["1. Write the threads.", "2. Write the colour."]),
        ([("Helvetica", "First the threads that are lifted, then the colour.")],
         ["First the threads that are lifted, then the colour."]),
    ],
    ids=["listing", "list", "sentence"],
)  # fmt: skip
def test_what_a_page_announces_is_quoted_from_the_next(
    assistant: Assistant, tmp_path: Path, second: list[tuple[str, str]], announced: list[str]
) -> None:
    rest = [("Helvetica", ""), ("Helvetica", AFTER), *[("Helvetica", line) for line in FILLER]]
    answer = asked(assistant, "loom.pdf", two_pages(tmp_path / "loom.pdf", [*second, *rest]))
    assert told(answer)[: len(announced)] == announced, "no page number stands between them"
    pages = {
        sentence.text: citation.page
        for sentence in answer.sentences
        for citation in answer.citations
        if citation.n in sentence.n
    }
    assert pages[LEAD] == 1 and {pages[text] for text in announced} == {2}, "each with its own page"


@pytest.mark.parametrize(
    ("thing", "announced"),
    [
        ("```\n" + "\n".join(PAIRS) + "\n```", PAIRS),
        ("| Line | Holds |\n| --- | --- |\n| LIFT | threads |\n| PASS | colour |",
         ["Line | Holds", "LIFT | threads", "PASS | colour"]),
        ("1. Write the threads.\n2. Write the colour.", ["1. Write the threads.", "2. Write the colour."]),
        ("### An example\n\nLIFT 1 3 5 7, then PASS red.", ["LIFT 1 3 5 7, then PASS red."]),
    ],
    ids=["listing", "table", "list", "section of its own"],
)  # fmt: skip
def test_what_a_passage_announces_is_quoted_from_the_next(
    assistant: Assistant, thing: str, announced: list[str]
) -> None:
    answer = asked(assistant, "loom.md", markdown(thing))
    assert told(answer)[: len(announced)] == announced


def test_a_long_listing_is_not_quoted_whole(assistant: Assistant) -> None:
    """Of a hundred rows as many are seen as fit; and nothing is taken from a chapter that no sentence announces."""
    rows = "\n".join(f"LIFT {n} {n + 1} {n + 2}" for n in range(100))
    answer = asked(assistant, "loom.md", markdown(f"```\n{rows}\n```"))
    lifts = [text for text in told(answer) if text.startswith("LIFT")]
    assert lifts[0] == "LIFT 0 1 2" and len(lifts) == 30
    no_thing = markdown("").replace(AFTER, "").replace(" ".join([*FILLER, *FILLER]), "")
    assert told(asked(assistant, "loom.md", no_thing)) == []
