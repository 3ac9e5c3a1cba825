"""What the page tells of models and their age.

Knows the assistant and the library's tables of passages; nothing of pages.
"""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from adapters.registry import Card
from chatbot.models.serving import ModelStatus
from ui.chat.status_line import newer

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)

AGAIN = 5.0  # seconds between looks for a model server, until the first one is there


class Board:
    """What is served now, and which manuals are newer. Safe for threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._aged: tuple[int, Card, tuple[str, ...]] | None = None

    def serving(self) -> ModelStatus:
        """Return what is served; a look behind it is believed for some seconds (``Models.status``)."""
        return self._assistant.models.status()

    def later(self, card: Card | None) -> tuple[str, ...]:
        """Return the manuals that are newer than an adapter; worked out again when manuals or adapter change."""
        if card is None or card.trained_on is None:
            return ()
        now = self._assistant.catalog.generation()
        if self._aged is None or self._aged[:2] != (now, card):
            self._aged = (now, card, newer(card, self._assistant.catalog.versions_held()))
        return self._aged[2]

    def warm(self) -> None:
        """Load what the first question would wait for, and what the first answer by a model would, once one is there.

        For a thread of its own: it returns when a model has been seen.
        """
        try:
            self._assistant.warm()
            if self._assistant.models.servers is None or self.serving().chat:
                return
            while not self.serving().chat:
                time.sleep(AGAIN)
            self._assistant.warm()
        except (
            Exception
        ) as error:  # the edge of a thread: the first question will load it, or tell what is wrong
            log.warning("could not prepare for the first question: %s", error)
