"""How Tandem is used: what is counted, of which days and products, and how it is taken along."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from chatbot.curation.usage import Day, Period, usage
from knowledge.library import Library
from tests.support.manuals import FAN, PUMP, put
from tests.support.serving import ask, client_of, running_site, upload, wait_until_read
from ui.trials.chart import columns, round_up

TODAY = datetime.now(UTC).date()
WEEK = Period(TODAY - timedelta(days=6), TODAY + timedelta(days=1))
SEAL = "How do I replace the seal of the Pump P-200?"


@pytest.fixture
def used(assistant: Assistant) -> Assistant:
    library = assistant.catalog
    assert isinstance(library, Library)
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    asked = [
        ask_once(assistant, Question(text, conversation="c" * 16), "ada")
        for text in (
            SEAL,
            "How often do I clean the filter of the Fan F-100?",
            "Who won in 1954?",
            "Hello!",
        )
    ]
    assistant.journal.rate(asked[0].id, "ada", good=True)
    assistant.journal.rate(asked[1].id, "ada", good=False)
    return assistant


def test_columns_stand_on_zero_and_weeks_take_the_place_of_many_days() -> None:
    few = [Day(TODAY + timedelta(days=n), n, n // 2, 0, 0) for n in range(5)]
    drawn = str(columns(few))
    assert drawn.count("<g>") == 5 and ">4</text>" in drawn and ">0</text>" in drawn
    tops = [
        (float(y) + float(h))
        for y, h in re.findall(r'class="answered".*? y="([\d.]+)".*? height="([\d.]+)"', drawn)
    ]
    assert len(set(tops)) == 1, "each column stands on the same line"
    many = [Day(TODAY + timedelta(days=n), 1, 1, 0, 0) for n in range(200)]
    assert 28 <= str(columns(many)).count("<g>") <= 30
    assert columns([Day(TODAY, 0, 0, 0, 0)]) == ""


@pytest.mark.parametrize(("most", "top"), [(1, 1), (3, 4), (7, 8), (10, 10), (11, 20), (101, 200)])
def test_the_scale_ends_at_a_number_that_is_easily_read(most: int, top: int) -> None:
    assert round_up(most) == top


def test_questions_are_counted_by_day_mode_and_end(used: Assistant) -> None:
    found = usage(used.journal.file, WEEK)
    assert found.asked == 3, "a greeting is no question"
    assert len(found.days) == 8 and sum(one.asked for one in found.days[:5]) == 0
    assert (sum(one.answered for one in found.days), sum(one.good for one in found.days)) == (2, 1)
    assert sum(one.bad for one in found.days) == 1
    assert found.modes == {"documents": 3}
    assert found.outcomes == {"answered": 2, "unanswered": 1}
    assert set(found.sentences) == {"verified"} and found.supported == 1
    assert {time.stage for time in found.times} == {"search", "total"}
    assert all(0 < time.median <= time.slow and time.answers == 3 for time in found.times)


def test_a_product_and_other_days_are_counted_for_themselves(used: Assistant) -> None:
    pump = usage(used.journal.file, Period(WEEK.first, WEEK.last, "Pump P-200"))
    assert (pump.asked, pump.outcomes) == (1, {"answered": 1})
    before = usage(used.journal.file, Period(date(2020, 1, 1), date(2020, 1, 31)))
    assert (before.asked, before.supported, before.times, len(before.days)) == (0, None, (), 31)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with running_site(tmp_path_factory.mktemp("used") / "data") as site, client_of(site) as client:
        upload(client, "pump.md", PUMP.encode())
        wait_until_read(client)
        assert "Nobody asked anything" in client.get("/usage").text
        ask(client, SEAL)
        yield client


def test_the_page_tells_it_and_leads_from_the_trials(browser: httpx.Client) -> None:
    assert 'href="/usage"' in browser.get("/trials").text
    html = browser.get("/usage").text
    assert "How it ended" in html and "the passages were found" in html and "100 %" in html
    assert "Nobody asked anything" in browser.get("/usage", params={"product": "Fan"}).text
    last = (TODAY - timedelta(days=9)).isoformat()
    assert "Nobody asked anything" in browser.get("/usage", params={"last": last}).text


@pytest.mark.parametrize(
    "wrong",
    [
        {"first": "yesterday"},
        {"first": "2026-05-02", "last": "2026-05-01"},
        {"first": "2020-01-01", "last": "2026-01-01"},
        {"last": "9999-12-31"},
        {"last": "0001-01-01"},
    ],
)
def test_days_that_are_none_are_said_and_the_usual_ones_shown(
    browser: httpx.Client, wrong: dict[str, str]
) -> None:
    reply = browser.get("/usage", params=wrong)
    assert reply.status_code == 400 and "Choose a first day" in reply.text
    assert "How it ended" in reply.text


def test_the_figures_are_taken_along(browser: httpx.Client) -> None:
    rows = list(csv.DictReader(io.StringIO(browser.get("/usage.csv").text)))
    assert len(rows) == 28 and sum(int(row["asked"]) for row in rows) == 1
    told = browser.get("/usage.json", params={"product": "Pump P-200"}).json()
    assert (told["asked"], told["outcomes"], told["product"]) == (1, {"answered": 1}, "Pump P-200")
    assert sum(day["asked"] for day in told["days"]) == 1 and told["supported"] == 1
