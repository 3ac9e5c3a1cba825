"""Which language a text is in, as far as that can be told. Knows nothing of passages or claims.

Only English has rules for what may be said in other words (``chatbot.grounding.entailment``); what another language negates or
restricts is not known to them.
"""

from __future__ import annotations

from knowledge.search.identification import likeliest
from knowledge.search.languages import ENGLISH
from knowledge.text import word_count

SURE = 0.5  # probability below which a text does not say what language it is in
CERTAIN = (
    0.95  # from which a single sentence is believed to be of another language than its passage
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
