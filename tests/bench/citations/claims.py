"""Makes claims out of manuals, each beside the passage it is to be checked against. Same seed, same claims.

Knows whether a claim is true only by how it was made; nothing of the check.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from edits import Edit, Foreign, Source, names_in
from false_claims import FALSE
from passages import DATA, SPLITS, Passage, good, nouns, read, sentences
from true_claims import TRUE, verbatim

OTHER_SECTION = "other section"
ROUNDS = 3  # times that each sentence is tried, for kinds of which there are few


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence to check, the kind of edit that made it, and whether the passage supports it."""

    manual: str
    kind: str
    text: str
    passage: Passage
    true: bool


def build(
    names: Sequence[str], foreign: Sequence[str], seed: int, per: int, exclude: Collection[str]
) -> list[Claim]:
    """Up to ``per`` claims a kind from the manuals ``names``, without the sentences ``exclude``.

    Manuals are named as ``passages.read`` takes them; ``foreign`` are those that wrong parts are taken from.
    """
    random = Random(seed)
    pool = _pool(names, _parts(foreign), exclude)
    claims: list[Claim] = []
    for true, kinds in ((True, TRUE), (False, FALSE)):
        for kind, edit in kinds.items():
            random.shuffle(pool)
            made = islice(_made(pool, edit, random), per)
            claims += [
                Claim(source.manual, kind, text, source.passage, true) for source, text in made
            ]
    random.shuffle(pool)
    return claims + list(islice(_misplaced(pool, random), per * 5))


def claims_by_split(folder: Path = DATA, most: int = 600) -> dict[str, list[Claim]]:
    """The claims of all splits, at most ``most`` a kind; a sentence of an earlier split is not used again."""
    made, used = {}, frozenset[str]()
    for split in SPLITS:
        manuals, foreign = (
            [str(folder / name) for name in some] for some in (split.manuals, split.foreign)
        )
        made[split.name] = build(manuals, foreign, split.seed, min(most, split.per), used)
        used |= sentences(manuals)
    return made


def _parts(foreign: Sequence[str]) -> Foreign:
    text = " ".join(read(name).text for name in foreign)
    return Foreign(tuple(sorted(nouns(text))), tuple(sorted({name[0] for name in names_in(text)})))


def _pool(names: Sequence[str], foreign: Foreign, exclude: Collection[str]) -> list[Source]:
    """Each good sentence once, at its first place."""
    pool: dict[str, Source] = {}
    for manual in map(read, names):
        for passage in manual.passages:
            for sentence in passage:
                if good(sentence) and sentence not in exclude and passage.count(sentence) == 1:
                    pool.setdefault(
                        sentence, Source(manual.name, sentence, passage, manual.nouns, foreign)
                    )
    return list(pool.values())


def _made(pool: Sequence[Source], edit: Edit, random: Random) -> Iterator[tuple[Source, str]]:
    """What the edit makes of the sentences, each claim once a manual."""
    seen = set()
    for source in [*pool] * ROUNDS:
        text = edit(source, random)
        if (
            text
            and (text != source.sentence or edit is verbatim)
            and (source.manual, text) not in seen
        ):
            seen.add((source.manual, text))
            yield source, text


def _misplaced(pool: Sequence[Source], random: Random) -> Iterator[Claim]:
    """Sentences as they are, beside another passage of their manual."""
    for source in pool:
        other = random.choice(pool)
        if other.manual == source.manual and source.sentence not in other.passage:
            yield Claim(source.manual, OTHER_SECTION, source.sentence, other.passage, False)
