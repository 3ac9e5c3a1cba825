"""What can keep somebody from being added, or from signing in. Every class carries a hint."""

from __future__ import annotations

from chatbot.errors import ChatError


class AccountError(ChatError):
    """Base of all. ``str(error)`` is one clear sentence; ``hint`` says what to do."""


class BadName(AccountError):
    hint = "Use a name or an e-mail address of at most 100 characters."


class NameTaken(AccountError):
    hint = "Choose another name."


class WeakPassword(AccountError):
    hint = "Several words that nobody would guess together do well."


class NotAdded(AccountError):
    hint = "Ask an admin of your team."


class NoSuchPerson(AccountError):
    hint = "The page of people shows everybody, as does `run.py users`."


class LastAdmin(AccountError):
    hint = "Make somebody else an admin first; one who was given a link has to use it before."


class NoAdminYet(LastAdmin):
    hint = "Choose the role admin for the first; then add the others."


class WrongSignIn(AccountError):
    hint = "An admin can give you a link to choose a new password."


class TooManyTries(AccountError):
    """Too many wrong passwords; ``seconds`` until the next one is looked at."""

    hint = "An admin can give you a link to choose a new password."

    def __init__(self, seconds: int) -> None:
        one = "1 second" if seconds == 1 else f"{seconds} seconds"
        wait = one if seconds < 120 else f"{-(-seconds // 60)} minutes"
        super().__init__(f"Too many wrong passwords. Wait {wait}.")
        self.seconds = seconds


class SignInBusy(AccountError):
    hint = "Try again in a moment."


class LinkUsed(AccountError):
    hint = "Ask an admin for a new one."


class NoSuchSession(AccountError):
    hint = "It has ended already."
