"""Folders that the library is kept in step with: what is put there is added, what is changed is a new version, what is
taken away is removed (and can be restored).

By content: a file is taken in again when its bytes differ from those last taken in. Knows nothing of pages or people.
"""

from __future__ import annotations

import hashlib
import logging
import threading
import time
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from knowledge.errors import KnowledgeError, NoSuchManual, UnreadableFile, UploadQueueFull
from knowledge.parsing.formats import manuals_in
from knowledge.parsing.titles import shown_name
from knowledge.parsing.web_pages import Group, groups
from knowledge.storage.watched import FolderCondition, WatchedFile

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
                    with suppress(KnowledgeError):  # where nothing can be kept, other pages say so
                        self._library.set_watched_folder(str(folder), "fault", 0, [str(error)])
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

        A folder that is not there, or holds no manual at all, changes nothing: it may not be mounted. What it was like is
        kept for the page of the knowledge's health.
        """
        state, manuals, faults = self._looked(folder)
        self._library.set_watched_folder(str(folder), state, manuals, faults)
        return {"missing": RETRY, "full": RETRY, "changing": SETTLED}.get(state, LOOK)

    def _looked(self, folder: Path) -> tuple[FolderCondition, int, list[str]]:
        """Do it; return what the folder is like, how many manuals lie in it, and which could not be taken in."""
        if not folder.is_dir():
            log.warning("%s is not there; its manuals stay as they are", folder)
            return "missing", 0, []
        paths = manuals_in(folder)
        if not paths:
            return "empty", 0, []
        if not self._are_whole(paths):
            return "changing", len(paths), []
        taken = self._library.watched(str(folder.resolve()))
        there = {(group.source, shown_name(group.name)): group for group in groups(paths)}
        faults: list[str] = []
        for place, group in there.items():
            try:
                self._take_in(group, taken.get(place, ""))
            except UploadQueueFull:
                return "full", len(there), faults
            except (OSError, UnreadableFile) as error:
                log.warning("%s was not taken in: %s", group.paths[0], error)
                faults.append(f"{group.paths[0]}: {error}")  # its name may be in no encoding
        held = self._library.watched(str(folder.resolve()))
        left = [
            self._take_out(*place, [one for one in there if held.get(one) == sha256], there.keys())
            for place, sha256 in taken.items()
            if place not in there
        ]
        return "in step" if all(left) else "changing", len(there), faults

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

    def _take_in(self, group: Group, taken: str) -> None:
        """Add a manual unless these bytes were added before: ``taken`` is their SHA-256."""
        with group.opened() as stream:
            sha256 = hashlib.file_digest(cast(Any, stream), "sha256").hexdigest()
            if taken != sha256:
                stream.seek(0)
                self._library.accept(stream, group.name, draft=None, source=group.source)
                name = shown_name(group.name)  # as the library has it
                self._library.set_watched(WatchedFile(group.source, name, sha256))
                self._told("uploaded", name)

    def _take_out(
        self,
        source: str,
        name: str,
        same: Collection[tuple[str, str]],
        there: Collection[tuple[str, str]],
    ) -> bool:
        """Remove the manual of a file that is gone; False while a file of its folder is still being read.

        A manual stays of which another file that is ``there`` is a version, a draft too, or holds the ``same`` bytes: its
        file was renamed.
        """
        if self._library.on_its_way(source):
            return False
        manual = self._library.from_file(source, name)
        renamed = manual is not None and self._library.files_of(manual.id).intersection(there)
        if manual is not None and not renamed and not same:
            try:
                self._library.remove(manual.id)
                self._told("removed", manual.name)
            except NoSuchManual:
                log.info("%s was removed before", name)
        self._library.set_watched(WatchedFile(source, name, ""))
        return True
