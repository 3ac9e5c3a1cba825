"""The pages of training data: the list with what builds and uploads sets, and those of one set."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Form, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from adapters.datasets.instructlab.export import zipped_taxonomy
from adapters.datasets.preparing import DataSetForm, imported, prepared, to_write, written
from adapters.datasets.reading.formats import read_bytes
from adapters.datasets.reading.report import ReadReport
from adapters.datasets.store import DataSets, Manifest
from adapters.errors import BadTrainingList, DataSetNotKept
from chatbot.curation.approved.export import training_rows
from chatbot.curation.training_data.building import BuildOrder
from chatbot.curation.training_data.exporting import taxonomy_for
from chatbot.curation.training_data.running import BuildBusy, RunningBuilds
from ui.accounts.audit import note
from ui.accounts.page import NO_STORE, page
from ui.accounts.sign_in import caller_of
from ui.approved.data_set import changes_since, data_set_values
from ui.text.english import say
from ui.text.table import as_csv
from ui.web.html import when
from ui.web.requests import Key

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)
LARGEST = 50 << 20  # bytes of one upload, all files together
HERE = "/training-data"
Typed = Annotated[str, Form(max_length=200)]


def training_data_routes(assistant: Assistant) -> APIRouter:
    """Return the routes of the list, of building and of uploading, and those of one set."""
    routes = APIRouter(default_response_class=HTMLResponse)
    sets = DataSets(assistant.settings.folder / "adapters" / "datasets")
    builds = RunningBuilds(assistant, sets)

    @routes.get("/training-data")
    def listed(request: Request, done: str = "") -> Response:
        told = say("data.done.removed") if done == "removed" else ""
        return _list(assistant, sets, builds, request, told=told)

    @routes.post("/training-data/build")
    def begin(
        request: Request,
        name: Typed = "",
        product: Typed = "",
        sources: Annotated[list[str] | None, Form()] = None,
    ) -> Response:
        chosen = sources or []
        order = BuildOrder(
            (product,) if product else (),
            approved="approved" in chosen,
            passages="manuals" in chosen,
            teacher="teacher" in chosen,
        )
        try:
            if product and product not in assistant.catalog.products():
                raise BadTrainingList(say("data.fault.product"))
            by = _who(request)
            builds.start(_named(name), order, by, lambda made: _note_made(assistant, by, made))
        except BuildBusy:
            return _list(assistant, sets, builds, request, 409, fault=say("data.fault.busy"))
        except BadTrainingList as error:
            return _list(assistant, sets, builds, request, 400, fault=f"{error}", name=name)
        return RedirectResponse(HERE, 303, NO_STORE)

    @routes.post("/training-data/builds/{key}/stop")
    def stop(key: Key) -> Response:
        builds.stop(key)
        return RedirectResponse(HERE, 303, NO_STORE)

    @routes.post("/training-data/builds/{key}/dismiss")
    def dismiss(key: Key) -> Response:
        builds.dismiss(key)
        return RedirectResponse(HERE, 303, NO_STORE)

    routes.include_router(_upload_routes(assistant, sets, builds))
    routes.include_router(_again_routes(assistant, sets, builds))
    routes.include_router(_set_routes(assistant, sets))
    return routes


def _again_routes(assistant: Assistant, sets: DataSets, builds: RunningBuilds) -> APIRouter:
    """Return the route that makes a set anew."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.post("/training-data/{key}/again")
    def again(request: Request, key: Key) -> Response:
        before, by = sets.one(key), _who(request)
        try:
            builds.again(before, by, lambda made: _note_made(assistant, by, made))
        except BuildBusy:
            return _list(assistant, sets, builds, request, 409, fault=say("data.fault.busy"))
        except BadTrainingList as error:
            return _list(assistant, sets, builds, request, 409, fault=f"{error}")
        return RedirectResponse(HERE, 303, NO_STORE)

    return routes


def _upload_routes(assistant: Assistant, sets: DataSets, builds: RunningBuilds) -> APIRouter:
    """Return the route of uploading pairs."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.post("/training-data/upload")
    def upload(
        request: Request, name: Typed = "", files: list[UploadFile] | None = None
    ) -> Response:
        by = _who(request)
        try:
            content = prepared(imported(_read(files or [])))
            made = sets.keep(_named(name), content, made_by=by)
        except (BadTrainingList, DataSetNotKept) as error:
            return _list(assistant, sets, builds, request, 400, fault=f"{error}", uploaded=name)
        _note_made(assistant, by, made)
        return RedirectResponse(f"{HERE}/{made.id}", 303, NO_STORE)

    return routes


def _set_routes(assistant: Assistant, sets: DataSets) -> APIRouter:
    """Return the routes of one set: read, take along, remove."""
    routes = APIRouter(default_response_class=HTMLResponse)

    @routes.get("/training-data/{key}")
    def shown(request: Request, key: Key) -> Response:
        manifest, content = sets.one(key), sets.content(key)
        values = data_set_values(manifest, content, changes_since(sets, manifest, content))
        return page("approved/data_set.html", caller_of(request).shown, page="trials", **values)

    def saved(request: Request, key: str, form: DataSetForm) -> Response:
        manifest, content = sets.one(key), sets.content(key)
        note(assistant, request, "dataset.exported", f"{manifest.name} ({key})")
        headers = _as_file(f"{form if form != 'jsonl' else 'pairs'}.jsonl")
        text = written(to_write(content.pairs, form), form)
        return Response(text, media_type="application/x-ndjson", headers=headers)

    @routes.get("/training-data/{key}/pairs.jsonl")
    def pairs(request: Request, key: Key) -> Response:
        return saved(request, key, "jsonl")

    @routes.get("/training-data/{key}/chat.jsonl")
    def chat(request: Request, key: Key) -> Response:
        return saved(request, key, "chat")

    @routes.get("/training-data/{key}/taxonomy.zip")
    def taxonomy(request: Request, key: Key) -> Response:
        manifest, content = sets.one(key), sets.content(key)
        tree = taxonomy_for(assistant.catalog, manifest, content)
        note(assistant, request, "dataset.exported", f"{manifest.name} ({key})")
        headers = _as_file("taxonomy.zip")
        return Response(zipped_taxonomy(tree), media_type="application/zip", headers=headers)

    @routes.get("/training-data/{key}/notes.csv")
    def notes(key: Key) -> Response:
        columns = ("data.notes.what", "data.notes.where", "data.notes.why")
        rows = [(one.what, one.where, one.why) for one in sets.content(key).notes]
        text = "\ufeff" + as_csv([say(column) for column in columns], rows)
        return Response(text, media_type="text/csv", headers=_as_file("notes.csv"))

    @routes.post("/training-data/{key}/remove")
    def remove(request: Request, key: Key) -> Response:
        gone = sets.remove(key)
        note(assistant, request, "dataset.removed", f"{gone.name} ({gone.id})")
        return RedirectResponse(f"{HERE}?done=removed", 303, NO_STORE)

    return routes


def _who(request: Request) -> str:
    person = caller_of(request).person
    return person.name if person else ""


def _as_file(name: str) -> dict[str, str]:
    return {"content-disposition": f'attachment; filename="{name}"', **NO_STORE}


def _note_made(assistant: Assistant, by: str, made: Manifest) -> None:
    assistant.audit.note(by, "dataset.made", f"{made.name} ({made.id})")


def _named(name: str) -> str:
    """Return a name that a set can have. Raises BadTrainingList."""
    named = "".join(filter(str.isprintable, " ".join(name.split())))
    if not named:
        raise BadTrainingList(say("data.fault.name"))
    return named


def _read(files: list[UploadFile]) -> dict[str, ReadReport]:
    """Return what each file holds, by its name. Raises BadTrainingList."""
    reports: dict[str, ReadReport] = {}
    left = LARGEST
    for file in files:
        if not file.filename:
            continue
        content = file.file.read(left + 1)
        left -= len(content)
        if left < 0:
            raise BadTrainingList(say("data.fault.large", n=LARGEST >> 20))
        name = " ".join(file.filename.split())[-100:]
        while name in reports:
            name = f"{name} (again)"
        reports[name] = read_bytes(content, name)
    if not reports:
        raise BadTrainingList(say("data.fault.file"))
    return reports


def _list(
    assistant: Assistant,
    sets: DataSets,
    builds: RunningBuilds,
    request: Request,
    status: int = 200,
    **more: object,
) -> Response:
    shown = builds.shown()
    serving = assistant.models.status()
    held = sum(1 for _ in training_rows(assistant.catalog, assistant.approved.listed()))
    return page(
        "approved/training_data.html", caller_of(request).shown, status,
        page="trials", sets=sets.listed(), builds=shown, working=any(one.state == "working" for one in shown), when=when,
        products=assistant.catalog.products(), approved=held, manuals=len(assistant.catalog.manuals()),
        teacher=serving.chat.model if serving.chat else "", **{"name": "", "uploaded": "", **more},
    )  # fmt: skip
