"""Which parts of a letter say nothing that a manual could hold: greeting, signature, quoted mail, headings, telephone numbers.

Pure; knows sentences in their order, and nothing of manuals.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Literal

from chatbot.grounding.citation_markers import SentenceEnd
from chatbot.grounding.mail import (
    begins_quote,
    closes,
    is_contact,
    is_greeting,
    is_name,
    thanks,
)
from chatbot.grounding.verifier import ITEM

# A claim is judged. Around it stands what never is; a label is a heading or the head of a table, which is only told of
# where a manual holds or denies it: "Do not shake" may be either.
LetterPart = Literal["claim", "around", "label"]

LONGEST_HEADING = 7  # words
MOST_SIGNING = 6  # lines behind "Thanks," that may be a signature

_RULE = re.compile(r"^[\s|:+=_*-]+$")
_MARKED = re.compile(r"^(?:#{1,6}\s+\S|\*\*[^*]+\*\*:?$|__[^_]+__:?$|={2,}.*={2,}$)")
_SAYS = re.compile(
    r"^(?:the|it|this|that|you|your|we|please|do|don'?t|never|always|if|when)\b"
    r"|\b(?:is|are|was|were|can|cannot|can'?t|could|must|may|might|will|won'?t|should|shall|has|have|had|do|does|doesn'?t|not|never|needs?|requires?|takes?|means)\b",
    re.I,
)


def parts_of(ended: Sequence[SentenceEnd]) -> list[LetterPart]:
    """Return what each sentence of a letter is; a whole sentence behind the signature ("P.S. …") is a claim again."""
    quoted = list(_quoted(ended))
    signing = list(_signing(ended, quoted))
    return [
        "around"
        if quoted[i] or signing[i] or _greets(ended, i) or is_contact(ended[i].text)
        else "label"
        if _labels(ended, i)
        else "claim"
        for i in range(len(ended))
    ]


def _quoted(ended: Sequence[SentenceEnd]) -> Iterator[bool]:
    """Yield of each sentence: does it stand in a mail that is answered? Marked lines, or all behind "… wrote:"."""
    marked = rest = False
    for i, event in enumerate(ended):
        text = event.text.lstrip()
        if event.line or i == 0:
            marked = text.startswith(">")
        begins = begins_quote(text)
        after = ended[i + 1].text.lstrip() if i + 1 < len(ended) else ""
        # Where the lines below are marked, what is not is the answer to them
        rest = rest or (begins and i > 0 and not after.startswith(">"))
        yield marked or rest or begins


def _greets(ended: Sequence[SentenceEnd], i: int) -> bool:
    """Is a sentence the greeting, at the head of the letter?"""
    return i <= 1 and is_greeting(ended[i].text.strip())


def _signing(ended: Sequence[SentenceEnd], quoted: Sequence[bool]) -> Iterator[bool]:
    """Yield of each sentence: is it the closing, or a name or an address behind "Kind regards"?"""
    closed = False
    for i, event in enumerate(ended):
        ends = closes(event.text)
        if not ends and thanks(event.text):
            below = [other for j, other in enumerate(ended) if j > i and not quoted[j]]
            ends = len(below) <= MOST_SIGNING and all(
                event.line and (is_name(event.text) or is_contact(event.text)) for event in below
            )
        named = is_name(event.text) and not ITEM.match(event.text)
        yield ends or (closed and named)
        closed = closed or ends


def _labels(ended: Sequence[SentenceEnd], i: int) -> bool:
    """Is a sentence a heading, or the head of a table?"""
    event, text = ended[i], ended[i].text.strip()
    after = ended[i + 1] if i + 1 < len(ended) else None
    if not (event.line or i == 0) or (after is not None and not after.line):
        return False
    if _MARKED.match(text):
        return True
    if after is None:
        return False
    if _RULE.match(after.text.strip()) or (
        "\t" in text and "\t" in after.text and not (i and "\t" in ended[i - 1].text)
    ):
        return not any(map(str.isdigit, text))
    return (
        text[:1].isupper()
        and len(text.split()) <= LONGEST_HEADING
        and not text.endswith((".", "!", "?", ",", ";"))
        and not any(map(str.isdigit, text))
        and not _SAYS.search(text)
        and not ITEM.match(event.text)
    )
