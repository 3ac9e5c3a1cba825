"""Which version of a manual is searched, and what a manual is called: the changes, each in one transaction.

Knows the tables and the index; nothing of files, jobs or questions.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.errors import KnowledgeError
from knowledge.search.indexes.base import Index, entries_of
from knowledge.storage.database import Connections, changed
from knowledge.storage.engine import Database
from knowledge.storage.rows import live_manuals, manual_by, now, other_names, version
from knowledge.types import Manual


def state_told(manual: Manual, waits: bool) -> str:
    """How much of a version there is to search, and whether that is so yet, as the lists of uploads say it."""
    held = f"{manual.passages:,} passages" if manual.passages != 1 else "1 passage"
    return f"Draft: {held}, not yet published" if waits else f"Ready: {held}"


def make_live(db: Database, index: Index, version_id: int, copy: int) -> None:
    """Makes a stored version the searched one of its manual; call inside a transaction.

    ``copy`` is what ``index.prepared`` gave for its passages, before the transaction.
    """
    manual = version(db, version_id)
    manual_id = manual.id
    other = manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", manual.name)
    if manual.state == "removed" and other is not None and other.id != manual_id:
        raise KnowledgeError(
            f"Another manual is called '{manual.name}' now. Give that one another name first."
        )
    take_offline(db, index, manual_id, "superseded")
    db.execute(
        "UPDATE versions SET state = 'superseded' WHERE manual_id = ? AND state = 'removed'",
        [manual_id],
    )
    index.attach(db, version_id, copy)
    db.execute(
        "UPDATE versions SET state = 'live', published = ? WHERE id = ?", [now(), version_id]
    )
    db.execute("UPDATE manuals SET removed = NULL WHERE id = ?", [manual_id])
    db.execute(
        "UPDATE jobs SET message = replace(message, ?, ?) WHERE manual_id = ? AND sha256 = ?",
        [state_told(manual, True), state_told(manual, False), manual_id, manual.sha256],
    )
    db.execute(  # what is older than what is searched waits for nobody any more
        "UPDATE versions SET state = 'discarded' WHERE manual_id = ? AND state = 'draft' AND number < ?",
        [manual_id, manual.version],
    )
    changed(db)


def publish(connections: Connections, index: Index, version_id: int) -> None:
    """Makes a stored version the searched one. Raises NoSuchManual, SearchServerFault."""
    version(connections.db, version_id)
    with (
        index.prepared(entries_of(connections.db, version_id)) as copy,
        connections.writing() as db,
    ):
        make_live(db, index, version_id, copy)
    index.clear_up()


def take_offline(db: Database, index: Index, manual_id: str, state: str) -> None:
    """Makes the version of a manual that is searched, if any, one in another state; call inside a transaction."""
    for (live,) in db.execute(
        "SELECT id FROM versions WHERE manual_id = ? AND state = 'live'", [manual_id]
    ).fetchall():
        index.detach(db, live)
        db.execute("UPDATE versions SET state = ? WHERE id = ?", [state, live])


def describe(
    connections: Connections,
    manual_id: str,
    name: str,
    product: str,
    others: Sequence[str] | None = None,
) -> None:
    """Sets a manual's name, its product and, unless None, all other names of that product; "" among them is none.

    Raises KnowledgeError when another manual has the name, or another product one of the other names.
    """
    with connections.writing() as db:
        describe_in(db, manual_id, name, product)
        if others is not None:
            _call(db, product, [each for each in others if each])


def describe_in(db: Database, manual_id: str, name: str, product: str) -> None:
    """As ``describe``, inside the caller's transaction."""
    other = manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", name)
    if other is not None and other.id != manual_id:
        raise KnowledgeError(f"Another manual is called '{name}' already.")
    held = db.execute("SELECT name, product FROM manuals WHERE id = ?", [manual_id]).fetchone()
    if held != (name, product):
        db.execute(
            "UPDATE manuals SET name = ?, product = ? WHERE id = ?", [name, product, manual_id]
        )
        if (
            product
            and not db.execute(
                "SELECT 1 FROM manuals WHERE removed IS NULL AND product = ?", [held[1]]
            ).fetchone()
        ):  # the product itself has got another name
            db.execute("UPDATE other_names SET product = ? WHERE product = ?", [product, held[1]])
            db.execute(
                "UPDATE OR REPLACE draft_rules SET product = ? WHERE product = ?",
                [product, held[1]],
            )
        changed(db)


def _call(db: Database, product: str, names: Sequence[str]) -> None:
    """Makes ``names`` the other names of a product."""
    if names and not product:
        raise KnowledgeError("Give the product its name first, then its other names.")
    meant = {other.casefold(): its for other, its in other_names(db).items()}
    meant |= {manual.product.casefold(): manual.product for manual in live_manuals(db)}
    for name in names:
        if meant.get(name.casefold(), product) != product:
            its = meant[name.casefold()]
            raise KnowledgeError(f"'{name}' is a name of the product '{its}' already.")
    db.execute("DELETE FROM other_names WHERE product = ?", [product])
    for name in names:
        db.execute("INSERT OR REPLACE INTO other_names VALUES (?, ?)", [name, product])
    changed(db)


def restore(connections: Connections, manual_id: str) -> bool:
    """Bring a removed manual of which nothing was searched back with its drafts; False where something was."""
    with connections.writing() as db:
        query = "SELECT 1 FROM versions WHERE manual_id = ? AND state = 'removed'"
        if db.execute(query, [manual_id]).fetchone():
            return False
        bring_back(db, manual_id)
    return True


def bring_back(db: Database, manual_id: str) -> None:
    """Makes a removed manual one that is not, without a searched version; call inside a transaction.

    Raises KnowledgeError where another manual has its name now.
    """
    held = manual_by(db, "m.id = ?", manual_id)
    other = held and manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", held.name)
    if held and other and other.id != manual_id:
        raise KnowledgeError(
            f"Another manual is called '{held.name}' now. Give that one another name first."
        )
    db.execute("UPDATE manuals SET removed = NULL WHERE id = ?", [manual_id])
    db.execute(
        "UPDATE versions SET state = 'superseded' WHERE manual_id = ? AND state = 'removed'",
        [manual_id],
    )
    changed(db)


def discard(connections: Connections, version_id: int, back: bool = False) -> None:
    """Takes a draft off the list, or puts it ``back``; what it holds stays. Raises NoSuchManual, KnowledgeError."""
    with connections.writing() as db:
        held = version(db, version_id)
        before, after = ("discarded", "draft") if back else ("draft", "discarded")
        if held.state != before:
            raise KnowledgeError(f"Version {held.version} of '{held.name}' is {held.state} by now.")
        db.execute("UPDATE versions SET state = ? WHERE id = ?", [after, version_id])


def stands_at(db: Database, version_id: int, source: str, file_name: str) -> None:
    """Notes where the file of a version lies now, where its folder is known; call inside a transaction."""
    if source:
        db.execute(
            "UPDATE versions SET source = ?, file_name = ? WHERE id = ?",
            [source, file_name, version_id],
        )


def hand_over(
    db: Database, index: Index, manual_id: str, to: str, as_draft: bool = False
) -> Manual:
    """Makes all versions of one manual the newest of another, in their order; the first manual is no more.

    The newest version that was searched is then the searched one, or ``as_draft`` one that waits to be published. Call
    inside a transaction.
    """
    number = db.execute("SELECT max(number) FROM versions WHERE manual_id = ?", [to]).fetchone()[0]
    moved = db.execute(
        "SELECT id, state FROM versions WHERE manual_id = ? ORDER BY number", [manual_id]
    ).fetchall()
    live = next((key for key, state in moved if state == "live"), 0)
    if live and as_draft:
        take_offline(db, index, manual_id, "draft")
    elif live:  # a manual has one live version; the moved one stays findable all the time
        take_offline(db, index, to, "superseded")
        db.execute("UPDATE manuals SET removed = NULL WHERE id = ?", [to])
    for place, (key, _) in enumerate(moved, number + 1):
        db.execute("UPDATE versions SET manual_id = ?, number = ? WHERE id = ?", [to, place, key])
    changed(db)
    db.execute("DELETE FROM manuals WHERE id = ?", [manual_id])
    return version(db, live or moved[-1][0])


def remove_manual(connections: Connections, index: Index, manual_id: str) -> None:
    """Takes a manual out of search and lists; its versions stay for the citations that point at them, and its drafts drafts."""
    with connections.writing() as db:
        take_offline(db, index, manual_id, "removed")
        db.execute("UPDATE manuals SET removed = ? WHERE id = ?", [now(), manual_id])
        changed(db)
    index.clear_up()
