"""What single sentences and rows of the best passages tell: the figure that is asked for, what a code means, and whether it
is the part that a question names. Knows the catalog and measured passages."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Literal

from knowledge.catalog import Catalog
from knowledge.search.languages import AS_ENGLISH, ENGLISH, stems
from knowledge.search.products.names import without_product
from knowledge.search.ranking import Asked, Candidate, Vocabulary, names_of
from knowledge.search.wording.asked_for import (
    asks_of_fault,
    lacks_count,
    lacks_figure,
    lacks_seller,
    lacks_task,
    lacks_thing,
)
from knowledge.search.wording.codes import Code, is_about
from knowledge.search.wording.parts import any_tells, part_asked
from knowledge.search.wording.quantities import holds_figure, quantities
from knowledge.search.wording.sections import asked_term, defines
from knowledge.text import pieces, words
from knowledge.types import Page, Passage

_LABELLED = re.compile(r"[^.:;!?]{1,40}:\s")
_RATE = re.compile(
    r"(?<=\d)\s*[^\W\d_]+[³²]?/\s?(?:h|min|s|hour|minute|second|day)\b", re.I
)  # "l/h" is no time
_SIZES = frozenset(stems("tall high long wide deep thick", ENGLISH))
_WHOLE = frozenset(  # of a label that does not say of which part a size is
    stems(
        "total overall whole net gross product device machine unit body housing closed folded open without with and the of in",
        ENGLISH,
    )  # fmt: skip
)
Lacking = Literal["", "section", "all"]
LOOKED_AT = 20  # passages whose rows are read
FOLLOWING = 2  # words that tell of a code, at least
EVERYWHERE = 0.5  # share of the passages from which a word of them says what all are about, where they are of one thing
_SEVERAL = re.compile(r"\b(?:and|or)\b|[,/&]", re.I)
_POINTS_BACK = re.compile(r"\W*(?:\w+\s+){0,2}(?:it|its|they|them|their|these|those|both|each|this|that)\b", re.I)  # fmt: skip


def telling(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], vocabulary: Vocabulary
) -> Candidate | None:
    """The first of the best passages of which one row or sentence is what is asked for: a figure, or what a code or a term means."""
    ways = (_row_of_figure, _explained, _defined)
    told = (way(catalog, asked, found, vocabulary) for way in ways)
    return next(filter(None, told), None)


def _row_of_figure(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], vocabulary: Vocabulary
) -> Candidate | None:
    """The first of the best passages with a row that has a figure and all words of a question of quantity.

    "The pump" is what the manual of a pump is about or called, and stands in no row of it. None for other questions, and where the
    rows are of several manuals that are not all of one product.
    """
    figures = quantities(stems(asked.text, asked.language))
    if asked.language not in AS_ENGLISH or not figures.keys() & set(asked.stems):
        return None
    of = {manual.version_id: manual for manual in vocabulary.manuals}
    alone = len({manual.product or manual.id for manual in of.values()}) == 1
    most = EVERYWHERE * vocabulary.passages if alone else math.inf
    wanted = [s for s in asked.stems if s in figures or vocabulary.stems.get(s, 0) < most]
    best = found[:LOOKED_AT]
    held = catalog.passages([one.id for one in best])
    rows = {
        id: [
            (row.partition(" | ")[0], " ".join(stems(_RATE.sub(" ", row), p.language)))
            for row in statements(catalog, p, ("table",))
        ]
        for id, p in held.items()
    }
    held_by: list[Candidate] = []
    for one in best:
        manual = of[one.version_id]
        named = stems(f"{manual.name} {manual.product}", asked.language)
        called = names_of(asked, manual, vocabulary).union(named)
        left = [s for s in wanted if s not in called]
        whole = {*left} <= _SIZES  # of the product itself, not of its cable
        if any(
            holds_figure(row, left, figures)
            and not (whole and _of_a_part(label, figures[left[0]], called))
            for label, row in rows.get(one.id, ())
        ):
            held_by.append(one)
    things = {of[one.version_id].product or one.version_id for one in held_by}
    return held_by[0] if len(things) == 1 else None


def _of_a_part(
    label: str, property_names: Collection[tuple[str, ...]], called: Collection[str]
) -> bool:
    """Is the size in a row that of a part, as its label says: "Suction height", "Cable length"?"""
    said = {*stems(label, ENGLISH)} - {*called} - _WHOLE
    beside = said - {part for name in property_names for part in name}
    return bool(beside) and any(said.issuperset(name) for name in property_names) and all(map(str.isalpha, beside))  # fmt: skip


def _explained(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], vocabulary: Vocabulary
) -> Candidate | None:
    """The first of the best passages that explains the one code of a question, in a row, sentence or heading of its own.

    Whoever says "E04 again, what now?" wants to know what the manual says of E04. None where a figure is asked for or how
    to do something else than to mend it, and where the code is explained for several products.
    """
    if len(asked.codes) != 1 or asked.quantity or not asks_of_fault(asked.text):
        return None
    code = asked.codes[0]
    best = [one for one in found[:LOOKED_AT] if one.codes == 1]
    held = catalog.passages([one.id for one in best])
    told = [one for one in best if one.id in held and _explains(catalog, held[one.id], code)]
    of = {manual.version_id: manual for manual in vocabulary.manuals}
    things = {of[one.version_id].product or one.version_id for one in told}
    return told[0] if len(things) == 1 else None


def _defined(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], vocabulary: Vocabulary
) -> Candidate | None:
    """The first of the best passages with the entry of a glossary that says what the term is that a question asks the meaning of.

    None where the entries are of several products.
    """
    of = {manual.version_id: manual for manual in vocabulary.manuals}
    term = asked_term(asked.text)
    if not term or asked.language not in AS_ENGLISH:
        return None
    held = catalog.passages([one.id for one in found])
    page_of = lru_cache(maxsize=len(found) + 1)(catalog.page)  # a manual without pages is one
    told = []
    for one in (one for one in found if one.id in held):
        term = asked_term(without_product(asked.text, of[one.version_id].product))
        headed = any(
            p.section and p.version_id == one.version_id and tuple(words(p.section[-1])) == term
            for p in held.values()
        )  # the label of a setting, "Alarm: Turns it on", gives way to a section on alarms
        passage = held[one.id]
        page = page_of(passage.version_id, passage.page)
        texts = (text for text in paragraphs(page, passage) if defines(text, term))
        if any(not (headed and _LABELLED.match(text)) for text in texts):
            told.append(one)
    things = {of[one.version_id].product or one.version_id for one in told}
    return told[0] if len(things) == 1 else None


def _explains(catalog: Catalog, passage: Passage, code: Code) -> bool:
    """Is the code what a sentence, a row or the whole section is about?"""
    heading = stems(passage.section[-1] if passage.section else "", passage.language)
    return is_about(heading, code) or any(
        is_about(told, code) and len(told) > len(code.parts) + FOLLOWING
        for told in (stems(one, passage.language) for one in statements(catalog, passage))
    )


def lacking(
    catalog: Catalog, asked: Asked, found: Sequence[Candidate], said: Collection[str]
) -> Lacking:
    """Say whether the best section cannot hold what is asked for: "all" where nothing near it can either, "section" where
    another one may, "" where it can. ``said`` are stems of the product's name."""
    place = (found[0].version_id, found[0].section)
    own = [c.id for c in found if (c.version_id, c.section) == place]
    held = [one.stems for one in catalog.measured(own)]
    passages = catalog.passages(own)
    texts = [_with_headings(one) for one in passages.values()]
    if lacks_figure(asked, held, texts):
        near = catalog.passages([one.id for one in found[:LOOKED_AT]]).values()
        return (
            "all" if lacks_figure(asked, held, [_with_headings(one) for one in near]) else "section"
        )
    if (
        lacks_count(asked, held)
        or lacks_thing(asked, held, texts, said)
        or lacks_task(asked, found)
    ):
        return "section"
    if lacks_seller(asked, texts):
        return "section"
    parts = part_asked(asked, said)
    told = [
        one
        for passage in (passages.values() if parts else ())
        for one in _in_context(passage, statements(catalog, passage))
    ]
    return "section" if told and not any_tells(asked, parts, told) else ""


def _with_headings(passage: Passage) -> str:
    return f"{' '.join(passage.section)} {passage.text}"


def statements(catalog: Catalog, passage: Passage, kinds: Collection[str] = ()) -> list[str]:
    """The sentences and rows of a passage, as they stand on its page; only those in blocks of some ``kinds``, if given."""
    page = catalog.page(passage.version_id, passage.page)
    spans = (
        span
        for block in page.blocks
        if not kinds or block.kind in kinds
        for span in pieces(page, block)
    )
    return [
        page.text[start:end]
        for start, end in spans
        if passage.start <= start and end <= passage.end
    ]


def paragraphs(page: Page, passage: Passage) -> list[str]:
    """The paragraphs of a passage that begin in it, as they stand on its page, where they are several."""
    found = [
        page.text[block.start : block.end]
        for block in page.blocks
        if block.kind in ("text", "item") and passage.start <= block.start < passage.end
    ]
    return found if len(found) > 1 else []


def _in_context(passage: Passage, told: Iterable[str]) -> Iterator[str]:
    """Statements under their headings, each with the one before that it points back to, what follows a colon with what stands
    before it, and a row with the row of heads above ("Screw | Torque"). A heading of several things ("Life and warranty") says
    nothing of one."""
    heading = " ".join(one for one in passage.section if not _SEVERAL.search(one))
    before, lead, heads = "", "", ""
    for one in told:
        cells = one.count(" | ")
        if not cells or cells != before.count(" | "):
            heads = "" if not cells or any(map(str.isdigit, one)) else one
        above = heads if heads != one else ""
        yield f"{heading} {lead} {above} {before if _POINTS_BACK.match(one) else ''} {one}"
        before = one
        lead = one if one.endswith(":") else lead if one[:1] in "-•*0123456789" else ""
