"""The table of who may open which address, walked against the application's routes and against the real server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chatbot.accounts.roles import Person
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from tests.support.people import Team
from tests.support.serving import Site
from ui.accounts.access import ACCESS, Entry, need_of

NOT_THERE = "There is no such page."
ROLES = ("nobody", "agent", "admin", "engineer")
FILLED = {
    "key": "none",
    "token": "none",
    "n": "1",
    "job_id": "999999",
    "version_id": "999999",
    "old": "999999",
    "new": "999999",
    "number": "1",
    "start": "0",
    "end": "5",
    "ticket": "t1",
    "digest": "0",
    "name": "tandem.css",
    "rest:path": "queue/join",
}


@pytest.fixture(scope="module")
def people(team: Team) -> dict[str, Person | None]:
    return {
        "admin": team.add("Ada", "admin"),
        "agent": team.add("Bob", "agent"),
        "engineer": team.add("Dee", "engineer"),
        "nobody": None,
    }


def routes(tmp_path: Path) -> set[tuple[str, str]]:
    """Every address of our own that the application answers."""
    from ui.app import create_app
    from ui.chat.model_status import Board
    from ui.web.cancellation import RunningQuestions

    chosen: dict[str, Any] = {
        "data": tmp_path / "data",
        "ollama_url": "none",
        "oidc_issuer": "http://127.0.0.1:1",
    }
    assistant = open_assistant(Settings.load({}, **chosen))
    app = create_app(assistant, assistant.catalog, Board(assistant), RunningQuestions())  # type: ignore[arg-type]
    paths = app.openapi()["paths"]
    assistant.close()
    return {(method.upper(), path) for path, methods in paths.items() for method in methods}


def test_every_route_has_a_row_and_every_row_a_route(tmp_path: Path) -> None:
    ours = routes(tmp_path)
    assert len(ours) > 45
    table = [(entry.method, entry.path) for entry in ACCESS]
    assert len(table) == len(set(table))
    assert ours - set(table) == set()
    gradio = re.compile(r"/(admin/|check/)?((assets|static|gradio_api)/.*|[\w.]+\.(css|ico|txt))?$")
    assert not [row for row in set(table) - ours if not gradio.match(row[1])]


def test_an_address_that_is_not_in_the_table_is_there_for_nobody() -> None:
    for path in (
        "/config",
        "/nothing",
        "/manuals",
        "/people/x",
        "/accounts",
        "/admin/x",
        "//people",
    ):
        assert need_of("GET", path) is None
    assert need_of("HEAD", "/people") == need_of("DELETE", "/people") == "people"
    assert need_of("GET", "/check/assets/a.js") == "ask"
    assert need_of("POST", "/admin/gradio_api/queue/join") == "manuals"


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("entry", ACCESS, ids=lambda entry: f"{entry.method} {entry.path}")
def test_the_table_holds(
    site: Site, team: Team, people: dict[str, Person | None], entry: Entry, role: str
) -> None:
    path = re.sub(r"{([\w:]+)}", lambda found: FILLED[found.group(1)], entry.path)
    person = people[role]
    may = entry.need == "anybody" or (
        person is not None and (entry.need == "own" or entry.need in person.rights)
    )
    with team.client(site, person) as client:
        query = {"name": "a.md"} if path.endswith("upload") else None
        reply = client.request(entry.method, path, params=query)
    told = reply.text if len(reply.text) < 5000 else ""
    if may:
        assert reply.status_code != 401 and "sign-in?next" not in reply.headers.get("location", "")
        if "provider" not in path and "rest" not in entry.path:
            assert reply.status_code != 404 or NOT_THERE not in told or entry.need == "anybody"
    elif person is None:
        assert reply.status_code in (303, 401)
        assert reply.status_code == 401 or reply.headers["location"].startswith("/sign-in?next=")
    else:
        assert reply.status_code == 404
        assert NOT_THERE.rstrip(".") in told
