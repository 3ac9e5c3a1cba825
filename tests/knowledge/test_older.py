"""A library from before the language of a passage was kept: opened, searched at once, and told its languages."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from knowledge.ingestion.older import tell_languages
from knowledge.library import Library, open_library
from knowledge.search.retriever import Search
from knowledge.text import stems, words
from tests.search.test_languages import manual
from tests.support.manuals import PUMP, put
from tests.support.waiting import wait_for


def made_old(data: Path) -> None:
    """Takes from a library what ``m009_languages`` adds, and stems every passage as English."""
    db = sqlite3.connect(data / "knowledge.db")
    db.executescript(
        """
        DROP TABLE passages_fts;
        ALTER TABLE versions DROP COLUMN languages;
        ALTER TABLE passages DROP COLUMN language;
        DELETE FROM _sqlite_migrations WHERE name = 'm009_languages';
        DELETE FROM vocabulary;
        CREATE VIRTUAL TABLE passages_fts USING fts5(
            head, body, content='passages', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
        INSERT INTO passages_fts (rowid, head, body) SELECT p.id, p.head, p.body FROM passages p
            JOIN versions v ON v.id = p.version_id WHERE v.state = 'live';
        """
    )
    for id, version, head, body in db.execute(
        "SELECT id, version_id, head, body FROM passages"
    ).fetchall():
        text = f" {' '.join(stems(head))} | {' '.join(stems(body))} "
        db.execute("UPDATE passages SET stems = ? WHERE id = ?", [text, id])
        db.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET passages = passages + 1",
            [(version, word) for word in set(words(f"{head} {body}"))],
        )
    db.commit()
    db.close()


def old_library(data: Path) -> Library:
    library = open_library(data)
    put(library, "de.md", manual("de"), manual="Kaffee")
    put(library, "pump.md", PUMP)
    put(library, "fr.md", manual("fr"), manual="Café", draft=True)
    library.close()
    made_old(data)
    return open_library(data)


def by_words(search: Search, question: str) -> tuple[str, ...]:
    best = search.find(question).evidence[0]
    return (best.passage.section[-1], *best.found_by)


def test_an_old_library_is_searched_as_it_was_and_then_in_its_languages(tmp_path: Path) -> None:
    library = old_library(tmp_path / "data")
    search = Search(library, library.index)
    assert {manual.languages for manual in library.manuals()} == {()}
    assert by_words(search, "How do I replace the seal?") == (
        "Replace the seal",
        "words",
        "meaning",
    )
    before = search.find("How do I replace the seal?")

    while tell_languages(library.connections, library.index):
        pass

    assert {m.name: m.languages for m in library.manuals()} == {
        "Kaffee": ("de",),
        "Pump P-200 user manual": ("en",),
    }
    (draft,) = library.drafts()
    assert draft.languages == ("fr",)
    after = search.find("How do I replace the seal?")
    assert [e.passage.id for e in after.evidence[:3]] == [e.passage.id for e in before.evidence[:3]]
    assert by_words(search, "Groesse")[:2] == ("Maße und Gewicht", "words")
    library.publish(draft.version_id)
    assert by_words(search, "Remplacer les filtres usagés")[:2] == (
        "Remplacement du filtre",
        "words",
    )
    db = library.connections.db
    db.execute("INSERT INTO passages_fts (passages_fts) VALUES ('integrity-check')")
    library.close()


def test_the_worker_tells_an_old_library_its_languages(tmp_path: Path) -> None:
    library = old_library(tmp_path / "data")
    library.start_worker()
    try:
        wait_for(lambda: all(one.languages for one in (*library.manuals(), *library.drafts())))
    finally:
        library.close()


def test_reindexing_tells_them_too(tmp_path: Path) -> None:
    library = old_library(tmp_path / "data")
    library.reindex()
    assert {m.languages for m in library.manuals()} == {("de",), ("en",)}
    library.close()
