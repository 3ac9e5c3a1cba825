"""The page that says how Tandem is used, and its figures to take along."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response

from chatbot.curation.usage import Period, Usage, share_held, usage
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.chat import status_line
from ui.text.english import count, say
from ui.text.table import as_csv
from ui.trials.chart import columns
from ui.web.html import day

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

DAYS = 28
MOST = 366
Text = Annotated[str, Query(max_length=200)]
HEAD = ("day", "asked", "answered", "good", "bad")


def usage_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the page, and of its figures as CSV and JSON; ``first`` and ``last`` are days in ISO 8601."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/usage")
    def shown(request: Request, first: Text = "", last: Text = "", product: Text = "") -> Response:
        period, fault = _period(first, last, product)
        found = usage(assistant.journal.file, period)
        values = {
            "found": found, "fault": fault, "products": assistant.catalog.products(), "newer": _newer(assistant),
            "most": max((one.asked for one in found.days), default=0), "share_held": share_held, "day": day,
            "columns": columns(found.days),
        }  # fmt: skip
        status = 400 if fault else 200
        return page("trials/usage.html", caller_of(request).shown, status, page="trials", **values)

    @routes.get("/usage.csv")
    def days(first: Text = "", last: Text = "", product: Text = "") -> Response:
        period, _ = _period(first, last, product)
        found = usage(assistant.journal.file, period)
        rows = [(one.day, one.asked, one.answered, one.good, one.bad) for one in found.days]
        headers = {"content-disposition": 'attachment; filename="usage.csv"', **NO_STORE}
        return Response(as_csv(HEAD, rows), media_type="text/csv", headers=headers)

    @routes.get("/usage.json", response_class=JSONResponse)
    def figures(first: Text = "", last: Text = "", product: Text = "") -> Response:
        period, _ = _period(first, last, product)
        return JSONResponse(_figures(usage(assistant.journal.file, period)), headers=NO_STORE)

    return routes


def _period(first: str, last: str, product: str) -> tuple[Period, str]:
    """Return the days that are asked for, the last four weeks where they are none, and what is wrong with them."""
    today = datetime.now(UTC).date()
    usual = Period(today - timedelta(days=DAYS - 1), today, product)
    try:
        end = date.fromisoformat(last) if last else today
        begin = date.fromisoformat(first) if first else end - timedelta(days=DAYS - 1)
    except (ValueError, OverflowError):
        return usual, say("usage.fault.dates")
    if not 0 <= (end - begin).days < MOST or end >= date.max:
        return usual, say("usage.fault.dates")
    return Period(begin, end, product), ""


def _newer(assistant: Assistant) -> str:
    """Return which manuals are newer than the served adapter, in words, "" where none is or nobody knows."""
    card = assistant.models.status().card
    if card is None or card.trained_on is None:
        return ""
    names = status_line.newer(card, assistant.catalog.versions_held())
    if not names:
        return ""
    told = count("manuals", len(names))
    return say("usage.newer", manuals=told, name=card.name, names=", ".join(names))


def _figures(found: Usage) -> dict[str, object]:
    return {
        "first": found.period.first.isoformat(),
        "last": found.period.last.isoformat(),
        "product": found.period.product,
        "asked": found.asked,
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in found.days],
        "modes": dict(found.modes),
        "outcomes": dict(found.outcomes),
        "sentences": dict(found.sentences),
        "sentences_by_mode": {mode: dict(states) for mode, states in found.by_mode.items()},
        "supported": found.supported,
        "seconds": [asdict(one) for one in found.times],
        "seconds_by_mode": {mode: asdict(one) for mode, one in found.mode_times.items()},
    }
