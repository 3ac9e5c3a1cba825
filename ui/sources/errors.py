"""What can keep a source from being shown."""

from __future__ import annotations

from chatbot.errors import ChatError


class NoSuchSource(ChatError):
    """``str(error)`` is one clear sentence; ``hint`` says what to do."""

    hint = "Ask the question again."
