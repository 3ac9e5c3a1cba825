"""Tandem's command line: one function a command. Imports only what the command needs."""

from __future__ import annotations

import argparse
import glob
import json
import logging
import os
import sqlite3
import stat
import sys
import tempfile
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from adapters.errors import AdapterError
from chatbot.errors import BadDraft, ChatError
from chatbot.settings import Settings
from knowledge.errors import KnowledgeError, UnreadableFile, UploadQueueFull
from knowledge.parsing.titles import shown_name

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library
    from knowledge.parsing.web_pages import Group
    from knowledge.types import Job, Manual

SUFFIXES = (".pdf", ".md", ".markdown", ".html", ".htm", ".txt", ".docx", ".pptx", ".xlsx")
FAILURES = (KnowledgeError, ChatError, AdapterError)


def desk_for(args: argparse.Namespace, **chosen: Any) -> Assistant:
    """The desk on the data folder that the command line or the environment names."""
    from chatbot.assistant import open_assistant

    return open_assistant(settings_for(args, **chosen))


def settings_for(args: argparse.Namespace, **chosen: Any) -> Settings:
    """The settings; what the command line says wins."""
    settings = Settings.load(os.environ, data=Path(args.data) if args.data else None, **chosen)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s")
    return settings


def show(args: argparse.Namespace, data: object, text: str) -> None:
    """Prints data with --json, else text."""
    print(json.dumps(data, ensure_ascii=False) if args.json else printable(text))


def printable(text: str) -> str:
    """Text that a terminal only shows: what would move its cursor or change its colours is left out."""
    return "".join(char for char in text if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs") or char == "\u00ad")


def serve(args: argparse.Namespace) -> int:
    settings = settings_for(args, host=args.host, port=args.port)
    from chatbot.assistant import open_assistant
    from knowledge.ingestion.memory import few_arenas
    from ui.app import serve as serve_pages

    few_arenas()
    assistant = open_assistant(settings)
    _ = assistant.journal  # a server that could keep nothing must not say that it is ready

    def ready(url: str) -> None:
        print(f"Tandem is ready at {url} (stop with Ctrl+C)", flush=True)

    serve_pages(assistant, settings.host, settings.port, not args.no_browser, ready)
    return 0


def add(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from knowledge.parsing.web_pages import groups

    library = desk_for(args).library
    paths = list(expand(args.files))
    if not paths:
        raise KnowledgeError(f"No manual found in {', '.join(args.files)}.")
    found = groups(paths)
    if args.manual and len(found) > 1:
        raise KnowledgeError("--manual names one manual, but several files were given.")
    results: list[dict[str, str]] = []
    with tqdm(total=len(paths), unit="file", disable=args.json or not sys.stderr.isatty()) as bar:
        for group in found:

            def progress(job: Job) -> None:
                bar.set_postfix_str(f"{job.file_name}: {job.message}")

            row = add_one(library, group, args, progress)
            results += [{"file": str(path), **row} for path in group.paths]
            bar.update(len(group.paths))
            if not args.json:
                for path in group.paths:
                    tqdm.write(f"{shown_name(path.name)}  {row['message']}", file=sys.stdout)
                if row["doubt"]:
                    tqdm.write(f"  A new version of '{row['doubt']}'? Then add it again with --manual '{row['doubt']}'.", file=sys.stdout)
    if args.json:
        print(json.dumps({"files": results}, ensure_ascii=False))
    failed = sum(row["state"] not in ("done", "unchanged") for row in results)
    if failed:
        print(f"{failed} of {len(paths)} files could not be added.", file=sys.stderr)
    return 1 if failed else 0


def add_one(library: Library, group: Group, args: argparse.Namespace, progress: Callable[[Job], None]) -> dict[str, str]:
    """Adds one manual, a file or the web pages of a folder; what came of it as a row of the command's JSON."""
    try:
        with open_group(group) as (stream, name, source):
            job = library.accept(
                stream, name, name=args.manual or "", product=args.product or "", draft=args.draft, source=source
            )
    except OSError as error:
        reason = error.strerror or str(error)
        return {"state": "failed", "message": f"{shown_name(group.paths[0].name)} cannot be read: {reason}.", "manual": "", "doubt": ""}
    except (UnreadableFile, UploadQueueFull) as error:
        return {"state": "failed", "message": sentence(error), "manual": "", "doubt": ""}
    job = library.run(job.id, progress)
    return {"state": job.state, "message": job.message, "manual": job.manual_id, "doubt": job.doubt_name}


@contextmanager
def open_group(group: Group) -> Iterator[tuple[BinaryIO, str, str]]:
    """The bytes of one manual, its file name and its folder. Raises OSError, UnreadableFile (no regular file)."""
    from knowledge.parsing.web_pages import pack

    first = group.paths[0].resolve()
    if len(group.paths) > 1:
        with tempfile.TemporaryFile() as packed:
            name = pack(group, packed)
            packed.seek(0)
            yield packed, name, str(first.parent)
        return
    if not stat.S_ISREG(first.stat().st_mode):
        raise UnreadableFile(f"{shown_name(first.name)} is not a file that can be read, but a {kind_of(first)}.")
    with first.open("rb") as stream:
        yield stream, group.paths[0].name, str(first.parent)


def kind_of(path: Path) -> str:
    """What a path that is no regular file is, in a word."""
    return "pipe" if path.is_fifo() else "socket" if path.is_socket() else "folder" if path.is_dir() else "device"


def expand(patterns: Sequence[str]) -> Iterator[Path]:
    """Files named directly, in folders (all formats, any depth) or by a glob; each once."""
    seen: set[Path] = set()
    for pattern in patterns:
        path = Path(pattern)
        if path.is_dir():
            found = sorted(inner for inner in path.rglob("*") if inner.suffix.lower() in SUFFIXES and inner.is_file())
        elif path.exists() or not glob.has_magic(pattern):
            found = [path]
        else:
            found = sorted(inner for name in glob.glob(pattern, recursive=True) if (inner := Path(name)).is_file())
        for one in found:
            if one not in seen:
                seen.add(one)
                yield one


def manuals(args: argparse.Namespace) -> int:
    from ui.cli import output

    library = desk_for(args).library
    match args.action:
        case "publish":
            return told(args, library.publish(int(args.which)), "is live")
        case "rollback":
            return told(args, library.roll_back(library.find(args.which).id), "is live again")
        case "remove":
            return told(args, library.remove(library.find(args.which).id), "was removed; answers that cite it keep their quotes")
    found = (*library.manuals(), *library.drafts())
    lines = [output.manual_line(manual) for manual in found]
    show(args, {"manuals": [output.manual_row(manual) for manual in found]}, "\n".join(lines) or "There are no manuals yet.")
    return 0


def told(args: argparse.Namespace, manual: Manual, what: str) -> int:
    from ui.cli.output import manual_row

    show(args, {"manuals": [manual_row(manual)]}, f"'{manual.name}', version {manual.version}, {what}.")
    return 0


def remove(args: argparse.Namespace) -> int:
    args.action = "remove"
    return manuals(args)


def search(args: argparse.Namespace) -> int:
    from ui.cli import output

    found = desk_for(args).search.find(args.question, args.product or "", args.limit)
    rows = [output.evidence_row(one) for one in found.evidence]
    lines = [f"match {found.match:.2f}", *(output.evidence_lines(one) for one in found.evidence)]
    show(args, {"match": found.match, "asked": found.asked, "product": found.product, "passages": rows}, "\n".join(lines))
    return 0


def ask(args: argparse.Namespace) -> int:
    from chatbot.assistant import ask_once
    from chatbot.conversations.types import Question
    from ui.cli import output

    assistant = desk_for(args)
    answer = ask_once(assistant, Question(args.question, args.mode, args.product or ""))
    show(args, output.answer_row(answer), output.answer_lines(answer))
    assistant.close()
    return 0


def check(args: argparse.Namespace) -> int:
    from chatbot.grounding.reply_check import check_against, check_draft, read_passages
    from chatbot.messages import NOTHING_TO_CHECK
    from ui.cli import output

    text = sys.stdin.read() if args.file == "-" else read_draft(Path(args.file))
    if args.passages:
        passages = read_passages(Path(args.passages))
        rows = [output.verdict_row(sentence, verdict, passages) for sentence, verdict in check_against(passages, text)]
    else:
        assistant = desk_for(args)
        if not assistant.library.counts().manuals:
            print(NOTHING_TO_CHECK, file=sys.stderr)
        rows = [output.checked_row(one) for one in check_draft(assistant.library, assistant.search, text, args.product or "", assistant.second_opinion())]
        assistant.close()
    show(args, {"sentences": rows}, "\n".join(map(output.checked_lines, rows)))
    return 0


def read_draft(path: Path) -> str:
    """The text of a file. Raises BadDraft."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDraft(f"The draft {path} cannot be read: {error}.") from error


def evaluate(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from chatbot.evaluation.evaluate import evaluate as run_cases
    from chatbot.evaluation.evaluate import read_cases
    from ui.cli import output

    cases = read_cases(Path(args.cases))
    assistant = desk_for(args)
    reports = {}
    for mode in args.mode or ["documents"]:
        with tqdm(total=len(cases), unit="case", desc=mode, disable=args.json or not sys.stderr.isatty()) as bar:
            reports[mode] = output.report_row(run_cases(assistant, cases, mode, args.manual or "", bar.update))
    data = {"cases": len(cases), "modes": reports}
    folder = assistant.settings.folder / "evaluations"
    folder.mkdir(exist_ok=True)
    written = folder / f"{Path(args.cases).stem}.json"
    written.write_text(json.dumps(data, indent=1), encoding="utf-8")
    lines = [f"{len(cases)} cases"]
    for mode, row in reports.items():
        lines += [f"\n{mode}", *output.report_lines(row)]
    show(args, data, "\n".join([*lines, f"\nwritten to {written}"]))
    return 0


def demo(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from chatbot.deployment import run_demo

    assistant = desk_for(args)
    bars: dict[str, tqdm[Any]] = {}

    def progress(what: str, done: int, total: int) -> None:
        bar = bars.setdefault(what, tqdm(total=total, desc=what, disable=args.json or not sys.stderr.isatty()))
        bar.update(done - bar.n)

    card = run_demo(assistant, progress)
    for bar in bars.values():
        bar.close()
    text = (
        f"The demonstration adapter '{card.name}' is served. It is a toy: it knows fifty facts of the sample manual of the"
        " Aurora X200, and its base reads nothing but sentences of that style.\nTry: run.py ask \"What does error E04 mean on the X200?\""
    )
    show(args, asdict(card), text)
    return 0


def import_(args: argparse.Namespace) -> int:
    from adapters.publishing.publish import PublishRequest
    from chatbot.deployment import import_adapter

    name = args.name or Path(args.source).stem.replace(":", "-")
    base_folder = Path(args.base_folder) if args.base_folder else None
    order = PublishRequest(name, base=args.base or "", base_folder=base_folder, style=args.style)
    card = import_adapter(desk_for(args), args.source, order, Path(args.training) if args.training else None)
    unknown = " What it was trained on is unknown, so Tandem cannot tell what is news to it." if card.trained_on is None else ""
    show(args, asdict(card), f"'{card.name}' is imported as {card.model}.{unknown} Serve it with: run.py promote {card.name}")
    return 0


def models(args: argparse.Namespace) -> int:
    assistant = desk_for(args)
    serving = assistant.models.status()
    served = assistant.models.registry.serving()
    cards = assistant.models.registry.cards()
    data = {
        "server": serving.state, "chat_model": serving.chat.model if serving.chat else "",
        "served": served.name if served else "", "adapters": [asdict(card) for card in cards],
    }  # fmt: skip
    lines = [f"model server: {serving.state}", f"documents are answered by: {data['chat_model'] or 'quotes'}. {serving.why}".rstrip()]
    for card in cards:
        known = "unknown" if card.trained_on is None else f"{len(card.trained_on)} passages"
        lines.append(f"{'*' if served and card.name == served.name else ' '} {card.name}  {card.model} on {card.base}, trained on {known}")
    show(args, data, "\n".join([*lines, *assistant.models.registry.faults(), serving.reason]))
    return 0


def promote(args: argparse.Namespace) -> int:
    card = desk_for(args).models.registry.serve(args.name)
    show(args, asdict(card), f"'{card.name}' is served.")
    return 0


def rollback_model(args: argparse.Namespace) -> int:
    card = desk_for(args).models.registry.roll_back()
    show(args, asdict(card), f"'{card.name}' is served again.")
    return 0


def doctor(args: argparse.Namespace) -> int:
    from chatbot.doctor import examine

    report = examine(settings_for(args))
    lines = [f"{check.state:7} {check.name}: {check.text}" for check in report.checks]
    lines += ["", *(f"{s.name} = {s.value}  ({s.origin})" for s in report.settings)]
    show(args, asdict(report), "\n".join(lines))
    return 1 if any(check.state == "fault" for check in report.checks) else 0


def sentence(error: BaseException) -> str:
    """An error as one sentence, with what to do about it."""
    return printable(" ".join(f"{error} {getattr(error, 'hint', '')}".split()))


def parser() -> argparse.ArgumentParser:
    """The command line; --data and --json may stand before or after the command."""
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="data folder (default: TANDEM_DATA, else a per-user folder)")
    both.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    top = argparse.ArgumentParser(prog="run.py", parents=[both], description="Tandem: cited answers from product manuals. Without a command: serve.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(function: Any, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's word
        name = function.__name__.strip("_").replace("_", "-")
        made = commands.add_parser(name, parents=[both], help=help, description=help)
        made.set_defaults(run=function)
        return made

    made = command(serve, "start the pages in the browser (the default)")
    made.add_argument("--host", help="address (default 127.0.0.1)")
    made.add_argument("--port", type=int, help="port (default 7860; 0: any free one)")
    made.add_argument("--no-browser", action="store_true", help="do not open a browser")
    made = command(add, "add manuals: files, folders or globs")
    made.add_argument("files", nargs="+", metavar="FILE")
    made.add_argument("--product", help="the product they are about")
    made.add_argument("--manual", help="the manual's name; the same name is a new version of it")
    made.add_argument("--draft", action="store_true", help="store only; `manuals publish ID` makes it live")
    made = command(manuals, "list manuals, publish a draft, roll back or remove")
    made.add_argument("action", nargs="?", choices=["publish", "rollback", "remove"])
    made.add_argument("which", nargs="?", metavar="MANUAL", help="id or name; for publish the version_id")
    made = command(remove, "remove a manual from search; what was cited stays readable")
    made.add_argument("which", metavar="MANUAL", help="id or name")
    made = command(search, "show the best passages for a question")
    made.add_argument("question")
    made.add_argument("--product", help="look only in this product's manuals")
    made.add_argument("--limit", type=int, default=10)
    made = command(ask, "answer a question with citations")
    made.add_argument("question")
    made.add_argument("--mode", choices=["auto", "documents", "adapter", "both"], default="auto")
    made.add_argument("--product", help="answer only from this product's manuals")
    made = command(check, "check a text sentence by sentence against the manuals")
    made.add_argument("file", metavar="FILE", help="the text to check; - reads standard input")
    made.add_argument("--passages", metavar="FILE", help='check against these instead: {"passages": [{"text": "…"}]}')
    made.add_argument("--product", help="look only in this product's manuals")
    made = command(evaluate, "measure search and answers on a case file (JSON lines)")
    made.add_argument("--cases", required=True, metavar="FILE")
    made.add_argument("--mode", action="append", choices=["auto", "documents", "adapter", "both"], help="may be repeated")
    made.add_argument("--manual", help="the manual of cases that name none")
    command(demo, "make, publish and serve the demonstration models on a local Ollama (11 CPU-minutes)")
    command(models, "list adapters and what is served")
    made = command(import_, "take in an adapter: its name on the model server, a PEFT folder or a GGUF file")
    made.add_argument("source", metavar="SOURCE")
    made.add_argument("--name", help="the adapter's name here (default: from SOURCE)")
    made.add_argument("--base", help="its base model on the server")
    made.add_argument("--base-folder", metavar="DIR", help="the base's weights, for merging or when the server lacks it")
    made.add_argument("--training", metavar="FILE", help="what it was trained on, JSON lines of {question, answer, passage_hash}")
    made.add_argument("--style", choices=["standard", "plain"], default="standard", help="prompt style it understands")
    made = command(promote, "serve this adapter")
    made.add_argument("name")
    command(rollback_model, "serve the adapter before this one again")
    command(doctor, "check the installation and show every setting")
    return top


def main(arguments: Sequence[str]) -> int:
    """Runs one command: 0 done, 1 failed with one sentence on stderr, 2 wrong usage."""
    made = parser()
    # Shared by the commands' parsers, the two options have no default of their own: one would undo the other's value.
    args, rest = made.parse_known_args(arguments, argparse.Namespace(data=None, json=False))
    if args.command is None:
        args = made.parse_args(["serve", *arguments], argparse.Namespace(data=None, json=False))
    elif rest:
        made.error(f"unknown: {' '.join(rest)}")
    if args.command == "manuals" and args.action and not args.which:
        made.error(f"manuals {args.action} needs a manual")
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except FAILURES as error:
        print(sentence(error), file=sys.stderr)
        return 1
    except sqlite3.Error as error:  # a library with a table or a column missing
        print(printable(f"The library is damaged ({error}). Run doctor, or restore a backup."), file=sys.stderr)
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
