"""Ports that stay free: no outgoing connection of any program is ever given one of them."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

LOW, HIGH = 20_000, 32_000  # below those that Linux gives to connections that go out


def free_port(*beside: int) -> int:
    """A port of this machine where nobody listens now, and so are the ones that many ``beside`` it."""
    while True:
        port = random.randrange(LOW, HIGH)
        if all(_is_free(port + step) for step in (0, *beside)):
            return port


def _is_free(port: int) -> bool:
    with suppress(OSError), socket.create_server(("127.0.0.1", port)):
        return True
    return False
