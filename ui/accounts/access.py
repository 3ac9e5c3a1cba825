"""Which address needs which right: the one table, and what is not in it is there for nobody. Pure.

A test walks it against the routes of the application.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal

from starlette.routing import compile_path

from chatbot.accounts.roles import Right

# "anybody": before signing in; "own": whoever is signed in, for what is theirs.
Need = Right | Literal["anybody", "own"]


@dataclass(frozen=True, slots=True)
class Entry:
    """An address, as FastAPI writes it, the method that is sent to it, and what whoever sends it needs."""

    method: str
    path: str
    need: Need

    @property
    def pattern(self) -> re.Pattern[str]:
        """What its paths match."""
        return _compiled(self.path)


@cache
def _compiled(path: str) -> re.Pattern[str]:
    return compile_path(path)[0]


def _entries(need: Need, *addresses: str) -> tuple[Entry, ...]:
    split = (address.split() for address in addresses)
    return tuple(Entry(method, path, need) for method, path in split)


def _gradio(page: str, need: Need) -> tuple[Entry, ...]:
    """A page of Gradio's, with the files and the queue that it uses. Others of its routes stay closed (``security``)."""
    files = ("assets/{rest:path}", "static/{rest:path}", "theme.css", "favicon.ico", "robots.txt")
    return _entries(
        need,
        f"GET {page}",
        *(f"GET {page}{file}" for file in files),
        f"GET {page}gradio_api/{{rest:path}}",
        f"POST {page}gradio_api/{{rest:path}}",
    )


ACCESS: tuple[Entry, ...] = (
    *_entries(
        "anybody",
        "GET /sign-in",
        "POST /sign-in",
        "GET /sign-in/provider",
        "GET /sign-in/provider/back",
        "GET /welcome/{token}",
        "POST /welcome/{token}",
        "GET /tandem/{digest}/{name}",
        "GET /static/fonts/{rest:path}",
    ),
    *_entries(
        "own",
        "POST /sign-out",
        "GET /account",
        "GET /account/export",
        "POST /account/password",
        "POST /account/sessions/{key}/end",
        "POST /account/sessions/end-others",
    ),
    *_entries(
        "people",
        "GET /people",
        "POST /people/first",
        "POST /people/add",
        "POST /people/{key}/roles",
        "POST /people/{key}/link",
        "POST /people/{key}/remove",
        "GET /audit",
        "GET /audit.csv",
    ),
    *_entries(
        "manuals",
        "GET /admin",
        "GET /manuals/state",
        "POST /manuals/upload",
        "POST /manuals/samples",
        "GET /manuals/gaps",
        "POST /manuals/gaps/off-topic",
        "POST /manuals/gaps/missing",
        "GET /manuals/gaps/near",
        "POST /manuals/gaps/answered",
        "POST /approved/{key}/undo",
        "GET /words",
        "POST /words",
        "POST /words/remove",
        "GET /manuals/gaps.csv",
        "GET /manuals/missing.csv",
        "GET /manuals/{key}/cited",
        "POST /manuals/{key}/describe",
        "POST /manuals/{key}/remove",
        "POST /manuals/{key}/restore",
        "GET /manuals/{key}/history",
        "POST /manuals/{key}/rule",
        "GET /health",
        "GET /compare",
        "GET /versions/{old}/compare/{new}",
        "GET /versions/{version_id}/read",
        "POST /versions/{version_id}/publish",
        "POST /versions/{version_id}/discard",
        "POST /versions/{version_id}/keep",
        "GET /versions/{version_id}/belongs",
        "POST /versions/{version_id}/belongs",
        "POST /jobs/dismiss",
        "POST /jobs/{job_id}/retry",
        "GET /approved",
        "GET /approved.jsonl",
        "GET /approved/{key}",
        "POST /approved/{key}/edit",
        "POST /approved/{key}/approve",
        "POST /approved/{key}/decline",
        "POST /approved/{key}/withdraw",
        "POST /jobs/{job_id}/cancel",
        "POST /jobs/{job_id}/version",
        "POST /jobs/{job_id}/own",
        "POST /jobs/{job_id}/dismiss",
    ),
    *_entries(
        "trials",
        "GET /trials",
        "GET /evaluations",
        "POST /evaluations",
        "GET /evaluations/{key}",
        "GET /evaluations/{key}/answers.jsonl",
        "POST /evaluations/{key}/stop",
        "POST /evaluations/{key}/go-on",
        "POST /evaluations/{key}/score",
        "POST /evaluations/{key}/remove",
        "GET /advice",
        "GET /usage",
        "GET /usage.csv",
        "GET /usage.json",
        "POST /trials",
        "POST /trials/{key}/end",
        "POST /trials/{key}/prefer",
        "POST /trials/prefer-no-more",
        "GET /trials/{key}/votes.csv",
        "GET /training-data",
        "POST /training-data/build",
        "POST /training-data/upload",
        "POST /training-data/builds/{key}/stop",
        "POST /training-data/builds/{key}/dismiss",
        "GET /training-data/{key}",
        "GET /training-data/{key}/pairs.jsonl",
        "GET /training-data/{key}/chat.jsonl",
        "GET /training-data/{key}/taxonomy.zip",
        "GET /training-data/{key}/notes.csv",
        "POST /training-data/{key}/again",
        "POST /training-data/{key}/remove",
    ),
    *_entries(
        "models",
        "GET /models",
        "POST /models/roll-back",
        "POST /models/serve-none",
        "POST /models/{name}/promote",
        "POST /models/{name}/try",
        "POST /models/end-trial",
        "POST /models/{name}/remove",
    ),
    *_entries(
        "ask",
        "POST /pairs/{key}/vote",
        "POST /pairs/{key}/skip",
        "POST /pairs/{key}/take",
        "POST /pairs/{key}/support",
        "GET /check",
        "GET /start",
        "GET /status",
        "GET /conversations",
        "GET /conversations/{key}",
        "POST /conversations/{key}/rename",
        "POST /conversations/{key}/delete",
        "POST /conversations/{key}/restore",
        "POST /conversations/{key}/share",
        "POST /conversations/{key}/unshare",
        "POST /answers/{key}/rate",
        "POST /answers/{key}/unrate",
        "POST /answers/{key}/missing",
        "POST /answers/{key}/propose",
        "GET /answers/{key}/sources/{n}",
        "GET /answers/{key}/sources/{n}/changes",
        "GET /answers/{key}/sources/{n}/now",
        "GET /passages/{version_id}/{number}/{start}/{end}",
        "GET /passages/{version_id}/{number}/{start}/{end}/now",
        "GET /passages/{version_id}/{number}/{start}/{end}/changes",
        "GET /pages/{version_id}/{number}.webp",
        "GET /asks/{ticket}",
        "POST /asks/{ticket}/stop",
        "POST /drafts/check",
    ),
    *_gradio("/admin/", "manuals"),
    *_gradio("/check/", "ask"),
    *_gradio("/", "ask"),
)


def need_of(method: str, path: str) -> Need | None:
    """Return what a request needs, None for an address that is not in the table.

    With a method that an address does not have it needs what the address needs: the application refuses it itself.
    """
    method = "GET" if method == "HEAD" else method
    here = [entry for entry in ACCESS if entry.pattern.match(path)]
    exact = [entry for entry in here if entry.method == method]
    found = exact or here
    return found[0].need if found else None


def has_form(path: str) -> bool:
    """Say whether an address takes only what is sent to it, so that nothing is there to be opened."""
    here = {entry.method for entry in ACCESS if entry.pattern.match(path)}
    return here == {"POST"}
