"""Puts a prepared document into the database and, unless it is a draft, before those who search.

Knows the tables; nothing of files, jobs or questions.
"""

from __future__ import annotations

import json
import secrets
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from knowledge.ingestion.preparation import PreparedDocument
from knowledge.search.indexes.base import Index, entry
from knowledge.storage.engine import Database
from knowledge.storage.rows import now, version, words_json
from knowledge.types import Manual
from knowledge.versions.publishing import make_live


@dataclass(frozen=True, slots=True)
class Parcel:
    """A prepared document on its way into the library, with the file's marks."""

    prepared: PreparedDocument
    file_name: str
    source: str
    sha256: str
    draft: bool
    by: str = ""


class Publisher:
    """Puts a prepared document into the database and the index. Call ``publish`` inside one transaction."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def prepared(self, parcel: Parcel) -> AbstractContextManager[int]:
        """The parcel's passages in the engine, for ``publish`` inside this block; a draft is not put there.

        Call it outside the transaction. Raises SearchServerFault.
        """
        if parcel.draft:
            return nullcontext(0)
        return self._index.prepared(
            entry(place, ready.stems, ready.vectors)
            for place, ready in enumerate(parcel.prepared.passages)
        )

    def publish(
        self, db: Database, parcel: Parcel, copy: int, manual_id: str, *, name: str, product: str
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
            "INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?)",
            (
                (
                    version_id,
                    p.number,
                    p.label,
                    p.text,
                    json.dumps([(b.kind, b.start, b.end) for b in p.blocks]),
                    words_json(p.words),
                )
                for p in parcel.prepared.document.pages
            ),
        )
        self._insert_passages(db, version_id, parcel.prepared)
        if not parcel.draft:
            make_live(db, self._index, version_id, copy)
        return version(db, version_id)

    def _insert_version(self, db: Database, manual_id: str, parcel: Parcel) -> int:
        document = parcel.prepared.document
        number = db.execute(
            "SELECT coalesce(max(number), 0) + 1 FROM versions WHERE manual_id = ?", [manual_id]
        )
        cursor = db.execute(
            "INSERT INTO versions (manual_id, number, sha256, file_name, title, kind, paged, state, added, pages, passages,"
            " encoder, warnings, source, languages, added_by) VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                manual_id, number.fetchone()[0], parcel.sha256, parcel.file_name, document.title, document.kind,
                int(document.paged), now(), len(document.pages), len(parcel.prepared.passages),
                parcel.prepared.encoder, json.dumps(document.warnings), parcel.source,
                " ".join(parcel.prepared.languages), parcel.by,
            ],
        )  # fmt: skip
        return int(cursor.lastrowid or 0)

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
                ready.language,
            )
            for i, ready in enumerate(prepared.passages)
            for d in (ready.draft,)
        )
        db.conn.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows
        )
        db.conn.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)",
            ((version_id, word, count) for word, count in prepared.vocabulary.items()),
        )
