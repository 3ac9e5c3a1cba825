"""Uploaded bytes on disk, named by their SHA-256. Knows no formats and no database."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import BinaryIO

from knowledge.errors import DataFolder, TooLarge, UnreadableFile
from knowledge.storage.data_folder import reason

CHUNK = 1 << 20
COMING = "upload-"  # how the names of files begin that are still on their way


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are safely on disk: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


class Files:
    """A folder of files by content. What has been settled survives a power cut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolder(
                f"The data folder {folder.parent} cannot be used: {reason(error)}."
            ) from error

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie, whether they are there or not."""
        return self.folder / sha256[:2] / sha256

    @contextmanager
    def received(
        self, stream: BinaryIO, shown_name: str, max_bytes: int
    ) -> Iterator[tuple[StoredFile, Callable[[], None]]]:
        """Copies a stream to disk for the time of the block, and gives what puts it in its place for good.

        Raises TooLarge, UnreadableFile (empty), DataFolder (disk full, read-only).
        """
        temporary, out = self._temporary()
        try:
            with out:
                try:
                    stored = _copy(stream, out, shown_name, max_bytes)
                    out.flush()
                    os.fsync(out.fileno())
                except OSError as error:
                    raise DataFolder(
                        f"{shown_name} could not be stored: {reason(error)}."
                    ) from error
                # The file is held, so that no sweep takes it, until it has its place or the block ends.
                yield stored, partial(self._settle, temporary, self.path(stored.sha256), shown_name)
        finally:
            temporary.unlink(missing_ok=True)

    def _temporary(self) -> tuple[Path, BinaryIO]:
        """A new file that is held; another one where a sweep took it before that."""
        while True:
            try:
                handle, name = tempfile.mkstemp(dir=self.folder, prefix=COMING)
            except OSError as error:
                raise DataFolder(
                    f"The data folder {self.folder.parent} cannot be written: {reason(error)}."
                ) from error
            temporary, out = Path(name), os.fdopen(handle, "wb")
            try:
                _hold(out)
            except OSError as error:  # a file system without locks
                out.close()
                temporary.unlink(missing_ok=True)
                raise DataFolder(
                    f"The data folder {self.folder.parent} cannot be used: {reason(error)}."
                ) from error
            if temporary.exists() or not self.folder.exists():
                return temporary, out
            out.close()

    def _settle(self, temporary: Path, final: Path, shown_name: str) -> None:
        try:
            final.parent.mkdir(mode=0o700, exist_ok=True)
            os.replace(temporary, final)
            if os.name == "posix":
                folder = os.open(final.parent, os.O_RDONLY)
                try:
                    os.fsync(folder)
                finally:
                    os.close(folder)
        except OSError as error:
            raise DataFolder(f"{shown_name} could not be stored: {reason(error)}.") from error

    def sweep(self, wanted: Collection[str]) -> int:
        """Removes what no version or upload needs, and what killed processes left; returns how many files.

        Call it inside a transaction that keeps uploads from being accepted.
        """
        orphans = [
            path
            for path in self.folder.glob("??/*")
            if len(path.name) == 64 and path.name not in wanted
        ]
        for path in orphans:
            with suppress(OSError):  # Windows keeps what somebody has open
                path.unlink()
        return len(orphans) + sum(map(_removed, self.folder.glob(f"{COMING}*")))


def _hold(file: BinaryIO) -> None:
    """Shows other processes that this one still writes a file; a dead process holds nothing."""
    if os.name == "posix":
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)  # a sweep may be looking at it: for a moment


def _removed(path: Path) -> bool:
    """Removes a file on its way that nobody holds, and holds it meanwhile: whoever begins to write it then sees that."""
    try:
        with path.open("rb") as file:
            if os.name == "posix":
                import fcntl

                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        if os.name != "posix":
            path.unlink()  # Windows keeps what somebody has open
    except OSError:
        return False
    return True


def _read(stream: BinaryIO, shown_name: str) -> bytes:
    try:
        return stream.read(CHUNK)
    except OSError as error:  # the file's fault and not the data folder's
        raise UnreadableFile(f"{shown_name} cannot be read: {reason(error)}.") from error


def _copy(stream: BinaryIO, out: BinaryIO, shown_name: str, max_bytes: int) -> StoredFile:
    hasher, size = hashlib.sha256(), 0
    while chunk := _read(stream, shown_name):
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(f"{shown_name} is larger than {max_bytes // CHUNK} MB.")
        hasher.update(chunk)
        out.write(chunk)
    if not size:
        raise UnreadableFile(f"{shown_name} is empty.")
    return StoredFile(hasher.hexdigest(), size)
