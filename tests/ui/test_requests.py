"""Requests that no page sends: each is refused in words with a 4xx, without a traceback, and holds no connection."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.support.serving import Site, client_of, running_site, upload, wait_until_read
from ui.app import listen
from ui.web.security import host_name, is_loopback

DEEP = "[" * 50_000 + "]" * 50_000
BODIES = [
    b"", b"{", b"null", b"[]", b"NaN", b'{"title": NaN}', b'{"title": "\\ud800"}', b'{"title": Infinity}', DEEP.encode(),
    b'{"text": "\\udfff", "product": "\\ud800"}', b'{"good": 1e999}', b"\xff\xfe", b'{"name": {"a": 1}}', b'{"name": "\\u0000"}',
]  # fmt: skip
POSTS = [
    "/conversations/abc/rename", "/answers/abc/rate", "/drafts/check", "/manuals/abc/describe", "/gradio_api/queue/join",
    "/manuals/abc/restore", "/manuals/gaps/off-topic", "/manuals/gaps/missing",
    "/admin/gradio_api/queue/join", "/jobs/99999999999999999999/cancel", "/jobs/-1/dismiss", "/jobs/abc/cancel",
]  # fmt: skip
GETS = [
    f"/pages/{2**63}/1.webp", f"/pages/1/{2**64}.webp", f"/passages/{2**63}/1/0/5", f"/passages/1/1/0/{2**70}", "/passages/1/1/0/NaN",
    "/answers/..%2F..%2Fstatus/sources/1", f"/answers/abc/sources/{2**63}", "/answers/abc/sources/1?page=x", "/conversations/%00",
    "/conversations/" + "a" * 65, "/conversations?zone=nan", f"/conversations?zone={2**63}", "/pages/1/1.webp?width=x",
    "/gradio_api/queue/data", "/gradio_api/queue/data?session_hash=%ff", "/gradio_api/queue/data?session_hash=a/b",
]  # fmt: skip
JOIN = {
    "data": [], "fn_index": 0, "trigger_id": 1, "session_hash": "s1",
    "event_data": {"ticket": "t1", "text": "How?", "mode": "auto", "product": "", "conversation": ""},
}  # fmt: skip


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("requests") / "data") as made:
        with client_of(made) as client:
            upload(
                client,
                "pump.md",
                b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves.\n",
            )
            wait_until_read(client)
        yield made


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with client_of(site) as made:
        yield made


def refused(reply: httpx.Response) -> None:
    assert 400 <= reply.status_code < 500, reply.text[:300]
    assert "Traceback" not in reply.text and "input" not in reply.text
    assert reply.text.strip()


def quiet(site: Site) -> None:
    assert "Traceback" not in site.log.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", POSTS)
def test_a_body_that_no_page_sends_is_refused_in_words(
    site: Site, client: httpx.Client, path: str
) -> None:
    for body in BODIES:
        reply = client.post(path, content=body, headers={"content-type": "application/json"})
        refused(reply)
        assert reply.json()["error"].endswith(".")
    quiet(site)


@pytest.mark.parametrize("path", GETS)
def test_an_address_that_no_page_makes_leads_nowhere(
    site: Site, client: httpx.Client, path: str
) -> None:
    refused(client.get(path))
    quiet(site)


@pytest.mark.parametrize(
    "change",
    [
        {"fn_index": 7}, {"fn_index": "0"}, {"fn_index": -1}, {"fn_index": 2**70}, {"data": ["x"]}, {"data": {"a": 1}}, {"event_data": []},
        {"event_data": None}, {"event_data": {"ticket": [], "text": {}}}, {"session_hash": None}, {"session_hash": "a/b"},
        {"event_data": {**JOIN["event_data"], "conversation": "../status"}}, {"event_data": {**JOIN["event_data"], "passage": "x"}},
        {"event_data": {**JOIN["event_data"], "passage": -1}}, {"event_data": {**JOIN["event_data"], "passage": 2**63}}, {"trigger_id": "x"}, {"trigger_id": 2**64},
    ],
    ids=str,
)  # fmt: skip
def test_only_the_pages_own_event_joins_the_queue(
    site: Site, client: httpx.Client, change: dict[str, object]
) -> None:
    refused(client.post("/gradio_api/queue/join", json={**JOIN, **change}))
    quiet(site)


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=../admin",
        "__theme=dark",
        "view=api",
        "session_hash=%00",
        "c=" + "%F0%9F%98%80" * 400,
    ],
)
def test_a_pages_query_is_the_browsers_alone(client: httpx.Client, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "[::1]evil.example",
        "[::1",
        "localhost:80@evil.example",
        "localhost:80:90",
        "localhost/x",
        "",
        "a b",
    ],
)
def test_a_host_is_a_name_and_a_port_or_nothing(site: Site, host: str) -> None:
    assert not is_loopback(host_name(host))
    with socket.create_connection(
        ("127.0.0.1", int(site.url.rpartition(":")[2])), timeout=10
    ) as raw:
        raw.sendall(f"GET /status HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode())
        assert raw.recv(100).split()[1] in (b"403", b"400")


HALVES = {
    "nothing": b"",
    "half a head": b"GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow",
    "half a body": b"POST /drafts/check HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
    "half an upload": b"POST /manuals/upload?name=a.md HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n# Pump",
}


@pytest.mark.parametrize("sent", HALVES.values(), ids=HALVES)
def test_a_request_that_stops_half_way_is_let_go(sent: bytes) -> None:
    """On a server whose patience is a second; a whole one beside it is answered."""
    from tests.support.serving import impatient_site

    with (
        impatient_site(seconds=1) as (port, log),
        socket.create_connection(("127.0.0.1", port), timeout=30) as raw,
    ):
        raw.sendall(sent)
        while raw.recv(1000):  # closed by the server; without an end this would time out
            pass
        assert httpx.get(f"http://127.0.0.1:{port}/status").status_code == 200
        assert "Traceback" not in log()


def test_a_real_event_passes_as_it_was_sent(client: httpx.Client) -> None:
    from tests.support.serving import ask

    updates, _ = ask(client, "How do I replace the seal? \u00e9\U0001f600")
    assert "close both valves" in json.dumps(updates[-1])


def test_other_names_stay_with_their_product_when_a_manual_gets_another(
    client: httpx.Client, site: Site
) -> None:
    from knowledge.catalog import Catalog

    catalog = Catalog(site.data)
    (manual,) = catalog.manuals()

    def describe(**told: str) -> None:
        body = {"name": manual.name, **told}
        client.post(f"/manuals/{manual.id}/describe", json=body).raise_for_status()

    describe(product="Pump", others="Drip,  wet one ,")
    assert catalog.other_names() == {"Drip": "Pump", "wet one": "Pump"}
    describe(product="Fan")
    assert catalog.other_names() == {"Drip": "Fan", "wet one": "Fan"}, "it has another name"
    upload(client, "fan.md", b"# Fan\n\n## Blades\n\nClean the blades with a dry cloth.\n")
    wait_until_read(client)
    (fan,) = [one for one in catalog.manuals() if one.id != manual.id]
    body = {"name": fan.name, "product": "Fan", "others": "Windy"}
    client.post(f"/manuals/{fan.id}/describe", json=body).raise_for_status()
    assert set(catalog.other_names()) == {"Drip", "wet one", "Windy"}, "added"
    describe(product="Fan", others="Windy")
    assert catalog.other_names() == {"Windy": "Fan"}
    catalog.close()


def test_a_short_answer_is_sent_at_once() -> None:
    """An answer in two small packets must not wait 40 ms for the first to be acknowledged (Nagle's algorithm)."""

    async def held_back() -> bool:
        told: asyncio.Future[bool] = asyncio.get_running_loop().create_future()

        async def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            there = writer.get_extra_info("socket")
            told.set_result(not there.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listen("127.0.0.1", 0) as listener:
            server = await asyncio.start_server(connected, sock=listener)
            _, writer = await asyncio.open_connection(*listener.getsockname())
            writer.close()
            held = await told
            server.close()
            return held

    with ThreadPoolExecutor(
        1
    ) as thread:  # while a browser is open, this thread runs Playwright's loop
        assert not thread.submit(asyncio.run, held_back()).result()
