"""Pairs and trials over the wire: who may say what of a pair, what a trial refuses, and when it ends by itself."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator

import httpx
import pytest

from tests.support.pairs import DESCALE, LONG
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read

ARMS = ["quotes", "brief"]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("trials") / "data") as made:
        with client_of(made) as client:
            upload(client, "kettle.md", LONG.encode())
            wait_until_read(client)
        yield made


@pytest.fixture
def browser(site: Site) -> Iterator[httpx.Client]:
    with client_of(site) as client:
        yield client


def pair_of(client: httpx.Client, text: str = DESCALE, mode: str = "compare") -> tuple[str, str]:
    """Ask, and return the id of the pair and the conversation as the page gets it ("" for none)."""
    updates, _ = ask(client, text, mode=mode)
    html = client.get(f"/conversations/{updates[0]['data'][0]['conversation']}").text  # type: ignore[index]
    found = re.search(r'data-pair="(\w+)"', html)
    return found[1] if found else "", html


def begin(client: httpx.Client, **changes: object) -> httpx.Response:
    return client.post(
        "/trials", data={"name": "Spring", "arms": ARMS, "share": "100", "most": "0", **changes}
    )


def test_a_pair_is_its_askers_alone(site: Site, browser: httpx.Client) -> None:
    key, html = pair_of(browser)
    assert "data-open" in html and "/sources/" not in html
    with client_of(site) as other:
        for deed, body in (("vote", {"choice": "a"}), ("skip", {}), ("take", {"side": "a"})):
            assert other.post(f"/pairs/{key}/{deed}", json=body).status_code == 404
    assert browser.post(f"/pairs/{key}/take", json={"side": "b"}).status_code == 409
    assert (
        browser.post(f"/pairs/{key}/support", json={"side": "b", "support": "yes"}).status_code
        == 409
    )
    for wrong in ({"choice": "c"}, {}, {"choice": "a", "reason": "because"}):
        assert browser.post(f"/pairs/{key}/vote", json=wrong).status_code == 422
    opened = browser.post(f"/pairs/{key}/vote", json={"choice": "a"}).json()["html"]
    assert "Quotes" in opened and "Short quotes" in opened and "/sources/1" in opened
    source = re.findall(r"/answers/\w+/sources/1", opened)[0]
    assert browser.get(source).status_code == 200
    with client_of(site) as other:
        assert other.get(source).status_code == 404


def test_a_colleague_reads_a_shared_pair_once_it_is_open(site: Site, browser: httpx.Client) -> None:
    updates, _ = ask(browser, DESCALE, mode="compare")
    talk = updates[0]["data"][0]["conversation"]  # type: ignore[index]
    browser.post(f"/conversations/{talk}/share")
    with client_of(site) as other:
        closed = other.get(f"/conversations/{talk}").text
        assert "Two answers are compared here." in closed and "citric acid" not in closed
        key = re.search(r'data-pair="(\w+)"', browser.get(f"/conversations/{talk}").text)
        assert key
        browser.post(f"/pairs/{key[1]}/vote", json={"choice": "neither"})
        opened = other.get(f"/conversations/{talk}").text
        assert "Neither was found helpful." in opened and "citric acid" in opened
        assert "Correct the vote" not in opened and "Go on with this answer" not in opened


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "  "}, "Give the trial a name."),
        ({"arms": ["quotes"]}, "at least two"),
        ({"arms": ["quotes", "quotes"]}, "at least two"),
        ({"people": ["nobody"]}, "cannot sign in any more"),
    ],
)
def test_a_trial_that_cannot_begin_says_why(
    browser: httpx.Client, changes: dict[str, object], told: str
) -> None:
    reply = begin(browser, **changes)
    assert reply.status_code == 400 and told in reply.text


def test_a_trial_ends_after_its_votes_and_no_earlier(browser: httpx.Client) -> None:
    assert begin(browser, most="1").status_code == 303
    questions = ("How do I descale the Kettle K-5?", "How do I descale this kettle?")
    key, html = pair_of(browser, questions[0], mode="auto")
    assert "This question is part of a trial" in html
    browser.post(f"/pairs/{key}/vote", json={"choice": "tie"})
    assert "End the trial" in browser.get("/trials").text, "a tie decides nothing"
    key, _ = pair_of(browser, questions[1], mode="auto")
    browser.post(f"/pairs/{key}/vote", json={"choice": "a"})
    page = browser.get("/trials").text
    assert "End the trial" not in page and "Spring" in page
    assert pair_of(browser, questions[0], mode="auto")[0] == ""


def test_what_was_not_voted_on_stays_blind_in_the_csv(browser: httpx.Client) -> None:
    pair_of(browser, "What do I descale the kettle with?")
    rows = list(csv.DictReader(io.StringIO(browser.get("/trials/everyday/votes.csv").text)))
    still_open = [row for row in rows if not row["vote"]]
    assert still_open and not any(row["answer A"] or row["answer B"] for row in still_open)
    voted = [row for row in rows if row["vote"]]
    assert voted and all({row["answer A"], row["answer B"]} == set(ARMS) for row in voted)
    assert {row["product"] for row in voted} == {"Kettle K-5"}


def test_the_advice_leads_from_the_trials_and_names_each_product(browser: httpx.Client) -> None:
    assert 'href="/advice"' in browser.get("/trials").text
    page = browser.get("/advice").text
    assert "Kettle K-5" in page and "No adapter is served." in page
