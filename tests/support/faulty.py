"""A model server that misbehaves, as a real socket server: each fault is a way in which real ones fail.

``with faulty("stall before headers") as url:`` gives its address. It speaks just enough HTTP to get there. With
``models``, it lists and shows them as a healthy server does, and fails only when asked to write.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from tests.support.ports import free_port

HEAD = b"HTTP/1.1 %s\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


def line(content: str = "", done: bool = False, **more: object) -> bytes:
    """One line of a chat as Ollama streams it."""
    said = {
        "model": "m",
        "message": {"role": "assistant", "content": content},
        "done": done,
        **more,
    }
    return json.dumps(said).encode() + b"\n"


WHOLE = (
    HEAD % b"200 OK"
    + chunk(line("Hold "))
    + chunk(line("reset."))
    + chunk(line(done=True))
    + chunk(b"")
)


def error(status: bytes, words: str) -> bytes:
    body = json.dumps({"error": words}).encode()
    return b"HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        status,
        len(body),
        body,
    )


BEGUN = HEAD % b"200 OK" + chunk(line("Hold "))
# What is sent at once; what happens after it is in _Server._answer.
SENT = {
    "none": WHOLE,
    "reset": b"",
    "closed at once": b"",
    "503": error(
        b"503 Service Unavailable",
        "server busy, please try again. maximum pending requests exceeded",
    ),
    "429": error(b"429 Too Many Requests", "too many requests"),
    "500": error(b"500 Internal Server Error", "something went wrong"),
    "wrong model": error(b"404 Not Found", 'model "m" not found, try pulling it first'),
    "cannot load": error(
        b"500 Internal Server Error", "llama runner process has terminated: exit status 2"
    ),
    "redirect": b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n",
    "another program": b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\n\r\n<h1>Welcome</h1>",
    "not HTTP": b"220 mail.example ESMTP\r\n500 what?\r\n\r\n",
    "stall before headers": b"",
    "stall after headers": HEAD % b"200 OK",
    "stall mid-stream": BEGUN,
    "1 byte a second": b"",
    "endless": BEGUN,
    "garbage JSON": BEGUN + chunk(b"\x00\xff{{{not json\n") + chunk(b""),
    "wrong JSON": HEAD % b"200 OK" + chunk(b"[1, 2]\n") + chunk(b""),
    "deep JSON": HEAD % b"200 OK" + chunk(b"[" * 100_000 + b"\n") + chunk(b""),
    "other fields": HEAD % b"200 OK" + chunk(b'{"message": 7, "done": "perhaps"}\n') + chunk(b""),
    "truncated line": BEGUN + chunk(line("reset.")[:20]) + chunk(b""),
    "mid-stream cut": BEGUN,
    "ends early": BEGUN + chunk(b""),
    "repeats itself": BEGUN + chunk(line("and ")) * 40 + chunk(b""),
    "mid-stream error": BEGUN
    + chunk(b'{"error": "an error was encountered while running the model"}\n')
    + chunk(b""),
    "out of memory": BEGUN + chunk(b'{"error": "cudaMalloc failed: out of memory"}\n') + chunk(b""),
    "huge line": HEAD % b"200 OK",
}
HOLDS = {"stall before headers", "stall after headers", "stall mid-stream"}


class _Server:
    def __init__(self, fault: str, models: tuple[str, ...] = ()) -> None:
        self.fault, self.models, self.over = fault, models, threading.Event()
        self.gone: list[bool] = []
        self.calls = 0
        self._listener = socket.create_server(("127.0.0.1", free_port()))
        self._listener.settimeout(0.1)
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._serve, name="faulty", daemon=True)]
        self._threads[0].start()

    def _serve(self) -> None:
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                connection, _ = self._listener.accept()
                self.calls += 1
                thread = threading.Thread(
                    target=self._handle, args=(connection,), name="faulty", daemon=True
                )
                self._threads.append(thread)
                thread.start()

    def _handle(self, connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.settimeout(300)  # a caller that is held up is no fault of its own
            asked = connection.recv(65_536)
            if self.fault == "reset" and not self._healthy(asked):
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                return
            healthy = self._healthy(asked)
            connection.sendall(healthy or SENT[self.fault])
            if not healthy:
                self._go_on(connection)

    def _healthy(self, asked: bytes) -> bytes:
        """What a healthy server says about its models, or b"" where the fault has its turn."""
        details = {"family": "llama", "parameter_size": "1B", "quantization_level": "F16"}
        if asked.startswith(b"GET /api/tags") and (
            self.models or self.fault in ("none", "wrong model")
        ):
            found = [
                {"model": name, "digest": "d" * 64, "size": 1, "details": details}
                for name in self.models
            ]
            return _json({"models": found})
        if asked.startswith(b"POST /api/show") and self.models:
            info = {"general.architecture": "llama", "llama.context_length": 4096}
            return _json(
                {
                    "details": details,
                    "model_info": info,
                    "template": "",
                    "capabilities": ["completion"],
                }
            )
        return b""

    def _go_on(self, connection: socket.socket) -> None:
        if self.fault in HOLDS:
            self._hold(connection)
        elif self.fault == "1 byte a second":
            for byte in WHOLE:
                connection.sendall(bytes([byte]))
                if self.over.wait(1):
                    return
        elif self.fault == "endless":
            while not self.over.wait(0.05):
                connection.sendall(chunk(line("and on ")))
        elif self.fault == "huge line":
            while not self.over.is_set():
                connection.sendall(chunk(b"x" * 65_536))

    def _hold(self, connection: socket.socket) -> None:
        """Says nothing more; notes when the caller hangs up."""
        connection.settimeout(0.05)
        while not self.over.is_set():
            with contextlib.suppress(TimeoutError):
                if not connection.recv(1024):
                    self.gone.append(True)
                    return

    def close(self) -> None:
        self.over.set()
        for thread in self._threads:
            thread.join(60)
        self._listener.close()


def _json(value: object) -> bytes:
    body = json.dumps(value).encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body),
        body,
    )


@contextmanager
def faulty_server(fault: str, models: tuple[str, ...] = ()) -> Iterator[_Server]:
    """The server itself: ``url``, how many ``calls`` came, and ``gone``: it fills when a caller hangs up on a stalled answer."""
    server = _Server(fault, models)
    try:
        yield server
    finally:
        server.close()


@contextmanager
def faulty(fault: str, models: tuple[str, ...] = ()) -> Iterator[str]:
    """The address of a server with this fault; "refused" is a port where nobody listens."""
    if fault == "refused":
        yield f"http://127.0.0.1:{free_port()}"
        return
    with faulty_server(fault, models) as server:
        yield server.url
