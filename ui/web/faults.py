"""What a browser is told when a request fails: a status, one sentence, a reference that the log carries too."""

from __future__ import annotations

import logging
import secrets

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from adapters.errors import AdapterError, NoSuchDataSet
from chatbot.accounts.errors import NoSuchPerson, NoSuchSession
from chatbot.curation.approved.types import NoSuchApproved
from chatbot.errors import ChatError, NoSuchConversation
from chatbot.trials.errors import NoSuchPair, NoSuchRun, NoSuchTrial, NotVoted
from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage, TooLarge, UploadQueueFull
from ui.accounts import page
from ui.sources.errors import NoSuchSource
from ui.text.english import say
from ui.web.requests import NotOwned, navigates
from ui.web.security import HEADERS

log = logging.getLogger(__name__)
STATUS = {
    NoSuchConversation: 404,
    NoSuchApproved: 404,
    NoSuchSource: 404,
    NoSuchPair: 404,
    NoSuchTrial: 404,
    NoSuchRun: 404,
    NoSuchDataSet: 404,
    NotVoted: 409,
    NoSuchPerson: 404,
    NoSuchSession: 404,
    NoSuchManual: 404,
    NoSuchPage: 404,
    NotOwned: 401,
    TooLarge: 413,
    UploadQueueFull: 503,
}


def add_fault_pages(app: FastAPI) -> None:
    """Answer our own errors in words, and unexpected ones with a reference that the log carries too."""

    def known(request: Request, error: Exception) -> Response:
        hint = str(getattr(error, "hint", ""))
        return answer(request, str(error), STATUS.get(type(error), 400), hint)

    def unknown(request: Request, error: Exception) -> Response:
        reference = log_fault(error)
        return answer(request, say("fault.unexpected", reference=reference), 500)

    def malformed(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        places = {str(fault["loc"][0]) for fault in error.errors()}
        missing = places <= {"path", "query"}
        return answer(
            request, say("fault.address" if missing else "fault.body"), 404 if missing else 422
        )

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        missing = error.status_code in (404, 405)
        return answer(request, say("fault.address" if missing else "fault.body"), error.status_code)

    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(RequestValidationError, malformed)
    for kind in (ChatError, KnowledgeError, AdapterError):
        app.add_exception_handler(kind, known)
    app.add_exception_handler(Exception, unknown)


def answer(request: Request, told: str, status: int, hint: str = "") -> Response:
    """Return what a request is told that failed: a person that opened an address reads a page, a script JSON."""
    if not navigates(request.headers):
        return JSONResponse({"error": told, "hint": hint}, status, HEADERS)
    caller = getattr(request.state, "caller", None)  # none, where it failed before that was known
    shown = page.told(told, hint, caller.shown if caller else (), status)
    shown.headers.update(HEADERS)
    return shown


def log_fault(error: BaseException) -> str:
    """Log an unexpected error with its traceback; return the reference under which it is found."""
    reference = secrets.token_hex(4)
    log.error("fault %s", reference, exc_info=error)
    return reference
