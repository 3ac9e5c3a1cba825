"""Case files through the modes: what is measured of an answer, runs on disk, and the pages."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

import chatbot.trials.evaluation.runs as module_of_runs
from chatbot.accounts.personal_data import erase
from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Answer, Arm, Question
from chatbot.curation.golden import found_good
from chatbot.errors import BadCases
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from chatbot.trials.comparing import stratum_of
from chatbot.trials.errors import NoSuchRun
from chatbot.trials.evaluation.evaluate import Case, cases_in
from chatbot.trials.evaluation.figures import (
    CaseFigures,
    arm_figures,
    figures_of,
    names_exact,
    nuggets_held,
    sentence_bleu,
)
from chatbot.trials.evaluation.runs import (
    EvaluationRun,
    RunAnswer,
    RunningEvaluations,
    Runs,
    asked,
)
from chatbot.trials.statistics import paired_difference
from knowledge.library import Library
from tests.support.manuals import put
from tests.support.model_server import SEAL, ModelServer, assistant_with
from tests.support.pairs import DESCALE, LONG
from tests.support.people import team_of
from tests.support.serving import client_of, running_site, upload, wait_until_read
from tests.support.waiting import wait_for
from ui.accounts.sign_in import Access
from ui.trials.evaluations import evaluation_routes
from ui.trials.measured import beside, measured, writer_words

ANSWER = "Descale the kettle every 30 days. Fill it with half a litre of water and two spoons of citric acid."
CASES = [
    {
        "question": DESCALE,
        "answer": ANSWER,
        "sections": ["Descaling"],
        "nuggets": ["citric acid", "30 days", "use vinegar and salt instead"],
    },
    {"question": "Who won the cup in 1954?", "refuse": True},
    {
        "question": "How long is the cable of the kettle?",
        "answer": "The cable of the kettle is 75 cm long.",
    },
]
FILE = "\n".join(json.dumps(case) for case in CASES)


@pytest.fixture
def kettle(assistant: Assistant) -> Assistant:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "kettle.md", LONG)
    return assistant


def test_an_answer_is_measured_against_what_is_wanted(kettle: Assistant) -> None:
    first, second, third = cases_in(FILE.splitlines(), "cases")
    found = asked(kettle, first, "quotes")
    assert (found.outcome, found.rank, found.numbers) == ("answered", 1, 1.0)
    assert found.nuggets == pytest.approx(2 / 3)
    assert found.rouge_l is not None and 0 < found.rouge_l < 1
    assert set(found.states) == {"verified"} and found.total > 0 and found.first is None
    refused = asked(kettle, second, "quotes")
    assert (refused.outcome, refused.refuse, refused.rouge_l, refused.words) == (
        "unanswered",
        True,
        None,
        0,
    )
    exact = asked(kettle, third, "quotes")
    assert exact.nuggets == 1 and exact.rank is None
    wrong = replace(second, refuse=False)
    whole = arm_figures(
        "quotes", [found, exact, refused, figures_of(wrong, _refusal(kettle), None)]
    )
    assert (whole.cases, whole.rightly, whole.wrongly) == (4, 1.0, pytest.approx(1 / 3))
    assert (whole.right_section, whole.mrr, whole.held, whole.score) == (1.0, 1.0, 1.0, None)
    assert arm_figures("quotes", [found], [2, 1]).score == 1.5
    with pytest.raises(ValueError, match="no figures"):
        arm_figures("quotes", [])


def _refusal(kettle: Assistant) -> Answer:
    return ask_once(kettle, Question("Who won the cup in 1954?"))


def test_names_and_facts() -> None:
    assert names_exact(
        "Press MODE on the K-5.", "Press MODE on the K-5, then Settings."
    ) == pytest.approx(2 / 3)
    assert names_exact("anything", "press it twice") is None
    assert (
        nuggets_held("Fill in two spoons of citric acid.", ["spoons of citric acid", "no vinegar"])
        == 0.5
    )
    assert nuggets_held("anything", []) is None
    assert sentence_bleu("the same five words here", "the same five words here") == pytest.approx(1)


def test_a_difference_is_sure_only_beyond_its_bounds() -> None:
    assert paired_difference([]) is None
    even = paired_difference([(0.5, 0.4), (0.4, 0.5)] * 20)
    assert even is not None and not even.sure and even.low < 0 < even.high
    better = paired_difference([(0.6, 0.4), (0.5, 0.45)] * 20)
    assert better is not None and better.sure and better.mean == pytest.approx(0.125)
    assert better == paired_difference([(0.6, 0.4), (0.5, 0.45)] * 20)


@pytest.mark.parametrize(
    "line", ['{"question": "x", "nuggets": "a"}', '{"question": "x", "sections": [1]}', "[]"]
)
def test_a_case_that_cannot_be_read_is_named(line: str) -> None:
    with pytest.raises(BadCases, match="cases, line 2"):
        cases_in(['{"question": "x"}', line], "cases")


def ended(runs: Runs, key: str) -> str:
    """Wait for the end of a run and return its state."""
    wait_for(lambda: runs.one(key).state != "running")
    return runs.one(key).state


def test_a_run_is_kept_answer_by_answer_and_ends(kettle: Assistant) -> None:
    working, runs = RunningEvaluations(kettle), Runs(kettle.journal.file)
    cases = cases_in(FILE.splitlines(), "cases")
    key = working.start("Kettle", cases, ("quotes", "brief"))
    assert ended(runs, key) == "done"
    run, answers = runs.one(key), runs.answers(key)
    assert (run.name, run.arms, run.cases, run.done) == ("Kettle", ("quotes", "brief"), 3, 6)
    assert [(one.place, one.arm) for one in answers[:2]] in (
        [(0, "quotes"), (0, "brief")],
        [(0, "brief"), (0, "quotes")],
    )
    assert all(isinstance(one.figures, CaseFigures) for one in answers)
    assert kettle.journal.conversations("batch") == () and kettle.journal.gaps() == ()
    runs.score(key, 0, "brief", 2)
    assert [one.score for one in runs.answers(key) if one.arm == "brief"][0] == 2
    with pytest.raises(NoSuchRun):
        runs.score(key, 9, "brief", 2)
    runs.remove(key)
    with pytest.raises(NoSuchRun):
        runs.one(key)


def test_an_erased_question_leaves_the_evaluations(kettle: Assistant) -> None:
    ask_once(kettle, Question("Who won the cup in 1954?", conversation="c" * 16), "ada")
    gaps = [Case(gap.question) for gap in kettle.journal.gaps()]
    working, runs = RunningEvaluations(kettle), Runs(kettle.journal.file)
    key = working.start("Gaps", [*gaps, Case(DESCALE)], ("quotes",))
    assert ended(runs, key) == "done" and len(runs.answers(key)) == 2
    erase(kettle.journal.file, "ada")
    assert [one.figures.question for one in runs.answers(key)] == [DESCALE]


def test_a_run_is_stopped_and_one_of_a_process_that_is_gone_too(kettle: Assistant) -> None:
    working, runs = RunningEvaluations(kettle), Runs(kettle.journal.file)
    key = working.start("Long", [Case(DESCALE)] * 400, ("quotes",))
    working.stop(key)
    assert ended(runs, key) == "stopped" and runs.one(key).done < 400
    left = runs.begin("Left behind", ("quotes",), [], "{}")
    assert not working.works_on(left) and runs.one(left).state == "running"
    working.stop(left)
    assert runs.one(left).state == "stopped"


def test_a_run_goes_on_after_a_restart_with_what_is_left(kettle: Assistant) -> None:
    runs = Runs(kettle.journal.file)
    cases = cases_in(FILE.splitlines(), "cases")
    stratum = stratum_of(kettle, kettle.models.status())
    left = runs.begin("Left behind", ("quotes", "brief"), cases, stratum)
    before = asked(kettle, cases[0], "quotes")
    runs.keep(left, 0, "quotes", before)
    runs.score(left, 0, "quotes", 2)
    RunningEvaluations(kettle).go_on(left)  # of the process after
    assert ended(runs, left) == "done"
    answers = runs.answers(left)
    assert len(answers) == 6 and runs.left(left) == ()
    assert [one.figures for one in answers if one.score == 2] == [before], "it is not asked again"


def test_a_run_does_not_go_on_once_something_else_would_answer(kettle: Assistant) -> None:
    working, runs = RunningEvaluations(kettle), Runs(kettle.journal.file)
    key = working.start("Long", [Case(DESCALE)] * 400, ("quotes",))
    working.stop(key)
    assert ended(runs, key) == "stopped"
    library = kettle.catalog
    assert isinstance(library, Library)
    put(library, "other.md", "# Fan F-100\n\n## Cable\n\nThe cable of the fan is 2 m long.\n")
    with pytest.raises(BadCases, match="have changed since"):
        working.go_on(key)
    assert runs.one(key).state == "stopped"


def test_what_agents_found_good_is_a_source_of_cases(kettle: Assistant) -> None:
    first = ask_once(kettle, Question(DESCALE, conversation="c" * 16), "ada")
    again = ask_once(kettle, Question(DESCALE.upper(), conversation="d" * 16), "bob")
    bad = ask_once(
        kettle, Question("How long is the cable of the kettle?", conversation="c" * 16), "ada"
    )
    for answer, owner, good in ((first, "ada", True), (again, "bob", True), (bad, "ada", False)):
        kettle.journal.rate(answer.id, owner, good=good)
    (golden,) = found_good(kettle.journal.file)
    assert (golden.question, golden.answer) == (DESCALE.upper(), again.text)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_site(tmp_path_factory.mktemp("evals") / "data") as site, client_of(site) as client:
        upload(client, "kettle.md", LONG.encode())
        wait_until_read(client)
        yield client


def begin(client: httpx.Client, content: str, **changes: object) -> httpx.Response:
    data = {"name": "Kettle", "source": "file", "arms": ["quotes", "brief"], **changes}
    return client.post("/evaluations", data=data, files={"file": ("cases.jsonl", content.encode())})


def when_done(client: httpx.Client, address: str) -> str:
    """The page of a run once it is not worked on any more."""
    wait_for(lambda: "data-again" not in client.get(address).text)
    return client.get(address).text


def test_a_file_is_run_read_scored_and_taken_along(browser: httpx.Client) -> None:
    reply = begin(browser, FILE)
    assert reply.status_code == 303
    address = reply.headers["location"]
    html = when_done(browser, address)
    assert "Done" in html and "Facts held" in html and "Wanted: a refusal" in html
    assert "No difference between two modes is sure." in html
    browser.post(f"{address}/score", data={"place": "0", "arm": "brief", "score": "1"})
    assert "Score by people" in browser.get(address).text
    rows = [json.loads(line) for line in browser.get(f"{address}/answers.jsonl").text.splitlines()]
    assert len(rows) == 6 and {row["score"] for row in rows} == {None, 1}
    assert 'href="/evaluations"' in browser.get("/trials").text
    again = begin(browser, FILE, name="Second").headers["location"]
    when_done(browser, again)
    both = browser.get(address, params={"other": again.split("/")[-1]})
    assert both.status_code == 200 and "Beside another evaluation" in both.text
    assert browser.get(address, params={"other": "nothing"}).status_code == 404
    assert browser.post(f"{again}/stop").status_code == 303
    assert browser.post(f"{address}/remove").status_code == 303
    assert browser.get(address).status_code == 404


@pytest.mark.parametrize("list_of_all", [False, True])
def test_a_run_that_ends_while_its_page_is_made_does_not_look_stopped(
    kettle: Assistant, monkeypatch: pytest.MonkeyPatch, list_of_all: bool
) -> None:
    looked = threading.Event()

    def after_the_look(*given: Any) -> CaseFigures:
        assert looked.wait(240)
        return asked(*given)

    read = Runs._read

    def read_and_wait(self: Runs, which: Any) -> tuple[EvaluationRun, ...]:
        found = read(self, which)
        if threading.current_thread().name != "evaluation":
            looked.set()
            for thread in threading.enumerate():
                if thread.name == "evaluation":
                    thread.join(60)
        return found

    monkeypatch.setattr(module_of_runs, "asked", after_the_look)
    monkeypatch.setattr(Runs, "_read", read_and_wait)
    site = FastAPI()
    site.include_router(evaluation_routes(kettle))
    site.add_middleware(Access, assistant=kettle, secret=b"s" * 32)
    with TestClient(site, follow_redirects=False) as client:
        address = begin(client, FILE, name="Ending").headers["location"]
        html = client.get("/evaluations" if list_of_all else address).text
    assert "Ending" in html and "Stopped after" not in html


@pytest.mark.parametrize(
    ("content", "changes", "told"),
    [
        ("", {}, "Choose a file of cases"),
        ("no json", {}, "cases.jsonl, line 1"),
        (FILE, {"name": " "}, "Give the evaluation a name."),
        (FILE, {"arms": ["adapter"]}, "at least one mode that runs"),
        (FILE, {"source": "approved"}, "There are no such cases."),
        ('{"question": "x"}\n' * 501, {}, "These are 501 cases; at most 500"),
    ],
)
def test_what_cannot_be_run_is_said(
    browser: httpx.Client, content: str, changes: dict[str, object], told: str
) -> None:
    reply = begin(browser, content, **changes)
    assert reply.status_code == 400 and told in reply.text


def run_of(*figures: tuple[float, float]) -> tuple[EvaluationRun, list[RunAnswer]]:
    """A run of two modes with these figures of facts held, case by case."""
    blank = CaseFigures(
        "q",
        "wanted",
        "text",
        "answered",
        False,
        None,
        None,
        None,
        None,
        None,
        None,
        {},
        "",
        1,
        None,
        0.1,
    )
    arms: tuple[Arm, Arm] = ("quotes", "both")
    answers = [
        RunAnswer(place, arm, replace(blank, nuggets=value, text=arm), None)
        for place, pair in enumerate(figures)
        for arm, value in zip(arms, pair, strict=True)
    ]
    return EvaluationRun(
        "r", "Run", arms, len(figures), "{}", "2026-11-27T07:00:00Z", "done"
    ), answers


def test_the_better_mode_is_named_where_cases_enough_say_so() -> None:
    told = measured(*run_of(*[(0.5, 0.8), (0.4, 0.6)] * 8))
    (difference,) = told.differences
    assert re.fullmatch(
        r"Both is better than Quotes, Facts held: 25 \(2\d to 2\d; 16 cases\)", difference
    )
    assert measured(*run_of(*[(0.5, 0.8)] * 9)).differences == (), "nine cases are too few"
    assert measured(*run_of(*[(0.5, 0.8), (0.8, 0.5)] * 20)).differences == ()
    assert all(case.differs for case in told.cases) and told.cases[0].wanted == "Wanted: wanted"
    assert ("Facts held", ("45", "70")) in [(row.name, row.cells) for row in told.rows]


def test_two_runs_stand_beside_each_other() -> None:
    first = measured(*run_of((0.5, 0.8), (0.4, 0.6)))
    run, answers = run_of((0.1, 0.2))
    second = measured(
        run, [replace(one, figures=replace(one.figures, numbers=1.0)) for one in answers]
    )
    rows = {row.name: row.cells for row in beside(first, second)}
    assert rows["Facts held"] == ("45", "70", "10", "20")
    assert rows["Numbers exact"] == ("–", "–", "100", "100")


def test_evaluations_are_not_for_agents(tmp_path: Path) -> None:
    with closing(
        open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url="none"))
    ) as made:
        made.journal.close()
    with running_site(tmp_path / "data") as site, team_of(site) as team:
        team.add("Ada", "admin")
        agent = team.client(site, team.add("Bob", "agent"))
        engineer = team.client(site, team.add("Dee", "engineer"))
        assert agent.get("/evaluations").status_code == 404
        assert engineer.get("/evaluations").status_code == 200


def test_whether_a_model_is_good_enough_to_write_is_said_in_a_line() -> None:
    blank = run_of((0.5, 0.5))[1][0]
    stood = replace(blank.figures, model="m:7b", read=300, states={"verified": 9, "unsupported": 1})
    gave_way = replace(stood, model="", states={"verified": 3})
    assert writer_words([stood] * 9) == "", "too few to tell"
    assert writer_words([stood] * 8 + [gave_way] * 2) == (
        "m:7b is good enough to write answers from these manuals: 8 of its 10 answers stood, and the manuals hold 90 % of"
        " their sentences."
    )
    assert "m:7b is not good enough" in writer_words([stood] * 7 + [gave_way] * 3)
    worse = replace(stood, states={"verified": 8, "unsupported": 2})
    assert "80 % of their sentences. Choose another" in writer_words([worse] * 10)
    assert writer_words([gave_way] * 10).startswith("The model is not good enough")
    quoted = replace(blank.figures, read=None)
    assert writer_words([quoted] * 20) == "", "no model took part"


def test_the_page_says_it_of_the_model_that_answers_documents(tmp_path: Path) -> None:
    server = ModelServer(said="Buy bread and butter.")
    with assistant_with(tmp_path, server) as assistant:
        working, runs = RunningEvaluations(assistant), Runs(assistant.journal.file)
        key = working.start("Pump", [Case(SEAL)] * 10, ("documents",))
        assert ended(runs, key) == "done"
        told = measured(runs.one(key), runs.answers(key)).writer
    assert told.startswith("The model is not good enough") and "0 of its 10 answers stood" in told
