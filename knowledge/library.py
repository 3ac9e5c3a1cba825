"""The library of manuals: accept, read, publish, list, describe, remove. Safe to use from many threads.

Knows nothing of questions; reading, splitting and storing are done by the modules it calls.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

from knowledge import store
from knowledge.database import Connections, changed
from knowledge.embed import load_encoder
from knowledge.errors import KnowledgeError, NoSuchManual, ReaderFailed
from knowledge.files import Files
from knowledge.index import open_index
from knowledge.jobs import Jobs
from knowledge.products import product_of
from knowledge.read import Limits, read_file
from knowledge.read.names import shown_name
from knowledge.split import split
from knowledge.types import Counts, Document, Job, Manual, Page, Passage, SectionText

log = logging.getLogger(__name__)

SAMPLES = Path(__file__).parent / "samples"
ENDED = frozenset({"done", "unchanged", "failed", "set aside", "cancelled"})
Progress = Callable[[Job], None]


class _Cancelled(Exception):
    """The user cancelled the job while it was read."""


class Library:
    """Manuals under one data folder. Open it with ``open_library``."""

    def __init__(self, data: Path, *, limits: Limits, max_upload_mb: int, max_waiting: int, index_url: str) -> None:
        self.data, self._limits, self._max_bytes = data, limits, max_upload_mb << 20
        self.connections = Connections(data / "knowledge.db")
        self.index = open_index(index_url, self.connections)
        self._files = Files(data / "files")
        self._jobs = Jobs(self.connections, max_waiting)
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._worker: threading.Thread | None = None

    # Uploads

    def accept(self, stream: BinaryIO, file_name: str, *, name: str = "", product: str = "") -> Job:
        """Keeps an upload on disk and queues it. When this returns, it cannot be lost.

        Raises TooLarge, UnreadableFile (empty), QueueFull, DataFolder.
        """
        shown = shown_name(file_name)
        stored = self._files.keep(stream, shown, self._max_bytes)
        job = self._jobs.accept(stored, shown, name.strip()[:200], product.strip()[:200])
        self._wake.set()
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

    def jobs(self, limit: int = 50) -> tuple[Job, ...]:
        """Jobs to show, newest first."""
        return self._jobs.recent(limit)

    def cancel(self, job_id: int) -> Job:
        return self._jobs.cancel(job_id)

    def dismiss(self, job_id: int) -> None:
        self._jobs.dismiss(job_id)

    def run(self, job_id: int, progress: Progress | None = None) -> Job:
        """Works on one job until it has ended, here or in the process that has claimed it."""
        while (job := self._jobs.job(job_id)).state not in ENDED:
            if claimed := self._jobs.claim(job_id):
                self._work(claimed, progress)
            else:
                time.sleep(0.2)
                if progress:
                    progress(job)
        return job

    def start_worker(self) -> None:
        """Starts the thread that works through the queue; also jobs that a dead process left behind."""
        self._stopping.clear()
        self._worker = threading.Thread(target=self._serve_queue, name="library-worker", daemon=True)
        self._worker.start()

    def stop_worker(self) -> None:
        """Stops the worker; a job in the middle is taken up again by the next start."""
        self._stopping.set()
        self._wake.set()
        if self._worker:
            self._worker.join(timeout=10)

    def _serve_queue(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while not self._stopping.is_set() and (job := self._jobs.claim()):
                    self._work(job, None)
            except Exception:  # the worker must outlive any one job, such as a disk that is full for a while
                log.exception("the upload worker stumbled")
            self._wake.wait(timeout=5)
        self.connections.close()

    def _work(self, job: Job, progress: Progress | None) -> None:
        try:
            manual, fresh = self._read_and_publish(job, progress)
        except _Cancelled:
            return
        except ReaderFailed as error:
            self._jobs.retry(job.id, f"{error} {error.hint}".strip())
        except KnowledgeError as error:
            self._jobs.close(job.id, "failed", f"{error} {error.hint}".strip())
        except Exception:  # an upload may hold anything; the reason goes to the log, the queue goes on
            log.exception("upload %s (%s) failed", job.id, job.file_name)
            text = f"{job.file_name} could not be added: an unexpected fault (see the log, upload {job.id})."
            self._jobs.close(job.id, "failed", text)
        else:
            text = f"Ready: {manual.passages:,} passages" if fresh else f"Already there as '{manual.name}'"
            self._jobs.close(job.id, "done" if fresh else "unchanged", text, manual.id)

    def _read_and_publish(self, job: Job, progress: Progress | None) -> tuple[Manual, bool]:
        """The manual a job has led to, and whether it is new (False: the same bytes were live already)."""
        sha256, name, product = self._jobs.source(job.id)
        same = store.manual_by(self.connections.db, "v.state = 'live' AND v.sha256 = ?", sha256)
        if same is not None:
            return (self.describe(same.id, name or None, product or None) if name or product else same), False
        document = self._read(job, self._files.path(sha256), progress)
        self._jobs.tell(job.id, "indexing", "Indexing", (len(document.pages), len(document.pages)))
        if progress:
            progress(self._jobs.job(job.id))
        parts = split(document)
        title = name or document.title
        hashes = frozenset(draft.hash for draft in parts[1])
        found, title = store.target_manual(self.connections.db, title, job.file_name, hashes)
        if not self._jobs.beat(job.id):
            raise _Cancelled
        publisher = store.Publisher(self.connections, self.index, load_encoder())
        return publisher.publish(
            document, parts, manual=found, name=title, product=product or document.product or product_of(title),
            file_name=job.file_name, sha256=sha256, named=bool(name or product),
        ), True  # fmt: skip

    def _read(self, job: Job, path: Path, progress: Progress | None) -> Document:
        told = 0.0

        def read_pages(done: int, total: int) -> None:
            nonlocal told
            if time.monotonic() - told < 0.2 and done < total:
                return
            told = time.monotonic()
            message = f"Reading page {done} of {total}"
            self._jobs.tell(job.id, "reading", message, (done, total))
            if progress:
                progress(replace(job, message=message, done=done, total=total))

        beaten = time.monotonic()

        def cancelled() -> bool:
            nonlocal beaten
            if time.monotonic() - beaten < 1:
                return False
            beaten = time.monotonic()
            return self._stopping.is_set() or not self._jobs.beat(job.id)

        document = read_file(path, job.file_name, self._limits, read_pages, cancelled)
        if not self._jobs.beat(job.id):
            raise _Cancelled
        return document

    # Manuals

    def manuals(self) -> tuple[Manual, ...]:
        """The manuals that are searched, by name."""
        return store.live_manuals(self.connections.db)

    def manual(self, manual_id: str) -> Manual:
        """A manual in its live version, or its newest. Raises NoSuchManual."""
        found = store.manual_by(self.connections.db, "m.id = ?", manual_id)
        if found is None:
            raise NoSuchManual(f"There is no manual '{manual_id}'.")
        return found

    def version(self, version_id: int) -> Manual:
        """A manual in a given version, live or not. Raises NoSuchManual."""
        return store.version(self.connections.db, version_id)

    def describe(self, manual_id: str, name: str | None = None, product: str | None = None) -> Manual:
        """Sets a manual's name, product or both. Raises NoSuchManual, KnowledgeError (empty or taken name)."""
        held = self.manual(manual_id)
        name = held.name if name is None else " ".join(name.split())[:200]
        product = held.product if product is None else " ".join(product.split())[:200]
        if not name:
            raise KnowledgeError("A manual needs a name.")
        other = store.manual_by(self.connections.db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", name)
        if other is not None and other.id != manual_id:
            raise KnowledgeError(f"Another manual is called '{name}' already.")
        with self.connections.writing() as db:
            db.execute("UPDATE manuals SET name = ?, product = ?, named = 1 WHERE id = ?", [name, product, manual_id])
            changed(db)
        return self.manual(manual_id)

    def remove(self, manual_id: str) -> Manual:
        """Takes a manual out of search; what was cited from it stays readable. Raises NoSuchManual."""
        held = self.manual(manual_id)
        if held.state == "removed":
            raise NoSuchManual(f"'{held.name}' was removed before.")
        store.remove_manual(self.connections, self.index, manual_id)
        return held

    def products(self) -> tuple[str, ...]:
        """The products of the live manuals, by name."""
        return tuple(sorted({manual.product for manual in self.manuals() if manual.product}, key=str.casefold))

    def counts(self) -> Counts:
        """Figures for the status line."""
        row = self.connections.db.execute(
            "SELECT count(*), coalesce(sum(passages), 0) FROM versions WHERE state = 'live'"
        ).fetchone()
        return Counts(row[0], row[1], *self._jobs.counts())

    # Text

    def page(self, version_id: int, number: int) -> Page:
        """A stored page. Raises NoSuchPage."""
        return store.page(self.connections.db, version_id, number)

    def section(self, version_id: int, page: int, start: int) -> SectionText:
        """The section round a position, cut to its page. Raises NoSuchPage."""
        return store.section_text(self.connections.db, version_id, page, start)

    def section_passages(self, passage_id: int) -> tuple[Passage, ...]:
        """The passages of the section that holds this one, in reading order."""
        return store.section_passages(self.connections.db, passage_id)

    def file(self, version_id: int) -> Path:
        """The stored bytes of a version. Raises NoSuchManual."""
        return self._files.path(self.version(version_id).sha256)

    def close(self) -> None:
        """Stops the worker and closes this thread's connection."""
        self.stop_worker()
        self.connections.close()


def open_library(
    data: Path, *, limits: Limits | None = None, max_upload_mb: int = 200, max_waiting: int = 200, index_url: str = "sqlite:"
) -> Library:
    """Opens, or makes, the library under a data folder (mode 0700). Raises DataFolder, KnowledgeError."""
    return Library(
        data, limits=limits or Limits(), max_upload_mb=max_upload_mb, max_waiting=max_waiting, index_url=index_url
    )
