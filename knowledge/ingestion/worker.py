"""From an accepted upload to a searchable manual: claims jobs, has them read, splits, publishes, tells how far.

Knows nothing of who asked for the upload, nor of questions.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.errors import (
    Cancelled,
    DataFolder,
    KnowledgeError,
    ManualsInside,
    NoSuchManual,
    ReaderFailed,
    SearchServerFault,
)
from knowledge.ingestion.jobs import Jobs, UploadOptions
from knowledge.ingestion.meanings import fill, meanings_held
from knowledge.ingestion.memory import give_back
from knowledge.ingestion.older import tell_languages
from knowledge.ingestion.preparation import PreparedDocument
from knowledge.ingestion.publisher import Parcel, Publisher
from knowledge.ingestion.unpacking import Archive, clear_up, take_apart
from knowledge.parsing import Limits, prepare_file
from knowledge.search.indexes.base import Index
from knowledge.storage.database import Connections, generation
from knowledge.storage.engine import Database
from knowledge.storage.files import Files
from knowledge.storage.rows import manual_by, version
from knowledge.types import Document, Job, JobState, Manual, MeaningsHeld
from knowledge.versions.belonging import told
from knowledge.versions.drafts import draft_rule
from knowledge.versions.identity import Arrival, Decision, decide, named
from knowledge.versions.publishing import bring_back, describe_in, hand_over, stands_at

log = logging.getLogger(__name__)

SOON = 2  # pages by OCR, or conversions, that others wait for; a file with more goes on beside them
ENDED = frozenset({"done", "unchanged", "failed", "set aside", "cancelled"})
Progress = Callable[[Job], None]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a job has led to; ``fresh`` is False where the same bytes were searched already. ``doubt`` is as in Job.

    ``manual`` is None for an archive, which holds several.
    """

    manual: Manual | None
    fresh: bool
    message: str
    doubt: str = ""


class _TakesLong(Exception):
    """A file that the queue has begun on needs OCR of many pages."""


class Ingest:
    """Works on the jobs of one library: one at a time in a thread, or one by name in the foreground.

    Files that need OCR of many pages have a thread of their own, one at a time, so that the others do not wait for them.
    """

    def __init__(
        self, connections: Connections, index: Index, files: Files, jobs: Jobs, limits: Limits
    ) -> None:
        self._connections, self._index, self._files = connections, index, files
        self._jobs, self._limits = jobs, limits
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._workers: list[threading.Thread] = []
        self._long: set[int] = set()  # waiting jobs that need OCR of many pages
        self._more_long = threading.Event()
        self.in_use: Callable[[Manual], bool] = lambda manual: False
        self._filling: MeaningsHeld | None = None
        self._filled = -1  # the generation of the library whose vectors are all there

    def start(self) -> None:
        """Starts the threads that work through the queue; also jobs that a dead process left behind."""
        self._stopping.clear()
        self._workers = [
            threading.Thread(target=self._serve_queue, name="library-worker", daemon=True),
            threading.Thread(target=self._serve_long, name="library-ocr", daemon=True),
        ]
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """Stops the threads; a job in the middle is taken up again by the next start."""
        self._stopping.set()
        self._wake.set()
        self._more_long.set()
        for worker in self._workers:
            worker.join(timeout=10)

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
        self._index.clear_up()
        return job

    def sweep(self) -> None:
        """Removes the files that refused uploads and killed processes have left."""
        clear_up(self._files)
        with self._connections.writing():
            if count := self._files.sweep(self._jobs.wanted()):
                log.info("%d files that nothing needs were removed", count)

    def _serve_queue(self) -> None:
        try:
            self.sweep()
        except DataFolder as error:
            log.warning("no sweep: %s", error)
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                while not self._stopping.is_set() and (
                    job := self._jobs.claim(passing=tuple(self._long))
                ):
                    try:
                        self._work(job, None, soon=True)
                    except _TakesLong:
                        self._long.add(job.id)
                        self._more_long.set()
                    give_back()
                self._index.clear_up()
                while not self._wake.is_set() and tell_languages(self._connections, self._index):
                    pass
                self._fill_meanings()
            except (DataFolder, SearchServerFault) as error:
                # a disk that is full for a while, a folder that is gone, a server that is down: it says so until mended
                log.warning("uploads wait: %s", error)
            except Exception:  # the worker must outlive any one job
                log.exception("the upload worker stumbled")
            if not self._wake.wait(timeout=5):
                give_back()
        self._connections.close()

    def _serve_long(self) -> None:
        """Works on the files that need OCR of many pages, the oldest first."""
        while not self._stopping.is_set():
            self._more_long.wait(timeout=5)
            self._more_long.clear()
            for job_id in sorted(self._long):
                try:
                    if not self._stopping.is_set() and (job := self._jobs.claim(job_id)):
                        self._work(job, None)
                except (DataFolder, SearchServerFault) as error:
                    log.warning("uploads wait: %s", error)
                except Exception:  # the worker must outlive any one job
                    log.exception("the upload worker stumbled")
                self._long.discard(job_id)  # what still waits, the other thread finds again
                give_back()
                self._wake.set()
        self._connections.close()

    def filling(self) -> MeaningsHeld | None:
        """How many passages have the vector of their meaning, while the thread is making them; else None."""
        return self._filling

    def _fill_meanings(self) -> None:
        """Makes the vectors that are missing. What is to become searchable comes first: a new job ends this."""
        seen = generation(self._connections.db)
        if seen == self._filled:  # looking for what is missing reads every passage
            return
        try:
            while made := fill(self._connections):
                held = self._filling or meanings_held(self._connections.db)
                more = made if self._filling else 0
                self._filling = MeaningsHeld(held.held + more, held.passages)
                if self._wake.is_set():
                    return
            self._filled = seen
        finally:
            self._filling = None

    def _work(self, job: Job, progress: Progress | None, soon: bool = False) -> None:
        """Works on a claimed job. Raises _TakesLong, the job waiting again, where it must be ``soon`` and cannot."""
        try:
            outcome = self._outcome(job, progress, soon)
        except Cancelled:
            self._jobs.release(job.id)
        except _TakesLong:
            self._jobs.release(job.id)
            raise
        except (
            DataFolder,
            SearchServerFault,
        ) as error:  # not the file's fault: it waits, without a mark
            self._jobs.release(job.id, f"Waiting: {error}")
            raise
        except KeyboardInterrupt:
            self._jobs.release(job.id)
            raise
        except ReaderFailed as error:
            self._jobs.retry(job.id, f"{error} {error.hint}".strip())
        except KnowledgeError as error:
            self._jobs.close(job.id, "failed", f"{error} {error.hint}".strip())
        except (
            Exception
        ):  # an upload may hold anything; the reason goes to the log, the queue goes on
            log.exception("upload %s (%s) failed", job.id, job.file_name)
            text = f"{job.file_name} could not be added: an unexpected fault (see the log, upload {job.id})."
            self._jobs.close(job.id, "failed", text)
        else:
            state: JobState = "done" if outcome.fresh else "unchanged"
            key = outcome.manual.id if outcome.manual else ""
            self._jobs.close(job.id, state, outcome.message, key, outcome.doubt)

    def _outcome(self, job: Job, progress: Progress | None, soon: bool) -> Outcome:
        """What a job has led to; of an archive of manuals each is an upload of its own from now on."""
        try:
            return self._read_and_publish(job, progress, soon)
        except ManualsInside:
            sha256, options = self._jobs.source(job.id)
            archive = Archive(job, self._files.path(sha256), options)
            told = take_apart(archive, self._files, self._jobs, self._limits)
            return Outcome(None, True, told)

    def _read_and_publish(self, job: Job, progress: Progress | None, soon: bool) -> Outcome:
        """What a job has led to. What a file is, is decided inside the transaction that publishes it."""
        sha256, options = self._jobs.source(job.id)
        with self._connections.writing() as db:
            if held := self._held(db, job, sha256, options):
                return held
        if not options.draft:
            self._index.check()  # before minutes of reading, not after
        prepared = self._read(job, self._files.path(sha256), progress, soon)
        document, passages = prepared.document, prepared.passages
        parcel = Parcel(
            prepared, job.file_name, options.source, sha256, options.draft or False, options.by
        )
        guessed = document.product
        arrival = Arrival(
            document.title, _heading(document), guessed, job.file_name, options.source,
            {ready.draft.hash: len(ready.draft.text.split()) for ready in passages},
            " ".join(ready.draft.text for ready in passages), options.name, options.product,
            document.own_title,
        )  # fmt: skip
        publisher = Publisher(self._index)
        with publisher.prepared(parcel) as copy, self._connections.writing() as db:
            if not self._jobs.heartbeat(job.id):
                raise Cancelled(f"{job.file_name} was cancelled.")
            if held := self._held(db, job, sha256, options):  # another process was faster
                return held
            decision = decide(db, arrival)
            if options.draft is None and self._held_back(db, decision):
                parcel = replace(parcel, draft=True)
            return self._publish(db, parcel, (arrival, decision), publisher, copy)

    def _held_back(self, db: Database, decision: Decision) -> bool:
        """Say whether what a file was taken for waits; in doubt too, where every version of that product does."""
        if decision.manual is not None:
            return self.waits(db, decision.manual)
        return decision.doubt is not None and draft_rule(db, decision.doubt.product) == "always"

    def waits(self, db: Database, manual: Manual) -> bool:
        """Say whether a new version of a manual waits as a draft, by the rule of its product."""
        rule = draft_rule(db, manual.product)
        searched = manual.state in ("live", "removed")
        return rule == "always" or (rule == "used" and searched and self.in_use(manual))

    def _publish(
        self,
        db: Database,
        parcel: Parcel,
        decided: tuple[Arrival, Decision],
        publisher: Publisher,
        copy: int,
    ) -> Outcome:
        arrival, decision = decided
        held = decision.manual
        product = arrival.product or (held.product if held else arrival.guessed)
        manual = publisher.publish(
            db, parcel, copy, held.id if held else "", name=decision.name, product=product
        )
        if parcel.draft and manual.state == "removed":  # or nobody would see that it waits
            bring_back(db, manual.id)
            manual = version(db, manual.version_id)
        return Outcome(
            manual, True, told(db, manual, held), decision.doubt.id if decision.doubt else ""
        )

    def _held(self, db: Database, job: Job, sha256: str, options: UploadOptions) -> Outcome | None:
        """What came of a file whose bytes are searched already; None when they are not, or are another product's."""
        place = "" if self._jobs.is_part(job.id) else options.source  # an archive is no place
        same = manual_by(db, "v.state = 'live' AND m.removed IS NULL AND v.sha256 = ?", sha256)
        if same is None:
            waiting = "v.state = 'draft' AND m.removed IS NULL AND v.sha256 = ?"
            draft = manual_by(db, waiting, sha256) if options.draft is not False else None
            if draft is None or (options.name and options.name.casefold() != draft.name.casefold()):
                return None
            stands_at(db, draft.version_id, place, job.file_name)
            return Outcome(draft, False, f"Already there as a draft of '{draft.name}'")
        meant = named(db, options.name) if options.name else None
        if meant is not None and meant.id != same.id and meant.state != "removed":
            manual = hand_over(db, self._index, same.id, meant.id)
            self._jobs.moved(same.id, meant.id)
            return Outcome(manual, True, told(db, manual, meant))
        other = (
            options.product
            and same.product
            and options.product.casefold() != same.product.casefold()
        )
        if other and not options.name and same.file_name.casefold() != job.file_name.casefold():
            return None
        stands_at(db, same.version_id, place, job.file_name)
        describe_in(db, same.id, options.name or same.name, options.product or same.product)
        manual = self._newest(same.id)
        changed = f"; its product is now '{manual.product}'" * (manual.product != same.product)
        return Outcome(manual, False, f"Already there as '{manual.name}'{changed}")

    def settle(self, job_id: int, same: bool) -> Job:
        """Does what a person says of a file in doubt: a version of the manual in question, or a manual of its own.

        Raises KnowledgeError when there is nothing to decide any more.
        """
        with self._connections.writing() as db:
            job = self._jobs.job(job_id)
            if not job.doubt:
                raise KnowledgeError(f"There is nothing to decide about {job.file_name} any more.")
            own = manual_by(db, "m.removed IS NULL AND m.id = ?", job.manual_id)
            other = manual_by(db, "m.removed IS NULL AND m.id = ?", job.doubt)
            if same and (own is None or other is None):
                raise NoSuchManual(f"One of the two manuals of {job.file_name} was removed since.")
            if not same or own is None or other is None:
                return self._jobs.settle(job_id, job.message, job.manual_id)
            said = self._jobs.source(job_id)[1].draft  # else the rule of the product decides
            waits = self.waits(db, other) if said is None else said
            manual = hand_over(db, self._index, own.id, other.id, waits)
            self._jobs.moved(own.id, other.id)
            return self._jobs.settle(job_id, told(db, manual, other), manual.id)

    def _newest(self, manual_id: str) -> Manual:
        found = manual_by(self._connections.db, "m.id = ?", manual_id)
        assert found is not None, "manuals are never deleted"
        return found

    def _read(
        self, job: Job, path: Path, progress: Progress | None, soon: bool
    ) -> PreparedDocument:
        shown, begun = 0.0, 0

        def read_pages(done: int, total: int) -> None:
            nonlocal shown
            if time.monotonic() - shown < 0.2 and done < total:
                return
            shown = time.monotonic()
            state: JobState = "reading" if done < total else "indexing"
            message = f"Reading page {done + 1} of {total}" if done < total else "Indexing"
            self._jobs.report_progress(job.id, state, message, (done, total))
            if progress:
                progress(replace(job, state=state, message=message, done=done, total=total))

        beaten = time.monotonic()

        def cancelled() -> bool:
            nonlocal beaten
            if time.monotonic() - beaten < 1:
                return False
            beaten = time.monotonic()
            return self._stopping.is_set() or not self._jobs.heartbeat(job.id)

        def takes_long(step: int, of: int) -> None:
            nonlocal begun
            begun += 1
            if soon and begun > SOON:
                raise _TakesLong
            read_pages(step - 1, of)

        prepared = prepare_file(
            path, job.file_name, self._limits, read_pages, cancelled, slow=takes_long
        )
        if not self._jobs.heartbeat(job.id):
            raise Cancelled(f"{job.file_name} was cancelled.")
        return prepared


def _heading(document: Document) -> str:
    """The first heading of a web page, which tells it from others of one title."""
    first = document.headings[0].title if document.kind == "html" and document.headings else ""
    return "" if first.casefold() == document.title.casefold() else first[:80]
