"""An archive of manuals, taken apart: each becomes an upload of its own, as if its folder had been added.

Knows files and jobs; nothing of what the manuals hold.
"""

from __future__ import annotations

import errno
import logging
import lzma
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from knowledge.errors import Cancelled, DataFolder, UnreadableFile
from knowledge.ingestion.jobs import Jobs, UploadOptions
from knowledge.parsing.formats import manuals_in
from knowledge.parsing.titles import shown_name
from knowledge.parsing.web_pages import groups
from knowledge.storage.data_folder import reason
from knowledge.storage.files import Files
from knowledge.types import Job, Limits

log = logging.getLogger(__name__)
UNPACKED = "archive-"  # how the folders begin in which archives are unpacked
DISK = [getattr(errno, one, 0) for one in ("ENOSPC", "EDQUOT", "EROFS", "EIO", "EACCES")]
NAMED = 5  # files that were left out, of which the names are told
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive that was uploaded: its job, where its bytes lie, and what was said of it."""

    job: Job
    path: Path
    options: UploadOptions


def take_apart(archive: Archive, files: Files, jobs: Jobs, limits: Limits) -> str:
    """Queue the manuals of an archive, and return in words what was in it.

    They are of the product that was said, and wait where that was said; a name that was said is for one manual alone.
    They are taken whatever else waits: the archive was. Raises UnreadableFile, DataFolder.
    """
    job, options = archive.job, archive.options
    with _unpacked(archive, files.folder, jobs, limits) as (folder, names):
        paths = [path for path in manuals_in(folder) if path.stat().st_size]
        together = groups(paths)
        if not together:
            raise UnreadableFile(f"{job.file_name} holds no file that can be read.")
        queued = set(jobs.part_files(job.id))  # of an attempt that broke off
        for group in together:
            _go_on(jobs, job)
            inside = Path(group.source).relative_to(folder.resolve())
            source = str(Path(job.file_name, inside))  # no folder of this machine
            name = options.name if len(together) == 1 else ""
            own = replace(options, name=name, source=source)
            # Pages in the archive itself have no folder to be called by
            called = job.file_name if len(group.paths) > 1 and not inside.parts else group.name
            shown = shown_name(called)
            with (
                group.opened() as stream,
                files.received(stream, shown, limits.max_unpacked_mb << 20) as (stored, settle),
            ):
                if stored.sha256 not in queued:
                    jobs.accept(stored, shown, own, settle, part_of=job.id)
                    queued.add(stored.sha256)
    found = f"{len(together):,} manuals were" if len(together) > 1 else "1 manual was"
    taken = {path.relative_to(folder).as_posix() for path in paths}
    left = [name for name in names if name not in taken]
    return f"{found} taken out of it{_left_out(left)}"


def _left_out(names: Sequence[str]) -> str:
    """Which files of an archive were left out, in words; "" where none was."""
    if not names:
        return ""
    some = ", ".join(shown_name(name) for name in names[:NAMED])
    more = " and others" if len(names) > NAMED else ""
    return f"; {len(names):,} other file{'s were' if len(names) > 1 else ' was'} left out: {some}{more}"


def clear_up(files: Files) -> None:
    """Remove what killed processes left behind an hour ago or longer."""
    for left in files.folder.parent.glob(f"{UNPACKED}*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > 3600:
                shutil.rmtree(left, ignore_errors=True)


@contextmanager
def _unpacked(
    archive: Archive, beside: Path, jobs: Jobs, limits: Limits
) -> Iterator[tuple[Path, list[str]]]:
    """The files of an archive in a folder that goes with the block, and their names in it."""
    name = archive.job.file_name
    try:
        folder = Path(tempfile.mkdtemp(dir=beside.parent, prefix=UNPACKED))
    except OSError as error:
        raise DataFolder(f"{name} could not be unpacked: {reason(error)}.") from error
    try:
        with zipfile.ZipFile(archive.path) as packed:
            members = [
                m for m in packed.infolist() if not m.is_dir() and not _is_hidden(m.filename)
            ]
            if sum(member.file_size for member in members) > limits.max_unpacked_mb << 20:
                raise UnreadableFile(f"{name} holds more than {limits.max_unpacked_mb} MB.")
            for member in members:
                _go_on(jobs, archive.job)
                _extract(packed, member, folder, name)
        yield folder, [member.filename for member in members]
    except BROKEN as error:
        raise UnreadableFile(
            f"{name} is cut short, damaged or protected with a password."
        ) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _extract(packed: zipfile.ZipFile, member: zipfile.ZipInfo, folder: Path, name: str) -> None:
    """Write a member: never more than it declares, and never outside the folder. One that no file can be called is left out.

    Raises DataFolder where the disk does not take it.
    """
    try:
        packed.extract(member, folder)
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) in DISK:
            raise DataFolder(f"{name} could not be unpacked: {error}.") from error
        log.info("%s of %s was left out: %s", member.filename, name, error)


def _go_on(jobs: Jobs, job: Job) -> None:
    """Show that the work goes on. Raises Cancelled where it was cancelled."""
    if not jobs.heartbeat(job.id):
        raise Cancelled(f"{job.file_name} was cancelled.")


def _is_hidden(name: str) -> bool:
    """What macOS puts beside files, and other files that begin with a dot, are nobody's manuals."""
    return any(part.startswith(".") or part == "__MACOSX" for part in Path(name).parts)
