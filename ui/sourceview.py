"""Gathers what the source panel shows from the library: by a stored citation, or by a place in a version.

Knows the library and the page images, and nothing of Gradio or HTTP.
"""

from __future__ import annotations

from chatbot.types import Citation
from knowledge import pages
from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage
from knowledge.library import Library
from knowledge.types import Manual, SectionText
from ui.errors import NoSuchSource
from ui.markup import day_and_time
from ui.panel import PageView, SourceView
from ui.sources import page_label
from ui.texts import say


def of_citation(library: Library, citation: Citation, url: str, shown: int = 0) -> SourceView:
    """Return the view of a stored citation; ``shown`` is another page to show, or 0 for its own.

    The quote is the one that was kept, so it can be shown even when its page is no longer stored.
    """
    page, section, notes = _place(library, citation, shown)
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
        notes=notes,
    )


def of_place(library: Library, version_id: int, page: int, span: tuple[int, int]) -> Citation:
    """Return page text [start:end] of a version as a citation without a number.

    Raises NoSuchSource when there is no such version, page or span.
    """
    start, end = span
    try:
        manual = library.version(version_id)
        stored = library.page(version_id, page)
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
        section=library.section(version_id, page, start).section,
        quote=stored.text[start:end],
        start=start,
        end=end,
        hash="",
    )


def _place(library: Library, citation: Citation, shown: int) -> tuple[PageView | None, SectionText | None, tuple[str, ...]]:
    try:
        manual = library.version(citation.version_id)
        notes = _notes(library, citation)
        if citation.paged:
            return page_view(library, manual, citation, shown or citation.page), None, notes
        return None, library.section(citation.version_id, citation.page, citation.start), notes
    except KnowledgeError:  # the quote was kept with the answer; its page is gone
        return None, None, (say("panel.gone"),)


def page_view(library: Library, manual: Manual, citation: Citation, number: int) -> PageView:
    """Return a page for the panel, with the boxes of the quote when it is the quote's page. Raises NoSuchPage."""
    width, height = pages.page_size(library, manual.version_id, number)
    span = (citation.start, citation.end)
    cited = number == citation.page
    return PageView(
        number=number,
        label=library.page(manual.version_id, number).label,
        pages=manual.pages,
        width=width,
        height=height,
        image=page_address(manual, number),
        boxes=pages.boxes(library, manual.version_id, number, *span) if cited else (),
    )


def page_address(manual: Manual, number: int) -> str:
    """Return the address of a page image; it names the bytes it was made from, so it may be kept for ever."""
    return f"/pages/{manual.version_id}/{number}.webp?v={manual.sha256[:12]}"


def _notes(library: Library, citation: Citation) -> tuple[str, ...]:
    try:
        current = library.manual(citation.manual_id)
    except NoSuchManual:
        return (say("panel.removed"),)
    if current.state == "removed":
        return (say("panel.removed"),)
    if current.version_id == citation.version_id:
        return ()
    added = day_and_time(current.added)
    return (say("panel.changed", version=current.version, added=added, old=citation.version),)
