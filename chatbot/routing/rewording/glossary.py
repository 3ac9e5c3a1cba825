"""A question word for word in English: what a customer says in German, French, Spanish, Italian, Portuguese or Dutch.

The list, ``words.txt``, has the words of asking and those of support. FreeDict, which Debian has, was tried: its Spanish lacks
"pantalla", and its German takes 230 MB of memory. Good enough to find a section by, never shown as an answer. Pure, but for
reading the list once.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from knowledge.search.identification import likeliest
from knowledge.search.languages import ENGLISH, stem
from knowledge.text import fold, sentences

Term = tuple[str, ...]  # folded words
COLUMNS = ("en", "de", "fr", "es", "it", "pt", "nl")
KNOWN = 0.6  # share of the words that the list must have
LONGEST = 5  # words of a phrase of the list
CLAUSE = 15  # words from a verb to its particle
LONGEST_WORD = 40  # letters; a longer one is none
PART = 3  # letters of a part of a compound
# What stands at the end of a clause and belongs to its verb: "schalte ich es aus"
PARTICLES = {
    "de": frozenset("ab an auf aus ein her hinzu hoch neu um weg wieder zu zuruck".split()),
    "nl": frozenset("aan af in op opnieuw terug toe uit".split()),
}
_LIST = Path(__file__).with_name("words.txt")
_WORD = re.compile(r"[^\W_]*\d[^\W_]*\++|[^\W_]+")  # of "S20+" the sign belongs to the name
_PARTICIPLE = re.compile(r"([^\W\d_]*?)ge([^\W\d_]{3,}?)(?:e?t|en|d)")
_CLAUSE = re.compile(r"(?<=[,;:])\s+")


def told_by_list(
    text: str,
    language: str,
    unknown: Sequence[str],
    held: Collection[str],
    names: Sequence[str] = (),
) -> tuple[str, str]:
    """The language of a text by its words, and the text in English: ("", "") where the list does not tell.

    ``language`` is that which it looks like, "" for none; another one is believed where it has more of the ``unknown`` words,
    those that no manual has, of which it must have one. Without such a word the text may as well be English. One of the
    languages ``held`` by manuals is not told: what is in it is searched as it is.
    """
    if not unknown or likeliest(text)[0] in {*held} - {
        ENGLISH
    }:  # a few words may look like anything but English
        return "", ""
    found: list[tuple[int, bool, bool, str]] = []
    typed = _WORD.findall(text)
    strange = {fold(word) for one in unknown for word in _WORD.findall(one)}
    for code in COLUMNS[1:]:
        said = _rendered(typed, [False] * len(typed), code)
        listed = {fold(word) for old, new in said if new is not None for word in old.split()}
        found.append((len(strange & listed), code in held, code == language, code))
    count, is_held, _, code = max(found)
    english = gloss(text, code, names) if count and not is_held else ""
    return (code, english) if english else ("", "")


def gloss(question: str, language: str, names: Sequence[str] = ()) -> str:
    """The question word for word in English, "" where the list has too few of its words, or most are English as they are.

    ``names`` are the products that it names; they, numbers, codes and what the list does not have stay as typed.
    """
    if language not in COLUMNS[1:]:
        return ""
    parts, counts = [], [0, 0, 0]
    clauses = (one for a, b in sentences(question) for one in _CLAUSE.split(question[a:b]))
    for clause in clauses:
        english, *counted = _clause(clause, language, names)
        parts.append(english)
        counts = [sum(pair) for pair in zip(counts, counted, strict=True)]
    words, known, other = counts
    if not words or known < KNOWN * words or 2 * other < words:
        return ""
    return " ".join(filter(None, parts))


def _clause(text: str, language: str, names: Sequence[str]) -> tuple[str, int, int, int]:
    """A clause in English; how many words it has beside names, numbers and codes, and phrases of the list count as one; how
    many of them the list has; and how many of these are other words in English."""
    found = list(_WORD.finditer(text))
    fixed = [
        any(map(str.isdigit, one.group())) or _in_name(text, one.span(), names) for one in found
    ]
    said = list(_rendered([one.group() for one in found], fixed, language))
    words = len(said) - sum(fixed)
    known = sum(new is not None for _, new in said)
    other = sum(new is not None and new != fold(old) for old, new in said)
    parts = [part for old, new in said if (part := old if new is None else new)]
    english = " ".join(
        part for part, before in zip(parts, ["", *parts], strict=False) if part != before
    )
    ending = text.rstrip()[-1:]
    return english and (english + ending if ending in "?!.,;:" else english), words, known, other


def _in_name(question: str, span: tuple[int, int], names: Sequence[str]) -> bool:
    """Does a word lie in a product's name as it is typed?"""
    small = question.casefold()
    for name in names:
        at = small.find(name.casefold())
        if at >= 0 and at <= span[0] and span[1] <= at + len(name):
            return True
    return False


def _rendered(
    typed: Sequence[str], fixed: Sequence[bool], language: str
) -> Iterator[tuple[str, str | None]]:
    """Each word or phrase, and what it is in English; None for what stays as it is."""
    listed = _words_of(language)
    fixed = [one or len(word) > LONGEST_WORD for one, word in zip(fixed, typed, strict=True)]
    plain, stems = [fold(word) for word in typed], [_stem(word, language) for word in typed]
    gone: set[int] = set()
    at = 0
    while at < len(typed):
        if at in gone:
            at += 1
            continue
        if fixed[at]:
            yield typed[at], None
            at += 1
            continue
        size, new = _longest(listed, (plain, stems), fixed, at)
        if size < 2 and (apart := _with_particle(listed, stems, at, language)):
            size, new = 1, listed[apart[0]]
            gone.add(apart[1])
        if new is None:
            new = _participle(listed, fold(typed[at]), language)
        if new is None:
            new = _compound(listed, fold(typed[at]), language)
        yield " ".join(typed[at : at + max(size, 1)]), new
        at += max(size, 1)


def _longest(
    listed: Mapping[Term, str], forms: Sequence[Sequence[str]], fixed: Sequence[bool], at: int
) -> tuple[int, str | None]:
    """How many words from here on the list has as one, as they are or by their stems, and what they are in English."""
    for size in range(min(LONGEST, len(fixed) - at), 0, -1):
        for words in forms:
            term = tuple(words[at : at + size])
            if term in listed and not any(fixed[at : at + size]):
                return size, listed[term]
    return 0, None


def _with_particle(
    listed: Mapping[Term, str], stems: Sequence[str], at: int, language: str
) -> tuple[Term, int] | None:
    """The verb that a word is together with a later particle, and where that stands: "schalte … aus" is "ausschalten"."""
    for later in range(at + 2, min(len(stems), at + CLAUSE)) if language in PARTICLES else ():
        if stems[later] in PARTICLES.get(language, ()):
            for verb in _verb_stems(stems[at]):
                if (whole := (stems[later] + verb,)) in listed:
                    return whole, later
    return None


def _verb_stems(word: str) -> tuple[str, ...]:
    """A finite form as it may stand in an infinitive: "schaltet" as "schalt"."""
    return (word, word[:-1], word[:-2]) if word.endswith("et") else (word, word[:-1])


def _participle(listed: Mapping[Term, str], word: str, language: str) -> str | None:
    """What the verb of a participle is in English: "gewechselt" as "wechseln", "ausgetauscht" as "austauschen"."""
    found = _PARTICIPLE.fullmatch(word) if language in PARTICLES else None
    if found is None or found[1] not in {"", *PARTICLES[language]}:
        return None
    ending = "n" if found[2].endswith(("l", "r")) else "en"
    verb = f"{found[1]}{found[2]}{ending}"
    return next((listed[t] for v in (verb, _stem(verb, language)) if (t := (v,)) in listed), None)


def _compound(listed: Mapping[Term, str], word: str, language: str) -> str | None:
    """What a compound of two words of the list is in English: "Bildschirmhelligkeit" as "screen brightness"."""
    if language not in PARTICLES:
        return None
    for cut in range(len(word) - PART, PART - 1, -1):
        tail = listed.get((_stem(word[cut:], language),), "")
        for link in ("", "s", "n", "en", "es") if tail else ():
            head = word[:cut].removesuffix(link) if link else word[:cut]
            if len(head) >= PART and (first := listed.get((_stem(head, language),), "")):
                return f"{first} {tail}"
    return None


@lru_cache(maxsize=50_000)
def _stem(word: str, language: str) -> str:
    return fold(stem(word.casefold(), language))


@lru_cache(maxsize=len(COLUMNS))
def _words_of(language: str) -> Mapping[Term, str]:
    """What the list has of a language: a word or phrase and its stems, and the English for it; of two, what comes first.

    A word itself comes before another one's stem: "impostazioni" are settings, though "impostare" has the same stem.
    """
    column, found, by_stem = COLUMNS.index(language), dict[Term, str](), dict[Term, str]()
    for line in _LIST.read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        cells = [cell.strip() for cell in line.split("|")]
        english = "" if cells[0] == "-" else cells[0]
        for phrase in cells[column].split(","):
            if words := _WORD.findall(phrase):
                found.setdefault(tuple(map(fold, words)), english)
                by_stem.setdefault(tuple(_stem(word, language) for word in words), english)
    return by_stem | found
