"""When two questions are the same: the same words in the same order, apart from those that only make it a question. Pure.

An approved answer is given without another look, so that nothing here goes by meaning, and words that tell questions
apart ("not", "without", "off", "when") count although a search leaves them out.
"""

from __future__ import annotations

import re

from knowledge.search.products.names import name_words, without_product
from knowledge.text import stem

_IGNORED = frozenset("a an the please kindly my our your i we you me us do does is are am".split())
_POLITE = re.compile(
    r"^\W*(?:(?:hi|hello|hey)(?: there)?\W+)?(?:(?:please |(?:can|could|would|will) you (?:please )?)(?:tell|show) me\b)?",
    re.I,
)
_HOW = re.compile(r"\bhow (?:do|does|can|could|should|would|to)\b", re.I)
_HOW_OFTEN = re.compile(r"\bhow (often|long|much|many) should\b", re.I)
_CANNOT = re.compile(r"\bcan(?:['’]t|not)\b", re.I)
_NOT = re.compile(r"n['’]t\b", re.I)
_MINUS = re.compile(r"(?<!\w)[-−](?=\d)")


def key_of(question: str, product: str = "") -> str:
    """Return what two questions of one product share exactly when they are the same.

    The ``product`` may be named in the question or not.
    """
    asked = without_product(question, product) if product else question
    asked = _POLITE.sub("", _MINUS.sub(" minus ", _NOT.sub(" not", _CANNOT.sub("can not", asked))))
    asked = _HOW_OFTEN.sub(r"how \1", _HOW.sub("how", " ".join(asked.split())))
    kept = [stem(word) for word in name_words(asked) if word not in _IGNORED]
    return " ".join(kept) or " ".join(question.casefold().split())
