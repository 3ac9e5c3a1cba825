"""An OpenAI-compatible server on loopback, with real sockets and server-sent events; each fault is one real servers have.

Lists its models in good order unless the fault is in the list; a chat gets ``said``, or the fault.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from adapters.registry import Card, Registry
from chatbot.assistant import Assistant
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support.faulty import chunk
from tests.support.manuals import PUMP, put
from tests.support.model_server import SEAL, _request

EVENTS = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
# vLLM's form: a base, and a LoRA adapter that names it
VLLM: list[dict[str, object]] = [
    {"id": "org/base", "object": "model", "created": 1, "owned_by": "vllm", "root": "org/base", "parent": None, "max_model_len": 2048},
    {"id": "desk", "object": "model", "created": 1, "owned_by": "vllm", "root": "/lora", "parent": "org/base", "max_model_len": None},
]  # fmt: skip


def event(value: object) -> bytes:
    return chunk(b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n")


def delta(text: str | None = None, ends: str | None = None, **more: object) -> bytes:
    """One event of a streamed chat."""
    content = {} if text is None else {"content": text}
    return event({"choices": [{"index": 0, "delta": {**content, **more}, "finish_reason": ends}]})


def reply(status: bytes, body: bytes, kind: bytes = b"application/json") -> bytes:
    return b"HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        kind,
        len(body),
        body,
    )


def failed(status: bytes, words: str) -> bytes:
    return reply(status, json.dumps({"error": {"message": words, "type": "error"}}).encode())


DONE = chunk(b"data: [DONE]\n\n")
BEGUN = EVENTS + delta("Hold ")
SENT = {
    "reset": b"",
    "closed at once": b"",
    "500": failed(b"500 Internal Server Error", "something went wrong"),
    "500 in HTML": reply(b"500 Internal Server Error", b"<h1>Oops</h1>", b"text/html"),
    "503": failed(b"503 Service Unavailable", "Loading model"),
    "401": failed(b"401 Unauthorized", "Incorrect API key provided: secret-key."),
    "wrong model": failed(b"404 Not Found", "The model `m` does not exist."),
    "out of memory": failed(b"500 Internal Server Error", "CUDA error: out of memory"),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    "not HTTP": b"220 mail.example ESMTP\r\n500 what?\r\n\r\n",
    "another program": reply(b"200 OK", b"<h1>Welcome</h1>", b"text/html"),
    "not a stream": reply(b"200 OK", b'{"choices": [{"message": {"content": "Hold reset."}}]}'),
    "bad JSON": BEGUN + chunk(b"data: {{{not json\n\n") + chunk(b""),
    "wrong JSON": EVENTS + event([1, 2]) + chunk(b""),
    "other fields": EVENTS + event({"choices": [{"delta": {"content": 7}}]}) + chunk(b""),
    "deep JSON": EVENTS + chunk(b"data: " + b"[" * 100_000 + b"\n\n") + chunk(b""),
    "stall before headers": b"",
    "stall after headers": EVENTS,
    "stall mid-stream": BEGUN,
    "comments for ever": BEGUN,
    "mid-stream cut": BEGUN,
    "half an event": BEGUN + chunk(b'data: {"choi') + chunk(b""),
    "ends early": BEGUN + chunk(b""),
    "repeats itself": BEGUN + delta("and ") * 40 + chunk(b""),
    "mid-stream error": BEGUN + event({"error": {"message": "engine died", "code": 500}}) + DONE,
    "huge line": EVENTS,
}
HOLDS = {"stall before headers", "stall after headers", "stall mid-stream"}


class OpenAIServer:
    """``asked`` are the chats that came, ``keys`` the Authorization of every call, ``gone`` fills when a caller hangs up
    on a stalled answer. ``strict`` refuses fields beyond OpenAI's own, ``key`` any other key. ``events`` replaces an answer.
    """

    def __init__(
        self,
        fault: str = "",
        said: str = "",
        *,
        models: object = VLLM,
        thought: str = "",
        ends: str = "stop",
        strict: bool = False,
        key: str = "",
        events: bytes = b"",
    ) -> None:
        self.fault, self.said, self.listed, self.thought, self.ends = (
            fault,
            said,
            models,
            thought,
            ends,
        )
        self.strict, self.key, self.events = strict, key, events
        self.asked: list[dict[str, object]] = []
        self.keys: list[str] = []
        self.gone, self.over = threading.Event(), threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.1)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/v1"
        self._threads = [threading.Thread(target=self._serve, name="openai", daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                thread = threading.Thread(
                    target=self._handle, args=(connection,), name="openai", daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(300)
            request = _request(connection)
            if not request:
                return
            head, _, body = request.partition(b"\r\n\r\n")
            keys = [
                line for line in head.split(b"\r\n") if line.lower().startswith(b"authorization")
            ]
            self.keys.append(keys[0].partition(b":")[2].strip().decode() if keys else "")
            if self.key and self.keys[-1] != f"Bearer {self.key}":
                connection.sendall(failed(b"401 Unauthorized", f"Wrong key: {self.keys[-1]}"))
            elif head.startswith(b"GET /v1/models"):
                connection.sendall(self._list())
            elif head.startswith(b"POST /v1/chat/completions"):
                self.asked.append(json.loads(body))
                self._chat(connection)
            else:
                connection.sendall(failed(b"404 Not Found", "no such page"))

    def _list(self) -> bytes:
        if isinstance(self.listed, bytes):
            return self.listed
        return reply(b"200 OK", json.dumps({"object": "list", "data": self.listed}).encode())

    def _chat(self, connection: socket.socket) -> None:
        if self.strict and "chat_template_kwargs" in self.asked[-1]:
            connection.sendall(
                failed(b"400 Bad Request", "Unrecognized request argument: chat_template_kwargs")
            )
        elif self.events:
            connection.sendall(self.events)
        elif self.fault == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
        elif self.fault:
            connection.sendall(SENT[self.fault])
            self._go_on(connection)
        else:
            connection.sendall(self._answer())

    def _answer(self) -> bytes:
        thoughts = delta(None, None, reasoning_content=self.thought) if self.thought else b""
        words = b"".join(delta(word) for word in self.said.replace(" ", " \0").split("\0"))
        usage = event({"choices": [], "usage": {"prompt_tokens": 100, "completion_tokens": 9}})
        first = delta("", role="assistant")
        return EVENTS + first + thoughts + words + delta(ends=self.ends) + usage + DONE + chunk(b"")

    def _go_on(self, connection: socket.socket) -> None:
        while self.fault == "comments for ever" and not self.over.wait(0.1):
            connection.sendall(chunk(b": still here\n\n"))
        while self.fault == "huge line" and not self.over.is_set():
            connection.sendall(chunk(b"x" * 65_536))
        if self.fault in HOLDS:
            connection.settimeout(0.05)
            while not self.over.is_set():
                with contextlib.suppress(TimeoutError):
                    if not connection.recv(1024):
                        self.gone.set()
                        return

    def close(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(60)
        self._listener.close()


@contextmanager
def openai_server(fault: str = "", said: str = "", **more: object) -> Iterator[OpenAIServer]:
    server = OpenAIServer(fault, said, **more)  # type: ignore[arg-type]
    try:
        yield server
    finally:
        server.close()


@contextmanager
def assistant_over(folder: Path, servers: str, **chosen: object) -> Iterator[Assistant]:
    """An assistant with one manual over the model servers of a setting; "desk" is its served adapter."""
    settings = Settings.load({}, data=folder / "data", model_servers=servers, **chosen)
    assistant = open_assistant(settings)
    try:
        put(assistant.catalog, "pump.md", PUMP)
        registry = Registry(settings.folder / "adapters")
        rows = assistant.catalog.connections.db.execute("SELECT hash FROM passages")
        registry.save(
            Card(
                "desk", "desk", "org/base", "", trained_on=tuple(row[0] for row in rows),
                questions=(SEAL, "Who built it?"),
            )
        )  # fmt: skip
        registry.serve("desk")
        yield assistant
    finally:
        assistant.close()
