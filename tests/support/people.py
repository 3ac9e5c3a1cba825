"""Lets people into a running server: made in its database, signed in with a session or through its page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import httpx

from chatbot.accounts.accounts import Accounts
from chatbot.accounts.roles import Person, Role
from chatbot.accounts.sessions import Sessions
from chatbot.conversations.journal_file import JournalFile, open_file
from tests.support.serving import Site

PASSWORD = "correct horse battery"


class Team:
    """The people of a site, as another process changes them."""

    def __init__(self, file: JournalFile) -> None:
        self.accounts, self.sessions = Accounts(file), Sessions(file, 14)

    def add(self, name: str, *roles: Role, password: str | None = PASSWORD) -> Person:
        """Add somebody."""
        return self.accounts.add(name, roles, password)

    def client(self, site: Site, person: Person | None) -> httpx.Client:
        """A browser in which somebody is signed in; None: nobody is."""
        made = httpx.Client(base_url=site.url, timeout=180)
        if person is not None:
            token = self.sessions.begin(person.id, "a test", "127.0.0.1")
            made.cookies.set("tandem_session", token)
        return made


@contextmanager
def team_of(site: Site) -> Iterator[Team]:
    """Open the people of a running server beside it."""
    file = open_file(site.data / "journal.db")
    try:
        yield Team(file)
    finally:
        file.close()


def sign_in(
    client: httpx.Client, name: str, password: str = PASSWORD, goal: str = "/"
) -> httpx.Response:
    """Sign in through the page, as a browser without scripts."""
    form = {"name": name, "password": password, "next": goal}
    return client.post("/sign-in", data=form)


def statuses(client: httpx.Client, addresses: Sequence[str]) -> list[int]:
    """What each of these addresses answers."""
    return [client.get(address).status_code for address in addresses]
