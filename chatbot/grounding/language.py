"""Which language a text is in, as far as that can be told. Knows nothing of passages or claims.

Only English has rules for what may be said in other words (``chatbot.grounding.entailment``); what another language negates or
restricts is not known to them.
"""

from __future__ import annotations

import threading
from functools import lru_cache

ENGLISH = "en"
SURE = 0.5  # probability below which a text does not say what language it is in
CERTAIN = (
    0.95  # from which a single sentence is believed to be of another language than its passage
)
_LOCK = threading.Lock()


@lru_cache(maxsize=1)
def _load():  # noqa: ANN202 - the library is untyped
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _identifier():  # noqa: ANN202
    with _LOCK:  # two threads at once would both read the model
        return _load()


@lru_cache(maxsize=4096)
def likeliest(text: str) -> tuple[str, float]:
    """The likeliest language as its ISO 639 code, and how probable it is (0 to 1); ("", 0) for a text without letters."""
    if not any(map(str.isalpha, text)):
        return "", 0.0
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


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
    return len(sentence.split()) > 2 and code != ENGLISH and probability >= CERTAIN
