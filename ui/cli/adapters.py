"""The commands on adapters: demo, models, import, promote, rollback-model."""

from __future__ import annotations

import argparse
import re
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from adapters.datasets.store import DataSets
from adapters.errors import CardError
from adapters.registry import Card, Registry
from adapters.servers.base import full_name
from ui.cli.session import assistant_for, note, settings_for, show, whoami
from ui.models.words import verdict_words


def demo(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from chatbot.operations.deployment import open_assistant, open_library_for, run_demo

    settings = settings_for(args)
    library = open_library_for(settings)
    assistant = open_assistant(settings, library)
    bars: dict[str, tqdm[Any]] = {}

    def progress(what: str, done: int, total: int) -> None:
        bar = bars.setdefault(
            what, tqdm(total=total, desc=what, disable=args.json or not sys.stderr.isatty())
        )
        bar.update(done - bar.n)

    card = run_demo(assistant, library, progress)
    for bar in bars.values():
        bar.close()
    text = (
        f"The demonstration adapter '{card.name}' is served. It knows fifty facts of the sample manual of the Aurora X200. Its base,"
        " SmolLM2 with 135 million parameters, is too small to answer from passages: answers from manuals are quotes.\n"
        'Try: run.py ask "What does error E04 mean on the X200?"'
    )
    show(args, asdict(card), text)
    return 0


def import_(args: argparse.Namespace) -> int:
    from adapters.publishing.publish import PublishRequest
    from chatbot.operations.deployment import import_adapter

    assistant = assistant_for(args)
    name = args.name or _name_for(args.source, assistant.models.registry)
    base_folder = Path(args.base_folder) if args.base_folder else None
    order = PublishRequest(name, base=args.base or "", base_folder=base_folder, style=args.style)
    training = None
    if args.training:
        path = Path(args.training)
        sets = DataSets(assistant.models.registry.folder / "datasets")
        training = path if path.exists() else sets.file_of(args.training)[0]
    card = import_adapter(assistant, args.source, order, training)
    note(args, "adapter.imported", card.name)
    unknown = (
        " What it was trained on is unknown, so Tandem cannot tell what is news to it."
        if card.trained_on is None
        else ""
    )
    equal = _compared(args.source, card)
    show(
        args,
        asdict(card),
        f"'{card.name}' is imported as {card.model}.{unknown}{equal} Serve it with: run.py promote {card.name}",
    )
    return 0


def _name_for(source: str, registry: Registry) -> str:
    """A card's name from where the adapter comes from. Raises CardError where another adapter has that name.

    A model server's "support:v1.6" is "support-v1.6": what follows a dot there is no ending of a file.
    """
    path = Path(source)
    if path.exists():
        name = (path.stem if path.is_file() else path.absolute().name).replace(":", "-")
    else:
        name = re.sub(r"[:/]", "-", source.removesuffix(":latest"))
        known = next((card for card in registry.cards() if card.name == name), None)
        if known is not None and known.model != full_name(source):
            raise CardError(
                f"'{name}' is the name of another adapter ({known.model}); choose one with --name."
            )
    return name


def _compared(source: str, card: Card) -> str:
    from adapters.publishing.trained import in_words, outcome_of

    outcome = outcome_of(source)
    return f" {in_words(outcome, card.scores)}" if outcome else ""


def models(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    serving = assistant.models.status()
    served = assistant.models.registry.serving()
    cards = assistant.models.registry.cards()
    data = {
        "server": serving.state, "chat_model": serving.chat.model if serving.chat else "",
        "served": served.name if served else "", "adapters": [asdict(card) for card in cards],
    }  # fmt: skip
    lines = [
        f"model server: {serving.state}{f', {serving.server}' if serving.server else ''}",
        f"documents are answered by: {data['chat_model'] or 'quotes'}. {serving.why}".rstrip(),
    ]
    for card in cards:
        known = "unknown" if card.trained_on is None else f"{len(card.trained_on)} passages"
        base = f"on {card.base}" if card.base else "a model of its own"
        lines.append(
            f"{'*' if served and card.name == served.name else ' '} {card.name}  {card.model} {base}, trained on {known}"
        )
        if said := verdict_words(card, served):
            lines.append(f"    {said}")
    show(args, data, "\n".join([*lines, *assistant.models.registry.faults(), serving.reason]))
    return 0


def promote(args: argparse.Namespace) -> int:
    assistant = assistant_for(args)
    done = assistant.models.promote(args.name, args.because, whoami())
    name, before, aside = done.card.name, done.before, done.overridden
    if aside is not None:  # in a log that is begun for it: nobody sets a verdict aside unseen
        assistant.audit.note(aside.by, "adapter.overridden", f"{name}: {aside.reason}")
    note(args, "adapter.promoted", name)
    told = {
        "held back": f" It was held back against '{before}', and is served for your reason.",
        "unjudged": f" It was not judged against '{before}', which was served until now; run.py prove does that.",
        "elsewhere": f" It was not judged against '{before}' as it was served until now; run.py prove does that.",
    }.get(done.standing, "")
    unused = " The reason was not needed, and is not kept." if args.because and not aside else ""
    data = {**asdict(done.card), "standing": done.standing, "before": before}
    show(args, data, f"'{name}' is served.{told}{unused}")
    return 0


def rollback_model(args: argparse.Namespace) -> int:
    card = assistant_for(args).models.registry.roll_back()
    note(args, "adapter.rolledback", card.name)
    show(args, asdict(card), f"'{card.name}' is served again.")
    return 0
