"""Which words are right in a language, by pyspellchecker's word lists; nothing of what the manuals hold.

The lists are only read: as one string each, 1 to 5 MB, where the package's own form takes 40 to 90 MB. One is read, in 0.1 to
0.4 s, when a word is first asked about in its language.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
from functools import cache
from pathlib import Path

from knowledge.search.languages import AS_ENGLISH, ENGLISH

_BOUND = "\n"


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
