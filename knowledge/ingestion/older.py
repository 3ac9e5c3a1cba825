"""Versions that were read before the language of a passage was kept: told now, and stemmed in it where it is not English.

Until then they are searched as they were. Knows the tables and the index; nothing of files or questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

from knowledge.ingestion.preparation import stems_of
from knowledge.search.identification import languages_of
from knowledge.search.indexes.base import Index, entry
from knowledge.search.languages import AS_ENGLISH, words
from knowledge.storage.database import Connections, changed
from knowledge.storage.engine import Database


class _Row(NamedTuple):
    id: int
    head: str
    body: str
    vectors: bytes | None


def tell_languages(connections: Connections, index: Index) -> bool:
    """Tell the languages of one version that has none yet, those that are searched first; False where none is left.

    What is searched stays findable all the time. Raises DataFolder, SearchServerFault.
    """
    row = connections.db.execute(
        "SELECT id, state = 'live' FROM versions WHERE languages = '' ORDER BY state <> 'live', id LIMIT 1"
    ).fetchone()
    if row is None:
        return False
    version_id, live = int(row[0]), bool(row[1])
    held = [
        _Row(*each)
        for each in connections.db.execute(
            "SELECT id, head, body, vectors FROM passages WHERE version_id = ? ORDER BY id",
            [version_id],
        )
    ]
    each, languages = languages_of([one.body for one in held])
    if all(language in AS_ENGLISH for language in languages):
        with connections.writing() as db:
            _note(db, version_id, held, each, languages)
        return True
    stems = [
        stems_of(one.head, one.body, language) for one, language in zip(held, each, strict=True)
    ]
    with _prepared(index, live, held, stems) as copy, connections.writing() as db:
        state = db.execute("SELECT state = 'live' FROM versions WHERE id = ?", [version_id])
        if bool(state.fetchone()[0]) == live:  # else it was published or removed meanwhile
            if live:
                index.detach(db, version_id)
            _restem(db, version_id, held, each, stems)
            if live:
                index.attach(db, version_id, copy)
            _note(db, version_id, held, each, languages)
    return True


def _prepared(
    index: Index, live: bool, held: Sequence[_Row], stems: Sequence[str]
) -> AbstractContextManager[int]:
    if not live:
        return nullcontext(0)
    return index.prepared(
        entry(place, text, one.vectors)
        for place, (one, text) in enumerate(zip(held, stems, strict=True))
    )


def _note(
    db: Database,
    version_id: int,
    held: Sequence[_Row],
    each: Sequence[str],
    languages: Sequence[str],
) -> None:
    db.conn.executemany(
        "UPDATE passages SET language = ? WHERE id = ?",
        [(language, one.id) for one, language in zip(held, each, strict=True)],
    )
    db.execute("UPDATE versions SET languages = ? WHERE id = ?", [" ".join(languages), version_id])
    changed(db)


def _restem(
    db: Database, version_id: int, held: Sequence[_Row], each: Sequence[str], stems: Sequence[str]
) -> None:
    """Puts the stems and the words of their language in the place of English ones."""
    db.conn.executemany(
        "UPDATE passages SET stems = ? WHERE id = ?",
        [(text, one.id) for one, text in zip(held, stems, strict=True)],
    )
    vocabulary: Counter[str] = Counter()
    for one, language in zip(held, each, strict=True):
        vocabulary.update(set(words(f"{one.head} {one.body}", language)))
    db.execute("DELETE FROM vocabulary WHERE version_id = ?", [version_id])
    db.conn.executemany(
        "INSERT INTO vocabulary VALUES (?, ?, ?)",
        [(version_id, word, count) for word, count in vocabulary.items()],
    )
