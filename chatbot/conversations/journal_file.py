"""The journal's file: many readers, one thread that writes, and what can be wrong with it in words.

Callers wait until their change is on disk. Knows nothing of conversations.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chatbot.conversations.tables import SCHEMA_VERSION, tables, upgrade
from chatbot.errors import ChatError, NotKept
from knowledge.storage.data_folder import DatabaseFile, make_private, reason, write_ahead

log = logging.getLogger(__name__)

WAIT = 5.0  # seconds for which a write waits for another program that holds the file; a question waits with it
Write = Callable[[sa.Connection], Any]


class JournalFile:
    """A database file that stays the one that was opened. Safe for threads."""

    def __init__(self, engine: sa.Engine, place: DatabaseFile) -> None:
        self._engine, self._place = engine, place
        self._closed = False
        self._waiting: queue.SimpleQueue[tuple[Write, Future[Any]] | None] = queue.SimpleQueue()
        self._writer = threading.Thread(target=self._write_all, name="journal-writer", daemon=True)
        self._writer.start()

    def close(self) -> None:
        """Writes what waits, brings the file up to date without its log, then closes it."""
        self._closed = True
        self._waiting.put(None)
        self._writer.join(timeout=10)
        with suppress(sa.exc.SQLAlchemyError), self._engine.connect() as db:
            # A copy of journal.db alone holds everything then
            db.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        self._engine.dispose()

    @contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        try:
            with self._engine.connect() as db:
                yield db
        except sa.exc.DatabaseError as error:
            raise NotKept(self._reason(error)) from error

    def _reason(self, error: Exception) -> str:
        return (
            self._place.fault().rstrip(".")
            or f"{self._place.path.name}: {reason(getattr(error, 'orig', None) or error)}"
        )

    def write(self, write: Write) -> None:
        """Returns when the change is on disk. Raises what ``write`` raises, NotKept when it cannot be put on disk."""
        if self._closed:
            raise NotKept("Tandem is being stopped")
        done: Future[Any] = Future()
        self._waiting.put((write, done))
        try:
            done.result(timeout=6 * WAIT)
        except TimeoutError as error:
            if done.cancel():  # else it is being written right now
                raise NotKept("the disk does not answer") from error
            done.result(timeout=6 * WAIT)

    def write_later(self, write: Write) -> Future[Any]:
        """Returns at once. For what may be lost: the future fails as ``write`` does, and nobody has to look at it."""
        done: Future[Any] = Future()
        if not self._closed:
            self._waiting.put((write, done))
        return done

    def _write_all(self) -> None:
        """Commits everything that waits in one transaction, so that many writers share one wait for the disk."""
        while (first := self._waiting.get()) is not None:
            batch = [first]
            while not self._waiting.empty() and len(batch) < 100:
                if (more := self._waiting.get()) is None:
                    self._waiting.put(None)
                    break
                batch.append(more)
            self._commit(batch)

    def _commit(self, batch: list[tuple[Write, Future[Any]]]) -> None:
        batch = [(write, done) for write, done in batch if done.set_running_or_notify_cancel()]
        refused: dict[int, Exception] = {}
        try:
            if fault := self._place.fault():
                raise NotKept(fault.rstrip("."))
            # BEGIN IMMEDIATE: a transaction that reads first and then wants to write is refused without any waiting.
            with self._engine.connect().execution_options(writes=True) as db, db.begin():
                for i, (write, _) in enumerate(batch):
                    try:
                        with db.begin_nested():
                            write(db)
                    except sa.exc.OperationalError:  # the disk or a lock: that is everybody's
                        raise
                    except Exception as error:
                        # Goes to the caller who asked for this write; the others go on
                        refused[i] = error
        except NotKept as error:
            refused = dict.fromkeys(range(len(batch)), error)
        except Exception as error:  # the writer must outlive any one batch
            log.warning("%d changes could not be kept: %s", len(batch), error)
            refused = dict.fromkeys(range(len(batch)), NotKept(self._reason(error)))
        for i, (_, done) in enumerate(batch):
            done.set_exception(refused[i]) if i in refused else done.set_result(None)


def open_file(path: Path) -> JournalFile:
    """Opens, or makes, the journal. Raises ChatError when a newer Tandem made it or it cannot be used."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        make_private(path)
        place = DatabaseFile(path)
    except OSError as error:
        raise ChatError(
            f"The conversations in {path} cannot be opened: {error.strerror or error}."
        ) from error
    # mode=rw: an empty journal must not take the place of one that was deleted or unmounted.
    engine = sa.create_engine(
        f"sqlite:///{path.absolute().as_uri()}?mode=rw&uri=true", connect_args={"timeout": WAIT}
    )

    @sa.event.listens_for(engine, "connect")
    def _pragmas(connection: Any, _: object) -> None:
        connection.isolation_level = None  # transactions begin below, in so many words
        # SQLite's own knows the letters of English only; searches lower what they compare.
        connection.create_function("lower", 1, _lower, deterministic=True)
        write_ahead(connection, WAIT)
        for pragma in (
            "synchronous=FULL",
            "foreign_keys=ON",
            "cache_size=-512",
            "secure_delete=ON",  # what is erased is overwritten
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        connection.exec_driver_sql(
            "BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN"
        )

    try:
        _bring_up_to_date(engine, path)
    except sa.exc.SQLAlchemyError as error:
        engine.dispose()
        raise fault_of(path, error) from error
    return JournalFile(engine, place)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


def _bring_up_to_date(engine: sa.Engine, path: Path) -> None:
    with engine.connect() as db:
        version: int = db.exec_driver_sql("PRAGMA user_version").scalar_one()
    if version > SCHEMA_VERSION:
        raise ChatError(f"{path.name} was made by a newer Tandem. Update Tandem to open it.")
    if version < SCHEMA_VERSION:
        with engine.connect().execution_options(writes=True) as db, db.begin():
            upgrade(db, db.exec_driver_sql("PRAGMA user_version").scalar_one())
    # A file that is damaged further in is found now and not with the first question
    with engine.connect() as db:
        for table in tables.sorted_tables:
            db.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def fault_of(path: Path, error: sa.exc.SQLAlchemyError) -> ChatError:
    """Why a journal cannot be opened, with the cure."""
    why = reason(getattr(error, "orig", None) or error)
    made = ChatError(f"The conversations in {path} cannot be opened: {why}.")
    cures = {
        "it is damaged": "Put a backup in its place, or move it away: Tandem then begins a new one.",
        "another program keeps it locked": "End the other program and start Tandem again.",
        "the disk is full": "Make room on the disk and start Tandem again.",
    }
    made.hint = cures.get(why, "See that the file may be read and written by you.")
    return made
