"""What was last taken in from watched folders, and what these were like."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import Literal, get_args

from knowledge.storage.database import Connections
from knowledge.storage.rows import now

# "changing": a file of it is being written, or read; "full": too many files wait; "fault": it could not be read.
FolderCondition = Literal["in step", "changing", "empty", "missing", "full", "fault"]


@dataclass(frozen=True, slots=True)
class WatchedFile:
    """A manual in a watched folder: the folder it lies in, the name it goes by, the hash of its bytes as uploaded."""

    source: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class WatchedFolder:
    """A watched folder as it was when last looked at (UTC, ISO 8601), with how many manuals lie in it.

    ``faults`` are sentences: why the folder, or a file in it, could not be read.
    """

    folder: str
    looked: str
    state: FolderCondition
    manuals: int
    faults: tuple[str, ...]


def keep_folder(
    connections: Connections,
    folder: str,
    state: FolderCondition,
    manuals: int,
    faults: tuple[str, ...],
) -> None:
    """Keep what a watched folder is like at this moment."""
    with connections.writing() as db:
        db.execute(
            "INSERT OR REPLACE INTO watched_folders VALUES (?, ?, ?, ?, ?)",
            [_shown(folder), now(), state, manuals, json.dumps([_shown(one) for one in faults])],
        )


def _shown(text: str) -> str:
    """A text without what no encoding has: parts of a path that are not in that of the system."""
    return text.encode("utf-8", "replace").decode()


def folders(connections: Connections) -> tuple[WatchedFolder, ...]:
    """Return what is known of every folder that was ever watched."""
    rows = connections.db.execute(
        "SELECT folder, looked, state, manuals, faults FROM watched_folders ORDER BY folder"
    )
    states = {state: state for state in get_args(FolderCondition)}
    return tuple(
        WatchedFolder(folder, looked, states[state], manuals, tuple(json.loads(faults)))
        for folder, looked, state, manuals, faults in rows
    )


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
