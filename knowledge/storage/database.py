"""The knowledge database: one SQLite file, one connection per thread, append-only migrations.

Knows the tables, nothing of what is searched or read.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from knowledge.errors import DataFolder
from knowledge.storage.data_folder import (
    DatabaseFile,
    in_words,
    make_private,
    reason,
    secure,
    write_ahead,
)
from knowledge.storage.engine import Database, Migrations

schema = Migrations("knowledge")
_STATEMENT = (
    sqlite3.SQLITE_ERROR,
    sqlite3.SQLITE_CONSTRAINT,
    sqlite3.SQLITE_MISUSE,
    sqlite3.SQLITE_RANGE,
)
WAIT = 30.0  # seconds for which a writer waits for another one


def _run(db: Database, script: str) -> None:
    """Runs statements one by one: ``executescript`` would commit the migration's transaction."""
    for statement in script.split(";\n"):
        db.execute(statement)


@schema()
def m001_manuals(db: Database) -> None:
    _run(
        db,
        """
        CREATE TABLE manuals (
            id TEXT PRIMARY KEY, name TEXT NOT NULL, product TEXT NOT NULL DEFAULT '', removed TEXT);
        CREATE TABLE versions (
            id INTEGER PRIMARY KEY, manual_id TEXT NOT NULL REFERENCES manuals(id), number INTEGER NOT NULL,
            sha256 TEXT NOT NULL, file_name TEXT NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL, paged INTEGER NOT NULL,
            state TEXT NOT NULL, added TEXT NOT NULL, pages INTEGER NOT NULL, passages INTEGER NOT NULL,
            encoder TEXT NOT NULL, warnings TEXT NOT NULL DEFAULT '[]', UNIQUE (manual_id, number));
        CREATE TABLE pages (
            version_id INTEGER NOT NULL REFERENCES versions(id), number INTEGER NOT NULL, label TEXT NOT NULL,
            text TEXT NOT NULL, blocks TEXT NOT NULL, PRIMARY KEY (version_id, number)) WITHOUT ROWID;
        CREATE TABLE sections (
            id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES versions(id), path TEXT NOT NULL,
            page INTEGER NOT NULL, start INTEGER NOT NULL, end_page INTEGER NOT NULL, "end" INTEGER NOT NULL);
        CREATE INDEX sections_version ON sections(version_id);
        CREATE TABLE passages (
            id INTEGER PRIMARY KEY, version_id INTEGER NOT NULL REFERENCES versions(id),
            section_id INTEGER NOT NULL REFERENCES sections(id), page INTEGER NOT NULL, label TEXT NOT NULL,
            start INTEGER NOT NULL, "end" INTEGER NOT NULL, head TEXT NOT NULL, body TEXT NOT NULL,
            stems TEXT NOT NULL, hash TEXT NOT NULL, vectors BLOB);
        CREATE INDEX passages_version ON passages(version_id);
        CREATE INDEX passages_section ON passages(section_id);
        CREATE INDEX passages_hash ON passages(hash);
        CREATE VIRTUAL TABLE passages_fts USING fts5(
            head, body, content='passages', content_rowid='id', tokenize='porter unicode61 remove_diacritics 2');
        CREATE TABLE vocabulary (
            version_id INTEGER NOT NULL REFERENCES versions(id), word TEXT NOT NULL, passages INTEGER NOT NULL,
            PRIMARY KEY (version_id, word)) WITHOUT ROWID;
        CREATE TABLE jobs (
            id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL, size INTEGER NOT NULL, file_name TEXT NOT NULL,
            name TEXT NOT NULL DEFAULT '', product TEXT NOT NULL DEFAULT '', draft INTEGER NOT NULL DEFAULT 0,
            manual_id TEXT NOT NULL DEFAULT '', state TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL DEFAULT 0,
            message TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0, owner TEXT NOT NULL DEFAULT '',
            beat REAL NOT NULL DEFAULT 0, accepted TEXT NOT NULL, dismissed INTEGER NOT NULL DEFAULT 0);
        CREATE INDEX jobs_state ON jobs(state);
        CREATE TABLE state (key TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO state VALUES ('generation', 0)
        """,
    )


@schema()
def m002_identity(db: Database) -> None:
    """Where a file came from, and which manual an upload may be a version of: a person is asked."""
    _run(
        db,
        """
        ALTER TABLE versions ADD COLUMN source TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN source TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN doubt TEXT NOT NULL DEFAULT ''
        """,
    )


@schema()
def m003_index_copies(db: Database) -> None:
    """What search servers hold: a copy of a version, under a number that is never used again; and this library's own.

    A copy is "writing", then "held", then "left"; ``since`` is when that began. ``first`` is the version's first passage.
    """
    _run(
        db,
        """
        CREATE TABLE index_copies (
            copy INTEGER PRIMARY KEY, engine TEXT NOT NULL, version_id INTEGER REFERENCES versions(id), first INTEGER,
            state TEXT NOT NULL DEFAULT 'writing', since REAL NOT NULL);
        CREATE INDEX index_copies_version ON index_copies(version_id)
        """,
    )
    db.execute("INSERT INTO state VALUES ('library', ?)", [secrets.randbits(62)])


@schema()
def m004_meanings(db: Database) -> None:
    """The vectors of whole passages by the sentence encoder, int8; filled after a version is searchable."""
    db.execute(
        "CREATE TABLE meanings (passage_id INTEGER PRIMARY KEY REFERENCES passages(id), model TEXT NOT NULL, vector BLOB NOT NULL)"
    )


@schema()
def m005_other_names(db: Database) -> None:
    """What customers call a product beside its name; each of them means one product."""
    db.execute(
        "CREATE TABLE other_names (name TEXT PRIMARY KEY COLLATE NOCASE, product TEXT NOT NULL) WITHOUT ROWID"
    )


@schema()
def m006_watched(db: Database) -> None:
    """What was last taken in from a watched folder: the bytes of each file there."""
    db.execute(
        "CREATE TABLE watched (source TEXT NOT NULL, name TEXT NOT NULL, sha256 TEXT NOT NULL, PRIMARY KEY (source, name)) WITHOUT ROWID"
    )


@schema()
def m007_drafts(db: Database) -> None:
    """When a version was last made the searched one, and for which products new versions wait to be published."""
    _run(
        db,
        """
        ALTER TABLE versions ADD COLUMN published TEXT NOT NULL DEFAULT '';
        UPDATE versions SET published = added WHERE state = 'live';
        CREATE TABLE draft_rules (product TEXT PRIMARY KEY COLLATE NOCASE, rule TEXT NOT NULL) WITHOUT ROWID
        """,
    )


@schema()
def m008_synonyms(db: Database) -> None:
    """Customers' words and the manual's words for the same, as an admin has said; for search only."""
    db.execute(
        "CREATE TABLE synonyms (word TEXT NOT NULL COLLATE NOCASE, means TEXT NOT NULL COLLATE NOCASE,"
        " PRIMARY KEY (word, means)) WITHOUT ROWID"
    )


@schema()
def m009_languages(db: Database) -> None:
    """The language of each passage, and those of a version, the main one first; "" before anybody has looked.

    The words of the index are the stored stems, whatever language they are of: SQLite's tokenizer knows English only.
    """
    _run(
        db,
        """
        ALTER TABLE versions ADD COLUMN languages TEXT NOT NULL DEFAULT '';
        ALTER TABLE passages ADD COLUMN language TEXT NOT NULL DEFAULT '';
        DROP TABLE passages_fts;
        CREATE VIRTUAL TABLE passages_fts USING fts5(stems, content='passages', content_rowid='id', tokenize='ascii');
        INSERT INTO passages_fts (rowid, stems) SELECT p.id, p.stems FROM passages p
            JOIN versions v ON v.id = p.version_id WHERE v.state = 'live' ORDER BY p.id
        """,
    )


@schema()
def m010_placed_words(db: Database) -> None:
    """Where the words stand on a page that OCR has read, as JSON; "" on all other pages."""
    db.execute("ALTER TABLE pages ADD COLUMN words TEXT NOT NULL DEFAULT ''")


@schema()
def m011_added_by(db: Database) -> None:
    """Who sent a file: the id of their account, "" for whoever sits at the machine, the command line, watched folders.

    And the job of the archive that a file came in, 0 for none.
    """
    _run(
        db,
        """
        ALTER TABLE versions ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN added_by TEXT NOT NULL DEFAULT '';
        ALTER TABLE jobs ADD COLUMN part_of INTEGER NOT NULL DEFAULT 0
        """,
    )


@schema()
def m012_watched_folders(db: Database) -> None:
    """What a watched folder was like when it was last looked at; ``faults`` is a JSON list of sentences."""
    db.execute(
        "CREATE TABLE watched_folders (folder TEXT PRIMARY KEY, looked TEXT NOT NULL, state TEXT NOT NULL,"
        " manuals INTEGER NOT NULL, faults TEXT NOT NULL) WITHOUT ROWID"
    )


class _Cursor(sqlite3.Cursor):
    """A cursor that tells the faults of the file, as opposed to those of a statement, in words."""

    def execute(self, *arguments: Any) -> _Cursor:
        return self._told(super().execute, *arguments)

    def executemany(self, *arguments: Any) -> _Cursor:
        return self._told(super().executemany, *arguments)

    def fetchone(self) -> Any:
        return self._told(super().fetchone)

    def fetchall(self) -> list[Any]:
        return self._told(super().fetchall)

    def __next__(self) -> Any:
        return self._told(super().__next__)

    def _told(self, work: Callable[..., Any], *arguments: Any) -> Any:
        try:
            return work(*arguments)
        except sqlite3.DatabaseError as error:
            if (path := getattr(self.connection, "path", None)) is None or getattr(
                error, "sqlite_errorcode", sqlite3.SQLITE_MISUSE
            ) & 0xFF in _STATEMENT:
                raise
            raise in_words(error, path) from error


class _Careful(sqlite3.Connection):
    """A connection whose cursors are careful once ``path`` is set."""

    path: Path | None = None

    def cursor(self, factory: Any = _Cursor) -> Any:
        return super().cursor(factory)


class Connections:
    """Hands every thread its own connection to the same file."""

    def __init__(self, path: Path) -> None:
        """Opens the file and brings its tables up to date. Raises DataFolder."""
        self.path = path
        self._local = threading.local()
        try:
            secure(path.parent)
            make_private(path)
            self.place = DatabaseFile(path)
            _refuse_newer(self.db)
            if schema.pending(self.db):
                with self.writing() as db:  # one process at a time, and the others find it done
                    schema.apply(db)
            generation(
                self.db
            )  # a file that is damaged further in is found now and not with the first question
        except OSError as error:
            raise DataFolder(
                f"The data folder {path.parent} cannot be used: {reason(error)}."
            ) from error
        except sqlite3.DatabaseError as error:
            raise in_words(error, path) from error

    @property
    def db(self) -> Database:
        """This thread's connection: WAL, every commit on disk, foreign keys on. Its faults are DataFolder.

        It never makes a file: an empty library must not take the place of one that was deleted or unmounted.
        """
        found: Database | None = getattr(self._local, "db", None)
        if found is None:
            self.place.check()
            try:
                # Few statements are remembered: those with lists of ids never come again, and hold 50 KB each.
                connection = sqlite3.connect(
                    f"{self.path.absolute().as_uri()}?mode=rw", uri=True, timeout=WAIT, isolation_level=None,
                    cached_statements=16, factory=_Careful,
                )  # fmt: skip
                try:
                    write_ahead(connection, WAIT)
                    for pragma in ("synchronous=FULL", "foreign_keys=ON", "cache_size=-512"):
                        connection.execute(f"PRAGMA {pragma}")
                except sqlite3.DatabaseError:
                    connection.close()
                    raise
                connection.path = self.path
            except sqlite3.DatabaseError as error:
                self.place.check()
                raise in_words(error, self.path) from error
            found = self._local.db = Database(connection)
        return found

    @contextmanager
    def writing(self) -> Iterator[Database]:
        """One transaction: all of it or nothing. It takes its turn among writers before it reads. Raises DataFolder."""
        self.place.check()
        db = self.db
        db.conn.execute("BEGIN IMMEDIATE")
        try:
            yield db
        except BaseException:
            db.rollback()
            raise
        db.conn.execute("COMMIT")

    @contextmanager
    def reading(self) -> Iterator[Database]:
        """Several reads that see the same moment, whatever is published meanwhile."""
        db = self.db
        if db.conn.in_transaction:
            yield db
            return
        db.conn.execute("BEGIN")
        try:
            yield db
        finally:
            db.rollback()

    def fold_in(self) -> None:
        """Moves what stands in the log beside the file into it, so that a copy of the file alone is whole."""
        with suppress(DataFolder):
            self.db.execute(
                "PRAGMA busy_timeout=1000"
            )  # somebody who reads on must not hold up the end
            self.db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def close(self) -> None:
        """Closes this thread's connection; those of other threads end with their threads."""
        found: Database | None = getattr(self._local, "db", None)
        if found is not None:
            found.close()
            self._local.db = None


def _refuse_newer(db: Database) -> None:
    if "_sqlite_migrations" not in db.table_names():
        return
    known = {migration.name for migration in schema.pending(Database(memory=True))}
    applied = {
        row["name"]
        for row in db["_sqlite_migrations"].rows_where("migration_set = ?", ["knowledge"])
    }
    if newer := sorted(applied - known):
        raise DataFolder(
            f"This library was made by a newer Tandem (it has {newer[0]}). Update Tandem to open it."
        )


def generation(db: Database) -> int:
    """A number that grows with every change of what can be found; caches compare it."""
    return int(db.execute("SELECT value FROM state WHERE key = 'generation'").fetchone()[0])


def changed(db: Database) -> None:
    """Says that what can be found has changed; call inside the transaction of the change."""
    db.execute("UPDATE state SET value = value + 1 WHERE key = 'generation'")


def library_id(db: Database) -> int:
    """A random number that is this library's own; servers that several libraries share tell them apart by it."""
    return int(db.execute("SELECT value FROM state WHERE key = 'library'").fetchone()[0])
