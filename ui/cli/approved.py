"""The command on approved answers: list them, or write those that hold to a file."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path

from chatbot.curation.approved.export import rows, training_rows
from chatbot.errors import ChatError
from ui.cli.session import assistant_for, note, show


class NotWritten(ChatError):
    hint = "Name a file in a folder that may be written."


def approved(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    try:
        listed = assistant.approved.listed()
        if args.action == "export":
            return _export(args, list(training_rows(assistant.catalog, listed)))
        found = list(rows(assistant.catalog, listed))
        show(args, {"approved": found}, "\n".join(map(_line, found)) or "No answer was proposed.")
        return 0
    finally:
        assistant.close()


def _export(args: argparse.Namespace, found: list[dict[str, object]]) -> int:
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found)
    try:
        Path(args.file).write_text(text, encoding="utf-8")
    except OSError as error:
        raise NotWritten(f"{args.file} cannot be written: {error.strerror or error}.") from error
    note(args, "answer.exported", str(len(found)))
    what = "1 approved answer is" if len(found) == 1 else f"{len(found):,} approved answers are"
    show(args, {"written": len(found), "file": args.file}, f"{what} in {args.file}.")
    return 0


def _line(row: Mapping[str, object]) -> str:
    state = f"{row['state']}, stale" if row["stale"] else str(row["state"])
    return f"{row['id']}  [{state}]  {row['product'] or 'no product'}  {row['question']}"
