"""Who did what, and when: a log that only grows, with no passwords and no questions in it.

The database itself refuses to change or to delete a row of it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import sqlalchemy as sa

from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import audit, moment
from chatbot.errors import NotKept

log = logging.getLogger(__name__)
LONGEST = 300  # characters of what a deed was done to
CHUNK = 2000  # deeds that are read at a time


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One deed: when (UTC, ISO 8601), by whom ("" for whoever sat at the machine), what (a key), and to what."""

    at: str
    who: str
    deed: str
    about: str


class Audit:
    """The log in a journal's file. Safe for threads and for several processes."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def note(self, who: str, deed: str, about: str = "") -> None:
        """Add what has just been done. Where that cannot be kept, the server's log says so: the deed is done."""
        row = {"at": moment(), "who": who, "deed": deed, "about": about[:LONGEST]}
        try:
            self._file.write(lambda db: db.execute(audit.insert().values(**row)))
        except NotKept as error:
            log.error("not in the audit log: %s %s %s (%s)", who, deed, about, error)

    def entries(self) -> Iterator[AuditEntry]:
        """Yield every deed, the newest first; the log may grow meanwhile, and is never held whole. Raises NotKept."""
        query = sa.select(audit).order_by(audit.c.id.desc()).limit(CHUNK)
        before = sa.true()
        while True:
            with self._file.reading() as db:
                rows = db.execute(query.where(before)).all()
            yield from (AuditEntry(row.at, row.who, row.deed, row.about) for row in rows)
            if len(rows) < CHUNK:
                return
            before = audit.c.id < rows[-1].id


def holding(
    entries: Iterable[tuple[AuditEntry, str]], search: str
) -> Iterator[tuple[AuditEntry, str]]:
    """Yield those entries, each with its deed in words, in which every word of a search stands, in capitals or not."""
    words = search.casefold().split()
    for entry, told in entries:
        if all(word in f"{entry.at} {entry.who} {told} {entry.about}".casefold() for word in words):
            yield entry, told
