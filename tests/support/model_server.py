"""A model server on loopback that says what a test wants, or fails in the way that it wants, and an assistant in front of it."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import Any

from adapters.errors import AdapterError
from adapters.registry import Card, Registry
from adapters.types import Timeouts
from chatbot.assistant import Assistant
from chatbot.conversations.types import Question
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support.faulty import HEAD, SENT, _json, _Server, chunk, line
from tests.support.manuals import PUMP, put

SEAL = "How do I replace the seal of the pump?"
TAGS = {"models": [{"name": "desk:v1", "model": "desk:v1", "digest": "d1", "size": 1, "details": {"family": "llama"}},
                   {"name": "m:latest", "model": "m:latest", "digest": "d2", "size": 1, "details": {"family": "llama"}}]}  # fmt: skip


class ModelServer(_Server):
    """Lists its models in good order; a chat gets ``said``, the next of it, or what it says to the request (None: the fault).
    Keeps what was asked.

    ``models`` are what is listed instead, ``able`` the capabilities of each by name; ``ends`` is why an answer ended,
    ``parameters`` how many each model has, in the server's words, ``reads`` the seconds in which a prompt is read.
    """

    def __init__(
        self,
        fault: str = "none",
        said: str | list[str] | Callable[[dict[str, Any]], str] | None = None,
        context: int = 4096,
        *,
        models: list[dict[str, object]] | None = None,
        able: dict[str, list[str]] | None = None,
        architecture: str = "llama",
        ends: str = "stop",
        thought: str = "",
        template: str = "{{ .System }} {{ .Prompt }}",
        parameters: str = "",
        reads: float = 0.0,
    ) -> None:
        self.template, self.reads = template, reads
        self.said, self.context, self.asked = said, context, []
        self.tags = (
            deepcopy(TAGS)
            if models is None
            else {
                "models": [
                    {"model": m["name"], "digest": m["name"], "details": {}, **m} for m in models
                ]
            }
        )
        if parameters:
            for listed in self.tags["models"]:
                listed["details"] = {**listed["details"], "parameter_size": parameters}  # type: ignore[dict-item]
        self.able, self.architecture, self.ends, self.thought = (
            able or {},
            architecture,
            ends,
            thought,
        )
        super().__init__(fault)

    def _handle(self, connection: socket.socket) -> None:
        connection.settimeout(300)
        request = _request(connection)
        if not request:
            connection.close()
        elif b"GET /api/tags" in request:
            self._send(connection, _json(self.tags))
        elif b"/api/show" in request:
            able = self.able.get(json.loads(request.partition(b"\r\n\r\n")[2])["model"], [])
            info = {
                "general.architecture": self.architecture,
                f"{self.architecture}.context_length": self.context,
            }
            shown = {
                "modelfile": "",
                "template": self.template,
                "details": {},
                "model_info": info,
                "capabilities": able,
            }
            self._send(connection, _json(shown))
        else:
            self.asked.append(json.loads(request.partition(b"\r\n\r\n")[2]))
            self._chat(connection)

    def _chat(self, connection: socket.socket) -> None:
        if self.said is not None:
            given = self.said(self.asked[-1]) if callable(self.said) else self.said
            said = given if isinstance(given, str) else given.pop(0)
            words = [chunk(line(word)) for word in said.replace(" ", " \0").split("\0")]
            if self.thought:  # as Ollama sends it: apart from the answer
                words.insert(
                    0,
                    chunk(
                        json.dumps(
                            {
                                "model": "m",
                                "message": {
                                    "role": "assistant",
                                    "content": "",
                                    "thinking": self.thought,
                                },
                            }
                        ).encode()
                        + b"\n"
                    ),
                )
            last = chunk(
                line(
                    done=True,
                    done_reason=self.ends,
                    prompt_eval_count=100,
                    eval_count=len(words),
                    prompt_eval_duration=int(self.reads * 1e9),
                )
            )
            self._send(connection, HEAD % b"200 OK" + b"".join(words) + last + chunk(b""))
            return
        if self.fault == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            connection.close()
            return
        with connection, contextlib.suppress(OSError):
            connection.sendall(SENT[self.fault])
            self._go_on(connection)

    def _send(self, connection: socket.socket, data: bytes) -> None:
        with connection, contextlib.suppress(OSError):
            connection.sendall(data)


def _request(connection: socket.socket) -> bytes:
    data = b""
    while b"\r\n\r\n" not in data:
        if not (more := connection.recv(65_536)):
            return b""  # only looked whether somebody listens
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    sizes = [
        int(part.split(b":")[1])
        for part in head.lower().split(b"\r\n")
        if part.startswith(b"content-length")
    ]
    while sizes and len(body) < sizes[0]:
        body += connection.recv(65_536)
    return head + b"\r\n\r\n" + body


def asking(assistant: Assistant, stop: threading.Event, talk: str = "") -> threading.Thread:
    """A question under way in a thread of its own."""
    asked = Question(SEAL, conversation=talk) if talk else Question(SEAL)

    def ask() -> None:
        with contextlib.suppress(AdapterError):  # it was stopped
            list(assistant.ask(asked, "ana", stop))

    thread = threading.Thread(target=ask)
    thread.start()
    return thread


def only_a_stop_ends(assistant: Assistant) -> None:
    """Let no clock end what its model server writes: what stalls goes on until it is stopped."""
    ever = Timeouts(connect=600, first_byte=600, between_bytes=600, total=600)
    assistant.models.timeouts_for = lambda seconds: ever  # type: ignore[method-assign]


@contextmanager
def assistant_with(
    folder: Path, server: ModelServer, *, card: bool = False, seconds: int = 120, **chosen: object
) -> Iterator[Assistant]:
    """A desk with one manual, in front of a model server; with ``card``, "desk:v1" is the served adapter."""
    chosen = {"chat_model": "m:latest", "answer_seconds": seconds, **chosen}
    settings = Settings.load({}, data=folder / "data", ollama_url=server.url, **chosen)
    assistant = open_assistant(settings)
    put(assistant.catalog, "pump.md", PUMP)
    if card:
        registry = Registry(settings.folder / "adapters")
        hashes = tuple(
            row[0] for row in assistant.catalog.connections.db.execute("SELECT hash FROM passages")
        )
        registry.save(
            Card(
                "desk",
                "desk:v1",
                "m:latest",
                "d1",
                trained_on=hashes,
                questions=(SEAL, "Who built it?"),
            )
        )
        registry.serve("desk")
    try:
        yield assistant
    finally:
        assistant.close()
        server.close()
