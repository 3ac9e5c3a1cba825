"""Where people are signed in. A session lives in the database, so that it outlives a restart and its owner can end it."""

from __future__ import annotations

import secrets
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from chatbot.accounts.accounts import digest, person_in
from chatbot.accounts.errors import NoSuchSession
from chatbot.accounts.roles import Person
from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import moment, people, sessions

NOTED = timedelta(minutes=10)  # how exactly it is known when a session was last used


@dataclass(frozen=True, slots=True)
class Session:
    """One browser in which somebody is signed in. Moments are UTC, ISO 8601; ``here``: the one that asks."""

    id: str
    begun: str
    seen: str
    browser: str
    address: str
    here: bool = False


class Sessions:
    """The open sessions. One that is not used for ``days`` ends. Safe for threads; each call may raise NotKept."""

    def __init__(self, file: JournalFile, days: int) -> None:
        self._file = file
        self._idle = timedelta(days=days)
        self._noting: dict[str, Future[Any]] = {}  # being written, by what is kept of the token

    def begin(self, person_id: str, browser: str, address: str) -> str:
        """Open a session; return the token that its browser keeps. Those that have ended are swept out."""
        token = secrets.token_urlsafe(32)
        now, old = moment(), moment(self._idle)

        def write(db: sa.Connection) -> None:
            db.execute(sessions.delete().where(sessions.c.seen < old))
            db.execute(
                sessions.insert().values(
                    token=digest(token),
                    id=secrets.token_urlsafe(9),
                    person=person_id,
                    begun=now,
                    seen=now,
                    browser=browser[:100],
                    address=address[:100],
                )  # fmt: skip
            )

        self._file.write(write)
        return token

    def person(self, token: str) -> Person | None:
        """Return whose session a token is; None when it has ended, was never one, or its person is gone."""
        query = sa.select(people, sessions.c.seen).join(people, people.c.id == sessions.c.person)
        with self._file.reading() as db:
            row = db.execute(query.where(sessions.c.token == digest(token))).first()
        if row is None or row.seen < moment(self._idle):
            return None
        if row.seen < moment(NOTED):
            self._note(digest(token))
        return person_in(row)

    def _note(self, kept: str) -> None:
        """Write that a session is used, without waiting: a disk that is full or busy must keep nobody out."""
        if kept in self._noting:
            return
        seen = sessions.update().where(sessions.c.token == kept).values(seen=moment())
        self._noting[kept] = done = self._file.write_later(lambda db: db.execute(seen))
        done.add_done_callback(lambda _: self._noting.pop(kept, None))

    def of(self, person_id: str, token: str) -> tuple[Session, ...]:
        """Return somebody's sessions, the last used first; ``token`` is the one that asks."""
        query = sa.select(sessions).where(
            sessions.c.person == person_id, sessions.c.seen >= moment(self._idle)
        )
        with self._file.reading() as db:
            rows = db.execute(query.order_by(sessions.c.seen.desc())).all()
        return tuple(
            Session(r.id, r.begun, r.seen, r.browser, r.address, r.token == digest(token))
            for r in rows
        )

    def end(self, token: str) -> None:
        """End the session of a browser that signs out."""
        self._file.write(
            lambda db: db.execute(sessions.delete().where(sessions.c.token == digest(token)))
        )

    def end_one(self, person_id: str, session_id: str) -> None:
        """End one of somebody's sessions. Raises NoSuchSession, also for somebody else's."""

        def write(db: sa.Connection) -> None:
            own = (sessions.c.person == person_id, sessions.c.id == session_id)
            if not db.execute(sessions.delete().where(*own)).rowcount:
                raise NoSuchSession("There is no such session.")

        self._file.write(write)

    def end_others(self, person_id: str, token: str) -> None:
        """End all of somebody's sessions but the one that asks."""
        others = (sessions.c.person == person_id, sessions.c.token != digest(token))
        self._file.write(lambda db: db.execute(sessions.delete().where(*others)))


@lru_cache(maxsize=8)
def sessions_in(file: JournalFile, days: int) -> Sessions:
    """Return the sessions that a journal's file holds: one object for each, as it knows what is being written."""
    return Sessions(file, days)
