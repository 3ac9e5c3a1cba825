"""A model server on loopback that writes what a test tells it to, as slowly as the test likes, in Ollama's protocol."""

from __future__ import annotations

import contextlib
import json
import re
import select
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from adapters.registry import Card, Registry

MODELS = ("desk:v1", "m:latest")


class WritingServer(ThreadingHTTPServer):
    """Writes ``said`` word by word with a ``pause`` (seconds) between; ``ends`` is "well", "cut", or
    "stall": nothing more, while the line stays alive, until the caller hangs up.

    ``asked`` fills with the chats, ``gone`` with the moments at which a caller hung up in the middle of one; ``stalled``
    counts the signs of life, one each twentieth of a second, since a chat had all its words.
    """

    daemon_threads = True

    def __init__(self, said: str = "", port: int = 0) -> None:
        self.said, self.pause, self.ends = said, 0.0, "well"
        self.asked: list[dict[str, object]] = []
        self.gone: list[float] = []
        self.stalled = 0
        self.over = threading.Event()
        self.last = threading.Event()  # cleared, the last word is kept waiting for
        self.last.set()
        self.lists = threading.Event()  # cleared, the list of models is kept waiting for
        self.lists.set()
        super().__init__(("127.0.0.1", port), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"

    def write(self, said: str, pause: float = 0.0, ends: str = "well", hold: bool = False) -> None:
        """Say what the next chats get; with ``hold`` the last word comes only once ``last`` is set."""
        self.said, self.pause, self.ends = said, pause, ends
        (self.last.clear if hold else self.last.set)()
        self.asked.clear()
        self.gone.clear()
        self.stalled = 0

    def models(self) -> list[str]:
        """The models asked so far, in order."""
        return [str(chat["model"]) for chat in self.asked]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WritingServer

    def do_GET(self) -> None:  # noqa: N802
        details = {"family": "llama"}
        self.server.lists.wait(120)
        self._json(
            {
                "models": [
                    {"name": n, "model": n, "digest": n, "size": 1, "details": details}
                    for n in MODELS
                ]
            }
        )

    def do_POST(self) -> None:  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or "{}")
        if self.path == "/api/chat":
            self.server.asked.append(body)
            try:
                self._chat()
            except OSError:  # it hung up just before a word
                self.server.gone.append(time.monotonic())
            return
        info = {"general.architecture": "llama", "llama.context_length": 4096}
        self._json(
            {
                "modelfile": "",
                "template": "{{ .System }} {{ .Prompt }}",
                "details": {},
                "model_info": info,
                "capabilities": [],
            }
        )

    def _chat(self) -> None:
        self.close_connection = True
        self.send_response(200)
        self.send_header("content-type", "application/x-ndjson")
        self.send_header("connection", "close")
        self.end_headers()
        pause, ends = self.server.pause, self.server.ends
        words = re.findall(r"\s*\S+", self.server.said)
        for i, word in enumerate(words):
            while i == len(words) - 1 and not self.server.last.is_set():
                if self._hung_up(0.05):
                    return
            if self._hung_up(pause):
                return
            self._line(word)
        while ends == "stall":
            if self._hung_up(0.05):
                return
            self._line("")
            self.server.stalled += 1
        if ends == "well":
            self._line("", done=True, prompt_eval_count=100, eval_count=9)

    def _line(self, content: str, done: bool = False, **more: object) -> None:
        said = {
            "model": "m",
            "message": {"role": "assistant", "content": content},
            "done": done,
            **more,
        }
        self.wfile.write(json.dumps(said).encode() + b"\n")

    def _hung_up(self, seconds: float) -> bool:
        """Wait, and say whether the caller hung up meanwhile."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if readable:
            self.server.gone.append(time.monotonic())
        return bool(readable) or self.server.over.is_set()

    def _json(self, value: object) -> None:
        data = json.dumps(value).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def writing_server(said: str = "", port: int = 0) -> Iterator[WritingServer]:
    """The server, until the block ends."""
    server = WritingServer(said, port)
    thread = threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
    )
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def serve_adapter(data: Path, *, known: bool = True, name: str = "desk") -> None:
    """Write the card of an adapter that was trained on all that a data folder holds, and serve it."""
    with contextlib.closing(sqlite3.connect(data / "knowledge.db")) as db:
        hashes = tuple(row[0] for row in db.execute("SELECT hash FROM passages"))
    registry = Registry(data / "adapters")
    registry.save(
        Card(
            name,
            "desk:v1",
            "m:latest",
            "desk:v1",
            trained_on=hashes if known else None,
        )
    )
    registry.serve(name)
