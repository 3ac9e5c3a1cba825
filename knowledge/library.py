"""The write side of the library: accept, read, publish, describe, remove. Safe to use from many threads.

A facade: files, jobs, reading and storing are done by the modules it calls. Knows nothing of questions.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import knowledge.storage.rows as rows
from knowledge.catalog import Catalog
from knowledge.errors import KnowledgeError, NoSuchManual
from knowledge.ingestion.jobs import Jobs, UploadOptions
from knowledge.ingestion.meanings import MeaningProgress, fill_all, meanings_held
from knowledge.ingestion.older import tell_languages
from knowledge.ingestion.worker import Ingest, Progress
from knowledge.parsing import Limits
from knowledge.parsing.titles import shown_name
from knowledge.search.indexes import open_index
from knowledge.storage.synonyms import set_synonym
from knowledge.storage.watched import (
    FolderCondition,
    WatchedFile,
    WatchedFolder,
    folders,
    keep,
    keep_folder,
    taken,
)
from knowledge.types import Job, Manual, MeaningsHeld
from knowledge.versions import publishing
from knowledge.versions.belonging import Belonging, free_name, move
from knowledge.versions.drafts import DraftRule, draft_rule, set_draft_rule
from knowledge.versions.reindexing import IndexProgress, Reindexed, reindex

SAMPLES = Path(__file__).parent / "ingestion" / "samples"


def _line(text: str) -> str:
    """What a person typed, as one line of at most 200 characters without control characters."""
    seen = "".join(
        char
        for char in text.encode("utf-8", "replace").decode()
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    return " ".join(seen.split())[:200]


class Library(Catalog):
    """Manuals under one data folder. Open it with ``open_library``."""

    def __init__(
        self, data: Path, *, limits: Limits, max_upload_mb: int, max_waiting: int, index_url: str
    ) -> None:
        super().__init__(data)
        self._max_bytes = max_upload_mb << 20
        self.index = open_index(index_url, self.connections)
        self._jobs = Jobs(self.connections, max_waiting)
        self._ingest = Ingest(self.connections, self.index, self.stored_files, self._jobs, limits)

    # Uploads

    def accept(
        self,
        stream: BinaryIO,
        file_name: str,
        *,
        name: str = "",
        product: str = "",
        draft: bool | None = False,
        source: str = "",
        by: str = "",
    ) -> Job:
        """Keeps an upload on disk and queues it. When this returns, it cannot be lost.

        With ``draft`` None a new version of a manual waits to be published where the rule of its product says so.
        ``source`` is the folder that the file lies in, where that is known: the same name there is the same manual.
        ``by`` is the id of who sends it, "" where that is nobody's account.

        Raises TooLarge, UnreadableFile (empty), QueueFull, DataFolder.
        """
        shown = shown_name(file_name)
        self.connections.place.check()
        self._jobs.refuse_when_full(shown)
        with self.stored_files.received(stream, shown, self._max_bytes) as (stored, settle):
            options = UploadOptions(_line(name), _line(product), draft, source, by)
            job = self._jobs.accept(stored, shown, options, settle)
        self._ingest.wake()
        return job

    def add_samples(self) -> tuple[Job, ...]:
        """Queues the sample manuals that come with Tandem."""
        jobs = []
        for path in sorted(SAMPLES.glob("*.pdf")) + sorted(SAMPLES.glob("*.md")):
            with path.open("rb") as stream:
                jobs.append(self.accept(stream, path.name))
        return tuple(jobs)

    def job(self, job_id: int) -> Job:
        return self._jobs.job(job_id)

    def parts(self, job_id: int) -> tuple[Job, ...]:
        """Jobs on the files of an archive that was uploaded, in their order; none of another upload."""
        return self._jobs.parts(job_id)

    def jobs(self, limit: int = 50) -> tuple[Job, ...]:
        """Jobs to show, newest first."""
        return self._jobs.recent(limit)

    def cancel(self, job_id: int) -> Job:
        return self._jobs.cancel(job_id)

    def settle(self, job_id: int, same: bool) -> Job:
        """Says of a file in doubt that it is a version of the manual in question, or (False) a manual of its own.

        Raises KnowledgeError when there is nothing to decide any more, NoSuchManual when a manual was removed.
        """
        return self._ingest.settle(job_id, same)

    def dismiss(self, job_id: int) -> None:
        self._jobs.dismiss(job_id)

    def dismiss_ended(self) -> None:
        """Takes every ended upload off the list, but those of which a person is asked something."""
        self._jobs.dismiss_ended()

    def try_again(self, job_id: int) -> Job:
        """Queues an upload again that could not be read. Raises KnowledgeError for another one, UploadQueueFull."""
        job = self._jobs.try_again(job_id)
        self._ingest.wake()
        return job

    def run(self, job_id: int, progress: Progress | None = None) -> Job:
        """Works on one job until it has ended, here or in the process that has claimed it."""
        return self._ingest.run(job_id, progress)

    def start_worker(self) -> None:
        """Starts the thread that works through the queue; also jobs that a dead process left behind."""
        self._ingest.start()

    def stop_worker(self) -> None:
        """Stops the worker; a job in the middle is taken up again by the next start."""
        self._ingest.stop()

    def filling(self) -> MeaningsHeld | None:
        """How many passages have the vector of their meaning, while this process makes those missing; else None."""
        return self._ingest.filling()

    # Manuals

    def describe(
        self,
        manual_id: str,
        name: str | None = None,
        product: str | None = None,
        other_names: Sequence[str] | None = None,
    ) -> Manual:
        """Sets a manual's name, its product, and what else customers call that product; None leaves a thing as it is.

        Raises NoSuchManual, KnowledgeError (a name that is empty or taken; other names without a product).
        """
        held = self.manual(manual_id)
        name = held.name if name is None else _line(name)
        if not name:
            raise KnowledgeError("A manual needs a name.")
        product = held.product if product is None else _line(product)
        others = None if other_names is None else [_line(each) for each in other_names]
        publishing.describe(self.connections, manual_id, name, product, others)
        return self.manual(manual_id)

    def add_synonym(self, word: str, means: str) -> None:
        """Lets a customers' word find what the manuals call something. Raises KnowledgeError for an empty or equal pair."""
        names = {name.casefold() for name in (*self.products(), *self.other_names())}
        for text in (_line(word), _line(means)):
            if text.casefold() in names:
                raise KnowledgeError(
                    f"'{text}' is a product. Give it other names in the list of manuals."
                )
        set_synonym(self.connections, _line(word), _line(means), True)

    def remove_synonym(self, word: str, means: str) -> None:
        """Takes a synonym back; nothing where there is none."""
        set_synonym(self.connections, _line(word), _line(means), False)

    def remove(self, manual_id: str) -> Manual:
        """Takes a manual out of search; what was cited from it stays readable. Raises NoSuchManual."""
        held = self.manual(manual_id)
        if held.state == "removed":
            raise NoSuchManual(f"'{held.name}' was removed before.")
        publishing.remove_manual(self.connections, self.index, manual_id)
        return held

    def restore(self, which: str) -> Manual:
        """Makes a removed manual searched again as it was. ``which``: its id or name; of several the one removed last.

        Raises NoSuchManual, KnowledgeError (another manual has its name now), SearchServerFault.
        """
        wanted = which.casefold()
        held = next(
            (m for m in self.removed() if which == m.id or wanted == m.name.casefold()), None
        )
        if held is None:
            raise NoSuchManual(f"There is no removed manual '{_line(which)}'.")
        if publishing.restore(self.connections, held.id):
            return self.manual(held.id)
        return self.publish(held.version_id)

    def publish(self, version_id: int) -> Manual:
        """Makes a stored version the searched one. Raises NoSuchManual, SearchServerFault."""
        publishing.publish(self.connections, self.index, version_id)
        return self.version(version_id)

    def move(self, version_id: int, to: Belonging) -> Manual:
        """Makes a version that is searched, or waits, one of another manual, or a manual of its own; see ``belonging.move``.

        Raises NoSuchManual, KnowledgeError, SearchServerFault.
        """
        to = replace(to, name=_line(to.name), product=_line(to.product))
        asked = (self._ingest.waits, self._jobs.version_moved)
        return move(self.connections, self.index, version_id, to, asked)

    def name_for(self, version_id: int) -> str:
        """A name that no manual has, for a version that becomes a manual of its own. Raises NoSuchManual."""
        self.version(version_id)
        return free_name(self.connections.db, version_id)

    def discard(self, version_id: int) -> Manual:
        """Takes a draft off the list; ``keep_draft`` brings it back. Raises NoSuchManual, KnowledgeError."""
        publishing.discard(self.connections, version_id)
        return self.version(version_id)

    def keep_draft(self, version_id: int) -> Manual:
        """Makes a discarded draft one again. Raises NoSuchManual, KnowledgeError."""
        publishing.discard(self.connections, version_id, back=True)
        return self.version(version_id)

    def hold_back(self, in_use: Callable[[Manual], bool]) -> None:
        """Says who knows whether anything rests on a manual: by the rule "used" its new versions wait then."""
        self._ingest.in_use = in_use

    def draft_rule(self, product: str) -> DraftRule:
        """Which new versions of the manuals of a product wait as drafts."""
        return draft_rule(self.connections.db, product)

    def set_draft_rule(self, product: str, rule: str) -> None:
        """Sets which new versions of the manuals of a product wait. Raises KnowledgeError."""
        set_draft_rule(self.connections, product, rule)

    def roll_back(self, manual_id: str) -> Manual:
        """Makes the version before the live one live again. Raises NoSuchManual."""
        held = self.manual(manual_id)
        before = rows.previous(self.connections.db, held)
        if before is None:
            raise NoSuchManual(f"'{held.name}' has no version before version {held.version}.")
        return self.publish(before.version_id)

    # Watched folders

    def watched(self, folder: str) -> dict[tuple[str, str], str]:
        """What was taken in from a folder and those in it: the SHA-256 by folder and name."""
        return taken(self.connections, folder)

    def set_watched(self, file: WatchedFile) -> None:
        """Keeps what was taken in of a file; without a hash, that it is gone."""
        keep(self.connections, file)

    def watched_folders(self) -> tuple[WatchedFolder, ...]:
        """What every folder that was ever watched was like when it was last looked at."""
        return folders(self.connections)

    def set_watched_folder(
        self, folder: str, state: FolderCondition, manuals: int, faults: Sequence[str]
    ) -> None:
        """Keeps what a watched folder is like at this moment."""
        keep_folder(self.connections, folder, state, manuals, tuple(faults))

    def on_its_way(self, source: str) -> bool:
        """Say whether a file of this folder is being read, or waits for it."""
        return self._jobs.on_its_way(source)

    def files_of(self, manual_id: str) -> frozenset[tuple[str, str]]:
        """The folder and name of the files that the searched version of a manual and its drafts came from."""
        return rows.files_of(self.connections.db, manual_id)

    def from_file(self, source: str, name: str) -> Manual | None:
        """The manual whose searched version came from this file, if any."""
        return rows.live_from(self.connections.db, source, name)

    def reindex(self, progress: IndexProgress | None = None) -> Reindexed:
        """Brings the engine that the settings name to what the library holds; may be stopped and run again.

        Manuals that were read before their language was kept are told theirs first. Raises SearchServerFault.
        """
        while tell_languages(self.connections, self.index):
            pass
        return reindex(self.connections, self.index, progress)

    def fill_meanings(self, progress: MeaningProgress | None = None) -> None:
        """Makes the vectors of passages' meaning that are missing; a server does so by itself when it is idle.

        May be stopped and run again. Raises DataFolder.
        """
        fill_all(self.connections, progress)

    def meanings_held(self) -> MeaningsHeld:
        """How many of the passages that are searched have the vector of their meaning."""
        return meanings_held(self.connections.db)

    def close(self) -> None:
        """Stops the worker and closes this thread's connection."""
        self.stop_worker()
        self.index.close()
        super().close()


def open_library(
    data: Path,
    *,
    limits: Limits | None = None,
    max_upload_mb: int = 200,
    max_waiting: int = 200,
    index_url: str = "sqlite:",
) -> Library:
    """Opens, or makes, the library under a data folder (mode 0700). Raises DataFolder, KnowledgeError."""
    return Library(
        data,
        limits=limits or Limits(),
        max_upload_mb=max_upload_mb,
        max_waiting=max_waiting,
        index_url=index_url,
    )
