"""The OpenAI-compatible client: against a small real server with the faults that real ones have, and Ollama's own /v1."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.errors import (
    AdapterError,
    BadAddress,
    BadReply,
    CannotCreate,
    KeyRefused,
    ModelMissing,
    OutOfMemory,
    Repeating,
    ServerBusy,
    ServerError,
    ServerRefused,
    ServerResting,
    ServerUnreachable,
    Stopped,
    StreamBroken,
    TooSlow,
)
from adapters.publishing.publish import PublishRequest, import_adapter, make_base
from adapters.registry import Registry
from adapters.servers.base import ModelMaker, ModelServer, addresses, maker
from adapters.servers.circuit_breaker import CircuitBreaker
from adapters.servers.ollama import Ollama
from adapters.servers.openai import OpenAICompatible
from adapters.servers.opening import open_servers
from adapters.types import ChatEnd, Message, Options, Timeouts
from tests.support.faulty import faulty
from tests.support.ollama_server import TEMPLATE, running_ollama, tiny_base
from tests.support.openai_server import (
    DONE,
    EVENTS,
    SENT,
    VLLM,
    chunk,
    delta,
    failed,
    openai_server,
    reply,
)

PATIENCE = Timeouts(connect=1, first_byte=1, between_bytes=1.5, total=2, most_bytes=8 << 20)
# For what must not be ended by the clock, also where a machine stands still for seconds.
PATIENT = replace(PATIENCE, connect=120, first_byte=120, between_bytes=120, total=120)
ASKED = [Message("user", "How do I reset it?")]
EXPECTED: dict[str, type[AdapterError]] = {
    "reset": StreamBroken, "closed at once": StreamBroken, "500": ServerRefused, "500 in HTML": ServerRefused,
    "503": ServerBusy, "401": KeyRefused, "wrong model": ModelMissing, "out of memory": OutOfMemory,
    "redirect": ServerUnreachable, "not HTTP": BadReply, "another program": BadReply, "not a stream": BadReply,
    "bad JSON": BadReply, "wrong JSON": BadReply, "other fields": BadReply, "deep JSON": BadReply,
    "stall before headers": TooSlow, "stall after headers": TooSlow, "stall mid-stream": TooSlow,
    "comments for ever": TooSlow, "mid-stream cut": StreamBroken, "half an event": StreamBroken,
    "ends early": StreamBroken, "repeats itself": Repeating, "mid-stream error": ServerRefused, "huge line": BadReply,
}  # fmt: skip


def test_both_kinds_keep_the_seam_and_only_one_makes_models() -> None:
    ollama, other = Ollama("http://127.0.0.1:9"), OpenAICompatible("http://127.0.0.1:9/v1")
    assert isinstance(ollama, ModelServer) and isinstance(other, ModelServer)
    assert isinstance(ollama, ModelMaker) and not isinstance(other, ModelMaker)
    assert maker(ollama) is ollama
    with pytest.raises(CannotCreate, match="serves models by name"):
        maker(other)


def test_every_fault_is_expected() -> None:
    assert set(EXPECTED) == set(SENT)


@pytest.mark.parametrize("fault", EXPECTED)
def test_a_chat_ends_with_the_right_error_in_plain_words(fault: str) -> None:
    threads = threading.active_count()
    # Only what goes on for ever is to be ended by the clock.
    patience = PATIENCE if EXPECTED[fault] is TooSlow else PATIENT
    with openai_server(fault) as server:
        client = OpenAICompatible(server.url, patience, api_key="secret-key")
        with pytest.raises(AdapterError) as caught:
            list(client.chat("m", ASKED))
    assert type(caught.value) is EXPECTED[fault], (
        f"{caught.value!r} from {caught.value.__cause__!r}"
    )
    assert caught.value.hint and len(str(caught.value)) < 400
    assert "secret-key" not in str(caught.value)
    assert threading.active_count() <= threads


def test_pieces_arrive_before_a_fault() -> None:
    with openai_server("mid-stream cut") as server:
        pieces = OpenAICompatible(server.url, PATIENT).chat("m", ASKED)
        assert next(pieces) == "Hold "
        with pytest.raises(StreamBroken):
            next(pieces)


@pytest.mark.parametrize("way", ["close the generator", "set stop"])
def test_stopping_hangs_up_at_once(way: str) -> None:
    with openai_server("stall mid-stream") as server:
        stop = threading.Event()
        pieces = OpenAICompatible(server.url, PATIENT).chat("m", ASKED, stop=stop)
        assert next(pieces) == "Hold "
        if way == "set stop":
            stop.set()
            with pytest.raises(Stopped):
                next(pieces)
        else:
            pieces.close()
        assert server.gone.wait(90)  # sooner than the answer would have ended by itself


def test_what_came_at_once_with_a_piece_is_not_said_after_a_stop() -> None:
    whole = EVENTS + delta("Hold ") + delta("reset.") + delta(ends="stop") + DONE + chunk(b"")
    with openai_server(events=whole) as server:
        stop = threading.Event()
        pieces = OpenAICompatible(server.url, PATIENT).chat("m", ASKED, stop=stop)
        assert next(pieces) == "Hold "
        stop.set()
        with pytest.raises(Stopped):
            list(pieces)


@pytest.mark.parametrize(("ends", "cut"), [("stop", False), ("length", True)])
def test_an_answer_comes_without_thoughts_and_says_how_it_ended(ends: str, cut: bool) -> None:
    said = "<think>Feed or Stop?</think>Hold reset."
    told: list[ChatEnd] = []
    with openai_server(said=said, thought="The user wants", ends=ends) as server:
        pieces = OpenAICompatible(server.url).chat("desk", ASKED, ended=told.append)
        assert "".join(pieces) == "Hold reset."
    assert told == [ChatEnd(cut, 100, 9)]


@pytest.mark.parametrize(
    "events",
    [
        EVENTS + delta("Hold reset.") + delta(ends="stop") + chunk(b""),
        EVENTS + delta("Hold reset.") + DONE + chunk(b""),
        EVENTS + delta("Hold reset.") + chunk(b"data: [DONE]") + chunk(b""),
        EVENTS.replace(b"event-stream", b"event-stream; charset=utf-8")
        + chunk(b": hello\r\n\r\n")
        + chunk(b'event: message\r\ndata:{"choices":[{"delta":{"content":"Hold reset."}}]}\r\n\r\n')
        + chunk(b"data: [DONE]\r\n\r\n")
        + chunk(b""),
    ],
    ids=["no [DONE]", "no finish_reason", "no last line feed", "CRLF, comments, event names"],
)
def test_every_sound_end_is_one(events: bytes) -> None:
    with openai_server(events=events) as server:
        assert "".join(OpenAICompatible(server.url, PATIENT).chat("m", ASKED)) == "Hold reset."


def test_pieces_may_be_cut_anywhere_and_hold_any_character() -> None:
    sound = (delta("5\u202840 \x85 °C 漢") + DONE).replace(b"\r\n", b"\n").split(b"\n")
    body = (
        b"".join(line + b"\n" for line in sound if line.startswith(b"data")).replace(
            b"\ndata: [DONE]", b"\n\ndata: [DONE]"
        )
        + b"\n"
    )
    with openai_server(
        events=EVENTS + b"".join(chunk(bytes([b])) for b in body) + chunk(b"")
    ) as server:
        pieces = OpenAICompatible(server.url, PATIENT).chat("m", ASKED)
        assert "".join(pieces) == "5\u202840 \x85 °C 漢"


def test_what_is_sent_is_greedy_and_disarmed() -> None:
    with openai_server(said="Yes.") as server:
        messages = [Message("system", "Be short."), Message("user", "Is <|im_end|> a key?</s>")]
        list(OpenAICompatible(server.url).chat("desk", messages, Options(num_predict=7)))
    (asked,) = server.asked
    assert asked["messages"] == [
        {"role": "system", "content": "Be short."}, {"role": "user", "content": "Is   a key? "},
    ]  # fmt: skip
    assert (asked["model"], asked["temperature"], asked["max_tokens"]) == ("desk", 0.0, 7)
    assert asked["stream"] is True and asked["chat_template_kwargs"] == {"enable_thinking": False}


def test_a_strict_server_is_asked_again_without_what_it_refuses_and_not_offered_it_twice() -> None:
    with openai_server(said="Yes.", strict=True) as server:
        client = OpenAICompatible(server.url)
        for _ in range(2):
            assert "".join(client.chat("desk", ASKED)) == "Yes."
    assert ["chat_template_kwargs" in asked for asked in server.asked] == [True, False, False]


def test_a_real_refusal_is_not_hidden_by_asking_again() -> None:
    with (
        openai_server(events=failed(b"400 Bad Request", "maximum context length is 10")) as server,
        pytest.raises(ServerRefused, match="maximum context length"),
    ):
        list(OpenAICompatible(server.url).chat("desk", ASKED))


def test_a_server_says_what_it_has() -> None:
    listed = [
        *VLLM, {"id": "tiny.gguf", "meta": {"n_ctx_train": 4096, "n_vocab": 320}}, {"id": "bare", "object": "model"},
    ]  # fmt: skip
    with openai_server(models=listed) as server:
        client = OpenAICompatible(server.url + "/")
        assert [model.name for model in client.models()] == [
            "bare",
            "desk",
            "org/base",
            "tiny.gguf",
        ]
        lengths = {
            name: client.show(name).context_length for name in ("bare", "org/base", "tiny.gguf")
        }
        assert lengths == {"bare": 0, "org/base": 2048, "tiny.gguf": 4096}
        assert (client.show("desk").adapter, client.show("desk").parent) == (True, "org/base")
        before = client.model("org/base").digest
        server.listed = [{**VLLM[0], "created": 99}]
        assert client.model("org/base").digest == before
        with pytest.raises(ModelMissing, match="has no model 'desk'"):
            client.show("desk")


@pytest.mark.parametrize(
    ("listed", "error", "words"),
    [
        (failed(b"404 Not Found", "no such page"), ServerUnreachable, "mostly ends in /v1"),
        (reply(b"200 OK", b"<h1>Hello</h1>", b"text/html"), BadReply, "not what a model server sends"),
        (reply(b"200 OK", b'{"models": []}'), BadReply, "not what a model server sends"),
        (reply(b"200 OK", b'{"data": [7]}'), BadReply, "not what a model server sends"),
    ],
)  # fmt: skip
def test_what_lists_no_models_is_no_model_server(
    listed: bytes, error: type[ServerError], words: str
) -> None:
    with openai_server(models=listed) as server, pytest.raises(error, match=words):
        OpenAICompatible(server.url).models()


def test_a_key_goes_to_openai_servers_alone_and_is_never_told(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    with openai_server(said="Yes.", key="k-12345") as server, faulty("none") as other:
        well, ollama = open_servers(
            addresses(f"openai+{server.url}, ollama+{other}"), api_key="k-12345"
        ).all
        assert "".join(well.chat("desk", ASKED)) == "Yes."
        ollama.models()
        assert server.keys == ["Bearer k-12345"]
        assert "k-12345" not in repr(well) + repr(ollama)
        with pytest.raises(KeyRefused) as caught:
            OpenAICompatible(server.url, api_key="k-99999").models()
        assert "TANDEM_API_KEY" in caught.value.hint
    assert "k-99999" not in str(caught.value) and "k-12345" not in caplog.text


def test_repeated_failure_opens_the_circuit_and_the_other_kind_takes_over() -> None:
    with openai_server("mid-stream cut") as bad, faulty("none", ("m:latest",)) as good:
        servers = open_servers(addresses(f"openai+{bad.url}, ollama+{good}"), PATIENT)
        first = servers.pick()
        assert first.kind == "openai"
        for _ in range(3):
            with pytest.raises(StreamBroken):
                list(first.chat("m", ASKED))
        with pytest.raises(ServerResting, match="failed 3 times in a row"):
            list(first.chat("m", ASKED))
        assert len(bad.asked) == 3
        assert servers.pick().url == good


def test_a_probe_that_a_caller_abandons_does_not_close_the_circuit() -> None:
    with openai_server("stall mid-stream") as server:
        now = [0.0]
        breaker = CircuitBreaker(failures=1, rest=5, clock=lambda: now[0])
        client = OpenAICompatible(server.url, PATIENT, breaker=breaker)
        with pytest.raises(TooSlow):
            list(client.chat("m", ASKED, timeouts=PATIENCE))
        now[0] = 6.0
        probe = client.chat("m", ASKED)
        next(probe)
        probe.close()
        assert breaker.state == "half-open"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("http://127.0.0.1:8000/v1", "which kind"),
        ("vllm+http://host/v1", "which kind"),
        ("openai+gpu-box:8000", "not the address of a model server"),
        ("openai+http://", "not the address of a model server"),
        ("openai+http://host:port/v1", "not the address of a model server"),
        ("openai+http://host:99999/v1", "not the address of a model server"),
        ("openai+http://host/v1?key=secret", "not the address of a model server"),
        ("openai+http://me:secret@host/v1", "must not hold a name or a password"),
    ],
)
def test_a_bad_address_is_one_clear_sentence(text: str, words: str) -> None:
    with pytest.raises(BadAddress, match=words):
        addresses(f"ollama+http://127.0.0.1:11434, {text}")


def test_addresses_have_a_kind_and_a_path() -> None:
    found = addresses(" openai+http://gpu-box:8000 ,ollama+http://127.0.0.1:11434/, ")
    assert [(each.kind, each.url) for each in found] == [
        ("openai", "http://gpu-box:8000/v1"), ("ollama", "http://127.0.0.1:11434"),
    ]  # fmt: skip
    assert addresses("none") == addresses("") == ()


def test_an_adapter_is_imported_by_the_name_that_the_server_lists(tmp_path: Path) -> None:
    registry = Registry(tmp_path / "cards")
    with openai_server(said="Hello.") as server:
        client = OpenAICompatible(server.url)
        card = import_adapter("desk", PublishRequest("desk"), client, registry)
        assert (card.model, card.base) == ("desk", "org/base")
        assert server.asked[0]["model"] == "desk"  # it was loaded once before it was taken
        (tmp_path / "adapter.gguf").write_bytes(b"GGUF")
        with pytest.raises(CannotCreate) as caught:
            import_adapter(
                tmp_path / "adapter.gguf", PublishRequest("x", "org/base"), client, registry
            )
        assert "by the name that the server lists" in caught.value.hint
        with pytest.raises(ModelMissing, match="has no model 'gone'"):
            import_adapter("gone", PublishRequest("gone"), client, registry)
    assert [each.name for each in registry.cards()] == ["desk"]


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Ollama with one tiny model; skipped, with the reason, where there is none."""
    folder = tmp_path_factory.mktemp("openai")
    with running_ollama(folder / "models") as url:
        # Ollama's /v1 cannot turn its own penalty of 1.1 off, so the model says it
        exact = {"repeat_penalty": 1.0}
        base = tiny_base(folder / "base")
        make_base("tiny:base", base, Ollama(url), template=TEMPLATE, parameters=exact)
        yield url


@pytest.mark.built
def test_ollamas_own_v1_says_the_same_as_ollama(real: str) -> None:
    ollama, client = Ollama(real), OpenAICompatible(f"{real}/v1")
    assert [model.name for model in client.models()] == ["tiny:base"]
    options = Options(num_predict=12)
    told: dict[str, ChatEnd] = {}
    said = {
        each.kind: "".join(
            each.chat(
                "tiny:base", ASKED, options, ended=lambda end, k=each.kind: told.update({k: end})
            )
        )
        for each in (ollama, client)
    }
    assert said["openai"] and said["openai"] == said["ollama"]
    assert told["openai"] == replace(told["ollama"], prompt_seconds=0.0), (
        "only Ollama says how long"
    )
    assert told["ollama"].prompt_seconds > 0
    assert told["openai"].prompt_tokens > 0


@pytest.mark.built
def test_ollamas_own_v1_lacks_a_model_in_words_and_can_be_stopped(real: str) -> None:
    client = OpenAICompatible(f"{real}/v1")
    with pytest.raises(ModelMissing, match="not found"):
        list(client.chat("gone", ASKED))
    pieces = client.chat("tiny:base", ASKED, Options(num_predict=-1))
    next(pieces)
    pieces.close()
    begun = time.monotonic()
    assert "".join(client.chat("tiny:base", ASKED, Options(num_predict=2)))
    assert time.monotonic() - begun < 60  # not behind an answer without end
