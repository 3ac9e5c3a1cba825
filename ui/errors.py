"""What can keep the pages from being served, or a request from being answered. Every class carries a hint."""

from __future__ import annotations

from chatbot.errors import ChatError


class PageError(ChatError):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""


class NobodyToSignIn(PageError):
    hint = "Make the first admin: run.py users add NAME --role admin"


class PortTaken(PageError):
    hint = "Stop the other program, or choose another port with --port."


class NoSuchSource(PageError):
    hint = "Ask the question again."


class NotOwned(PageError):
    hint = "Reload the page."
