"""Who is asked, what is compared, and which answer stands on which side: drawn, and drawn the same whenever it is repeated.

Pure. Everything follows from the trial's seed, which never leaves the server, and from what was asked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import combinations

from chatbot.conversations.types import Arm
from chatbot.curation.approved.same_question import key_of
from chatbot.trials.types import Trial


def invited(trial: Trial, question: str, person: str, *, always: bool = False) -> bool:
    """Say whether somebody's question takes part: as large a share of them as was set, or ``always`` where they compare."""
    if trial.ended or (trial.people and person not in trial.people):
        return False
    return always or _drawn(trial.seed, "invited", key_of(question)) * 100 < trial.share


def arms_for(trial: Trial, running: Sequence[Arm], question: str) -> tuple[Arm, ...]:
    """Return the two arms that answer a question, in a fixed order: those of the trial that run; () where fewer than two do.

    The same question gets the same two from everybody, so that people can agree or not.
    """
    there = [arm for arm in (trial.arms or running) if arm in running]
    pairs = list(combinations(there, 2))
    if not pairs:
        return ()
    return pairs[int(_drawn(trial.seed, "arms", key_of(question)) * len(pairs))]


def turned(trial: Trial, pair_id: str) -> bool:
    """Say whether the first arm stands on the right."""
    return _drawn(trial.seed, "side", pair_id) < 0.5


def _drawn(seed: str, what: str, of: str) -> float:
    """Return a number from 0 up to 1, as if drawn, by what it is drawn for."""
    digest = hashlib.sha256(f"{seed}\0{what}\0{of}".encode()).digest()
    return int.from_bytes(digest[:7]) / 2**56
