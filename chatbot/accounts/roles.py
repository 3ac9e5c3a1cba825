"""Who may do what: the one table. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["agent", "admin", "engineer"]
Right = Literal["ask", "manuals", "people", "models", "trials"]

LINK_DAYS = 7  # for which a link works with which somebody chooses a password
ROLES: tuple[Role, ...] = get_args(Role)
RIGHTS: Mapping[Role, frozenset[Right]] = {
    "agent": frozenset({"ask"}),
    "admin": frozenset({"ask", "manuals", "people", "trials"}),
    "engineer": frozenset({"ask", "models", "trials"}),
}


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in. ``id`` owns their conversations; ``added`` is a moment in UTC, ISO 8601.

    ``password`` says whether they have one; without it they sign in through the team's identity provider or not at all.
    """

    id: str
    name: str
    roles: tuple[Role, ...]
    added: str = ""
    password: bool = True

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do."""
        return rights_of(self.roles)


# Whoever sits at a machine on which nobody has an account yet.
LOCAL = Person("", "", ROLES)


def rights_of(roles: Iterable[Role]) -> frozenset[Right]:
    """Return what somebody with these roles may do."""
    return frozenset().union(*(RIGHTS[role] for role in roles))


def roles_in(text: str) -> tuple[Role, ...]:
    """Return the roles named in a text ("admin engineer"), in the table's order; unknown words are left out."""
    words = set(text.split())
    return tuple(role for role in ROLES if role in words)
