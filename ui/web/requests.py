"""What stands in a request: ids and numbers in its address, and the browser that it comes from."""

from __future__ import annotations

from typing import Annotated

from fastapi import Path, Query, Request

from ui.errors import NotOwned
from ui.text.english import say
from ui.web.gate import ID

# An id of our own form, and a number that a database can hold.
Key = Annotated[str, Path(pattern=ID)]
Number = Annotated[int, Path(ge=0, lt=1 << 31)]
PageNumber = Annotated[int, Query(ge=0, lt=1 << 31)]


def owner_of(request: Request) -> str:
    """Return who this browser is. Raises NotOwned before its first page has set the cookie."""
    owner = str(request.state.owner)
    if not owner:
        raise NotOwned(say("fault.owner"))
    return owner
