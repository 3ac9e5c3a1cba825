"""Columns from zero, drawn as SVG: how many questions there were each day, and how many of them were answered.

The figures stand in a table below the picture, so it is hidden from those who have a page read to them.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil, floor, log10

from markupsafe import Markup

from chatbot.curation.usage import Day
from ui.text.english import say
from ui.web.html import day, join

WIDTH, HEIGHT, LEFT, FOOT, TOP = (
    720,
    190,
    42,
    24,
    12,
)  # of the picture and its margins, in its own units
DAILY = 62  # days up to which each has a column; beyond, each calendar week has one
NAMED = 4  # columns that are named at most


def columns(days: Sequence[Day]) -> Markup:
    """Return the picture of some days, the earliest first; nothing where nobody asked anything."""
    found = _columns(days)
    most = max((asked for _, asked, _ in found), default=0)
    if not most:
        return Markup("")
    top = round_up(most)
    wide = (WIDTH - LEFT) / len(found)
    drawn = (
        _column(LEFT + place * wide, wide, (asked / top, answered / top), label)
        for place, (label, asked, answered) in enumerate(found)
    )
    every = ceil(len(found) / NAMED)
    names = (
        Markup('<text x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            LEFT + (place + 0.5) * wide, HEIGHT - 6, label
        )
        for place, (label, _, _) in enumerate(found)
        if place % every == every // 2
    )
    marks = (
        mark(share, f"{share * top:,.0f}") for share in ((0.0, 0.5, 1.0) if top > 1 else (0.0, 1.0))
    )
    return Markup(
        '<figure class="t-chart"><svg viewBox="0 0 {} {}" aria-hidden="true">{}{}{}</svg><figcaption><i></i>{} <i></i>{}</figcaption></figure>'
    ).format(
        WIDTH, HEIGHT, join(marks), join(drawn), join(names), say("usage.answered"), say("usage.not.answered")
    )  # fmt: skip


def round_up(most: int) -> int:
    """Return the next even 1, 2, 4, 6 or 8 times a power of ten, from which half can be told, too; 1 for 1."""
    if most <= 1:
        return 1
    power = 10 ** floor(log10(most))
    return next(
        step * power
        for step in (1, 2, 4, 6, 8, 10)
        if step * power >= most and step * power % 2 == 0
    )


def _columns(days: Sequence[Day]) -> list[tuple[str, int, int]]:
    """Return name, questions and answered ones of each column."""
    if len(days) <= DAILY:
        return [(day(one.day.isoformat()), one.asked, one.answered) for one in days]
    weeks = (list(week) for _, week in groupby(days, key=lambda one: one.day.isocalendar()[:2]))
    return [
        (day(week[0].day.isoformat()), sum(d.asked for d in week), sum(d.answered for d in week))
        for week in weeks
    ]


def _column(left: float, wide: float, shares: tuple[float, float], label: str) -> Markup:
    """Return one column: what was answered from zero up, the rest on it."""
    room = HEIGHT - FOOT - TOP
    asked, answered = (share * room for share in shares)
    bar = '<rect class="{}" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}"/>'
    at, width = left + wide * 0.12, max(wide * 0.76, 1.0)
    base = HEIGHT - FOOT
    return Markup("<g><title>{}</title>" + bar + bar + "</g>").format(
        label, "answered", at, base - answered, width, answered,
        "rest", at, base - asked, width, asked - answered,
    )  # fmt: skip


def mark(share: float, value: str) -> Markup:
    """Return the line across the picture at a share of its height, and its value at the left."""
    at = HEIGHT - FOOT - share * (HEIGHT - FOOT - TOP)
    return Markup(
        '<line x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/><text x="{}" y="{:.1f}" text-anchor="end">{}</text>'
    ).format(LEFT, WIDTH, at, at, LEFT - 6, at + 4, value)
