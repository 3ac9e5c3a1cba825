"""What was last taken in from watched folders."""

from __future__ import annotations

import os
from dataclasses import dataclass

from knowledge.storage.database import Connections


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A manual in a watched folder: the folder it lies in, the name it goes by, the hash of its bytes as uploaded."""

    source: str
    name: str
    sha256: str


def taken(connections: Connections, folder: str) -> dict[tuple[str, str], str]:
    """The SHA-256 of what was taken in from a folder and those in it, by folder and name."""
    found = connections.db.execute("SELECT source, name, sha256 FROM watched").fetchall()
    inside = folder.rstrip(os.sep) + os.sep
    return {
        (source, name): sha256
        for source, name, sha256 in found
        if source == folder or source.startswith(inside)
    }


def keep(connections: Connections, file: WatchedFile) -> None:
    """Keep what was taken in of a file; without a hash, that it is gone."""
    with connections.writing() as db:
        if file.sha256:
            row = [file.source, file.name, file.sha256]
            db.execute(
                "INSERT OR REPLACE INTO watched (source, name, sha256) VALUES (?, ?, ?)", row
            )
        else:
            db.execute(
                "DELETE FROM watched WHERE source = ? AND name = ?", [file.source, file.name]
            )
