"""The command on training data: build pairs, import them, check, split, export and remove data sets."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from adapters.datasets.changes import changes
from adapters.datasets.cleaning import clean
from adapters.datasets.instructlab.export import write_taxonomy
from adapters.datasets.pairs import APART, TrainingPair
from adapters.datasets.preparing import imported, prepared, to_write, written
from adapters.datasets.presets import check
from adapters.datasets.reading.formats import read_any
from adapters.datasets.reading.report import ReadReport
from adapters.datasets.splitting import SHARES, counts, leaks
from adapters.datasets.store import DataSetContent, DataSets, Manifest
from adapters.errors import BadTrainingList, DataSetNotKept, NoSuchDataSet
from chatbot.curation.training_data.again import order_again
from chatbot.curation.training_data.building import BuildOrder, build
from chatbot.curation.training_data.exporting import taxonomy_for
from chatbot.grounding.language import language_of
from ui.cli.session import assistant_for, note, secured, settings_for, show, whoami

if TYPE_CHECKING:
    from tqdm import tqdm

    from chatbot.assistant import Assistant

SHOWN = 20  # notes that are printed; --json has all


@dataclass(frozen=True, slots=True)
class Anew:
    """The set that one was made anew from (its id, "" for none), and what that changed, as data and in lines."""

    after: str = ""
    found: Mapping[str, object] = field(default_factory=dict)
    told: Sequence[str] = ()


FIRST = Anew()


def dataset(args: argparse.Namespace) -> int:
    acts = {
        "list": _list, "build": _build, "import": _import, "check": _check, "split": _split, "export": _export,
        "remove": _remove, "again": _again,
    }  # fmt: skip
    return acts[args.action](args, DataSets(settings_for(args).folder / "adapters" / "datasets"))


def _list(args: argparse.Namespace, sets: DataSets) -> int:
    found = sets.listed()
    lines = [_line(one) for one in found]
    show(
        args, {"data_sets": [asdict(one) for one in found]}, "\n".join(lines) or "No data set yet."
    )
    return 0


def _build(args: argparse.Namespace, sets: DataSets) -> int:
    order = BuildOrder(
        tuple(args.product or ()), not args.no_approved, not args.no_templates, args.teacher,
        wordings=args.wordings,
    )  # fmt: skip
    assistant = assistant_for(args)
    try:
        for product in order.products:
            if product not in assistant.catalog.products():
                raise BadTrainingList(f"No manual is about '{product}'.")
        content = _built(args, assistant, order)
    finally:
        assistant.close()
    return _kept(args, sets, args.what[0], content, product=", ".join(order.products))


def _again(args: argparse.Namespace, sets: DataSets) -> int:
    """Build a set anew, and say what that changes of its pairs."""
    before = sets.find(args.what[0])
    old = sets.content(before.id)
    assistant = assistant_for(args)
    try:
        order = order_again(assistant.catalog, before, old)
        content = _built(args, assistant, order)
    finally:
        assistant.close()
    found = changes(old.pairs, content.pairs)
    more = {
        "entering": [asdict(pair) for pair in found.entering],
        "leaving": [asdict(pair) for pair in found.leaving],
        "changed": [{"before": asdict(a), "now": asdict(b)} for a, b in found.changed],
        "same": found.same,
    }
    told = [
        f"Beside the set before: {_pairs(len(found.entering))} new, {len(found.leaving):,} no longer there, "
        f"{len(found.changed):,} answered otherwise, {found.same:,} the same."
    ]
    return _kept(
        args, sets, before.name, content, product=", ".join(order.products), anew=Anew(before.id, more, told)
    )  # fmt: skip


def _built(args: argparse.Namespace, assistant: Assistant, order: BuildOrder) -> DataSetContent:
    """The set that an order makes, with a bar on the terminal while it is made."""
    bars: dict[str, tqdm[Any]] = {}

    def progress(what: str, done: int, total: int) -> None:
        from tqdm import tqdm

        quiet = args.json or not sys.stderr.isatty()
        bar = bars.setdefault(what, tqdm(total=total, desc=what, disable=quiet))
        bar.update(done - bar.n)

    try:
        made = build(assistant, order, progress)
    finally:
        for bar in bars.values():
            bar.close()
    return prepared(DataSetContent(made.pairs, made.contexts, made.notes, made.sources))


def _import(args: argparse.Namespace, sets: DataSets) -> int:
    reports: dict[str, ReadReport] = {}
    for path in map(Path, args.what[1:]):
        name = path.absolute().name
        while name in reports:  # qna.yaml of several folders
            name = f"{name} (again)"
        reports[name] = read_any(path)
    return _kept(args, sets, args.what[0], prepared(imported(reports)))


def _split(args: argparse.Namespace, sets: DataSets) -> int:
    """Split a set anew; what comes of it is a set of its own, because a set never changes."""
    manifest = sets.find(args.what[0])
    content = sets.content(manifest.id)
    bare = [replace(pair, split="") for pair in content.pairs]
    name = args.what[1] if len(args.what) > 1 else manifest.name
    made = prepared(replace(content, pairs=bare), _shares(args.shares), args.leaks)
    return _kept(args, sets, name, made, product=manifest.product)


def _kept(
    args: argparse.Namespace,
    sets: DataSets,
    name: str,
    content: DataSetContent,
    *,
    product: str = "",
    anew: Anew = FIRST,
) -> int:
    secured(settings_for(args).folder)
    manifest = sets.keep(name, content, made_by=whoami(), product=product, after=anew.after)
    note(args, "dataset.made", f"{manifest.name} ({manifest.id})")
    data = {**asdict(manifest), "splits": counts(content.pairs), "notes": [asdict(n) for n in content.notes], **anew.found}  # fmt: skip
    lines = [_line(manifest), *_splits(content.pairs), *_notes(content), *anew.told]
    show(args, data, "\n".join([*lines, f"Look at it with: run.py dataset check {manifest.id}"]))
    return 0


def _check(args: argparse.Namespace, sets: DataSets) -> int:
    name, pairs, faults = _pairs_of(args.what[0], sets)
    cleaned, leaking = clean(pairs), leaks(pairs)
    kinds = check(pairs, language_of)
    data = {
        "name": name, "pairs": len(pairs), "splits": counts(pairs), "not_read": faults,
        "findings": [asdict(one) for one in cleaned.findings],
        "leaks": [{"question": one.pair.question, "trained": one.trained.question, "why": one.why} for one in leaking],
        "presets": [
            {"preset": one.preset.key, "fits": one.fits, "requirements": [asdict(need) for need in one.requirements]}
            for one in kinds
        ],
    }  # fmt: skip
    lines = [f"{name}: {_pairs(len(pairs))}", *_splits(pairs), *faults[:SHOWN]]
    lines += [
        f"  {'remove' if one.removed else 'look at'} pair {one.place}, “{one.question[:80]}”: {one.why}"
        for one in cleaned.findings[:SHOWN]
    ]
    lines += [f"  leaks: “{one.pair.question[:80]}”: {one.why}" for one in leaking[:SHOWN]]
    for kind in kinds:
        lines.append(f"{kind.preset.name}: {'fits' if kind.fits else 'does not fit'}. {kind.preset.gives}")  # fmt: skip
        lines += [f"  {text}" for text in kind.missing]
    show(args, data, "\n".join(lines))
    return 0


def _export(args: argparse.Namespace, sets: DataSets) -> int:
    which, target = args.what[0], Path(args.what[1])
    manifest = sets.find(which)
    content = sets.content(manifest.id)
    told = ""
    if args.form == "instructlab":
        assistant = assistant_for(args)
        try:
            tree = taxonomy_for(assistant.catalog, manifest, content, args.repository or "")
        finally:
            assistant.close()
        write_taxonomy(tree, target)
        count = len(content.pairs)
        data: dict[str, object] = {"leaves": tree.leaves, "placed": tree.placed, "left": dict(tree.left)}  # fmt: skip
        told = f" {_pairs(tree.placed)} in {len(tree.leaves)} qna.yaml files." + "".join(
            f" {count} only beside them: {why}." for why, count in tree.left.items()
        )
    else:
        chosen = to_write(content.pairs, args.form, args.split or "")
        if not chosen:
            raise BadTrainingList(
                f"'{manifest.name}' has no pair of the split {args.split or 'train'}."
            )
        told = _apart(args, content.pairs)
        try:
            target.write_text(written(chosen, args.form), encoding="utf-8", newline="\n")
        except OSError as error:
            raise DataSetNotKept(f"{target} cannot be written: {error.strerror or error}.") from error  # fmt: skip
        data = {}
        count = len(chosen)
    note(args, "dataset.exported", f"{manifest.name} ({manifest.id})")
    data |= {"file": str(target), "pairs": count}
    show(args, data, f"{_pairs(count)} of '{manifest.name}' stand in {target}.{told}")
    return 0


def _apart(args: argparse.Namespace, pairs: Sequence[TrainingPair]) -> str:
    """Which pairs a file without splits leaves out, and how to get them."""
    if args.form == "jsonl" or args.split:
        return ""
    left = [
        f"{len(found):,} of {name}" for name in APART if (found := to_write(pairs, args.form, name))
    ]
    return (
        f" Set apart and not in it: {' and '.join(left)} (--split writes one of them)."
        if left
        else ""
    )


def _remove(args: argparse.Namespace, sets: DataSets) -> int:
    manifest = sets.remove(sets.find(args.what[0]).id)
    note(args, "dataset.removed", f"{manifest.name} ({manifest.id})")
    show(args, asdict(manifest), f"'{manifest.name}' is removed.")
    return 0


def _pairs_of(which: str, sets: DataSets) -> tuple[str, Sequence[TrainingPair], list[str]]:
    """The pairs of a kept set, or of a file or folder; and what of it could not be read."""
    path = Path(which)
    try:
        manifest = sets.find(which)
    except NoSuchDataSet:
        if not path.exists():
            raise
        report = read_any(path)
        return path.name, report.pairs, [str(fault) for fault in (*report.faults, *report.notes)]
    return manifest.name, sets.content(manifest.id).pairs, []


def _shares(text: str) -> tuple[int, int, int]:
    parts = text.split("/")
    if len(parts) == 3 and all(part.isdecimal() for part in parts):
        train, validation, test = (int(part) for part in parts)
        if train and train + validation + test == 100:
            return train, validation, test
    raise BadTrainingList(f"'{text}' are no shares; say for example {'/'.join(map(str, SHARES))}.")


def _line(one: Manifest) -> str:
    about = f"  [{one.product}]" if one.product else ""
    return f"{one.id}  {one.name}{about}  {_pairs(one.pairs)}, made {one.made_at[:10]} by {one.made_by or 'somebody'}"


def _pairs(count: int) -> str:
    return "1 pair" if count == 1 else f"{count:,} pairs"


def _splits(pairs: Sequence[TrainingPair]) -> list[str]:
    found = counts(pairs)
    rows = []
    for name in ("train", *APART, ""):
        if name in found:
            kinds = ", ".join(
                f"{n:,} {kind}" for kind, n in found[name].items() if kind != "groups"
            )
            groups = found[name]["groups"]
            rows.append(
                f"  {name or 'not split':11} {kinds}; {groups:,} {'group' if groups == 1 else 'groups'}"
            )
    return rows


def _notes(content: DataSetContent) -> list[str]:
    """How often what happened on the way, and the first of each."""
    told = [f"  {what}: {n:,}" for what, n in Counter(one.what for one in content.notes).items()]
    told += [f"    {one.what}, {one.where}: {one.why}" for one in content.notes[:SHOWN]]
    more = len(content.notes) - SHOWN
    return [*told, f"    … and {more:,} more; --json has all"] if more > 0 else told
