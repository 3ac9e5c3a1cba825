"""How often the check of citations accepts true and false claims about real manuals, and what it costs; prints tables.

    python tests/bench/citations/bench_citations.py [FOLDER with markdown/, pdf/ and html/] [--fast] [--examples N]
        [--hand CLAIMS.tsv --passages PASSAGES.json]...

Claims are made by rule out of sentences: how people and models reword is measured with claims made by hand.
"""

from __future__ import annotations

import argparse
import gc
import sys
from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import Path
from random import Random

ROOT, HERE = Path(__file__).parents[3], Path(__file__).parent
sys.path[:0] = [str(ROOT), str(HERE)]

from claims import Claim, claims_by_split  # noqa: E402
from handmade import read_claims  # noqa: E402
from measures import (  # noqa: E402
    Share,
    answer_times,
    highlights,
    in_bag,
    preparing_times,
    reading_seconds,
    shares,
    supported,
    text_of,
    verified,
)
from passages import DATA, read  # noqa: E402

HIGHLIGHTED = "markdown/galaxy-s10.md"
NONE = Share(0, 0)


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=DATA, help="the real manuals")
    parser.add_argument("--fast", action="store_true", help="60 claims a kind")
    parser.add_argument(
        "--examples", type=int, default=0, metavar="N", help="also print N failures a kind"
    )
    parser.add_argument(
        "--hand",
        type=Path,
        action="append",
        default=[],
        help="claims made by hand; may be repeated",
    )
    parser.add_argument(
        "--passages",
        type=Path,
        action="append",
        default=[],
        help="their passages, once for each --hand",
    )
    chosen = parser.parse_args()
    if len(chosen.hand) != len(chosen.passages):
        parser.error("--hand and --passages go in pairs")
    return chosen


def print_generated(splits: dict[str, list[Claim]]) -> None:
    """The table of the generated claims."""
    columns = {name: shares(claims, supported) for name, claims in splits.items()}
    bag = shares(splits["test"], in_bag)
    truth = {claim.kind: claim.true for claim in splits["test"]}
    print("accepted, % [95 % interval] of n")
    _row("kind", "", [*columns, "bag of words, test"])
    for kind, true in truth.items():
        _row(
            kind,
            "T" if true else "F",
            [*(column.get(kind, NONE) for column in columns.values()), bag[kind]],
        )
        if kind == "verbatim":
            own = {
                name: [claim for claim in claims if claim.kind == kind]
                for name, claims in splits.items()
            }
            _row(
                "  its exact place found",
                "",
                [shares(claims, verified).get(kind, NONE) for claims in own.values()],
            )


def _row(kind: str, truth: str, cells: Sequence[object]) -> None:
    print(f"{kind:28}{truth:2}" + "".join(f"  {cell!s:24}" for cell in cells).rstrip())


def print_costs(claims: Sequence[Claim], fast: bool) -> None:
    """What checking and reading cost."""
    gc.freeze()  # a server does not hold these thousands of claims: looking through them is not timed
    answer, preparing = answer_times(claims, 100 if fast else 500), preparing_times(claims, 500)
    print(
        f"ten sentences, six prepared passages   mean {answer.mean:.2f} ms   p99 {answer.p99:.2f} ms"
    )
    print(
        f"preparing a passage                    mean {preparing.mean:.2f} ms   p99 {preparing.p99:.2f} ms"
    )
    print(f'reading marks in 1 MB of "["           {reading_seconds():.2f} s')


def print_highlights(folder: Path) -> None:
    """What is highlighted although it stands nowhere."""
    counted = highlights(read(str(folder / HIGHLIGHTED)))
    print(
        f"phrases of 4-8 words                   {counted.found.held} of {counted.found.of} found where they stand"
    )
    print(
        f"the same with one word exchanged       {counted.false.held} false highlights in {counted.false.of} passages"
    )


def print_handmade(title: str, claims: Sequence[Claim]) -> None:
    """The table of the claims in one file."""
    print(f"{title}: accepted, % [95 % interval] of n")
    for kind, share in sorted(shares(claims, supported).items()):
        _row(kind, "", [share])
    for true in (True, False):
        chosen = [claim for claim in claims if claim.true is true]
        accepted = sum(supported(claim.text, text_of(claim.passage)) for claim in chosen)
        _row(f"all {'true' if true else 'false'}", "", [Share(accepted, len(chosen))])


def print_failures(title: str, claims: Sequence[Claim], most: int) -> None:
    """Some claims of each kind that were judged wrongly, each with the nearest sentence of its passage."""
    wrong = defaultdict(list)
    for claim in claims:
        if supported(claim.text, text_of(claim.passage)) != claim.true:
            wrong[claim.kind].append(claim)
    random = Random(3)
    for kind, failures in wrong.items():
        for claim in random.sample(failures, min(most, len(failures))):
            nearest = get_close_matches(claim.text, claim.passage, 1, 0)[0]
            print(
                f"{title}, {kind}, {claim.manual}\n   claim    {claim.text}\n   passage  {nearest}"
            )


def main() -> None:
    chosen = arguments()
    splits = claims_by_split(chosen.folder, 60 if chosen.fast else 600)
    print_generated(splits)
    print()
    print_costs(splits["test"], chosen.fast)
    print_highlights(chosen.folder)
    handmade = {
        claims.name: read_claims(claims, passages)
        for claims, passages in zip(chosen.hand, chosen.passages, strict=True)
    }
    for title, claims in handmade.items():
        print()
        print_handmade(title, claims)
    if chosen.examples:
        print()
        for title, claims in (splits | handmade).items():
            print_failures(title, claims, chosen.examples)


if __name__ == "__main__":
    main()
