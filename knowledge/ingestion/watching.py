"""Folders that the library is kept in step with: what is put there is added, what is changed is a new version, what is
taken away is removed (and can be restored).

By content: a file is taken in again when its bytes differ from those last taken in. Knows nothing of pages or people.
"""

from __future__ import annotations

import hashlib
import logging
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, cast

from knowledge.errors import KnowledgeError, NoSuchManual, UnreadableFile, UploadQueueFull
from knowledge.parsing.formats import SUFFIXES
from knowledge.parsing.web_pages import Group, groups, pack
from knowledge.storage.watched import WatchedFile

if TYPE_CHECKING:
    from knowledge.library import Library

log = logging.getLogger(__name__)
SETTLED = 2.0  # seconds for which a file has not grown, until it is taken for whole
LOOK = 300.0  # seconds between looks without a change: network folders tell of none
RETRY = 30.0  # seconds until a folder that is not there, or a queue that is full, is tried again
Told = Callable[[str, str], None]


class FolderWatch:
    """Keeps a library in step with folders, in a thread of its own.

    ``told`` hears what was done: "uploaded" or "removed", and the name of it.
    """

    def __init__(self, library: Library, folders: Sequence[Path], told: Told) -> None:
        self._library, self._folders, self._told = library, folders, told
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
        self._sizes: dict[Path, tuple[int, int]] = {}

    def start(self) -> None:
        """Look at the folders now, and at each change."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        while not self._stop.is_set():
            wait = LOOK
            for folder in self._folders:
                try:
                    wait = min(wait, self.look(folder))
                except (KnowledgeError, OSError) as error:
                    log.warning("%s could not be looked at: %s", folder, error)
                    wait = min(wait, RETRY)
            self._wait_for_change(wait)

    def _wait_for_change(self, seconds: float) -> None:
        from watchfiles import watch

        there = [folder for folder in self._folders if folder.is_dir()]
        if seconds < LOOK or not there:
            self._stop.wait(seconds)
            return
        changes = watch(
            *there,
            stop_event=self._stop,
            rust_timeout=int(seconds * 1000),
            yield_on_timeout=True,
            raise_interrupt=False,
        )
        try:
            next(changes, None)
        except OSError as error:  # gone between the look and now, or no watches left
            log.warning("changes in the watched folders are not told: %s", error)
            self._stop.wait(RETRY)
        finally:
            changes.close()

    def look(self, folder: Path) -> float:
        """Bring the library to what a folder holds; return in how many seconds to look again.

        A folder that is not there, or holds no manual at all, changes nothing: it may not be mounted.
        """
        if not folder.is_dir():
            log.warning("%s is not there; its manuals stay as they are", folder)
            return RETRY
        paths = [path for path in _manuals_in(folder) if path.is_file()]
        if not paths:
            return LOOK
        if not self._are_whole(paths):
            return SETTLED
        taken = self._library.watched(str(folder.resolve()))
        there: set[tuple[str, str]] = set()
        for group in groups(paths):
            try:
                there.add(self._take_in(group, taken))
            except UploadQueueFull:
                return RETRY
            except (OSError, UnreadableFile) as error:
                log.warning("%s was not taken in: %s", group.paths[0], error)
                there.add(_place(group))
        for source, name in set(taken) - there:
            self._take_out(source, name)
        return LOOK

    def _are_whole(self, paths: Sequence[Path]) -> bool:
        """Say whether no file is being written: each is old, or as it was at the last look."""
        before, self._sizes = self._sizes, {}
        whole, now = True, time.time()
        for path in paths:
            seen = path.stat()
            size = (seen.st_size, seen.st_mtime_ns)
            self._sizes[path] = size
            if now - seen.st_mtime < SETTLED and before.get(path) != size:
                whole = False
        return whole

    def _take_in(self, group: Group, taken: dict[tuple[str, str], str]) -> tuple[str, str]:
        """Add a manual unless these bytes were added before; return where it is."""
        place = source, _ = _place(group)
        with _opened(group) as stream:
            sha256 = hashlib.file_digest(cast(Any, stream), "sha256").hexdigest()
            if taken.get(place) != sha256:
                stream.seek(0)
                self._library.accept(stream, place[1], source=source)
                self._library.set_watched(WatchedFile(*place, sha256))
                self._told("uploaded", place[1])
        return place

    def _take_out(self, source: str, name: str) -> None:
        manual = self._library.from_file(source, name)
        if manual is not None:
            try:
                self._library.remove(manual.id)
                self._told("removed", manual.name)
            except NoSuchManual:
                log.info("%s was removed before", name)
        self._library.set_watched(WatchedFile(source, name, ""))


def _manuals_in(folder: Path) -> list[Path]:
    """The files that may be manuals; what begins with a dot, and Office's lock files, are none."""
    return sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in SUFFIXES
        and not path.name.startswith("~$")
        and not any(part.startswith(".") for part in path.relative_to(folder).parts)
    )


def _place(group: Group) -> tuple[str, str]:
    """Return the folder that a manual lies in, and the name it goes by there."""
    first = group.paths[0].resolve()
    name = first.name if len(group.paths) == 1 else first.parent.name or "pages"
    return str(first.parent), name


@contextmanager
def _opened(group: Group) -> Iterator[BinaryIO]:
    """The bytes of a manual as they are uploaded. Raises OSError."""
    if len(group.paths) == 1:
        with group.paths[0].open("rb") as stream:
            yield stream
        return
    with tempfile.TemporaryFile() as packed:
        pack(group, packed)
        packed.seek(0)
        yield packed
