"""Which language a text is in, by its script or by py3langid; and the languages of a manual, passage by passage.

Loading py3langid takes a second and 80 MB, so what its stop words show to be English is never asked about.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache

from knowledge.search.languages import ENGLISH, LANGUAGES
from knowledge.text import HANGUL, HIRAGANA, IDEOGRAPHS, KATAKANA, STOP_WORDS, words

CERTAIN = (
    0.95  # probability from which a passage is believed to be in another language than its manual
)
LONG = 60  # letters of such a passage; a heading or a row of a table is in the manual's language
SHARE, LEAST = 0.02, 2  # of a manual's passages, or so many, that another language must have
SPEAKS, SAYS = (
    0.2,
    12,
)  # the share of English stop words in English text, and the words that show it
SAMPLE = 4_000  # characters of a manual of short passages that are looked at together
STRANGE = (
    0.02  # share of a manual's text up to which what does not show it is names, tables and code
)
UNKNOWN = "und"  # ISO 639 for a language that was not determined
_LOCK = threading.Lock()
_IDEOGRAPHS, _HANGUL = re.compile(rf"[{IDEOGRAPHS}]"), re.compile(rf"[{HANGUL}]")
_KANA = re.compile(rf"[{HIRAGANA}{KATAKANA}]")
_HEBREW = re.compile(r"[\u05d0-\u05ea]")


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
    if script := _by_script(text):
        return script, 1.0
    code, probability = _identifier().classify(text)
    return str(code), float(probability)


def _by_script(text: str) -> str:
    """The language of what no other one is written in, "" where that is not most of the letters."""
    if text.isascii():
        return ""
    letters = sum(map(str.isalpha, text))
    han, kana = len(_IDEOGRAPHS.findall(text)), len(_KANA.findall(text))
    hangul, hebrew = len(_HANGUL.findall(text)), len(_HEBREW.findall(text))
    if 2 * (han + kana + hangul) >= letters:
        if hangul > han + kana:
            return "ko"
        return "ja" if 20 * kana >= han + kana else "zh"
    return "he" if 2 * hebrew >= letters else ""


def languages_of(texts: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """The language of each passage of a manual, and those of the manual as a whole, the main one first.

    What is too short or uncertain is in the main language; where nothing tells one, that is UNKNOWN.
    """
    if _is_english(texts):
        return [ENGLISH] * len(texts), (ENGLISH,)
    told = [_told(text) for text in texts]
    amount: Counter[str] = Counter()
    for (code, sure), text in zip(told, texts, strict=True):
        amount[code] += len(text) * sure
    main = max(amount, key=lambda code: (amount[code], code), default="")
    if not amount[main]:
        code, sure = _told(" ".join(texts)[:SAMPLE])
        main = code if sure else UNKNOWN
    often = Counter(code for (code, sure) in told if sure)
    least = max(LEAST, SHARE * len(texts))
    others = {code for code, count in often.items() if count >= least and code}
    each = [code if sure and code in others else main for code, sure in told]
    rest = sorted(set(each) - {main}, key=lambda code: (-often[code], code))
    return each, (main, *rest)


def _told(text: str) -> tuple[str, bool]:
    """The likeliest of the languages with a name, and whether it is certain."""
    code, probability = likeliest(text)
    if code not in LANGUAGES:
        known = ((c, p) for c, p in _identifier().rank(text) if c in LANGUAGES) if code else ()
        code = next((c for c, _ in known), "")
        return code, False
    letters = sum(map(str.isalpha, text))
    return code, probability >= CERTAIN and letters >= (LONG // 3 if _by_script(text) else LONG)


def _is_english(texts: Iterable[str]) -> bool:
    """Do its stop words show that a manual is English, all but a few passages?"""
    size = strange = held = 0
    for text in texts:
        found = words(text)
        common = sum(word in STOP_WORDS for word in found)
        size, held = size + len(found), held + common
        if len(found) >= SAYS and common < SPEAKS / 4 * len(found):
            strange += len(found)
    return held >= SPEAKS * size > 0 and strange <= STRANGE * size
