"""Sentences that end many sections of a manual and say nothing of its matter ("Was this content helpful?").

Knows passages; nothing of questions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakKeyDictionary

from knowledge.catalog import Catalog
from knowledge.text import readable, sentences
from knowledge.types import Evidence, Passage

# Share and number of a manual's sections that a sentence must end to be boilerplate. In 39 real manuals such sentences
# end .26 to .30 of the sections; steps that are repeated ("Tap Save.") up to .11.
SHARE, LEAST = 0.15, 8
LAST = 2  # sentences looked at from the end of a section

_KNOWN: WeakKeyDictionary[Catalog, dict[int, frozenset[str]]] = WeakKeyDictionary()


def boilerplate(catalog: Catalog, version_id: int) -> frozenset[str]:
    """The boilerplate of a version as readable sentences; found once, for what a version holds never changes."""
    known = _KNOWN.setdefault(catalog, {})
    if version_id not in known:
        known[version_id] = _repeated(catalog, version_id)
    return known[version_id]


def without_boilerplate(catalog: Catalog, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Evidence to be shown and not quoted: its texts end before a manual's boilerplate, unless they are nothing else."""
    return tuple(
        replace(one, passage=replace(one.passage, text=_kept(catalog, one.passage)))
        for one in evidence
    )


def _kept(catalog: Catalog, passage: Passage) -> str:
    known, end = boilerplate(catalog, passage.version_id), len(passage.text)
    for start, stop in reversed(sentences(passage.text)[-LAST:]):
        if readable(passage.text[start:stop]) not in known:
            break
        end = start
    return passage.text[:end].rstrip() or passage.text


def _repeated(catalog: Catalog, version_id: int) -> frozenset[str]:
    last = {passage.section: passage.text for passage in catalog.passages_of(version_id)}
    ends = Counter(
        ending
        for text in last.values()
        for ending in {readable(text[start:end]) for start, end in sentences(text)[-LAST:]}
    )
    least = max(LEAST, SHARE * len(last))
    return frozenset(ending for ending, count in ends.items() if count >= least)
