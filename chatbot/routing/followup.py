"""Questions that only make sense after the one before: made to stand alone, by rule. Pure.

Knows earlier questions and product names; asks no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.search.products.names import mentioned, name_words, without_product
from knowledge.search.wording.codes import Code, codes_in
from knowledge.text import STOP_WORDS, words

_LEAD = re.compile(
    r"^\s*(?:and|but|or|also|then|so|ok(?:ay)?|now|what about|how about|and what about|and how about)\b[\s,:]*",
    re.I,
)
_LEAD_FULL = re.compile(
    r"^\s*(?:(?:and|but|or|also|then|so|ok(?:ay)?|now)\b[\s,:]*)*(?:(?:what|how) about\b[\s,:]*)?",
    re.I,
)
# Words that a question may have beside "it" and still say nothing: "Is there a setting for it?"
SAYS_NOTHING = frozenset(
    "setting settings option options way ways something anything function feature button menu trick idea possible problem issue try any ideas another suggestion suggestions advice help please".split()
)
_OTHER = re.compile(
    r"\b(?:for |on |of |with )?the other (?:one|model|product|device|printer|version|unit)\b", re.I
)
# "there" is a place, and not that of "which settings are there" or "is there a limit"; the words of "is it true that" and
# "I heard that it" which join two clauses point at nothing
POINTING = re.compile(
    r"\b(?:it(?! (?:true|correct|right|normal) that\b)|its"
    r"|(?<!true )(?<!correct )(?<!right )(?<!normal )(?<!sure )(?<!says )(?<!said )(?<!know )(?<!heard )that|this|these|those|they|them|(?<!is )(?<!are )(?<!was )(?<!were )there(?!['’]s\b|\s+(?:is|are|was|were)\b)|same|one|ones)\b",
    re.I,
)
_IT = re.compile(r"\b(?:it|its)\b", re.I)
_ASKING = re.compile(
    r"^\s*(?:how (?:do|can|should|must) (?:i|we|you)|how (?:long|often|much|many|far|fast) (?:can|does|do|is|are|should|must|will)(?: (?:i|we|you))?"
    r"|what (?:is|are)|where (?:is|are|do i find)|when (?:do|must|should) i)\b\s*",
    re.I,
)
_NAMING = frozenset(  # words that say which product is meant, and nothing else
    "no nope yes sorry actually rather meant mean wrong correct it's its i'm customer customer's has have got one model device"
    " product version same thing phone printer machine please think sure".split()
)
_HELP = frozenset(  # beside a product's name, ask nothing of it
    "help question problem issue trouble support info information manual need hi hello pls the a an my for with on about of i".split()
)
# "Not the R2, the R4": what is not meant
_NOT_THAT = re.compile(
    r"^\W*(?:no\W+)?(?:(?:i|we) (?:mean|meant)\W+)?not\s+(?:(?:on|for|about|in|with|of)\s+)?(?:(?:the|an?|my)\s+)?[^,;.!?]{1,40}?(?:[,;.!]|\s+but\b)\s*(?:but\s+)?",
    re.I,
)
_SIZE = r"(?:\s+\d{1,2}\.\d)?(?![\w.])"  # of a name it belongs to: "Tab A 8.0"
_PARTICLES = "on|off|up|down|out|in|back|away"
_ASKED_OF_IT = re.compile(r"\b(?P<verb>is|was|does|did|can|will|has|should|must) it\b", re.I)
_FOR_THAT = re.compile(r"\s+(?:for|with|by|in) (?:that|this|it)\b", re.I)
# What something is done to: "it" behind a verb, and not what "is it …", "does it …" ask of
_DONE_TO = re.compile(
    rf"(?<!\bis )(?<!\bwas )(?<!\bdoes )(?<!\bdid )(?<!\bcan )(?<!\bwill )(?<!\bhas )(?<!\bif )(?<!\bof )(?<!\bwhen )(?<=\w )\b(?:it|them)\b(?:\s+(?P<particle>{_PARTICLES})\b)?",
    re.I,
)
_DOING = re.compile(
    rf"(?:how (?:do|can|should|must|could) (?:i|we|you)|how to|(?:can|could|may) (?:i|we))\s+[a-z]+\s+(?:(?:{_PARTICLES})\s+)?(?P<thing>.+)"
    r"|(?:what (?:is|are)|where (?:is|are|do i find|can i find))\s+(?P<told>.+)",
    re.I,
)
_PARTICLE_AT_END = re.compile(rf"\s+(?:{_PARTICLES})$", re.I)
LONGEST_THING = 8  # words, with "on the" and a product's name
FEW = 2  # content words up to which "And how often?" has no subject of its own

_THING = re.compile(
    r"(?:(?:for|on|of|with|in|at|about)\s+)?(?P<the>(?:the|an?|my|your|our)\s+)?(?P<thing>[^\s,;:?!]+(?:\s+[^\s,;:?!]+){0,3})",
    re.I,
)
# Capitals that begin no sentence: a name as far as English goes
_NAME = re.compile(r"(?<=\w\s)(?!I\b)[A-Z][\w-]*(?:\s+(?:[A-Z]|\d)[\w-]*)*")
_OBJECT = re.compile(
    r"\b(?:the|an?|my|your|our)\s+(?P<np>[\w-]+(?:\s+[\w-]+){0,2}?)(?=\s+of\b|\s*[?.!]*$)", re.I
)
_OF_WHAT = re.compile(r"\s*(?:what|which|how\s+(?:much|many|long|often|big|high|heavy))\b", re.I)
_WHICH_ONE = frozenset(  # say which of several, and no thing
    "minimum maximum lowest highest smallest largest first second third last next other left right upper lower top bottom"
    " front rear back inner outer big small new old hot cold black white red green blue yellow".split()
)


def standalone(question: str, earlier: Sequence[str], products: Sequence[str]) -> str:
    """The question with product and subject of the one before, or as it is when it stands alone.

    ``earlier`` are the questions as they were asked, oldest first, each standing alone; ``products`` all names.
    """
    if not earlier:
        return question
    before = earlier[-1]
    meant = _NOT_THAT.sub("", question, count=1)
    if meant != question and len(mentioned(meant, products)) == 1 < len(
        mentioned(question, products)
    ):
        question = meant
    named, named_before = mentioned(question, products), mentioned(before, products)
    if names_only(before, products):
        rest = _LEAD_FULL.sub("", question)
        of_it = of_the_product(rest, [before], products)
        return of_it or (question if named else _with_product(rest, (), named_before[0]))
    if _OTHER.search(question):
        rest = _LEAD_FULL.sub("", _OTHER.sub("", question)).strip(" ?.,")
        if not (other := _the_other(earlier, products)):
            return question  # nobody can say which, and it is not the one before
        return (
            _with_product(before, named_before, other)
            if not content_words_own(rest)
            else f"{_capital(rest)} on the {other}?"
        )
    lead = bool(_LEAD.match(question))
    own = [
        word
        for word in content_words_own(_LEAD_FULL.sub("", question))
        if word not in _name_parts(named) | SAYS_NOTHING
    ]
    # "and the R4?" of a manual that is about the R2 and the R4
    if (
        named
        and named == named_before
        and (other := _swapped(_LEAD_FULL.sub("", question), before))
    ):
        return other
    # "and on the X100?", "the X100" after "Which product?", "No, it's an X100"
    if named and _NAMING.issuperset(own) and (lead or len(named) == 1):
        return _with_product(before, named_before, named[0])
    if lead and not named and (other := _swapped(_LEAD_FULL.sub("", question), before)):
        return other
    points = bool(POINTING.search(question))
    if own and not lead and _points_at_product(question, named):
        return question
    if (lead or points or not own) and len(own) <= FEW:
        return _joined(question, before, named, named_before)
    if (lead or points) and not named and named_before:
        return f"{_LEAD_FULL.sub('', question).strip(' ?.') or question}, {named_before[0]}?"
    return question


def wordings(question: str, earlier: Sequence[str], products: Sequence[str]) -> tuple[str, ...]:
    """What a question may mean after the ones before, the likeliest first; see ``standalone`` for the arguments.

    "And clean the filter?" after "How do I replace the seal?" has a subject of its own, or is about the seal's filter:
    the first that the manuals answer is meant.
    """
    joined = standalone(question, earlier, products)
    open_ = joined != question and not mentioned(question, products)
    if open_ and (done := _done_to_the_thing(_LEAD_FULL.sub("", question), earlier[-1])):
        return (done, joined)
    if joined == question or POINTING.search(question) or not _LEAD.match(question):
        thing = _asked_of_the_thing(_LEAD_FULL.sub("", question), earlier[-1]) if open_ else ""
        return (joined, thing) if thing else (joined,)
    rest = _LEAD_FULL.sub("", question).strip(" ?.")
    own = content_words_own(rest)
    if len(own) < FEW or mentioned(question, products) or joined == _swapped(rest, earlier[-1]):
        return (joined,)
    named = mentioned(earlier[-1], products)
    verb = (
        words(rest)[0] in own
    )  # "clean the filter" goes on with "How do I", "who won the cup" does not
    asking = _ASKING.match(earlier[-1]) if verb else None
    alone = _capital(f"{asking.group().strip()} {rest}" if asking else rest)
    first = _with_product(alone, (), named[0]) if named else f"{alone}?"
    return (first, joined) if verb else (first,)


def _done_to_the_thing(question: str, before: str) -> str:
    """The question with the thing that the one before did something to in the place of "it": of "How do I clean it?" after
    "How do I replace the band?" how to clean the band; "" where there is no such thing."""
    pointing, thing = _DONE_TO.search(question), _thing_before(before)
    if pointing is None or not thing:
        return ""
    particle = f"{pointing['particle']} " if pointing["particle"] else ""
    rest = question[pointing.end() :].strip(" ?.!")
    return f"{_capital(question[: pointing.start()])}{particle}{thing}{f' {rest}' if rest else ''}?"


def _asked_of_the_thing(question: str, before: str) -> str:
    """The question with that thing where it asks what "it" is or does: "How much battery does the lamp need?"; or ""."""
    pointing, thing = _ASKED_OF_IT.search(question), _thing_before(before)
    if pointing is None or not thing:
        return ""
    rest = _FOR_THAT.sub("", question[pointing.end() :]).strip(" ?.!")
    return _capital(f"{question[: pointing.end('verb')]} {thing} {rest}".rstrip()) + "?"


def _thing_before(before: str) -> str:
    """What the question before asked about or did something to, "" where that is not a thing."""
    done = _DOING.match(before.rsplit(": ", 1)[-1].strip(" ?."))
    if done is None:
        return ""
    thing = _PARTICLE_AT_END.sub("", done["thing"]) if done["thing"] else done["told"]
    long = len(thing.split()) > LONGEST_THING or not content_words_own(thing)
    return "" if long or POINTING.search(thing) else thing


def with_subject(question: str, earlier: Sequence[str], products: Sequence[str]) -> str:
    """A question that points back and says much of its own, with the subject of the one before; "" for any other.

    "How do I take her off that digit again?" is searched by itself too: what it points at may stand in it.
    """
    if not earlier or mentioned(question, products) or not POINTING.search(question):
        return ""
    if len(content_words_own(_LEAD_FULL.sub("", question))) <= FEW or _OTHER.search(question):
        return ""
    return _joined(question, earlier[-1], (), mentioned(earlier[-1], products))


def of_the_product(question: str, earlier: Sequence[str], products: Sequence[str]) -> str:
    """What a question asks where "it" is the product and not what was asked before, "" where that cannot be meant.

    "How do I charge it?" after "How do I put a new strap on the Galaxy Fit?" is about the Galaxy Fit.
    """
    pointing = _IT.search(question)
    if not earlier or pointing is None or _LEAD.match(question) or mentioned(question, products):
        return ""
    if not content_words_own(question):
        return ""
    named = mentioned(earlier[-1], products)
    if not named:
        return ""
    the = "the " if re.search(rf"\bthe\s+{re.escape(named[0])}", earlier[-1], re.I) else ""
    name = f"{the}{named[0]}{'’s' if pointing.group().lower() == 'its' else ''}"
    return f"{question[: pointing.start()]}{name}{question[pointing.end() :]}"


def names_only(text: str, products: Sequence[str]) -> bool:
    """Does a message name a product and ask nothing: "galaxy s9", "help with the S9 please"?"""
    named = mentioned(text, products)
    return bool(named) and set(words(text)) - _name_parts(named) <= _NAMING | _HELP


def says_nothing(text: str) -> bool:
    """Does a message say of nothing what it is about: "and on the other one?", "is there another way?"?"""
    said = set(content_words_own(_LEAD_FULL.sub("", _OTHER.sub("", text)))) - SAYS_NOTHING
    return bool(words(text)) and not said - {"one", "ones"}


def content_words_own(text: str) -> list[str]:
    """The words of a text that carry meaning; none when only stop words are there."""
    empty = STOP_WORDS | {"other", "often", "long", "about", "now", "then", "next", "again"}
    return [word for word in words(text) if word not in empty]


def _joined(question: str, before: str, named: Sequence[str], named_before: Sequence[str]) -> str:
    subject = _ASKING.sub("", before.rsplit(": ", 1)[-1]).strip(" ?.")  # never a chain of subjects
    if named:
        subject = _with_product(subject, named_before, named[0]).strip(" ?")
    elif named_before and not mentioned(subject, named_before):
        subject = _with_product(subject, (), named_before[0]).strip(" ?")
    rest = _LEAD_FULL.sub("", question).strip(" ?.") or question.strip(" ?.")
    return f"{_capital(rest)}: {subject}?"


def _with_product(text: str, present: Sequence[str], product: str) -> str:
    """A question about another product: its name in place of the one that is there, else added."""
    for name in present:
        for form in _forms_in(name):
            pattern = rf"(?<!\w){re.escape(form)}(?!\w){_SIZE}"
            if re.search(pattern, text, re.I):
                return re.sub(pattern, product, text, count=1, flags=re.I)
    for name in present:
        text = without_product(text, name)
    return f"{text.strip(' ?.')} on the {product}?"


def _points_at_product(question: str, named: Sequence[str]) -> bool:
    """Say whether "it" is a product that the question has named before: "X200: is it waterproof?" """
    pointing = POINTING.search(question)
    if pointing is None:
        return False
    head = question[: pointing.start()]
    return any(
        re.search(rf"(?<!\w){re.escape(form)}(?!\w)", head, re.I)
        for name in named
        for form in _forms_in(name)
    )


def _forms_in(name: str) -> list[str]:
    """What a product may be called in a question, the longest first: parts of its name that have a number, or all of it
    but the brand."""
    parts = name.split()
    runs = [
        " ".join(parts[first : first + size])
        for size in range(len(parts), 0, -1)
        for first in range(len(parts) - size + 1)
    ]
    whole = (name, " ".join(parts[1:]))
    return [run for run in runs if run and (run in whole or re.search(r"\d", run))]


def _the_other(earlier: Sequence[str], products: Sequence[str]) -> str:
    """The product meant by "the other one": the one talked about before the last, else the only other one there is."""
    talked = [name for text in reversed(earlier) for name in mentioned(text, products)]
    if not talked:
        return ""
    rest = [name for name in dict.fromkeys(talked) if name != talked[0]] or [
        name for name in products if name != talked[0]
    ]
    return rest[0] if rest and (len(rest) == 1 or len(dict.fromkeys(talked)) > 1) else ""


def _name_parts(names: Sequence[str]) -> set[str]:
    return {word for name in names for word in name_words(name)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _swapped(rest: str, before: str) -> str:
    """The question before with the thing that ``rest`` names ("the M3", "for E-05") in the place of its own.

    "" where ``rest`` says more than a name, or the question before has no one thing of its kind: with
    both names in it, the old one would answer.
    """
    found = _THING.fullmatch(rest.strip(" ?.!,"))
    if found is None:
        return ""
    thing = found["thing"]
    codes = codes_in(thing)
    if len(codes) == 1:
        return _of_code(thing, codes[0], before)
    if codes or any(word in STOP_WORDS for word in words(thing)):
        return ""
    if all(part[:1].isupper() for part in thing.split()):
        if names := list(_NAME.finditer(before)):
            return _put(before, names[-1].span(), thing)
        return ""
    return _of_thing(thing, before) if found["the"] else ""


def _of_code(thing: str, code: Code, before: str) -> str:
    """With another code, and its brand: of the same letters or the same form ("K7", "M3"), but no error for a model."""
    kin = [one for one in codes_in(before) if one.parts[0] == code.parts[0]] or [
        one for one in codes_in(before) if _form(one.typed) == _form(code.typed)
    ]
    if len(kin) != 1:
        return ""
    old = re.escape(kin[0].typed)
    place = re.search(rf"(?:(?<=\w\s)(?:[A-Z][\w-]*\s+)+)?(?<!\w){old}(?!\w)", before)
    new = " ".join(
        part for part in thing.split() if part[:1].isupper() or any(map(str.isdigit, part))
    )
    return _put(before, place.span(), new) if place else ""


def _of_thing(thing: str, before: str) -> str:
    """With another part or property in the place of the one that was asked about: of "the torque of the cover" the cover,
    of "clean the filter of the pump" the filter."""
    objects = list(_OBJECT.finditer(before))
    if not objects:
        return ""
    start, end = objects[-1 if _OF_WHAT.match(before) else 0].span("np")
    kept = before[start:end].split()
    if thing.casefold() in _WHICH_ONE:
        if len(kept) < 2:
            return ""
        thing = " ".join([thing, *kept[1:]])
    return _put(before, (start, end), thing)


def _form(typed: str) -> str:
    return re.sub(r"\d", "9", re.sub(r"[^\W\d_]", "a", typed))


def _put(before: str, span: tuple[int, int], new: str) -> str:
    return f"{before[: span[0]]}{new}{before[span[1] :]}"
