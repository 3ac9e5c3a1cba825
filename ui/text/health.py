"""The words of the page that says how the knowledge is; a part of ``english``."""

from __future__ import annotations

HEALTH: dict[str, str] = {
    "health.title": "Health of the knowledge",
    "health.lead": "What is old, doubled, never cited or unreadable, and how many questions the manuals answer.",
    "health.weeks": "Questions by week",
    "health.weeks.lead": "Asked of the manuals, and answered outright; the others were offered sections or refused.",
    "health.weeks.none": "Nobody has asked anything yet.",
    "health.week": "Week of",
    "health.asked": "Asked",
    "health.answered": "Answered",
    "health.published": "Published in that week",
    "health.version": "version {version} of {name}",
    "health.fell": "Fell clearly. Look at what was published since the week before, and at what agents did not get.",
    "health.failed": "Files that could not be read",
    "health.warned": "Manuals with parts that could not be read",
    "health.doubled": "Manuals that say the same",
    "health.doubled.row": "{share} % of the smaller one: {n} passages",
    "health.uncited": "Manuals that no answer cites",
    "health.cited": "Sections that most answers cite",
    "health.answers.one": "1 answer",
    "health.answers.other": "{n} answers",
    "health.fresh": "Last published, by product",
    "health.fresh.none": "Without a product",
    "health.product": "Product",
    "health.manuals": "Manuals",
    "health.newest": "Newest",
    "health.nothing": "No file failed, no manual has warnings or a double, and each is cited.",
    "health.all": "All manuals",
}
