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
_NUMBER = re.compile(
    r"(?:(?:section|chapter|clause|part|kapitel|abschnitt|chapitre|secci[oó]n|cap[ií]tulo|sezione|capitolo|hoofdstuk|paragraaf|§)\s*)?"
    r"(\d+(?:\.\d+)*)[.):]?\s",
    re.I,
)
# Only what asks for the section itself: "I followed section 2.2, but how …" asks for something else.
_ITSELF = re.compile(
    r"\W*(?:what|show|quote|read|tell|give|was|zeig|lies|que|quelle?|qué|cosa|che|wat|toon|o que)\b[^,;.!?]*[?.!]?\s*",
    re.I,
)
_INSIDE = re.compile(r"(?<=\d)\.(?=\d)")


def numbered(question: str, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section that a question names by its number, or of those below it; none where several manuals
    have such a section."""
    asked = [match[1] for match in _ASKED.finditer(question)]
    bare = question[:400].strip()
    itself = _ASKED.fullmatch(bare.rstrip("?.! ")) or _ITSELF.fullmatch(_INSIDE.sub("", bare))
    if len(asked) != 1 or not itself:
        return []
    own = [one for one in found if one.section and _is(one.section[-1], asked[0])]
    below = [one for one in found if any(_is(name, asked[0]) for name in one.section)]
    held = own or below
    return held if len({one.version_id for one in held}) == 1 else []


def _is(name: str, number: str) -> bool:
    told = _NUMBER.match(f"{name} ")
    return told is not None and told[1] == number
