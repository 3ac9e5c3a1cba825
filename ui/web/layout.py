"""The frames that the scripts fill: the chat page, what an empty conversation shows, and a page until it is built.

Pure; holds nothing from a manual except what is handed in, and that is escaped. Knows nothing of Gradio.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from chatbot.conversations.suggestions import Suggestion
from knowledge.types import Counts
from ui.web.templates import render

MAX_QUESTION = 20_000  # characters: a whole ticket
MODES = ("auto", "documents", "adapter", "both", "compare")
ALWAYS = ("auto", "documents", "compare")  # modes that run without an adapter


def chat() -> Markup:
    """Return the frame of the chat page; scripts fill the rail, the thread and the panel."""
    return render(
        "chat/frame.html", modes=[(mode, mode in ALWAYS) for mode in MODES], limit=MAX_QUESTION
    )


def first(page: str, rights: Collection[str]) -> Markup:
    """Return what a page ("chat", "check" or "manuals") shows until it has been built: the bar, with the links one may open."""
    return render("web/first.html", page=page, rights=rights)


def start(
    counts: Counts, suggestions: Sequence[Suggestion], note: str = "", *, may_add: bool = True
) -> Markup:
    """Return what an empty conversation shows: questions to start with, or how to get the first manual.

    ``note`` is a sentence that should be known before the first question; ``may_add``: the reader may add manuals.
    """
    return render(
        "chat/start.html", counts=counts, suggestions=suggestions, note=note, may_add=may_add
    )
