"""The routes of the manuals page: state, upload, name and product, remove, cancel. Each answers JSON.

An upload is the file's bytes as the body of one request, so nothing has to be parsed before its size is known.
"""

from __future__ import annotations

import tempfile
from functools import partial
from typing import TYPE_CHECKING, BinaryIO, cast

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from chatbot.errors import ChatError
from knowledge.errors import TooLarge
from ui.accounts.audit import note
from ui.accounts.sign_in import caller_of
from ui.chat.routes import Key, Number
from ui.manuals import manual_list
from ui.manuals.gaps import gap_routes
from ui.manuals.health import health_routes
from ui.manuals.versions import compare_address, names_of, version_routes
from ui.text.english import count, say
from ui.web.security import UPLOAD

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library

IN_MEMORY = 1 << 20  # bytes of an upload kept in memory before it goes to disk
SHOWN_JOBS = 100


class Description(BaseModel):
    """A manual's name, its product and that product's other names (separated by commas), as an admin wants them.

    Without ``others`` these stay. Where the product is changed too, they are added to those of that product.
    """

    name: str = Field(min_length=1, max_length=200)
    product: str = Field(default="", max_length=200)
    others: str | None = Field(default=None, max_length=2000)


def manual_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of the manuals page."""
    routes = APIRouter()

    @routes.get("/manuals/state")
    def state() -> dict[str, str | bool | int]:
        manuals = library.manuals()
        listed = library.jobs(SHOWN_JOBS)
        drafts = [(draft, compare_address(library, draft)) for draft in library.drafts()]
        waiting = {draft.id for draft, _ in drafts}
        names = names_of(assistant, [draft for draft, _ in drafts])
        running = any(job.state in manual_list.RUNNING for job in listed)
        return {
            "figures": str(manual_list.figures(library.counts(), manuals, library.filling())),
            "jobs": str(manual_list.jobs(listed, {draft.id: address for draft, address in drafts})),
            "table": str(manual_list.table(manuals, library.other_names(), waiting))
            if manuals
            else "",
            "removed": str(manual_list.removed(library.removed())),
            "drafts": str(manual_list.drafts(drafts, names)),
            "empty": str(manual_list.empty()) if not manuals and not running else "",
            "running": running,
            "decide": _to_decide(assistant),
        }

    @routes.post(UPLOAD)
    async def upload(
        request: Request, name: str, publish: bool = False, draft: bool = False
    ) -> dict[str, int]:
        limit_mb = assistant.settings.max_upload_mb
        library.check()  # before anything is written beside it
        with tempfile.SpooledTemporaryFile(
            max_size=IN_MEMORY, dir=str(assistant.settings.folder)
        ) as spool:
            await _receive(request, cast(BinaryIO, spool), name, limit_mb)
            waits = False if publish else draft or None  # None: the rule of the product decides
            person = caller_of(request).person
            accept = partial(
                library.accept,
                cast(BinaryIO, spool),
                name,
                draft=waits,
                by=person.id if person else "",
            )
            job = await run_in_threadpool(accept)
        await run_in_threadpool(note, assistant, request, "manual.uploaded", job.file_name)
        return {"job": job.id}

    @routes.post("/manuals/samples")
    def samples(request: Request) -> dict[str, int]:
        jobs = library.add_samples()
        note(assistant, request, "manual.samples")
        return {"jobs": len(jobs)}

    routes.include_router(one_manual_routes(assistant, library))
    routes.include_router(version_routes(assistant, library))
    routes.include_router(health_routes(assistant, library))
    routes.include_router(job_routes(assistant, library))
    routes.include_router(gap_routes(assistant, library))
    return routes


def one_manual_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of one manual: who cites it, its name and product, remove, restore."""
    routes = APIRouter()

    @routes.get("/manuals/{key}/cited")
    def cited(key: Key) -> dict[str, str]:
        versions = {one.version_id for one in library.versions_of(library.manual(key).id)}
        answers = assistant.journal.citing(versions)
        return {"cited": count("remove.cited", answers) if answers else say("remove.cited.none")}

    @routes.post("/manuals/{key}/describe")
    def describe(request: Request, key: Key, body: Description) -> dict[str, bool]:
        others = None if body.others is None else body.others.split(",")
        if others is not None and body.product.split() != library.manual(key).product.split():
            names = library.other_names().items()  # those that the other product has stay
            others += [name for name, product in names if product == body.product]
        library.describe(key, body.name, body.product, others)
        note(assistant, request, "manual.described", body.name)
        return {"done": True}

    @routes.post("/manuals/{key}/remove")
    def remove(request: Request, key: Key) -> dict[str, bool]:
        note(assistant, request, "manual.removed", library.remove(key).name)
        return {"done": True}

    @routes.post("/manuals/{key}/restore")
    def restore(request: Request, key: Key) -> dict[str, bool]:
        note(assistant, request, "manual.restored", library.restore(key).name)
        return {"done": True}

    return routes


def job_routes(assistant: Assistant, library: Library) -> APIRouter:
    """Return the routes of one file on its way: what it is, cancel, dismiss."""
    routes = APIRouter()

    @routes.post("/jobs/dismiss")
    def dismiss_all() -> dict[str, bool]:
        library.dismiss_ended()
        return {"done": True}

    @routes.post("/jobs/{job_id}/retry")
    def retry(request: Request, job_id: Number) -> dict[str, bool]:
        note(assistant, request, "manual.uploaded", library.try_again(job_id).file_name)
        return {"done": True}

    @routes.post("/jobs/{job_id}/cancel")
    def cancel(request: Request, job_id: Number) -> dict[str, str]:
        job = library.cancel(job_id)
        if job.state != "cancelled":
            return {"told": say("job.cancelled.late", name=job.file_name)}
        note(assistant, request, "manual.cancelled", job.file_name)
        return {"told": say("js.job.cancelled", name=job.file_name)}

    @routes.post("/jobs/{job_id}/version")
    def version(request: Request, job_id: Number) -> dict[str, str]:
        job = library.settle(job_id, same=True)
        note(assistant, request, "manual.version", job.file_name)
        return {"told": job.message}

    @routes.post("/jobs/{job_id}/own")
    def own(request: Request, job_id: Number) -> dict[str, str]:
        job = library.settle(job_id, same=False)
        note(assistant, request, "manual.own", job.file_name)
        return {"told": job.message}

    @routes.post("/jobs/{job_id}/dismiss")
    def dismiss(job_id: Number) -> dict[str, bool]:
        library.dismiss(job_id)
        return {"done": True}

    return routes


def _to_decide(assistant: Assistant) -> int:
    """Return how many proposed answers wait for an admin; 0 where that cannot be read, which other places tell."""
    try:
        return assistant.approved.waiting()
    except ChatError:
        return 0


async def _receive(request: Request, spool: BinaryIO, name: str, limit_mb: int) -> None:
    """Write a request's body to a file. Raises TooLarge as soon as it is known, before more is read."""
    limit, size = limit_mb << 20, int(request.headers.get("content-length") or 0)
    async for piece in request.stream():
        size = max(size, spool.tell() + len(piece))
        if size > limit:
            break
        await run_in_threadpool(spool.write, piece)
    if size > limit:
        raise TooLarge(say("fault.large", name=name, n=limit_mb))
    spool.seek(0)
