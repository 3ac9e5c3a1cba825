"""Questions that only make sense after the one before: made to stand alone, by rule. Pure.

Knows earlier questions and product names; asks no model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from knowledge.search.products import mentioned, name_words, without_product
from knowledge.text import STOP_WORDS, words

_LEAD = re.compile(
    r"^\s*(?:and|but|or|also|then|so|ok(?:ay)?|now|what about|how about|and what about|and how about)\b[\s,:]*",
    re.I,
)
_LEAD_FULL = re.compile(
    r"^\s*(?:(?:and|but|or|also|then|so|ok(?:ay)?|now)\b[\s,:]*)*(?:(?:what|how) about\b[\s,:]*)?",
    re.I,
)
_OTHER = re.compile(
    r"\b(?:for |on |of |with )?the other (?:one|model|product|device|printer|version|unit)\b", re.I
)
POINTING = re.compile(r"\b(?:it|its|that|this|these|those|they|them|there|same|one|ones)\b", re.I)
_IT = re.compile(r"\b(?:it|its)\b", re.I)
_ASKING = re.compile(
    r"^\s*(?:how (?:do|can|should|must) (?:i|we|you)|what (?:is|are)|where (?:is|are|do i find)|when (?:do|must|should) i)\b\s*",
    re.I,
)
_NAMING = frozenset(  # words that say which product is meant, and nothing else
    "no nope yes sorry actually rather meant mean wrong correct it's its i'm customer customer's has have got one model device"
    " product version phone printer machine please think sure".split()
)
FEW = 2  # content words up to which "And how often?" has no subject of its own


def standalone(question: str, earlier: Sequence[str], products: Sequence[str]) -> str:
    """The question with product and subject of the one before, or as it is when it stands alone.

    ``earlier`` are the questions as they were asked, oldest first, each standing alone; ``products`` all names.
    """
    if not earlier:
        return question
    before = earlier[-1]
    named, named_before = mentioned(question, products), mentioned(before, products)
    if _OTHER.search(question) and (other := _the_other(earlier, products)):
        rest = _LEAD_FULL.sub("", _OTHER.sub("", question)).strip(" ?.,")
        return (
            _with_product(before, named_before, other)
            if not content_words_own(rest)
            else f"{_capital(rest)} on the {other}?"
        )
    lead = bool(_LEAD.match(question))
    own = [
        word
        for word in content_words_own(_LEAD_FULL.sub("", question))
        if word not in _name_parts(named)
    ]
    # "and on the X100?", "the X100" after "Which product?", "No, it's an X100"
    if named and _NAMING.issuperset(own) and (lead or len(named) == 1):
        return _with_product(before, named_before, named[0])
    points = bool(POINTING.search(question))
    if own and not lead and _points_at_product(question, named):
        return question
    if (lead or points) and len(own) <= FEW:
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
    if joined == question or POINTING.search(question) or not _LEAD.match(question):
        return (joined,)
    rest = _LEAD_FULL.sub("", question).strip(" ?.")
    own = content_words_own(rest)
    if len(own) < FEW or mentioned(question, products):
        return (joined,)
    named = mentioned(earlier[-1], products)
    verb = (
        words(rest)[0] in own
    )  # "clean the filter" goes on with "How do I", "who won the cup" does not
    asking = _ASKING.match(earlier[-1]) if verb else None
    alone = _capital(f"{asking.group().strip()} {rest}" if asking else rest)
    first = _with_product(alone, (), named[0]) if named else f"{alone}?"
    return (first, joined) if verb else (first,)


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
            pattern = rf"(?<!\w){re.escape(form)}(?!\w)"
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
