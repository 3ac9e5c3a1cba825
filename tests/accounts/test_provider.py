"""Signing in through a real OpenID Connect provider on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from oidc_provider_mock import User, run_server_in_thread

from tests.support.people import Team, sign_in, team_of
from tests.support.serving import Site, running_site
from ui.accounts.provider import Identity, identity_in, may_be_new

USERS = (
    User(sub="1", claims={"email": "grace@example.com", "email_verified": True}),
    User(sub="2", claims={"preferred_username": "hedy", "email": "ada@example.com"}),
    User(sub="3", claims={"preferred_username": "Ada"}),
)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Team]]:
    with ExitStack() as stack:
        server = stack.enter_context(run_server_in_thread(user_claims=USERS))
        site = stack.enter_context(
            running_site(
                tmp_path_factory.mktemp("provider") / "data",
                TANDEM_OIDC_ISSUER=f"http://localhost:{server.server_port}/",
                TANDEM_OIDC_CLIENT_ID="tandem",
                TANDEM_OIDC_CLIENT_SECRET="a secret of the team's",
            )
        )
        yield site, stack.enter_context(team_of(site))


def through_provider(client: httpx.Client, subject: str, goal: str = "/") -> httpx.Response:
    """Leave for the provider, say yes there as this person, come back."""
    out = client.get("/sign-in/provider", params={"next": goal}, follow_redirects=False)
    assert out.status_code == 302 and "code_challenge=" in out.headers["location"]
    there = out.headers["location"]
    form = {"sub": subject} if subject else {"action": "deny"}
    back = httpx.post(there, data=form)
    return client.get(back.headers["location"])


def test_nobody_signs_in_before_there_is_an_admin(place: tuple[Site, Team]) -> None:
    site, team = place
    with httpx.Client(base_url=site.url) as client:
        reply = through_provider(client, "1")
        assert reply.headers["location"].startswith("/sign-in?failed=")
    assert not team.accounts.any()
    team.add("Ada", "admin")


def test_people_come_in_by_the_provider(place: tuple[Site, Team]) -> None:
    site, team = place
    grace = team.add("grace@example.com", "admin", password=None)
    with httpx.Client(base_url=site.url) as client:
        assert "/sign-in/provider?next=/check/" in client.get("/sign-in?next=/check/").text
        done = through_provider(client, "1", "/check/")
        assert (done.status_code, done.headers["location"]) == (303, "/check/")
        assert client.get("/people").status_code == 200  # the admin that she was made
        assert "identity provider" in client.get("/account").text
    with httpx.Client(base_url=site.url) as client:
        through_provider(client, "2")
        assert client.get("/status").status_code == 200
        assert client.get("/people").status_code == 404  # whom nobody knew is an agent
    known = {person.name: person for person in team.accounts.people()}
    assert known["grace@example.com"].id == grace.id and known["hedy"].roles == ("agent",)


def test_a_name_with_a_password_is_not_taken_over(place: tuple[Site, Team]) -> None:
    site, _ = place
    with httpx.Client(base_url=site.url, follow_redirects=True) as client:
        page = through_provider(client, "3")
        assert "somebody has your name here already" in page.text
        assert client.get("/status").status_code == 401
        assert sign_in(client, "Ada").status_code == 200


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied&state=y"])
def test_an_answer_that_nobody_asked_for_lets_nobody_in(
    place: tuple[Site, Team], query: str
) -> None:
    site, _ = place
    with httpx.Client(base_url=site.url) as client:
        reply = client.get(f"/sign-in/provider/back{query}")
        assert reply.headers["location"].startswith("/sign-in?failed=")
        assert client.get("/status").status_code == 401


def test_the_word_of_one_browser_is_not_another_ones(place: tuple[Site, Team]) -> None:
    """Somebody who is sent the end of another's sign-in must not become them, nor they him."""
    site, _ = place
    with httpx.Client(base_url=site.url) as mine, httpx.Client(base_url=site.url) as victim:
        out = mine.get("/sign-in/provider")
        back = httpx.post(out.headers["location"], data={"sub": "2"}).headers["location"]
        assert victim.get(back).headers["location"].startswith("/sign-in?failed=")
        assert victim.get("/status").status_code == 401


def test_who_says_no_there_is_told(place: tuple[Site, Team]) -> None:
    site, _ = place
    with httpx.Client(base_url=site.url, follow_redirects=True) as client:
        assert "did not work" in through_provider(client, "").text


def test_a_provider_that_is_down_is_said(tmp_path: Path) -> None:
    environ = {"TANDEM_OIDC_ISSUER": "http://127.0.0.1:9", "TANDEM_OIDC_CLIENT_ID": "tandem"}
    with (
        running_site(tmp_path / "data", **environ) as site,
        team_of(site) as team,
        httpx.Client(base_url=site.url, follow_redirects=True) as client,
    ):
        team.add("Ada", "admin")
        page = client.get("/sign-in/provider")
        assert page.status_code == 200 and "does not answer as expected" in page.text
        assert sign_in(client, "Ada").status_code == 200


def test_only_people_of_the_teams_domain_come_in_by_themselves() -> None:
    grace = Identity("https://id", "1", "grace@Example.com", True)
    assert may_be_new(grace, frozenset()) and may_be_new(grace, frozenset({"example.com"}))
    assert not may_be_new(grace, frozenset({"ample.com"}))
    assert not may_be_new(replace(grace, verified=False), frozenset({"example.com"}))
    assert not may_be_new(replace(grace, name="example.com"), frozenset({"mple.com"}))


def test_only_a_verified_address_is_a_name_that_is_recognised() -> None:
    claims = {"iss": "https://id", "sub": "7", "email": "a@example.com", "name": "A"}
    assert identity_in(claims).name == "A" and not identity_in(claims).verified
    assert not identity_in({**claims, "email_verified": "true"}).verified
    assert identity_in({**claims, "email_verified": True}).name == "a@example.com"
    assert identity_in({"iss": "https://id", "sub": "7"}).name == "7"
