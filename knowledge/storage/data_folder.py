"""A database file that has to stay the one that was opened, and what its faults are called in words.

Knows files and SQLite's errors; nothing of what is in a database.
"""

from __future__ import annotations

import os
import shlex
import sqlite3
import stat
import time
from pathlib import Path

from knowledge.errors import DataFolder, LibraryBusy

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


class DatabaseFile:
    """Remembers which file lies at a path. Another one in its place, or none, is not written to."""

    def __init__(self, path: Path) -> None:
        """Raises OSError where there is no file."""
        self.path = path
        self._held = _identity(path)

    def fault(self) -> str:
        """A sentence when the file or its folder is gone or another one, else ""."""
        folder = self.path.parent
        try:
            found = _identity(self.path)
        except OSError:
            what = (
                f"{self.path.name} in the data folder {folder} is gone"
                if folder.is_dir()
                else f"The data folder {folder} is gone"
            )
            return f"{what}: it was deleted, moved or unmounted while Tandem runs. Bring it back and start Tandem again."
        if found != self._held:
            return f"The data folder {folder} was replaced by another one while Tandem runs. Start Tandem again."
        return ""

    def check(self) -> None:
        """Raises DataFolder when the file is not the one that was opened."""
        if sentence := self.fault():
            raise DataFolder(sentence)


def _identity(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_dev, found.st_ino


def make_private(path: Path) -> None:
    """Makes sure that a database file is there, and that its owner alone may read it. Raises OSError."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if os.name == "posix" and os.fstat(handle).st_mode & 0o077:
            os.fchmod(handle, 0o600)
    finally:
        os.close(handle)
    for beside in (path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        if os.name == "posix" and beside.exists() and beside.stat().st_mode & 0o077:
            beside.chmod(0o600)


def write_ahead(connection: sqlite3.Connection, wait: float) -> None:
    """Turns on WAL. SQLite does not wait here when two processes open a new file at once, so this does, ``wait`` seconds.

    Raises sqlite3.OperationalError when the file is held for longer.
    """
    end = time.monotonic() + wait
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in _BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)


def secure(folder: Path) -> None:
    """Makes a data folder, or takes from others what they may do in it.

    Raises DataFolder, with the command that helps, for one that cannot be changed or that holds other things too.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = folder.stat().st_mode
    if os.name != "posix" or not mode & 0o077:
        return
    ours = (folder / "knowledge.db").exists() or not any(folder.iterdir())
    try:
        if not ours or mode & stat.S_ISVTX:
            raise PermissionError
        folder.chmod(0o700)
    except OSError as error:
        made = DataFolder(f"Others can look into the data folder {folder}.")
        made.hint = (
            f"Choose a folder of its own with --data, or run: chmod 700 {shlex.quote(str(folder))}"
        )
        raise made from error


def reason(error: BaseException) -> str:
    """Why SQLite refused, in words that end no sentence: "the disk is full"."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL or getattr(error, "errno", 0) == 28:
        return "the disk is full"
    if code in _BUSY:
        return "another program keeps it locked"
    if code == sqlite3.SQLITE_READONLY:
        return "it may not be written to"
    if code in _DAMAGED:
        return "it is damaged"
    if code == sqlite3.SQLITE_CANTOPEN:
        return "it cannot be opened"
    if code == sqlite3.SQLITE_IOERR:
        return "the disk reports a fault"
    if isinstance(error, FileExistsError | NotADirectoryError):
        return "it is a file and no folder"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror[0].lower() + error.strerror[1:]
    return str(error).rstrip(".") or type(error).__name__


def in_words(error: sqlite3.Error, path: Path) -> DataFolder:
    """A fault of SQLite as one of ours: what is wrong with which file."""
    kind = LibraryBusy if getattr(error, "sqlite_errorcode", 0) & 0xFF in _BUSY else DataFolder
    made = kind(f"{path} cannot be used: {reason(error)}.")
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        made.hint = "Put a backup in its place, or move it away and add the manuals again."
    elif getattr(error, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL:
        made.hint = "Make room on the disk."
    return made
