"""Which of the quoted sentences answers by itself: the figure that is asked for, the row of a table that is meant.

Knows lines and what each has in common with the question; nothing of pages, windows or the library.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Protocol, TypeVar

from chatbot.answers.nearness import CLOSE
from chatbot.routing.question_kind import kind_of
from knowledge.search.ranking import asks_figure
from knowledge.search.wording.codes import codes_in, holds
from knowledge.search.wording.sections import asked_term, defines
from knowledge.text import words

# Sentences from which one may be the key; by how much it must stand out; and the least of its share of the question's words
# and of its closeness
FEW, APART, NAMED, NEAR = 3, 0.1, 0.34, 0.45 * CLOSE
ALL_NAMED = (
    0.75  # of that share, where yes or no is asked: nothing else tells which sentence says it
)
# Lines with a label ("Shutter sound: Play a tone …") from which a long section is a list of settings, of which a question
# means one; what that one is worth at least, closeness and share, and by how much it must stand out: set on eight questions
# of such lists in phones' manuals; of 14 asked afterwards two were marked, both the right one.
SETTINGS, MEANT, FAR_APART = 4, 1.4, 0.2
_LABEL = re.compile(r"[^\W\d_][^.:;!?]{1,40}:\s")
# A figure that is no item's number, no name's and no reference's: not "3. Press", "(5)", "Table 10", "UTF-8", "http://…"
_FIGURE = re.compile(r"(?<![\w.,:/=-])[<>≤≥~±]?\d+(?:[.,:]\d+)*(?![\w]*[/=_]|-?[A-Z])")
_REFERENCE = re.compile(
    r"^\W*\(?\d{1,2}[.)]\s|\(\d+\)|\((?:see|for example|e\.g\.)[^)]*\)|\S*(?:://|www\.)\S*"
    r"|\b(?:table|section|chapter|figure|fig\.|page|step|number|no\.|numbered|version)\s*\d[\w.]*",
    re.I,
)


class EntryLine(Protocol):
    """A sentence, and whether it begins a paragraph."""

    @property
    def text(self) -> str: ...
    @property
    def begins(self) -> bool: ...


Entry = TypeVar("Entry", bound=EntryLine)


class KeyLine(Protocol):
    """A sentence; ``row`` says that it is a row of a table or listing, ``code`` that it is one of a listing; ``shared`` are the
    question's words in it."""

    @property
    def text(self) -> str: ...
    @property
    def row(self) -> bool: ...
    @property
    def code(self) -> bool: ...
    @property
    def shared(self) -> frozenset[str]: ...


def key_sentence(
    asked: str,
    lines: Sequence[KeyLine],
    shown: Sequence[int],
    weight: Mapping[str, float],
    close: Sequence[float],
) -> int | None:
    """The row of a table or the line of a list of settings that is meant, the one sentence with the code or the figure that is
    asked for, or with nearly all words of what is asked to be so or not, where one stands out among several; None otherwise.

    Other questions are answered by all that is quoted.
    """
    total = sum(weight.values()) or 1.0
    shares = {i: sum(weight[s] for s in lines[i].shared) / total for i in shown}
    rows = {i: share for i, share in shares.items() if lines[i].row and not lines[i].code}
    if len(rows) > 1:
        return _standing_out(rows)
    if codes := codes_in(asked):
        stems = {i: f" {' '.join(words(lines[i].text))} " for i in shown}
        told = [i for i, held in stems.items() if all(holds(held, code) for code in codes)]
        if len(told) == 1 and len(shown) >= FEW:
            return told[0]
    figure_asked = asks_figure(asked)
    if not figure_asked:
        named = {i: close[i] + shares[i] for i in settings(lines, shown)}
        best = _standing_out(named, FAR_APART)
        if best is not None and named[best] >= MEANT:
            return best
        if kind_of(asked) != "yes or no":
            return None
    if len(shown) < FEW:
        return None
    worth: dict[int, float] = {}
    for i, share in shares.items():
        text = lines[i].text
        if not figure_asked:
            fits = share >= ALL_NAMED
        else:
            figure = _FIGURE.search(_REFERENCE.sub(" ", text)) is not None
            fits = figure and share >= NAMED and close[i] >= NEAR
        if fits:
            worth[i] = close[i] + share
    return _standing_out(worth)


def entry_of(asked: str, lines: Sequence[Entry]) -> Sequence[Entry]:
    """In a glossary, the lines that say what the term is that a question asks the meaning of: "G-code The generic term …" for
    "What is G code?". All lines where it asks something else, no one entry begins with the term, or there are few entries."""
    term = asked_term(asked)
    begins = [i for i, line in enumerate(lines) if line.begins]
    surely = {i: defines(lines[i].text, term) for i in begins}
    entries = [i for i in begins if surely[i] and surely[i] == max(surely.values())]
    if len(entries) != 1 or len(begins) < SETTINGS:
        return lines
    after = next((i for i in begins if i > entries[0]), len(lines))
    return lines[entries[0] : after]


def settings(lines: Sequence[KeyLine], shown: Sequence[int]) -> frozenset[int]:
    """Those of the lines that begin with a label, where they are so many that they are a list of settings."""
    named = frozenset(i for i in shown if not lines[i].row and _LABEL.match(lines[i].text))
    return named if len(named) >= SETTINGS else frozenset()


def _standing_out(worth: Mapping[int, float], by: float = APART) -> int | None:
    """The one that is worth more than all others by far; None where there is none."""
    ordered = sorted(worth, key=lambda i: -worth[i])
    if not ordered or len(ordered) > 1 and worth[ordered[0]] - worth[ordered[1]] < by:
        return None
    return ordered[0]
