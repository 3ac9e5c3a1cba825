"""What agents did not get, as HTML for the manuals page and as a table to take along. Pure."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from chatbot.conversations.gaps import Gap
from ui.text.english import count, say
from ui.web.templates import render

SHOWN = 50
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet would run


def unanswered(gaps: Sequence[Gap]) -> Markup:
    """Return the list of questions, newest first; "" where there are none."""
    if not gaps:
        return Markup("")
    rows = [(gap, why(gap), count("gaps.times", gap.times)) for gap in gaps[:SHOWN]]
    return render("manuals/gaps.html", rows=rows, more=len(gaps) - SHOWN, quote=quote)


def why(gap: Gap) -> str:
    """Return in words what became of a question: "Refused; voted down: too long"."""
    parts = [say(f"gaps.{name}") for name, _ in gap.why]
    reasons = "; ".join(gap.reasons)
    return ", ".join(parts) + (f": {reasons}" if reasons else "")


def as_csv(gaps: Sequence[Gap]) -> str:
    """Return the questions as CSV with a head; what a spreadsheet would take for a formula is quoted."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(say("gaps.columns").split("|"))
    for gap in gaps:
        row = (gap.question, gap.product, gap.times, gap.last[:10], why(gap))
        writer.writerow([f"'{cell}" if str(cell).startswith(_FORMULA) else cell for cell in row])
    return out.getvalue()
