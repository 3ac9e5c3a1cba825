"""Whether a section can hold what a question asks for: the thing of "which chip", a number for "how many", a task; and of
which products it may be asked, where it names none. Pure.

The type of the answer, as question answering calls it (Li and Roth 2002): a section that is near in its other words,
but names no chip, does not say which one.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from knowledge.search.languages import AS_ENGLISH, ENGLISH, is_stop, stem, stems
from knowledge.search.products.names import name_words
from knowledge.search.ranking import IN_UNITS, PROPERTY, Asked, Candidate, Vocabulary, holds_number
from knowledge.search.wording.quantities import PRICE, WEIGHT, quantities, shows
from knowledge.text import fold, unique, words
from knowledge.types import Manual

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
    limit maximum minimum max min highest lowest largest smallest biggest longest shortest best right correct advantage
    benefit rest state status result effect default range amount""".split()
)
_COUNTED = (
    "size percentage percent length age date day year hour minute second".split()
)  # are named, or there is a figure
_COUNT_OF = re.compile(rf"\bhow\s+many\s+(?:[\w-]+\s+){{0,2}}?(?P<noun>[\w-]+)\s+(?:{_VERB}|i|we|you|there)\b", re.I)  # fmt: skip
# Nouns of measures, which a figure shows by its unit
_MEASURES = frozenset(
    """times hours minutes seconds days weeks months years degrees meters metres feet inches miles pixels megapixels mah amps amperes
    watts volts bars litres liters grams pounds bytes beats percent mb gb kb tb mm cm km kg db dpi fps hz khz mhz ghz steps people
    persons users""".split()
)
_NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelv dozen hundr thousand singl doubl tripl both onli sever mani unlimit".split()
)
_DATE = re.compile(
    r"\b(?:19|20)\d\d\b|\b\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}\b"
    r"|\b(?:(?:jan|febr)uary|march|april|june|july|august|(?:sept|nov|dec)ember|october)\b",
    re.I,
)
_BUYING = re.compile(r"\b(?:where|who|how)\b[^.?!]*\b(?:buy|purchase|order|sells?)\b", re.I)
_SOLD = re.compile(
    r"\b(?:buy|bought|purchas\w+|order\w*|dealers?|shops?|stores?|retail\w*|suppl(?:y|ie[rs]|iers|ied)|sold|sells?"
    r"|available\s+(?:from|at|as)|spare\s+parts?|part\s+numbers?|accessor(?:y|ies)|website|customer\s+service)\b",
    re.I,
)
_COLOURS = "red green blue yellow orange amber white black purple pink".split()
# Only a figure answers these: not so "how much" ("up to the mark"), "how long" ("overnight"), "how often" ("weekly"), nor
# "is there a limit to how loud it gets"
_FIGURE = re.compile(
    rf"\bhow\s+(?:big|large|small|heavy|high|tall|wide|deep|thick|fast|loud|hot|cold)\s+{_VERB}\b"
    rf"|\bhow\s+many\s+(?:[\w-]+\s+){{1,3}}?{_VERB}\b"
    r"|\b(?:what|how\s+much)\b[^.?!]*\b(?:costs?|price|weighs?|weight)\b"
    rf"|{PROPERTY}"
    rf"|\b(?:size|dimensions?|length|width|height|depth|weight|capacity)\b[^.?!]*{IN_UNITS}"
    r"|\b(?:what|which)(?:['’]s|\s+(?:is|are|was|were))?\s+(?:the\s+)?(?:maximum|minimum|max|min|highest|lowest|largest|longest|shortest|biggest)\s+\w+",
    re.I,
)


# How to do something, and not how something is or is done by itself
_TASK = re.compile(
    r"\bhow\s+(?:(?:do|does|did|can|could|would|should|must|might)\s+(?:i|we|you|one|they|he|she|people|anyone|somebody|someone|the\s+(?:customer|user|agent|caller))\b|to\b)",
    re.I,
)
_ASIDE = re.compile(  # other matters than the fault that a code stands for
    r"\b(?:where|who|whom|whose)\b|\b(?:which|what)\s+(?!(?:to|can|do|should|else|cause|reason|meaning|remedy|cure|fault|error|problem|step)s?\b)(?:[\w-]+\s+){1,2}(?:do|does|is|are|can|should|of|for)\b"
    r"|\b(?:warrant\w+|guarante\w+|covered|buy|purchase\w*|order\w*|pric\w+|costs?|pays?|paid|invoice\w*|tools?|shops?|dealers?|sen[dt]|ship\w*"
    r"|return\w*|logged|stored|saved|numbers?)\b|\b(?:turn|switch)\w*\b[^.?!]*\boff\b|\b(?:disabl|silenc|mut)\w+\b",
    re.I,
)
_MENDING = re.compile(
    r"\b(?:fix|clear|cure|mend|repair|solve|resolve|remove|handle|troubleshoot|deal\s+with|get\s+rid|get\s+past|free|reset)\b",
    re.I,
)
# Another product's best passage is this near to the best: the question does not say which; "How heavy is it?" never does
AMBIGUOUS, NAMESAKE, OF_ANY = 0.9, 0.75, 0.7
# Of another house, whose manuals are about other things, also in the meaning of the whole passage: of eleven questions, where
# one product was surely meant the other came to .62 to .69, where nobody could say, to .69 to .89
ELSEWHERE = 0.7
SIDE_BY_SIDE = (
    0.5  # share of a question's neighbouring words that are so in a section headed otherwise
)
BESIDE = 7  # words between what is counted and its number, "six switchable VT100-like consoles"
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


def wants_figure(asked: Asked) -> bool:
    """Return whether only a figure answers a question."""
    return asked.quantity and bool(_FIGURE.search(asked.text))


def lacks_figure(asked: Asked, held: Collection[str], texts: Collection[str]) -> bool:
    """Say whether only a figure answers a question, and a section has none, or no price or weight where that is asked for.

    ``held`` are its passages as stems, ``texts`` the same passages with their headings.
    """
    if asked.language not in AS_ENGLISH or not wants_figure(asked):
        return False
    of = [one for one in (WEIGHT, PRICE) if one.asked_by.search(asked.text)]
    shown = all(any(one.shown_by.search(text) for text in texts) for one in of)
    return bool(held) and not (shown and any(holds_number(asked, one) for one in held))


def lacks_count(asked: Asked, held: Collection[str]) -> bool:
    """Say whether a question asks how many of something there are, and no passage of a section has a number near that word.

    ``held`` are its passages as stems. False for what is measured ("how many hours"), and in languages other than English.
    """
    match = _COUNT_OF.search(asked.text)
    if asked.language not in AS_ENGLISH or match is None or not held:
        return False
    word = fold(match["noun"])
    term = stem(word, asked.language)
    measured = word in _MEASURES or word.removesuffix("s") in _COUNTED or shows(word, "")
    if measured or term not in asked.stems or is_stop(word, ENGLISH):
        return False
    ways = {term, *(way[0] for way in asked.other.get(term, ()) if len(way) == 1)}
    texts = (passage.partition(" | ")[2] or passage for passage in held)  # "SPINDLE(9)" counts none
    return not any(_counts(text.split(), ways) for text in texts)


def _counts(order: Sequence[str], ways: Collection[str]) -> bool:
    """Does a number stand near one of these stems?"""
    there = [at for at, one in enumerate(order) if one in ways]
    numbers = [at for at, one in enumerate(order) if one[0].isdigit() or one in _NUMBERS]
    return any(abs(at - number) <= BESIDE for at in there for number in numbers)


def lacks_seller(asked: Asked, texts: Collection[str]) -> bool:
    """Say whether a question asks where to buy something, and a section says nothing of buying.

    ``texts`` are its passages with their headings. False in languages other than English.
    """
    asks = asked.language in AS_ENGLISH and _BUYING.search(asked.text)
    return bool(asks) and not any(_SOLD.search(text) for text in texts)


def lacks_thing(
    asked: Asked, held: Collection[str], texts: Collection[str], said: Collection[str]
) -> bool:
    """Say whether no passage of a section names the kind of thing that a question asks for, nor shows it by its unit.

    ``held`` and ``texts`` are the passages as ``lacks_figure`` has them; ``said`` are stems that need not stand there, as
    of the product's name. False for a question of no such form, and in languages other than English.
    """
    if asked.language not in AS_ENGLISH or not held:
        return False
    thing = thing_asked(asked.text)
    term = stem(thing, asked.language)
    if term not in asked.stems or term in said:
        return False
    there = {part for one in held for part in one.split()}
    if thing in ("date", "dates", "year", "years"):
        return not any(_DATE.search(text) for text in texts)
    if thing.removesuffix("s") in _COUNTED and any(part[0].isdigit() for part in there):
        return False
    if any(shows(thing, text) for text in texts):
        return False
    ways = [(term,), *asked.other.get(term, ())]
    if thing in ("colour", "color", "colours", "colors"):
        ways += [(stem(word, asked.language),) for word in _COLOURS]
    return not any(there.issuperset(way) for way in ways)


def asks_of_fault(question: str) -> bool:
    """Return whether a question with a code is about the fault itself, what it means or how to mend it, and not about its
    warranty, spare parts, or how to do something else."""
    return not _ASIDE.search(question) and (
        not _TASK.search(question) or bool(_MENDING.search(question))
    )


def thing_asked(question: str) -> str:
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


def told_otherwise(
    asked: Asked, ranked: Sequence[Candidate], versions: Mapping[int, Manual]
) -> bool:
    """Say whether another manual tells something else of the same code, or in a section of the same name, about as near: of manuals
    without a product none is the one that is meant, where a question has no word of its name that the other's has not."""
    if not ranked or versions[ranked[0].version_id].product:
        return False
    best, said = ranked[0], {fold(word) for word in words(asked.text)}
    name = said.intersection(map(fold, words(versions[best.version_id].name)))
    for one in ranked:
        other = versions[one.version_id]
        if other.product or one.hash == best.hash or other.id == versions[best.version_id].id:
            continue
        same = one.section[-1:] == best.section[-1:]
        least = NAMESAKE if same else AMBIGUOUS
        apart = name - {fold(word) for word in words(other.name)}
        if (same or asked.codes) and not apart and one.plain >= least * best.plain:
            return True
    return False


def of_kind(found: Sequence[Candidate], asked: Asked, vocabulary: Vocabulary) -> list[Candidate]:
    """The passages of products of the kind that the question names, as the best one is ("the pump"), and those that cover as much of
    it, as of a thing with a pump; all where that is of none."""
    said, kinds = {fold(word) for word in asked.words}, vocabulary.kinds
    kind = kinds.get(found[0].version_id, frozenset()) & said if found else frozenset()
    alike = (kind <= kinds.get(one.version_id, frozenset()) for one in found)
    return [
        one
        for one, is_one in zip(found, alike, strict=True)
        if is_one or one.coverage >= found[0].coverage
    ]


def contenders_of(
    asked: Asked, ranked: Sequence[Candidate], versions: Mapping[int, Manual]
) -> tuple[str, ...]:
    """The products whose best passage is about as good as the best, and those with a section of the same name; () when one
    stands out or all say the same. "How heavy is it?" says nothing of what it is asked."""
    if not ranked:
        return ()
    said = {*asked.stems} - asked.any_product
    bare = said <= quantities(stems(asked.text, asked.language)).keys()
    best, least = ranked[0], OF_ANY if bare else AMBIGUOUS
    kin = {*name_words(versions[best.version_id].product)}
    near = [  # of products of another house, the whole passage's meaning tells which is meant
        found
        for found in ranked
        if found.plain >= least * best.plain
        and (
            kin & {*name_words(versions[found.version_id].product)}
            or found.score >= ELSEWHERE * best.score
        )
    ]
    products = {versions[found.version_id].product for found in near} - {""}
    same = len({found.hash for found in near}) == 1
    if len(products) < 2 or same:
        return ()
    named = {found.section[-1:] for found in near}
    meant = [*near, *(found for found in ranked if found.section[-1:] in named)]
    every = unique(versions[found.version_id].product for found in meant)
    return tuple(name for name in every if name)
