"""To which manual a version belongs, where a person says otherwise than it was taken for.

Knows the tables and the index; nothing of files, questions or pages.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass

from knowledge.errors import KnowledgeError, NoSuchManual
from knowledge.search.indexes.base import Index, entries_of
from knowledge.storage.database import Connections, changed
from knowledge.storage.engine import Database
from knowledge.storage.rows import manual_by, searched_before, version
from knowledge.types import Manual
from knowledge.versions.comparison import compare_in
from knowledge.versions.publishing import make_live, state_told, take_offline


@dataclass(frozen=True, slots=True)
class Belonging:
    """What a person says a version is: one of the manual of this id, or ("") a manual of its own, called so.

    ``number`` is the one that it had there before, where a step is undone; else it becomes the newest.
    """

    manual_id: str = ""
    name: str = ""
    product: str = ""
    number: int = 0


# What is asked, in the transaction, of the manual that a version is to belong to: do its new versions wait?
Waits = Callable[[Database, Manual], bool]
# What hears, in the transaction, what was moved: as it was, as it is, and in words.
Moved = Callable[[Manual, Manual, str], None]


def move(
    connections: Connections,
    index: Index,
    version_id: int,
    to: Belonging,
    asked: tuple[Waits, Moved],
) -> Manual:
    """Make a version that is searched, or waits, the newest one of another manual, or a manual of its own.

    A draft stays a draft, and a version that is searched is searched on, unless those of the other manual wait. The
    manual that it is taken from goes back to the version that was searched before; without another version it is no
    more. One transaction. Raises NoSuchManual, KnowledgeError (nothing would change; a name that is taken; a version
    that is neither searched nor a draft), SearchServerFault.
    """
    waits, moved = asked
    seen = version(connections.db, version_id)
    back = searched_before(connections.db, seen) if seen.state == "live" else None
    entries = entries_of(connections.db, back.version_id) if back else ()
    with index.prepared(entries) if back else nullcontext(0) as copy, connections.writing() as db:
        held = version(db, version_id)
        if held.state not in ("live", "draft"):
            raise KnowledgeError(
                f"Version {held.version} of '{held.name}' is {held.state} by now and stays where it is."
            )
        if held != seen or (held.state == "live" and searched_before(db, held) != back):
            raise KnowledgeError(f"'{held.name}' was changed meanwhile. Look at it again.")
        if not back and _leaves_nothing(db, held):
            raise KnowledgeError(
                f"'{held.name}' has nothing beside it but discarded drafts. Keep one of them as a draft first."
            )
        before = _other(db, held, to.manual_id) if to.manual_id else None
        key = before.id if before else _new(db, held, to)
        if before and held.state == "live":
            if waits(db, before):
                take_offline(db, index, held.id, "draft")
            else:
                take_offline(db, index, before.id, "superseded")
        number = _number(db, key, to.number)
        db.execute(
            "UPDATE versions SET manual_id = ?, number = ? WHERE id = ?", [key, number, version_id]
        )
        now = version(db, version_id)
        moved(held, now, told(db, now, before))
        if back:
            make_live(db, index, back.version_id, copy)
        db.execute(
            "DELETE FROM manuals WHERE id = ? AND NOT EXISTS (SELECT 1 FROM versions WHERE manual_id = manuals.id)",
            [held.id],
        )
        db.execute(  # nobody is asked any more whether a file is a version of what is no more
            "UPDATE jobs SET doubt = '' WHERE doubt <> '' AND doubt NOT IN (SELECT id FROM manuals)"
        )
        changed(db)
    index.clear_up()
    return now


def _number(db: Database, key: str, wanted: int) -> int:
    """The number of a version in a manual: the wanted one where that is free, else the next."""
    numbers = {
        row[0] for row in db.execute("SELECT number FROM versions WHERE manual_id = ?", [key])
    }
    return wanted if wanted > 0 and wanted not in numbers else max(numbers, default=0) + 1


def _other(db: Database, held: Manual, manual_id: str) -> Manual:
    """The manual of which a version is to be one. Raises NoSuchManual, KnowledgeError."""
    other = manual_by(db, "m.removed IS NULL AND m.id = ?", manual_id)
    if other is None:
        raise NoSuchManual("That manual was removed since. Choose another one.")
    if other.id == held.id:
        raise KnowledgeError(f"It is a version of '{held.name}' already.")
    return other


def _leaves_nothing(db: Database, held: Manual) -> bool:
    """Say whether a manual without this version has others, and none of them is to be seen."""
    states = {
        state
        for (state,) in db.execute(
            "SELECT state FROM versions WHERE manual_id = ? AND id <> ?", [held.id, held.version_id]
        )
    }
    return bool(states) and not states & {"live", "draft", "superseded"}


def free_name(db: Database, version_id: int) -> str:
    """A name for a version that becomes a manual of its own: its title, with the file where another manual has that."""
    title, file_name = db.execute(
        "SELECT title, file_name FROM versions WHERE id = ?", [version_id]
    ).fetchone()
    taken = manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", title)
    return f"{title} ({file_name})"[:200] if taken else str(title)


def _new(db: Database, held: Manual, to: Belonging) -> str:
    """The id of a new manual, which has no version yet. Raises KnowledgeError."""
    if not to.name:
        raise KnowledgeError("A manual needs a name.")
    versions = db.execute("SELECT count(*) FROM versions WHERE manual_id = ?", [held.id])
    if versions.fetchone()[0] == 1:
        raise KnowledgeError(f"'{held.name}' is a manual of its own already.")
    if manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", to.name):
        raise KnowledgeError(f"Another manual is called '{to.name}' already.")
    key = secrets.token_hex(8)
    db.execute(
        "INSERT INTO manuals (id, name, product) VALUES (?, ?, ?)", [key, to.name, to.product]
    )
    return key


def told(db: Database, manual: Manual, before: Manual | None) -> str:
    """What came of a file, in words: how much there is to search, and what it was taken for."""
    state = state_told(manual, waits=manual.state == "draft")
    if before is None:
        return f"{state}. New manual '{manual.name}'"
    count = len(compare_in(db, before.version_id, manual.version_id).changes)
    changes = f"{count:,} sections changed" if count != 1 else "1 section changed"
    return f"{state}. Version {manual.version} of '{manual.name}': {changes}"
