"""What is counted and timed: shares with their interval, a bag of words to compare with, false highlights, cost.

Knows the check's interface only: ``prepare`` once a passage, ``supported_span`` for a claim, ``Verifier`` for an answer.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from math import sqrt
from random import Random

from claims import Claim
from passages import Manual, Passage
from vocabulary import CONTRACTIONS, NUMBER_WORDS

from chatbot.grounding.citation_markers import CitationMarkerParser
from chatbot.grounding.entailment import prepare, supported_span
from chatbot.grounding.language import likeliest
from chatbot.grounding.verifier import Source, Verifier
from knowledge.text import STOP_WORDS, locate, stem, words

Z = 1.96  # of a 95 % interval
SENTENCES, PASSAGES = 10, 6  # of one answer
BAG = 0.95
# Stop words of search that a bag must keep, as they turn a claim round; and other words that say little.
_TELLING = frozenset(
    "not no never only without unless except if when before after until while off on".split()
)
_IDLE = (STOP_WORDS | frozenset("can could may might must shall should".split())) - _TELLING
_DIGITS = {word: str(number) for number, word in enumerate(NUMBER_WORDS)}


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many."""

    held: int
    of: int

    def interval(self) -> tuple[float, float]:
        """Wilson's interval for the true share, which is right for few and for extreme counts too."""
        if not self.of:
            return 0.0, 1.0
        share, spread = self.held / self.of, Z * Z / self.of
        middle = share + spread / 2
        half = Z * sqrt(share * (1 - share) / self.of + spread / (4 * self.of))
        return max(0.0, (middle - half) / (1 + spread)), min(1.0, (middle + half) / (1 + spread))

    def __str__(self) -> str:
        if not self.of:
            return "-"
        low, high = self.interval()
        return f"{100 * self.held / self.of:5.1f} [{100 * low:.1f}-{100 * high:.1f}] {self.of}"


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of the process."""

    mean: float
    p99: float


@dataclass(frozen=True, slots=True)
class Highlights:
    """Phrases found where they stand, and altered ones that were found although they stand nowhere."""

    found: Share
    false: Share


def shares(claims: Iterable[Claim], accepts: Callable[[str, str], bool]) -> dict[str, Share]:
    """For each kind, how many claims are accepted, given claim and passage."""
    counts: defaultdict[str, list[bool]] = defaultdict(list)
    for claim in claims:
        counts[claim.kind].append(accepts(claim.text, text_of(claim.passage)))
    return {kind: Share(sum(accepted), len(accepted)) for kind, accepted in counts.items()}


def text_of(passage: Passage) -> str:
    """A passage as the check gets it."""
    return " ".join(passage)


prepared = cache(prepare)


def supported(claim: str, passage: str) -> bool:
    """The check that is measured."""
    return supported_span(claim, prepared(passage)) is not None


def verified(claim: str, passage: str) -> bool:
    """Do the very words stand in the passage?"""
    return locate(passage, claim) is not None


def in_bag(claim: str, passage: str) -> bool:
    """The check to compare with: are 95 % of the claim's stems anywhere in the passage?"""
    wanted = _stems(claim)
    return len(wanted & _stems(passage)) >= BAG * len(wanted)


@cache
def _stems(text: str) -> frozenset[str]:
    for long, short in CONTRACTIONS:
        text = text.replace(short, long)
    bag = [_DIGITS.get(word, word) for word in words(text.replace("cannot", "can not"))]
    return frozenset(stem(word) for word in bag if word not in _IDLE)


def answer_times(claims: Sequence[Claim], answers: int, seed: int = 9) -> Times:
    """Of ten sentences judged by six prepared passages of one manual: state, place, and what stands nearest otherwise."""
    random = Random(seed)
    likeliest("The model of languages is read once, and not timed.")
    about: defaultdict[str, defaultdict[Passage, list[str]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for claim in claims:
        about[claim.manual][claim.passage].append(claim.text)
    milliseconds = []
    for manual in [claim.manual for claim in random.choices(claims, k=answers)]:
        evidence = random.sample([*about[manual]], min(PASSAGES, len(about[manual])))
        said = random.choices(
            [text for passage in evidence for text in about[manual][passage]], k=SENTENCES
        )
        verifier = Verifier([Source.of(text_of(passage)) for passage in evidence])
        verifier.verify(
            "Nobody ever wrote this sentence."
        )  # what of a passage is prepared when first needed
        begun = time.process_time()
        for text in said:
            verifier.verify(text)
        milliseconds.append((time.process_time() - begun) * 1e3)
    return _times(milliseconds)


def preparing_times(claims: Sequence[Claim], passages: int, seed: int = 9) -> Times:
    """Of preparing one passage, such as was never prepared before."""
    milliseconds = []
    distinct = list(dict.fromkeys(text_of(claim.passage) for claim in claims))
    for text in Random(seed).sample(distinct, min(passages, len(distinct))):
        begun = time.process_time()
        prepare(text + " ")  # another text, for a check that remembers
        milliseconds.append((time.process_time() - begun) * 1e3)
    return _times(milliseconds)


def _times(milliseconds: list[float]) -> Times:
    milliseconds.sort()
    return Times(sum(milliseconds) / len(milliseconds), milliseconds[int(0.99 * len(milliseconds))])


def reading_seconds(size: int = 1_000_000) -> float:
    """Of reading marks in nothing but opening brackets, fed at once."""
    reader, begun = CitationMarkerParser(PASSAGES), time.process_time()
    for _ in reader.feed("[" * size):
        pass
    for _ in reader.end():
        pass
    return time.process_time() - begun


def highlights(manual: Manual, phrases: int = 400, seed: int = 7) -> Highlights:
    """Phrases of 4 to 8 words out of a manual, and the same with one word exchanged.

    An altered phrase is looked for in the passage it came from, the likeliest to be taken for it, and in another one.
    """
    random = Random(seed)
    found, false = [], []
    while len(found) < phrases:
        own, other = random.sample(manual.passages, 2)
        phrase, altered = _altered(random.choice(own), other, random)
        if not phrase or any(_says(text_of(passage), altered) for passage in (own, other)):
            continue
        found.append(verified(phrase, text_of(own)))
        false += [verified(altered, text_of(own)), verified(altered, text_of(other))]
    return Highlights(Share(sum(found), len(found)), Share(sum(false), len(false)))


def _altered(sentence: str, other: Passage, random: Random) -> tuple[str, str]:
    """Some words of a sentence as they are, and with one exchanged for one of another passage; empty where none fits."""
    said, length = sentence.split(), random.randint(4, 8)
    start = random.randrange(max(1, len(said) - length + 1))
    phrase = said[start : start + length]
    places = [number for number, word in enumerate(phrase) if _tells(word)]
    new = sorted({word for sentence in other for word in sentence.split() if _tells(word)})
    if len(phrase) < 4 or not places or not new:
        return "", ""
    place = random.choice(places)
    return " ".join(phrase), " ".join([*phrase[:place], random.choice(new), *phrase[place + 1 :]])


def _tells(word: str) -> bool:
    return word.isalpha() and len(word) > 3 and word.lower() not in STOP_WORDS


def _says(passage: str, phrase: str) -> bool:
    """Does the passage have these words in a row, whatever stands between them? So not as ``locate`` finds it."""
    held, wanted = (" ".join(re.findall(r"\w+", text.casefold())) for text in (passage, phrase))
    return f" {wanted} " in f" {held} "
