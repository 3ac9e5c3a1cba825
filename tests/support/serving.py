"""Starts the real server as a user would, on a free port with its own data folder, and stops it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from weakref import WeakKeyDictionary

import httpx

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Site:
    """A running server: where its pages are, its data folder, its process, and how long it took to be ready."""

    url: str
    data: Path
    process: subprocess.Popen[str]
    seconds: float
    log: Path


@contextmanager
def running_site(data: Path, port: int = 0, **environ: str) -> Iterator[Site]:
    """Serve until the block ends; the log stands in the data folder's neighbour.

    No model server takes part, also not one that a developer runs, unless TANDEM_OLLAMA_URL names it.
    """
    data.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.log"
    begun = time.perf_counter()
    command = [
        sys.executable,
        str(ROOT / "run.py"),
        "serve",
        "--port",
        str(port),
        "--no-browser",
        "--data",
        str(data),
    ]
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            cwd=data.parent,
            env={**os.environ, "TANDEM_OLLAMA_URL": "none", **environ},
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            found = re.search(r"http://\S+", line)
            assert found, f"the server did not start: {line!r} {log.read_text(encoding='utf-8')}"
            yield Site(found.group().rstrip("/"), data, process, time.perf_counter() - begun, log)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=180)


@contextmanager
def impatient_site(seconds: float) -> Iterator[tuple[int, Callable[[], str]]]:
    """A server in this process that waits only so long for a request; gives its port, and its log as it stands."""
    import logging
    import tempfile
    import threading

    import uvicorn

    from chatbot.operations.deployment import open_assistant
    from chatbot.settings import Settings
    from ui.app import create_app, listen
    from ui.chat.model_status import Board
    from ui.web.cancellation import RunningQuestions
    from ui.web.connections import ImpatientProtocol

    heard: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: heard.append(handler.format(record))  # type: ignore[method-assign]
    logging.getLogger().addHandler(handler)
    with tempfile.TemporaryDirectory() as folder, listen("127.0.0.1", 0) as listener:
        assistant = open_assistant(Settings.load({}, data=Path(folder), ollama_url="none"))
        protocol = type("Brief", (ImpatientProtocol,), {"seconds": seconds})
        config = uvicorn.Config(
            create_app(assistant, assistant.catalog, Board(assistant), RunningQuestions()),
            http=protocol,
            log_level="warning",
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.05)
        try:
            yield listener.getsockname()[1], lambda: "\n".join(heard)
        finally:
            server.should_exit = True
            thread.join(timeout=180)
            assistant.close()
            logging.getLogger().removeHandler(handler)


@contextmanager
def client_of(site: Site) -> Iterator[httpx.Client]:
    """A browser without scripts: it has opened the page, so it has the cookie."""
    with httpx.Client(base_url=site.url, timeout=180) as client:
        client.get("/").raise_for_status()
        yield client


def upload(client: httpx.Client, name: str, content: bytes, *, publish: bool = False) -> int:
    """Add a file as the manuals page does, with "Publish new versions at once" or without; return its job."""
    params = {"name": name, **({"publish": "true"} if publish else {})}
    reply = client.post("/manuals/upload", params=params, content=content)
    reply.raise_for_status()
    return int(reply.json()["job"])


def wait_until_read(client: httpx.Client, seconds: float = 240) -> dict[str, str]:
    """Wait until no file is on its way; return the manuals page's state."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        state = client.get("/manuals/state").json()
        if not state["running"]:
            return state
        time.sleep(0.2)
    raise AssertionError("the files were not read in time")


# What Gradio calls the asking on the page that a client has open: the event's id and its number.
_OPEN_PAGES: WeakKeyDictionary[httpx.Client, tuple[int, int]] = WeakKeyDictionary()


def ask(client: httpx.Client, text: str, **more: str) -> tuple[list[dict[str, str]], list[float]]:
    """Ask through Gradio's queue, as the page does. Return each update as it stood, and when it came (seconds)."""
    if client not in _OPEN_PAGES:
        config = client.get("/").text
        event = int(re.search(r'"targets":\[\[(\d+),"ask"\]\]', config).group(1))
        number = int(re.search(rf'"id":(\d+),"targets":\[\[{event},"ask"\]\]', config).group(1))
        _OPEN_PAGES[client] = (event, number)
    event, number = _OPEN_PAGES[client]
    session = f"s{time.monotonic_ns()}"
    begun = time.perf_counter()
    join = {
        "data": [],
        "event_data": {
            "ticket": session,
            "text": text,
            "mode": "auto",
            "product": "",
            "conversation": "",
            **more,
        },
        "fn_index": number,
        "trigger_id": event,
        "session_hash": session,
    }
    client.post("/gradio_api/queue/join", json=join).raise_for_status()
    return _updates(client, session, begun)


def _updates(
    client: httpx.Client, session: str, begun: float
) -> tuple[list[dict[str, str]], list[float]]:
    updates, times = [], []
    with client.stream("GET", "/gradio_api/queue/data", params={"session_hash": session}) as reply:
        for line in reply.iter_lines():
            if not line.startswith("data:"):
                continue
            message = json.loads(line[5:])
            if message["msg"] in ("process_generating", "process_completed"):
                updates.append(message["output"])
                times.append(time.perf_counter() - begun)
            if message["msg"] in ("process_completed", "close_stream"):
                break
    return updates, times
