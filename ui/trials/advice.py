"""The page that says, product by product, which way to go, with the figures that lead to it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response

from chatbot.curation.usage import share_held
from chatbot.trials.advice import DAYS, ProductReport, reports
from ui.accounts.page import page
from ui.accounts.sign_in import caller_of
from ui.text.english import say
from ui.trials.words import verdict

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


@dataclass(frozen=True, slots=True)
class AdviceCard:
    """A product with its advice in words: what to do, how sure that is and why, the figures, and what votes say."""

    product: str
    advice: str
    why: str
    figures: tuple[tuple[str, str], ...]
    votes: tuple[str, ...]
    kinds: tuple[str, ...]
    taken: str


def advice_routes(assistant: Assistant) -> APIRouter:
    """Return the route of the page."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/advice")
    def shown(request: Request) -> Response:
        taken = {one.product: one.mode for one in assistant.trials.preferences()}
        found = reports(assistant, datetime.now(UTC).date())
        cards = [card(one, taken.get(one.product, "")) for one in found]
        return page(
            "trials/advice.html", caller_of(request).shown, page="trials", cards=cards, days=DAYS
        )

    return routes


def card(report: ProductReport, taken: str) -> AdviceCard:
    """Return a report in words; ``taken`` is the mode that Auto prefers for the product already, "" for none."""
    advice = report.advice
    return AdviceCard(
        report.product,
        say(f"advice.mode.{advice.mode}"),
        f"{say(f'advice.{advice.sureness}')} {say(f'advice.ground.{advice.ground}')}",
        tuple(_figures(report)),
        tuple(verdict(one) for one in report.contests),
        tuple(
            say("advice.kind.row", kind=say(f"trials.kind.{one.of}"), verdict=verdict(one))
            for one in report.kinds
        ),
        say("advice.taken", mode=say(f"mode.{taken}")) if taken else "",
    )


def _figures(report: ProductReport) -> list[tuple[str, str]]:
    stale = say("advice.unknown") if report.stale is None else _percent(report.stale)
    rows = [
        (say("advice.manuals"), f"{report.manuals:,}"),
        (say("advice.changes", days=DAYS), f"{report.changes:.1f}"),
        (say("advice.stale"), stale),
        (say("advice.asked"), f"{report.asked:,}"),
    ]
    if report.training is not None:
        rows.append(
            (say("advice.training"), say("advice.training.value", n=f"{report.training:,.0f}"))
        )
    for mode, n in sorted(report.answers.items()):
        held, time = share_held(report.held.get(mode, {})), report.times.get(mode)
        value = say(
            "advice.answers.value",
            n=f"{n:,}",
            held=say("advice.unknown") if held is None else _percent(held),
            seconds=f"{time.median:.2f}" if time else "–",
        )
        rows.append((say("advice.answers", mode=say(f"mode.{mode}")), value))
    return rows


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
