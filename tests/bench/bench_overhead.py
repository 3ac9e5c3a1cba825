"""What Tandem adds to a bare call of the ollama client, on a loopback server that sends a word every 20 ms.

python tests/bench/bench_overhead.py
"""

from __future__ import annotations

import contextlib
import socket
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from chatbot.answers.events import Finished, TextDelta  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from tests.support.faulty import HEAD, chunk, line  # noqa: E402
from tests.support.model_server import SEAL, ModelServer, assistant_with  # noqa: E402

WORDS = ("Remove the four screws of the cover. Tighten the screws to 12 Nm. " * 12).split()


class Slow(ModelServer):
    """Sends a word every 20 ms."""

    def _chat(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.sendall(HEAD % b"200 OK")
            for word in WORDS:
                connection.sendall(chunk(line(word + " ")))
                time.sleep(0.02)
            connection.sendall(
                chunk(line(done=True, prompt_eval_count=100, eval_count=len(WORDS))) + chunk(b"")
            )


def bare(url: str) -> float:
    import ollama

    begun = time.perf_counter()
    for _ in ollama.Client(host=url).chat(
        "m:latest", [{"role": "user", "content": SEAL}], stream=True
    ):
        return time.perf_counter() - begun
    raise AssertionError("no token")


def main() -> None:
    server = Slow("none", said="")
    with assistant_with(Path(tempfile.mkdtemp()), server, seconds=120, at_once=50) as assistant:
        assistant.warm()
        firsts, bares = [], []
        for _ in range(7):
            bares.append(bare(server.url))
            begun = time.perf_counter()
            for step in assistant.ask(Question(SEAL)):
                if isinstance(step, TextDelta):
                    firsts.append(time.perf_counter() - begun)
                    break
        first, alone = statistics.median(firsts), statistics.median(bares)
        print(
            f"first token: {first * 1e3:.0f} ms, bare client {alone * 1e3:.0f} ms, added {(first - alone) * 1e3:.0f} ms"
        )
        used = time.process_time()
        list(assistant.ask(Question(SEAL)))
        # The server is in this process too, so the figure is an upper bound.
        print(
            f"CPU a token, server included: {(time.process_time() - used) / len(WORDS) * 1e3:.1f} ms"
        )
        ended: list[Finished] = []

        def turn() -> None:
            *_, last = assistant.ask(Question(SEAL))
            ended.append(last)  # type: ignore[arg-type]

        threads = [threading.Thread(target=turn) for _ in range(50)]
        begun = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        whole = sum(len(one.answer.sentences) == 24 for one in ended)
        print(
            f"50 streams at once: {whole} of 50 whole in {time.perf_counter() - begun:.1f} s (one alone: {len(WORDS) * 0.02:.1f} s)"
        )


if __name__ == "__main__":
    main()
