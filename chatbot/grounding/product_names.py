"""A claim that names the product of its manual, said as the manual says it. Pure.

A manual seldom calls its product by its name: "on the Aurora X200" may go, and "the X200" is "the printer" or "the device".
The name must be the product's own: "S10" is neither "S10e" nor "S10 Watch", and of a name that is only left out nothing else
may go, so that no "not available on" remains which would fit any product.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from knowledge.text import unique

KINDS = (
    "device",
    "product",
    "unit",
)  # what a manual calls a product whose name does not say what it is
LED_BY = "on|of|for|in|with|from|at"
_DETERMINER = r"(?:(?:[Tt]he|[Yy]our|[Tt]his) )?"
_ENDS = r"(?![\w+/-]|['’]\w|\.\d)"  # not "S10e", "S10+", "S10's", "2.8" for "2"
_MORE = (
    r"(?! (?:[A-Z]\w*|\d[\w.]*|(?:pro|plus|max|mini|lite|ultra|watch|edge)\b))"  # not "S10 Watch"
)


@lru_cache(maxsize=1024)
def said_in_its_manual(claim: str, product: str) -> tuple[str, ...]:
    """The claim without the product's name, and with its kind in the name's place; nothing where it is not named.

    Of a product that is a pump, "of the pump" may go as well.
    """
    name, kinds = _name(product), [word for word in product.split() if word.isalpha()]
    forms = list(_forms(claim, name, product)) if name else []
    if kinds:
        forms.append(
            re.sub(rf" of (?:the|your|this) {re.escape(kinds[-1])}(?![\w-])", "", claim, flags=re.I)
        )
    return tuple(unique(form for form in forms if form != claim))


def _forms(claim: str, name: str, product: str) -> Iterator[str]:
    left_out = rf",? (?:{LED_BY}) {_DETERMINER}{name}(?=\s*[.,;:!]|\s*$)|^(?i:{LED_BY}) {_DETERMINER}{name}, "
    yield _capital(re.sub(left_out, "", claim))
    inside = rf" (?:{LED_BY}) {_DETERMINER}{name}(?= (?:{LED_BY}|to|if|when|until|before|after|and|is|are|has|can|must)\b)"
    yield _capital(re.sub(inside, "", claim))
    for kind in _kinds(product):
        called = re.sub(rf"(?<![\w-]){_DETERMINER}{name}", f"the {kind}", claim)
        yield _capital(called)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _kinds(product: str) -> list[str]:
    own = [word for word in product.split() if word.isalpha()]
    return (
        [own[-1].lower()]
        if own and own[-1].islower()
        else [*(word.lower() for word in own[-1:]), *KINDS]
    )


@lru_cache(maxsize=256)
def _name(product: str) -> str:
    """A pattern of what the product is called: its whole name, or from some word on up to the last, with the model in it."""
    parts = product.split()
    models = [at for at, part in enumerate(parts) if re.search(r"\d", part)]
    if not models:
        return rf"(?i:{re.escape(product)}){_ENDS}{_MORE}" if len(parts) > 1 else ""
    first, last = models[0], models[-1]
    names = [
        parts[start:stop] for start in range(first + 1) for stop in range(last + 1, len(parts) + 1)
    ]
    names += [
        [*parts[start : last + 1], parts[-1]] for start in range(first + 1) if parts[-1].islower()
    ]  # "X200 printer" of "X200 label printer"
    said = "|".join(
        rf"{re.escape(' '.join(name))}" for name in sorted(names, key=len, reverse=True)
    )
    return rf"(?i:{said}){_ENDS}{_MORE}"
