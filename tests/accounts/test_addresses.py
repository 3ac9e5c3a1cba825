"""From local use to a team: the first admin, other addresses than this machine's, proxies, restarts, the command line."""

from __future__ import annotations

import contextlib
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.command import out, run
from tests.support.people import PASSWORD, sign_in, team_of
from tests.support.serving import ROOT, Site, ask, client_of, running_site, upload, wait_until_read

MANUAL = b"# Pump P-200\n\n## Seal\n\nTo replace the seal, close both valves. Remove the four screws of the cover.\n"


def users(
    data: Path, *arguments: str, password: str = PASSWORD, **environ: str
) -> subprocess.CompletedProcess[str]:
    """Run ``users`` with a password on its standard input."""
    command = [sys.executable, str(ROOT / "run.py"), "--data", str(data), "users", *arguments]
    return subprocess.run(
        command,
        input=f"{password}\n",
        capture_output=True,
        text=True,
        timeout=120,
        env={**os.environ, **environ},
    )


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A browser at a machine on which nobody has an account."""
    with running_site(tmp_path_factory.mktemp("local") / "data") as site, client_of(site) as client:
        yield client


def first_link(site: Site) -> str:
    assert site.process.stdout is not None
    line = site.process.stdout.readline()
    return re.search(r"http\S+", line).group()  # type: ignore[union-attr]


def test_the_first_link_makes_the_admin_and_keeps_what_was_asked(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site:
        link = first_link(site)
        with client_of(site) as client:
            upload(client, "pump.md", MANUAL)
            wait_until_read(client)
            ask(client, "How do I replace the seal?")
            assert "Everybody at this machine" in client.get("/account").text
            assert client.get("/people").headers["location"] == "/account"  # it says how to begin
            form = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
            assert client.post(link, data=form).headers["location"] == "/"
            assert "How do I replace the seal" in client.get("/conversations").text
            assert client.get("/people").status_code == 200
            cookies = dict(client.cookies)
        with httpx.Client(base_url=site.url) as other:
            assert other.get("/status").status_code == 401
            assert other.get(link).status_code == 410
    with (
        running_site(tmp_path / "data") as site,
        httpx.Client(base_url=site.url, cookies=cookies) as client,
    ):
        assert "How do I replace the seal" in client.get("/conversations").text


def test_the_first_admin_can_be_made_from_the_page(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        link = client.post("/people/first").headers["location"]
        assert link.startswith("/welcome/")
        form = {"name": "Ada", "password": PASSWORD, "again": PASSWORD}
        assert client.post(link, data=form).status_code == 303
        assert client.post("/people/first").headers["location"] == "/people"


def test_other_machines_are_let_in_once_somebody_can_sign_in(tmp_path: Path) -> None:
    assert users(tmp_path / "data", "add", "Ada", "--role", "admin").returncode == 0
    with running_site(tmp_path / "data", TANDEM_HOST="0.0.0.0") as site:
        url = f"http://127.0.0.1:{site.url.rsplit(':', 1)[1]}"
        with httpx.Client(base_url=url) as client:
            assert client.get("/status").status_code == 401
            assert sign_in(client, "Ada").status_code == 303
            assert client.get("/status").status_code == 200
            assert client.get("/status", headers={"host": "192.0.2.7"}).status_code == 200
            assert client.get("/status", headers={"host": "evil.example"}).status_code == 403


def test_who_signed_in_here_before_does_not_wait_for_a_strangers_guesses(tmp_path: Path) -> None:
    assert users(tmp_path / "data", "add", "Ada", "--role", "admin").returncode == 0
    with running_site(tmp_path / "data") as site, httpx.Client(base_url=site.url) as ada:
        assert sign_in(ada, "Ada").status_code == 303
        assert ada.post("/sign-out").status_code == 303
        with httpx.Client(base_url=site.url) as stranger:
            told = [sign_in(stranger, "Ada", "wrong horse battery").status_code for _ in range(7)]
            assert told[-1] == 429
            forged = ada.cookies["tandem_known"].replace("known-", "known-x", 1)
            stranger.cookies.set("tandem_known", forged)
            assert sign_in(stranger, "Ada").status_code == 429
        assert sign_in(ada, "Ada").status_code == 303


def test_names_and_proxies_have_to_be_set(tmp_path: Path) -> None:
    assert users(tmp_path / "data", "add", "Ada", "--role", "admin").returncode == 0
    told = {
        "host": "support.example.com",
        "x-forwarded-proto": "https",
        "x-forwarded-for": "203.0.113.9",
        "origin": "https://support.example.com",
    }
    form = {"name": "Ada", "password": PASSWORD}
    for proxies, secure, address in (("127.0.0.1", True, "203.0.113.9"), ("", False, "127.0.0.1")):
        environ = {"TANDEM_HOSTS": "support.example.com", "TANDEM_PROXIES": proxies}
        with (
            running_site(tmp_path / "data", **environ) as site,
            httpx.Client(base_url=site.url, headers=told) as client,
        ):
            reply = client.post("/sign-in", data=form)
            assert reply.status_code == 303
            assert ("Secure" in reply.headers["set-cookie"]) is secure
            found = re.search(r"(\S*tandem_session)=([\w-]+)", reply.headers["set-cookie"])
            assert found and found[1].startswith("__Host-") is secure, "no other host may set it"
            cookie = {"cookie": f"{found[1]}={found[2]}"}
            assert address in client.get("/account", headers=cookie).text
            claimed = {"x-forwarded-host": "evil.example", "x-gradio-server": "http://evil.example"}
            page = client.get("/", headers=cookie | claimed).text
            assert "evil.example" not in page and "support.example.com" in page
            assert ('"root":"https://' in page) is secure
            elsewhere = {"cookie": f"{'' if secure else '__Host-'}tandem_session={found[2]}"}
            assert client.get("/account", headers=elsewhere).status_code != 200


def test_a_name_that_others_reach_needs_people_too(tmp_path: Path) -> None:
    command = [sys.executable, str(ROOT / "run.py"), "serve", "--no-browser", "--port", "0"]
    environ = {**os.environ, "TANDEM_DATA": str(tmp_path), "TANDEM_HOSTS": "support.example.com"}
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environ)
    assert done.returncode == 1
    assert "support.example.com is for other machines, too" in done.stderr
    assert "users add NAME --role admin" in done.stderr


def test_people_on_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    assert "Nobody has an account" in run("users", data=data).stdout
    told = users(data, "add", "Bob")
    assert told.returncode == 1 and "has to be an admin" in told.stderr
    assert users(data, "add", "Ada", "--role", "admin", password="short").returncode == 1
    assert users(data, "add", "Ada", "--role", "admin", password="").returncode == 1
    assert users(data, "add", "Ada", "--role", "admin", "--role", "engineer").returncode == 0
    made = out("users", "add", "Bob", "--link", data=data)
    assert re.fullmatch(r"http://127\.0\.0\.1:7860/welcome/[\w-]{43}", made["link"])
    assert out("users", data=data)["users"] == [
        {"name": "Ada", "roles": ["admin", "engineer"], "password": True},
        {"name": "Bob", "roles": ["agent"], "password": False},
    ]
    assert out("users", "role", "bob", "--role", "engineer", data=data)["roles"] == ["engineer"]
    assert "signed out everywhere" in users(data, "password", "Bob").stdout
    assert users(data, "role", "Bob").returncode == 1
    told = run("users", "remove", "Ada", data=data)
    assert told.returncode == 1 and "has to stay an admin" in told.stderr
    assert run("users", "remove", "bob", data=data).returncode == 0
    assert run("users", "remove", "bob", data=data).returncode == 1
    assert run("users", "add", data=data).returncode == 2


@pytest.mark.parametrize(
    ("settings", "base"),
    [
        ({"TANDEM_HOST": "0.0.0.0", "TANDEM_PORT": "8100"}, f"http://{socket.gethostname()}:8100"),
        ({"TANDEM_HOST": "::1"}, "http://[::1]:7860"),
        ({"TANDEM_HOST": "0.0.0.0", "TANDEM_HOSTS": "desk.example"}, "http://desk.example:7860"),
        (
            {"TANDEM_HOSTS": "a.example,b.example", "TANDEM_PROXIES": "127.0.0.1"},
            "https://a.example",
        ),
    ],
)
def test_a_link_by_command_leads_to_where_the_pages_are_opened(
    tmp_path: Path, settings: dict[str, str], base: str
) -> None:
    told = users(tmp_path / "data", "add", "Ada", "--role", "admin", "--link", **settings)
    assert f" {base}/welcome/" in told.stdout


def test_a_link_by_command_leads_to_the_server_that_runs_on_another_port(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with running_site(data) as site:
        told = users(data, "add", "Ada", "--role", "admin", "--link")
        link = told.stdout.split(" at ")[1].split(" (")[0]
        assert link.startswith(f"{site.url.rstrip('/')}/welcome/")
        assert "Ada" in httpx.get(link).text
        away = users(data, "add", "Bob", "--link", TANDEM_HOSTS="desk.example")
        assert f" http://desk.example:{urlsplit(site.url).port}/welcome/" in away.stdout
        site.process.kill()
        site.process.wait()
    told = users(data, "add", "Cid", "--link")
    assert " http://127.0.0.1:7860/welcome/" in told.stdout, (
        "what a killed server left counts for nothing"
    )


def test_a_server_runs_where_its_address_cannot_be_kept(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir(mode=0o700)
    (data / "address").mkdir()  # as little to be written as on a full disk
    with running_site(data) as site, client_of(site) as client:
        assert client.get("/status").status_code == 200
        told = users(data, "add", "Ada", "--role", "admin", "--link")
        assert " http://127.0.0.1:7860/welcome/" in told.stdout


def test_the_command_line_counts_in_a_running_server(tmp_path: Path) -> None:
    with running_site(tmp_path / "data") as site, client_of(site) as client:
        assert client.get("/status").status_code == 200
        assert users(site.data, "add", "Ada", "--role", "admin").returncode == 0
        assert client.get("/status").status_code == 401  # from now on everybody signs in
        assert sign_in(client, "Ada").status_code == 303
        assert client.get("/status").status_code == 200
        assert users(site.data, "password", "Ada", password="another horse battery").returncode == 0
        assert client.get("/status").status_code == 401


def test_what_cannot_be_read_lets_nobody_in(tmp_path: Path) -> None:
    """A folder that is gone under a running server must not make everybody a local person."""
    with running_site(tmp_path / "data") as site, team_of(site) as team:
        ada = team.add("Ada", "admin")
        with team.client(site, ada) as client, httpx.Client(base_url=site.url) as nobody:
            assert client.get("/status").status_code == 200
            site.data.rename(tmp_path / "away")
            assert nobody.get("/manuals/state").status_code in (401, 503)
            (tmp_path / "away").rename(site.data)
            assert client.get("/status").status_code == 200


def test_a_journal_that_another_program_holds_keeps_nobody_out(tmp_path: Path) -> None:
    """A session's last use cannot be written then; who has it reads on."""
    with (
        running_site(tmp_path / "data") as site,
        team_of(site) as team,
        team.client(site, team.add("Ada", "admin")) as client,
        contextlib.closing(sqlite3.connect(site.data / "journal.db", isolation_level=None)) as db,
    ):
        db.execute("UPDATE sessions SET seen = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 days')")
        db.execute("BEGIN IMMEDIATE")
        assert client.get("/status").status_code == 200
        assert client.get("/account").status_code == 200
        db.execute("ROLLBACK")


@pytest.mark.parametrize("header", ["x-forwarded-for", "X-Real-IP", "Via", "Forwarded"])
def test_who_comes_through_a_proxy_is_not_at_this_machine(local: httpx.Client, header: str) -> None:
    """A proxy that passes no Host on must not make strangers the local person."""
    for method, path in (("GET", "/"), ("GET", "/manuals/state"), ("POST", "/people/first")):
        reply = local.request(method, path, headers={header: "203.0.113.9"})
        assert reply.status_code == 403 and "users add NAME --role admin" in reply.text
    assert local.get("/manuals/state").status_code == 200


def test_doctor_says_what_keeps_the_server_from_starting(tmp_path: Path) -> None:
    def people(**environ: str) -> dict[str, str]:
        told = run("doctor", "--json", data=tmp_path / "data", env=environ)
        report = json.loads(told.stdout)
        return next(check for check in report["checks"] if check["name"] == "people")

    assert people()["state"] == "ok"
    assert people(TANDEM_HOST="0.0.0.0")["state"] == "fault"
    assert "users add NAME" in people(TANDEM_HOSTS="support.example.com")["text"]
    assert users(tmp_path / "data", "add", "Ada", "--role", "admin").returncode == 0
    assert people(TANDEM_HOST="0.0.0.0")["state"] == "ok"


def test_a_proxy_is_an_address(tmp_path: Path) -> None:
    for proxies in ("*", "proxy.example.com"):
        told = run("doctor", data=tmp_path / "data", env={"TANDEM_PROXIES": proxies})
        assert told.returncode == 1 and "is no IP address or network" in told.stderr
