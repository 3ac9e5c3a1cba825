"""The people of a Tandem: added, removed, given roles and passwords, let in by a link that works once.

Kept beside the conversations. Knows nothing of sessions' cookies or pages.
"""

from __future__ import annotations

import hashlib
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chatbot.accounts.errors import (
    BadName,
    LastAdmin,
    LinkUsed,
    NameTaken,
    NoAdminYet,
    NoSuchPerson,
    NotAdded,
    WrongSignIn,
)
from chatbot.accounts.passwords import a_turn, check_password, hashed, matches, outdated
from chatbot.accounts.roles import LINK_DAYS, Person, Role, roles_in
from chatbot.accounts.throttle import Throttle, counters, on_own_browser
from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import invitations, moment, people, sessions

LONGEST_NAME = 100
FIRST: tuple[Role, ...] = (
    "admin",
    "engineer",
)  # whoever sets Tandem up loses nothing by signing in


def digest(token: str) -> str:
    """Return what is kept of a token: a copy of the database must open nothing."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Accounts:
    """Those who may sign in. Safe for threads and for several processes; each call may raise NotKept."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._throttle = Throttle(file)

    # Reading

    def any(self) -> bool:
        """Say whether anybody can sign in; else whoever sits at this machine may do everything."""
        with self._file.reading() as db:
            return db.execute(sa.select(people.c.id).limit(1)).first() is not None

    def people(self) -> tuple[Person, ...]:
        """Return everybody, by name."""
        with self._file.reading() as db:
            rows = db.execute(sa.select(people).order_by(people.c.key)).all()
        return tuple(person_in(row) for row in rows)

    def person(self, name: str) -> Person:
        """Return somebody by name, in capitals or not. Raises NoSuchPerson."""
        with self._file.reading() as db:
            row = db.execute(sa.select(people).where(people.c.key == _key(name))).first()
        if row is None:
            raise NoSuchPerson(f"Nobody is called '{' '.join(name.split())}'.")
        return person_in(row)

    def by_id(self, person_id: str) -> Person:
        """Return somebody by id. Raises NoSuchPerson."""
        with self._file.reading() as db:
            row = db.execute(sa.select(people).where(people.c.id == person_id)).first()
        if row is None:
            raise NoSuchPerson("There is no such person any more.")
        return person_in(row)

    # Changing

    def add(self, name: str, roles: Sequence[Role], password: str | None = None) -> Person:
        """Add somebody; without a password they need a link, or the team's identity provider.

        Raises BadName, NameTaken, WeakPassword.
        """
        name = _checked(name)
        if password is not None:
            check_password(password, name)
        made = Person(_new_id(), name, tuple(roles), moment(), password is not None)
        kept = "" if password is None else hashed(password)
        self._file.write(lambda db: _insert(db, made, kept))
        return made

    def check_new(self, name: str, roles: Sequence[Role]) -> None:
        """Raise what ``add`` would, before anybody has thought of a password: BadName, NameTaken, LastAdmin."""
        with self._file.reading() as db:
            _check_new(db, _checked(name), roles)

    def remove(self, person_id: str) -> None:
        """Take somebody's access away, at once; what they asked stays. Raises NoSuchPerson, LastAdmin."""

        def write(db: sa.Connection) -> None:
            _keep_an_admin(db, person_id, ())
            db.execute(sessions.delete().where(sessions.c.person == person_id))
            db.execute(invitations.delete().where(invitations.c.person == person_id))
            _changed(db.execute(people.delete().where(people.c.id == person_id)))

        self._file.write(write)

    def set_roles(self, person_id: str, roles: Sequence[Role]) -> None:
        """Give somebody these roles instead of theirs. Raises NoSuchPerson, LastAdmin."""

        def write(db: sa.Connection) -> None:
            _keep_an_admin(db, person_id, roles)
            change = people.update().where(people.c.id == person_id)
            _changed(db.execute(change.values(roles=" ".join(roles))))

        self._file.write(write)

    def set_password(self, person_id: str, password: str) -> None:
        """Give somebody a password; they are signed out everywhere, and a link works no more. Raises NoSuchPerson, WeakPassword."""
        check_password(password, self.by_id(person_id).name)
        kept = hashed(password)

        def write(db: sa.Connection) -> None:
            _set_password(db, person_id, kept)

        self._file.write(write)

    def change_password(self, person_id: str, old: str, new: str, address: str) -> None:
        """Let somebody replace their own password. Raises WrongSignIn, TooManyTries, WeakPassword."""
        self.check(self.by_id(person_id).name, old, address)
        self.set_password(person_id, new)

    # Signing in

    def check(self, name: str, password: str, address: str, known: str = "") -> Person:
        """Return who signs in with this name and password from this address.

        ``known`` is the id of who has signed in before in the same browser, "" for nobody: their tries count apart.

        Raises WrongSignIn, TooManyTries, SignInBusy.
        """
        with a_turn():
            return self._checked_in(name, password, address, known)

    def _checked_in(self, name: str, password: str, address: str, known: str) -> Person:
        with self._file.reading() as db:
            row = db.execute(sa.select(people).where(people.c.key == _key(name))).first()
        if row is not None and row.id == known:
            counted = on_own_browser(row.id)
        else:
            counted = counters(_key(name)[:LONGEST_NAME], address)
        self._throttle.begin(counted)
        if not matches(row.password if row else "", password) or row is None:
            raise WrongSignIn("This name and password do not belong together.")
        self._throttle.clear(counted[:2])
        self._throttle.take_back(counted[2:])  # the address keeps the others': they may be guesses
        if outdated(row.password):
            better = people.update().where(people.c.id == row.id)
            kept = hashed(password)
            self._file.write(lambda db: db.execute(better.values(password=kept)))
        return person_in(row)

    def by_identity(
        self, issuer: str, subject: str, name: str, *, verified: bool = False, new: bool = True
    ) -> Person:
        """Return whom an identity provider vouches for: known by its id for them, or by name, or new as an agent.

        Somebody who was added by a name that the provider has ``verified`` to be theirs (an e-mail address) is recognised,
        unless they have a password: that name is taken. ``new``: somebody whom nobody has added comes in, too.

        Raises BadName, NameTaken, NotAdded.
        """
        name = _checked(name)
        made = Person(_new_id(), name, ("agent",), moment(), False)
        found: list[Person] = []

        def write(db: sa.Connection) -> None:
            here = (people.c.issuer == issuer, people.c.subject == subject)
            row = db.execute(sa.select(people).where(*here)).first()
            if row is None and verified:
                free = (people.c.key == _key(name), people.c.subject == "", people.c.password == "")
                db.execute(people.update().where(*free).values(issuer=issuer, subject=subject))
                row = db.execute(sa.select(people).where(*here)).first()
            if row is None and not new:
                raise NotAdded("Nobody has added you here.")
            if row is None:
                _insert(db, made, "", issuer, subject)
            else:  # a link that was never used must not give them a password later
                db.execute(invitations.delete().where(invitations.c.person == row.id))
            found.append(person_in(row) if row else made)

        self._file.write(write)
        return found[0]

    # Links that work once

    def first_link(self) -> str:
        """Return the token of a link that makes the first admin; earlier ones work no more."""
        return self._invite("", FIRST)

    def link_for(self, person_id: str) -> str:
        """Return the token of a link with which somebody sets a password; earlier ones work no more. Raises NoSuchPerson."""
        return self._invite(person_id, self.by_id(person_id).roles)

    def invited(self, token: str) -> str:
        """Return the name of whom a link is for, "" for the first admin. Raises LinkUsed."""
        with self._file.reading() as db:
            row = self._invitation(db, token)
        return self.by_id(row.person).name if row.person else ""

    def accept(self, token: str, name: str, password: str) -> Person:
        """Use a link up: somebody has a name, for the first admin, and a password. Raises LinkUsed and as ``add``."""
        known = self.invited(token)
        name = known or _checked(name)
        check_password(password, name)
        with a_turn():
            kept = hashed(password)
        found: list[Person] = []

        def write(db: sa.Connection) -> None:
            row = self._invitation(db, token)
            db.execute(invitations.delete().where(invitations.c.token == digest(token)))
            if row.person:
                _set_password(db, row.person, kept)
                held = db.execute(sa.select(people).where(people.c.id == row.person)).one()
                found.append(person_in(held))
            else:
                found.append(Person(_new_id(), name, roles_in(row.roles), moment()))
                _insert(db, found[0], kept)

        self._file.write(write)
        return found[0]

    def _invite(self, person_id: str, roles: Sequence[Role]) -> str:
        token = secrets.token_urlsafe(32)
        until = moment(-timedelta(days=LINK_DAYS))

        def write(db: sa.Connection) -> None:
            db.execute(invitations.delete().where(invitations.c.person == person_id))
            db.execute(
                invitations.insert().values(
                    token=digest(token), person=person_id, roles=" ".join(roles), until=until
                )
            )

        self._file.write(write)
        return token

    def _invitation(self, db: sa.Connection, token: str) -> Any:
        query = sa.select(invitations).where(
            invitations.c.token == digest(token), invitations.c.until > moment()
        )
        row = db.execute(query).first()
        if row is None or (not row.person and db.execute(sa.select(people.c.id)).first()):
            raise LinkUsed("This link has been used, or is too old.")
        return row


def person_in(row: Any) -> Person:
    """Return the person that a row of the table ``people`` is."""
    return Person(row.id, row.name, roles_in(row.roles), row.added, bool(row.password))


def _new_id() -> str:
    return f"p{secrets.token_urlsafe(12)}"


def _key(name: str) -> str:
    """Return a name as it is compared: "ADA " is "ada"."""
    return unicodedata.normalize("NFKC", " ".join(name.split())).casefold()


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or any(
        unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn") for char in name
    ):
        raise BadName("This is no name.")
    return name


def _check_new(db: sa.Connection, name: str, roles: Sequence[Role]) -> None:
    if "admin" not in roles and db.execute(sa.select(people.c.id)).first() is None:
        raise NoAdminYet("The first person has to be an admin.")
    if db.execute(sa.select(people.c.id).where(people.c.key == _key(name))).first():
        raise NameTaken(f"Somebody is called '{name}' already.")


def _insert(
    db: sa.Connection, person: Person, password: str, issuer: str = "", subject: str = ""
) -> None:
    _check_new(db, person.name, person.roles)
    db.execute(
        people.insert().values(
            id=person.id,
            name=person.name,
            key=_key(person.name),
            roles=" ".join(person.roles),
            password=password,
            issuer=issuer,
            subject=subject,
            added=person.added,
        )  # fmt: skip
    )


def _set_password(db: sa.Connection, person_id: str, kept: str) -> None:
    _changed(db.execute(people.update().where(people.c.id == person_id).values(password=kept)))
    db.execute(sessions.delete().where(sessions.c.person == person_id))
    db.execute(invitations.delete().where(invitations.c.person == person_id))


def _changed(result: Any) -> None:
    if not result.rowcount:
        raise NoSuchPerson("There is no such person any more.")


def _keep_an_admin(db: sa.Connection, person_id: str, roles: Sequence[Role]) -> None:
    """Raise LastAdmin when nobody would be left who can sign in and may add people."""
    if "admin" in roles:
        return
    admins = [row for row in db.execute(sa.select(people)) if "admin" in row.roles.split()]
    able = {row.id for row in admins if row.password or row.subject}  # a link may never be used
    if {row.id for row in admins} == {person_id} or able == {person_id}:
        raise LastAdmin("Somebody who can sign in has to stay an admin.")
