"""Products that no manual is about, named by a model that none has: "Galaxy Z Flip 3", "Galaxy Tab S7", "iPhone 12". Pure.

A name that is only in part one of ours is another product, and what holds for ours need not hold for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.search.languages import ENGLISH, is_stop, is_word, stem
from knowledge.search.products.names import (
    FOLLOWING,
    forms_of,
    mentioned,
    name_words,
    shared_words,
)
from knowledge.search.ranking import Vocabulary
from knowledge.text import fold, unique
from knowledge.text import words as plain_words
from knowledge.types import Manual

SHOWN = 3  # products that are called nearly so
_NOT_COUNTING = (  # behind a figure that says which model it is
    r"(?![.,]?\d|\s*(?:%|:\d|(?:seconds?|minutes?|hours?|days?|weeks?|months?|years?|times|percent|[gm]b|mah|[mck]m|inch|volts?|watts?|[vw])\b)"
    r"|\s+(?!(?:is|was|has|does|this|always|sometimes|keeps|shows|says|needs|loses|gets|wants|goes|makes|turns|stops|starts|works|freezes|reboots)\b)\w+s\b)"
)
# What is asked about as "the iPhone 12": behind a preposition, or first in a clause. "With my iPhone 12" and "can it charge
# an iPhone 12" ask about another product than that one.
_ABOUT = re.compile(
    r"(?:(?:^|[.,;:!?])\s*(?:(?:and|but|so|ok|no|hi|hello)\b\s*|(?:what|how)\s+about\s+)*|\b(?:on|for|of|about|in)\s+)"
    r"(?:(?:the|an?|my|our|your|his|her|their|this|that|customer['’]?s)\s+)*(?P<name>[^\W\d_]{3,})[ -](?P<number>\d{1,4}[a-z]?)\b"
    + _NOT_COUNTING,
    re.I,
)
# And where it is what something is done to, or somebody has, in a question that names no product that there is a manual of
_OWNED = re.compile(
    r"\b(?:the|an?|my|our|his|her|their|customer['’]?s)\s+(?P<name>[^\W\d_]{3,})[ -](?P<number>\d{1,3}[a-z]?)\b"
    + _NOT_COUNTING,
    re.I,
)
# Of what a number says which one it is, other than a product
_COUNTED = frozenset(
    "error code message fault alarm screen page step part chapter section figure table version channel port line row column"
    " number ticket order case room floor flat apartment year day week size type class level grade group model house hill road"
    " street client customer invoice resistor wifi wlan lan usb hdmi bluetooth sim esim android windows ios macos linux ubuntu gen"
    " generation dot mode january february march april june july august september october november december christmas".split()
)
_MODELS = frozenset("lite fe se neo xl".split())
_MAY_BE_MODELS = frozenset("pro mini max ultra plus".split())  # or of what follows, as "Pro mode"
_TOKEN = re.compile(r"[^\W_]+|\+")
_ENDS = re.compile(rf"\s*(?:$|[?!.,;:)])|\s+(?:{FOLLOWING}|how|what|where|why|which|who)\b", re.I)
_NUMBER = re.compile(_NOT_COUNTING, re.I)
# What another device is to ours that is asked about: "pair my Mazda 3 with it", "transfer from my old Note 4"
_BESIDE = re.compile(
    r"\b(?:pair\w*|connect\w*|sync\w*|transfer\w*|shar(?:e|ing)|cast\w*|mirror\w*|move|copy|compatible|charg(?:e|ing) (?:(?:an?|the|my|another)\b|[^.?!]*\bwith))\b",
    re.I,
)
_LEADS = frozenset("the my our your his her their this that a an on for of about with galaxy".split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Token:
    """A word of a question where it stands: as it is compared, and as it was typed."""

    word: str
    typed: str
    start: int
    end: int


def other_product(
    text: str,
    vocabulary: Vocabulary,
    is_name: Callable[[str, str], bool],
    together: Callable[[str, str], bool],
) -> str:
    """The product that a question is about by a name of which no manual is, "iPhone 12", "Galaxy Z Flip 3"; or "".

    ``is_name`` says of a word that manuals have, and a number, whether they use it as a name, or with that number;
    ``together`` whether they have two words one behind the other ("Galaxy Watch").
    """
    products = unique(one.product for one in vocabulary.manuals if one.product)
    manuals = unique(one.name for one in vocabulary.manuals)
    family = _known(tuple(products), tuple(manuals))
    if other := _other_of_family(text, family, vocabulary.counts, together):
        return other
    spare = mentioned(text, products) or _BESIDE.search(text)
    for match in (*_ABOUT.finditer(text), *(() if spare else _OWNED.finditer(text))):
        name = fold(match["name"])
        if name in _COUNTED or is_stop(name, ENGLISH):
            continue
        if any(name in plain_words(f"{one.name} {one.product}") for one in vocabulary.manuals):
            continue
        known = name in vocabulary.counts or stem(name, ENGLISH) in vocabulary.stems
        called = match["name"] != match["name"].lower() and text != text.upper()
        if known and (not called or is_name(match["name"], match["number"])):
            continue
        if match.re is _OWNED and not known and not called and is_word(name):
            continue
        return f"{match['name']} {match['number']}"
    return ""


def of_model(text: str, manuals: Mapping[int, Manual]) -> dict[int, Manual]:
    """Of several manuals of one product those whose names have the figure that a question has behind the product's name: of
    the "Tab A 8.4" that of the "Tab A 8.4" only, not those of the 8.0 and the 10.5. Manuals by any key."""
    said = fold(text)
    meant: dict[str, str] = {}
    for one in manuals.values():
        figure = _figure_of(one)
        pattern = rf"(?<!\w){re.escape(_end_of(one.product))}[ -]{re.escape(figure)}(?![\w.]*\d)"
        if figure and re.search(pattern, said):
            meant[one.product] = figure
    return {
        key: one
        for key, one in manuals.items()
        if one.product not in meant or _figure_of(one) == meant[one.product]
    }


def _figure_of(manual: Manual) -> str:
    """The figure behind the product in a manual's name, "8.4" of "Galaxy Tab A 8.4 user manual", or ""."""
    behind = fold(manual.name).partition(fold(manual.product))[2] if manual.product else ""
    found = re.match(r"[ -](\d+(?:\.\d+)?)(?!\w)", behind)
    return found[1] if found else ""


def _end_of(product: str) -> str:
    """A product's name without its brand, as it may be said ("Tab A")."""
    first, _, rest = fold(product).partition(" ")
    return rest or first


def like_a_model(code: str, question: str, products: Collection[str]) -> bool:
    """Does a code that no manual has look as the model of a product does, "x300" beside the X200? Not behind "error"."""
    before = question.partition(code)[0].split()
    alike = any(_code(code)[0] == _code(one)[0] for one in products if _code(code)[0])
    return alike and not (before and before[-1].casefold() in _COUNTED)


def nearest_to(name: str, products: Collection[str]) -> tuple[str, ...]:
    """The products called nearly as one that no manual is about, nearest first, at most SHOWN: of the same letters before
    the figure ("A51" for "A52"), else with another word of its name than that of all."""
    said, code = name_words(name), _code(name)
    brand = said[:1] if sum(said[:1] == name_words(one)[:1] for one in products) > 1 else ()

    def far(other: str) -> tuple[int, int, int]:
        own = _code(other)
        apart = abs(own[1] - code[1]) if own[0] == code[0] else 999
        beside = {*name_words(other)} - {*said}
        return -len({*said} & {*name_words(other)}), apart, len(beside)

    def alike(other: str) -> bool:
        shared = {*said} & {*name_words(other)} - {*brand}
        return bool(shared) or (bool(code[0]) and _code(other)[0] == code[0])

    near = [one for one in products if alike(one)]
    coded = [one for one in near if code[0] and _code(one)[0] == code[0]]
    if coded:
        return tuple(sorted(coded, key=lambda one: (*far(one)[1:], one))[:SHOWN])
    return tuple(sorted(near, key=lambda one: (*far(one), one))[:SHOWN])


def _code(name: str) -> tuple[str, int]:
    """The letters and the figure of the model in a name, "a" and 52 of "Galaxy A52"; ("", 0) where it has none."""
    found = re.search(r"(?<![^\W_])([^\W\d_]{1,3})(\d{1,6})", name)
    return (fold(found[1]), int(found[2])) if found else ("", 0)


@dataclass(frozen=True, slots=True)
class _Known:
    """The names there are, as words: of each product those it goes by, words of several, and words side by side."""

    forms: tuple[tuple[tuple[str, ...], str], ...]
    shared: frozenset[str]
    brands: frozenset[str]
    beside: frozenset[tuple[str, str]]
    words: frozenset[str]
    lines: frozenset[str]  # products of a family that is told apart by figures


@lru_cache(maxsize=8)
def _known(products: tuple[str, ...], manuals: tuple[str, ...]) -> _Known:
    shared = shared_words(products)
    each = [(form, name) for name in products for form in forms_of(name, shared)]
    words = [_plain(name) for name in (*products, *manuals)]
    first = [said[0] for said in map(name_words, products) if said]
    brands = frozenset(word for word in first if first.count(word) > 1)
    figures = frozenset(name_words(name)[0] for name in products if any(map(str.isdigit, name)))
    return _Known(
        tuple(sorted(each, key=lambda one: -len(one[0]))),
        shared,
        brands,
        frozenset(pair for said in words for pair in zip(said, said[1:], strict=False)),
        frozenset(word for name in products for word in name_words(name)),
        frozenset(name for name in products if name_words(name)[0] in figures & brands),
    )


def _plain(name: str) -> list[str]:
    return [token.word for token in _tokens(name)]


def _tokens(text: str) -> list[_Token]:
    return [
        _Token("plus" if one[0] == "+" else fold(one[0]), one[0], one.start(), one.end())
        for one in _TOKEN.finditer(text)
    ]


def _other_of_family(
    text: str, known: _Known, held: Container[str], together: Callable[[str, str], bool]
) -> str:
    """The product by a name that begins, or ends, as one of ours: "Z Flip 3", "Tab S7", "Galaxy Watch 4"; "" where one of
    ours is named as well, or what it is called is a word that is ``held``."""
    tokens = _tokens(text)
    if not known.lines:
        return ""
    taken: set[int] = set()
    found = ""
    for first, last, product in _named(tokens, text, known):
        taken.update(range(first, last))
        other = product in known.lines and _longer(tokens, text, (first, last, product), known)
        if not other:
            return ""
        found = found or other
    if found or _BESIDE.search(text):
        return found
    coded = next(_coded(tokens, text, taken, known, held), "")
    return coded or next(_of_brand(tokens, text, taken, known, together), "")


def _named(tokens: Sequence[_Token], text: str, known: _Known) -> Iterator[tuple[int, int, str]]:
    """Where products of ours are named: the first word, the one after the last, the product."""
    at = 0
    while at < len(tokens):
        for form, product in known.forms:
            there = tokens[at : at + len(form)]
            if tuple(token.word for token in there) == form and _together(there, text):
                yield at, at + len(form), product
                at += len(form)
                break
        else:
            at += 1


def _together(tokens: Sequence[_Token], text: str) -> bool:
    """Does nothing but a blank or a hyphen stand between these words?"""
    pairs = zip(tokens, tokens[1:], strict=False)
    return all(text[one.end : other.start] in ("", " ", "-", ".") for one, other in pairs)


def _longer(tokens: Sequence[_Token], text: str, named: tuple[int, int, str], known: _Known) -> str:
    """The name of which that of a product of ours is only a part, or ""."""
    first, last, product = named
    own = name_words(product)
    before = tokens[first - 1] if first and _together(tokens[first - 1 : first + 1], text) else None
    if before and len(before.word) > 2 and before.word in known.words - {*own}:
        return _from(tokens, text, first - 1, last, known)
    if last == len(tokens) or not _together(tokens[last - 1 : last + 1], text):
        return ""
    after, rest = tokens[last], text[tokens[last].end :]
    if after.word in own or (tokens[last - 1].word, after.word) in known.beside:
        return ""
    is_number = (
        after.word.isdigit()
        and 0 < int(after.word) - 1 < 30
        and not any(map(str.isdigit, product))
        and bool(_ENDS.match(rest))
        and not re.match(r"[.,:]\d|\s*%", rest)
    )
    is_word_of_model = after.word in _MODELS and not re.match(r"\s+mode\b", rest, re.I)
    may_be = after.word in _MAY_BE_MODELS and bool(_ENDS.match(rest))
    return _from(tokens, text, first, last + 1, known) if is_number or is_word_of_model or may_be else ""  # fmt: skip


def _coded(
    tokens: Sequence[_Token],
    text: str,
    taken: Collection[int],
    known: _Known,
    held: Container[str],
) -> Iterator[str]:
    """Names that begin as ours do, with a figure that none of ours has: "Galaxy A52", "note 20", "S20 FE". A code that manuals
    hold, as "E27", is none; nor is a figure below all of ours, "my note 2"."""
    for at, token in enumerate(tokens[:-1]):
        after = tokens[at + 1]
        if token.word not in known.shared or {at, at + 1} & {*taken}:
            continue
        if not _together((token, after), text):
            continue
        if _is_model(tokens, at, text, known):
            yield _from(tokens, text, at, at + 2, known)
        if at + 2 < len(tokens) and _is_model(tokens, at + 1, text, known):
            yield _from(tokens, text, at, at + 3, known)
        ours = (token.word, after.word) in known.beside or len(token.word) < 3
        if ours or not any(map(str.isdigit, after.word)) or not _NUMBER.match(text[after.end :]):
            continue
        if after.word.isdigit():
            led = at == 0 or token.typed[0].isupper() or tokens[at - 1].word in _LEADS
            figures = _figures(known, token)
            other = led and figures and int(after.word) >= min(figures)
        else:
            other = after.word not in held
        if other:
            yield _from(tokens, text, at, at + 2, known)


def _of_brand(
    tokens: Sequence[_Token],
    text: str,
    taken: Collection[int],
    known: _Known,
    together: Callable[[str, str], bool],
) -> Iterator[str]:
    """Names of a brand, a word that manuals have behind it, and a figure: "Galaxy Watch 4"."""
    for at, (brand, word, number) in enumerate(zip(tokens, tokens[1:], tokens[2:], strict=False)):
        if brand.word not in known.brands or {at, at + 1, at + 2} & {*taken}:
            continue
        if not (number.word.isdigit() and len(number.word) < 3) or word.word in _COUNTED:
            continue
        if not _together((brand, word, number), text) or not _NUMBER.match(text[number.end :]):
            continue
        new = (word.word, number.word) not in known.beside and not is_stop(word.word, ENGLISH)
        if new and word.word.isalpha() and together(brand.word, word.word):
            yield _from(tokens, text, at, at + 3, known)


def _is_model(tokens: Sequence[_Token], at: int, text: str, known: _Known) -> bool:
    """Does a word behind a figure of ours make it a model that is none of ours: "S20 FE"?"""
    code, model = tokens[at], tokens[at + 1]
    ours = (code.word, model.word) in known.beside or not _together((code, model), text)
    return model.word in _MODELS and any(map(str.isdigit, code.word)) and not ours


def _figures(known: _Known, token: _Token) -> list[int]:
    """The figures that stand behind a word in our names."""
    behind = (after for before, after in known.beside if before == token.word)
    return [int(after) for after in behind if after.isdigit()]


def _from(tokens: Sequence[_Token], text: str, first: int, last: int, known: _Known) -> str:
    """A name as it was typed, with the brand before it."""
    while first and tokens[first - 1].word in known.shared and _together(tokens[first - 1 : first + 1], text):  # fmt: skip
        first -= 1
    return text[tokens[first].start : tokens[last - 1].end]
