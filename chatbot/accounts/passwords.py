"""Passwords: what is accepted, how one is kept, how one is compared. Argon2id with the library's parameters (RFC 9106)."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from chatbot.accounts.errors import SignInBusy, WeakPassword

if TYPE_CHECKING:
    from argon2 import PasswordHasher

SHORTEST, LONGEST = (
    12,
    200,
)  # characters; NIST SP 800-63B asks for length, and for no mixture of kinds
FEWEST = 5  # different characters
_one = threading.Lock()  # a comparison takes 64 MiB, so there is one at a time
_places = threading.BoundedSemaphore(8)  # who waits holds a thread that an agent's page may need


def check_password(password: str, name: str) -> None:
    """Raise WeakPassword when a password is too short, too long, or the person's own name."""
    text = _normal(password)
    if not SHORTEST <= len(text) <= LONGEST:
        raise WeakPassword(f"A password has {SHORTEST} to {LONGEST} characters.")
    if len(set(text)) < FEWEST or text.casefold() == _normal(name).casefold():
        raise WeakPassword("This password is too easy to guess.")


@contextmanager
def a_turn() -> Iterator[None]:
    """A place among the few who may wait for a comparison. Raises SignInBusy when all are taken."""
    if not _places.acquire(blocking=False):
        raise SignInBusy("Many people are signing in right now.")
    try:
        yield
    finally:
        _places.release()


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    with _one:
        return _hasher().hash(_normal(password))


def matches(kept: str, password: str) -> bool:
    """Say whether a password is the one that was kept; of somebody who has none, after the same time, that it is not."""
    from argon2.exceptions import InvalidHashError, VerificationError

    if len(password) > LONGEST:
        return False
    with _one:
        try:
            return _hasher().verify(kept or _nobody(), _normal(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def outdated(kept: str) -> bool:
    """Say whether a password is kept with weaker parameters than those of today."""
    return _hasher().check_needs_rehash(kept)


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher()


@cache
def _nobody() -> str:
    """Return a password that is nobody's: an unknown name must take as long as a known one."""
    return _hasher().hash("nobody has this password")


def _normal(password: str) -> str:
    """Return a password as it is compared: keyboards write the same letter in several ways (NIST SP 800-63B)."""
    return unicodedata.normalize("NFKC", password)
