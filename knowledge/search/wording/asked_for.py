"""Whether a section can hold what a question asks for: the thing of "which chip", a number for "how many", a task, the
part whose price is asked. Pure.

The type of the answer, as question answering calls it (Li and Roth 2002): a section that is near in its other words,
but names no chip, does not say which one. Specifications stand side by side: "The ribbon costs 12 euros. The cutter has
part number CT-077." tells nobody what the cutter costs, though all of that question's words are there.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from knowledge.search.languages import AS_ENGLISH, ENGLISH, is_stop, stem
from knowledge.search.products import ANY_PRODUCT
from knowledge.search.ranking import PROPERTY, Asked, Candidate, holds_number
from knowledge.search.wording.quantities import quantities
from knowledge.text import fold, words

_VERB = r"(?:do|does|did|can|could|will|would|should|must|may|is|are|was|were|has|have|to)"
_NO_NOUN = (
    r"(?:the|an?|is|are|was|were|do|does|did|can|could|should|will|would|if|about|to|else|happens?)"
)
_THINGS = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b(?:what|which)\s+(?!{_NO_NOUN}\b)((?:[\w-]+\s+){{1,4}}?)(?:{_VERB}|of|i|we|you)\b",
        r"\bwhat(?:['’]s|\s+(?:is|are|was|were))\s+(?:the|an?)\s+((?:(?!(?:of|on|for|in|at|from)\b)[\w-]+\s+){1,3})(?:of|on|for|in|at|from)\b",
        rf"\bhow\s+many\s+((?:[\w-]+\s+){{1,3}}?)(?:{_VERB}|of|i|we|you)\b",
    )
)
# Nouns of asking: what they stand for bears its own name where it is answered
_ANY = frozenset(
    """kind sort type way thing number name value version model one time service place option choice setting step reason
    meaning purpose difference use function feature role point problem cause solution procedure method requirement order
    limit maximum minimum advantage benefit rest state status result effect default range amount""".split()
)
_TITLE = frozenset("user owner operator service".split())  # "User manual" names no user name
_COUNTED = (
    "size percentage percent length age date day year hour minute second".split()
)  # are named, or there is a figure
_COLOURS = "red green blue yellow orange amber white black purple pink".split()
# Only a figure answers these: not so "how much" ("up to the mark"), "how long" ("overnight"), "how often" ("weekly"), nor
# "is there a limit to how loud it gets"
_FIGURE = re.compile(
    rf"\bhow\s+(?:big|large|small|heavy|high|tall|wide|deep|thick|fast|loud|hot|cold)\s+{_VERB}\b"
    rf"|\bhow\s+many\s+(?:[\w-]+\s+){{1,3}}?{_VERB}\b"
    r"|\b(?:what|how\s+much)\b[^.?!]*\b(?:costs?|price|weighs?|weight)\b"
    rf"|{PROPERTY}"
    r"|\b(?:what|which)(?:['’]s|\s+(?:is|are|was|were))?\s+(?:the\s+)?(?:maximum|minimum|max|min|highest|lowest|largest|longest|shortest|biggest)\s+\w+",
    re.I,
)


# What is asked for, and by what a text shows that it tells it
_SIGNS = (
    (re.compile(r"\b(?:weighs?|weight|heavy)\b", re.I),
     re.compile(r"\b(?:weigh\w*|weights?|mass|heavy|light)\b|\d\s?(?:k?g|lbs?|oz|tons?|tonnes?|(?:kilo)?gram\w*|pounds?|ounces?)\b", re.I)),
    (re.compile(r"\b(?:costs?|prices?)\b", re.I),
     re.compile(r"\b(?:costs?|pric\w+|pay\w*|paid|fees?|charged?|free|euros?|dollars?|pounds?|cents?|francs?|EUR|USD|GBP|CHF)\b|[€$£¥]", re.I)),
)  # fmt: skip

# A part of the product, by its article: after "is" or "does", and after what is asked of it ("the price of the …")
_ARTICLE = r"(?:the|an?|my|your|our|his|her|their)"
_PART = re.compile(
    rf"\b(?:what(?:['’]s|\s+(is|are|was|were|do|does|did))|(?:how\s+(?!to\b)\w+|what|which)\b[^.?!,;]*?\b(is|are|was|were|do|does|did|can|will|must|may|should))\s+{_ARTICLE}\s+([^.?!,;:()]+)",
    re.I,
)
_OF = re.compile(rf"\b(?:of|on|for|in|inside)\s+{_ARTICLE}\s+([^.?!,;:()]+)", re.I)
_JOINS = frozenset(  # what ends the name of a part
    """of on for in at from to with without when while if after before and or than per by up as that which is are was
    were do does did can will""".split()
)
_OF_PART = re.compile(r"\bwhat(?:['’]s|\s+(?:is|are|was|were))\b[^.?!]*\b(?:of|on|for)\b|\bwhat\s+(?:do|does|did)\b[^.?!]*\bmeans?\b", re.I)  # fmt: skip
_WHOLE = ANY_PRODUCT | frozenset(
    "phone smartphone handset mobile tablet watch unit product model thing item".split()
)
_ASKED_OF = frozenset(map(stem, "cost price weigh weight".split(), [ENGLISH] * 4))
_NUMBER = re.compile(  # not that of a name, as in "PS-240"
    r"(?<![^\W_])(?<![A-Za-z]-)\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|hundred|thousand|once|twice|half|dozen|unlimited)\b",
    re.I,
)
_IS = ("is", "are", "was", "were", "")

# How to do something, and not how something is or is done by itself
_TASK = re.compile(
    r"\bhow\s+(?:(?:do|does|did|can|could|would|should|must|might)\s+(?:i|we|you|one|they|he|she|people|anyone|somebody|someone|the\s+(?:customer|user|agent|caller))\b|to\b)",
    re.I,
)
_MENDING = re.compile(
    r"\b(?:fix|clear|cure|mend|repair|solve|resolve|remove|handle|troubleshoot|deal\s+with|get\s+rid|get\s+past|free|reset|do)\b(?!\s+(?:i|we|you|one|they|he|she|people)\b)",
    re.I,
)
SIDE_BY_SIDE = (
    0.5  # share of a question's neighbouring words that are so in a section headed otherwise
)
RIVAL = 0.75  # share of the best score from which another section may as well be the right one


def lacks_task(asked: Asked, candidates: Sequence[Candidate]) -> bool:
    """Say whether a question asks how to do something that another section near the best one is headed by.

    Manuals head what is to be done by what it is: of two sections that are nearly as near, the one whose heading has no
    word of the question, nor another word for it, mentions the task in passing, unless it has the question's words side
    by side. A section without a heading and one found by a code are left alone.
    """
    if asked.language not in AS_ENGLISH or asked.codes or not _TASK.search(asked.text):
        return False
    best, place = candidates[0], (candidates[0].version_id, candidates[0].section)
    own = [c for c in candidates if (c.version_id, c.section) == place]
    if best.heading or not best.section or max(one.pairs for one in own) >= SIDE_BY_SIDE:
        return False
    return any(one.heading and one.score >= RIVAL * best.score for one in candidates)


def lacks_figure(asked: Asked, held: Collection[str], texts: Collection[str]) -> bool:
    """Say whether only a figure answers a question, and a section has none, or no price or weight where that is asked for.

    ``held`` are its passages as stems, ``texts`` the same passages with their headings.
    """
    if asked.language not in AS_ENGLISH or not asked.quantity or not _FIGURE.search(asked.text):
        return False
    signs = [sign for asks, sign in _SIGNS if asks.search(asked.text)]
    shown = all(any(sign.search(text) for text in texts) for sign in signs)
    return bool(held) and not (shown and any(holds_number(asked, one) for one in held))


def lacks_thing(asked: Asked, held: Collection[str], said: Collection[str]) -> bool:
    """Say whether no passage of a section names the kind of thing that a question asks for.

    ``held`` are the passages' stems with their headings; ``said`` are stems that need not stand there, as of the
    product's name. False for a question of no such form, and in languages other than English.
    """
    if asked.language not in AS_ENGLISH or not held:
        return False
    thing = _thing(asked.text)
    term = stem(thing, asked.language)
    if term not in asked.stems or (term in said and thing not in _TITLE):
        return False
    there = {part for one in held for part in one.split()}
    if thing.removesuffix("s") in _COUNTED and any(part[0].isdigit() for part in there):
        return False
    ways = [(term,), *asked.other.get(term, ())]
    if thing in ("colour", "color", "colours", "colors"):
        ways += [(stem(word, asked.language),) for word in _COLOURS]
    return not any(there.issuperset(way) for way in ways)


def part_asked(asked: Asked, said: Collection[str]) -> list[list[str]]:
    """The parts that a question asks the figure, price, number or meaning of, each as its words: "the warranty" and "the power
    supply"; none for other questions, about the product as a whole, and in languages other than English.

    ``said`` are stems of the product's name.
    """
    if asked.language not in AS_ENGLISH or not (asked.quantity or _OF_PART.search(asked.text)):
        return []
    meant = set(asked.stems) - set(said)  # without what names the product
    found = [
        part for part in _parts(asked.text) if part[-1] not in _WHOLE and _stem(part[-1]) in meant
    ]
    return [[w for w in part if w not in _WHOLE and _stem(w) not in said] for part in found]


def any_tells(asked: Asked, parts: Sequence[Sequence[str]], told: Sequence[str]) -> bool:
    """Say whether one of the statements of a section tells what is asked of a part: whether the last one is named there at
    all, and all of the parts' names and of what is asked, as far as the section has it, stands in one statement."""
    held = [frozenset(map(_stem, words(one))) for one in told]
    if not any(_holds(one, asked, _stem(parts[-1][-1])) for one in held):
        return False
    properties = {*quantities([_stem(word) for word in words(asked.text)]), *_ASKED_OF}
    properties.add(_stem(_thing(asked.text)))
    named = {_stem(word) for part in parts for word in part}
    wanted = [
        word
        for word in named | (properties & set(asked.stems))
        if any(_holds(one, asked, word) for one in held)
    ]
    figure = bool(_FIGURE.search(asked.text))
    return any(
        all(_holds(one, asked, word) for word in wanted) and (not figure or _NUMBER.search(text))
        for one, text in zip(held, told, strict=True)
    )


def mends(question: str) -> bool:
    """Say whether a question is about a fault itself: what it means or how to mend it, not how to do something else."""
    return not _TASK.search(question) or bool(_MENDING.search(question))


def _stem(word: str) -> str:
    return stem(fold(word), ENGLISH)


def _holds(held: Collection[str], asked: Asked, term: str) -> bool:
    """Is a word there, or another word for it?"""
    return term in held or any(set(way) <= set(held) for way in asked.other.get(term, ()))


def _parts(question: str) -> list[list[str]]:
    """The names of what something is asked of, each as its words: "the warranty" and "the power supply"."""
    match = _PART.search(question)
    if match is None:
        return []
    name, others = _name(match[3]), [_name(of[1]) for of in _OF.finditer(match[3])]
    if (match[1] or match[2] or "").lower() in _IS:
        of_what = name[-1:] if others else name  # "how long is the warranty on the …"
        found = [*others] if match[0].lower().startswith("what") else [of_what, *others]
    elif len(name) > 1:  # its verb follows, and how: "does the battery last on a full charge"
        found = [name[:-1]]
    else:
        found = [name, *(other[:-1] for other in others)]
    return [one for one in found if one]


def _name(text: str) -> list[str]:
    """The words up to one that joins them to the rest."""
    found: list[str] = []
    for word in words(text):
        if word in _JOINS:
            break
        found.append(word)
    return found


def _thing(question: str) -> str:
    """The noun that a question asks for, folded: "chip" of "which heart rate chip does it have", else ""."""
    for pattern in _THINGS:
        if match := pattern.search(question):
            said = [fold(w) for w in words(match.group(1)) if not is_stop(w, ENGLISH)]
            while said and _is_any(said[-1]):
                said.pop()
            if said:
                return said[-1]
    return ""


def _is_any(word: str) -> bool:
    return word in _ANY or word.removesuffix("s") in _ANY
