"""A failing model server never holds a caller beyond the deadline, and says what is wrong in words."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.errors import (
    AdapterError,
    BadAddress,
    BadReply,
    CannotLoad,
    ModelMissing,
    OutOfMemory,
    Repeating,
    ServerBusy,
    ServerError,
    ServerRefused,
    ServerUnreachable,
    Stopped,
    StreamBroken,
    TooSlow,
)
from adapters.servers.base import Address
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.ollama import Ollama
from adapters.servers.opening import open_servers
from adapters.servers.pool import Servers
from adapters.types import Message, Timeouts
from tests.support.faulty import SENT, faulty, faulty_server

PATIENCE = Timeouts(connect=1, first_byte=1, between_bytes=1.5, total=2, most_bytes=8 << 20)
# For what must not be ended by the clock, also where a machine stands still for seconds.
PATIENT = replace(PATIENCE, connect=120, first_byte=120, between_bytes=120, total=120)
ASKED = [Message("user", "How do I reset it?")]
EXPECTED: dict[str, type[AdapterError]] = {
    "refused": ServerUnreachable, "reset": StreamBroken, "closed at once": StreamBroken, "503": ServerBusy, "429": ServerBusy,
    "500": ServerRefused, "wrong model": ModelMissing, "cannot load": CannotLoad, "redirect": ServerUnreachable,
    "another program": BadReply, "not HTTP": BadReply, "stall before headers": TooSlow, "stall after headers": TooSlow,
    "stall mid-stream": TooSlow, "1 byte a second": TooSlow, "endless": TooSlow, "garbage JSON": BadReply,
    "wrong JSON": BadReply, "deep JSON": BadReply, "other fields": BadReply, "truncated line": BadReply,
    "mid-stream cut": StreamBroken, "ends early": StreamBroken, "repeats itself": Repeating, "mid-stream error": ServerRefused,
    "out of memory": OutOfMemory, "huge line": BadReply,
}  # fmt: skip


def open_ollama(urls: list[str], timeouts: Timeouts | None = None) -> Servers:
    return open_servers([Address("ollama", url) for url in urls], timeouts)


def open_sockets() -> int:
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return 0
    return sum(1 for entry in folder.iterdir() if _target(entry).startswith("socket:"))


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def test_every_fault_is_expected() -> None:
    assert set(EXPECTED) == set(SENT) - {"none"} | {"refused"}


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_chat_ends_in_time_with_the_right_error(fault: str) -> None:
    sockets, threads = open_sockets(), threading.active_count()
    # Only what goes on for ever is to be ended by the clock.
    patience = PATIENCE if EXPECTED[fault] is TooSlow else PATIENT
    with faulty(fault) as url, pytest.raises(AdapterError) as caught:
        list(Ollama(url, patience).chat("m", ASKED))
    assert type(caught.value) is EXPECTED[fault], (
        f"{caught.value!r} from {caught.value.__cause__!r}"
    )
    assert caught.value.hint
    assert str(caught.value).endswith((".", ":")) or isinstance(
        caught.value, ServerRefused | OutOfMemory
    )
    assert len(str(caught.value)) < 400
    assert open_sockets() <= sockets
    assert threading.active_count() <= threads


@pytest.mark.parametrize(
    "fault",
    ["stall before headers", "1 byte a second", "another program", "reset", "refused", "huge line"],
)
def test_whole_calls_end_in_time_too(fault: str) -> None:
    with faulty(fault) as url:
        begun = time.monotonic()
        with pytest.raises(ServerError):
            Ollama(url, PATIENCE).embed("m", ["a", "b"])
        assert time.monotonic() - begun < 120  # the slowest of them goes on for minutes


@pytest.mark.parametrize(
    "fault", ["refused", "another program", "stall before headers", "not HTTP", "503"]
)
def test_a_server_that_fails_lists_nothing_and_says_so_in_time(fault: str) -> None:
    with faulty(fault) as url:
        begun = time.monotonic()
        with pytest.raises(ServerError):
            Ollama(url).models()
        assert time.monotonic() - begun < 120  # and not for ever


def test_pieces_arrive_before_a_fault() -> None:
    with faulty("mid-stream cut") as url:
        pieces = Ollama(url, PATIENT).chat("m", ASKED)
        assert next(pieces) == "Hold "
        with pytest.raises(StreamBroken):
            next(pieces)


def test_a_sound_answer_is_whole() -> None:
    with faulty("none") as url:
        assert "".join(Ollama(url, PATIENT).chat("m", ASKED)) == "Hold reset."


@pytest.mark.parametrize("way", ["close the generator", "set stop"])
def test_stopping_hangs_up_at_once(way: str) -> None:
    with faulty_server("stall mid-stream") as server:
        stop = threading.Event()
        pieces = Ollama(server.url, PATIENT).chat("m", ASKED, stop=stop)
        assert next(pieces) == "Hold "
        if way == "set stop":
            threading.Timer(0.3, stop.set).start()
            with pytest.raises(Stopped):
                next(pieces)
        else:
            pieces.close()
        end = time.monotonic() + 90  # sooner than the answer would have ended by itself
        while not server.gone and time.monotonic() < end:
            time.sleep(0.01)
        assert server.gone


def test_what_came_at_once_with_a_piece_is_not_said_after_a_stop() -> None:
    with faulty("none") as url:
        stop = threading.Event()
        pieces = Ollama(url, PATIENT).chat("m", ASKED, stop=stop)
        assert next(pieces) == "Hold "
        stop.set()
        with pytest.raises(Stopped):
            list(pieces)


def test_repeated_failure_opens_the_circuit_and_spares_the_wait() -> None:
    with faulty_server("stall before headers") as stalled:
        server = Ollama(
            stalled.url,
            replace(PATIENCE, first_byte=0.2),
            breaker=CircuitBreaker(failures=2, rest=3600),
        )
        for _ in range(2):
            with pytest.raises(TooSlow):
                list(server.chat("m", ASKED))
        calls = stalled.calls
        with pytest.raises(ServerUnreachable, match="failed 2 times in a row"):
            list(server.chat("m", ASKED))
        assert stalled.calls == calls == 2, "it is not even asked"


def test_a_refusal_does_not_open_the_circuit() -> None:
    with faulty("wrong model") as url:
        server = Ollama(url, PATIENT, breaker=CircuitBreaker(failures=2))
        for _ in range(4):
            with pytest.raises(ModelMissing):
                list(server.chat("m", ASKED))
        assert server.breaker.state == "closed"


def test_the_first_server_that_answers_is_taken() -> None:
    with faulty("refused") as down, faulty("another program") as other, faulty("none") as well:
        servers = open_ollama([down, other, well], PATIENT)
        assert servers.pick().url == well
        with pytest.raises(ServerUnreachable) as caught:
            open_ollama([down, other], PATIENT).pick()
        assert down in str(caught.value)
        assert other in str(caught.value)


def test_no_server_is_said_in_words() -> None:
    with pytest.raises(ServerUnreachable, match="No model server is set"):
        open_ollama([]).pick()


@pytest.mark.parametrize(
    "url",
    ["", "localhost:11434", "ftp://host", "file:///etc/passwd", "http://", "http://me:secret@host"],
)
def test_what_is_no_address_is_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(BadAddress) as caught:
        open_ollama([url])
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("fault", ["reset", "503", "stall before headers"])
def test_a_server_that_lists_its_models_may_still_fail_to_write(fault: str) -> None:
    with faulty(fault, models=("m:latest",)) as url:
        server = Ollama(url, PATIENT)
        assert server.model("m").name == "m:latest"
        assert server.show("m").context_length == 4096
        patience = PATIENCE if EXPECTED[fault] is TooSlow else PATIENT
        with pytest.raises(EXPECTED[fault]):
            list(server.chat("m", ASKED, timeouts=patience))
