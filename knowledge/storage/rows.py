"""Rows in, values out: how manuals, versions, pages and passages lie in the database.

Knows the tables and the index; nothing of files, jobs or questions.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlite_utils import Database

from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage
from knowledge.ingestion.preparation import PreparedDocument
from knowledge.search.embeddings import DIMENSIONS
from knowledge.search.indexes.base import Index, IndexEntry
from knowledge.storage.database import Connections, changed
from knowledge.types import Block, Manual, Page, Passage, SectionText

_MANUAL = """
    SELECT m.id, m.name, m.product, v.number, v.id, v.pages, v.passages,
           CASE WHEN m.removed IS NOT NULL THEN 'removed' ELSE v.state END, v.added, v.file_name, v.kind, v.paged,
           v.sha256, v.warnings
    FROM versions v JOIN manuals m ON m.id = v.manual_id
"""
_PASSAGE = """
    SELECT p.id, p.version_id, p.page, p.label, s.path, p.start, p."end", p.body, p.hash
    FROM passages p JOIN sections s ON s.id = p.section_id
"""


def now() -> str:
    """This moment as UTC in ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _manual(row: Sequence[Any]) -> Manual:
    return Manual(
        *row[:11], paged=bool(row[11]), sha256=row[12], warnings=tuple(json.loads(row[13]))
    )


def _passage(row: Sequence[Any]) -> Passage:
    return Passage(*row[:4], tuple(json.loads(row[4])), *row[5:])


def live_manuals(db: Database) -> tuple[Manual, ...]:
    """Every manual in the version that is searched, by name."""
    rows = db.execute(f"{_MANUAL} WHERE v.state = 'live' ORDER BY m.name COLLATE NOCASE, m.id")
    return tuple(_manual(row) for row in rows)


def drafts(db: Database) -> tuple[Manual, ...]:
    """Versions that are stored but not published."""
    rows = db.execute(
        f"{_MANUAL} WHERE v.state = 'draft' AND m.removed IS NULL ORDER BY m.name COLLATE NOCASE, v.number"
    )
    return tuple(_manual(row) for row in rows)


def previous(db: Database, held: Manual) -> Manual | None:
    """The version of a manual that was live before the present one, or None."""
    row = db.execute(
        f"{_MANUAL} WHERE m.id = ? AND v.state = 'superseded' AND v.number < ? ORDER BY v.number DESC LIMIT 1",
        [held.id, held.version],
    ).fetchone()
    return _manual(row) if row else None


def manual_by(db: Database, where: str, value: object) -> Manual | None:
    """The newest version that fits one condition, or None. ``where`` is a constant of this package."""
    row = db.execute(
        f"{_MANUAL} WHERE {where} ORDER BY v.state = 'live' DESC, v.number DESC LIMIT 1", [value]
    ).fetchone()
    return _manual(row) if row else None


def version(db: Database, version_id: int) -> Manual:
    """A manual in one version, live or not. Raises NoSuchManual."""
    found = manual_by(db, "v.id = ?", version_id)
    if found is None:
        raise NoSuchManual(f"There is no manual version {version_id}.")
    return found


def page(db: Database, version_id: int, number: int) -> Page:
    """One stored page. Raises NoSuchPage."""
    row = db.execute(
        "SELECT number, label, text, blocks FROM pages WHERE version_id = ? AND number = ?",
        [version_id, number],
    ).fetchone()
    if row is None:
        raise NoSuchPage(f"There is no page {number} in manual version {version_id}.")
    return Page(row[0], row[1], row[2], tuple(Block(*block) for block in json.loads(row[3])))


def passages(db: Database, ids: Sequence[int]) -> dict[int, Passage]:
    """Passages by id; unknown ids are left out."""
    wanted = ",".join(str(int(id)) for id in ids)
    return {row[0]: _passage(row) for row in db.execute(f"{_PASSAGE} WHERE p.id IN ({wanted})")}


def section_passages(db: Database, passage_id: int) -> tuple[Passage, ...]:
    """All passages of the section that holds a passage, in reading order."""
    rows = db.execute(
        f"{_PASSAGE} WHERE p.section_id = (SELECT section_id FROM passages WHERE id = ?) ORDER BY p.id",
        [passage_id],
    )
    return tuple(_passage(row) for row in rows)


def section_text(db: Database, version_id: int, number: int, start: int) -> SectionText:
    """The section round a position of a page, cut to that page. Raises NoSuchPage."""
    text = page(db, version_id, number).text
    row = db.execute(
        'SELECT path, page, start, end_page, "end" FROM sections WHERE version_id = ?'
        " AND (page < ? OR (page = ? AND start <= ?)) ORDER BY page DESC, start DESC LIMIT 1",
        [version_id, number, number, start],
    ).fetchone()
    if row is None:
        return SectionText((), text, 0, len(text))
    path, first, left, last, right = row
    left, right = (left if first == number else 0), (right if last == number else len(text))
    return SectionText(tuple(json.loads(path)), text[left:right], left, right)


@dataclass(frozen=True, slots=True)
class Parcel:
    """A prepared document on its way into the library, with the file's marks."""

    prepared: PreparedDocument
    file_name: str
    source: str
    sha256: str
    draft: bool


class Publisher:
    """Puts a prepared document into the database and the index. Call its methods inside one transaction."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def publish(
        self, db: Database, parcel: Parcel, manual_id: str, name: str, product: str
    ) -> Manual:
        """Stores a version of a manual ("": a new one) and, unless it is a draft, makes it the searched one."""
        manual_id = manual_id or secrets.token_hex(8)
        db.execute(
            "INSERT INTO manuals (id, name, product) VALUES (?, ?, ?)"
            " ON CONFLICT (id) DO UPDATE SET name = excluded.name, product = excluded.product",
            [manual_id, name, product],
        )
        version_id = self._insert_version(db, manual_id, parcel)
        db.conn.executemany(
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
            (
                (
                    version_id,
                    p.number,
                    p.label,
                    p.text,
                    json.dumps([(b.kind, b.start, b.end) for b in p.blocks]),
                )
                for p in parcel.prepared.document.pages
            ),
        )
        self._insert_passages(db, version_id, parcel.prepared)
        if not parcel.draft:
            make_live(db, self._index, version_id)
        return version(db, version_id)

    def _insert_version(self, db: Database, manual_id: str, parcel: Parcel) -> int:
        document = parcel.prepared.document
        number = db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE manual_id = ?", [manual_id]
        )
        cursor = db.execute(
            "INSERT INTO versions (manual_id, number, sha256, file_name, title, kind, paged, state, added, pages, passages,"
            " encoder, warnings, source) VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?)",
            [
                manual_id, number.fetchone()[0], parcel.sha256, parcel.file_name, document.title, document.kind,
                int(document.paged), now(), len(document.pages), len(parcel.prepared.passages),
                parcel.prepared.encoder, json.dumps(document.warnings), parcel.source,
            ],
        )  # fmt: skip
        return int(cursor.lastrowid)

    def _insert_passages(self, db: Database, version_id: int, prepared: PreparedDocument) -> None:
        first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM sections").fetchone()[0]
        db.conn.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    first + i,
                    version_id,
                    json.dumps(s.path, ensure_ascii=False),
                    s.page,
                    s.start,
                    s.end_page,
                    s.end,
                )
                for i, s in enumerate(prepared.sections)
            ),
        )
        start = db.execute("SELECT coalesce(max(id), 0) + 1 FROM passages").fetchone()[0]
        rows = (
            (
                start + i,
                version_id,
                first + d.section,
                d.page,
                d.label,
                d.start,
                d.end,
                ready.head,
                d.text,
                ready.stems,
                d.hash,
                ready.vectors,
            )
            for i, ready in enumerate(prepared.passages)
            for d in (ready.draft,)
        )
        db.conn.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
        db.conn.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)",
            ((version_id, word, count) for word, count in prepared.vocabulary.items()),
        )


def make_live(db: Database, index: Index, version_id: int) -> None:
    """Makes a stored version the searched one of its manual; call inside a transaction."""
    manual_id = version(db, version_id).id
    _take_offline(db, index, manual_id, "superseded")
    rows = db.execute(
        "SELECT id, head, body, vectors FROM passages WHERE version_id = ? ORDER BY id",
        [version_id],
    )
    index.add(
        [
            IndexEntry(id, version_id, head, body, _first_vector(blob))
            for id, head, body, blob in rows
        ]
    )
    db.execute("UPDATE versions SET state = 'live' WHERE id = ?", [version_id])
    db.execute("UPDATE manuals SET removed = NULL WHERE id = ?", [manual_id])
    changed(db)


def _first_vector(blob: bytes | None) -> np.ndarray | None:
    return np.frombuffer(blob[:DIMENSIONS], dtype=np.int8) if blob else None


def _take_offline(db: Database, index: Index, manual_id: str, state: str) -> None:
    for (live,) in db.execute(
        "SELECT id FROM versions WHERE manual_id = ? AND state = 'live'", [manual_id]
    ).fetchall():
        index.remove(live)
        db.execute("UPDATE versions SET state = ? WHERE id = ?", [state, live])


def describe(connections: Connections, manual_id: str, name: str, product: str) -> None:
    """Sets a manual's name and product. Raises KnowledgeError when another manual has the name."""
    with connections.writing() as db:
        describe_in(db, manual_id, name, product)


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
        changed(db)


def hand_over(db: Database, index: Index, manual_id: str, to: str) -> Manual:
    """Makes all versions of one manual the newest of another, in their order; the first manual is no more.

    The newest version that was searched is then the searched one. Call inside a transaction.
    """
    number = db.execute("SELECT max(number) FROM versions WHERE manual_id = ?", [to]).fetchone()[0]
    moved = db.execute(
        "SELECT id, state FROM versions WHERE manual_id = ? ORDER BY number", [manual_id]
    ).fetchall()
    live = next((key for key, state in moved if state == "live"), 0)
    for place, (key, _) in enumerate(moved, number + 1):
        db.execute("UPDATE versions SET manual_id = ?, number = ? WHERE id = ?", [to, place, key])
    if live:  # taken offline first, because a manual has one live version
        index.remove(live)
        db.execute("UPDATE versions SET state = 'superseded' WHERE id = ?", [live])
        make_live(db, index, live)
    db.execute("DELETE FROM manuals WHERE id = ?", [manual_id])
    return version(db, live or moved[-1][0])


def sections_changed(db: Database, old: int, new: int) -> int:
    """How many sections differ between two versions: other words, gone, or new."""
    before, after = _sections(db, old), _sections(db, new)
    return sum(before[path] != after[path] for path in before.keys() | after.keys())


def _sections(db: Database, version_id: int) -> defaultdict[str, list[str]]:
    query = "SELECT s.path, p.hash FROM passages p JOIN sections s ON s.id = p.section_id WHERE p.version_id = ? ORDER BY p.id"
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path, key in db.execute(query, [version_id]):
        found[path].append(key)
    return found


def remove_manual(connections: Connections, index: Index, manual_id: str) -> None:
    """Takes a manual out of search and lists; its versions stay for the citations that point at them."""
    with connections.writing() as db:
        _take_offline(db, index, manual_id, "removed")
        db.execute(
            "UPDATE versions SET state = 'removed' WHERE manual_id = ? AND state = 'draft'",
            [manual_id],
        )
        db.execute("UPDATE manuals SET removed = ? WHERE id = ?", [now(), manual_id])
        changed(db)
