"""The paragraphs of an RTF file as HTML: headings, list items and text."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from knowledge.parsing.converted.rtf.tokens import RtfSetting

LARGER = (
    1.25  # times the usual size: a short line so large is a heading where no style says what is one
)
LONGEST_HEADING = 90  # characters
TITLE = -1  # the level of the style of titles
_ITEM = re.compile(r"\s*(?:\(?\d{1,2}[.)]|\(?[a-z]\)|[•●▪◦‣■–*-])\s+\S")


@dataclass(slots=True)
class Run:
    """A stretch of text that looks the same; ``size`` in half points, 0 for a note's, ``small`` "sup", "sub" or ""."""

    text: str
    size: int
    bold: bool
    small: str


@dataclass(slots=True)
class WrittenParagraph:
    """A finished paragraph: its HTML, its words, what was set, its number in a list; size and weight of its letters."""

    html: str
    plain: str
    setting: RtfSetting
    label: str
    size: int
    bold: bool


def run_html(run: Run) -> str:
    """A run as HTML."""
    said = escape(run.text).replace("\n", "<br>")
    return f"<{run.small}>{said}</{run.small}>" if run.small and run.text.strip() else said


def parts_html(parts: Sequence[WrittenParagraph | str], levels: Mapping[int, int]) -> Iterator[str]:
    """Paragraphs, and tables that are HTML already, as HTML. ``levels`` are those of the styles in the outline."""
    paragraphs = [part for part in parts if isinstance(part, WrittenParagraph)]
    told = {id(one): one.setting.level or levels.get(one.setting.style, 0) for one in paragraphs}
    if not any(level > 0 for level in told.values()):
        told |= _by_size(paragraphs, told)
    for part in parts:
        if isinstance(part, str):
            yield part
        elif (level := told[id(part)]) == TITLE:
            yield f'<h1 class="title">{_labelled(part)}</h1>'
        elif level:
            yield f"<h{min(level, 6)}>{_labelled(part)}</h{min(level, 6)}>"
        elif part.label or part.setting.listed or (_ITEM.match(part.plain) and not part.bold):
            yield f"<ul><li>{_labelled(part)}</li></ul>"
        else:
            yield f"<p><b>{part.html}</b></p>" if part.bold else f"<p>{part.html}</p>"


def _labelled(part: WrittenParagraph) -> str:
    """A paragraph after its number; a bullet says nothing."""
    label = part.label if any(map(str.isalnum, part.label)) else ""
    return f"{escape(label)} {part.html}" if label else part.html


def _by_size(paragraphs: Sequence[WrittenParagraph], told: Mapping[int, int]) -> dict[int, int]:
    """The levels of headings that show only by their larger letters: the largest are of level 1."""
    letters: Counter[int] = Counter()
    for one in paragraphs:
        letters[one.size] += len(one.plain)
    usual = letters.most_common(1)[0][0] if letters else 0
    large = [
        one
        for one in paragraphs
        if one.size >= LARGER * usual > 0
        and len(one.plain.strip()) <= LONGEST_HEADING
        and one.plain.strip()[-1] not in ".,;:!?"
        and not told[id(one)]
    ]
    sizes = sorted({one.size for one in large}, reverse=True)
    return {id(one): min(sizes.index(one.size) + 1, 6) for one in large}
