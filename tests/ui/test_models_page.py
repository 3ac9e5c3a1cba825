"""The page of models: what an engineer sees of adapters and trainings, and what they can do about it."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path

import httpx
import pytest

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.store import DataSetContent, DataSets
from adapters.registry import Card, CardVerdict, Registry
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from knowledge.types import HeldVersion
from tests.support.manuals import PUMP
from tests.support.model_server import ModelServer
from tests.support.people import team_of
from tests.support.rivals import BOLTS, LISTED, QUESTIONS, reworded, save_rivals, talking
from tests.support.serving import Site, ask, client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for
from ui.models.overview import Staleness, staleness, trainings
from ui.models.plot import losses
from ui.models.words import training_words


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    server = ModelServer(said="x")
    (tmp_path / "data").mkdir(mode=0o700)
    registry = Registry(tmp_path / "data" / "adapters")
    scores = {"facts_right": 0.8, "facts_right_of": 50.0}
    registry.save(Card("desk-v1", "desk:v1", "m:latest", "d1", created="2026-11-01T10:00:00Z"))
    registry.save(
        Card(
            "desk-v2", "m:latest", "m:latest", "d2", scores=scores, covered_from=0.72,
            created="2026-11-20T10:00:00Z",
        )
    )  # fmt: skip
    registry.save(Card("gone", "gone:v1", "m:latest", "d3"))
    registry.serve("desk-v1")
    with (
        contextlib.closing(server),
        running_site(tmp_path / "data", TANDEM_OLLAMA_URL=server.url) as running,
    ):
        yield running


def page_of(client: httpx.Client) -> str:
    reply = client.get("/models")
    assert reply.status_code == 200
    text = re.sub(r"<[^>]+>", " ", reply.text.split("<main", 1)[1])
    return " ".join(unescape(text).split())


def test_an_adapter_is_served_and_taken_back(site: Site) -> None:
    with client_of(site) as client:
        text = page_of(client)
        assert "desk-v1 desk:v1 · 1 Nov 2026 It is served." in text
        assert "Facts right in words it was not trained on – 40 of 50" in text and "0.72" in text
        assert "The adapter 'gone' is not on the model server." in text
        assert "From no model to a served adapter" not in text and "Go back" not in text
        assert (
            "20 Nov 2026 It is not served. It was not judged against desk-v1, which is served."
            in text
        )
        reply = client.post("/models/desk-v2/promote")
        assert reply.headers["location"] == "/models?done=unjudged"
        assert (
            "It was not judged against the one before." in client.get("/models?done=unjudged").text
        )
        assert "desk-v2 m:latest · 20 Nov 2026 It is served." in page_of(client)
        refused = client.post("/models/gone/promote")
        assert refused.status_code == 409 and "is not on the model server" in refused.text
        assert "Go back to desk-v1" in page_of(client)
        client.post("/models/roll-back")
        assert "desk-v1 desk:v1 · 1 Nov 2026 It is served." in page_of(client)
        client.post("/models/serve-none")
        text = page_of(client)
        assert "It is served." not in text and "From no model to a served adapter" in text
        client.post("/models/gone/remove")
        assert "gone:v1" not in page_of(client)
        deeds = client.get("/audit").text
        assert "served the adapter" in deeds and "served no adapter any more" in deeds


def judged(site_folder: Path, **failed: str) -> None:
    registry = Registry(site_folder / "data" / "adapters")
    text = (
        f"Held back. {' '.join(failed.values())}"
        if failed
        else "It may be served: all 9 rules hold."
    )
    verdict = CardVerdict("desk-v1", "d1", text, failed, "2026-11-21T10:00:00Z")
    registry.save(replace(registry.card("desk-v2"), verdict=verdict))


def test_what_is_held_back_is_served_only_with_a_reason(site: Site, tmp_path: Path) -> None:
    judged(tmp_path, numbers="Wrong numbers in 3 answers.", form="The form is lost.")
    because = "The model that is served was withdrawn by its vendor."
    with client_of(site) as client:
        text = page_of(client)
        assert (
            "Judged against desk-v1 on 21 Nov 2026: Held back. Wrong numbers in 3 answers. The form is lost."
            in text
        )
        assert "Reason to serve it all the same" in text and "not judged" in text, "gone was not"
        refused = client.post("/models/desk-v2/promote")
        assert refused.status_code == 409
        assert (
            "&#39;desk-v2&#39; is held back against &#39;desk-v1&#39;, which is served: wrong numbers in 3 answers; the form is lost."
            in refused.text
        )
        little = client.post("/models/desk-v2/promote", data={"because": "I want it"})
        assert little.status_code == 409 and "written reason" in little.text
        assert "desk-v1 desk:v1 · 1 Nov 2026 It is served." in page_of(client)
        served = client.post("/models/desk-v2/promote", data={"because": because})
        assert served.headers["location"] == "/models?done=promoted"
        assert "desk-v2 m:latest · 20 Nov 2026 It is served. Judged against desk-v1" in page_of(
            client
        )
        deeds = unescape(client.get("/audit").text)
        assert "set aside what held back the adapter" in deeds and f"desk-v2: {because}" in deeds


def test_what_passed_is_served_without_a_question(site: Site, tmp_path: Path) -> None:
    judged(tmp_path)
    with client_of(site) as client:
        text = page_of(client)
        assert "Judged against desk-v1 on 21 Nov 2026: It may be served" in text
        assert "Reason to serve" not in text
        reply = client.post("/models/desk-v2/promote")
        assert reply.headers["location"] == "/models?done=promoted"
        assert "set aside" not in client.get("/audit").text


def test_engineers_decide_and_agents_do_not_see_it(site: Site) -> None:
    with team_of(site) as team:
        team.add("Ada", "admin")
        engineer, agent = team.add("Eve", "engineer"), team.add("Bob", "agent")
        with team.client(site, engineer) as client:
            assert client.get("/models").status_code == 200
            assert 'href="/models"' in client.get("/trials").text
        with team.client(site, agent) as client:
            assert client.get("/models").status_code == 404
            assert client.post("/models/desk-v2/promote").status_code == 404


def test_how_far_an_adapter_is_behind_is_told_by_product() -> None:
    card = Card("desk", "desk:v1", "", "", trained_on=("h1", "h2", "h3"))
    held = (
        HeldVersion("Pump", "P-200", False, "2026-01-01", frozenset({"h1", "h2"})),
        HeldVersion("Pump", "P-200", True, "2026-05-01", frozenset({"h1", "h9"})),
        HeldVersion("Fan", "F-100", True, "2026-05-01", frozenset({"h3"})),
        HeldVersion("Kettle", "K-5", True, "2026-05-01", frozenset({"h7"})),
    )
    assert staleness(card, held) == (Staleness("F-100", 0.0), Staleness("P-200", 0.5))
    assert staleness(Card("desk", "desk:v1", "", ""), held) is None


def test_a_training_is_read_from_its_log_while_it_runs(tmp_path: Path) -> None:
    folder = tmp_path / "support-v2"
    folder.mkdir()
    rows = [{"phase": "reading the base"}] + [
        {"step": n, "of": 400, "loss": 4.0 / n, "remaining": 600.0 - n} for n in range(1, 301)
    ]
    rows[100]["validation"] = 0.5
    (folder / "log.jsonl").write_text("\n".join(map(json.dumps, rows)) + '\n{"step": 301, "lo')
    (run,) = trainings(tmp_path)
    assert (run.name, run.step, run.of, run.done, run.failed) == ("support-v2", 300, 400, False, "")
    assert training_words(run) == "Step 300 of 400. About 5 minutes left."
    drawn = str(losses(run))
    assert drawn.count("<polyline") == 2 and "Loss 0.013" in drawn and "set apart 0.500" in drawn
    (points,) = re.findall(r'class="loss" points="([^"]+)"', drawn)
    places = [tuple(map(float, one.split(","))) for one in points.split()]
    assert 100 < len(places) <= 240 and places[0][1] < places[-1][1], "it falls"
    assert places[-1][0] == pytest.approx(42 + 678 * 300 / 400, abs=0.1), "it is not at its end"
    (folder / "training.json").write_text("{}")
    assert training_words(trainings(tmp_path)[0]).startswith("Done after 300 steps.")
    with (folder / "log.jsonl").open("a") as file:
        file.write('5}\n{"failed": "The disk is full."}\n')
    assert training_words(trainings(tmp_path)[0]) == "Failed: The disk is full."


def test_the_served_adapter_is_watched_and_its_pairs_gathered_anew(site: Site) -> None:
    registry = Registry(site.data / "adapters")
    sets = DataSets(site.data / "adapters" / "datasets")
    with client_of(site) as client:
        text = page_of(client)
        assert "desk-v1 in use It has answered nothing yet." in text
        assert "are not kept here" in text and "Gather its pairs anew" not in text
        made = sets.keep("Desk pairs", DataSetContent([TrainingPair("Q?", "A.", split="train")]))
        registry.save(replace(registry.card("desk-v1"), questions=("Q?",)))
        upload(client, "pump.md", PUMP.encode())
        wait_until_read(client)
        text = page_of(client)
        assert (
            "It was trained on the data set Desk pairs" in text and "Gather its pairs anew" in text
        )
        reply = client.post(f"/training-data/{made.id}/again")
        assert reply.status_code == 303 and reply.headers["location"] == "/training-data"
        wait_for(lambda: len(sets.listed()) == 2)
        assert sets.listed()[0].after == made.id
        ask(client, "How tight must the screws be?", mode="documents")
        assert "It has answered nothing yet." in page_of(client), "quotes are not its answers"


@pytest.fixture
def mill(tmp_path: Path) -> Iterator[Site]:
    """A site with two adapters on one manual, of which the candidate words everything otherwise."""
    server = ModelServer(said=talking(reworded), models=LISTED)
    with (
        contextlib.closing(server),
        running_site(
            tmp_path / "data", TANDEM_OLLAMA_URL=server.url, TANDEM_CHAT_MODEL="m:latest"
        ) as running,
    ):
        with client_of(running) as client:
            upload(client, "mill.md", BOLTS.encode())
            wait_until_read(client)
        with contextlib.closing(open_assistant(Settings.load({}, data=running.data))) as assistant:
            save_rivals(assistant.models.registry, assistant.catalog)
        with client_of(running) as client:  # it was seen without adapters for some seconds
            wait_for(lambda: "Adapter desk-v1" in client.get("/status").text)
        yield running


def pair_of(client: httpx.Client, text: str) -> tuple[str, str]:
    """Ask in Auto; return the id of the pair ("" for an answer as usual), and the page's words of it."""
    updates, _ = ask(client, text, mode="auto")
    html = client.get(f"/conversations/{updates[0]['data'][0]['conversation']}").text  # type: ignore[index]
    found = re.search(r'data-pair="(\w+)"', html)
    return found[1] if found else "", html


def better(client: httpx.Client, pair: str, html: str) -> None:
    """Vote for the candidate's answer, known by its words."""
    left = html.split('data-side="b"')[0]
    choice = "a" if "are tightened to" in left else "b"
    client.post(f"/pairs/{pair}/vote", json={"choice": choice}).raise_for_status()


def test_a_candidate_is_tried_blind_and_served_with_one_click(mill: Site) -> None:
    with client_of(mill) as client:
        text = page_of(client)
        assert "Try it beside what is served" in text
        assert client.post("/models/desk-v1/try", data={"share": 10, "most": 9}).status_code == 409
        for share, most in ((0, 9), (101, 9), (10, 0)):
            form = {"share": share, "most": most}
            assert client.post("/models/desk-v2/try", data=form).status_code == 422
        begun = client.post("/models/desk-v2/try", data={"share": 100, "most": 9})
        assert begun.headers["location"] == "/models?done=tried"
        text = page_of(client)
        assert "desk-v2 beside desk-v1 The trial runs since" in text
        assert "on 100 of 100 questions" in text and "after 9 votes" in text
        assert "Nobody was asked yet." in text and "Begin a trial of" not in text
        pair, html = pair_of(client, QUESTIONS[0])
        assert pair and not re.search(r"desk-v\d|candidate", html, re.I), "it is blind"
        better(client, pair, html)
        assert "The candidate" in client.get("/trials").text
        text = page_of(client)
        assert "The candidate and As served: no difference yet" in text
        assert (
            "Of 1 question that both answered, the manuals contradict 0 by desk-v2, and 0" in text
        )
        served = client.post("/models/desk-v2/promote")
        assert served.status_code == 303
        text = page_of(client)
        assert "and ended on" in text and "desk-v2 was served." in text
        client.post("/models/roll-back")
        assert "desk-v1 in use" in page_of(client)
        deeds = client.get("/audit").text
        assert "began the trial of the adapter" in deeds and "Tandem" in deeds


def test_a_trial_of_an_adapter_ends_by_a_click_and_after_its_votes(mill: Site) -> None:
    with client_of(mill) as client:
        assert client.post("/models/end-trial").status_code == 409
        client.post("/models/desk-v2/try", data={"share": 100, "most": 1})
        assert client.post("/models/end-trial").headers["location"] == "/models?done=ended"
        assert "somebody ended it." in page_of(client)
        assert pair_of(client, QUESTIONS[0])[0] == ""
        client.post("/models/desk-v2/try", data={"share": 100, "most": 1})
        better(client, *pair_of(client, QUESTIONS[1]))
        assert "it has the votes that it was to have." in page_of(client)
        assert pair_of(client, QUESTIONS[2])[0] == ""
        arms = {"name": "x", "arms": ["candidate", "served"], "share": "10", "most": "0"}
        assert client.post("/trials", data=arms).status_code == 400, "it begins on “Models” alone"
