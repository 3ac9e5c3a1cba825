"""A wait after wrong passwords that doubles with each: by person and address, by person, by address. It outlives a restart."""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from chatbot.accounts.errors import TooManyTries
from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import tries

FORGET = 24 * 3600.0  # seconds after the last wrong try, after which it counts no more


@dataclass(frozen=True, slots=True)
class Counter:
    """What is counted, how many wrong tries it allows without a wait, and the longest wait in seconds.

    A whole office may share one address, and a stranger must not be able to lock a person out for long.
    """

    key: str
    free: int
    longest: float

    def wait(self, wrong: int) -> float:
        """Return the seconds to wait after this many wrong tries: 1, 2, 4, … beyond the free ones."""
        return min(self.longest, 2.0 ** min(wrong - self.free, 30)) if wrong >= self.free else 0.0


def counters(person: str, address: str) -> tuple[Counter, ...]:
    """Return what one try to sign in counts for. Addresses that one machine can choose among count as one."""
    address = _network(address)
    return (
        Counter(f"both {address} {person}", 5, 900),
        Counter(f"person {person}", 50, 60),
        Counter(f"address {address}", 30, 300),
    )


def on_own_browser(person: str) -> tuple[Counter, ...]:
    """Return what a try counts for in a browser in which this person (an id) has signed in before: nobody else's tries.

    So a stranger who keeps an address or a name waiting keeps none of those waiting who work there ("device cookies",
    OWASP, Blocking Brute Force Attacks).
    """
    return (Counter(f"browser of {person}", 5, 900),)


def _network(address: str) -> str:
    """Return whose address it is: of IPv6 the /64 that a line is given, of IPv4 written as IPv6 the address itself."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is None:
            return str(ipaddress.ip_network((found, 64), strict=False))
        found = found.ipv4_mapped
    return str(found)


class Throttle:
    """Counts wrong tries in a database. A try counts before it is looked at, so that many at once gain nothing."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def begin(self, counted: Sequence[Counter]) -> None:
        """Count one more try. Raises TooManyTries, and then counts nothing."""

        def write(db: sa.Connection) -> None:
            now = time.time()
            db.execute(tries.delete().where(tries.c.last < now - FORGET))
            rows = db.execute(sa.select(tries).where(tries.c.key.in_([c.key for c in counted])))
            held = {row.key: row for row in rows}
            left = 0.0
            for one in counted:
                if row := held.get(one.key):
                    wait = one.wait(row.wrong)
                    left = max(left, min(wait, row.last + wait - now))  # a clock may be set back
            if left > 0:
                raise TooManyTries(math.ceil(left))
            for one in counted:
                if row := held.get(one.key):
                    change = tries.update().where(tries.c.key == one.key)
                    db.execute(change.values(wrong=row.wrong + 1, last=now))
                else:
                    db.execute(tries.insert().values(key=one.key, wrong=1, last=now))

        self._file.write(write)

    def clear(self, counted: Sequence[Counter]) -> None:
        """Forget the tries: the last one was right."""
        keys = [one.key for one in counted]
        self._file.write(lambda db: db.execute(tries.delete().where(tries.c.key.in_(keys))))

    def take_back(self, counted: Sequence[Counter]) -> None:
        """Count one try less: it was right, and says nothing of the others."""
        less = tries.update().where(
            tries.c.key.in_([one.key for one in counted]), tries.c.wrong > 0
        )
        self._file.write(lambda db: db.execute(less.values(wrong=tries.c.wrong - 1)))
