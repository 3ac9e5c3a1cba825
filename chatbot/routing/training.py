"""What an adapter was trained on, held against the library as it is at this moment."""

from __future__ import annotations

import threading
from dataclasses import replace

from chatbot.routing.signals import Trained, plain_sentences
from knowledge.catalog import Catalog


class TrainingNow:
    """Completes what is known of an adapter's training from the library, once for each of its states. Safe for threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._lock = threading.Lock()
        self._held: tuple[tuple[str, frozenset[str], int], Trained] | None = None

    def of(self, trained: Trained | None) -> Trained | None:
        """Return it with the sentences it was trained on, and how many of its passages stand in no live manual any more."""
        if trained is None or not trained.hashes:
            return trained
        key = (trained.name, trained.hashes, self._catalog.generation())
        with self._lock:
            if self._held is None or self._held[0] != key:
                texts = self._catalog.texts_of(trained.hashes)
                known = frozenset(one for text in texts for one in plain_sentences(text))
                gone = self._catalog.gone(trained.hashes)
                self._held = (key, replace(trained, sentences=known, removed=gone))
            now = self._held[1]
        return replace(trained, sentences=now.sentences, removed=now.removed)
