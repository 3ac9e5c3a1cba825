"""Rows in, values out: how manuals, versions, pages and passages lie in the database.

Knows the tables and the index; nothing of files, jobs or questions.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np
from sqlite_utils import Database

from knowledge.database import Connections, changed
from knowledge.embed import DIMENSIONS, Encoder, quantise
from knowledge.errors import KnowledgeError, NoSuchManual, NoSuchPage
from knowledge.index import Entry, Index
from knowledge.split import Draft, Section
from knowledge.text import sentences, stems, words
from knowledge.types import Block, Document, Manual, Page, Passage, SectionText

SEPARATOR = " > "
MAX_SENTENCES = 24

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
    return Manual(*row[:11], paged=bool(row[11]), sha256=row[12], warnings=tuple(json.loads(row[13])))


def _passage(row: Sequence[Any]) -> Passage:
    return Passage(*row[:4], tuple(json.loads(row[4])), *row[5:])


def live_manuals(db: Database) -> tuple[Manual, ...]:
    """Every manual in the version that is searched, by name."""
    rows = db.execute(f"{_MANUAL} WHERE v.state = 'live' ORDER BY m.name COLLATE NOCASE, m.id")
    return tuple(_manual(row) for row in rows)


def drafts(db: Database) -> tuple[Manual, ...]:
    """Versions that are stored but not published."""
    rows = db.execute(f"{_MANUAL} WHERE v.state = 'draft' AND m.removed IS NULL ORDER BY m.name COLLATE NOCASE, v.number")
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
    row = db.execute(f"{_MANUAL} WHERE {where} ORDER BY v.state = 'live' DESC, v.number DESC LIMIT 1", [value]).fetchone()
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
        "SELECT number, label, text, blocks FROM pages WHERE version_id = ? AND number = ?", [version_id, number]
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
        f"{_PASSAGE} WHERE p.section_id = (SELECT section_id FROM passages WHERE id = ?) ORDER BY p.id", [passage_id]
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


def head_of(document_title: str, section: Section) -> str:
    """What is put in front of a passage for searching: its heading path, or the title before any heading."""
    return SEPARATOR.join(section.path) or document_title


def vectors_of(encoder: Encoder | None, heads: Sequence[str], drafts: Sequence[Draft]) -> list[np.ndarray | None]:
    """For each passage float32 (1 + sentences, DIMENSIONS): the passage with its head first, then each sentence."""
    if encoder is None:
        return [None] * len(drafts)
    texts, sizes = [], []
    for head, draft in zip(heads, drafts, strict=True):
        parts = [draft.text[start:end] for start, end in sentences(draft.text)[:MAX_SENTENCES]]
        texts += [f"{head}. {draft.text}", *parts]
        sizes.append(1 + len(parts))
    return list(np.split(encoder.encode(texts), np.cumsum(sizes)[:-1])) if texts else []


def target_manual(
    db: Database, wished: str, document: Document, file_name: str, hashes: frozenset[str]
) -> tuple[Manual | None, str]:
    """Which manual a new file is a version of, and under which name it is kept.

    A wished name decides. Else the same name or title is the same manual, unless its text has almost nothing in
    common with what is there and the file is called otherwise: two products' "User manual" stay apart.
    """
    if wished:
        return manual_by(db, "m.name = ? COLLATE NOCASE", wished), wished
    found = manual_by(db, "m.name = ? COLLATE NOCASE", document.title) or manual_by(db, "v.title = ?", document.title)
    if found is None or found.file_name.casefold() == file_name.casefold():
        return found, found.name if found else document.title
    held = {row[0] for row in db.execute("SELECT hash FROM passages WHERE version_id = ?", [found.version_id])}
    if len(held & hashes) >= 0.1 * min(len(held), len(hashes)):
        return found, found.name
    other = f"{document.title} ({file_name})"
    return manual_by(db, "m.name = ? COLLATE NOCASE", other), other


class Publisher:
    """Puts a read document into the database and the index, all of it or nothing."""

    def __init__(self, connections: Connections, index: Index, encoder: Encoder | None) -> None:
        self._connections, self._index, self._encoder = connections, index, encoder

    def publish(
        self, document: Document, parts: tuple[tuple[Section, ...], tuple[Draft, ...]], *,
        manual: Manual | None, name: str, product: str, file_name: str, sha256: str, draft: bool,
    ) -> Manual:  # fmt: skip
        """Stores a version and, unless it is a draft, makes it the searched one; all in one transaction."""
        sections, drafts = parts
        heads = [head_of(document.title, sections[draft.section]) for draft in drafts]
        vectors = vectors_of(self._encoder, heads, drafts)
        with self._connections.writing() as db:
            manual_id = manual.id if manual else secrets.token_hex(8)
            db.execute(
                "INSERT INTO manuals (id, name, product) VALUES (?, ?, ?)"
                " ON CONFLICT (id) DO UPDATE SET name = excluded.name, product = excluded.product",
                [manual_id, name, product],
            )
            version_id = self._insert_version(db, manual_id, document, len(drafts), file_name, sha256)
            db.conn.executemany(
                "INSERT INTO pages VALUES (?, ?, ?, ?, ?)",
                (
                    (version_id, p.number, p.label, p.text, json.dumps([(b.kind, b.start, b.end) for b in p.blocks]))
                    for p in document.pages
                ),
            )
            self._insert_passages(db, version_id, sections, drafts, heads, vectors)
            if not draft:
                make_live(db, self._index, version_id)
        return version(db, version_id)

    def _insert_version(
        self, db: Database, manual_id: str, document: Document, count: int, file_name: str, sha256: str
    ) -> int:
        number = db.execute("SELECT coalesce(max(number), 0) + 1 FROM versions WHERE manual_id = ?", [manual_id])
        cursor = db.execute(
            "INSERT INTO versions (manual_id, number, sha256, file_name, title, kind, paged, state, added, pages, passages,"
            " encoder, warnings) VALUES (?, ?, ?, ?, ?, ?, ?, 'draft', ?, ?, ?, ?, ?)",
            [
                manual_id, number.fetchone()[0], sha256, file_name, document.title, document.kind, int(document.paged), now(),
                len(document.pages), count, self._encoder.name if self._encoder else "", json.dumps(document.warnings),
            ],
        )  # fmt: skip
        return int(cursor.lastrowid)

    def _insert_passages(
        self, db: Database, version_id: int, sections: Sequence[Section], drafts: Sequence[Draft],
        heads: Sequence[str], vectors: Sequence[np.ndarray | None],
    ) -> None:  # fmt: skip
        first = db.execute("SELECT coalesce(max(id), 0) + 1 FROM sections").fetchone()[0]
        db.conn.executemany(
            "INSERT INTO sections VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                (first + i, version_id, json.dumps(s.path, ensure_ascii=False), s.page, s.start, s.end_page, s.end)
                for i, s in enumerate(sections)
            ),
        )
        start = db.execute("SELECT coalesce(max(id), 0) + 1 FROM passages").fetchone()[0]
        counts: Counter[str] = Counter()
        rows = []
        for i, (draft, head, vector) in enumerate(zip(drafts, heads, vectors, strict=True)):
            whole = f"{head} {draft.text}"
            counts.update(set(words(whole)))
            blob = None if vector is None else quantise(vector).tobytes()
            rows.append(
                (start + i, version_id, first + draft.section, draft.page, draft.label, draft.start, draft.end,
                 head, draft.text, f" {' '.join(stems(head))} | {' '.join(stems(draft.text))} ", draft.hash, blob)
            )  # fmt: skip
        db.conn.executemany("INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        db.conn.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?)", ((version_id, word, count) for word, count in counts.items())
        )


def make_live(db: Database, index: Index, version_id: int) -> None:
    """Makes a stored version the searched one of its manual; call inside a transaction."""
    manual_id = version(db, version_id).id
    _take_offline(db, index, manual_id, "superseded")
    rows = db.execute("SELECT id, head, body, vectors FROM passages WHERE version_id = ? ORDER BY id", [version_id])
    index.add([Entry(id, version_id, head, body, _first_vector(blob)) for id, head, body, blob in rows])
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
        other = manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", name)
        if other is not None and other.id != manual_id:
            raise KnowledgeError(f"Another manual is called '{name}' already.")
        held = db.execute("SELECT name, product FROM manuals WHERE id = ?", [manual_id]).fetchone()
        if held != (name, product):
            db.execute("UPDATE manuals SET name = ?, product = ? WHERE id = ?", [name, product, manual_id])
            changed(db)


def remove_manual(connections: Connections, index: Index, manual_id: str) -> None:
    """Takes a manual out of search and lists; its versions stay for the citations that point at them."""
    with connections.writing() as db:
        _take_offline(db, index, manual_id, "removed")
        db.execute("UPDATE versions SET state = 'removed' WHERE manual_id = ? AND state = 'draft'", [manual_id])
        db.execute("UPDATE manuals SET removed = ? WHERE id = ?", [now(), manual_id])
        changed(db)
