"""How many false sentences with one small word changed the check accepts, and as what; prints a table.

    python tests/bench/citations/bench_adversarial.py [FOLDER with markdown/, pdf/ and html/] [--each N] [--examples N]

Sentences are taken from real manuals that the rules were not made with, and changed by rule. A sentence that is true all
the same (another sentence of the passage says it) counts as false here; ``--examples`` shows what was accepted.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

ROOT, HERE = Path(__file__).parents[3], Path(__file__).parent
sys.path[:0] = [str(ROOT), str(HERE)]

from measures import Share, text_of  # noqa: E402
from passages import DATA, Passage, read  # noqa: E402
from small_words import KINDS  # noqa: E402

from chatbot.grounding.verifier import Source, Verifier  # noqa: E402
from knowledge.text import locate  # noqa: E402

MANUALS = tuple(f"markdown/galaxy-{name}.md" for name in ("a50", "note-9", "tab-a-10.5", "s8-active", "a21", "s9-plus")) + (
    "pdf/debian-reference.en.pdf", "pdf/LinuxCNC_Manual_Pages.pdf", "pdf/LinuxCNC_Integrator.pdf", "html/eeschema.html",
)  # fmt: skip
PRODUCTS = (
    ("Galaxy S10", "Galaxy S10e"),
    ("Galaxy S10", "Galaxy S10 Watch"),
    ("X100", "X200"),
    ("X200", "X200 Pro"),
    ("version 2", "version 3"),
)
ACCEPTED = ("verified", "supported")


@dataclass(frozen=True, slots=True)
class Asked:
    """A false claim, the kind of change, the sentence it was made of, and its passage."""

    kind: str
    manual: str
    text: str
    held: str
    passage: Passage
    product: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """Of one kind: how many were asked, and those that were accepted, with their states."""

    asked: int
    accepted: tuple[tuple[Asked, str], ...]

    def count(self, state: str = "") -> int:
        """How many were accepted; with a state, as that."""
        return sum(not state or held == state for _, held in self.accepted)


def sentences_of(names: Sequence[str]) -> list[tuple[str, str, Passage]]:
    """(manual, sentence, passage) of each distinct whole sentence; listings are in, for their flags and signs."""
    found: dict[str, tuple[str, str, Passage]] = {}
    for name in names:
        manual = read(name)
        for passage in manual.passages:
            for sentence in passage:
                if (
                    5 <= len(sentence.split()) <= 34
                    and sentence[0].isupper()
                    and sentence[-1] in ".!"
                    and passage.count(sentence) == 1
                ):
                    found.setdefault(sentence, (manual.name, sentence, passage))
    return list(found.values())


def made(names: Sequence[str], each: int, seed: int = 11) -> Iterator[Asked]:
    """Up to ``each`` claims a kind, spread over the manuals. The same seed makes the same claims."""
    pool = sentences_of(names)
    for kind, edits in KINDS.items():
        random = Random(f"{seed} {kind}")
        random.shuffle(pool)
        count = 0
        for manual, sentence, passage in pool:
            claims = [
                claim
                for claim in dict.fromkeys(edits(sentence))
                if claim != sentence and not _stands(claim, passage)
            ]
            claims = claims or (
                [claim for claim in dict.fromkeys(edits(sentence)) if claim != sentence]
                if kind in ("restriction left out", "cut in the middle")
                else []
            )
            if claims and count < each:
                count += 1
                yield Asked(kind, manual, random.choice(claims), sentence, passage)
    yield from _products(pool, each, seed)


def _stands(claim: str, passage: Passage) -> bool:
    """Is a claim the very words of another place?"""
    return locate(text_of(passage), claim) is not None


def _products(pool: Sequence[tuple[str, str, Passage]], each: int, seed: int) -> Iterator[Asked]:
    """Sentences that name a product, said of its sister; the manual is about the first."""
    random, count = Random(seed), 0
    for manual, sentence, passage in random.sample(pool, len(pool)):
        subject = re.search(
            r"\b(?:your|the) (?:device|phone|tablet|computer|machine|system|schematic|program)\b",
            sentence,
        )
        if not subject or count >= each:
            continue
        count += 1
        ours, theirs = PRODUCTS[count % len(PRODUCTS)]
        named = (sentence[: subject.start()] + "the " + ours + sentence[subject.end() :]).strip()
        own = tuple(named if one == sentence else one for one in passage)
        if count % 2:
            yield Asked("product", manual, named.replace(ours, theirs), named, own, ours)
        else:
            yield Asked(
                "product", manual, sentence[:-1] + f" on the {theirs}.", sentence, passage, ours
            )


def asked_of(claims: Sequence[Asked]) -> dict[str, Row]:
    """What is accepted of each kind."""
    counted: dict[str, int] = {}
    accepted: dict[str, list[tuple[Asked, str]]] = {}
    for claim in claims:
        counted[claim.kind] = counted.get(claim.kind, 0) + 1
        verifier = Verifier(
            [Source.of(text_of(claim.passage))] if not claim.product else [_of(claim)]
        )
        state = verifier.verify(claim.text).state
        if state in ACCEPTED:
            accepted.setdefault(claim.kind, []).append((claim, state))
    return {kind: Row(count, tuple(accepted.get(kind, ()))) for kind, count in counted.items()}


def _of(claim: Asked) -> Source:
    plain = Source.of(text_of(claim.passage))
    return Source(plain.text, plain.pieces, claim.product)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="the real manuals")
    parser.add_argument("--each", type=int, default=60, help="claims of each kind")
    parser.add_argument(
        "--examples",
        type=int,
        default=0,
        metavar="N",
        help="also print N of each kind that were accepted",
    )
    parser.add_argument("--seed", type=int, default=11, help="another seed makes other claims")
    chosen = parser.parse_args()
    rows = asked_of(
        list(made([str(chosen.folder / name) for name in MANUALS], chosen.each, chosen.seed))
    )
    print(f"{'kind':24}{'asked':>6}{'supported':>11}{'verified':>10}")
    for kind, row in rows.items():
        print(f"{kind:24}{row.asked:6}{row.count('supported'):11}{row.count('verified'):10}")
    every = sum(row.asked for row in rows.values())
    print(
        f"{'all':24}{every:6}{sum(r.count('supported') for r in rows.values()):11}{sum(r.count('verified') for r in rows.values()):10}"
    )
    print(
        f"accepted, % [95 % interval] of n: {Share(sum(row.count() for row in rows.values()), every)}"
    )
    for row in rows.values():
        for claim, state in row.accepted[: chosen.examples]:
            print(
                f"{claim.kind}, {claim.manual}, {state}\n   claim    {claim.text}\n   passage  {claim.held}"
            )


if __name__ == "__main__":
    main()
