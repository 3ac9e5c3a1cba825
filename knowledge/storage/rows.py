"""Rows in, values out: how manuals, versions, pages and passages lie in the database.

Knows the tables; nothing of files, jobs, search engines or questions.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from knowledge.errors import NoSuchManual, NoSuchPage
from knowledge.storage.engine import Database
from knowledge.text import fold, words
from knowledge.types import (
    Block,
    Counts,
    HeldVersion,
    Manual,
    Page,
    Passage,
    PlacedWord,
    SectionText,
    StoredPassage,
)

REACH = 8  # sections to either side that are looked at for the neighbours of one
_MANUAL = """
    SELECT m.id, m.name, m.product, v.number, v.id, v.pages, v.passages,
           CASE WHEN m.removed IS NOT NULL THEN 'removed' ELSE v.state END, v.added, v.file_name, v.kind, v.paged,
           v.sha256, v.warnings, v.published, v.languages, v.added_by
    FROM versions v JOIN manuals m ON m.id = v.manual_id
"""
SHORT_HEADING = 3  # words: "Fingerprint scanner" names a thing, "Transfer data from an old device" tells what is done with several
_PASSAGE = """
    SELECT p.id, p.version_id, p.page, p.label, s.path, p.start, p."end", p.body, p.hash, p.language
    FROM passages p JOIN sections s ON s.id = p.section_id
"""


def now() -> str:
    """This moment as UTC in ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _manual(row: Sequence[Any]) -> Manual:
    return Manual(
        *[
            *row[:11],
            bool(row[11]),
            row[12],
            tuple(json.loads(row[13])),
            row[14],
            tuple(row[15].split()),
            row[16],
        ]
    )


def _passage(row: Sequence[Any]) -> Passage:
    return Passage(*[*row[:4], tuple(json.loads(row[4])), *row[5:]])


def live_manuals(db: Database) -> tuple[Manual, ...]:
    """Every manual in the version that is searched, by name."""
    rows = db.execute(f"{_MANUAL} WHERE v.state = 'live' ORDER BY m.name COLLATE NOCASE, m.id")
    return tuple(_manual(row) for row in rows)


def products(db: Database) -> frozenset[str]:
    """The products of the manuals that are searched."""
    rows = db.execute(
        "SELECT DISTINCT m.product FROM versions v JOIN manuals m ON m.id = v.manual_id"
        " WHERE v.state = 'live' AND m.product <> ''"
    )
    return frozenset(str(row[0]) for row in rows)


def live_from(db: Database, source: str, name: str) -> Manual | None:
    """The manual whose searched version came from this file, None without one."""
    sql = f"{_MANUAL} WHERE v.state = 'live' AND m.removed IS NULL AND v.source = ? AND v.file_name = ?"
    row = db.execute(sql, [source, name]).fetchone()
    return _manual(row) if row else None


def files_of(db: Database, manual_id: str) -> frozenset[tuple[str, str]]:
    """The folder and name of the files that the searched version of a manual and its drafts came from."""
    query = (
        "SELECT source, file_name FROM versions WHERE manual_id = ? AND state IN ('live', 'draft')"
    )
    return frozenset((source, name) for source, name in db.execute(query, [manual_id]))


def published_since(db: Database, moment: str) -> tuple[Manual, ...]:
    """Every version that was last published at a moment (UTC, ISO 8601) or later."""
    rows = db.execute(f"{_MANUAL} WHERE v.published >= ? ORDER BY v.published", [moment])
    return tuple(_manual(row) for row in rows)


def drafts(db: Database) -> tuple[Manual, ...]:
    """Versions that are stored but not published."""
    rows = db.execute(
        f"{_MANUAL} WHERE v.state = 'draft' AND m.removed IS NULL ORDER BY m.name COLLATE NOCASE, v.number"
    )
    return tuple(_manual(row) for row in rows)


def versions_of(db: Database, manual_id: str) -> tuple[Manual, ...]:
    """Every version of a manual, the newest first."""
    rows = db.execute(f"{_MANUAL} WHERE m.id = ? ORDER BY v.number DESC", [manual_id])
    return tuple(_manual(row) for row in rows)


def removed_manuals(db: Database) -> tuple[Manual, ...]:
    """Manuals that were removed, in the version that was searched (else the newest), those removed last first.

    Drafts were once called removed with it; the version that was searched has the lowest number of those.
    """
    sql = (
        f"{_MANUAL} WHERE m.removed IS NOT NULL ORDER BY m.removed DESC, v.state = 'removed' DESC,"
        " CASE v.state WHEN 'removed' THEN v.number ELSE -v.number END"
    )
    searched: dict[str, Manual] = {}
    for row in db.execute(sql):
        manual = _manual(row)
        searched.setdefault(manual.id, manual)
    return tuple(searched.values())


def previous(db: Database, held: Manual) -> Manual | None:
    """Of the versions with lower numbers the one that was live last, or None."""
    row = db.execute(
        f"{_MANUAL} WHERE m.id = ? AND v.state = 'superseded' AND v.number < ?"
        " ORDER BY v.published DESC, v.number DESC LIMIT 1",
        [held.id, held.version],
    ).fetchone()
    return _manual(row) if row else None


def searched_before(db: Database, held: Manual) -> Manual | None:
    """The version that is searched again where ``held`` is taken away: the one before, else the one that was live last."""
    row = db.execute(
        f"{_MANUAL} WHERE m.id = ? AND v.state = 'superseded' ORDER BY v.published DESC, v.number DESC LIMIT 1",
        [held.id],
    ).fetchone()
    return previous(db, held) or (_manual(row) if row else None)


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
        "SELECT number, label, text, blocks, words FROM pages WHERE version_id = ? AND number = ?",
        [version_id, number],
    ).fetchone()
    if row is None:
        raise NoSuchPage(f"There is no page {number} in manual version {version_id}.")
    blocks = tuple(Block(*block) for block in json.loads(row[3]))
    words = tuple(PlacedWord(*word) for word in json.loads(row[4] or "[]"))
    return Page(row[0], row[1], row[2], blocks, words)


def read_by_ocr(db: Database, version_id: int, number: int) -> bool:
    """Say whether OCR has read a page: the places of its words are stored. The page itself is not read."""
    where = "SELECT 1 FROM pages WHERE version_id = ? AND number = ? AND words <> ''"
    return db.execute(where, [version_id, number]).fetchone() is not None


def words_json(words: Sequence[PlacedWord]) -> str:
    """The places of a page's words as they are stored."""
    placed = [(w.start, w.end, w.left, w.top, w.right, w.bottom) for w in words]
    return json.dumps(placed, separators=(",", ":")) if placed else ""


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


def neighbours(db: Database, passage_id: int, limit: int) -> tuple[Passage, ...]:
    """The first passage of each section beside that of a passage in its chapter, those after it first."""
    own = db.execute(
        "SELECT s.id, s.version_id, s.path FROM sections s JOIN passages p ON p.section_id = s.id WHERE p.id = ?",
        [passage_id],
    ).fetchone()
    if own is None:
        return ()
    section, version, path = own[0], own[1], json.loads(own[2])
    rows = db.execute(
        "SELECT s.id, s.path, MIN(p.id) FROM sections s JOIN passages p ON p.section_id = s.id WHERE s.version_id = ?"
        " AND s.id BETWEEN ? AND ? GROUP BY s.id ORDER BY s.id < ?, ABS(s.id - ?)",
        [version, section - REACH, section + REACH, section, section],
    ).fetchall()
    beside = []
    for _, other, first in rows:
        there = json.loads(other)
        if there and there != path and there[:-1] in (path[:-1], path):
            beside.append(first)
    held = passages(db, beside[:limit])
    return tuple(held[first] for first in beside[:limit] if first in held)


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


def hashes_of(db: Database, version_id: int) -> frozenset[str]:
    """The hashes of the passages of a version."""
    rows = db.execute("SELECT DISTINCT hash FROM passages WHERE version_id = ?", [version_id])
    return frozenset(row[0] for row in rows)


def shared_passages(db: Database) -> list[tuple[int, int, int]]:
    """Pairs of live versions with the number of passages that stand in both, word for word."""
    rows = db.execute(
        "WITH live AS (SELECT DISTINCT p.version_id, p.hash FROM passages p JOIN versions v ON v.id = p.version_id"
        " WHERE v.state = 'live') SELECT a.version_id, b.version_id, count(*) FROM live a"
        " JOIN live b ON b.hash = a.hash AND b.version_id > a.version_id GROUP BY 1, 2"
    )
    return [(int(one), int(other), int(shared)) for one, other, shared in rows]


def holders(db: Database, hashes: Collection[str]) -> dict[str, frozenset[str]]:
    """Which of these passage hashes the live manuals of each product have; "" stands for those without a product."""
    rows = db.execute(
        "SELECT m.product, json_group_array(DISTINCT p.hash) FROM passages p JOIN versions v ON v.id = p.version_id"
        " JOIN manuals m ON m.id = v.manual_id WHERE v.state = 'live'"
        " AND p.hash IN (SELECT value FROM json_each(?)) GROUP BY 1 ORDER BY 1",
        [json.dumps(sorted(hashes))],
    )
    return {product: frozenset(json.loads(held)) for product, held in rows}


def texts_of(db: Database, hashes: Collection[str]) -> tuple[str, ...]:
    """The texts of the passages of these content hashes, of whatever version that is kept, each once, without their headings."""
    rows = db.execute(
        "SELECT hash, min(body) FROM passages WHERE hash IN (SELECT value FROM json_each(?)) GROUP BY hash",
        [json.dumps(sorted(hashes))],
    )
    return tuple(row[1] for row in rows)


def versions_held(db: Database) -> tuple[HeldVersion, ...]:
    """The versions of all manuals that were not removed, with the hashes of their passages."""
    rows = db.execute(
        "SELECT m.name, m.product, v.state = 'live', v.added, group_concat(p.hash) FROM versions v"
        " JOIN manuals m ON m.id = v.manual_id JOIN passages p ON p.version_id = v.id"
        " WHERE m.removed IS NULL GROUP BY v.id"
    ).fetchall()
    return tuple(
        HeldVersion(name, product, bool(live), added, frozenset(hashes.split(",")))
        for name, product, live, added, hashes in rows
    )


def headings(db: Database, version_id: int, least: int, limit: int) -> tuple[tuple[str, ...], ...]:
    """The section paths of a version whose passages have more than ``least`` characters, long ones first."""
    rows = db.execute(
        "SELECT s.path, sum(length(p.body)) AS size FROM sections s JOIN passages p ON p.section_id = s.id"
        " WHERE s.version_id = ? GROUP BY s.id HAVING size > ? ORDER BY min(size, 1200) DESC, s.id LIMIT ?",
        [version_id, least, limit],
    )
    return tuple(tuple(json.loads(path)) for path, _ in rows)


def word_counts(db: Database) -> dict[tuple[str, ...], dict[str, int]]:
    """How many passages of what is live hold a word, by word, for the manuals of the same languages."""
    rows = db.execute(
        "SELECT v.languages, word, sum(y.passages) FROM vocabulary y JOIN versions v ON v.id = y.version_id"
        " WHERE v.state = 'live' GROUP BY v.languages, word"
    )
    found: dict[tuple[str, ...], dict[str, int]] = {}
    for languages, word, count in rows:
        found.setdefault(tuple(languages.split()), {})[word] = int(count)
    return found


def measured(db: Database, ids: Collection[int]) -> tuple[StoredPassage, ...]:
    """What ranking needs of these passages; unknown ids are left out."""
    wanted = ",".join(str(int(id)) for id in ids)
    rows = db.execute(
        "SELECT p.id, p.version_id, p.hash, p.stems, p.vectors, p.language, s.path FROM passages p"
        f" JOIN sections s ON s.id = p.section_id WHERE p.id IN ({wanted})"
    )
    return tuple(StoredPassage(*[*row[:6], tuple(json.loads(row[6]))]) for row in rows)


def meanings(db: Database, ids: Collection[int], model: str) -> dict[int, bytes]:
    """The stored vectors of these passages by a sentence encoder, int8; those without one are left out."""
    rows = db.execute(
        "SELECT passage_id, vector FROM meanings WHERE model = ?"
        " AND passage_id IN (SELECT value FROM json_each(?))",
        [model, json.dumps(sorted(ids))],
    )
    return {id: bytes(vector) for id, vector in rows}


def headed(db: Database, word: str) -> tuple[str, ...]:
    """The products of live manuals with a heading that names a word or two in a row, in any case: of at most SHORT_HEADING
    words."""
    rows = db.execute(
        "SELECT DISTINCT m.product, s.path FROM sections s"
        " JOIN versions v ON v.id = s.version_id AND v.state = 'live' JOIN manuals m ON m.id = v.manual_id"
        " WHERE instr(lower(s.path), lower(?)) AND m.product <> '' ORDER BY m.product",
        [word],
    )
    asked = fold(word)
    headings = ((product, words((json.loads(path) or [""])[-1])) for product, path in rows)
    return tuple(
        dict.fromkeys(
            product
            for product, heading in headings
            if len(heading) <= SHORT_HEADING and f" {asked} " in f" {' '.join(map(fold, heading))} "
        )
    )


def passages_of(db: Database, version_id: int) -> tuple[Passage, ...]:
    """All passages of a version, in reading order."""
    rows = db.execute(f"{_PASSAGE} WHERE p.version_id = ? ORDER BY p.id", [version_id])
    return tuple(_passage(row) for row in rows)


def other_names(db: Database) -> dict[str, str]:
    """What products of live manuals are called beside their names: the product by each name."""
    sql = (
        "SELECT o.name, o.product FROM other_names o WHERE o.product IN (SELECT m.product FROM manuals m "
        "JOIN versions v ON v.manual_id = m.id AND v.state = 'live' WHERE m.removed IS NULL) ORDER BY o.name"
    )
    return dict(db.execute(sql).fetchall())


def synonyms(db: Database) -> tuple[tuple[str, str], ...]:
    """Customers' words, each with the manual's word for it, as an admin has said, by the first."""
    rows = db.execute("SELECT word, means FROM synonyms ORDER BY word, means")
    return tuple((word, means) for word, means in rows)


def passage_at(db: Database, version_id: int, number: int, start: int) -> Passage | None:
    """The passage that holds a position of a page, None where none does."""
    row = db.execute(
        f'{_PASSAGE} WHERE p.version_id = ? AND p.page = ? AND p.start <= ? AND p."end" > ?',
        [version_id, number, start, start],
    ).fetchone()
    return _passage(row) if row else None


def counts(db: Database) -> Counts:
    """Live manuals and passages; jobs not ended, and those that failed and were not dismissed."""
    live = db.execute(
        "SELECT count(*), coalesce(sum(passages), 0) FROM versions WHERE state = 'live'"
    ).fetchone()
    jobs = db.execute(
        "SELECT coalesce(sum(state IN ('queued', 'reading', 'indexing')), 0),"
        " coalesce(sum(state IN ('failed', 'set aside') AND NOT dismissed), 0) FROM jobs"
    ).fetchone()
    return Counts(*live, *jobs)
