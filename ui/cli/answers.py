"""The commands on questions and answers: search, ask, check, evaluate."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chatbot.errors import BadDraft, cause
from knowledge.errors import NoSuchProduct
from ui.cli.session import assistant_for, sentence, show

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


def search(args: argparse.Namespace) -> int:
    from ui.cli import output

    assistant = assistant_for(args)
    found = assistant.search.find(args.question, product_of(args, assistant), args.limit)
    rows = [output.evidence_row(one) for one in found.evidence]
    lines = [f"match {found.match:.2f}", *(output.evidence_lines(one) for one in found.evidence)]
    show(
        args,
        {"match": found.match, "asked": found.asked, "product": found.product, "passages": rows},
        "\n".join(lines),
    )
    return 0


def product_of(args: argparse.Namespace, assistant: Assistant) -> str:
    """The product that --product names, "" without. Raises NoSuchProduct where no manual is about it."""
    known = assistant.catalog.products()
    asked = assistant.catalog.by_product_name(str(args.product or ""))
    if asked and known and asked.casefold() not in map(str.casefold, known):
        raise NoSuchProduct(f"There is no manual for the product '{asked}'.")
    return asked


def ask(args: argparse.Namespace) -> int:
    if args.batch:
        return ask_batch(args)
    from chatbot.assistant import ask_once
    from chatbot.conversations.types import Question
    from ui.cli import output

    assistant = assistant_for(args)
    question = Question(args.question, args.mode, product_of(args, assistant))
    answer = ask_once(assistant, question)
    show(args, output.answer_row(answer), output.answer_lines(answer))
    assistant.close()
    return 0


def ask_batch(args: argparse.Namespace) -> int:
    from chatbot.conversations.types import Answer
    from chatbot.trials.evaluation.batch import answers, read_batch
    from ui.cli import output

    cases = read_batch(Path(args.batch))
    assistant = assistant_for(args)
    failed = 0
    for case, answer in answers(assistant, cases):
        if isinstance(answer, Answer):
            row = {"id": case.id, **output.answer_row(answer), "sections": output.offered(answer)}
            show(args, row, f"{case.id}: {case.turns[-1]}\n{output.answer_lines(answer)}\n")
        else:
            failed += 1
            show(
                args, {"id": case.id, "error": sentence(answer)}, f"{case.id}: {sentence(answer)}\n"
            )
    assistant.close()
    return 1 if failed else 0


def check(args: argparse.Namespace) -> int:
    from chatbot.answers.messages import NOTHING_TO_CHECK
    from chatbot.grounding.reply_check import check_against, check_draft, read_passages
    from ui.cli import output

    text = sys.stdin.read() if args.file == "-" else read_draft(Path(args.file))
    if args.passages:
        passages = read_passages(Path(args.passages))
        rows = [
            output.verdict_row(sentence, verdict, passages)
            for sentence, verdict in check_against(passages, text)
        ]
    else:
        assistant = assistant_for(args)
        if not assistant.catalog.counts().manuals:
            print(NOTHING_TO_CHECK, file=sys.stderr)
        rows = [
            output.checked_row(one)
            for one in check_draft(
                assistant.catalog,
                assistant.search,
                text,
                product_of(args, assistant),
                assistant.second_opinion(),
            )
        ]
        assistant.close()
    show(args, {"sentences": rows}, "\n".join(map(output.checked_lines, rows)))
    return 0


def read_draft(path: Path) -> str:
    """The text of a file. Raises BadDraft."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadDraft(f"The reply {path} cannot be read: {cause(error)}.") from error


def evaluate(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from chatbot.trials.evaluation.evaluate import evaluate as run_cases
    from chatbot.trials.evaluation.evaluate import read_cases
    from ui.cli import output

    cases = read_cases(Path(args.cases))
    assistant = assistant_for(args)
    reports = {}
    for mode in args.mode or ["documents"]:
        with tqdm(
            total=len(cases), unit="case", desc=mode, disable=args.json or not sys.stderr.isatty()
        ) as bar:
            reports[mode] = output.report_row(
                run_cases(assistant, cases, mode, args.manual or "", bar.update)
            )
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
