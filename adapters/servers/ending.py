"""Why a stream ended without saying that it was done: the server broke off, or the model repeated itself.

Ollama ends a stream without a word when the model has said the same thing thirty times (llm/server.go, 0.24).
Knows no server.
"""

from __future__ import annotations

from adapters.errors import Repeating, ServerError, StreamBroken

# Ollama counts 30; its first pieces may have come as one.
REPEATS = 25


class Ending:
    """Watches the pieces of one stream."""

    def __init__(self) -> None:
        self._last, self._times = "", 0

    def add(self, piece: str) -> None:
        """A piece, as it came."""
        word = piece.strip()
        self._times = self._times + 1 if word == self._last else 0
        self._last = word

    def fault(self) -> ServerError:
        """The error for a stream that ended before it was done."""
        if self._times >= REPEATS:
            return Repeating(
                "The model repeated itself without end, so the model server stopped it."
            )
        return StreamBroken("The model server stopped in the middle of its answer.")
