"""Products: which one a title names, which ones a question names. Pure; knows nothing of the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from knowledge.text import words

# Words of a title that say what kind of document it is, not which product it is about.
_DOCUMENT_WORDS = re.compile(
    r"\b(?:user'?s?|users|owner'?s?|operator'?s?|administrator'?s?|admin|service|repair|installation|install|setup|quick"
    r"|start|getting|started|reference|instruction|instructions|operating|operation|maintenance|technical|product|complete"
    r"|manual|manuals|guide|guides|handbook|documentation|docs|document|datasheet|data|sheet|specification|specifications"
    r"|faq|help|manual pages|introduction|to|for|the|of|and|in|a|an|edition|version|rev|revision|release|v?\d+\.\d+[\d.]*"
    r"|handbuch|bedienungsanleitung|betriebsanleitung|benutzerhandbuch|anleitung|für|und|der|die|das)\b",
    re.I,
)


def product_of(title: str) -> str:
    """The product a title names: "Galaxy S10 user manual" gives "Galaxy S10"; "" when only document words are there."""
    head = re.split(r"\s[-–—|·:]\s|:\s|\s\(", title.strip())[0]
    rest = _DOCUMENT_WORDS.sub(" ", head)
    return re.sub(r"\s+", " ", re.sub(r"[^\w+./& -]", " ", rest)).strip(" -./&")


def name_words(product: str) -> tuple[str, ...]:
    """The words of a product's name; a plus sign counts ("S10+" is another product than "S10")."""
    return tuple(words(re.sub(r"\+", " plus ", product)))


def spaced(text: str) -> str:
    """Text as its words between single blanks, so that names can be looked for as whole words."""
    return f" {' '.join(name_words(text))} "


def mentioned(question: str, products: Iterable[str]) -> tuple[str, ...]:
    """The products a question names, longest names first.

    A product is named by its whole name, or by the rest of it without the words that most sister products
    share ("S10" for "Galaxy S10"); a name inside a longer one that is also there does not count.
    """
    known = sorted({product for product in products if name_words(product)}, key=lambda name: -len(name_words(name)))
    shared = _shared_words(known)
    text, found = spaced(question), []
    for product in known:
        for form in _forms(product, shared):
            pattern = f" {' '.join(form)} "
            if pattern in text:
                found.append(product)
                text = text.replace(pattern, "  ")
                break
    return tuple(found)


def _shared_words(products: Sequence[str]) -> frozenset[str]:
    """Words in the names of two products or more: brand and family names."""
    seen: dict[str, int] = {}
    for product in products:
        for word in set(name_words(product)):
            seen[word] = seen.get(word, 0) + 1
    return frozenset(word for word, count in seen.items() if count > 1)


def _forms(product: str, shared: frozenset[str]) -> list[tuple[str, ...]]:
    whole = name_words(product)
    forms = [whole]
    short = whole[1:]
    while short and len(forms) < 3:
        # A short form must hold a digit or a word that only this product has, or it would name its sisters too.
        if any(any(char.isdigit() for char in word) for word in short) or any(
            word not in shared and len(word) > 3 for word in short
        ):
            forms.append(short)
        short = short[1:]
    return forms
