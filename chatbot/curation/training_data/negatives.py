"""Questions near the facts that the manuals do not answer: codes that do not exist, figures nobody gives, parts of sister products.

An adapter that is never shown one answers everything. Pure.
"""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from adapters.datasets.pairs import TrainingPair
from chatbot.curation.training_data.passages import ReadPassage
from chatbot.curation.training_data.statements import Statement
from chatbot.curation.training_data.wordings import questions
from chatbot.models.prompts import UNSURE
from knowledge.text import content_words, stem, stems

# Words without which no sentence gives such a figure; where one stands beside the thing, the question may be answered.
_MARKS: dict[str, str] = {
    "weight": "weigh weight heavy gram grams kilogram kg g lb",
    "price": "cost costs price euro euros dollar € $",
    "life": "last lasts life hours kilometres durable",
    "part": "part order number spare",
    "place": "under behind below above beside inside between where located",
    "heat": "degree degrees temperature °C °F warm hot",
    "power": "watt watts power W consumption",
    "voltage": "volt volts voltage V",
    "speed": "speed fast second millimetres",
}
# What customers ask of any product, with the words of which one stands wherever a manual answers it.
_COMMON: tuple[tuple[str, str], ...] = (
    ("What does it cost", "cost price euro euros dollar dollars free"),
    ("How long is the warranty", "warranty guarantee"),
    ("How heavy is it", "weigh weight gram grams kg kilogram kilograms pound"),
    ("Is it waterproof", "waterproof water splash ip67 ip68 wet"),
    ("Which colours are there", "colour color colours colors black white"),
    ("Where can I buy it", "buy dealer shop store retailer order"),
    ("What is the phone number of support", "phone telephone call hotline"),
    ("How do I send it back", "return refund send"),
    ("When does the next model come out", "model successor release"),
    ("Who makes it", "manufacturer made company maker"),
    ("How loud is it", "noise loud decibel db quiet"),
    ("Can I use it in a car", "car vehicle"),
    ("Is there a discount for schools", "discount school student"),
    ("Does it work with a voice assistant", "voice assistant alexa siri"),
    ("How old is it", "old age year introduced"),
    ("Is there a smaller one", "smaller small compact mini"),
    ("Which countries is it sold in", "country countries sold"),
    ("Does it come with a bag", "bag case pouch"),
    ("What is the best alternative to it", "alternative competitor"),
    ("Is it safe for children", "child children"),
)
_CODE = re.compile(r"([A-Z]{0,3}-?)(\d{1,4})\Z")
# Of which things such a figure is asked: those of which the manual gives a figure of the same kind.
_GOODS, _MACHINES = ("weight", "price", "part", "life"), ("heat", "power", "voltage", "speed")
_POOLS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(_GOODS, (*_GOODS, "torque")),
    **dict.fromkeys(_MACHINES, _MACHINES),
    "place": (*_GOODS, "place"),
}
WORDINGS = 3  # questions at most about a thing that is not said
_USUAL_CODES = {("Error", "E"): ["04"]}  # asked for where a manual has no codes at all
REACH = 4  # codes beyond the last known one that may be asked for
MOST_KEYS = 40  # things of a product that are crossed with every figure


@dataclass(frozen=True, slots=True)
class _Product:
    name: str
    words: frozenset[str]
    sentences: tuple[frozenset[str], ...]
    said: tuple[tuple[ReadPassage, Statement], ...]


def negatives(
    found: Sequence[tuple[ReadPassage, Statement]],
    read: Sequence[ReadPassage],
    count: int,
    name_products: bool,
) -> list[TrainingPair]:
    """At most so many pairs whose answer is "not sure", from all products in turn; the same each time."""
    by_product = {product.name: product for product in _products(found, read)}
    lists = [
        [*_shuffled(product, _near(product, by_product)), *_shuffled(product, _far(product))]
        for product in by_product.values()
    ]
    made: dict[str, TrainingPair] = {}
    longest = max(map(len, lists), default=0)
    for wording, turn in ((w, t) for w in range(WORDINGS) for t in range(longest)):
        for product, candidates in zip(by_product.values(), lists, strict=True):
            if turn < len(candidates) and len(made) < count:
                pair = _pair(product, candidates[turn], turn + wording, name_products)
                made.setdefault(pair.question, pair)
    return list(made.values())


def _pair(product: _Product, one: Statement, turn: int, name_products: bool) -> TrainingPair:
    asked = questions(one, product.name if name_products else "", 5)
    manual = product.said[0][0].manual if product.said else None
    return TrainingPair(
        asked[turn % len(asked)],
        UNSURE,
        "negative",
        group=f"not said: {product.name}, {one.form} {one.key}",
        manual=manual.name if manual else "",
        version=manual.version if manual else 0,
        origin="template",
    )


def _shuffled(product: _Product, found: Iterable[Statement]) -> list[Statement]:
    """Statements in an order that has nothing to do with where they stand, and is the same each time."""

    def number(one: Statement) -> str:
        text = f"{product.name}|{one.form}|{one.key}|{one.of}"
        return hashlib.sha256(text.encode()).hexdigest()

    return sorted(found, key=number)


def _products(
    found: Sequence[tuple[ReadPassage, Statement]], read: Sequence[ReadPassage]
) -> Iterator[_Product]:
    said: dict[str, list[tuple[ReadPassage, Statement]]] = defaultdict(list)
    for passage, one in found:
        said[passage.manual.product].append((passage, one))
    texts: dict[str, list[str]] = defaultdict(list)
    for passage in read:
        texts[passage.manual.product] += [*passage.sentences, *passage.rows, " ".join(passage.passage.section)]  # fmt: skip
    for name, lines in texts.items():
        # Codes are no words that are stemmed, so both stand there
        sets = tuple(frozenset([*stems(line), *line.casefold().split()]) for line in lines)
        yield _Product(name, frozenset().union(*sets), sets, tuple(said[name]))


def _near(product: _Product, every: Mapping[str, _Product]) -> Iterator[Statement]:
    yield from _other_codes(product)
    yield from _other_figures(product)
    for other in every.values():
        if other.name != product.name:
            yield from _of_sister(product, other)


def _far(product: _Product) -> Iterator[Statement]:
    """Yield what customers ask of any product, where nothing in the manuals may answer it; and codes where there are none."""
    for question, marks in _COMMON:
        if not product.words & {*map(stem, marks.split()), *marks.split()}:
            yield Statement("common", question, "")
    if not any(one.form == "code" for _, one in product.said):
        yield from _codes_beside(_USUAL_CODES, product)


def _other_codes(product: _Product) -> Iterator[Statement]:
    """Yield codes between and beyond the known ones that stand nowhere in the manuals."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    for _, one in product.said:
        if one.form == "code" and (match := _CODE.match(one.key)):
            known[one.of, match[1]].append(match[2])
    yield from _codes_beside(known, product)


def _codes_beside(
    known: Mapping[tuple[str, str], Sequence[str]], product: _Product
) -> Iterator[Statement]:
    for (of, letters), numbers in known.items():
        width = min(map(len, numbers))
        for number in range(1, max(map(int, numbers)) + REACH + 1):
            key = f"{letters}{number:0{width}}"
            if key.casefold() not in product.words:
                yield Statement("code", key, "", of)


def _other_figures(product: _Product) -> Iterator[Statement]:
    """Yield figures of things of this product for which no sentence has both the thing and such a figure."""
    for form, marks in _MARKS.items():
        marked = frozenset([*map(stem, marks.split()), *marks.casefold().split()])
        keys = dict.fromkeys(one.key for _, one in product.said if one.form in _POOLS[form])
        for key in list(keys)[:MOST_KEYS]:
            thing = frozenset(map(stem, content_words(key)))
            if thing and not any(thing <= line and line & marked for line in product.sentences):
                yield Statement(form, key, "")


def _of_sister(product: _Product, other: _Product) -> Iterator[Statement]:
    """Yield what another product's manual says of a thing that this one does not have."""
    for _, one in other.said:
        # "Never use another power supply" answers for every other one
        if one.form in ("topic", "asked", "symptom", "never") or one.form.startswith("cell"):
            continue
        if any(word not in product.words for word in map(stem, content_words(one.key))):
            yield Statement(one.form, one.key, "", one.of)
