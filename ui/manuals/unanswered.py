"""What agents did not get, as HTML for the manuals page and as a table to take along. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from chatbot.curation.closing import SortedGaps
from chatbot.curation.gaps import Gap
from chatbot.curation.grouping import grouped
from knowledge.types import Evidence
from ui.text.english import count, say
from ui.text.table import as_csv
from ui.web.templates import render

SHOWN = 50


def unanswered(gaps: SortedGaps, off_topic: Sequence[tuple[str, str]] = ()) -> Markup:
    """Return the list of questions, newest first; folded below, those that are noted for the author, that the manuals answer by now, and that are
    ``off_topic`` (each with its product); "" without any."""
    if not (gaps.open or gaps.closed or off_topic):
        return Markup("")
    left = [gap for gap in gaps.open if not gap.missing]
    return render(
        "manuals/gaps.html",
        groups=[
            (
                _row(group.first, why(group.first)),
                [_row(gap, why(gap)) for gap in group.others],
                count("gaps.times", group.times),
            )
            for group in grouped(left[:SHOWN])
        ],
        missing=[_row(gap, why(gap)) for gap in gaps.open if gap.missing],
        closed=[_row(gap, _cure(found)) for gap, found in gaps.closed[:SHOWN]],
        count_closed=len(gaps.closed),
        more=len(left) - SHOWN,
        unchecked=gaps.unchecked,
        off_topic=off_topic,
        quote=quote,
    )


def _row(gap: Gap, told: str) -> tuple[Gap, str, str]:
    return gap, told, count("gaps.times", gap.times)


def _cure(found: Evidence) -> str:
    """Return which section answers a question by now."""
    section = found.passage.section[-1] if found.passage.section else ""
    place = ", ".join(part for part in (section, found.manual.name) if part)
    return say("gaps.closed.by", place=place)


def why(gap: Gap) -> str:
    """Return in words what became of a question: "Refused; voted down: too long"."""
    parts = [say(f"gaps.{name}") for name, _ in gap.why]
    reasons = "; ".join(gap.reasons)
    return ", ".join(parts) + (f": {reasons}" if reasons else "")


def gaps_csv(gaps: Sequence[Gap]) -> str:
    """Return the questions as CSV with a head."""
    rows = ((gap.question, gap.product, gap.times, gap.last[:10], why(gap)) for gap in gaps)
    return as_csv(say("gaps.columns").split("|"), rows)
