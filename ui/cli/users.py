"""The command on people: users add, list, role, password, remove."""

from __future__ import annotations

import argparse
import getpass
import sys
from typing import TYPE_CHECKING

from chatbot.accounts.errors import AccountError, WeakPassword
from chatbot.accounts.roles import LINK_DAYS, Person, Role
from ui.cli.session import assistant_for, printable, show

if TYPE_CHECKING:
    from chatbot.accounts.accounts import Accounts
    from chatbot.settings import Settings


def users(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    try:
        return _COMMANDS[args.action or "list"](args, assistant.accounts, assistant.settings)
    finally:
        assistant.close()


def _list(args: argparse.Namespace, accounts: Accounts, _: Settings) -> int:
    everybody = accounts.people()
    lines = [
        f"{person.name}  {', '.join(person.roles)}{'' if person.password else '  (no password yet)'}"
        for person in everybody
    ]
    nobody = "Nobody has an account. Whoever opens the pages on this machine may do everything."
    show(args, {"users": [_told(person) for person in everybody]}, "\n".join(lines) or nobody)
    return 0


def _add(args: argparse.Namespace, accounts: Accounts, settings: Settings) -> int:
    roles: list[Role] = args.role or ["agent"]
    if args.link:
        made = accounts.add(args.name, roles)
        return _with_link(args, accounts, settings, made)
    made = accounts.add(args.name, roles, asked_password())
    show(args, _told(made), f"{made.name} can sign in as {', '.join(made.roles)}.")
    return 0


def _password(args: argparse.Namespace, accounts: Accounts, settings: Settings) -> int:
    person = accounts.person(args.name)
    if args.link:
        return _with_link(args, accounts, settings, person)
    accounts.set_password(person.id, asked_password())
    show(args, _told(person), f"{person.name} has a new password, and is signed out everywhere.")
    return 0


def _role(args: argparse.Namespace, accounts: Accounts, _: Settings) -> int:
    if not args.role:
        raise AccountError("users role needs --role agent, admin or engineer; it may be repeated.")
    accounts.set_roles(accounts.person(args.name).id, args.role)
    person = accounts.person(args.name)
    show(args, _told(person), f"{person.name} is {', '.join(person.roles)} now.")
    return 0


def _remove(args: argparse.Namespace, accounts: Accounts, _: Settings) -> int:
    person = accounts.person(args.name)
    accounts.remove(person.id)
    show(args, _told(person), f"{person.name} cannot sign in any more.")
    return 0


_COMMANDS = {
    "list": _list,
    "add": _add,
    "password": _password,
    "role": _role,
    "remove": _remove,
}


def asked_password() -> str:
    """Return a password: typed twice without being shown, or the first line of the input. Raises WeakPassword."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if password != getpass.getpass("The same again: "):
        raise WeakPassword("The two passwords differ.")
    return password


def link_text(base: str, token: str) -> str:
    """Return the address at which a one-time link opens."""
    return f"{base.rstrip('/')}/welcome/{token}"


def _with_link(
    args: argparse.Namespace, accounts: Accounts, settings: Settings, person: Person
) -> int:
    from ui.app import page_address

    name = settings.hosts.split(",")[0].strip()
    proxied = name and settings.proxies  # which speaks TLS
    base = f"https://{name}" if proxied else page_address(name or settings.host, settings.port)
    link = link_text(base, accounts.link_for(person.id))
    told = f"{person.name} chooses a password at {link} (once, within {LINK_DAYS} days)."
    show(args, {**_told(person), "link": link}, printable(told))
    return 0


def _told(person: Person) -> dict[str, object]:
    return {"name": person.name, "roles": list(person.roles), "password": person.password}
