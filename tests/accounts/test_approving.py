"""Approved answers by role: an agent proposes their own, an admin decides, every deed is noted, no question is."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterator

import httpx
import pytest

from tests.support.manuals import PUMP
from tests.support.people import Team
from tests.support.serving import Site, ask, upload, wait_until_read

SEAL = "How do I replace the seal?"
TEXT = "To replace the seal, close both valves. Keep the zebra screws."


@pytest.fixture(scope="module")
def mia(site: Site, team: Team) -> Iterator[httpx.Client]:
    with team.client(site, team.add("Mia", "admin")) as client:
        upload(client, "pump.md", PUMP.encode())
        wait_until_read(client)
        yield client


@pytest.fixture(scope="module")
def bob(site: Site, team: Team, mia: httpx.Client) -> Iterator[httpx.Client]:
    with team.client(site, team.add("Bob", "agent")) as client:
        yield client


def answered(client: httpx.Client, question: str = SEAL) -> tuple[str, str]:
    """Ask; return the answer's id, and the conversation as it is kept."""
    updates, _ = ask(client, question)
    talk = client.get(f"/conversations/{updates[0]['data'][0]['conversation']}").text  # type: ignore[index]
    return talk.split('data-turn="')[1].split('"')[0], talk


def listed(client: httpx.Client, state: str = "decide") -> str:
    reply = client.get("/approved", params={"state": state})
    assert reply.status_code == 200
    return reply.text


def hidden(page: str, name: str) -> tuple[str, str]:
    """The id and the last change of the one answer that a deed on a page is for."""
    found = re.search(rf'action="/approved/(\w+)/{name}".*?name="seen" value="([^"]+)"', page)
    assert found
    return found.group(1), found.group(2)


def test_from_an_agents_proposal_to_another_agents_answer(
    site: Site, team: Team, bob: httpx.Client, mia: httpx.Client
) -> None:
    answer, page = answered(bob)
    assert "Propose as approved answer" in page
    assert "Nothing waits for you" in listed(mia)
    address = f"/answers/{answer}/propose"
    assert mia.post(address, json={"text": TEXT}).status_code == 404  # not even an admin
    assert bob.post(address, json={"text": " "}).status_code == 400
    assert "Answers you proposed" not in bob.get("/account").text
    assert bob.post(address, json={"text": TEXT}).json() == {"done": True}
    mine = bob.get("/account").text
    assert "Answers you proposed" in mine and SEAL in mine and "Waits for an admin" in mine
    page = listed(mia)
    assert "Proposed by Bob" in page and "1 sentence has no source in the manuals." in page
    key, seen = hidden(page, "approve")
    edit = mia.get(f"/approved/{key}").text
    assert (
        "No source in the manuals" in edit
        and "Pump P-200 user manual, Maintenance › Replace the seal" in edit
    )

    # What is typed beside "Approve" is checked first
    form = {"question": SEAL, "product": "", "text": f"{TEXT} Remove the four screws of the cover."}
    reply = mia.post(f"/approved/{key}/approve", data={**form, "seen": seen})
    assert reply.headers["location"] == f"/approved/{key}?done=checked"
    stale = mia.post(f"/approved/{key}/approve", data={"seen": seen})
    assert stale.status_code == 409 and "changed this answer meanwhile" in stale.text
    key, seen = hidden(listed(mia), "approve")
    reply = mia.post(f"/approved/{key}/approve", data={"seen": seen})
    assert reply.headers["location"] == "/approved?done=approved"
    assert 'Approved <span class="t-dim">Mia' in bob.get("/account").text
    with team.client(site, team.add("Eve", "agent")) as eve:
        assert "Answers you proposed" not in eve.get("/account").text
        _, page = answered(eve, "how can I replace the seal")
    assert "Approved answer</b> Approved by Mia on " in page and "zebra" in page
    assert "Propose as approved" not in page
    (row,) = map(json.loads, mia.get("/approved.jsonl").text.splitlines())
    assert (row["question"], row["unsourced"]) == (SEAL, ["Keep the zebra screws."])

    for search, there in (("ZEBRA bob", True), ("repl sea", True), ("zebra filter", False)):
        found = mia.get("/approved", params={"state": "approved", "search": search}).text
        assert ("zebra screws" in found) == there, search
        assert ("Nothing here holds these words." in found) != there
        assert f"state=stale&amp;search={search.split()[0]}" in found, "the words go along"

    upload(mia, "pump.md", PUMP.replace("close both", "close all").encode(), publish=True)
    wait_until_read(mia)
    page = listed(mia, "stale")
    assert "has changed since version 1" in page and mia.get("/approved.jsonl").text == ""
    (difference,) = re.findall(r'data-url="(/passages/[^"]+/changes)"', page)
    assert "<ins>" in mia.get(difference).text
    assert mia.post(f"/approved/{key}/withdraw").status_code == 303
    assert "Withdrawn by Mia" in listed(mia, "away")
    again = mia.post(f"/approved/{key}/withdraw")
    assert again.status_code == 409 and "decided on this answer meanwhile" in again.text
    reply = mia.post(f"/approved/{key}/approve", data={"seen": ""})
    assert reply.status_code == 409 and "A source of it has changed" in reply.text

    deeds = [line.split(",")[1:] for line in mia.get("/audit.csv").text.splitlines()[1:]]
    named = [(who, what) for who, what, about in reversed(deeds) if about == key]
    assert named == [
        ("Bob", "proposed an answer"),
        ("Mia", "edited the approved answer"),
        ("Mia", "approved the answer"),
        ("Mia", "withdrew the approved answer"),
    ]
    with sqlite3.connect(site.data / "journal.db") as db:
        kept = str(db.execute("SELECT * FROM audit").fetchall())
    assert "seal" not in kept and "zebra" not in kept


def test_what_is_typed_is_kept_where_it_cannot_be_saved(
    bob: httpx.Client, mia: httpx.Client
) -> None:
    answer, _ = answered(bob, "What do I remove from the cover?")
    bob.post(f"/answers/{answer}/propose", json={"text": "Remove the four screws of the cover."})
    key, seen = hidden(listed(mia), "approve")
    form = {"question": "Q <b>", "product": "", "text": "Typed & lost?", "seen": "earlier"}
    reply = mia.post(f"/approved/{key}/edit", data=form)
    assert reply.status_code == 409 and "changed this answer meanwhile" in reply.text
    assert "Q &lt;b&gt;</textarea>" in reply.text and "Typed &amp; lost?</textarea>" in reply.text
    reply = mia.post(f"/approved/{key}/edit", data={**form, "seen": seen}, follow_redirects=True)
    assert "Saved and checked against the manuals." in reply.text
    assert "cannot be approved" in reply.text and f"{key}/approve" not in reply.text
    assert mia.post(f"/approved/{key}/decline").headers["location"] == "/approved?done=declined"
    assert "Declined by Mia" in listed(mia, "away")


def test_signing_in_leads_back_to_the_list(site: Site) -> None:
    with httpx.Client(base_url=site.url) as client:
        html = {"accept": "text/html"}
        reply = client.get("/approved?state=stale", headers=html)
        assert reply.headers["location"] == "/sign-in?next=%2Fapproved%3Fstate%3Dstale"
        assert client.get("/approved/abc", headers=html).status_code == 401


def test_a_draft_is_read_by_those_who_own_the_manuals_only(
    bob: httpx.Client, mia: httpx.Client
) -> None:
    answered(bob, "How often do I clean the filter?")
    upload(mia, "pump.md", PUMP.replace("500 hours", "50 hours").encode())
    drafts = wait_until_read(mia)["drafts"]
    assert "by Mia" in drafts, "admins see whose upload waits"
    found = re.search(r"/versions/\d+/compare/(\d+)", drafts)
    assert found
    for address in (f"/passages/{found[1]}/1/0/20", f"/pages/{found[1]}/1.webp"):
        assert bob.get(address).status_code == 404
    assert mia.get(f"/passages/{found[1]}/1/0/20").status_code == 200
    assert mia.post(f"/versions/{found[1]}/publish").status_code == 303
    assert bob.get(f"/passages/{found[1]}/1/0/20").status_code == 200
