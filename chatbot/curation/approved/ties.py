"""Ties the sentences of a text to places in the manuals.

A sentence whose words are unchanged keeps its places; any other is checked as a reply is. Nothing here is stored.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from chatbot.conversations.types import Citation, Sentence
from chatbot.curation.approved.places import became, placed
from chatbot.curation.approved.types import Tied
from chatbot.grounding.model_verifier import SecondOpinion
from chatbot.grounding.reply_check import check_draft
from chatbot.grounding.verifier import ITEM
from knowledge.catalog import Catalog
from knowledge.search.retriever import Search
from knowledge.text import readable

_MARKS = re.compile(r"(?<=\S) \[\d{1,2}\](?!\w)")  # those of a copied answer
_CLOSED = frozenset('.!?:…。！？"”’)')  # what a sentence may end in
Sourced = tuple[Sentence, tuple[Citation, ...]]


def plain(text: str) -> str:
    """Return a text as it is kept: without the marks of a copied answer, with plain ends of lines."""
    lines = [line.rstrip() for line in _MARKS.sub("", text).replace("\r\n", "\n").split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def tie(
    catalog: Catalog,
    search: Search,
    text: str,
    product: str,
    before: Tied,
    *,
    second_opinion: SecondOpinion | None = None,
) -> Tied:
    """Return a text as sentences tied to the manuals as they are now. ``before`` is what it was edited from."""
    found: list[Sourced] = []
    for piece in _pieces(text, list(_still_tied(catalog, before))):
        if isinstance(piece, str):
            checked = check_draft(catalog, search, piece, product, second_opinion)
            found += [(one.sentence, one.sources) for one in checked]
        else:
            found.append(piece)
    return _numbered(found)


def _still_tied(catalog: Catalog, before: Tied) -> Iterator[Sourced]:
    """Yield the sentences that keep their places: all of them are there still. Headings have none and keep none."""
    (since,) = became(catalog, [before])
    places: dict[int, Citation] = {}
    for citation in before.citations:
        moved = since[citation.n] == "moved"
        there = placed(catalog, citation) if moved else citation
        if since[citation.n] in ("same", "moved") and there is not None:
            places[citation.n] = there
    for part in before.sentences:
        if part.heading or (part.n and all(n in places for n in part.n)):
            kept = replace(part, text=readable(part.text), folded=False)
            yield kept, tuple(places[n] for n in part.n)


def _pieces(text: str, kept: Sequence[Sourced]) -> Iterator[str | Sourced]:
    """Yield a text in its order: the sentences that it has unchanged, and what stands between them."""
    spans: list[tuple[int, int, Sourced]] = []
    for one in kept:
        wanted = one[0].text
        at = text.find(wanted) if wanted else -1
        while at >= 0:
            end = at + len(wanted)
            free = all(end <= start or stop <= at for start, stop, _ in spans)
            if free and _is_whole(text, at, end, {stop for _, stop, _ in spans}):
                spans.append((at, end, one))
                break
            at = text.find(wanted, at + 1)
    last = 0
    for start, end, one in sorted(spans, key=lambda span: span[0]):
        if text[last:start].strip():
            yield text[last:start].strip()
        yield one
        last = end
    if text[last:].strip():
        yield text[last:].strip()


def _is_whole(text: str, start: int, end: int, ends: set[int]) -> bool:
    """Say whether text[start:end] is a sentence by itself: nothing that may change its meaning stands in the same one."""
    before = text[:start].rstrip(" \t")
    mark = text[text.rfind("\n", 0, start) + 1 : start]
    if mark.strip() and not ITEM.sub("", mark).strip():  # its bullet belongs to it
        return False
    begins = not before or before[-1] == "\n" or before[-1] in _CLOSED or len(before) in ends
    rest = text[end:]
    return begins and (
        not rest.strip()
        or rest.startswith("\n")
        or (text[end - 1] in _CLOSED and rest[0].isspace())
    )


def _numbered(found: Sequence[Sourced]) -> Tied:
    """Return sentences with their places numbered in the order in which they come; one place has one number."""
    places: dict[tuple[int, int, int, int], Citation] = {}
    sentences: list[Sentence] = []
    for sentence, sources in found:
        known = {citation.n: citation for citation in sources}
        # Of a sentence that kept its places these come in the order of its numbers
        own = [known[n] for n in sentence.n if n in known]
        numbers = []
        for citation in own:
            place = (citation.version_id, citation.page, citation.start, citation.end)
            held = places.setdefault(place, replace(citation, n=len(places) + 1))
            numbers.append(held.n)
        sentences.append(replace(sentence, n=tuple(dict.fromkeys(numbers))))
    return Tied(tuple(sentences), tuple(places.values()))
