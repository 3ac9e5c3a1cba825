"""What stands in a request: ids and numbers in its address, and the browser that it comes from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import Path, Query, Request

from chatbot.errors import ChatError
from ui.text.english import say
from ui.web.gate import ID


class NotOwned(ChatError):
    """A request of a browser that has no cookie yet."""

    hint = "Reload the page."


# An id of our own form, and a number that a database can hold.
Key = Annotated[str, Path(pattern=ID)]
Number = Annotated[int, Path(ge=0, lt=1 << 31)]
CardName = Annotated[str, Path(max_length=64)]
PageNumber = Annotated[int, Query(ge=0, lt=1 << 31)]


def navigates(headers: Mapping[str, str]) -> bool:
    """Say whether a person opens an address or sends a form, and reads the answer as it comes; a script asks for no page."""
    return "text/html" in headers.get("accept", "")


def owner_of(request: Request) -> str:
    """Return who this browser is. Raises NotOwned before its first page has set the cookie."""
    owner = str(request.state.owner)
    if not owner:
        raise NotOwned(say("fault.owner"))
    return owner
