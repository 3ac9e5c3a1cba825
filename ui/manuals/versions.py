"""The routes of a manual's versions: its history, two held against each other, publish, discard, the rule, reading."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chatbot.curation.impact import Impact, TrialResult, impact, try_kept_questions
from knowledge.types import Manual
from knowledge.versions.comparison import VersionComparison, compare
from knowledge.versions.drafts import DRAFT_RULES
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.manuals.reading import read_parts, share_searched
from ui.sources.diff import words_of
from ui.sources.views import page_address
from ui.text.english import count, say
from ui.web.html import where
from ui.web.requests import Key, Number, PageNumber

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library
    from knowledge.types import Evidence

PLACES = 50  # of cited words that a version does not hold
QUOTE = 240  # characters of them
OnPage = Annotated[int, Query(alias="page", ge=1, lt=1 << 31)]
DONE = {
    "published": "history.done.published",
    "discarded": "history.done.discarded",
    "kept": "history.done.kept",
    "rule": "history.done.rule",
}


def version_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of the versions of manuals."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/manuals/{key}/history")
    def history(
        request: Request, key: Key, done: str = "", version: PageNumber = 0, was: PageNumber = 0
    ) -> Response:
        told = say(DONE[done], version=version) if done in DONE else ""
        live = library.manual(key)
        if done == "published" and (live.state, live.version) != ("live", version):
            told = ""  # a bookmark, or the page before: another version is searched by now
        return _history(library, request, key, told=told, was=was)

    @routes.post("/manuals/{key}/rule")
    def rule(request: Request, key: Key, rule: Annotated[str, Form()]) -> Response:
        manual = library.manual(key)
        library.set_draft_rule(manual.product, rule)
        note(assistant, request, "manual.rule", manual.product or manual.name)
        return _to_history(manual, "rule")

    @routes.post("/versions/{version_id}/publish")
    def publish(request: Request, version_id: Number) -> Response:
        before = library.manual(library.version(version_id).id)
        manual = library.publish(version_id)
        back = before.state == "live" and before.version > manual.version
        note(assistant, request, "manual.rolledback" if back else "manual.published", manual.name)
        was = before.version_id if before.state == "live" else 0
        return _to_history(manual, "published", was if was != version_id else 0)

    @routes.post("/versions/{version_id}/discard")
    def discard(request: Request, version_id: Number) -> Response:
        manual = library.discard(version_id)
        note(assistant, request, "manual.discarded", manual.name)
        return _to_history(manual, "discarded")

    @routes.post("/versions/{version_id}/keep")
    def keep(request: Request, version_id: Number) -> Response:
        manual = library.keep_draft(version_id)
        note(assistant, request, "manual.kept", manual.name)
        return _to_history(manual, "kept")

    routes.include_router(_looking_routes(assistant, library))
    return routes


def _looking_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes that change nothing: two versions beside each other, and what was read of a page."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/compare")
    def chosen(old: PageNumber = 0, new: PageNumber = 0) -> Response:
        return RedirectResponse(f"/versions/{old}/compare/{new}", 303, NO_STORE)

    @routes.get("/versions/{old}/compare/{new}")
    def compared(
        request: Request, old: Number, new: Number, view: str = "", ask: bool = False
    ) -> Response:
        made = compare(library, old, new)
        live = library.manual(made.new.id)
        waits = live.state == "live" and made.old == live and live.id == made.new.id
        rests = impact(assistant, live, new) if waits and new != old else None
        asked = try_kept_questions(assistant, live, new) if rests and ask else None
        return _shown(request, made, view == "beside", rests, asked)

    @routes.get("/versions/{version_id}/read")
    def read(request: Request, version_id: Number, number: OnPage = 1) -> Response:
        manual = library.version(version_id)
        stored = library.page(version_id, number)
        seen = manual.paged and manual.kind in ("pdf", "image")
        return page(
            "manuals/read.html", caller_of(request).shown, page="manuals",
            manual=manual, number=number, parts=read_parts(stored), share=share_searched(library, version_id),
            picture=page_address(manual, number) if seen else "",
        )  # fmt: skip

    return routes


def compare_address(library: Library, draft: Manual) -> str:
    """Return where a draft is held against the version that is searched; its history where there is none."""
    live = library.manual(draft.id)
    if live.state != "live":
        return f"/manuals/{draft.id}/history"
    return f"/versions/{live.version_id}/compare/{draft.version_id}"


def _to_history(manual: Manual, done: str, was: int = 0) -> Response:
    told = urlencode({"done": done, "version": manual.version, "was": was})
    return RedirectResponse(f"/manuals/{manual.id}/history?{told}", 303, NO_STORE)


def _history(library: Library, request: Request, key: str, told: str, was: int) -> Response:
    manual = library.manual(key)
    versions = library.versions_of(key)
    live = next((one for one in versions if one.state == "live"), None)
    undo = next((one for one in versions if one.version_id == was and one != live), None)
    return page(
        "manuals/history.html", caller_of(request).shown, page="manuals", told=told,
        manual=manual, live=live, undo=undo if told else None,
        versions=[(one, _beside(one, live)) for one in versions],
        rules=DRAFT_RULES, rule=library.draft_rule(manual.product),
        others=[other for other in library.manuals() if other.id != key],
    )  # fmt: skip


def _beside(one: Manual, live: Manual | None) -> tuple[Manual, Manual] | None:
    """Return what a version is held against: the searched one, which comes first unless it is the newer one."""
    if live is None or one.version_id == live.version_id:
        return None
    return (one, live) if one.state == "superseded" and one.version < live.version else (live, one)


def _shown(
    request: Request,
    made: VersionComparison,
    beside: bool,
    rests: Impact | None,
    asked: TrialResult | None,
) -> Response:
    old, new = made.old, made.new
    one = old.id == new.id
    title = (
        say("compare.title", name=new.name, old=old.version, new=new.version)
        if one
        else say("compare.title.two", old=old.name, new=new.name)
    )
    places = [
        (lost, _cut(lost.pin.quote), where(lost.pin.section, lost.label))
        for lost in (rests.places[:PLACES] if rests else ())
    ]
    affected = count("impact.affected", rests.affected) if rests and rests.affected else ""
    flipped = [
        (one, _section(one.before), _section(one.after)) for one in (asked.flipped if asked else ())
    ]
    return page(
        "manuals/compare.html", caller_of(request).shown, page="manuals",
        title=title, made=made, one=one, beside=beside, words=words_of, impact=rests, places=places,
        affected=affected.format(version=new.version), trial=asked, flipped=flipped,
        can_publish=rests is not None and new.state != "removed",
    )  # fmt: skip


def _cut(quote: str) -> str:
    text = " ".join(quote.split())
    return text if len(text) <= QUOTE else f"{text[:QUOTE].rsplit(' ', 1)[0]} …"


def _section(found: Evidence | None) -> str:
    if found is None:
        return say("trial.nothing")
    section = found.passage.section[-1] if found.passage.section else ""
    return ", ".join(part for part in (section, found.manual.name) if part)
