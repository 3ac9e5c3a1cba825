"""Tandem's command line: what can be said on it. The commands themselves are in ``ui.cli``."""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
from collections.abc import Sequence
from typing import Any

from adapters.errors import AdapterError
from chatbot.errors import ChatError
from knowledge.errors import KnowledgeError
from ui.cli import (
    adapters,
    answers,
    approved,
    datasets,
    installation,
    manuals,
    proving,
    training,
    trials,
    users,
)
from ui.cli.session import printable, sentence

# What stands behind an action of ``dataset``, and how many words that are at least and at most.
DATASET_NEEDS = {
    "list": "nothing more",
    "build": "a NAME",
    "import": "a NAME and a FILE or more",
    "check": "a SET or a FILE",
    "again": "a SET",
    "split": "a SET, and a NAME if the new set is to have another one",
    "export": "a SET and a TARGET",
    "remove": "a SET",
}
WORDS = {"list": (0, 0), "import": (2, 10_000), "split": (1, 2), "export": (2, 2)}
FAILURES = (KnowledgeError, ChatError, AdapterError)


def count(typed: str) -> int:
    """A number of things, at least one. Raises argparse.ArgumentTypeError."""
    if not typed.strip().isdecimal() or int(typed) < 1:
        raise argparse.ArgumentTypeError(f"'{typed}' is not a number of 1 or more")
    return int(typed)


def parser() -> argparse.ArgumentParser:
    """The command line; --data and --json may stand before or after the command."""
    both = argparse.ArgumentParser(add_help=False)
    both.add_argument(
        "--data",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="data folder (default: TANDEM_DATA, else a per-user folder)",
    )
    both.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="print JSON")
    top = argparse.ArgumentParser(
        prog="run.py",
        parents=[both],
        description="Tandem: cited answers from product manuals. Without a command: serve.",
    )
    commands = top.add_subparsers(dest="command", metavar="COMMAND")

    def command(function: Any, help: str) -> argparse.ArgumentParser:  # noqa: A002 - argparse's word
        name = function.__name__.strip("_").replace("_", "-")
        made = commands.add_parser(name, parents=[both], help=help, description=help)
        made.set_defaults(run=function)
        return made

    made = command(installation.serve, "start the pages in the browser (the default)")
    made.add_argument("--host", help="address (default 127.0.0.1)")
    made.add_argument("--port", type=int, help="port (default 7860; 0: any free one)")
    made.add_argument("--no-browser", action="store_true", help="do not open a browser")
    made = command(manuals.add, "add manuals: files, folders or globs")
    made.add_argument("files", nargs="+", metavar="FILE")
    made.add_argument("--product", help="the product they are about")
    made.add_argument("--manual", help="the manual's name; the same name is a new version of it")
    made.add_argument(
        "--draft", action="store_true", help="store only; `manuals publish ID` makes it live"
    )
    made = command(
        manuals.manuals, "list manuals or removed ones, publish a draft, roll back, remove, restore"
    )
    made.add_argument(
        "action", nargs="?", choices=["publish", "rollback", "remove", "restore", "removed"]
    )
    made.add_argument(
        "which", nargs="?", metavar="MANUAL", help="id or name; for publish the version_id"
    )
    made = command(manuals.remove, "remove a manual from search; what was cited stays readable")
    made.add_argument("which", metavar="MANUAL", help="id or name")
    command(
        manuals.reindex,
        "fill the search engine that TANDEM_INDEX names; may be stopped and run again",
    )
    made = command(answers.search, "show the best passages for a question")
    made.add_argument("question")
    made.add_argument("--product", help="look only in this product's manuals")
    made.add_argument(
        "--limit", type=count, default=10, metavar="N", help="at most N passages (default 10)"
    )
    made = command(answers.ask, "answer a question with citations")
    made.add_argument("question", nargs="?")
    made.add_argument(
        "--batch",
        metavar="FILE",
        help='answer the cases of a file, one {"id", "turns", "product", "mode"} a line',
    )
    made.add_argument("--mode", choices=["auto", "documents", "adapter", "both"], default="auto")
    made.add_argument("--product", help="answer only from this product's manuals")
    made = command(answers.check, "check a text sentence by sentence against the manuals")
    made.add_argument("file", metavar="FILE", help="the text to check; - reads standard input")
    made.add_argument(
        "--passages",
        metavar="FILE",
        help='check against these instead: {"passages": [{"text": "…"}]}',
    )
    made.add_argument("--product", help="look only in this product's manuals")
    made = command(answers.evaluate, "measure search and answers on a case file (JSON lines)")
    made.add_argument("--cases", required=True, metavar="FILE")
    made.add_argument(
        "--mode",
        action="append",
        choices=["auto", "documents", "adapter", "both"],
        help="may be repeated",
    )
    made.add_argument("--manual", help="the manual of cases that name none")
    command(
        adapters.demo,
        "train an adapter on a real small base with the sample manual, publish and serve it on a local Ollama (11 to 22 CPU-minutes)",
    )
    command(adapters.models, "list adapters and what is served")
    made = command(
        adapters.import_,
        "take in an adapter: its name on the model server, a PEFT folder or a GGUF file",
    )
    made.add_argument("source", metavar="SOURCE")
    made.add_argument("--name", help="the adapter's name here (default: from SOURCE)")
    made.add_argument("--base", help="its base model on the server")
    made.add_argument(
        "--base-folder",
        metavar="DIR",
        help="the base's weights (a folder, or a GGUF file), for merging or when the server lacks it",
    )
    made.add_argument(
        "--training",
        metavar="FILE",
        help="what it was trained on: a data set by its name, JSON lines of {question, answer, passage_hash}, or pairs in another tool's form",
    )
    made.add_argument(
        "--style",
        choices=["standard", "plain"],
        default="standard",
        help="prompt style it understands",
    )
    made = command(
        training.train,
        "train an adapter on pairs of question and answer (needs requirements-train.txt); stop it and go on",
    )
    made.add_argument(
        "--pairs",
        metavar="PAIRS",
        help='a data set by its name, or JSON lines of {"question", "answer"}, also "kind": fact, negative or style; "split": train, validation, test or reworded;'
        ' "passage_hash"',
    )
    made.add_argument(
        "--base",
        metavar="BASE",
        help="smollm2 (the default; in the wheel of requirements-model.txt), a GGUF file, a folder in transformers' form, or"
        " a model that a local Ollama has",
    )
    made.add_argument(
        "--out", metavar="DIR", help="where to put the adapter (default: in the data folder)"
    )
    for name, kind, help_text in (
        ("rank", int, "rank of the LoRA layers"),
        ("alpha", int, "their scale times the rank (default: twice the rank)"),
        ("rate", float, "highest learning rate"),
        ("epochs", int, "how often each pair is seen"),
        ("batch", int, "pairs a step"),
        ("seed", int, "of everything that is drawn"),
        ("length", int, "most tokens of a pair"),
        ("keep-every", int, "steps between checkpoints"),
        ("patience", int, "epochs in which validation gets no better before it ends; 0: never"),
    ):
        made.add_argument(f"--{name}", type=kind, metavar="N", help=help_text)
    made.add_argument(
        "--modules", metavar="LIST", help="layers to adapt (default: all linear ones)"
    )
    made.add_argument(
        "--system", metavar="TEXT", help="other rules than those the adapter meets in Tandem"
    )
    made.add_argument("--cut-off", metavar="DATE", help="date of the newest source, for the card")
    made.add_argument(
        "--explain", action="store_true", help="say the settings and why; train nothing"
    )
    made.add_argument(
        "--export",
        metavar="DIR",
        help="write a bundle that trains the same on another machine with one command",
    )
    made.add_argument(
        "--stop", action="store_true", help="let the training in --out end after its step"
    )
    made.add_argument(
        "--resume",
        action="store_true",
        help="go on with the training in --out, to the same weights",
    )
    made = command(
        proving.prove,
        "hold an adapter against pairs that it was not trained on, and against the one that is served",
    )
    made.add_argument("name")
    made.add_argument(
        "--pairs", required=True, help="a data set by its name, or JSON lines of pairs with a split"
    )
    made = command(
        adapters.promote, "serve this adapter, unless it is held back against the served one"
    )
    made.add_argument("name")
    made.add_argument(
        "--because",
        default="",
        metavar="REASON",
        help="serve it though it is held back; for the audit log",
    )
    command(adapters.rollback_model, "serve the adapter before this one again")
    made = command(
        users.users,
        "list who may sign in, add, remove, give roles and passwords; export or erase what somebody asked",
    )
    made.add_argument(
        "action",
        nargs="?",
        choices=["list", "add", "role", "password", "export", "erase", "remove"],
        default="list",
    )
    made.add_argument("name", nargs="?", metavar="NAME", help="a name or an e-mail address")
    made.add_argument(
        "--role",
        action="append",
        choices=["agent", "admin", "engineer"],
        help="for add and role; may be repeated (default: agent)",
    )
    made.add_argument(
        "--link",
        action="store_true",
        help="for add and password: print a link with which they choose a password themselves",
    )
    made.add_argument("--erase", action="store_true", help="for remove: erase what they asked, too")
    made = command(
        approved.approved,
        "list the answers that were proposed or approved; export those that hold, a JSON line each",
    )
    made.add_argument("action", nargs="?", choices=["list", "export"], default="list")
    made.add_argument("file", nargs="?", metavar="FILE", help="for export: the file to write")
    made = command(
        datasets.dataset,
        "training data: build pairs from approved answers and manuals, import, check, split, export",
    )
    made.add_argument(
        "action", choices=["list", "build", "again", "import", "check", "split", "export", "remove"]
    )
    made.add_argument(
        "what",
        nargs="*",
        metavar="WHAT",
        help="build NAME; again SET (anew, from today's manuals); import NAME FILE…; check SET or FILE; split SET [NAME]; export SET TARGET; remove SET",
    )
    made.add_argument(
        "--product", action="append", help="for build: only from this product; may be repeated"
    )
    made.add_argument(
        "--teacher", action="store_true", help="for build: let the chat model write pairs as well"
    )
    made.add_argument("--no-approved", action="store_true", help="for build: no approved answers")
    made.add_argument(
        "--no-templates", action="store_true", help="for build: no questions by templates"
    )
    made.add_argument(
        "--wordings", type=int, choices=range(1, 7), default=5, help="for build: questions a fact"
    )
    made.add_argument(
        "--shares", default="80/10/10", help="for split: training/validation/test, of 100 groups"
    )
    made.add_argument(
        "--leaks",
        choices=["move", "drop"],
        default="move",
        help="for split: what to do with test questions that training answers",
    )
    made.add_argument(
        "--form",
        choices=["jsonl", "chat", "alpaca", "instructlab"],
        default="jsonl",
        help="for export: JSON lines with all that is known, chat messages, Alpaca, or a taxonomy folder",
    )
    made.add_argument(
        "--split",
        choices=["train", "validation", "test", "reworded"],
        help="for export: only these (chat and alpaca, which cannot name a split, write train by themselves)",
    )
    made.add_argument(
        "--repository", help="for a taxonomy: the URL under which its documents.git will be reached"
    )
    command(trials.trials, "say what the votes of blind comparisons show, trial by trial")
    command(installation.doctor, "check the installation and show every setting")
    return top


def fits(action: str, words: int) -> bool:
    """Say whether so many words may stand behind an action of ``dataset``."""
    least, most = WORDS.get(action, (1, 1))
    return least <= words <= most


def main(arguments: Sequence[str]) -> int:
    """Runs one command: 0 done, 1 failed with one sentence on stderr, 2 wrong usage."""
    made = parser()
    # Shared by the commands' parsers, the two options have no default of their own: one would undo the other's value.
    args, rest = made.parse_known_args(arguments, argparse.Namespace(data=None, json=False))
    if args.command is None:
        args = made.parse_args(["serve", *arguments], argparse.Namespace(data=None, json=False))
    elif rest:
        made.error(f"unknown: {' '.join(rest)}")
    if args.command == "manuals" and args.action not in (None, "removed") and not args.which:
        made.error(f"manuals {args.action} needs a manual")
    if args.command == "users" and args.action != "list" and not args.name:
        made.error(f"users {args.action} needs a name")
    if args.command == "approved" and (args.action == "export") == (args.file is None):
        made.error("approved export needs a FILE, the list none")
    if args.command == "dataset" and not fits(args.action, len(args.what)):
        made.error(f"dataset {args.action} needs {DATASET_NEEDS[args.action]}")
    if args.command == "ask" and (args.question is None) == (args.batch is None):
        made.error("ask needs a question, or --batch FILE")
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except FAILURES as error:
        print(sentence(error), file=sys.stderr)
        return 1
    except sqlite3.Error as error:  # a library with a table or a column missing
        print(
            printable(f"The library is damaged ({error}). Run doctor, or restore a backup."),
            file=sys.stderr,
        )
        return 1
    except BrokenPipeError:  # the reader of our output has seen enough, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
