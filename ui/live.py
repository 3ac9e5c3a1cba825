"""What is known of an answer while its steps arrive, and how that looks. Pure; knows nothing of Gradio."""

from __future__ import annotations

from dataclasses import dataclass, field

from markupsafe import Markup

from chatbot.types import Answer, Citation, Cited, Finished, FoundStep, Notice, Question, Route, Routed, Step, Token
from ui import render
from ui.markup import join
from ui.texts import say


@dataclass(slots=True)
class Live:
    """An answer on its way. Feed it each step with ``take``; ``html`` shows what there is so far."""

    question: Question
    route: Route | None = None
    asked: str = ""
    text: str = ""
    cited: dict[int, Citation] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    answer: Answer | None = None

    def take(self, step: Step) -> None:
        """Add what a step tells."""
        match step:
            case Routed(route):
                self.route = route
            case FoundStep(asked=asked):
                self.asked = asked
            case Token(text):
                self.text += text
            case Cited(citation):
                self.cited[citation.n] = citation
            case Notice(text):
                self.notices.append(text)
            case Finished(answer):
                self.answer = answer

    def html(self) -> Markup:
        """Return the answer so far, or as it was stored once it has finished."""
        if self.answer:
            return render.finished(self.answer, self.question)
        phase = "turn.writing" if self.text else "turn.searching"
        return join(
            (
                render.route_line(self.route) if self.route else Markup(""),
                render.asked_line(self.asked, self.question),
                render.notices(self.notices),
                render.flowing(self.text, self.cited) if self.text else Markup(""),
                render.state_line(say(phase), busy=True),
            )
        )
