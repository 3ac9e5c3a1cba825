"""Gathers what the source panel shows from the catalog: by a stored citation, or by a place in a version.

Knows the catalog and the page images, and nothing of Gradio or HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chatbot.conversations.types import Answer, Citation
from chatbot.curation.approved.places import pin_of
from knowledge.catalog import Catalog
from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage
from knowledge.parsing.pdf.cut_sentences import span_on_next
from knowledge.rendering import page_images
from knowledge.types import Manual, SectionText
from knowledge.versions.citation_status import (
    CitationStatus,
    SectionDiff,
    changes,
    now,
    states,
)
from ui.sources.citations import page_label
from ui.sources.errors import NoSuchSource
from ui.sources.panel import History, PageView, SourceView
from ui.text.english import say
from ui.web.html import day


def of_citation(catalog: Catalog, citation: Citation, url: str, shown: int = 0) -> SourceView:
    """Return the view of a stored citation; ``shown`` is another page to show, or 0 for its own.

    The quote is the one that was kept, so it can be shown even when its page is no longer stored.
    """
    page, section = _place(catalog, citation, shown)
    return SourceView(
        n=citation.n,
        manual=citation.manual,
        version=citation.version,
        added=citation.added,
        path=citation.section,
        label=page_label(citation),
        quote=citation.quote,
        url=url,
        cited_page=citation.page,
        page=page,
        section=section,
        start=citation.start,
        end=citation.end,
        tables=_tables(catalog, citation, section),
        history=_history(catalog, citation, url),
        gone=page is None and section is None,
    )


def of_place(catalog: Catalog, version_id: int, page: int, span: tuple[int, int]) -> Citation:
    """Return page text [start:end] of a version as a citation without a number.

    Raises NoSuchSource when there is no such version, page or span.
    """
    start, end = span
    try:
        manual = catalog.version(version_id)
        stored = catalog.page(version_id, page)
    except (NoSuchManual, NoSuchPage) as error:
        raise NoSuchSource(say("fault.source")) from error
    if not 0 <= start < end <= len(stored.text):
        raise NoSuchSource(say("fault.source"))
    return Citation(
        n=0,
        manual_id=manual.id,
        manual=manual.name,
        product=manual.product,
        version=manual.version,
        version_id=version_id,
        added=manual.added,
        paged=manual.paged,
        page=page,
        label=stored.label,
        section=catalog.section(version_id, page, start).section,
        quote=stored.text[start:end],
        start=start,
        end=end,
        hash="",
    )


def _place(
    catalog: Catalog, citation: Citation, shown: int
) -> tuple[PageView | None, SectionText | None]:
    try:
        manual = catalog.version(citation.version_id)
        if citation.paged:
            return page_view(catalog, manual, citation, shown or citation.page), None
        return None, catalog.section(citation.version_id, citation.page, citation.start)
    except KnowledgeError:  # the quote was kept with the answer; its page is gone
        return None, None


def _tables(
    catalog: Catalog, citation: Citation, section: SectionText | None
) -> tuple[tuple[int, int], ...]:
    """Return where the tables of a section stand on its page."""
    if section is None:
        return ()
    blocks = catalog.page(citation.version_id, citation.page).blocks
    return tuple(
        (block.start, block.end)
        for block in blocks
        if block.kind == "table" and section.start <= block.start and block.end <= section.end
    )


def page_view(catalog: Catalog, manual: Manual, citation: Citation, number: int) -> PageView:
    """Return a page for the panel, with the boxes of the quote, or of its end, where it stands there. Raises NoSuchPage."""
    width, height = page_images.page_size(catalog, manual.version_id, number)
    rest = _end_of_quote(catalog, citation)
    spans = {citation.page: (citation.start, citation.end), citation.page + 1: rest}
    span = spans.get(number)
    return PageView(
        number=number,
        label=catalog.page(manual.version_id, number).label,
        pages=manual.pages,
        width=width,
        height=height,
        image=page_address(manual, number),
        boxes=page_images.boxes(catalog, manual.version_id, number, *span) if span else (),
        goes_on=number == citation.page and rest is not None,
    )


def _end_of_quote(catalog: Catalog, citation: Citation) -> tuple[int, int] | None:
    """Return where the quote ends on the page after its own, None where it does not."""
    version, page = citation.version_id, citation.page
    text = catalog.page(version, page).text
    if "\f" not in text[citation.start : citation.end]:
        return None
    following = catalog.page(version, page + 1).text
    return span_on_next(text, following, citation.start, citation.end)


def page_address(manual: Manual, number: int) -> str:
    """Return the address of a page image; it names the bytes it was made from, so it may be kept for ever."""
    return f"/pages/{manual.version_id}/{number}.webp?v={manual.sha256[:12]}"


def since(catalog: Catalog, answers: Sequence[Answer]) -> dict[str, dict[int, CitationStatus]]:
    """Return what became of the citations of some answers since: by the answer's id, by the citation's number, which is
    negative for the manual's own words beside it."""
    cited = [(answer.id, c.n, c) for answer in answers for c in answer.citations]
    cited += [(a.id, -c.n, c) for a in answers if a.quotes for c in a.quotes.citations]
    became: dict[str, dict[int, CitationStatus]] = {}
    pins = [pin_of(citation) for _, _, citation in cited]
    for (key, n, _), state in zip(cited, states(catalog, pins), strict=True):
        became.setdefault(key, {})[n] = state
    return became


def of_now(catalog: Catalog, citation: Citation, back: str, shown: int = 0) -> SourceView:
    """Return the view of the same words in the version that is searched now; ``back`` is the address of the source.

    Raises NoSuchSource when that version does not hold them.
    """
    found = now(catalog, pin_of(citation))
    if found.live is None or found.place is None:
        raise NoSuchSource(say("fault.source"))
    there = of_place(
        catalog, found.live.version_id, found.place.page, (found.place.start, found.place.end)
    )
    view = of_citation(catalog, replace(there, n=citation.n), f"{back}/now", shown)
    return replace(
        view,
        history=History(
            say("panel.moved.here", old=citation.version), back, same=True, look="changes.back"
        ),
    )


def difference(catalog: Catalog, citation: Citation) -> SectionDiff:
    """Return how the section of a citation has changed. Raises NoSuchSource when its version is the live one, or none is."""
    made = changes(catalog, pin_of(citation))
    if made is None:
        raise NoSuchSource(say("fault.source"))
    return made


def _history(catalog: Catalog, citation: Citation, url: str) -> History:
    """Return what is told of the citation's version: a sentence, and where to look."""
    found = now(catalog, pin_of(citation))
    if found.state == "removed" or found.live is None:
        return History(say("panel.removed"))
    if found.state == "same":
        return History()
    if found.place is not None:
        return History(
            say("panel.moved", version=found.live.version, day=day(found.live.added)),
            f"{url}/now",
            same=True,
        )
    old, new = citation.version, found.live.version
    text = say(
        "panel.changed",
        old=old,
        old_day=day(citation.added),
        version=new,
        day=day(found.live.added),
    )
    return History(text, f"{url}/changes")
