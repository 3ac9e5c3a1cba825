"""The routes of a manual's versions: its history, two held against each other, publish, discard, the rule, reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from chatbot.curation.impact import Impact, TrialResult, impact, try_kept_questions
from chatbot.errors import ChatError
from knowledge.errors import NoSuchManual
from knowledge.types import Manual
from knowledge.versions.belonging import Belonging
from knowledge.versions.comparison import VersionComparison, compare
from knowledge.versions.drafts import DRAFT_RULES
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.manuals.reading import read_parts, share_searched
from ui.sources.diff import words_of
from ui.sources.views import page_address
from ui.text.english import count, say
from ui.web.html import beginning, in_order, where
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
    "moved": "history.done.moved",
    "rule": "history.done.rule",
}


class BelongingIn(BaseModel):
    """The form in which somebody says what a version is: of the ``manual`` of this id, or one of its own. Where a step is
    undone, with the ``number`` that it had, and whether it was searched."""

    manual: str = ""
    name: str = Field("", max_length=200)
    product: str = Field("", max_length=200)
    number: int = Field(0, ge=0, lt=1 << 31)
    published: bool = False


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """What was just done: which version was searched before it, or was ``taken`` from the manual of this id, whether it was
    searched there, the number that it had, and what that manual was called: without another version it is no more."""

    was: int = 0
    taken: str = ""
    published: bool = False
    number: int = 0
    name: str = ""
    product: str = ""


def version_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of the versions of manuals."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/manuals/{key}/history")
    def history(
        request: Request,
        key: Key,
        step: Annotated[HistoryStep, Depends()],
        done: str = "",
        version: PageNumber = 0,
    ) -> Response:
        told = say(DONE[done], version=version) if done in DONE else ""
        live = library.manual(key)
        if done == "published" and (live.state, live.version) != ("live", version):
            told = ""  # a bookmark, or the page before: another version is searched by now
        names = names_of(assistant, library.versions_of(key))
        undo = _undo(library, live, step) if told else None
        return _history(library, request, live, told=told, undo=undo, names=names)

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
        return _to_history(manual, "published", HistoryStep(was if was != version_id else 0))

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
    routes.include_router(_belonging_routes(assistant, library))
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


def _belonging_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes with which somebody says of which manual a file is a version, or that it is one of its own."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/versions/{version_id}/belongs")
    def belongs(request: Request, version_id: Number) -> Response:
        held = library.version(version_id)
        if held.state not in ("live", "draft"):  # something was published since the page before
            return RedirectResponse(f"/manuals/{held.id}/history", 303, NO_STORE)
        return page(
            "manuals/belongs.html", caller_of(request).shown, page="manuals",
            held=held, name=library.name_for(version_id), alone=len(library.versions_of(held.id)) == 1,
            back=library.before(held) if held.state == "live" else None,
            others=_in_order(one for one in (*library.manuals(), *library.drafts()) if one.id != held.id),
        )  # fmt: skip

    @routes.post("/versions/{version_id}/belongs")
    def move(
        request: Request, version_id: Number, said: Annotated[BelongingIn, Form()]
    ) -> Response:
        before = library.version(version_id)
        to = Belonging(said.manual, said.name, said.product, said.number)
        now = library.move(version_id, to)
        note(assistant, request, "manual.version" if said.manual else "manual.own", now.file_name)
        # An undone step gives back what was searched before it
        if said.published and now.state == "draft":
            now = library.publish(version_id)
            note(assistant, request, "manual.published", now.name)
        step = HistoryStep(
            version_id,
            before.id,
            before.state == "live",
            before.version,
            before.name,
            before.product,
        )
        return _to_history(now, "moved", step)

    return routes


def _in_order(manuals: Iterable[Manual]) -> list[Manual]:
    """Return each manual once, by name as people count."""
    by_id = {manual.id: manual for manual in manuals}
    return sorted(by_id.values(), key=lambda manual: in_order(manual.name))


def names_of(assistant: Assistant, versions: Sequence[Manual]) -> dict[int, str]:
    """Return the name of whoever added a version, by the version's id; "" where that is nobody's account."""
    people: dict[str, str] = {}
    if any(one.added_by for one in versions):
        try:
            people = {one.id: one.name for one in assistant.accounts.people()}
        except ChatError:  # the page says elsewhere that they cannot be read
            return {one.version_id: "" for one in versions}
    gone = say("history.by.gone")
    return {
        one.version_id: people.get(one.added_by, gone) if one.added_by else "" for one in versions
    }


def compare_address(library: Library, draft: Manual) -> str:
    """Return where a draft is held against the version that is searched; its history where there is none."""
    live = library.manual(draft.id)
    if live.state != "live":
        return f"/manuals/{draft.id}/history"
    return f"/versions/{live.version_id}/compare/{draft.version_id}"


def _to_history(manual: Manual, done: str, step: HistoryStep = HistoryStep()) -> Response:
    told = urlencode({"done": done, "version": manual.version, **asdict(step)})
    return RedirectResponse(f"/manuals/{manual.id}/history?{told}", 303, NO_STORE)


@dataclass(frozen=True, slots=True)
class Undo:
    """What takes the last step back: where the form goes, what it sends, and what the button says."""

    action: str
    told: str
    manual_id: str = ""
    step: HistoryStep | None = None


def _undo(library: Library, manual: Manual, step: HistoryStep) -> Undo | None:
    """Return how to undo what was just done to a manual; None where something else was done since."""
    versions = library.versions_of(manual.id)
    if step.taken:
        try:
            source, name = library.manual(step.taken).id, library.manual(step.taken).name
        except NoSuchManual:  # it had no other version
            source, name = "", step.name
        if (
            not name
            or versions[0].version_id != step.was
            or versions[0].state not in ("live", "draft")
        ):
            return None
        told = say("history.undo.moved", name=name)
        return Undo(f"/versions/{step.was}/belongs", told, source, step)
    before = next((v for v in versions if v.version_id == step.was and v.state != "live"), None)
    if before is None:
        return None
    return Undo(
        f"/versions/{before.version_id}/publish", say("history.undo", version=before.version)
    )


def _history(
    library: Library,
    request: Request,
    manual: Manual,
    *,
    told: str,
    undo: Undo | None,
    names: Mapping[int, str],
) -> Response:
    key = manual.id
    versions = library.versions_of(key)
    live = next((one for one in versions if one.state == "live"), None)
    return page(
        "manuals/history.html", caller_of(request).shown, page="manuals", told=told,
        manual=manual, live=live, undo=undo, names=names,
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
        (lost, beginning(lost.pin.quote, QUOTE), where(lost.pin.section, lost.label))
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


def _section(found: Evidence | None) -> str:
    if found is None:
        return say("trial.nothing")
    section = found.passage.section[-1] if found.passage.section else ""
    return ", ".join(part for part in (section, found.manual.name) if part)
