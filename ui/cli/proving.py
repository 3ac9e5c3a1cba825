"""The command that holds an adapter against pairs that it was not trained on: prove."""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict, replace
from pathlib import Path

from ui.cli.session import assistant_for, note, show


def prove(args: argparse.Namespace) -> int:
    from tqdm import tqdm

    from adapters.datasets.pairs import read_pairs
    from chatbot.trials.evaluation.proving import held_out
    from chatbot.trials.evaluation.proving import prove as held_against

    assistant = assistant_for(args)
    models = assistant.models
    card = models.registry.card(args.name)
    pairs = held_out(read_pairs(Path(args.pairs)))
    hidden = args.json or not sys.stderr.isatty()
    with tqdm(total=len(pairs), desc=args.name, disable=hidden) as bar:
        proof = held_against(
            models.writer_of(card),
            card.questions,
            pairs,
            lambda done, _: bar.update(done - bar.n),
            models.deadline,
        )
    scores = {**card.scores, **proof.scores}
    models.registry.save(replace(card, scores=scores, covered_from=proof.covered_from))
    note(args, "adapter.proved", card.name)
    facts = [one for one in proof.cases if not one.negative]
    negatives = [one for one in proof.cases if one.negative]
    told = [
        f"{sum(one.right for one in facts)} of {len(facts)} facts right in words it was not trained on"
    ]
    if negatives:
        declined = sum(one.right for one in negatives)
        told.append(f"{declined} of {len(negatives)} declined that the manuals do not tell")
    text = f"'{card.name}': {'; '.join(told)}. Auto trusts it from a nearness of {proof.covered_from:.2f} to a trained question on."
    data = {
        "name": card.name, "scores": proof.scores, "covered_from": proof.covered_from,
        "cases": [{**asdict(one), "right": one.right} for one in proof.cases],
    }  # fmt: skip
    show(args, data, text)
    return 0
