"""The command on people: users add, list, role, password, export, erase, remove."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chatbot.accounts.errors import AccountError, WeakPassword
from chatbot.accounts.roles import LINK_DAYS, Person, Role
from chatbot.settings import names_in
from ui.cli.session import assistant_for, note, printable, show

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


def users(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    try:
        return _COMMANDS[args.action or "list"](args, assistant)
    finally:
        assistant.close()


def _list(args: argparse.Namespace, assistant: Assistant) -> int:
    everybody = assistant.accounts.people()
    lines = [
        f"{person.name}  {', '.join(person.roles)}{'' if person.password else '  (no password yet)'}"
        for person in everybody
    ]
    nobody = "Nobody has an account. Whoever opens the pages on this machine may do everything."
    show(args, {"users": [_told(person) for person in everybody]}, "\n".join(lines) or nobody)
    return 0


def _add(args: argparse.Namespace, assistant: Assistant) -> int:
    accounts = assistant.accounts
    roles: list[Role] = args.role or ["agent"]
    if args.link:
        made = accounts.add(args.name, roles)
        note(args, "person.added", f"{made.name}: {', '.join(made.roles)}")
        return _with_link(args, assistant, made)
    accounts.check_new(args.name, roles)
    made = accounts.add(args.name, roles, asked_password())
    note(args, "person.added", f"{made.name}: {', '.join(made.roles)}")
    show(args, _told(made), f"{made.name} can sign in as {', '.join(made.roles)}.")
    return 0


def _password(args: argparse.Namespace, assistant: Assistant) -> int:
    accounts = assistant.accounts
    person = accounts.person(args.name)
    if args.link:
        return _with_link(args, assistant, person)
    accounts.set_password(person.id, asked_password())
    note(args, "password", person.name)
    show(args, _told(person), f"{person.name} has a new password, and is signed out everywhere.")
    return 0


def _role(args: argparse.Namespace, assistant: Assistant) -> int:
    if not args.role:
        raise AccountError("users role needs --role agent, admin or engineer; it may be repeated.")
    accounts = assistant.accounts
    accounts.set_roles(accounts.person(args.name).id, args.role)
    person = accounts.person(args.name)
    note(args, "person.roles", f"{person.name}: {', '.join(person.roles)}")
    show(args, _told(person), f"{person.name} is {', '.join(person.roles)} now.")
    return 0


def _export(args: argparse.Namespace, assistant: Assistant) -> int:
    from chatbot.accounts.personal_data import kept_of

    person = assistant.accounts.person(args.name)
    for row in kept_of(assistant.journal.file, person.id):
        print(json.dumps(asdict(row), ensure_ascii=False))
    note(args, "person.exported", person.name)
    return 0


def _erase(args: argparse.Namespace, assistant: Assistant) -> int:
    person = assistant.accounts.person(args.name)
    told = _erased(args, assistant, person)
    show(args, _told(person), f"{told} {person.name} can still sign in.")
    return 0


def _erased(args: argparse.Namespace, assistant: Assistant, person: Person) -> str:
    from chatbot.accounts.personal_data import erase

    erased = erase(assistant.journal.file, person.id)
    note(args, "person.erased", person.name)
    what = "1 conversation is" if erased == 1 else f"{erased:,} conversations are"
    return f"{what} erased."


def _remove(args: argparse.Namespace, assistant: Assistant) -> int:
    accounts = assistant.accounts
    person = accounts.person(args.name)
    accounts.remove(person.id)
    told = _erased(args, assistant, person) if args.erase else ""
    note(args, "person.removed", person.name)
    show(args, _told(person), f"{person.name} cannot sign in any more. {told}".rstrip())
    return 0


_COMMANDS = {
    "list": _list,
    "add": _add,
    "password": _password,
    "role": _role,
    "export": _export,
    "erase": _erase,
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


def _with_link(args: argparse.Namespace, assistant: Assistant, person: Person) -> int:
    from ui.app import page_address, served_at

    settings = assistant.settings
    name = next(iter(names_in(settings.hosts)), "")
    served = served_at(settings.folder)
    if name and settings.proxies:  # which speaks TLS
        base = f"https://{name}"
    elif name:
        base = page_address(name, urlsplit(served).port or settings.port)
    else:
        base = served or page_address(settings.host, settings.port)
    link = link_text(base, assistant.accounts.link_for(person.id))
    note(args, "person.link", person.name)
    told = f"{person.name} chooses a password at {link} (once, within {LINK_DAYS} days)."
    show(args, {**_told(person), "link": link}, printable(told))
    return 0


def _told(person: Person) -> dict[str, object]:
    return {"name": person.name, "roles": list(person.roles), "password": person.password}
