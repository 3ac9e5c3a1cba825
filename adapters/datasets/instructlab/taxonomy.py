"""Reads qna.yaml files and trees of them; a tree that Tandem wrote comes back with everything that its pairs held.

A pair of ``knowledge`` is a fact, grouped by the context that it stands under; a pair of a skill teaches how to answer.
What else Tandem knows of a pair stands in a file of its own at the top of the tree, because other keys fail the schema.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from adapters.datasets.instructlab.yaml_text import from_yaml
from adapters.datasets.pairs import TrainingPair, pair_of, passage_hash
from adapters.datasets.reading.report import PairCollector, ReadReport
from adapters.errors import BadTrainingList

QNA = "qna.yaml"
SIDECAR = "tandem.jsonl"  # one line for each pair: the leaf that it stands in, and all that is known of it
CONTEXTS = "tandem-passages.jsonl"  # the texts of passages by their hashes
_FORM, _TREE = "InstructLab qna.yaml", "InstructLab taxonomy"
_SEEDS = re.compile(r"^seed_examples\s*:", re.M)
_SKILLS = ("compositional_skills", "foundational_skills")
_ROOTS = ("knowledge", *_SKILLS)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question of a leaf. ``context`` is what it stands under, "" for none."""

    where: str
    question: object
    answer: object
    context: str
    group: str


def is_qna(text: str) -> bool:
    """Say whether a text looks like a qna.yaml."""
    return bool(_SEEDS.search(text))


def read_qna(text: str, name: str) -> ReadReport:
    """Read one qna.yaml. Raises BadTrainingList where it is not YAML."""
    reading = PairCollector(_FORM)
    held = from_yaml(text, name)
    for asked in _asked(held, name, name, reading):
        _take(asked, _is_skill(name, held), reading)
    return reading.report()


def read_tree(files: Mapping[str, str], name: str) -> ReadReport:
    """Read all qna.yaml files of a tree, by their paths, with what Tandem wrote beside them.

    A file that is not YAML becomes a fault. Without any qna.yaml, other files are not looked at.
    """
    reading = PairCollector(_TREE)
    leaves = sorted(path for path in files if PurePosixPath(path).name == QNA)
    sidecar = next((path for path in files if PurePosixPath(path).name == SIDECAR), "")
    if not leaves and not sidecar:
        raise BadTrainingList(f"{name} holds no {QNA}.")
    top = sidecar.removesuffix(SIDECAR)
    asked: dict[str, list[tuple[_Asked, bool]]] = {}
    for path in leaves:
        try:
            held = from_yaml(files[path], path)
        except BadTrainingList as error:
            where, _, why = str(error).rstrip(".").partition(" is ")
            reading.fault(where, f"is {why}")
            continue
        leaf = _leaf(path.removeprefix(top))
        skill = _is_skill(leaf, held)
        asked[leaf] = [(each, skill) for each in _asked(held, path, leaf, reading)]
    known = _from_sidecar(files.get(sidecar, ""), sidecar, asked, reading)
    _contexts(files.get(f"{top}{CONTEXTS}", ""), f"{top}{CONTEXTS}", reading)
    for path, found in asked.items():
        for each, skill in found:
            key = (path, str(each.question), str(each.answer))
            if known[key]:
                known[key] -= 1
            else:
                _take(each, skill, reading)
    return reading.report()


def _leaf(path: str) -> str:
    """The path of a leaf from the root of its tree on, whatever folder an archive of the tree has it in."""
    parts = PurePosixPath(path).parts
    root = next((n for n, part in enumerate(parts) if part in _ROOTS), 0)
    return "/".join(parts[root:])


def _is_skill(path: str, held: Mapping[str, Any]) -> bool:
    return path.startswith(_SKILLS) or ("task_description" in held and "document" not in held)


def _asked(
    held: Mapping[str, Any], where: str, leaf: str, reading: PairCollector
) -> Iterator[_Asked]:
    """Yield the questions of a leaf, of version 3 or of those before it."""
    seeds = held.get("seed_examples")
    if not isinstance(seeds, list) or not seeds:
        reading.fault(where, "has no seed examples")
        return
    for n, seed in enumerate(seeds, 1):
        place = f"{where}, seed example {n}"
        if not isinstance(seed, dict):
            reading.fault(place, "is no mapping of keys to values")
            continue
        context = seed.get("context", held.get("context", ""))
        context = context.strip() if isinstance(context, str) else ""
        inner = seed.get("questions_and_answers", [seed])
        if not isinstance(inner, list):
            reading.fault(place, "has no list of questions and answers")
            continue
        group = f"{leaf.removesuffix(QNA).strip('/') or leaf} {n}"
        for m, each in enumerate(inner, 1):
            spot = place if inner == [seed] else f"{place}, question {m}"
            if isinstance(each, dict):
                yield _Asked(spot, each.get("question"), each.get("answer"), context, group)
            else:
                reading.fault(spot, "is no mapping of keys to values")


def _take(asked: _Asked, skill: bool, reading: PairCollector) -> None:
    """Take a question that Tandem knows nothing else of."""
    if skill:
        question = asked.question
        if asked.context and isinstance(question, str):
            question = f"{asked.context}\n\n{question.strip()}"
        return reading.add(asked.where, question, asked.answer, kind="style", group=asked.group)
    held = passage_hash(asked.context) if asked.context else ""
    if held:
        reading.contexts.setdefault(held, asked.context)
    return reading.add(
        asked.where, asked.question, asked.answer, group=asked.group, passage_hash=held
    )


def _from_sidecar(
    text: str, name: str, asked: Mapping[str, list[tuple[_Asked, bool]]], reading: PairCollector
) -> Counter[tuple[str, str, str]]:
    """Take the pairs of the sidecar that still stand in their leaf, or that have none; return how often each was."""
    there = Counter(
        (path, str(each.question), str(each.answer))
        for path, found in asked.items()
        for each, _ in found
    )
    known: Counter[tuple[str, str, str]] = Counter()
    for where, row in _lines(text, name, reading):
        try:
            pair = pair_of(row.get("pair"), where)
        except BadTrainingList as error:
            reading.fault(where, str(error).removeprefix(where).strip(" ."))
            continue
        leaf = str(row.get("leaf") or "")
        key = (leaf, pair.question, pair.answer)
        if leaf and known[key] >= there[key]:
            reading.note(where, f"stands no more in {leaf}, and is left out")
            continue
        if leaf:
            known[key] += 1
        reading.pairs.append(pair)
    return known


def _contexts(text: str, name: str, reading: PairCollector) -> None:
    for where, row in _lines(text, name, reading):
        key, held = row.get("passage_hash"), row.get("text")
        if isinstance(key, str) and isinstance(held, str):
            reading.contexts[key] = held
        else:
            reading.note(where, "is no text of a passage")


def _lines(text: str, name: str, reading: PairCollector) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        where = f"{name}, line {number}"
        try:
            row = json.loads(line)
        except (ValueError, RecursionError):
            row = None
        if isinstance(row, dict):
            yield where, row
        else:
            reading.fault(where, "is not an object of JSON")


def sidecar_line(pair: Mapping[str, object], leaf: str) -> str:
    """Return the line of the sidecar for a pair that stands in a leaf, "" for none."""
    return json.dumps({"leaf": leaf, "pair": pair}, ensure_ascii=False) + "\n"


def context_line(held: str, text: str) -> str:
    """Return the line for the text of a passage."""
    return json.dumps({"passage_hash": held, "text": text}, ensure_ascii=False) + "\n"


def texts_of(seed: TrainingPair) -> dict[str, str]:
    """Return a pair as it stands in a qna.yaml."""
    return {"question": seed.question, "answer": seed.answer}
