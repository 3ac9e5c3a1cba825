"""People, passwords, links that work once, sessions, and the wait after wrong passwords, on a real file."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from chatbot.accounts import throttle
from chatbot.accounts.accounts import Accounts
from chatbot.accounts.errors import (
    AccountError,
    BadName,
    LastAdmin,
    LinkUsed,
    NameTaken,
    NoAdminYet,
    NoSuchPerson,
    NoSuchSession,
    NotAdded,
    SignInBusy,
    TooManyTries,
    WeakPassword,
    WrongSignIn,
)
from chatbot.accounts.passwords import a_turn
from chatbot.accounts.roles import LOCAL, RIGHTS, ROLES, Person
from chatbot.accounts.sessions import Sessions, sessions_in
from chatbot.conversations.journal_file import JournalFile, open_file

GOOD = "correct horse battery"
HOME = "192.0.2.1"


@pytest.fixture
def file(tmp_path: Path) -> Iterator[JournalFile]:
    made = open_file(tmp_path / "journal.db")
    yield made
    made.close()


@pytest.fixture
def accounts(file: JournalFile) -> Accounts:
    return Accounts(file)


@pytest.fixture
def sessions(file: JournalFile) -> Sessions:
    return Sessions(file, 14)


@pytest.fixture
def ada(accounts: Accounts) -> Person:
    return accounts.add("Ada", ("admin",), GOOD)


class Clock:
    """Stands in for the clock that waits are counted by."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1_000_000.0
        monkeypatch.setattr(throttle.time, "time", lambda: self.now)


def test_what_each_role_may_do() -> None:
    assert {role: sorted(RIGHTS[role]) for role in ROLES} == {
        "agent": ["ask"],
        "admin": ["ask", "manuals", "people", "trials"],
        "engineer": ["ask", "models", "trials"],
    }
    assert LOCAL.rights == {"ask", "manuals", "models", "people", "trials"}


def test_somebody_is_found_by_name_in_any_case(accounts: Accounts, ada: Person) -> None:
    assert accounts.any() and accounts.people() == (ada,)
    assert accounts.person("  aDA ") == ada
    with pytest.raises(NameTaken):
        accounts.add("ADA", ("agent",), GOOD)
    with pytest.raises(NoSuchPerson):
        accounts.person("Bob")


@pytest.mark.parametrize("name", ["", "   ", "a" * 101, "A\x07da", "Ada\u202e", "Ada\u200b"])
def test_a_name_is_something_one_can_read(accounts: Accounts, name: str) -> None:
    with pytest.raises(BadName):
        accounts.add(name, ("admin",), GOOD)


@pytest.mark.parametrize(
    "password", ["", "short", "a" * 201, "aaaaaaaaaaaa", "Grace Brewster", "grace brewster"]
)
def test_a_password_is_not_easy_to_guess(accounts: Accounts, password: str) -> None:
    with pytest.raises(WeakPassword):
        accounts.add("Grace Brewster", ("admin",), password)
    assert not accounts.any()


def test_the_first_person_is_an_admin_and_one_stays(accounts: Accounts) -> None:
    with pytest.raises(LastAdmin):
        accounts.add("Bob", ("agent",), GOOD)
    ada = accounts.add("Ada", ("admin",), GOOD)
    bob = accounts.add("Bob", ("agent",), GOOD)
    for refused in (
        lambda: accounts.remove(ada.id),
        lambda: accounts.set_roles(ada.id, ("agent", "engineer")),
    ):
        with pytest.raises(LastAdmin):
            refused()
    accounts.set_roles(bob.id, ("agent", "admin"))
    accounts.remove(ada.id)
    assert [(p.name, p.roles) for p in accounts.people()] == [("Bob", ("agent", "admin"))]
    with pytest.raises(NoSuchPerson):
        accounts.set_roles(ada.id, ("admin",))


def test_an_admin_who_cannot_sign_in_yet_is_not_the_one_that_stays(accounts: Accounts) -> None:
    ada = accounts.add("Ada", ("admin",), GOOD)
    cy = accounts.add("Cy", ("admin",))
    for refused in (
        lambda: accounts.remove(ada.id),
        lambda: accounts.set_roles(ada.id, ("agent",)),
    ):
        with pytest.raises(LastAdmin, match="who can sign in"):
            refused()
    accounts.accept(accounts.link_for(cy.id), "", GOOD)
    accounts.remove(ada.id)
    assert [person.name for person in accounts.people()] == ["Cy"]


def test_an_admin_known_to_the_provider_may_stay_the_only_one(accounts: Accounts) -> None:
    ada = accounts.add("Ada", ("admin",), GOOD)
    grace = accounts.by_identity("https://id", "7", "grace@example.com", verified=True)
    accounts.set_roles(grace.id, ("admin",))
    accounts.remove(ada.id)
    assert [person.name for person in accounts.people()] == ["grace@example.com"]


def test_passwords_and_tokens_are_not_in_the_file(
    accounts: Accounts, sessions: Sessions, ada: Person, tmp_path: Path
) -> None:
    token, link = sessions.begin(ada.id, "Firefox", HOME), accounts.link_for(ada.id)
    with sqlite3.connect(tmp_path / "journal.db") as db:
        kept = "\n".join(db.iterdump())
    assert "argon2id" in kept
    assert not [secret for secret in (GOOD, token, link) if secret in kept]


def test_who_signs_in(accounts: Accounts, ada: Person) -> None:
    assert accounts.check("ada", GOOD, HOME) == ada
    for name, password in (("Ada", "wrong horse battery"), ("Eve", GOOD), ("Ada", ""), ("", GOOD)):
        with pytest.raises(WrongSignIn):
            accounts.check(name, password, HOME)
    accounts.add("Cy", ("agent",))  # has no password yet
    with pytest.raises(WrongSignIn):
        accounts.check("Cy", "", HOME)


def test_the_same_letters_typed_another_way_are_the_same_password(accounts: Accounts) -> None:
    accounts.add("Zoë", ("admin",), "caf\u00e9 au lait noir")
    assert accounts.check("Zoe\u0308", "cafe\u0301 au lait noir", HOME).name == "Zoë"


def test_wrong_passwords_cost_a_wait_that_doubles(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    waits = []
    for _ in range(9):
        try:
            accounts.check("Ada", "wrong horse battery", HOME)
        except TooManyTries as error:
            waits.append(error.seconds)
            with pytest.raises(TooManyTries):  # the right one is not looked at either
                accounts.check("Ada", GOOD, HOME)
            clock.now += error.seconds
            with pytest.raises(WrongSignIn):
                accounts.check("Ada", "wrong horse battery", HOME)
        except WrongSignIn:
            pass
    assert waits == [1, 2, 4, 8]
    assert accounts.check("ada", GOOD, "198.51.100.7") == ada  # from elsewhere she gets in
    clock.now += 3600
    assert accounts.check("Ada", GOOD, HOME) == ada
    with pytest.raises(WrongSignIn):  # and begins anew
        accounts.check("Ada", "wrong horse battery", HOME)


def test_a_clock_set_back_locks_nobody_out(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            accounts.check("Ada", "wrong horse battery", HOME)
    clock.now -= 10 * 365 * 24 * 3600
    with pytest.raises(TooManyTries) as caught:
        accounts.check("Ada", GOOD, HOME)
    assert caught.value.seconds <= 2


def test_a_stranger_keeps_nobody_waiting_in_their_own_browser(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    for i in range(60):
        with suppress(WrongSignIn, TooManyTries):
            accounts.check("Ada" if i % 2 else f"name {i}", "wrong horse battery", HOME)
    with pytest.raises(TooManyTries):
        accounts.check("Ada", GOOD, HOME)
    assert accounts.check("Ada", GOOD, HOME, ada.id) == ada
    with pytest.raises(TooManyTries):
        accounts.check("Ada", GOOD, HOME, "somebody else's id")


def test_who_guesses_in_somebodys_browser_waits_too(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            accounts.check("Ada", "wrong horse battery", HOME, ada.id)
    with pytest.raises(TooManyTries):
        accounts.check("Ada", GOOD, HOME, ada.id)


def test_one_address_that_guesses_many_names_waits_too(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    for i in range(30):
        with pytest.raises(WrongSignIn):
            accounts.check(f"name {i}", "wrong horse battery", HOME)
    with pytest.raises(TooManyTries):
        accounts.check("Ada", GOOD, HOME)


def test_many_guesses_at_once_are_counted_before_they_are_looked_at(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    told: list[type[AccountError]] = []

    def guess() -> None:
        try:
            accounts.check("Ada", "wrong horse battery", HOME)
        except AccountError as error:
            told.append(type(error))

    threads = [threading.Thread(target=guess) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 20 and told.count(WrongSignIn) <= 5


def test_an_office_that_signs_in_from_one_address_is_not_made_to_wait(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)  # stands still
    for _ in range(40):
        assert accounts.check("Ada", GOOD, HOME) == ada
    told = []
    for i in range(40):  # while guesses from there, at whomever, count as before
        try:
            accounts.check(f"somebody {i}", "wrong horse battery", HOME)
        except AccountError as error:
            told.append(type(error))
    assert told.count(WrongSignIn) == 30


@pytest.mark.parametrize(
    "form", ["2001:db8::{:x}", "2001:db8:0:0:{:x}::1", "::ffff:192.0.2.1", "2001:DB8::1%eth{}"]
)
def test_another_address_of_the_same_machine_gains_no_tries(
    accounts: Accounts, ada: Person, form: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever has one line with IPv6 has more addresses than could ever be counted."""
    Clock(monkeypatch)  # stands still
    told = []
    for i in range(1, 20):
        try:
            accounts.check("Ada", "wrong horse battery", form.format(i))
        except AccountError as error:
            told.append(type(error))
    assert told.count(WrongSignIn) == 5
    assert accounts.check("Ada", GOOD, "2001:db8:0:1::1") == ada  # the neighbour's line is another


def test_a_link_makes_the_first_admin_once(accounts: Accounts) -> None:
    old = accounts.first_link()
    link = accounts.first_link()
    with pytest.raises(LinkUsed):
        accounts.invited(old)
    assert accounts.invited(link) == ""
    with pytest.raises(WeakPassword):
        accounts.accept(link, "Ada", "short")
    made = accounts.accept(link, "Ada", GOOD)  # a refused try did not use it up
    assert made.roles == ("admin", "engineer")
    for token in (link, accounts.first_link(), "", "x" * 43):
        with pytest.raises(LinkUsed):
            accounts.accept(token, "Eve", GOOD)
    assert [person.name for person in accounts.people()] == ["Ada"]


def test_two_at_once_make_one_admin(accounts: Accounts) -> None:
    link = accounts.first_link()
    made: list[str] = []

    def accept(name: str) -> None:
        with contextlib.suppress(LinkUsed):
            made.append(accounts.accept(link, name, GOOD).name)

    threads = [threading.Thread(target=accept, args=(name,)) for name in ("Ada", "Eve", "Mallory")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and [person.name for person in accounts.people()] == made


def test_a_link_gives_somebody_a_password(
    accounts: Accounts, sessions: Sessions, ada: Person
) -> None:
    bob = accounts.add("Bob", ("agent",))
    link = accounts.link_for(bob.id)
    assert accounts.invited(link) == "Bob"
    assert accounts.accept(link, "somebody else", GOOD).name == "Bob"
    assert accounts.check("Bob", GOOD, HOME).id == bob.id
    token = sessions.begin(bob.id, "Firefox", HOME)
    accounts.accept(accounts.link_for(bob.id), "", "another horse battery")
    assert sessions.person(token) is None  # whoever had the old password is out
    accounts.remove(bob.id)
    with pytest.raises(NoSuchPerson):
        accounts.link_for(bob.id)


def test_a_new_password_ends_the_link_that_would_set_another(
    accounts: Accounts, ada: Person
) -> None:
    """Whoever changes a password because a link went astray is safe from that link."""
    for change in (
        lambda: accounts.set_password(ada.id, "another horse battery"),
        lambda: accounts.change_password(ada.id, "another horse battery", GOOD, HOME),
    ):
        link = accounts.link_for(ada.id)
        change()
        with pytest.raises(LinkUsed):
            accounts.accept(link, "", "the password of a thief")
    assert accounts.check("Ada", GOOD, HOME) == ada


def test_a_link_ends_after_a_week(accounts: Accounts, ada: Person, tmp_path: Path) -> None:
    link = accounts.link_for(ada.id)
    with sqlite3.connect(tmp_path / "journal.db") as db:
        db.execute("UPDATE invitations SET until = '2020-01-01T00:00:00.000000Z'")
    with pytest.raises(LinkUsed):
        accounts.invited(link)


def test_sessions_are_listed_and_ended_by_their_owner(
    accounts: Accounts, sessions: Sessions, ada: Person
) -> None:
    bob = accounts.add("Bob", ("agent",), GOOD)
    first = sessions.begin(ada.id, "Firefox on Linux", HOME)
    second = sessions.begin(ada.id, "Safari on iPhone", "198.51.100.7")
    others = sessions.begin(bob.id, "Edge on Windows", HOME)
    assert sessions.person(first) == ada and sessions.person(others) == bob
    listed = sessions.of(ada.id, first)
    assert {(s.browser, s.address, s.here) for s in listed} == {
        ("Firefox on Linux", HOME, True),
        ("Safari on iPhone", "198.51.100.7", False),
    }
    (foreign,) = sessions.of(bob.id, others)
    with pytest.raises(NoSuchSession):
        sessions.end_one(ada.id, foreign.id)
    sessions.end_one(ada.id, next(s.id for s in listed if not s.here))
    assert sessions.person(second) is None and sessions.person(first) == ada
    third = sessions.begin(ada.id, "Firefox on Linux", HOME)
    sessions.end_others(ada.id, third)
    assert sessions.person(first) is None and sessions.person(third) == ada
    sessions.end(third)
    assert sessions.of(ada.id, third) == () and sessions.person(others) == bob


def test_a_session_that_is_not_used_ends(
    accounts: Accounts, sessions: Sessions, ada: Person, tmp_path: Path
) -> None:
    token = sessions.begin(ada.id, "Firefox", HOME)

    def seen(days: int) -> None:
        with sqlite3.connect(tmp_path / "journal.db") as db:
            change = "UPDATE sessions SET seen = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', ?)"
            db.execute(change, (f"-{days} days",))

    seen(13)
    assert sessions.person(token) == ada  # and now it has been used
    sessions.end("no token")  # written after it
    with sqlite3.connect(tmp_path / "journal.db") as db:
        (last,) = db.execute("SELECT seen FROM sessions").fetchone()
    assert last > sessions.of(ada.id, token)[0].begun
    seen(15)
    assert sessions.person(token) is None and sessions.of(ada.id, token) == ()


def test_roles_and_removal_count_at_once(
    accounts: Accounts, sessions: Sessions, ada: Person
) -> None:
    bob = accounts.add("Bob", ("agent",), GOOD)
    token = sessions.begin(bob.id, "Firefox", HOME)
    accounts.set_roles(bob.id, ("engineer",))
    found = sessions.person(token)
    assert found is not None and found.roles == ("engineer",)
    accounts.remove(bob.id)
    assert sessions.person(token) is None


def test_whom_a_provider_vouches_for(accounts: Accounts, ada: Person) -> None:
    grace = accounts.add("grace@example.com", ("admin",))
    found = accounts.by_identity("https://id", "7", "Grace@example.com", verified=True)
    assert (found.id, found.roles) == (grace.id, ("admin",))
    again = accounts.by_identity("https://id", "7", "new.name@example.com", verified=True)
    assert again.id == grace.id
    new = accounts.by_identity("https://id", "8", "Hedy")
    assert (new.name, new.roles, new.password) == ("Hedy", ("agent",), False)
    # Nobody becomes somebody else by calling themselves so.
    accounts.add("joan@example.com", ("admin",))
    for name, verified in (("Ada", True), ("joan@example.com", False), ("grace@example.com", True)):
        with pytest.raises(NameTaken):
            accounts.by_identity("https://id", "666", name, verified=verified)
    assert accounts.by_identity("https://other", "7", "Iris").id != grace.id


def test_whom_nobody_added_stays_out_where_that_is_set(accounts: Accounts, ada: Person) -> None:
    with pytest.raises(NotAdded):
        accounts.by_identity("https://id", "9", "eve@example.com", verified=True, new=False)
    grace = accounts.add("grace@example.com", ("agent",))
    link = accounts.link_for(grace.id)
    known = accounts.by_identity("https://id", "9", "grace@example.com", verified=True, new=False)
    assert known.id == grace.id
    with pytest.raises(LinkUsed):  # it would give somebody else her password
        accounts.invited(link)


def test_only_a_few_wait_for_a_comparison(
    accounts: Accounts, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever waits holds a thread of the server that an agent's page may need."""
    Clock(monkeypatch)
    with contextlib.ExitStack() as held:
        for _ in range(8):
            held.enter_context(a_turn())
        with pytest.raises(SignInBusy):
            accounts.check("Ada", GOOD, HOME)
    assert accounts.check("Ada", GOOD, HOME) == ada


def test_a_provider_makes_nobody_the_first_person(accounts: Accounts) -> None:
    with pytest.raises(LastAdmin):
        accounts.by_identity("https://id", "7", "grace@example.com", verified=True)
    assert not accounts.any()


def test_a_journal_of_the_last_version_gets_its_people(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    open_file(path).close()
    with sqlite3.connect(path) as db:
        for table in ("sessions", "invitations", "tries", "people"):
            db.execute(f"DROP TABLE {table}")
        db.execute("PRAGMA user_version = 4")
    again = open_file(path)
    assert Accounts(again).add("Ada", ("admin",), GOOD).name == "Ada"
    again.close()


@pytest.mark.parametrize(
    ("seconds", "told"), [(1, "Wait 1 second."), (2, "Wait 2 seconds."), (121, "Wait 3 minutes.")]
)
def test_a_wait_is_told_in_plain_words(seconds: int, told: str) -> None:
    error = TooManyTries(seconds)
    assert str(error).endswith(told)
    assert "a link to choose a new password" in error.hint


def test_a_file_that_is_locked_does_not_gather_notes(
    file: JournalFile, accounts: Accounts, ada: Person, tmp_path: Path
) -> None:
    token = sessions_in(file, 14).begin(ada.id, "Firefox", HOME)
    with sqlite3.connect(tmp_path / "journal.db", isolation_level=None) as db:
        db.execute("UPDATE sessions SET seen = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1 hour')")
        db.execute("BEGIN IMMEDIATE")
        for _ in range(20):
            assert sessions_in(file, 14).person(token) == ada
        assert file._waiting.qsize() <= 1
        db.execute("ROLLBACK")


def test_what_would_be_refused_is_refused_before_a_password_is_asked_for(
    accounts: Accounts,
) -> None:
    with pytest.raises(NoAdminYet):
        accounts.check_new("Bob", ("agent",))
    accounts.check_new("Ada", ("admin",))
    accounts.add("Ada", ("admin",), GOOD)
    with pytest.raises(NameTaken):
        accounts.check_new("ADA", ("agent",))
    with pytest.raises(BadName):
        accounts.check_new(" ", ("agent",))
