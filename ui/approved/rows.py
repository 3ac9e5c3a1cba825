"""Proposed and approved answers as the page shows them: text, sources, what became of these, what may be done.

Knows values; nothing of routes or databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from markupsafe import Markup, escape

from chatbot.conversations.types import Answer, Citation, Route, Sentence
from chatbot.curation.approved.places import is_stale
from chatbot.curation.approved.types import ApprovalState, ApprovedAnswer
from knowledge.text import readable, words
from ui.chat.answer_text import beside, text
from ui.sources.citations import Changed, chip, page_label, source_url, sources
from ui.text.english import count, say
from ui.web.html import join, when, where

Shelf = Literal["decide", "approved", "stale", "away"]
SHELVES: tuple[Shelf, ...] = get_args(Shelf)


@dataclass(frozen=True, slots=True)
class StaleSource:
    """A source that says something else now or is gone: in words, its number, and where the difference is ("" for none)."""

    told: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class ApprovedRow:
    """An answer of the list, with what became of its sources."""

    one: ApprovedAnswer
    since: Changed

    @property
    def stale(self) -> bool:
        """Whether a source has changed or is gone."""
        return is_stale(self.since)

    @property
    def shelf(self) -> Shelf:
        """Under which heading it stands."""
        if self.one.state == "proposed":
            return "decide"
        if self.one.state != "approved":
            return "away"
        return "stale" if self.stale else "approved"

    @property
    def may_be_approved(self) -> bool:
        """Whether nothing but an admin's word is missing."""
        return self.one.state != "approved" and bool(self.one.tied.citations) and not self.stale

    @property
    def unsourced(self) -> int:
        """How many sentences have no source in the manuals."""
        return len(self.one.tied.unsourced)

    @property
    def html(self) -> Markup:
        """Its text with a chip at each sentence that has a source, and the sources below."""
        tied = self.one.tied
        shown = Answer(
            "", self.one.text, "answered", Route("documents", ""), tied.citations, tied.sentences
        )
        cited = {citation.n: citation for citation in tied.citations}
        return join((text(shown, cited, self.since), sources(tied.citations, "", self.since)))

    @property
    def who(self) -> Markup:
        """Who proposed it and who decided on it, each with the time."""
        one = self.one
        told = [(_by("proposed", one.proposed_by), one.proposed_at)]
        if one.state != "proposed":
            told.append((_by(one.state, one.decided_by), one.decided_at))
        return join((join((escape(who), when(at)), ", ") for who, at in told), " · ")

    @property
    def changes(self) -> tuple[StaleSource, ...]:
        """The sources that have changed or are gone."""
        told = ((citation, self.since.get(citation.n)) for citation in self.one.tied.citations)
        return tuple(
            StaleSource(
                say(f"approved.{state}", manual=c.manual, n=c.n, version=c.version),
                c.n,
                f"{source_url(c, '').partition('?')[0]}/changes" if state == "changed" else "",
            )
            for c, state in told
            if state in ("changed", "removed")
        )

    @property
    def ties(self) -> tuple[tuple[str, Markup], ...]:
        """Each sentence, and where it stands in the manuals or that it does not."""
        cited = {citation.n: citation for citation in self.one.tied.citations}
        return tuple(
            (readable(part.text), self._tie(part, [cited[n] for n in part.n]))
            for part in self.one.tied.sentences
        )

    def _tie(self, part: Sentence, places: Sequence[Citation]) -> Markup:
        if not places:
            none = part.state == "none"
            told = say("approved.claims.nothing" if none else "approved.source.none")
            kind = Markup(' class="t-dim"') if none else Markup("")
            return join((Markup("<b{}>{}</b>").format(kind, told), beside(part)), " ")
        return join(
            (
                Markup("<span>{} {}</span>").format(
                    chip(c, "", self.since.get(c.n, "same")),
                    ", ".join(filter(None, (c.manual, where(c.section, page_label(c))))),
                )
                for c in places
            ),
            " ",
        )


def holding(rows: Sequence[ApprovedRow], search: str) -> list[ApprovedRow]:
    """Return the answers that hold every word of a search, in question, product, text or the names of those who proposed or
    decided; a word may be the beginning of one."""
    wanted = words(search)
    return [row for row in rows if not wanted or all(_holds(row.one, word) for word in wanted)]


def _holds(one: ApprovedAnswer, word: str) -> bool:
    held = words(" ".join((one.question, one.product, one.text, one.proposed_by, one.decided_by)))
    return any(own.startswith(word) for own in held)


def tabs(rows: Sequence[ApprovedRow], shown: Shelf) -> list[tuple[Shelf, str, bool]]:
    """Return each heading with how many stand under it, and whether it is shown."""
    held = [row.shelf for row in rows]
    return [
        (shelf, say("approved.tab", name=say(f"approved.{shelf}"), n=held.count(shelf)), shelf == shown)
        for shelf in SHELVES
    ]  # fmt: skip


def sure(row: ApprovedRow) -> str:
    """Return what is asked before an answer is approved, "" for nothing."""
    return count("approved.sure", row.unsourced) if row.unsourced else ""


def _by(state: ApprovalState, name: str) -> str:
    """Return what somebody did; without a name it was somebody at this machine, or their account is gone."""
    return say(f"approved.who.{state}", name=name) if name else say(f"approved.at.{state}")
