"""Who may read a version that was never published: those who own the manuals."""

from __future__ import annotations

from fastapi import Request

from knowledge.catalog import Catalog
from knowledge.errors import NoSuchManual
from ui.accounts.sign_in import caller_of
from ui.sources.errors import NoSuchSource
from ui.text.english import say


def refuse_drafts(request: Request, catalog: Catalog, version_id: int) -> None:
    """Let nobody but those who own the manuals read a version that was never published. Raises NoSuchSource."""
    if "manuals" in caller_of(request).rights:
        return
    try:
        manual = catalog.version(version_id)
    except NoSuchManual as error:
        raise NoSuchSource(say("fault.source")) from error
    if not manual.published and manual.state in ("draft", "discarded"):
        raise NoSuchSource(say("fault.source"))
