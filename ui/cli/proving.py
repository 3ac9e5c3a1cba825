"""The command that holds an adapter against pairs that it was not trained on, and against the one that is served: prove."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from adapters.errors import AdapterError
from ui.cli.session import assistant_for, note, show

if TYPE_CHECKING:
    from adapters.datasets.pairs import TrainingPair
    from adapters.registry import Card
    from chatbot.models.serving import Models
    from chatbot.trials.evaluation.proving import Proof


def prove(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from adapters.datasets.pairs import read_pairs
    from adapters.datasets.store import DataSets
    from chatbot.trials.evaluation.proving import held_out
    from chatbot.trials.evaluation.proving import prove as held_against

    models = assistant_for(args).models
    card = models.registry.card(args.name)
    sets = DataSets(models.registry.folder / "datasets")
    pairs = read_pairs(sets.file_of(args.pairs)[0])
    apart = held_out(pairs)
    hidden = args.json or not sys.stderr.isatty()
    with tqdm(total=len(apart), desc=args.name, disable=hidden) as bar:
        proof = held_against(
            models.writer_of(card),
            card.questions,
            apart,
            lambda done, _: bar.update(done - bar.n),
            models.deadline,
        )
    card = replace(card, scores={**card.scores, **proof.scores}, covered_from=proof.covered_from)
    models.registry.save(card)
    note(args, "adapter.proved", card.name)
    with tqdm(desc="beside the served one", disable=hidden) as bar:

        def progress(done: int, of: int) -> None:
            bar.total = of
            bar.update(done - bar.n)

        card, beside = _judged(models, card, pairs, proof, progress)
    data = {
        "name": card.name, "scores": proof.scores, "covered_from": proof.covered_from,
        "cases": [{**asdict(one), "right": one.right} for one in proof.cases],
        "verdict": {**asdict(card.verdict), "passed": card.verdict.passed} if card.verdict else None, "judged": beside,
    }  # fmt: skip
    show(args, data, f"{_words(card.name, proof)}\n{beside}")
    return 0


def _words(name: str, proof: Proof) -> str:
    facts = [one for one in proof.cases if not one.negative]
    negatives = [one for one in proof.cases if one.negative]
    told = [
        f"{sum(one.right for one in facts)} of {len(facts)} facts right in words it was not trained on"
    ]
    if negatives:
        declined = sum(one.right for one in negatives)
        told.append(f"{declined} of {len(negatives)} declined that it was not taught")
    return f"'{name}': {'; '.join(told)}. Auto trusts it from a nearness of {proof.covered_from:.2f} to a trained question on."


def _judged(
    models: Models,
    card: Card,
    pairs: Sequence[TrainingPair],
    proof: Proof,
    progress: Callable[[int, int], None],
) -> tuple[Card, str]:
    """Judge a card beside the served one and keep the verdict on it; return the card as it is now, and what came of it."""
    from adapters.registry import CardVerdict
    from chatbot.trials.evaluation.judging import Contender, judged

    served = models.registry.serving()
    if served is None:
        return card, "No adapter is served, so there is nothing to judge it against."
    if served.name == card.name:
        return card, "It is the adapter that is served, so there is nothing to judge it against."
    try:
        ours, theirs = (
            Contender(one, models.writer_of(one), models.base_of(one)) for one in (card, served)
        )
        verdict = judged(ours, theirs, pairs, proof, progress=progress, seconds=models.deadline)
    except AdapterError as error:  # the proof is kept; a verdict of before stays
        return (
            card,
            f"It was not judged against '{served.name}', which is served: {error} {error.hint}".rstrip(),
        )
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    failed = {rule.rule: rule.text for rule in verdict.failed}
    card = replace(
        card, verdict=CardVerdict(served.name, served.digest, verdict.words, failed, now)
    )
    models.registry.save(card)
    return card, f"Against '{served.name}', which is served: {verdict.words}"
