"""Sections that are asked for by their number ("What does section 2.2 say?"), or whose heading asks the question itself; entries
of a glossary. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from knowledge.search.languages import content_words, stem
from knowledge.search.ranking import (
    SYNONYM,
    Asked,
    Candidate,
    Vocabulary,
    asks_figure,
    coverage_of,
    idf_of,
)
from knowledge.search.wording.quantities import slowness
from knowledge.text import words

_ASKED = re.compile(
    r"(?:\b(?:section|chapter|clause|paragraph|kapitel|abschnitt|chapitre|secci[oó]n|cap[ií]tulo|sezione|capitolo|hoofdstuk"
    r"|paragraaf)|§)\s*(\d{1,3}(?:\.\d{1,3})*)(?![\d.]*\d)",
    re.I,
)
_NUMBER = re.compile(
    r"(?:(?:section|chapter|clause|part|kapitel|abschnitt|chapitre|secci[oó]n|cap[ií]tulo|sezione|capitolo|hoofdstuk|paragraaf|§)\s*)?"
    r"(\d+(?:\.\d+)*)[.):]?\s",
    re.I,
)
# Only what asks for the section itself: "I followed section 2.2, but how …" asks for something else.
_ITSELF = re.compile(
    r"\W*(?:what|show|quote|read|tell|give|was|zeig|lies|que|quelle?|qué|cosa|che|wat|toon|o que)\b[^,;.!?]*[?.!]?\s*",
    re.I,
)
POINTING = 0.4  # share of its score that a passage loses that only names other sections
SPECIAL = 0.1  # and one that is about a special case of what is asked
_POINTERS = re.compile(  # headings of what says nothing itself
    r"(?:\d[\d.]*\s+)?(?:see also|related (?:topics|information|articles|links|pages|documents|tasks|concepts)|further reading|on this page"
    r"|in this (?:section|chapter|article)|table of contents|siehe auch|verwandte themen|inhaltsverzeichnis|voir aussi|table des mati[eè]res"
    r"|v[eé]ase tambi[eé]n|ver tambi[eé]n|vedi anche|ver tamb[eé]m|zie ook)\s*:?",
    re.I,
)
_MOTION = re.compile(r"\bslow[\s-]*mo(?:tion)?\b", re.I)  # is wanted, and not complained of
CALLED = 0.75  # share of the best score from which the section that is called as the question says goes first
APART = 0.6  # and from which one that alone has all the words goes first
# Coverage of a section that lacks a word of the question, and of one that has all
LACKS, HAS_ALL = 0.75, 0.95
ASKS_IT = 0.9  # share of the question that such a heading has
_ASK_WITH = frozenset(
    """why how what when where which who warum wieso wie was wann wo welche welcher welches wer pourquoi comment quand où quel
    quelle qui por qué cómo cuándo dónde cuál perché come quando dove quale como onde waarom hoe wanneer waar welke""".split()
)
# "What is G code?", "what does MDI stand for", "define backlash"
_MEANING_OF = re.compile(
    r"\W*(?:(?:what(?:['’]s| is| are| was)(?! the meaning)|define|explain|(?:what(?:['’]s| is) )?(?:the )?meaning of)\s+(?:meant by\s+)?(?:an?\s+|the\s+)?([^?]{2,60}?)"
    r"|what (?:does|do|did)\s+(?:an?\s+|the\s+)?([^?]{2,60}?)\s+(?:mean|stand for))\W*",
    re.I,
)
_SENTENCE_END = re.compile(r"[.!?]")
SURELY = 2  # of how a paragraph tells of a term
# How a paragraph goes on behind the term that it is about
_TOLD = re.compile(
    r"\s*(?:\([^)]{1,30}\)\s*)?(?:[:=]\s+\w|\s[–—-]\s|(?:an?|the|is|are|means|stands for)\b|(?P<maybe>(?<=\s)(?-i:[A-Z])[\w’']*\s))",
    re.I,
)
_INSIDE = re.compile(r"(?<=\d)\.(?=\d)")


def numbered(question: str, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section that a question names by its number, or of those below it; none where several manuals
    have such a section."""
    asked = [match[1] for match in _ASKED.finditer(question)]
    bare = question[:400].strip()
    itself = _ASKED.fullmatch(bare.rstrip("?.! ")) or _ITSELF.fullmatch(_INSIDE.sub("", bare))
    if len(asked) != 1 or not itself:
        return []
    own = [one for one in found if one.section and _is(one.section[-1], asked[0])]
    below = [one for one in found if any(_is(name, asked[0]) for name in one.section)]
    held = own or below
    return held if len({one.version_id for one in held}) == 1 else []


def asking_it(asked: Asked, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section whose heading asks what a question of at least two words asks, in as many words or more:
    "Why does the pump stop all the time?" of frequently asked questions for "why does the pump stop"."""
    if len({*asked.stems} - asked.any_product) < 2 or asked.codes:
        return []
    begins = _interrogative(asked.text)
    held = [
        one
        for one in found
        if one.language == asked.language
        and one.section
        and one.section[-1].rstrip().endswith("?")
        and _interrogative(one.section[-1]) == begins
        and coverage_of(asked, _stems(one.section[-1], asked.language), frozenset()) >= ASKS_IT
    ]
    return held if len({(one.version_id, one.section) for one in held}) == 1 else []


def called_so(asked: Asked, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section that is called as the question says, no word more or less, where it is about as near as
    the best: "Screen recorder" and not "Screen recorder settings" for how to record the screen, and "Brightness" or "Screen
    brightness" and not "Dark mode" where the screen is too dark."""
    said = {*asked.stems} - asked.any_product
    if not said or asked.codes:
        return []
    complaints = [one for one in said if " " in one]
    properties = [{*term} for one in complaints for term in asked.other.get(one, ())]

    def is_called_so(heading: str) -> bool:
        named = _heading_stems(heading, asked.language) - asked.any_product
        return named == said or any(one <= named <= one | said for one in properties)

    held = [
        one
        for one in found
        if one.section and one.score >= CALLED * found[0].score and is_called_so(one.section[-1])
    ]
    return held if len({(one.version_id, one.section) for one in held}) == 1 else []


def asked_term(question: str) -> tuple[str, ...]:
    """The words of the term that a question asks the meaning of ("MDI" of "What does MDI stand for?"), or none."""
    told = _MEANING_OF.fullmatch(question)
    return tuple(words(next(filter(None, told.groups()), ""))) if told else ()


def defines(text: str, term: Sequence[str]) -> int:
    """How surely a paragraph begins with a term and tells what it is: 2 for "G-code The generic …", "Feed rate: the speed …",
    "The dust bag is …"; 1 for "MDI Manual Data Input. …", which may as well be of "MDI Manual"; else 0, as for a title."""
    called = r"[\W_]*".join(map(re.escape, term))
    pattern = rf"\W*(?P<the>(?:an?|the)\s+)?{called}(?P<then>.*)"
    named = re.match(pattern, text, re.I | re.S) if term else None
    told = _TOLD.match(named["then"]) if named else None
    if named is None or told is None:
        return 0
    if told["maybe"]:
        return int(not named["the"] and bool(_SENTENCE_END.search(named["then"])))
    return SURELY


def set_apart(asked: Asked, found: Sequence[Candidate]) -> list[Candidate]:
    """The passages of the one section whose whole heading is what tells a question from others, where the best section lacks it:
    "macOS" for "How do I reset the router on macOS?", though "How long does the reset take?" has more of its words."""
    if not found or found[0].coverage >= LACKS or asked.codes:
        return []
    held = [
        one
        for one in found
        if one.coverage >= HAS_ALL
        and one.heading >= HAS_ALL
        and one.score >= APART * found[0].score
    ]
    return held if len({(one.version_id, one.section) for one in held}) == 1 else []


def _stems(heading: str, language: str) -> str:
    return f" {' '.join(stem(word, language) for word in content_words(heading, language))} "


def _interrogative(question: str) -> str:
    """The word that a question asks with ("why"), wherever it stands; "" for one that is answered by yes or no."""
    return next((word for word in words(question) if word in _ASK_WITH), "")


def _is(name: str, number: str) -> bool:
    told = _NUMBER.match(f"{name} ")
    return told is not None and told[1] == number


def told_by(path: Sequence[str], asked: Asked) -> float:
    """What a passage's heading leaves of its score: less where it only names others, as "See also", or tells of a special case
    of what is to be done to the product itself: "Auto restart" is not how to restart it."""
    if not path:
        return 1.0
    if _POINTERS.fullmatch(path[-1]):
        return 1 - POINTING
    if _MOTION.search(path[-1]) and any(slowness(one) for one in asked.stems if " " in one):
        return 1 - POINTING
    if path[-1].endswith("?") and asks_figure(path[-1]) and not asked.quantity:
        return 1 - SPECIAL  # "How long does it take?" says not how to do it
    own = _heading_stems(path[-1], asked.language) - asked.any_product
    held = own & {*asked.stems, *asked.spread()}
    return 1 - SPECIAL if asked.whole and held and own - held else 1.0


def heading_fit(asked: Asked, path: Sequence[str], vocabulary: Vocabulary) -> float:
    """IDF-weighted share of the last heading's words that the question has: 1 when the heading is what is asked for."""
    if not path:
        return 0.0
    weights = {term: idf_of(term, vocabulary) for term in _heading_stems(path[-1], asked.language)}
    near = asked.spread()
    held = (
        w * (1.0 if term in asked.stems else SYNONYM if term in near else 0.0)
        for term, w in weights.items()
    )
    return sum(held) / max(sum(weights.values()), 1e-9)


@lru_cache(maxsize=20_000)
def _heading_stems(heading: str, language: str) -> frozenset[str]:
    return frozenset(stem(word, language) for word in content_words(heading, language))
