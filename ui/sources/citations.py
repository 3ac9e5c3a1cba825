"""Sources as HTML: the numbered chip, the list under an answer, nearest passages, and the same as plain text.

Pure functions: values of ``chatbot.conversations.types`` in, escaped HTML out. Knows nothing of Gradio or databases; of routes it
knows only the addresses under which the source panel is fetched.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup

from chatbot.conversations.types import Citation, Sentence
from knowledge.text import readable
from knowledge.types import Evidence
from knowledge.versions.citation_status import CitationStatus
from ui.text.english import count, say
from ui.web.html import day, icon, join, where

SHOWN_SOURCES = 5  # the rest of a long list folds away
MARKS = {
    "changed": "since.changed",
    "removed": "since.removed",
}  # the very words in a newer version need no mark
Changed = Mapping[int, CitationStatus]
WORDS = {
    "verified": "state.verified",
    "supported": "state.supported",
    "unsupported": "state.unsupported",
}
SNIPPET = 180  # characters of a quote in the list of sources


def chip(citation: Citation, answer_id: str, since: CitationStatus = "same") -> Markup:
    """Return the numbered button that opens a source; its name says what it opens, and what became of it ``since``.

    A source that says the same in other words has a chip of its own look and name.
    """
    name, quoted = source_name(citation), citation.state == "verified"
    named = name if quoted else say("chip.name.loose", name=name)
    told = since_words(citation, since)
    return Markup(
        '<button type="button" class="t-chip{}" data-do="source" data-n="{}" data-url="{}" data-told="{}" aria-label="{}"{}>{}</button>'
    ).format(
        "" if quoted else " loose",
        citation.n,
        source_url(citation, answer_id),
        say(WORDS[citation.state]) if citation.state in WORDS else "",
        f"{named}. {told}" if told else named,
        Markup(' aria-describedby="{}"').format(_quote_id(citation, answer_id))
        if answer_id
        else "",
        citation.n,
    )


def _quote_id(citation: Citation, answer_id: str) -> str:
    """Return the id of a quote in the list of sources; it describes the chips of its source."""
    return f"quote-{answer_id}-{citation.n}"


def since_words(citation: Citation, since: CitationStatus) -> str:
    """Return what became of a source in words, or "" where its words still stand in the manual."""
    return say(MARKS[since], version=citation.version) if since in MARKS else ""


def verdict(part: Sentence) -> str:
    """Return the verdict on a sentence in words: "The manual says 12 Nm, not 14 Nm"."""
    if part.by == "model":
        return say("state.supported.model")
    if part.state != "contradicted":
        return say(WORDS[part.state])
    said, held = (", ".join(pair[i] for pair in part.against if pair[i]) for i in (0, 1))
    if said and held:
        return say("state.contradicted.figure", held=held, said=said)
    return say("state.contradicted")


def place_button(citation: Citation) -> Markup:
    """Return the button that opens a place without a number; it shows the page, or the manual's name without pages."""
    page = page_label(citation)
    label = where((), page) if page else citation.manual
    name = say("near.name", manual=citation.manual, place=where(citation.section, page))
    return Markup(
        '<button type="button" class="t-chip place" data-do="source" data-n="0" data-url="{}" aria-label="{}">{}</button>'
    ).format(source_url(citation, ""), name, label)


def source_name(citation: Citation) -> str:
    """Return "Source 1: Aurora X200, page 3"."""
    page = page_label(citation)
    if not page:
        return say("chip.name", n=citation.n, manual=citation.manual)
    return say("chip.name.page", n=citation.n, manual=citation.manual, page=page)


def source_url(citation: Citation, answer_id: str) -> str:
    """Return where the source panel is fetched: by the answer once it is stored, by the place until then."""
    if answer_id:
        return f"/answers/{answer_id}/sources/{citation.n}"
    place = f"{citation.version_id}/{citation.page}/{citation.start}/{citation.end}"
    return f"/passages/{place}?n={citation.n}"


def page_label(citation: Citation) -> str:
    """Return what the page is called: its printed label, else its number, or "" without pages."""
    return (citation.label or str(citation.page)) if citation.paged else ""


def sources(
    citations: Sequence[Citation], answer_id: str, since: Changed = MappingProxyType({})
) -> Markup:
    """Return the list of sources under an answer, by place; a long list folds. ``since``: what became of each, by number.

    Of a source that the answer has word for word only the number is shown: its words stand above.
    """
    if not citations:
        return Markup("")
    shown, folded = citations, Markup("")
    if sum(not _is_brief(one, since) for one in citations) > SHOWN_SOURCES + 1:
        shown, rest = citations[:SHOWN_SOURCES], citations[SHOWN_SOURCES:]
        summary = say("turn.sources.more", sources=count("sources", len(citations)))
        folded = Markup("<details><summary>{}</summary><ol>{}</ol></details>").format(
            summary, _groups(rest, answer_id, since)
        )
    return Markup('<section class="t-sources"><h3>{}</h3><ol>{}</ol>{}</section>').format(
        say("turn.sources"), _groups(shown, answer_id, since), folded
    )


def _groups(citations: Sequence[Citation], answer_id: str, since: Changed) -> Markup:
    """Return one box for each run of citations from the same place, so that the place is named once."""
    runs = groupby(
        citations, key=lambda c: (c.manual, _version(c), where(c.section, page_label(c)))
    )
    return join(
        Markup(
            '<li class="t-group"><p><b>{}<span class="t-paper">, {}</span></b>{}</p>{}</li>'
        ).format(
            manual, version, place, join(_source(citation, answer_id, since) for citation in run)
        )
        for (manual, version, place), run in runs
    )


def _is_brief(citation: Citation, since: Changed) -> bool:
    told = since_words(citation, since.get(citation.n, "same"))
    return citation.state == "verified" and not told


def _source(citation: Citation, answer_id: str, since: Changed) -> Markup:
    told, quote = since_words(citation, since.get(citation.n, "same")), readable(citation.quote)
    return Markup(
        '<button type="button" class="t-source{brief}" data-do="source" data-n="{n}" data-url="{url}" aria-label="{name}">'
        '<span class="t-n" aria-hidden="true">{n}</span><q{id} dir="auto">{short}</q>{whole}{mark}</button>'
    ).format(
        mark=Markup('<span class="t-since">{}{}</span>').format(icon("clock"), told)
        if told
        else "",
        brief=" brief" if _is_brief(citation, since) else "",
        n=citation.n,
        url=source_url(citation, answer_id),
        name=". ".join(filter(None, (source_name(citation), told, clip(quote)))),
        id=Markup(' id="{}"').format(_quote_id(citation, answer_id)) if answer_id else "",
        short=clip(quote),
        whole=Markup('<q class="t-paper" dir="auto">{}</q>').format(quote)
        if clip(quote) != quote
        else "",
    )


def clip(text: str, limit: int = SNIPPET) -> str:
    """Return a text shortened at a word's end, with an ellipsis when something was cut."""
    return text if len(text) <= limit else text[:limit].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def passages(evidence: Sequence[Evidence], buttons: Sequence[Markup] = ()) -> Markup:
    """Return the nearest passages with their sections; each opens in the panel. ``buttons`` stand below them, one below each."""
    if not evidence:
        return Markup("")
    below = buttons or [Markup("")] * len(evidence)
    shown = (_passage(found, button) for found, button in zip(evidence, below, strict=True))
    return Markup('<section class="t-sources"><h3>{}</h3><ul>{}</ul></section>').format(
        say("turn.nearest"), join(shown)
    )


def _passage(found: Evidence, below: Markup) -> Markup:
    passage, manual = found.passage, found.manual
    page = (passage.label or str(passage.page)) if manual.paged else ""
    url = f"/passages/{passage.version_id}/{passage.page}/{passage.start}/{passage.end}"
    return Markup(
        '<li class="t-group"><p><b>{}</b>{}</p><button type="button" class="t-source" data-do="source" data-n="0" '
        'data-url="{}"><q dir="auto">{}</q></button>{}</li>'
    ).format(manual.name, where(passage.section, page), url, clip(readable(passage.text)), below)


def offered(found: Evidence) -> Markup:
    """Return a section that may answer: its heading, where it stands, and its first words."""
    passage, manual = found.passage, found.manual
    page = (passage.label or str(passage.page)) if manual.paged else ""
    title = passage.section[-1] if passage.section else manual.name
    place = where(passage.section, page)
    return Markup('<div><b>{}</b><small>{}</small><q dir="auto">{}</q></div>').format(
        title,
        " · ".join(part for part in (manual.name, place) if part),
        clip(readable(passage.text)),
    )


def source_lines(citations: Sequence[Citation]) -> str:
    """Return the sources as footnotes: "[1] Aurora X200, version 2 (12 Nov 2026), Care › Cleaning, page 3: “Hold RESET.”"."""
    rows = [f"[{c.n}] {_footnote(c)}" for c in citations]
    return "\n\n" + "\n".join(rows) if rows else ""


def places_of(citations: Sequence[Citation]) -> tuple[dict[int, int], str]:
    """Return the number of each citation's place, counted anew, and these places as footnotes, each once; with what was quoted
    there where the answer does not have it word for word."""
    held: dict[str, list[Citation]] = {}
    for one in citations:
        held.setdefault(_place(one), []).append(one)
    numbers, rows = dict[int, int](), list[str]()
    for number, (place, cited) in enumerate(held.items(), 1):
        numbers |= {one.n: number for one in cited}
        quotes = [f"“{clip(readable(c.quote))}”" for c in cited if c.state != "verified"]
        rows.append(f"[{number}] {place}{': ' if quotes else ''}{' '.join(quotes)}")
    return numbers, "\n\n" + "\n".join(rows) if rows else ""


def _footnote(c: Citation) -> str:
    return f"{_place(c)}: “{clip(readable(c.quote))}”"


def _place(c: Citation) -> str:
    place = where(c.section, page_label(c))
    return ", ".join(part for part in (c.manual, _version(c), place) if part)


def _version(c: Citation) -> str:
    """Return "version 2 (12 Nov 2026)"."""
    return say("footnote.version", version=c.version, day=day(c.added))
