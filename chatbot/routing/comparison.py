"""Which two things a question compares: "the difference between A and B", "how does A differ from B", "A vs B". Pure.

Only questions that ask for nothing else: what is left over would be lost between the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.routing.followup import POINTING, content_words_own
from knowledge.search.products import without_product
from knowledge.text import sentences, stems

_ONE, _OTHER = r"(?P<one>[^,;:?\"“”]{2,60}?)", r"(?P<other>[^,;:?\"“”]{2,80}?)"
_ASK = r"(?:(?:can|could|would) you\s+|please\s+)*(?:(?:explain|describe|tell me|show me)\s+)?"
_WHAT = r"(?:what(?:'s|\s+is|\s+are)\s+)?(?:the\s+)?(?:main\s+)?differences?"
_TWO = tuple(
    re.compile(rf"\W*{pattern}\W*", re.I)
    for pattern in (
        rf"{_ASK}{_WHAT}\s+between\s+{_ONE}\s+and\s+{_OTHER}",
        rf"how\s+(?:does|do|is|are)\s+{_ONE}\s+differ(?:ent)?\s+from\s+{_OTHER}",
        rf"{_ASK}compare\s+{_ONE}\s+(?:and|with|to)\s+{_OTHER}",
        rf"(?:what\s+is\s+|what's\s+)?{_ONE}\s+(?:vs\.?|versus)\s+{_OTHER}",
        rf"{_ONE}\s+(?:or|and|vs\.?|versus)\s+{_OTHER}\s*[,;:?]\s*(?:{_WHAT}(?:\s+between\s+them)?|how\s+do(?:es)?\s+they\s+differ)",
    )
)
# What no manual calls anything, and what goes on after the second thing with a question of its own
_NO_THING = re.compile(
    r"\b(?:others?|before|after|two|both)\b|\band\s+(?:how|what|which|when|where|why|who|can|do|does|is|are)\b|\bin terms of\b",
    re.I,
)
_LOOSE_START = re.compile(r"^(?:the|an?|my|using|to)\s+", re.I)
_LOOSE_END = re.compile(r"(?: (?:on|in|for|with|of|the|an?|my|your))+$", re.I)


def things_compared(text: str, named: Sequence[str]) -> tuple[str, str] | None:
    """The two things that a question compares, without the products ``named`` in it; None where it asks for anything else."""
    parts = [text[start:end] for start, end in sentences(text)]
    if len(parts) != 1:
        return None
    found = next(
        (match for two in _TWO if (match := two.fullmatch(" ".join(parts[0].split())))), None
    )
    if found is None:
        return None
    one, other = (_thing(found[name], named) for name in ("one", "other"))
    if not (one and other) or stems(one) == stems(other):
        return None
    return one, other


def _thing(text: str, named: Sequence[str]) -> str:
    """A thing by itself; "" where it is none."""
    for name in named:
        text = without_product(text, name)
    text = _LOOSE_START.sub("", _LOOSE_END.sub("", text.strip(" .,?!")))
    unclear = POINTING.search(text) or _NO_THING.search(text)
    return "" if unclear or not content_words_own(text) else text


def names(text: str, thing: str) -> bool:
    """Does a text have the words of a thing beside each other?"""
    return f" {' '.join(stems(thing))} " in f" {' '.join(stems(text))} "
