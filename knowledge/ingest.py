"""From an accepted upload to a searchable manual: claims jobs, has them read, splits, publishes, tells how far.

Knows nothing of who asked for the upload, nor of questions.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from knowledge import store
from knowledge.database import Connections
from knowledge.embed import load_encoder
from knowledge.errors import Cancelled, KnowledgeError, ReaderFailed
from knowledge.files import Files
from knowledge.index import Index
from knowledge.jobs import Jobs
from knowledge.products import product_of
from knowledge.read import Limits, read_file
from knowledge.split import split
from knowledge.types import Document, Job, Manual

log = logging.getLogger(__name__)

ENDED = frozenset({"done", "unchanged", "failed", "set aside", "cancelled"})
Progress = Callable[[Job], None]


class Ingest:
    """Works on the jobs of one library: one at a time in a thread, or one by name in the foreground."""

    def __init__(self, connections: Connections, index: Index, files: Files, jobs: Jobs, limits: Limits) -> None:
        self._connections, self._index, self._files, self._jobs, self._limits = connections, index, files, jobs, limits
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._worker: threading.Thread | None = None

    def start(self) -> None:
        """Starts the thread that works through the queue; also jobs that a dead process left behind."""
        self._stopping.clear()
        self._worker = threading.Thread(target=self._serve_queue, name="library-worker", daemon=True)
        self._worker.start()

    def stop(self) -> None:
        """Stops the thread; a job in the middle is taken up again by the next start."""
        self._stopping.set()
        self._wake.set()
        if self._worker:
            self._worker.join(timeout=10)

    def wake(self) -> None:
        """Says that there is a new job."""
        self._wake.set()

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

    def _serve_queue(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while not self._stopping.is_set() and (job := self._jobs.claim()):
                    self._work(job, None)
            except Exception:  # the worker must outlive any one job, such as a disk that is full for a while
                log.exception("the upload worker stumbled")
            self._wake.wait(timeout=5)
        self._connections.close()

    def _work(self, job: Job, progress: Progress | None) -> None:
        try:
            manual, fresh = self._read_and_publish(job, progress)
        except Cancelled:
            self._jobs.release(job.id)
        except ReaderFailed as error:
            self._jobs.retry(job.id, f"{error} {error.hint}".strip())
        except KnowledgeError as error:
            self._jobs.close(job.id, "failed", f"{error} {error.hint}".strip())
        except Exception:  # an upload may hold anything; the reason goes to the log, the queue goes on
            log.exception("upload %s (%s) failed", job.id, job.file_name)
            text = f"{job.file_name} could not be added: an unexpected fault (see the log, upload {job.id})."
            self._jobs.close(job.id, "failed", text)
        else:
            text = _ready(manual) if fresh else f"Already there as '{manual.name}'"
            self._jobs.close(job.id, "done" if fresh else "unchanged", text, manual.id)

    def _read_and_publish(self, job: Job, progress: Progress | None) -> tuple[Manual, bool]:
        """The manual a job has led to, and whether it is new (False: the same bytes were live already)."""
        sha256, wish = self._jobs.source(job.id)
        same = store.manual_by(self._connections.db, "v.state = 'live' AND v.sha256 = ?", sha256)
        if same is not None:
            store.describe(self._connections, same.id, wish.name or same.name, wish.product or same.product)
            return self._newest(same.id), False
        document = self._read(job, self._files.path(sha256), progress)
        self._jobs.tell(job.id, "indexing", "Indexing", (len(document.pages), len(document.pages)))
        if progress:
            progress(self._jobs.job(job.id))
        parts = split(document)
        hashes = frozenset(draft.hash for draft in parts[1])
        held, name = store.target_manual(self._connections.db, wish.name, document, job.file_name, hashes)
        guessed = held.product if held else document.product or product_of(document.title)
        if not self._jobs.beat(job.id):
            raise Cancelled(f"{job.file_name} was cancelled.")
        publisher = store.Publisher(self._connections, self._index, load_encoder())
        return publisher.publish(
            document, parts, manual=held, name=name, product=wish.product or guessed, file_name=job.file_name,
            sha256=sha256, draft=wish.draft,
        ), True  # fmt: skip

    def _newest(self, manual_id: str) -> Manual:
        found = store.manual_by(self._connections.db, "m.id = ?", manual_id)
        assert found is not None, "manuals are never deleted"
        return found

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
            raise Cancelled(f"{job.file_name} was cancelled.")
        return document


def _ready(manual: Manual) -> str:
    kept = f"{manual.passages:,} passages" if manual.passages != 1 else "1 passage"
    return f"Draft: {kept}, not yet published" if manual.state == "draft" else f"Ready: {kept}"
