"""What can go wrong between a question and its answer. Every class carries a hint."""

from __future__ import annotations


class ChatError(Exception):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""

    hint = ""


class BadSetting(ChatError):
    hint = "See the settings table in README.md."


class NoSuchConversation(ChatError):
    hint = "It was deleted, or it belongs to somebody else."


class NotKept(ChatError):
    """The journal cannot be read or written. ``reason`` says why in words that end no sentence."""

    hint = "Ask whoever runs Tandem to look at it."

    def __init__(self, reason: str) -> None:
        super().__init__(f"The conversations cannot be kept: {reason}.")
        self.reason = reason


class EmptyQuestion(ChatError):
    hint = "Type a question."


class BadCases(ChatError):
    """A case file cannot be used; the sentence names the line."""

    hint = 'One JSON object a line: {"question", "answer", "manual", "sections": ["A > B"]}.'


class BadBatch(BadCases):
    hint = 'One JSON object a line: {"id", "turns": ["…"], "product", "mode"}.'


class BadDraft(ChatError):
    """A text cannot be checked: there is none, or too much of it."""

    hint = "Give the reply as text in UTF-8, in parts if it is long."


class NoManuals(ChatError):
    hint = "Add the manuals first."


class BadPassages(ChatError):
    hint = 'One JSON object: {"passages": [{"text": "…"}]}.'


def cause(error: Exception) -> str:
    """Return why a file could not be read, in words and without an error number."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not text in UTF-8"
    if isinstance(error, OSError):
        text = error.strerror or "it cannot be opened"
        return text[:1].lower() + text[1:]
    return f"it is not JSON ({error})"
