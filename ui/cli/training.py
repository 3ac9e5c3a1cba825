"""The command that trains an adapter: train."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.datasets.store import DataSets
from adapters.errors import CannotTrain
from ui.cli.session import printable, secured, settings_for, show

if TYPE_CHECKING:
    from adapters.training.record import Order, TrainingResult
    from adapters.training.session import Wish

CHOSEN = ("rank", "alpha", "rate", "epochs", "batch", "seed", "length", "keep_every", "patience")


def train(args: argparse.Namespace) -> int:
    from adapters.training import session
    from adapters.training.record import read_order

    settings = settings_for(args)
    stem = "adapter"
    if args.pairs:
        sets = DataSets(settings.folder / "adapters" / "datasets")
        args.pairs, stem = sets.file_of(args.pairs)
    folder = (
        Path(args.out) if args.out else settings.folder / "adapters" / "trained" / stem
    ).absolute()
    if args.stop:
        read_order(folder)  # says so where none was begun
        session.ask_to_stop(folder)
        show(
            args, {"folder": str(folder)}, "The training ends after its step; go on with --resume."
        )
        return 0
    if not args.resume:
        if not args.pairs:
            raise CannotTrain(
                "train needs --pairs with a file or a data set, or --resume with the --out of a stopped training."
            )
        wish = _wish(args)
        if args.explain:
            return _explained(args, wish)
        if args.export:
            return _exported(args, wish)
        if not args.out:
            secured(settings.folder)
        session.begin(wish, folder)
    elif args.pairs and _changed(args.pairs, folder):
        raise CannotTrain(
            f"{args.pairs} is not what this training began with; train it anew, into another folder (--out)."
        )
    return _trained(args, folder)


def _changed(pairs: Path, folder: Path) -> bool:
    from adapters.training.record import read_order, sha256_of

    return sha256_of(pairs) != read_order(folder).pairs_sha256


def _wish(args: argparse.Namespace) -> Wish:
    from adapters.training.bases import find_base
    from adapters.training.record import Prompt
    from adapters.training.session import Wish
    from chatbot.models.prompts import STYLES, user_text

    chosen: dict[str, object] = {name: getattr(args, name) for name in CHOSEN}
    if args.modules:
        chosen["modules"] = tuple(name.strip() for name in args.modules.split(",") if name.strip())
    try:
        args.cut_off and date.fromisoformat(args.cut_off)
    except ValueError as error:
        raise CannotTrain(
            f"'{args.cut_off}' is no date; say the day of the newest source, such as 2026-11-28."
        ) from error
    # The very prompt that the adapter meets when it is served.
    prompt = Prompt(args.system or STYLES["standard"].adapter, user_text("", "{question}"))
    base = find_base(args.base or "", _server(args) if _is_served(args.base) else None)
    return Wish(args.pairs, base, prompt, chosen, args.cut_off or "")


def _is_served(named: str | None) -> bool:
    from adapters.training.bases import SMALL

    return bool(named) and named != SMALL and not Path(named or "").expanduser().exists()


def _server(args: argparse.Namespace) -> Any:
    from chatbot.operations.deployment import server_of
    from ui.cli.session import assistant_for

    return server_of(assistant_for(args))


def _explained(args: argparse.Namespace, wish: Wish) -> int:
    from adapters.training.plan import as_record, explain, room_for

    plan, count, base = wish.plan(), wish.count(), wish.base
    why = explain(plan, base.parameters, count)
    room = room_for(plan, base.parameters, base.layers, base.width, base.inner)
    values = as_record(plan)
    data = {
        "base": base.name, "parameters": base.parameters, "pairs": count, "steps": plan.steps(count),
        "settings": values, "why": why, "memory": room.memory, "disk": room.disk,
    }  # fmt: skip
    lines = [
        f"{base.name}: {base.parameters:,} parameters; {count} pairs, {plan.steps(count)} steps;"
        f" about {room.memory / (1 << 30):.1f} GB of memory, {room.disk / (1 << 30):.1f} GB of disk."
    ]
    for name, word in why.items():
        value = values[name]
        lines.append(f"{name:10} {', '.join(value) if isinstance(value, list) else value}: {word}")
    show(args, data, "\n".join(lines))
    return 0


def _exported(args: argparse.Namespace, wish: Wish) -> int:
    from adapters.training.bundle import export

    folder = Path(args.export).absolute()
    order = export(wish, folder)
    text = (
        f"The bundle is in {folder}; its README.txt says the one command. Import what it makes with:"
        " run.py import result --name NAME"
    )
    show(args, {"folder": str(folder), "order": order.as_record()}, text)
    return 0


def _trained(args: argparse.Namespace, folder: Path) -> int:
    from adapters.training import session
    from adapters.training.record import read_order

    def ended(*_: object) -> None:
        raise KeyboardInterrupt

    order = read_order(folder)
    before = signal.signal(signal.SIGTERM, ended)
    try:
        outcome = session.train(folder, _Shown(args))
    except KeyboardInterrupt:
        outcome = None
    finally:
        signal.signal(signal.SIGTERM, before)
    if outcome is None:
        text = f"Stopped. Go on with: run.py train --resume --out {folder}"
        show(args, {"stopped": True, "folder": str(folder)}, text)
        return 0
    show(args, _as_data(order, outcome, folder), _in_words(outcome, folder))
    return 0


class _Shown:
    """Progress for whoever watches: JSON lines with --json, a bar on a terminal, else a line now and then."""

    def __init__(self, args: argparse.Namespace) -> None:
        self._json, self._tenth = args.json, -1
        self._bar: Any = None

    def __call__(self, line: Mapping[str, object]) -> None:
        if self._json:
            import json

            print(json.dumps(line), flush=True)
        elif "step" in line:
            self._step(line)
        elif "phase" in line:
            print(printable(f"{line['phase']} …"), file=sys.stderr)

    def _step(self, line: Mapping[str, object]) -> None:
        done, total = int(str(line["step"])), int(str(line["of"]))
        if sys.stderr.isatty():
            from tqdm import tqdm

            if self._bar is None:
                self._bar = tqdm(total=total, initial=done - 1, desc="training")
            self._bar.set_postfix(loss=line["loss"], refresh=False)
            self._bar.update(done - self._bar.n)
            if done == total:
                self._bar.close()
        elif done * 10 // total != self._tenth:
            self._tenth = done * 10 // total
            minutes = float(str(line["remaining"])) / 60
            print(
                f"step {done} of {total}, loss {line['loss']}, {minutes:.1f} minutes left", file=sys.stderr, flush=True
            )  # fmt: skip


def _as_data(order: Order, outcome: TrainingResult, folder: Path) -> dict[str, object]:
    return {
        "folder": str(folder), "base": order.base.name, "steps": outcome.steps, "loss": outcome.losses[-1][1],
        "validation": outcome.validation[-1][1] if outcome.validation else None, "stopped_early": outcome.early,
        "passages": None if outcome.passages is None else len(outcome.passages), "kinds": dict(outcome.kinds),
        "cpu_seconds": outcome.cpu_seconds, "sha256": outcome.adapter_sha256,
    }  # fmt: skip


def _in_words(outcome: TrainingResult, folder: Path) -> str:
    early = (
        " It ended early: the pairs of the validation no longer got better."
        if outcome.early
        else ""
    )
    return (
        f"Trained: {outcome.steps} steps, loss {outcome.losses[0][1]:.2f} to {outcome.losses[-1][1]:.2f},"
        f" {outcome.cpu_seconds / 60:.1f} CPU-minutes.{early}\nServe it with: run.py import {folder} --name NAME"
    )
