"""Whether a sentence or row tells the figure, price, warranty, number or meaning of the very part that a question names. Pure.

Specifications stand side by side: "The ribbon costs 12 euros. The cutter has part number CT-077." tells nobody what the
cutter costs, though all words of that question are there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from knowledge.search.languages import AS_ENGLISH, ENGLISH, stem
from knowledge.search.products.names import ANY_PRODUCT
from knowledge.search.ranking import Asked
from knowledge.search.wording.asked_for import thing_asked, wants_figure
from knowledge.search.wording.quantities import quantities, shows
from knowledge.text import fold, words

_ARTICLE = r"(?:the|an?|my|your|our|his|her|their)"
# A part by its article: after "is" or "does", and after what is asked of it ("the price of the …")
_PART = re.compile(
    rf"\b(?:what(?:['’]s|\s+(is|are|was|were|do|does|did))|(?:how\s+(?!to\b)\w+|what|which)\b[^.?!,;:]*?\b(is|are|was|were|do|does|did|can|will|must|may|should))\s+{_ARTICLE}\s+([^.?!,;:()]+)",
    re.I,
)
_OF = re.compile(rf"\b(?:of|on|for|in|inside)\s+{_ARTICLE}\s+([^.?!,;:()]+)", re.I)
_ASKED_OF = r"(?:prices?|costs?|warranty|guarantee|weight|(?:order|part|article|item|spare\s+part)\s+(?:numbers?|no\.?)|(?:tightening\s+)?torque)"
# As agents type notes: "price of the belt", "warranty drum?", "oil filter price"
_NOTE = re.compile(
    rf"^\W*(?:(?:and|the|what\s+about|what['’]s|whats)\s+)*{_ASKED_OF}\s+(?:(?:of|on|for|from)\s+)?(?:{_ARTICLE}\s+)?([^.?!,;:()]+)[\s.?!]*$",
    re.I,
)
_NOTE_BEHIND = re.compile(
    rf"^\W*(?:{_ARTICLE}\s+)?((?:[\w-]+\s+){{1,4}}){_ASKED_OF}[\s.?!]*$", re.I
)
_OF_PART = re.compile(
    r"\bwhat(?:['’]s|\s+(?:is|are|was|were))\b[^.?!]*\b(?:of|on|for)\b|\bwhat\s+(?:do|does|did)\b[^.?!]*\bmeans?\b",
    re.I,
)
_JOINS = frozenset(  # what ends the name of a part
    """of on for in at from to with without when while if after before and or than per by up as that which how what is are
    was were be do does did can will""".split()
)
_VERBS = frozenset(
    "last lasts take takes run runs need hold cost weigh mean measure use work go".split()
)
_IS = ("is", "are", "was", "were", "")
# The product itself, and what says nothing more of a part: "battery pack", "filter element"
_WHOLE = ANY_PRODUCT | frozenset(
    "phone smartphone handset mobile tablet watch unit product model thing item".split()
)
_MORE = frozenset("pack unit element assembly kit set system module part piece device".split())
_PROPERTIES = frozenset(
    map(stem, "cost price weigh weight warranty guarantee torque".split(), [ENGLISH] * 7)
)
_ASSURANCE = frozenset(map(stem, ("warranty", "guarantee"), [ENGLISH] * 2))
_NUMBER = re.compile(  # not that of a name, as in "PS-240", or of a list
    r"(?<![^\W_])(?<![A-Za-z]-)\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand|once|twice|half|dozen|unlimited|lifetime)\b",
    re.I,
)
_OF_LIST = re.compile(r"(?<!\S)\d{1,2}[.)]\s")
_NOT = re.compile(r"\b(?:no|not|never|none|without|exclud\w+|except|on request)\b", re.I)


def part_asked(asked: Asked, said: Collection[str]) -> list[list[str]]:
    """The parts that a question asks the figure, price, number or meaning of, each as its words: "the warranty" and "the power
    supply"; none for other questions, about the product as a whole, and in languages other than English.

    ``said`` are stems of the product's name.
    """
    if asked.language not in AS_ENGLISH:
        return []
    meant = set(asked.stems) - set(said)  # without what names the product
    parts = [_own(part, said) for part in _parts(asked)]
    return [part for part in parts if part and _stem(part[-1]) in meant]


def any_tells(asked: Asked, parts: Sequence[Sequence[str]], told: Sequence[str]) -> bool:
    """Return whether one of the statements of a section tells what is asked of a part.

    The last part has to be named in one, and in that one all of the parts' names and of what is asked, as far as the
    section has it. That there is no warranty is told without a figure ("belts are not covered").
    """
    told = [_OF_LIST.sub(" ", one) for one in told]
    held = [frozenset(map(_stem, words(one))) for one in told]
    named = {_stem(word) for part in parts for word in part}
    head = _stem(parts[-1][-1])
    if not any(_holds(one, asked, head) for one in held):
        return False
    adjectives = set(quantities([_stem(word) for word in words(asked.text)]))
    properties = (adjectives | _PROPERTIES | {_stem(thing_asked(asked.text))}) & set(asked.stems)
    wanted = {w for w in named | properties if any(_holds(one, asked, w) for one in held)}
    units = {_stem(word): word for word in words(asked.text) if _stem(word) in properties}
    figure, assured = wants_figure(asked), bool(_ASSURANCE & set(asked.stems))
    for word in _PROPERTIES & units.keys():  # a price, a warranty: the section has one at all
        both = zip(held, told, strict=True)
        if not any(_holds(one, asked, word) or shows(units[word], text) for one, text in both):
            return False

    def tells(one: Collection[str], text: str) -> bool:
        if assured and _NOT.search(text):
            return all(_holds(one, asked, w) for w in wanted - adjectives)
        shown = {w for w in wanted & units.keys() if shows(units[w], text)}
        return all(_holds(one, asked, w) for w in wanted - shown) and (
            not figure or bool(_NUMBER.search(text))
        )

    return any(tells(one, text) for one, text in zip(held, told, strict=True))


def _own(part: Sequence[str], said: Collection[str]) -> list[str]:
    """The words of a part's name without those of the product, and without a last one that says nothing more."""
    if part and (part[-1] in _WHOLE or _stem(part[-1]) in said):
        return []
    left = [w for w in part if len(w) > 1 and w not in _WHOLE and _stem(w) not in said]
    while len(left) > 1 and left[-1].removesuffix("s") in _MORE:
        left.pop()
    return left


def _stem(word: str) -> str:
    return stem(fold(word), ENGLISH)


def _holds(held: Collection[str], asked: Asked, term: str) -> bool:
    """Is a word there, or another word for it?"""
    return term in held or any(set(way) <= set(held) for way in asked.other.get(term, ()))


def _parts(asked: Asked) -> list[list[str]]:
    if note := _NOTE.match(asked.text) or _NOTE_BEHIND.match(asked.text):
        return [_name(note[1])]
    match = _PART.search(asked.text)
    if match is None or not (asked.quantity or _OF_PART.search(asked.text)):
        return []
    name, others = _name(match[3]), [_name(of[1]) for of in _OF.finditer(match[3])]
    if (match[1] or match[2] or "").lower() in _IS:
        of_what = name[-1:] if others else name  # "how long is the warranty on the …"
        return others if match[0].lower().startswith("what") else [of_what, *others]
    if name and name[-1] in _VERBS:  # "does the battery last on a full charge"
        return [name[:-1]]
    *before, last = name, *others  # "does the guarantee on the printer run"
    return [*before, last[:-1] or last]


def _name(text: str) -> list[str]:
    """The words up to one that joins them to the rest."""
    found: list[str] = []
    for word in words(text):
        if word in _JOINS:
            break
        found.append(word)
    return found
