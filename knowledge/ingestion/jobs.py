"""The queue of accepted uploads, as rows: who works on what, how far, and how it ended.

Knows no readers and no index; a job is claimed, told about, and closed.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError, UploadQueueFull
from knowledge.storage.database import Connections
from knowledge.storage.files import StoredFile
from knowledge.storage.rows import now
from knowledge.types import Job, JobState, Manual

STALE_SECONDS = (
    20.0  # a worker that has not shown itself for so long is dead; it shows itself every second
)
MAX_ATTEMPTS = 2
_BY_RULE = 2  # what a job's column holds where the product's rule says whether it becomes a draft
_OPEN = "('queued', 'reading', 'indexing')"
_COLUMNS = (
    "id, file_name, state, done, total, message, manual_id, doubt,"
    " coalesce((SELECT name FROM manuals WHERE manuals.id = jobs.doubt), ''),"
    " coalesce((SELECT max(v.id) FROM versions v WHERE v.manual_id = jobs.manual_id AND v.sha256 = jobs.sha256"
    " AND v.state IN ('live', 'draft')), 0)"
)


@dataclass(frozen=True, slots=True)
class UploadOptions:
    """What the admin said of an upload: "" leaves name or product to the file; a draft waits to be published.

    With ``draft`` None it waits where it is a new version of a manual and the rule of the product says so. ``source`` is the folder that the file came from, or "" where only its name is known; ``by`` is the id of who sent it.
    """

    name: str = ""
    product: str = ""
    draft: bool | None = False
    source: str = ""
    by: str = ""


class Jobs:
    """The job rows of one library, seen by one process."""

    def __init__(self, connections: Connections, max_waiting: int) -> None:
        self._connections, self._max_waiting = connections, max_waiting
        self.owner = new_owner()
        self._mine: set[int] = set()
        self._seen: dict[
            int, tuple[str, float, float]
        ] = {}  # job -> owner, its beat, when that beat was first seen

    def refuse_when_full(self, file_name: str) -> None:
        """Raises QueueFull when no more uploads are taken."""
        waiting = self._connections.db.execute(
            f"SELECT count(*) FROM jobs WHERE state IN {_OPEN}"
        ).fetchone()[0]
        if waiting >= self._max_waiting:
            raise UploadQueueFull(
                f"{waiting} files are waiting already; {file_name} was not added."
            )

    def accept(
        self,
        stored: StoredFile,
        file_name: str,
        options: UploadOptions,
        settle: Callable[[], None],
        *,
        part_of: int = 0,
    ) -> Job:
        """Adds a job, and has ``settle`` put its bytes in their place; both or neither.

        When this returns, the upload cannot be lost. ``part_of`` is the job of the archive that the file came in, which
        was taken already. Raises QueueFull.
        """
        with self._connections.writing() as db:
            if not part_of:
                self.refuse_when_full(file_name)
            settle()
            row = [
                stored.sha256,
                stored.size,
                file_name,
                options.name,
                options.product,
                _BY_RULE if options.draft is None else int(options.draft),
                options.source,
                options.by,
                part_of,
                now(),
            ]
            cursor = db.execute(
                "INSERT INTO jobs (sha256, size, file_name, name, product, draft, source, added_by, part_of, accepted, state, message)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'queued', 'Waiting')",
                row,
            )
            job_id = int(cursor.lastrowid or 0)
        return self.job(job_id)

    def job(self, job_id: int) -> Job:
        """One job as it stands. Raises KnowledgeError."""
        row = self._connections.db.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE id = ?", [job_id]
        ).fetchone()
        if row is None:
            raise KnowledgeError(f"There is no upload {job_id}.")
        return Job(*row)

    def parts(self, job_id: int) -> tuple[Job, ...]:
        """The jobs on the files of an archive that was a job itself, in their order."""
        rows = self._connections.db.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE part_of = ? ORDER BY id", [job_id]
        )
        return tuple(Job(*row) for row in rows)

    def part_files(self, job_id: int) -> frozenset[str]:
        """The SHA-256 of the files of an archive that were queued."""
        rows = self._connections.db.execute("SELECT sha256 FROM jobs WHERE part_of = ?", [job_id])
        return frozenset(row[0] for row in rows)

    def is_part(self, job_id: int) -> bool:
        """Say whether a job's file came in an archive."""
        query = "SELECT 1 FROM jobs WHERE id = ? AND part_of <> 0"
        return self._connections.db.execute(query, [job_id]).fetchone() is not None

    def on_its_way(self, source: str) -> bool:
        """Say whether a job on a file of this folder has not ended."""
        query = f"SELECT 1 FROM jobs WHERE source = ? AND state IN {_OPEN}"
        return self._connections.db.execute(query, [source]).fetchone() is not None

    def recent(self, limit: int) -> tuple[Job, ...]:
        """The jobs to show, newest first: open ones, and ended ones that were not dismissed."""
        rows = self._connections.db.execute(
            f"SELECT {_COLUMNS} FROM jobs WHERE NOT dismissed ORDER BY id DESC LIMIT ?", [limit]
        )
        return tuple(Job(*row) for row in rows)

    def source(self, job_id: int) -> tuple[str, UploadOptions]:
        """SHA-256 of a job's file, and what was wished for it."""
        row = self._connections.db.execute(
            "SELECT sha256, name, product, draft, source, added_by FROM jobs WHERE id = ?", [job_id]
        ).fetchone()
        draft = None if row[3] == _BY_RULE else bool(row[3])
        return row[0], UploadOptions(row[1], row[2], draft, row[4], row[5])

    def wanted(self) -> set[str]:
        """SHA-256 of every file that a version or an upload still needs; call inside a transaction."""
        rows = self._connections.db.execute(
            f"SELECT sha256 FROM versions UNION SELECT sha256 FROM jobs WHERE state IN {_OPEN} OR NOT dismissed"
        )
        return {row[0] for row in rows}

    def claim(self, job_id: int | None = None, passing: Collection[int] = ()) -> Job | None:
        """Takes the given job, or the oldest waiting one, for this process; None when there is none to take.

        The jobs in ``passing`` are left to wait.
        """
        if job_id is not None:
            which, values = "id = ?", [job_id]
        else:
            marks = ", ".join("?" * len(passing))
            which, values = f"id NOT IN ({marks})", list(passing)
        with self._connections.writing() as db:
            self._free_stale()
            row = db.execute(
                f"SELECT id FROM jobs WHERE state = 'queued' AND {which} ORDER BY id LIMIT 1",
                values,
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE jobs SET state = 'reading', message = 'Reading', done = 0, total = 0, owner = ?, beat = beat + 1"
                " WHERE id = ?",
                [self.owner, row[0]],
            )
            self._mine.add(row[0])
        return self.job(row[0])

    def _free_stale(self) -> None:
        """Jobs whose process died wait again; that speaks against the process, not against the file."""
        rows = self._connections.db.execute(
            "SELECT id, owner, beat FROM jobs WHERE state IN ('reading', 'indexing')"
        ).fetchall()
        now_, held = time.monotonic(), self._seen
        self._seen = {}
        for job_id, owner, beat in rows:
            seen = held.get(job_id, ("", 0.0, 0.0))
            since = seen[2] if seen[:2] == (owner, beat) else now_
            alive = job_id in self._mine if owner == self.owner else is_alive(owner)
            if alive is False or (owner != self.owner and now_ - since > STALE_SECONDS):
                self._connections.db.execute(
                    "UPDATE jobs SET state = 'queued', message = 'Waiting' WHERE id = ?", [job_id]
                )
            else:
                self._seen[job_id] = (owner, beat, since)

    def report_progress(
        self, job_id: int, state: JobState, message: str, steps: tuple[int, int] = (0, 0)
    ) -> None:
        """Writes how far a job of this process is; a job cancelled meanwhile stays cancelled."""
        self._update(
            job_id, "state = ?, message = ?, done = ?, total = ?", [state, message, *steps]
        )

    def heartbeat(self, job_id: int) -> bool:
        """Shows that this process still works on the job; False when the job was cancelled or taken away."""
        return self._update(job_id, "done = done", []) == 1

    def close(
        self, job_id: int, state: JobState, message: str, manual_id: str = "", doubt: str = ""
    ) -> Job:
        """Ends a job of this process; ``doubt`` is the manual that its file may be a version of."""
        self._update(
            job_id,
            "state = ?, message = ?, manual_id = ?, doubt = ?",
            [state, message, manual_id, doubt],
        )
        self._mine.discard(job_id)
        return self.job(job_id)

    def settle(self, job_id: int, message: str, manual_id: str) -> Job:
        """Notes a person's word on what an ended job's file is; the question is closed."""
        self._connections.db.execute(
            "UPDATE jobs SET doubt = '', message = ?, manual_id = ? WHERE id = ?",
            [message, manual_id, job_id],
        )
        return self.job(job_id)

    def retry(self, job_id: int, message: str) -> Job:
        """Puts a job whose reader failed by itself back into the queue, or aside when it was the second time."""
        self._update(
            job_id,
            "attempts = attempts + 1, message = ?, state = CASE WHEN attempts + 1 >= ? THEN 'set aside' ELSE 'queued' END",
            [message, MAX_ATTEMPTS],
        )
        self._mine.discard(job_id)
        return self.job(job_id)

    def release(self, job_id: int, message: str = "Waiting") -> None:
        """Gives a job back that this process has to leave, as if it had not been tried; a cancelled one stays so."""
        self._mine.discard(job_id)
        self._update(job_id, "state = 'queued', message = ?", [message])

    def cancel(self, job_id: int) -> Job:
        """Ends a waiting or running job; nothing of it becomes visible."""
        self._connections.db.execute(
            f"UPDATE jobs SET state = 'cancelled', message = 'Cancelled', dismissed = 1 WHERE id = ? AND state IN {_OPEN}",
            [job_id],
        )
        return self.job(job_id)

    def dismiss(self, job_id: int) -> None:
        """Takes an ended job off the list."""
        self._connections.db.execute(
            f"UPDATE jobs SET dismissed = 1 WHERE id = ? AND state NOT IN {_OPEN}", [job_id]
        )

    def dismiss_ended(self) -> None:
        """Takes the ended jobs off the list, but those of which a person is asked something."""
        self._connections.db.execute(
            f"UPDATE jobs SET dismissed = 1 WHERE state NOT IN {_OPEN} AND doubt = ''"
        )

    def try_again(self, job_id: int) -> Job:
        """Puts a job that failed back into the queue, as if it had not been tried.

        Raises KnowledgeError for a job that did not fail or was dismissed (its bytes may be gone), UploadQueueFull.
        """
        with self._connections.writing() as db:
            job = self.job(job_id)
            self.refuse_when_full(job.file_name)
            done = db.execute(
                "UPDATE jobs SET state = 'queued', attempts = 0, message = 'Waiting', done = 0, total = 0"
                " WHERE id = ? AND state IN ('failed', 'set aside') AND NOT dismissed",
                [job_id],
            )
            if done.rowcount != 1:
                raise KnowledgeError(
                    f"{job.file_name} is not one of the files that failed. Add it again."
                )
        return self.job(job_id)

    def version_moved(self, before: Manual, after: Manual, message: str) -> None:
        """Lets the jobs that a version came of say what it is now; call inside the transaction that moves it."""
        db = self._connections.db
        db.execute(
            "UPDATE jobs SET manual_id = ?, message = ?, doubt = '' WHERE manual_id = ? AND sha256 = ?"
            " AND state IN ('done', 'unchanged')",
            [after.id, message, before.id, after.sha256],
        )

    def moved(self, manual_id: str, to: str) -> None:
        """Lets the jobs of a manual that became part of another one point there."""
        db = self._connections.db
        db.execute("UPDATE jobs SET manual_id = ? WHERE manual_id = ?", [to, manual_id])
        db.execute(
            "UPDATE jobs SET doubt = CASE WHEN manual_id = ? THEN '' ELSE ? END WHERE doubt = ?",
            [to, to, manual_id],
        )

    def _update(self, job_id: int, change: str, values: Sequence[Any]) -> int:
        cursor = self._connections.db.execute(
            f"UPDATE jobs SET {change}, beat = beat + 1 WHERE id = ? AND owner = ? AND state IN {_OPEN}",
            [*values, job_id, self.owner],
        )
        return int(cursor.rowcount)


def new_owner() -> str:
    """A name for this process that no other one has: where its id counts, the id, when it began, and chance.

    No clock stands in it that somebody could set.
    """
    return " ".join((_realm(), str(os.getpid()), _began(os.getpid()), secrets.token_hex(4)))


def is_alive(owner: str) -> bool | None:
    """Does the process of this name still run? None where that cannot be known: another machine, or no /proc."""
    realm, _, rest = owner.partition(" ")
    if not realm or realm == "-" or realm != _realm() or len(rest.split()) != 3:
        return None
    pid, began, _ = rest.split()
    return _began(int(pid)) == began


def _realm() -> str:
    """The running kernel and the set of process ids that we see (a container has its own), or "-"."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return "-"


def _began(pid: int) -> str:
    """When a process began, in the kernel's ticks since its start, or "-" where there is no such process."""
    try:
        fields = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="utf-8", errors="replace")
            .rpartition(")")[2]
            .split()
        )
    except OSError:
        return "-"
    return "-" if fields[0] in "ZX" else fields[19]
