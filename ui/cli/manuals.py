"""The commands on manuals: add, manuals, remove, reindex."""

from __future__ import annotations

import argparse
import glob
import json
import logging
import stat
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from knowledge.errors import KnowledgeError, NoSuchManual, UnreadableFile, UploadQueueFull
from knowledge.parsing.titles import shown_name
from ui.cli.session import library_for, note, sentence, show

if TYPE_CHECKING:
    from knowledge.library import Library
    from knowledge.parsing.web_pages import Group
    from knowledge.types import Job, Manual


# As the audit log has them
DEEDS = {
    "publish": "manual.published",
    "rollback": "manual.rolledback",
    "remove": "manual.removed",
    "restore": "manual.restored",
}


def add(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from knowledge.parsing.web_pages import groups

    library = library_for(args)
    paths = list(expand(args.files))
    if not paths:
        raise KnowledgeError(f"No manual found in {', '.join(args.files)}.")
    found = groups(paths)
    if args.manual and len(found) > 1:
        raise KnowledgeError("--manual names one manual, but several files were given.")
    results: list[dict[str, Any]] = []
    with tqdm(total=len(paths), unit="file", disable=args.json or not sys.stderr.isatty()) as bar:
        for group in found:

            def progress(job: Job) -> None:
                bar.set_postfix_str(f"{job.file_name}: {job.message}")

            rows = add_one(library, group, args, progress)
            results += rows
            bar.update(len(group.paths))
            for row in rows:
                if row["manual"]:
                    note(args, "manual.uploaded", shown_name(Path(row["file"]).name))
                if not args.json:
                    tell(row)
    if args.json:
        print(json.dumps({"files": results}, ensure_ascii=False))
    failed = sum(row["state"] not in ("done", "unchanged") for row in results)
    if failed:
        print(f"{failed} of {len(paths)} files could not be added.", file=sys.stderr)
    return 1 if failed else 0


def tell(row: Mapping[str, Any]) -> None:
    """Print what came of a file, and what was noticed while it was read."""
    from tqdm import tqdm

    doubt = row["doubt"]
    asked = (
        f"\n  A new version of '{doubt}'? Then add it again with --manual '{doubt}'."
        if doubt
        else ""
    )
    noticed = "".join(f"\n  Note: {one}" for one in row["warnings"])
    told = f"{shown_name(Path(row['file']).name)}  {row['message']}{noticed}{asked}"
    tqdm.write(told, file=sys.stdout)


def add_one(
    library: Library, group: Group, args: argparse.Namespace, progress: Callable[[Job], None]
) -> list[dict[str, Any]]:
    """Add one manual: a file or the web pages of a folder; of an archive of manuals, each.

    Return what came of each file as a row of the command's JSON.
    """

    def refused(message: str) -> list[dict[str, Any]]:
        told = {"state": "failed", "message": message, "manual": "", "doubt": "", "warnings": ()}
        return [{"file": str(path), **told} for path in group.paths]

    def told(job: Job) -> dict[str, Any]:
        warnings = library.version(job.version_id).warnings if job.version_id else ()
        return {
            "state": job.state,
            "message": job.message,
            "manual": job.manual_id,
            "doubt": job.doubt_name,
            "warnings": warnings,
        }

    try:
        refuse_what_is_no_file(group.paths[0].resolve())
        with group.opened() as stream:
            job = library.accept(
                stream,
                group.name,
                name=args.manual or "",
                product=args.product or "",
                draft=args.draft,
                source=group.source,
            )
    except OSError as error:
        reason = error.strerror or str(error)
        return refused(f"{shown_name(group.paths[0].name)} cannot be read: {reason}.")
    except (UnreadableFile, UploadQueueFull) as error:
        return refused(sentence(error))
    job = library.run(job.id, progress)
    made = [{"file": str(path), **told(job)} for path in group.paths]
    for part in library.parts(job.id):
        done = library.run(part.id, progress)
        made.append({"file": str(group.paths[0] / done.file_name), **told(done)})
    return made


def refuse_what_is_no_file(path: Path) -> None:
    """Raise UnreadableFile for a pipe, a device and the like, of which a read might never end; OSError where it is missing."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise UnreadableFile(
            f"{shown_name(path.name)} is not a file that can be read, but a {kind_of(path)}."
        )


def kind_of(path: Path) -> str:
    """What a path that is no regular file is, in a word."""
    return (
        "pipe"
        if path.is_fifo()
        else "socket"
        if path.is_socket()
        else "folder"
        if path.is_dir()
        else "device"
    )


def expand(patterns: Sequence[str]) -> Iterator[Path]:
    """Files named directly, in folders (all formats, any depth) or by a glob; each once."""
    from knowledge.parsing.formats import manuals_in

    seen: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            found = manuals_in(path)
        elif path.exists() or not glob.has_magic(pattern):
            found = [path]
        else:
            found = sorted(
                inner
                for name in glob.glob(pattern, recursive=True)
                if (inner := Path(name)).is_file()
            )
        for one in found:
            if one not in seen:
                seen.add(one)
                yield one


def manuals(args: argparse.Namespace) -> int:
    from ui.cli import output

    library = library_for(args)
    match args.action:
        case "publish":
            return told(args, library.publish(version_id(args.which)), "is live")
        case "rollback":
            return told(args, library.roll_back(library.find(args.which).id), "is live again")
        case "remove":
            return told(
                args,
                library.remove(library.find(args.which).id),
                "was removed; answers that cite it keep their quotes",
            )
        case "restore":
            return told(args, library.restore(args.which or ""), "is searched again")
    if args.action == "removed":
        found, none = library.removed(), "No manual was removed."
    else:
        found, none = (*library.manuals(), *library.drafts()), "There are no manuals yet."
    lines = [output.manual_line(manual) for manual in found]
    show(
        args,
        {"manuals": [output.manual_row(manual) for manual in found]},
        "\n".join(lines) or none,
    )
    return 0


def version_id(text: str) -> int:
    """The number of a version. Raises NoSuchManual."""
    if not text.isdecimal() or len(text) > 18:
        raise NoSuchManual(
            f"'{text}' is no version. `run.py manuals --json` shows each one's version_id."
        )
    return int(text)


def told(args: argparse.Namespace, manual: Manual, what: str) -> int:
    from ui.cli.output import manual_row

    note(args, DEEDS[args.action], manual.name)
    show(
        args,
        {"manuals": [manual_row(manual)]},
        f"'{manual.name}', version {manual.version}, {what}.",
    )
    return 0


def remove(args: argparse.Namespace) -> int:
    args.action = "remove"
    return manuals(args)


def reindex(args: argparse.Namespace) -> int:
    from dataclasses import asdict

    from tqdm import tqdm

    # What the engine lacks, which opening tells, is about to be written.
    logging.getLogger("knowledge.search.indexes.server").setLevel(logging.ERROR)
    library = library_for(args)
    with tqdm(unit="manual", disable=args.json or not sys.stderr.isatty()) as bar:

        def progress(done: int, total: int, name: str) -> None:
            bar.total, bar.n = total, done
            bar.set_postfix_str(name)

        def of_meanings(held: int, total: int) -> None:
            bar.unit = "passage"
            progress(held, total, "meanings")

        try:
            made = library.reindex(progress)
            library.fill_meanings(of_meanings)
        finally:
            library.close()
    manuals = "1 manual" if made.manuals == 1 else f"{made.manuals:,} manuals"
    text = (
        f"{made.engine[:1].upper()}{made.engine[1:]} holds {manuals} with {made.passages:,} passages;"
        f" {made.written:,} of the manuals were written now."
    )
    show(args, asdict(made), text)
    return 0
