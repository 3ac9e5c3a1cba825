"""The guard in front of the pages, against the real server: foreign sites, foreign names, bodies, headers, ids."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.serving import ROOT, Site, ask, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for
from tests.support.writing_server import writing_server
from ui.web.security import host_name, is_loopback, load_secret, owner_of, sign

MANUAL = b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws of the cover.\n"
WRITES = [
    "/asks/x/stop",
    "/manuals/samples",
    "/manuals/upload?name=a.md",
    "/manuals/m1/remove",
    "/gradio_api/queue/join",
]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(
        tmp_path_factory.mktemp("guarded") / "data", TANDEM_MAX_UPLOAD_MB="1"
    ) as made:
        with client_of(made) as client:
            upload(client, "pump.md", MANUAL)
            wait_until_read(client)
        yield made


@pytest.fixture
def client(site: Site) -> Iterator[httpx.Client]:
    with client_of(site) as made:
        yield made


@pytest.mark.parametrize("path", WRITES)
@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"host": "evil.example"},
    ],
    ids=lambda headers: "-".join(f"{k}={v}" for k, v in headers.items()),
)
def test_another_site_cannot_send_anything(
    client: httpx.Client, path: str, headers: dict[str, str]
) -> None:
    before = client.get("/manuals/state").json()
    assert client.post(path, headers=headers, content=b"{}").status_code == 403
    assert client.get("/manuals/state").json() == before


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admin/",
        "/status",
        "/conversations",
        "/gradio_api/queue/data?session_hash=s",
        "/static/img/logo.svg",
    ],
)
def test_a_foreign_host_name_reads_nothing(client: httpx.Client, path: str) -> None:
    """DNS rebinding: a name of the attacker's that points to 127.0.0.1."""
    assert client.get(path, headers={"host": "rebound.evil.example"}).status_code == 403


def test_the_pages_own_requests_pass(client: httpx.Client, site: Site) -> None:
    headers = {"origin": site.url, "sec-fetch-site": "same-origin"}
    assert client.get("/asks/none", headers=headers).json() == {"running": False}
    assert client.post("/asks/none/stop", headers=headers).json() == {"done": False}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/admin/",
        "/status",
        "/nothing-here",
        "/pages/99/1.webp",
        "/gradio_api/file=/etc/passwd",
    ],
)
def test_every_answer_tells_the_browser_what_it_may_do(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    for rule in (
        "default-src 'self'",
        "frame-ancestors 'none'",
        "object-src 'none'",
        "form-action 'self'",
        "base-uri 'self'",
    ):
        assert rule in policy
    assert "http:" not in policy and "https:" not in policy and "*" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/file=../../etc/passwd",
        "/gradio_api/file=http://127.0.0.1:11434/",
        "/gradio_api/proxy=http://127.0.0.1/",
        "/admin/gradio_api/file=/etc/hostname",
        "/gradio_api/runs",
        "/monitoring",
        "/gradio_api/stream/a/b/c/playlist.m3u8",
        "/gradio_api/upload_progress",
        "/docs",
        "/openapi.json",
    ],
)
def test_no_route_gives_a_file_or_reaches_out(client: httpx.Client, path: str) -> None:
    reply = client.get(path)
    assert reply.status_code == 404
    assert "root:" not in reply.text


def test_gradio_takes_no_upload(client: httpx.Client) -> None:
    assert (
        client.post(
            "/gradio_api/upload", files={"files": ("a.html", b"<script>1</script>")}
        ).status_code
        == 404
    )


def test_bodies_are_bounded(client: httpx.Client, site: Site) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 300_000).status_code == 413
    assert client.post("/asks/x/stop", content=iter([b"x"] * 10)).status_code == 411
    reply = client.post(
        "/manuals/upload", params={"name": "big.pdf"}, content=b"%PDF-" + b"x" * (1 << 20)
    )
    assert reply.status_code == 413
    assert reply.json()["error"] == "big.pdf is larger than 1 MB."


def test_a_body_that_lies_about_its_size_is_cut_off(client: httpx.Client, site: Site) -> None:
    pieces = (b"x" * 65_536 for _ in range(40))  # 2.5 MB in chunks, without a length
    try:
        status = client.post(
            "/manuals/upload", params={"name": "big.pdf"}, content=pieces
        ).status_code
    except httpx.TransportError:
        status = 413  # the server may close before it has read all
    assert status == 413
    assert "big.pdf" not in client.get("/manuals/state").json()["jobs"]
    assert not [
        path for path in site.data.rglob("*") if path.is_file() and path.stat().st_size > 1_500_000
    ]


@pytest.mark.parametrize("place", ["99/1", "1/0", "1/2", "1/-1", "1/1e3", "0x1/1", "../1"])
def test_a_page_image_needs_a_version_and_a_page_that_exist(
    client: httpx.Client, place: str
) -> None:
    assert client.get(f"/pages/{place}.webp").status_code in (404, 422)


@pytest.mark.parametrize("place", ["1/1/0/999999", "1/1/5/5", "1/1/-3/4", "99/1/0/5"])
def test_a_passage_must_lie_on_its_page(client: httpx.Client, place: str) -> None:
    assert client.get(f"/passages/{place}").status_code == 404


def test_a_conversation_belongs_to_its_cookie(client: httpx.Client, site: Site) -> None:
    updates, _ = ask(client, "How do I replace the seal?")
    key = updates[0]["data"][0]["conversation"]
    assert "seal" in client.get(f"/conversations/{key}").text
    with client_of(site) as other:
        assert other.get(f"/conversations/{key}").status_code == 404
        for what in ("delete", "restore"):
            assert other.post(f"/conversations/{key}/{what}").status_code == 404
        assert other.post(f"/conversations/{key}/rename", json={"title": "mine"}).status_code == 404
    with httpx.Client(base_url=site.url) as forged:
        owner = client.cookies["tandem"].partition(".")[0]
        forged.cookies.set("tandem", f"{owner}.{'0' * 64}")
        assert forged.get(f"/conversations/{key}").status_code == 401


def test_the_cookie_is_out_of_reach_of_scripts(site: Site) -> None:
    cookie = httpx.get(site.url).headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_a_websocket_is_closed(site: Site) -> None:
    address = urlsplit(site.url)
    link = http.client.HTTPConnection(address.hostname, address.port, timeout=180)
    upgrade = {
        "Upgrade": "websocket",
        "Connection": "Upgrade",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "x" * 24,
    }
    link.request("GET", "/gradio_api/queue/join", headers=upgrade)
    assert link.getresponse().status in (400, 403, 404, 405)


def test_a_fault_inside_is_told_without_its_insides(tmp_path: Path) -> None:
    """The library's database is broken under the running server: words and a reference, the rest is in the log."""
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        upload(client, "pump.md", MANUAL)
        wait_until_read(client)
        with contextlib.closing(sqlite3.connect(site.data / "knowledge.db")) as db:
            db.execute("ALTER TABLE passages RENAME TO lost")
            db.commit()
        updates, _ = ask(client, "How do I replace the seal?")
        told = str(updates[-1])
        page = client.get("/start")
    for text in (told, page.text):
        assert "Reference " in text
        assert "Traceback" not in text and "sqlite" not in text.lower() and "passages" not in text
    reference = re.search(r"Reference (\w+)", told).group(1)
    assert reference in site.log.read_text(encoding="utf-8")
    assert page.status_code == 500
    assert page.headers["x-content-type-options"] == "nosniff"


def serve(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "run.py"), "serve", "--no-browser", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=280)


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.0.7", "::", "example.com"])
def test_other_addresses_than_this_machines_refuse_to_start(tmp_path: Path, host: str) -> None:
    done = serve("--data", str(tmp_path), "--host", host)
    assert done.returncode == 1
    assert "nobody has an account yet" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_taken_port_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = serve("--data", str(tmp_path), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "is taken by another program" in done.stderr
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_quietly_while_a_page_is_open(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site:
        address = urlsplit(site.url)
        link = http.client.HTTPConnection(address.hostname, address.port, timeout=180)
        link.request("GET", "/gradio_api/heartbeat/open-page")
        assert link.getresponse().status == 200
        site.process.send_signal(signal.SIGINT)
        assert site.process.wait(timeout=180) == 0  # the page would have stayed open for ever
    assert site.log.read_text(encoding="utf-8") == ""


def test_ctrl_c_does_not_wait_for_a_model_that_is_still_writing(tmp_path: Path) -> None:
    with (
        writing_server() as server,
        running_site(
            tmp_path / "data",
            TANDEM_OLLAMA_URL=server.url,
            TANDEM_CHAT_MODEL="m:latest",
            TANDEM_ANSWER_SECONDS="3600",
        ) as site,
    ):
        server.write("Close both", ends="stall")
        with client_of(site) as client:
            upload(client, "pump.md", MANUAL)
            wait_until_read(client)
            asking = threading.Thread(target=ask, args=(client, "How do I replace the seal?"))
            asking.start()
            wait_for(lambda: server.asked)
            site.process.send_signal(signal.SIGINT)
            assert site.process.wait(timeout=180) == 0
            wait_for(lambda: server.gone)
            asking.join(180)
    assert "Traceback" not in site.log.read_text(encoding="utf-8")


def test_the_secret_is_made_once_and_private(tmp_path: Path) -> None:
    secret = load_secret(tmp_path)
    assert len(secret) == 32 and load_secret(tmp_path) == secret
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "cookie.key").stat().st_mode) == 0o600


@pytest.mark.parametrize("cookie", ["", ".", "a", "a.b", "é.ü", "a." + "0" * 64])
def test_a_cookie_that_was_not_signed_here_names_nobody(cookie: str) -> None:
    secret = b"s" * 32
    assert owner_of(secret, cookie) == ""
    assert owner_of(b"t" * 32, sign(secret, "a")) == ""
    assert owner_of(secret, sign(secret, "a")) == "a"


def test_names_of_this_machine() -> None:
    assert [host_name(h) for h in ("[::1]:80", "localhost:7860", "127.0.0.1", "[::1]")] == [
        "::1",
        "localhost",
        "127.0.0.1",
        "::1",
    ]
    assert all(map(is_loopback, ("localhost", "LOCALHOST", "127.0.0.1", "127.8.8.8", "::1")))
    assert not any(
        map(
            is_loopback,
            (
                "",
                "localhost.evil.example",
                "127.0.0.1.evil.example",
                "0.0.0.0",
                "[::1]",
                "10.0.0.1",
            ),
        )
    )
