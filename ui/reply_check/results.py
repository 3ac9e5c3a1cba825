"""The page "Check a reply" as HTML: the box for the reply, and beside each of its sentences what the manuals say of it.

Pure functions: values of ``chatbot`` in, escaped HTML out. Knows nothing of Gradio, routes or databases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from markupsafe import Markup

from chatbot.conversations.types import Citation, Sentence
from chatbot.grounding.entailment.comparison import Differing, differing
from chatbot.grounding.reply_check import LONGEST, Checked, Other
from knowledge.text import readable
from ui.sources.citations import chip, clip, source_lines, sources, verdict
from ui.text.english import count, say
from ui.web.html import icon, icon_button, join, marked, text_button
from ui.web.templates import render

SIGNS = {
    "verified": "check",
    "supported": "check",
    "contradicted": "alert",
    "unsupported": "question",
}
NOTHING = "–"  # where only one of the two has a word
MOST_DIFFERING = 4
COUNTS = {"contradicted": "check.contradicted", "unsupported": "check.unsupported"}


def page() -> Markup:
    """Return the frame of the page; scripts fill the verdicts and the panel."""
    return render("reply_check/frame.html", limit=LONGEST)


@dataclass(slots=True)
class ReplyReport:
    """Verdicts as they come in; the same place keeps its number over all sentences."""

    seen: list[Checked] = field(default_factory=list)
    citations: list[Citation] = field(default_factory=list)

    def row(self, checked: Checked) -> Markup:
        """Return the row of the next sentence."""
        self.seen.append(checked)
        part = checked.sentence
        look = " look" if needs_look(checked) else ""
        return Markup(
            '<li class="t-verdict {}{}"><p class="t-said" dir="auto">{}</p><div class="t-told">{}</div></li>'
        ).format(
            "none" if checked.again else part.state, look, self._said(part), self._told(checked)
        )

    def _said(self, part: Sentence) -> Markup:
        """Return the sentence; where the manual's nearest one says otherwise, with the words that differ marked."""
        text = readable(part.text)
        spans = (
            [each.said_at for each in differing(text, readable(part.near.quote))]
            if part.near
            else []
        )
        return marked(text, spans, "t-differs")

    def _told(self, checked: Checked) -> Markup:
        part = checked.sentence
        if part.state == "none":
            return Markup("")
        if checked.again:
            return Markup('<p class="t-state-words">{}</p>').format(say("check.again"))
        chips = join(chip(self._numbered(c), "") for c in checked.sources if c.n in part.n)
        words = say("check.none") if part.state == "unsupported" else verdict(part)
        said = Markup('<p class="t-state-words">{}<b>{}</b>{}</p>').format(
            icon(SIGNS[part.state]),
            say("near.compare") if part.state == "unsupported" and part.near else words,
            chips,
        )
        return join((said, self._near(part), *(self._other(other) for other in checked.others)))

    def _near(self, part: Sentence) -> Markup:
        """Return the nearest quote of the manuals with the words that differ marked and named, numbers and codes first;
        and the button that puts it in the sentence's place."""
        if part.near is None:
            return Markup("")
        near = self._numbered(part.near)
        quote = readable(near.quote)
        use = (
            text_button(say("check.use"), "use", "small", sentence=part.text, quote=quote)
            if part.state == "contradicted"
            else ""
        )
        differs = differing(readable(part.text), quote)
        held = marked(clip(quote), [each.held_at for each in differs], "t-differs")
        says = Markup("<span>{}</span> ").format(say("near.says"))
        return Markup('<p class="t-near">{}<q dir="auto">{}</q> {}</p>{}{}').format(
            says if part.state == "contradicted" else "",
            held,
            chip(near, ""),
            _differing(differs),
            use,
        )

    def _other(self, other: Other) -> Markup:
        held = _figures(other.figures)
        words = say("check.otherwise", manual=other.citation.manual, held=held)
        return Markup('<p class="t-near">{}{} {}</p>').format(
            icon("alert"), words, chip(self._numbered(other.citation), "")
        )

    def _numbered(self, citation: Citation) -> Citation:
        for held in self.citations:
            if (held.version_id, held.page, held.start, held.end) == (
                citation.version_id,
                citation.page,
                citation.start,
                citation.end,
            ):
                return replace(held, state=citation.state)
        self.citations.append(replace(citation, n=len(self.citations) + 1))
        return self.citations[-1]

    def summary(self) -> Markup:
        """Return what all verdicts come to, the reply with footnotes to copy, and the list of sources."""
        tools = icon_button(
            "quote",
            say("check.copy"),
            "copy",
            text=self.footnoted(),
            count=len(self.citations) or -1,
        )
        return Markup(
            '<footer class="t-actions">{}<span class="t-meta">{}</span></footer>{}'
        ).format(tools, self.words(), sources(self.citations, ""))

    def words(self) -> str:
        """Return "3 of 5 sentences supported · 1 contradicted"."""
        told = [one.sentence for one in self.seen if not one.again]
        states = [part.state for part in told if part.state != "none"]
        if not states:
            return say("check.nothing")
        good = sum(state in ("verified", "supported") for state in states)
        parts = [say("turn.supported", n=good, all=len(states))]
        parts += [
            count(key, states.count(state)) for state, key in COUNTS.items() if state in states
        ]
        return " · ".join(parts)

    def footnoted(self) -> str:
        """Return the reply as plain text, with the numbers of its sources and the sources below."""
        used: list[Citation] = []
        text = ""
        for one in self.seen:
            cited = [
                self._numbered(citation) for citation in one.sources if citation.n in one.sentence.n
            ]
            used += [
                citation for citation in cited if citation.n not in {other.n for other in used}
            ]
            marks = "".join(f" [{citation.n}]" for citation in cited)
            text += (
                ("" if not text else "\n" if one.line else " ")
                + readable(one.sentence.text)
                + marks
            )
        return text + source_lines(used)


def needs_look(checked: Checked) -> bool:
    """Does a person have to look at a sentence: contradicted, not found, or said otherwise by another manual?"""
    wrong = checked.sentence.state in ("contradicted", "unsupported")
    return not checked.again and (wrong or bool(checked.others))


def _differing(differs: Sequence[Differing]) -> Markup:
    """Return the words that differ as a list "15 s → 10 s", at most MOST_DIFFERING."""
    pairs = [
        f"{each.said or NOTHING} → {each.held or NOTHING}" for each in differs[:MOST_DIFFERING]
    ]
    return (
        Markup('<p class="t-pairs">{}</p>').format(say("near.differs", words=" · ".join(pairs)))
        if pairs
        else Markup("")
    )


def _figures(pairs: Sequence[tuple[str, str]]) -> str:
    return ", ".join(held for _, held in pairs)
