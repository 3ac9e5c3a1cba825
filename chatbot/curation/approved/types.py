"""The values of an approved answer, and what can keep one from being approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chatbot.conversations.types import Citation, Sentence
from chatbot.errors import ChatError

ApprovalState = Literal["proposed", "approved", "declined", "withdrawn"]
LONGEST_TEXT = 20_000  # characters


class NoSuchApproved(ChatError):
    hint = "The page of approved answers shows all, as does `run.py approved`."


class NotApproved(ChatError):
    """An answer cannot be proposed, changed or approved as it is."""

    hint = "Reload the page to see it as it is now."


@dataclass(frozen=True, slots=True)
class Tied:
    """The sentences of a text, and the places in the manuals that they are tied to, by number."""

    sentences: tuple[Sentence, ...] = ()
    citations: tuple[Citation, ...] = ()

    @property
    def unsourced(self) -> tuple[Sentence, ...]:
        """The sentences that claim something and have no source in the manuals."""
        return tuple(one for one in self.sentences if one.state != "none" and not one.n)


@dataclass(frozen=True, slots=True)
class Draft:
    """What is proposed or edited: a question, the product that it is asked of ("" where it names none), the answer."""

    question: str
    product: str
    text: str
    tied: Tied


@dataclass(frozen=True, slots=True)
class ApprovedAnswer:
    """An answer that was proposed, and what an admin said to it. Moments are UTC in ISO 8601.

    ``proposed_by`` and ``decided_by`` are names, "" for somebody at this machine or whose account is gone; ``answer`` is
    the id of the answer that it came from, ``changed`` the last moment at which anything of it changed.
    """

    id: str
    question: str
    product: str
    text: str
    tied: Tied
    state: ApprovalState
    proposed_by: str
    proposed_at: str
    decided_by: str = ""
    decided_at: str = ""
    answer: str = ""
    changed: str = ""
