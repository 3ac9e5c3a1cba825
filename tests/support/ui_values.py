"""Values that the tests of the pages show: an answer with its sources, a passage, what is served, steps on their way."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser

from adapters.registry import Card
from adapters.servers.ollama import Ollama
from chatbot.answers.events import Event
from chatbot.conversations.types import Answer, Citation, Question, Route, Sentence
from chatbot.models.prompts import STANDARD
from chatbot.models.serving import ChatModel, ModelStatus
from knowledge.types import Evidence, Manual, Passage
from ui.chat.streaming import LiveAnswer

QUESTION = Question("How do I reset it?")


def citation(n: int = 1, **change: object) -> Citation:
    made = Citation(
        n, "m1", "Aurora X200", "X200", 2, 7, "2026-11-12T13:05:00Z", True, 3, "iii", ("Care", "Resetting"),
        "Hold RESET for ten seconds.", 10, 37, "h",
    )  # fmt: skip
    return replace(made, **change)  # type: ignore[arg-type]


def answer(**change: object) -> Answer:
    made = Answer(
        "a1", "Hold RESET. [1] Wait. [2]", "answered", Route("documents", "The manuals cover this."),
        citations=(citation(1), citation(2, page=4, label="")),
        sentences=(Sentence("Hold RESET.", "verified", (1,)), Sentence("Wait.", "verified", (2,))),
        seconds={"total": 0.42},
    )  # fmt: skip
    return replace(made, **change)  # type: ignore[arg-type]


def evidence(text: str = "Close both valves.") -> Evidence:
    manual = Manual(
        "m1",
        "Aurora X200",
        "X200",
        2,
        7,
        9,
        40,
        "live",
        "2026-11-12T13:05:00Z",
        "a.pdf",
        "pdf",
        True,
        "0" * 64,
    )
    return Evidence(Passage(5, 7, 3, "iii", ("Care",), 10, 20, text, "h"), manual, 0.4, ("words",))


def serving(**change: object) -> ModelStatus:
    """A model server with a chat model and an adapter; nobody is asked anything."""
    writer = ChatModel(Ollama("http://127.0.0.1:9"), "base:v1", STANDARD, 4096)
    card = Card(
        "desk", "desk:v1", "base:v1", "d1", trained_on=("h1", "h2"), created="2026-11-01T10:00:00Z"
    )
    return replace(ModelStatus("up", "", writer, replace(writer, model="desk:v1"), card), **change)  # type: ignore[arg-type]


def shown(*steps: Event) -> list[str]:
    """What an answer looks like before its first step and after each."""
    live = LiveAnswer(QUESTION)
    seen = [str(live.html())]
    for step in steps:
        live.take(step)
        seen.append(str(live.html()))
    return seen


class Elements(HTMLParser):
    """The tags of a piece of HTML, and the text between them."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data
