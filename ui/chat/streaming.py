"""What is known of an answer while its steps arrive, and how that looks. Pure; knows nothing of Gradio."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from chatbot.answers.events import (
    CitationAdded,
    CitationMark,
    Event,
    EvidenceFound,
    Finished,
    Notice,
    Quoted,
    Reset,
    Routed,
    TextDelta,
    Waiting,
)
from chatbot.conversations.types import Answer, Citation, Question, Quotes, Route
from ui.chat import answer_text, turns
from ui.text.english import say
from ui.web.html import join


@dataclass(slots=True)
class LiveAnswer:
    """An answer on its way. Feed it each step with ``take``; ``html`` shows what there is so far.

    ``pieces`` are text, and the numbers of sources where they are cited: a "[1]" that a model wrote is only text.
    ``late`` are the notices that came after text; they stay below it, so that nothing moves. ``quotes`` stand there until
    text comes.
    """

    question: Question
    route: Route | None = None
    approved: bool = False
    asked: str = ""
    phase: str = "turn.searching"
    place: int = 0
    pieces: list[str | int] = field(default_factory=list)
    cited: dict[int, Citation] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    quotes: Quotes | None = None
    answer: Answer | None = None

    def take(self, step: Event) -> None:
        """Add what a step tells."""
        self.place = step.place if isinstance(step, Waiting) else 0
        match step:
            case Routed(route, approved):
                self.route, self.approved = route, approved
            case EvidenceFound(asked=asked):
                self.asked, self.phase = asked, "turn.writing"
            case Quoted(quotes):
                self.quotes, self.phase = quotes, "turn.rewording"
            case TextDelta(text):
                self._add(text)
            case CitationMark(n):
                self.pieces.append(n)
            case CitationAdded(citation):
                self.cited[citation.n] = citation
            case Reset():
                self.pieces, self.cited = [], {}
                self.notices, self.late = self.notices + self.late, []
            case Notice(text):
                (self.late if self.pieces else self.notices).append(text)
            case Finished(answer):
                self.answer = answer

    def _add(self, text: str) -> None:
        if self.pieces and isinstance(self.pieces[-1], str):
            self.pieces[-1] += text
        else:
            self.pieces.append(text)

    def html(self) -> Markup:
        """Return the answer so far, or as it was stored once it has finished."""
        if self.answer:
            return turns.finished(self.answer, self.question)
        doing = say("turn.busy", n=self.place) if self.place else say(self.phase)
        return join(
            (
                turns.asked_line(self.asked, self.question),
                turns.notices(self.notices),
                self._text(),
                turns.route_line(self.route, self.approved) if self.route else Markup(""),
                turns.notices(self.late),
                turns.state_line(doing, busy=True),
            )
        )

    def _text(self) -> Markup:
        if self.pieces:
            return answer_text.flowing(self.pieces, self.cited)
        if not self.quotes:
            return Markup("")
        return Markup('<div class="t-quotes">{}</div>').format(answer_text.quoted(self.quotes))
