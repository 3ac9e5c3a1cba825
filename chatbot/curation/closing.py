"""Which gaps are closed: questions that went unanswered once and that the manuals answer by now.

Nothing is stored: what is found holds until the library changes, and is looked for again then.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from chatbot.curation.gaps import Gap
from knowledge.errors import KnowledgeError
from knowledge.types import Evidence

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SortedGaps:
    """Gaps as they are now, each group in its order: open ones, and closed ones with the passage that answers each.

    ``unchecked`` of the open ones were not looked up yet.
    """

    open: tuple[Gap, ...]
    closed: tuple[tuple[Gap, Evidence], ...] = ()
    unchecked: int = 0


class ClosedGaps:
    """Looks up gaps again after each change of the library. Safe for many threads.

    ``answers`` gives the passage that answers a question of a product, or None; ``approved`` that of an approved answer
    only, which closes what was voted down, too; ``generation`` a number that changes with the library.
    """

    def __init__(
        self,
        answers: Callable[[str, str], Evidence | None],
        generation: Callable[[], int],
        approved: Callable[[str, str], Evidence | None] = lambda question, product: None,
    ) -> None:
        self._answers, self._generation, self._approved = answers, generation, approved
        self._lock = threading.Lock()
        self._now = -1
        self._known: dict[tuple[str, str, bool], Evidence | None] = {}

    def sort(self, gaps: Sequence[Gap], seconds: float) -> SortedGaps:
        """Open and closed gaps. Looking them up ends after ``seconds``; another call goes on."""
        end = time.monotonic() + seconds
        with self._lock:
            if (now := self._generation()) != self._now:
                self._now, self._known = now, {}
            closed: list[tuple[Gap, Evidence]] = []
            left: list[Gap] = []
            unchecked = 0
            for gap in gaps:
                look = self._answers if _may_close(gap) else self._approved
                key = (gap.question, gap.product, _may_close(gap))
                if key not in self._known and time.monotonic() < end:
                    try:
                        self._known[key] = look(gap.question, gap.product)
                    except KnowledgeError as error:  # a list of questions needs no search
                        log.warning("questions without an answer could not be looked up: %s", error)
                        end = 0.0
                if found := self._known.get(key):
                    closed.append((gap, found))
                    continue
                unchecked += key not in self._known
                left.append(gap)
        return SortedGaps(tuple(left), tuple(closed), unchecked)


def _may_close(gap: Gap) -> bool:
    """A question that was voted down had an answer; whether another is better nobody has said."""
    return all(name != "bad" for name, _ in gap.why)
