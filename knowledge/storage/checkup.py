"""Looks for damage in a library: its database, the index of words, the stored files. Changes nothing."""

from __future__ import annotations

from pathlib import Path

from knowledge.library import Library

SHOWN = 3  # names in a sentence


def examine(library: Library) -> tuple[str, ...]:
    """What is wrong, a sentence each with the cure, worst first. Raises DataFolder where nothing can be read."""
    db = library.connections.db
    found = db.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if found != "ok":
        return (f"{library.connections.path} is damaged ({found}). Restore a backup.",)
    faults = []
    if db.execute("PRAGMA foreign_key_check").fetchone():
        faults.append(
            f"{library.connections.path} holds rows that belong to nothing. Restore a backup."
        )
    faults += _index_faults(library)
    faults += _file_faults(library)
    return tuple(faults)


def _index_faults(library: Library) -> list[str]:
    """Searching goes by the index; every live passage has to be in it, and no other."""
    db = library.connections.db
    missing = db.execute(
        "SELECT count(*) FROM (SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id WHERE v.state = 'live'"
        " EXCEPT SELECT id FROM passages_fts_docsize)"
    ).fetchone()[0]
    extra = db.execute(
        "SELECT count(*) FROM (SELECT id FROM passages_fts_docsize"
        " EXCEPT SELECT p.id FROM passages p JOIN versions v ON v.id = p.version_id WHERE v.state = 'live')"
    ).fetchone()[0]
    cure = "Run `run.py reindex`."
    faults = []
    if missing:
        faults.append(f"{missing:,} passages of live manuals are not found by words. {cure}")
    if extra:
        faults.append(f"The index holds {extra:,} passages that no live manual has. {cure}")
    wrong = db.execute(
        "SELECT count(*) FROM versions v WHERE v.state = 'live'"
        " AND v.passages <> (SELECT count(*) FROM passages p WHERE p.version_id = v.id)"
    ).fetchone()[0]
    if wrong:
        faults.append(
            f"{wrong:,} manuals have lost passages. Remove and add the manuals again, or restore a backup."
        )
    return faults


def _file_faults(library: Library) -> list[str]:
    """The bytes of every live version are needed for its page images."""
    gone = [
        manual.name
        for manual in library.manuals()
        if not _is_whole(library.file(manual.version_id))
    ]
    if not gone:
        return []
    names = ", ".join(f"'{name}'" for name in gone[:SHOWN]) + (
        " and others" if len(gone) > SHOWN else ""
    )
    return [
        f"The stored files of {len(gone):,} manuals are missing or damaged: {names}. Add these files again, or restore a backup."
    ]


def _is_whole(path: Path) -> bool:
    import hashlib

    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.name
    except OSError:
        return False
