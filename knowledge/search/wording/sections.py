"""Sections that are asked for by their number: "What does section 2.2 say?". Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.search.ranking import Candidate

_ASKED = re.compile(
    r"(?:\b(?:section|chapter|clause|paragraph|kapitel|abschnitt|chapitre|secci[oó]n|cap[ií]tulo|sezione|capitolo|hoofdstuk"
    r"|paragraaf)|§)\s*(\d{1,3}(?:\.\d{1,3})*)(?![\d.]*\d)",
    re.I,
)
_NUMBER = re.compile(r"(?:\w+ )?(\d+(?:\.\d+)*)[.):]?\s")


def numbered(question: str, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section that a question names by its number, or of those below it; none where several manuals
    have such a section."""
    asked = [match[1] for match in _ASKED.finditer(question)]
    if len(asked) != 1:
        return []
    own = [one for one in found if one.section and _is(one.section[-1], asked[0])]
    below = [one for one in found if any(_is(name, asked[0]) for name in one.section)]
    held = own or below
    return held if len({one.version_id for one in held}) == 1 else []


def _is(name: str, number: str) -> bool:
    told = _NUMBER.match(f"{name} ")
    return told is not None and told[1] == number
