"""Which rows of a table answer, where several share the question's words."""

from __future__ import annotations

from chatbot.answers.list_items import fewest_rows, tied_rows
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from tests.support.manuals import put

LONG = "If checked, each footprint in the board is linked again to the symbol that has the same reference as the footprint has, and otherwise footprints and symbols are linked by their own identifier as is usual, which cannot be changed by anybody. "  # fmt: skip
OPTIONS = f"""# Board editor

## Update the board

### Options

The tool has several options to control what it does.

| Option | Description |
|---|---|
| Link footprints to symbols again by their references | {LONG}{LONG} |
| Delete footprints with no symbols | If checked, any footprint in the board without a symbol in the drawing is deleted from the board. |
| Replace footprints with those of the drawing | If checked, footprints are replaced with the one that is named in the symbol. |
"""


def test_of_rows_with_the_same_words_the_one_that_is_meant_answers(assistant: Assistant) -> None:
    """The first of them was quoted, and the one that was meant was missing without a word."""
    put(assistant.catalog, "board.md", OPTIONS, product="Board editor")
    answer = ask_once(assistant, Question("Can it delete footprints that have no symbol any more?"))
    assert answer.outcome == "answered"
    assert [part.text.partition(" | ")[0] for part in answer.sentences] == ["Delete footprints with no symbols"]  # fmt: skip
    assert all(part.row for part in answer.sentences)


class _Row:
    def __init__(self, text: str, *shared: str, code: bool = False) -> None:
        self.text, self.shared = text, frozenset(shared)
        self.row, self.code, self.mark, self.listed, self.size = True, code, "", False, 3


def test_rows_about_as_near_answer_together_and_lines_of_a_listing_stay() -> None:
    rows = [_Row("K7 | 199", "price"), _Row("K9 | 249", "price"), _Row("K9 seal | 3", "price")]
    assert tied_rows(rows, [0], [1.0, 0.98, 0.7]) == [0, 1]
    assert fewest_rows(rows, 0, 3, [0.5, 0.98, 0.7]) == (1, 2)
    assert fewest_rows(rows, 0, 3, [0.7, 0.72, 0.7]) != (1, 2), "none is nearer by far"
    listing = [_Row("# every day", "day", code=True), _Row("5 0 * * *", "day", code=True)]
    assert fewest_rows(listing, 0, 2, [0.9, 0.1]) == (1, 2), "a listing is left as before"


def test_the_head_of_a_table_says_what_its_rows_tell(assistant: Assistant) -> None:
    """Of "torque of M6x20" no row says "torque", so that sections were offered."""
    text = "# Frame\n\n## Screws\n\n| Screw | Torque |\n|---|---|\n| M6x20 | 9 Nm |\n| M8x25 | 25 Nm |\n"
    put(assistant.catalog, "frame.md", text)
    for question in ("torque of M6x20", "torque of M6 x 20"):
        assert "M6x20 | 9 Nm" in ask_once(assistant, Question(question)).text
    assert ask_once(assistant, Question("price of M6x20")).outcome != "answered"
