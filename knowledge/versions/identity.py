"""Is a file that has been read a version of a manual that is there, or a manual of its own? In doubt it is its own.

Decides inside the transaction that publishes. Knows manuals and passages; nothing of jobs, files or search.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from knowledge.parsing.titles import product_of
from knowledge.storage.engine import Database
from knowledge.storage.rows import manual_by
from knowledge.types import Manual

# Sister manuals share up to all of their passages (80 of 561 pairs of Galaxy manuals share half or more), so that an
# overlap counts only between files of one title, and never where the files name different products. Under a title that
# names no product, 20 of 33 of them were taken for versions of one another at STRONG, and none that differed at NEARLY.
STRONG, NEARLY = 0.5, 0.95
_CODE = re.compile(r"\b(?!v\d)[a-z]{1,4}-?\d{1,5}[a-z+]?(?!\w)", re.I)
_EDITION = re.compile(
    r"(?:^|[\s_.\-(]+)(?:v(?:er(?:sion)?)?[\s_.-]*\d[\d.]*|rev[\s_.-]*\w{1,3}|\d+(?:[._-]\d+)*|final|new|copy|draft)(?=$|[\s_.\-)])",
    re.I,
)
NAMED = 2  # how often a file must name a product for it to be the product's


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file that has been read: what it says, where it came from ("" where that is unknown), and what a person said.

    ``name`` and ``product`` are a person's words, ``guessed`` is the product that the file names, ``sizes`` are the words
    of each passage by its hash, ``text`` is what it says. ``own_title`` is what the file calls itself, where ``title`` has the
    product that its name says before that: a manual may be stored under either.
    """

    title: str
    heading: str
    guessed: str
    file_name: str
    source: str
    sizes: Mapping[str, int]
    text: str
    name: str = ""
    product: str = ""
    own_title: str = ""

    @property
    def titles(self) -> tuple[str, str]:
        """The title, and the file's own."""
        return self.title, self.own_title or self.title


@dataclass(frozen=True, slots=True)
class Decision:
    """The manual that a file is a version of (None: a new one), the name it gets, and the manual it may belong to."""

    manual: Manual | None
    name: str
    doubt: Manual | None = None


def decide(db: Database, arrival: Arrival) -> Decision:
    """What a file is. A person's word decides; else the same place, or a strong overlap of both files."""
    if arrival.name:
        return Decision(named(db, arrival.name), arrival.name)
    found = [
        manual for manual in _candidates(db, arrival) if not _other_product(db, arrival, manual)
    ]
    shares = {manual.id: _share(db, manual, arrival) for manual in found}
    found.sort(
        key=lambda manual: (_same_place(db, arrival, manual), shares[manual.id]), reverse=True
    )
    for manual in found:
        if _is_version(db, arrival, manual, shares[manual.id]):
            return Decision(manual, manual.name)
    doubt = next((manual for manual in found if manual.state in ("live", "draft")), None)
    return Decision(None, _free_name(db, arrival), doubt)


def named(db: Database, name: str) -> Manual | None:
    """The manual of this name, one that is not removed before one that is."""
    return manual_by(db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", name) or manual_by(
        db, "m.name = ? COLLATE NOCASE", name
    )


def _candidates(db: Database, arrival: Arrival) -> list[Manual]:
    rows = db.execute(
        "SELECT DISTINCT m.id FROM manuals m JOIN versions v ON v.manual_id = m.id"
        " WHERE m.name = ? COLLATE NOCASE OR v.title IN (?, ?) OR (v.source <> '' AND v.source = ? AND v.file_name = ?)",
        [arrival.title, *arrival.titles, arrival.source, arrival.file_name],
    ).fetchall()
    return [manual for (key,) in rows if (manual := manual_by(db, "m.id = ?", key)) is not None]


def _other_product(db: Database, arrival: Arrival, manual: Manual) -> bool:
    """Does the person, or else the file, name another product than the manual's?"""
    if arrival.product:
        return bool(manual.product) and arrival.product.casefold() != manual.product.casefold()
    titles = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT title FROM versions WHERE manual_id = ?", [manual.id]
        )
    ]
    held = {name.casefold() for name in (manual.product, *map(product_of, titles)) if name}
    return (
        bool(arrival.guessed and held)
        and arrival.guessed.casefold() not in held
        and not set(arrival.titles) & set(titles)
    )


def _is_version(db: Database, arrival: Arrival, manual: Manual, share: float) -> bool:
    titled = arrival.title.casefold() == manual.name.casefold() or bool(
        db.execute(
            "SELECT 1 FROM versions WHERE manual_id = ? AND title IN (?, ?)",
            [manual.id, *arrival.titles],
        ).fetchone()
    )
    if _same_place(db, arrival, manual):
        return titled or share >= STRONG
    if not titled:
        return False
    if not arrival.own_title and product_of(
        arrival.title
    ):  # of one product, and over most of both texts or under one file name the same manual
        same_file = arrival.file_name.casefold() == manual.file_name.casefold() and not _elsewhere(
            db, arrival, manual
        )
        return share >= STRONG or same_file
    # "User manual" says nothing, and sister products share their chapters: hardly a word may differ, nor the file's name.
    ours, theirs = _codes(arrival.file_name), _codes(manual.file_name)
    if share < NEARLY:
        return False
    called = _bare(arrival.file_name) == _bare(manual.file_name) and not (
        ours and theirs and ours.isdisjoint(theirs)
    )
    return called and not _elsewhere(db, arrival, manual) and not _names_others(db, arrival, manual)


def _same_place(db: Database, arrival: Arrival, manual: Manual) -> bool:
    wanted = [manual.id, arrival.source, arrival.file_name]
    query = "SELECT 1 FROM versions WHERE manual_id = ? AND source = ? AND file_name = ?"
    return bool(arrival.source) and db.execute(query, wanted).fetchone() is not None


def _elsewhere(db: Database, arrival: Arrival, manual: Manual) -> bool:
    """Are both folders known, and different ones?"""
    (source,) = db.execute(
        "SELECT source FROM versions WHERE id = ?", [manual.version_id]
    ).fetchone()
    known = all(Path(folder).is_absolute() for folder in (arrival.source, source))
    return known and arrival.source != source


def _share(db: Database, manual: Manual, arrival: Arrival) -> float:
    """How much of the larger file both hold, 0 to 1: words in passages that are the same in both."""
    rows = db.execute("SELECT hash, body FROM passages WHERE version_id = ?", [manual.version_id])
    held = {key: len(body.split()) for key, body in rows}
    both = sum(size for key, size in held.items() if key in arrival.sizes)
    return both / max(sum(held.values()), sum(arrival.sizes.values()), 1)


def _names_others(db: Database, arrival: Arrival, manual: Manual) -> bool:
    """Does each of the files name, again and again, a model that the other one never names?"""
    rows = db.execute("SELECT body FROM passages WHERE version_id = ?", [manual.version_id])
    held = _counted(" ".join(row[0] for row in rows))
    ours = _counted(arrival.text)
    return any(n >= NAMED and code not in held for code, n in ours.items()) and any(
        n >= NAMED and code not in ours for code, n in held.items()
    )


def _counted(text: str) -> Counter[str]:
    return Counter(match.group().casefold() for match in _CODE.finditer(text))


def _codes(file_name: str) -> frozenset[str]:
    """The model codes in a file's name: "Kestrel_K7_manual.md" names K7; an edition such as "v2" is none."""
    return frozenset(_counted(re.sub(r"[_\s]+", " ", file_name.rpartition(".")[0] or file_name)))


def _bare(file_name: str) -> str:
    """A file's name without its ending and what tells editions apart: "manual_v2 (1).pdf" is "manual"."""
    stem = file_name.rpartition(".")[0] or file_name
    while (shorter := _EDITION.sub("", stem).strip(" _.-()")) != stem and shorter:
        stem = shorter
    return stem.casefold()


def _free_name(db: Database, arrival: Arrival) -> str:
    """The title, or where another manual has it the title with what tells them apart."""
    apart = [arrival.title]
    if arrival.product:
        apart.append(f"{arrival.title} ({arrival.product})")
    if arrival.heading:
        apart.append(f"{arrival.title}: {arrival.heading}")
    apart.append(f"{arrival.title} ({arrival.file_name})")
    apart += [f"{arrival.title} ({arrival.file_name}, {n})" for n in range(2, 1000)]
    taken = "m.removed IS NULL AND m.name = ? COLLATE NOCASE"
    return next(
        (name[:200] for name in apart if manual_by(db, taken, name[:200]) is None), apart[-1]
    )
