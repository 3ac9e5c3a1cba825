"""Uploaded bytes on disk, named by their SHA-256. Knows no formats and no database."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from knowledge.errors import DataFolder, TooLarge, UnreadableFile

CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class StoredFile:
    """Bytes that are safely on disk: SHA-256 in hex and size in bytes."""

    sha256: str
    size: int


class Files:
    """A folder of files by content. What ``keep`` returned survives a power cut."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise DataFolder(f"The data folder {folder.parent} cannot be used: {error}.") from error

    def path(self, sha256: str) -> Path:
        """Where the bytes with this hash lie, whether they are there or not."""
        return self.folder / sha256[:2] / sha256

    def keep(self, stream: BinaryIO, shown_name: str, max_bytes: int) -> StoredFile:
        """Copies a stream to disk. Raises TooLarge, UnreadableFile (empty), DataFolder (disk full, read-only)."""
        try:
            handle, name = tempfile.mkstemp(dir=self.folder, prefix="upload-")
        except OSError as error:
            raise DataFolder(f"The data folder {self.folder.parent} cannot be written: {error}.") from error
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                stored = _copy(stream, out, shown_name, max_bytes)
                out.flush()
                os.fsync(out.fileno())
            self._settle(temporary, self.path(stored.sha256))
            return stored
        except OSError as error:
            raise DataFolder(f"{shown_name} could not be kept: {error}.") from error
        finally:
            temporary.unlink(missing_ok=True)

    def _settle(self, temporary: Path, final: Path) -> None:
        final.parent.mkdir(mode=0o700, exist_ok=True)
        os.replace(temporary, final)
        if os.name == "posix":
            folder = os.open(final.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def _copy(stream: BinaryIO, out: BinaryIO, shown_name: str, max_bytes: int) -> StoredFile:
    hasher, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > max_bytes:
            raise TooLarge(f"{shown_name} is larger than {max_bytes // CHUNK} MB.")
        hasher.update(chunk)
        out.write(chunk)
    if not size:
        raise UnreadableFile(f"{shown_name} is empty.")
    return StoredFile(hasher.hexdigest(), size)
