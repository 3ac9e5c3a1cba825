"""Words, stems and stop words of a text in its language, and which words are right in one: Snowball's stemmers, the lists of
Stopwords ISO and pyspellchecker's. Pure.

English, and what is not known, goes by ``knowledge.text``: Porter stems of words without their accents. A word of another
language is stemmed with its accents, which its endings are known by, and loses them afterwards.

pyspellchecker's lists are only read: as one string each, 1 to 5 MB, where the package's own form takes 40 to 90 MB. One is
read, in 0.1 to 0.4 s, when a word is first asked about in its language.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import re
import unicodedata
from functools import cache, lru_cache
from pathlib import Path

import knowledge.text as plain
from knowledge.text import STOP_WORDS, fold, is_unspaced, stemmer, unique, unspaced

ENGLISH = "en"
AS_ENGLISH = ("", "und", ENGLISH)  # "" was never looked at, "und" could not be told
UNSPACED = frozenset({"ja", "ko", "zh"})  # no blanks between words, or particles behind every one
# ISO 639 code: the language's name, and its Snowball stemmer where there is one
LANGUAGES: dict[str, tuple[str, str]] = {
    "ar": ("Arabic", "arabic"), "bg": ("Bulgarian", ""), "ca": ("Catalan", "catalan"),
    "cs": ("Czech", ""), "da": ("Danish", "danish"), "de": ("German", "german"),
    "el": ("Greek", "greek"), "en": ("English", "porter"), "es": ("Spanish", "spanish"),
    "et": ("Estonian", "estonian"), "fa": ("Persian", ""), "fi": ("Finnish", "finnish"),
    "fr": ("French", "french"), "he": ("Hebrew", ""), "hi": ("Hindi", "hindi"),
    "hr": ("Croatian", ""), "hu": ("Hungarian", "hungarian"), "id": ("Indonesian", "indonesian"),
    "it": ("Italian", "italian"), "ja": ("Japanese", ""), "ko": ("Korean", ""),
    "lt": ("Lithuanian", "lithuanian"), "lv": ("Latvian", ""), "nl": ("Dutch", "dutch"),
    "no": ("Norwegian", "norwegian"), "pl": ("Polish", ""),
    "pt": ("Portuguese", "portuguese"), "ro": ("Romanian", "romanian"),
    "ru": ("Russian", "russian"), "sk": ("Slovak", ""), "sl": ("Slovenian", ""),
    "sv": ("Swedish", "swedish"), "th": ("Thai", ""), "tr": ("Turkish", "turkish"),
    "uk": ("Ukrainian", ""), "vi": ("Vietnamese", ""), "zh": ("Chinese", ""),
}  # fmt: skip
_BOUND = "\n"
_WORD = re.compile(r"[^\W_]+")
_HIRAGANA = re.compile(rf"[{plain.HIRAGANA}]+")


def name_of(language: str) -> str:
    """What a language is called in English, "" for one without a name here."""
    return LANGUAGES.get(language, ("", ""))[0]


def words(text: str, language: str) -> list[str]:
    """The words of a text: folded in English, elsewhere in small letters with their accents and cut at apostrophes
    ("l'écran" gives two). Of a script without blanks, as ``knowledge.text.words`` cuts it."""
    if language in AS_ENGLISH:
        return plain.words(text)
    small = unicodedata.normalize("NFKC", text).lower()
    found = _WORD.findall(small)
    if small.isascii():
        return found
    return [fold(part) if is_unspaced(part) else part for word in found for part in unspaced(word)]


@lru_cache(maxsize=200_000)
def stem(word: str, language: str) -> str:
    """The folded stem of a word, as ``words`` gives it."""
    if language in AS_ENGLISH:
        return plain.stem(word)
    algorithm = LANGUAGES.get(language, ("", ""))[1]
    if not algorithm or is_unspaced(word) or any(map(str.isdigit, word)):
        return fold(word)
    return fold(stemmer(algorithm).stemWord(word)) or fold(word)


def stems(text: str, language: str) -> list[str]:
    """Stems of all words of a text, in order."""
    return [stem(word, language) for word in words(text, language)]


@lru_cache(maxsize=64)
def stop_words(language: str) -> frozenset[str]:
    """The words of a language that carry no meaning of their own, with their accents and folded; none without a list."""
    if language in AS_ENGLISH:
        return STOP_WORDS
    from stopwordsiso import stopwords

    listed = {part for line in stopwords(language) for part in _WORD.findall(line.lower())}
    return frozenset(listed | {fold(word) for word in listed})


def content_words(text: str, language: str) -> list[str]:
    """The words of a question that carry meaning; all of them when nothing but stop words is there.

    A single letter, as of "l'eau", carries none, nor do the kana that Japanese writes its grammar in.
    """
    if language in AS_ENGLISH:
        return plain.content_words(text)
    everything = words(text, language)
    return [word for word in everything if not is_stop(word, language)] or everything


def content_stems(text: str, language: str) -> list[str]:
    """The stems of the words of a question that carry meaning, in order, each once."""
    return unique(stem(word, language) for word in content_words(text, language))


def is_stop(word: str, language: str) -> bool:
    """Does a word carry no meaning of its own?"""
    if language in AS_ENGLISH:
        return word in STOP_WORDS
    if is_unspaced(word):
        return word in stop_words(language) or (
            language == "ja" and bool(_HIRAGANA.fullmatch(word))
        )
    return word in stop_words(language) or (len(word) == 1 and word.isalpha())


def all_stems(word: str, languages: tuple[str, ...]) -> list[str]:
    """The stems that a word has in any of some languages."""
    return unique(stem(word, language) for language in languages)


def is_word(word: str, language: str = ENGLISH) -> bool:
    """Is this a word of a language, or of English, in any of its forms? False where there is no list of the language.

    ``language`` is a code of two letters; a word is asked as it was typed, with its accents.
    """
    asked = f"{_BOUND}{word.casefold()}{_BOUND}"
    languages = {ENGLISH, ENGLISH if language in AS_ENGLISH else language}
    return any(asked in _words_of(each) for each in sorted(languages))


@cache  # a dozen languages have a list; a library may hold manuals in all of them
def _words_of(language: str) -> str:
    """The words of a language, each between two ends of a line; "" without a list."""
    spec = importlib.util.find_spec("spellchecker")
    for folder in (spec.submodule_search_locations if spec else None) or ():
        path = Path(folder) / "resources" / f"{language}.json.gz"
        if language.isalpha() and path.is_file():
            with gzip.open(path, "rt", encoding="utf-8") as file:
                return _BOUND.join(["", *map(str.casefold, json.load(file)), ""])
    return ""
