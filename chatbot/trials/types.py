"""The values of blind comparisons: what is compared, a pair of answers, the vote on it, a trial."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from chatbot.conversations.types import Answer, Arm, Mode

Side = Literal["a", "b"]
Choice = Literal["a", "b", "tie", "neither"]
# "": shown, and nothing said yet; "skipped": revealed without a vote; "same": both said the same, so that nobody was asked.
PairState = Literal["", "a", "b", "tie", "neither", "skipped", "same"]
Reason = Literal["", "wrong", "incomplete", "too long", "tone"]
Support = Literal["", "yes", "partly", "no"]
# Why a trial ended: "" by hand; it has its votes, a difference is sure, the manuals contradict the candidate more often, the
# candidate is served now, another adapter is served or one is another model by now.
Ending = Literal["", "votes", "decided", "contradicted", "promoted", "changed"]

ARMS: tuple[Arm, ...] = get_args(Arm)
ADAPTERS: tuple[Arm, Arm] = ("candidate", "served")
WAYS: tuple[Arm, ...] = tuple(
    arm for arm in ARMS if arm not in ADAPTERS
)  # what any trial may compare
CHOICES: tuple[Choice, ...] = get_args(Choice)
REASONS: tuple[Reason, ...] = get_args(Reason)
SUPPORTS: tuple[Support, ...] = get_args(Support)
# The mode in which each arm answers; the quoting ones without a model.
MODES: Mapping[Arm, Mode] = {
    "quotes": "documents",
    "brief": "documents",
    "documents": "documents",
    "adapter": "adapter",
    "both": "both",
    "candidate": "auto",
    "served": "auto",
}


@dataclass(frozen=True, slots=True)
class Rival:
    """An adapter in a trial by the name and the digest of its card; both "" for none."""

    name: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """A comparison with a name. ``arms``: what is compared, () for whatever runs; ``share``: of the questions asked in Auto,
    how many of a hundred are answered as a pair; ``people``: ids of those who take part, () for everybody; ``most``:
    decisive votes after which it ends by itself. Moments are UTC, ISO 8601; ``ended`` "" while it runs. ``rivals``: in the
    trial of an adapter the candidate, and what was served when it began.
    """

    id: str
    name: str
    seed: str
    arms: tuple[Arm, ...] = ()
    share: int = 0
    people: tuple[str, ...] = ()
    most: int = 0
    begun: str = ""
    ended: str = ""
    rivals: tuple[Rival, Rival] | None = None
    why: Ending = ""


@dataclass(frozen=True, slots=True)
class AnswerPair:
    """Two answers to one question, side by side; its id is that of the turn it stands in. ``stratum`` names what answered:
    models, prompts and manuals as they were. ``taken`` is the side with which the conversation goes on. ``wrong``: whether
    the manuals contradict what the model of each wrote, also where it gave way to them.
    """

    id: str
    trial: str
    question: str
    product: str
    arms: tuple[Arm, Arm]
    a: Answer
    b: Answer
    stratum: str
    state: PairState = ""
    reason: Reason = ""
    voted_at: str = ""
    support: tuple[Support, Support] = ("", "")
    taken: Side | Literal[""] = ""
    wrong: tuple[bool, bool] = (False, False)

    @property
    def answers(self) -> tuple[Answer, Answer]:
        """Both, a first."""
        return self.a, self.b

    def adopted(self, side: Side) -> Answer:
        """The answer of a side as that of the turn."""
        return replace(self.a if side == "a" else self.b, id=self.id)


@dataclass(frozen=True, slots=True)
class PairVote:
    """A pair without its answers: what figures are made of. ``voter`` and ``question`` are "" once they were erased."""

    trial: str
    voter: str
    question: str
    product: str
    arms: tuple[Arm, Arm]
    stratum: str
    state: PairState
    reason: Reason
    support: tuple[Support, Support]
    corrected: bool
    made_at: str
    wrong: tuple[bool, bool] = (False, False)


@dataclass(frozen=True, slots=True)
class Preparing:
    """Both answers are on their way; nothing of either may be shown."""


@dataclass(frozen=True, slots=True)
class Compared:
    """Both answers are finished, and stand side by side."""

    pair: AnswerPair
