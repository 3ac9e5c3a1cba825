"""Fifty turns against each of twelve failing model servers: answered in time, and nothing left behind. Prints a table.

python tests/bench/bench_faults.py
"""

from __future__ import annotations

import logging
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from test_adapters_faults import open_sockets  # noqa: E402

from chatbot.assistant import ask_once  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from tests.support.model_server import SEAL, ModelServer, assistant_with  # noqa: E402

FAULTS = (
    "reset", "closed at once", "503", "500", "wrong model", "out of memory", "stall before headers", "stall mid-stream",
    "1 byte a second", "garbage JSON", "mid-stream cut", "huge line",
)  # fmt: skip
DEADLINE, TURNS = 1, 50


def main() -> None:
    logging.disable(logging.WARNING)
    threads, sockets, good = threading.active_count(), open_sockets(), 0
    for fault in FAULTS:
        seconds = []
        with assistant_with(
            Path(tempfile.mkdtemp()), ModelServer(fault), seconds=DEADLINE
        ) as assistant:
            for _ in range(TURNS):
                # Rested, so that the server is really asked each time and not spared by the circuit breaker.
                assistant.models.servers.all[0].breaker._opened = None  # type: ignore[union-attr]
                begun = time.monotonic()
                answer = ask_once(assistant, Question(SEAL))
                seconds.append(time.monotonic() - begun)
                good += (
                    answer.outcome == "answered"
                    and seconds[-1] <= DEADLINE + 1
                    and "12 Nm" in answer.text
                )
        print(f"{fault:22} slowest {max(seconds):.2f} s")
    print(
        f"{good} of {len(FAULTS) * TURNS} answered within {DEADLINE + 1} s; left: {threading.active_count() - threads} threads, {open_sockets() - sockets} sockets"
    )


if __name__ == "__main__":
    main()
