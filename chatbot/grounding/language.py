"""Which language a text is in, as far as that can be told. Knows nothing of passages or claims.

Only English has rules for what may be said in other words (``chatbot.grounding.entailment``); what another language negates or
restricts is not known to them.
"""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.search.identification import likeliest
from knowledge.search.languages import ENGLISH, LANGUAGES
from knowledge.search.products.names import mentioned, without_product
from knowledge.text import word_count
from knowledge.types import Manual

SURE = 0.5  # probability below which a text does not say what language it is in
LIKELY = 0.35  # enough for a question whose words stand in no manual
CERTAIN = (
    0.95  # from which a single sentence is believed to be of another language than its passage
)
MAY_BE = 0.2  # for a question whose words are looked up in a list of that language
UNTOLD = (
    0.1  # share of the passages up to which those in no language that can be told are passed over
)


def language_of(*texts: str) -> str:
    """The language of the first of these texts that says it, or "": a short one is taken with what stands around it."""
    return next(
        (
            code
            for code, probability in map(likeliest, texts)
            if code == ENGLISH or probability >= SURE
        ),
        "",
    )


def is_foreign(sentence: str) -> bool:
    """Is a sentence certainly not English? A heading or two words are not enough to say so."""
    code, probability = likeliest(sentence)
    return word_count(sentence) > 2 and code != ENGLISH and probability >= CERTAIN


def foreign_to(question: str, manuals: Sequence[Manual], unknown: int = 0) -> str:
    """The ISO 639 code of a question's language where no manual is in it, "" where one is or that cannot be told.

    ``unknown`` of its words stand in no manual: where most do not, less is needed to tell, as three or four words are certain
    of nothing (of 80 questions of agents, all of the four in German and Spanish are told, and no other is called foreign).
    A manual that was not looked at yet, or whose language cannot be told, may be in any; a few such passages say nothing.
    """
    code, probability, length = _told(question, manuals)
    sure = probability >= (LIKELY if 2 * unknown >= length else CERTAIN) and length > 2
    return code if sure else ""


def may_be_foreign_to(question: str, manuals: Sequence[Manual]) -> str:
    """The code of a language that a question may well be in and no manual is, for those who can tell by its words; else ""."""
    code, probability, _ = _told(question, manuals)
    return code if probability >= MAY_BE else ""


def _told(question: str, manuals: Sequence[Manual]) -> tuple[str, float, int]:
    """The likeliest language of a question, where it has a name and no manual is in it, else ""; how likely; its words."""
    told = [one for one in manuals if one.languages and LANGUAGES.keys() >= set(one.languages)]
    held = {code for manual in told for code in manual.languages}
    passages = sum(manual.passages for manual in manuals)
    if not held or sum(manual.passages for manual in told) < (1 - UNTOLD) * passages:
        return "", 0.0, 0
    products = [manual.product for manual in manuals if manual.product]
    for name in mentioned(question, products):  # a product's name is of no language
        question = without_product(question, name)
    code, probability = likeliest(question)
    if code not in LANGUAGES or code in held:
        return "", 0.0, 0
    return code, probability, word_count(question)
