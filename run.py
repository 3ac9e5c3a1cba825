"""Tandem's command line: one function a command. Imports only what the command needs."""

from __future__ import annotations

import argparse
import glob
import json
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.errors import AdapterError
from chatbot.errors import ChatError
from chatbot.settings import Settings
from knowledge.errors import KnowledgeError, UnreadableFile

if TYPE_CHECKING:
    from chatbot.desk import Desk
    from chatbot.evaluate import Report
    from knowledge.types import Evidence, Job, Manual

SUFFIXES = (".pdf", ".md", ".markdown", ".html", ".htm", ".txt", ".docx", ".pptx", ".xlsx")
FAILURES = (KnowledgeError, ChatError, AdapterError)


def desk_for(args: argparse.Namespace, **chosen: Any) -> Desk:
    """The desk on the data folder that the command line or the environment names."""
    from chatbot.desk import open_desk

    return open_desk(settings_for(args, **chosen))


def settings_for(args: argparse.Namespace, **chosen: Any) -> Settings:
    """The settings; what the command line says wins."""
    settings = Settings.load(os.environ, data=Path(args.data) if args.data else None, **chosen)
    logging.basicConfig(level=settings.log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s")
    return settings


def show(args: argparse.Namespace, data: object, text: str) -> None:
    """Prints data with --json, else text."""
    print(json.dumps(data, ensure_ascii=False) if args.json else text)


def serve(args: argparse.Namespace) -> int:
    settings = settings_for(args, host=args.host, port=args.port)
    from chatbot.desk import open_desk
    from ui.app import serve as serve_pages

    desk = open_desk(settings)

    def ready(url: str) -> None:
        print(f"Tandem is ready at {url} (stop with Ctrl+C)", flush=True)

    serve_pages(desk, settings.host, settings.port, not args.no_browser, ready)
    return 0


def add(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    library = desk_for(args).library
    paths = list(expand(args.files))
    if not paths:
        raise KnowledgeError(f"No manual found in {', '.join(args.files)}.")
    if args.manual and len(paths) > 1:
        raise KnowledgeError("--manual names one manual, but several files were given.")
    results, failed = [], 0
    with tqdm(total=len(paths), unit="file", disable=args.json or not sys.stderr.isatty()) as bar:
        for path in paths:

            def progress(job: Job) -> None:
                bar.set_postfix_str(f"{job.file_name}: {job.message}")

            try:
                with path.open("rb") as stream:
                    job = library.accept(
                        stream, path.name, name=args.manual or "", product=args.product or "", draft=args.draft
                    )
                job = library.run(job.id, progress)
            except (UnreadableFile, OSError) as error:
                result = {"file": str(path), "state": "failed", "message": sentence(error), "manual": ""}
            else:
                result = {"file": str(path), "state": job.state, "message": job.message, "manual": job.manual_id}
            failed += result["state"] not in ("done", "unchanged")
            results.append(result)
            bar.update()
            if not args.json:
                tqdm.write(f"{path.name}  {result['message']}", file=sys.stdout)
    if args.json:
        print(json.dumps({"files": results}, ensure_ascii=False))
    if failed:
        print(f"{failed} of {len(paths)} files could not be added.", file=sys.stderr)
    return 1 if failed else 0


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
    library = desk_for(args).library
    match args.action:
        case "publish":
            return told(args, library.publish(int(args.which)), "is live")
        case "rollback":
            return told(args, library.roll_back(library.find(args.which).id), "is live again")
        case "remove":
            return told(args, library.remove(library.find(args.which).id), "was removed; answers that cite it keep their quotes")
    found = (*library.manuals(), *library.drafts())
    lines = [f"{m.id}  {m.name}  [{m.product or 'no product'}]  version {m.version} ({m.state}), {m.passages:,} passages" for m in found]
    show(args, {"manuals": [manual_row(manual) for manual in found]}, "\n".join(lines) or "There are no manuals yet.")
    return 0


def told(args: argparse.Namespace, manual: Manual, what: str) -> int:
    show(args, {"manuals": [manual_row(manual)]}, f"'{manual.name}', version {manual.version}, {what}.")
    return 0


def remove(args: argparse.Namespace) -> int:
    args.action = "remove"
    return manuals(args)


def manual_row(manual: Manual) -> dict[str, object]:
    """A manual as JSON. ``version_id`` is what ``publish`` takes."""
    keys = ("id", "name", "product", "version", "version_id", "pages", "passages", "state", "added", "warnings")
    return {key: getattr(manual, key) for key in keys}


def evidence_row(found: Evidence) -> dict[str, object]:
    """A passage as JSON; the section is "A > B > C" without the manual's name."""
    passage = found.passage
    return {
        "id": passage.id, "text": passage.text, "score": found.score, "manual": found.manual.name,
        "product": found.manual.product, "version": found.manual.version, "page": passage.page, "label": passage.label,
        "section": " > ".join(passage.section), "start": passage.start, "end": passage.end, "hash": passage.hash,
        "found_by": found.found_by,
    }  # fmt: skip


def search(args: argparse.Namespace) -> int:
    found = desk_for(args).search.find(args.question, args.product or "", args.limit)
    rows = [evidence_row(one) for one in found.evidence]
    lines = [f"match {found.match:.2f}"]
    for row in rows:
        lines.append(f"\n{row['score']:.2f}  {row['manual']}, page {row['label'] or row['page']}  {row['section']}\n{row['text']}")
    show(args, {"match": found.match, "asked": found.asked, "product": found.product, "passages": rows}, "\n".join(lines))
    return 0


def ask(args: argparse.Namespace) -> int:
    from chatbot.desk import ask_once
    from chatbot.types import Question

    answer = ask_once(desk_for(args), Question(args.question, args.mode, args.product or ""))
    citations = [
        {
            "n": c.n, "manual": c.manual, "product": c.product, "version": c.version, "page": c.page, "label": c.label,
            "section": " > ".join(c.section), "quote": c.quote, "start": c.start, "end": c.end, "hash": c.hash,
            "state": c.state,
        }
        for c in answer.citations
    ]  # fmt: skip
    data = {
        "text": answer.text, "outcome": answer.outcome, "route": asdict(answer.route), "citations": citations,
        "sentences": [{"text": s.text, "state": s.state, "n": list(s.n)} for s in answer.sentences],
        "evidence": [evidence_row(found) for found in answer.evidence], "products": answer.products,
        "notices": answer.notices, "asked": answer.asked, "match": answer.match, "seconds": answer.seconds,
        "signals": asdict(answer.signals) if answer.signals else None, "model": answer.model,
    }  # fmt: skip
    sources = [f"[{c['n']}] {c['manual']}, page {c['label'] or c['page']}, {c['section']}" for c in citations]
    choices = [f"- {product}" for product in answer.products]
    show(args, data, "\n".join([answer.text, *choices, "", *sources, f"({answer.route.mode}: {answer.route.reason})"]))
    return 0


def evaluate(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from chatbot.evaluate import evaluate as run_cases
    from chatbot.evaluate import read_cases

    cases = read_cases(Path(args.cases))
    desk = desk_for(args)
    reports = {}
    for mode in args.mode or ["documents"]:
        with tqdm(total=len(cases), unit="case", desc=mode, disable=args.json or not sys.stderr.isatty()) as bar:
            reports[mode] = report_row(run_cases(desk, cases, mode, args.manual or "", bar.update))
    data = {"cases": len(cases), "modes": reports}
    folder = desk.settings.folder / "evaluations"
    folder.mkdir(exist_ok=True)
    written = folder / f"{Path(args.cases).stem}.json"
    written.write_text(json.dumps(data, indent=1), encoding="utf-8")
    lines = [f"{len(cases)} cases"]
    for mode, row in reports.items():
        lines += [f"\n{mode}", *(f"  {name:14} {value}" for name, value in flat(row))]
    show(args, data, "\n".join([*lines, f"\nwritten to {written}"]))
    return 0


def report_row(report: Report) -> dict[str, Any]:
    """A report as JSON; a figure that no case allowed is null."""
    recall = {f"R@{k}": value for k, value in report.recall.items()} if report.recall else {"R@1": None, "R@5": None, "R@10": None}
    return rounded(
        {
            "retrieval": {**recall, "MRR": report.mrr}, "ROUGE-L": report.rouge_l, "BLEU": report.bleu,
            "numbers": report.numbers, "sentences": report.states, "abstention": report.abstained,
            "seconds": {"p50": report.seconds_p50, "p95": report.seconds_p95},
        }
    )  # fmt: skip


def rounded(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return round(value, 4) if isinstance(value, float) else value


def flat(row: dict[str, Any], before: str = "") -> Iterator[tuple[str, object]]:
    for key, value in row.items():
        if isinstance(value, dict):
            yield from flat(value, f"{key} ")
        else:
            yield f"{before}{key}", "-" if value is None else value


def doctor(args: argparse.Namespace) -> int:
    from chatbot.doctor import examine

    report = examine(settings_for(args))
    lines = [f"{check.state:7} {check.name}: {check.text}" for check in report.checks]
    lines += ["", *(f"{s.name} = {s.value}  ({s.origin})" for s in report.settings)]
    show(args, asdict(report), "\n".join(lines))
    return 1 if any(check.state == "fault" for check in report.checks) else 0


def sentence(error: BaseException) -> str:
    """An error as one sentence, with what to do about it."""
    return " ".join(f"{error} {getattr(error, 'hint', '')}".split())


def parser() -> argparse.ArgumentParser:
    """The command line; --data and --json may stand before or after the command."""
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument("--data", metavar="DIR", default=argparse.SUPPRESS, help="data folder (default: TANDEM_DATA, else a per-user folder)")
    both.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    top = argparse.ArgumentParser(prog="run.py", parents=[both], description="Tandem: cited answers from product manuals. Without a command: serve.")
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(function: Any, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's word
        made = commands.add_parser(function.__name__, parents=[both], help=help, description=help)
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
    made = command(evaluate, "measure search and answers on a case file (JSON lines)")
    made.add_argument("--cases", required=True, metavar="FILE")
    made.add_argument("--mode", action="append", choices=["auto", "documents", "adapter", "both"], help="may be repeated")
    made.add_argument("--manual", help="the manual of cases that name none")
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
        return args.run(args)
    except FAILURES as error:
        print(sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
