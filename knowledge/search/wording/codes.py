"""The codes of a question ("E-99", "M 6", "4711-09", "version 2.1.9"): which they are, and whether a passage holds one. Pure.

A code is another thing with another digit: a section that lacks it answers something else, whatever else fits.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import fold

LONG = 5  # digits from which a number is one of an order, a part or an error
_TOKEN = re.compile(r"(?<![^\W_])[A-Za-z0-9]+(?:[-./_][A-Za-z0-9]+)*")
_PARTS = re.compile(r"[a-z]+|\d+", re.I)
_LETTERS_FIRST = re.compile(r"[A-Za-z]{1,4}[-._/]?\d+(?:[-._/]?[A-Za-z0-9]+)*")
# The name of a standard: "MIL-STD-810G", "DIN EN-60529"
_STANDARD = re.compile(r"[A-Za-z]{2,4}(?:[-/][A-Za-z]{2,4})+[-/]?\d{3,}[A-Za-z]?")
_VERSION = re.compile(r"\d+(?:\.\d+){2,}")
# "M 6", "E 04": one or two capitals before a number, but for the words "I" and "A"
_SPACED = re.compile(r"(?<![\w-])(?![IA] )([A-Z]{1,2}) (\d{1,4})(?![\w.,%°])")
_ALONE = re.compile(r"\W*([IA] \d{2,4})\W*")  # nothing but that: it is no word then
_MEASURE = re.compile(r"(?<![\w.,/-])(\d{1,5}(?:[.,]\d{1,3})?)([A-Za-z]{1,4})(?![\w-])")  # "230V"
_BY = re.compile(
    r"(?<![\w.,])([A-Za-z]?\d{1,4}) ?[x×] ?(\d{1,4})(?![\w.,]\d|\w)", re.I
)  # "M6 x 20"
_NAMED = re.compile(
    r"\b(?:error|fault|alarm|code|fehler|störung|erreur|errore|código)(?:[ -]?code)? ?(?:no\.? ?|number ?|nr\.? ?|#)?(\d{1,4})(?![\w.,%°])",
    re.I,
)
# One of several that are numbered; of versions only where the question is about one ("with version 6, how do I …" is not)
_NUMBERED = re.compile(
    r"\b(?:mode|program(?:me?)?|level|stage|preset|channel|slot|modus|stufe|programa|programma)s? (?:no\.? ?|number ?|nr\.? ?|#)?(\d{1,3})(?![\w.,%°])"
    r"|\bwhat(?:['’]s| is| are| was| does| did)?(?: (?:new|fixed|changed|added|different|(?:the )?changes))?(?: (?:in|with|by))? (?:the )?(?:firmware |software )?version (\d+(?:\.\d+)*)(?![\w%°])",
    re.I,
)
# Where a version behind a product's name is what is asked about, and does not only say which product is meant
_OF_VERSIONS = re.compile(
    r"\b(?:versions?|releases?|new|news|fix|mend|chang|add|remov|differ|updat|upgrad|install)\w*",
    re.I,
)
# What a code is called, as stems, and what else stands before one that a sentence or row is about, as a section's number does
_CALLED = frozenset(
    """error fault alarm code messag warn event statu failur fehler storung meldung alarmcod fehlercod fehlernumm erreur panne
    defaut averia fallo codigo errore guasto codice erro falha storing foutcod fout""".split()
)
_BEFORE = frozenset(
    "the a an displai number no nr if when after der die das bei wenn le la un une l d si el una il lo o uma de het een".split()
)
# Codes of a question for which the manuals are searched, and ways to split one; each costs a search
MOST_LOOKED_UP, MOST_SPLIT = 4, 6


@dataclass(frozen=True, slots=True)
class Code:
    """A code as it was typed, and its runs of letters and digits in small letters."""

    typed: str
    parts: tuple[str, ...]

    @property
    def joined(self) -> str:
        """Without what stands between its parts."""
        return "".join(self.parts)


def codes_in(question: str, names: Collection[str] = ()) -> tuple[Code, ...]:
    """Return the codes of a question, in order; the folded words in ``names`` are those of products, and no codes."""
    found = dict[str, Code]()
    tokens = [
        (m.start(), m.group())
        for m in _TOKEN.finditer(question)
        if _is_code(m.group()) and not _of_product(question, m, names)
    ]
    tokens += [(m.start(), m.group()) for m in _SPACED.finditer(question)]
    if alone := _ALONE.fullmatch(question):
        tokens.append((alone.start(1), alone.group(1)))
    tokens += [(m.start(1), m.group(1)) for m in _NAMED.finditer(question)]
    tokens += [
        (m.start(m.lastindex), m[m.lastindex]) for m in _NUMBERED.finditer(question) if m.lastindex
    ]
    for _, typed in sorted(tokens):
        parts = tuple(_PARTS.findall(fold(typed)))
        code = Code(typed, parts)
        if code.joined not in names and not all(part in names for part in parts):
            found.setdefault(code.joined, code)
    return tuple(found.values())


def as_written(
    question: str,
    known: Container[str],
    names: Collection[str] = (),
    stands: Callable[[tuple[str, ...]], bool] = bool,
) -> str:
    """Return the question with its codes as a library writes them, as far as its words ``known`` tell: "M 6" as "M6", "E04"
    as "E-04", "80070057" as "0x80070057", "v2.1.7" as "2.1.7", "230V" as "230 V", "M6 x 20" as "M6x20". The words of products' ``names`` stay as they are, and a code of which no manual has
    the parts one behind the other, as ``stands`` says."""
    question = _BY.sub(
        lambda m: f"{m[1]}x{m[2]}" if fold(f"{m[1]}x{m[2]}") in known else m.group(), question
    )
    for n, code in enumerate(codes_in(question, names)):
        stands = stands if n < MOST_LOOKED_UP else bool
        whole = re.compile(rf"(?<!\w){re.escape(code.typed)}(?!\w)")
        question = whole.sub(_written(code, known, stands), question)
    for found in reversed(list(_MEASURE.finditer(question))[:MOST_LOOKED_UP]):
        parts = tuple(_PARTS.findall(fold(found.group())))
        if "".join(parts) not in known and parts[-1] in known and stands(parts):
            question = f"{question[: found.end(1)]} {question[found.start(2) :]}"
    return question


def unwritten(
    question: str,
    known: Container[str],
    names: Collection[str],
    stands: Callable[[tuple[str, ...]], bool],
) -> tuple[str, ...]:
    """Return the codes of a question, as typed, that a library has neither as one word nor as their parts in a row, though it
    has each part somewhere: "E77" beside "E-04" and "77 mm"."""
    return tuple(
        code.typed
        for code in codes_in(question, names)[:MOST_LOOKED_UP]
        if code.joined not in known and _in_parts(code, known) and not stands(code.parts)
    )


def _in_parts(code: Code, known: Container[str]) -> bool:
    """Has a library each part of a code that was typed as one word? Any has the letters and figures of "A4" somewhere."""
    several = sum(map(str.isdigit, code.typed)) > 1
    return several and code.typed.isalnum() and all(part in known for part in code.parts)


def _written(code: Code, known: Container[str], stands: Callable[[tuple[str, ...]], bool]) -> str:
    typed, joined = code.typed, code.joined
    if joined in known:
        return typed.replace(" ", "")
    if apart := _apart(code.parts, known, stands):
        return apart
    if f"0x{joined}" in known:
        return f"0x{typed}"
    if len(code.parts) == 1:
        return typed
    if code.parts[0] == "v" and not stands(code.parts) and stands(code.parts[1:]):
        return typed[1:]  # "v2.1.7" of which a manual says "version 2.1.7"
    if _in_parts(code, known) and stands(code.parts):
        return "-".join(_PARTS.findall(typed))
    return typed


def _apart(
    parts: Sequence[str], known: Container[str], stands: Callable[[tuple[str, ...]], bool]
) -> str:
    """A long number as two that a library has, where that is so in one way only ("471108B" as "4711-08-B"), or only one stands in
    a manual, else ""."""
    number = parts[0]
    if len(number) < LONG or not number.isdigit() or number in known or f"0x{number}" in known:
        return ""
    ways = [
        (number[:at], number[at:], *parts[1:])
        for at in range(2, len(number) - 1)
        if number[:at] in known and number[at:] in known
    ]
    if len(ways) > 1:
        ways = [way for way in ways[:MOST_SPLIT] if stands(way)]
    return "-".join(ways[0]).upper() if len(ways) == 1 else ""


def holds(held: str, code: Code) -> bool:
    """Return whether stems with blanks around each hold a code, however its parts are joined."""
    return _pattern(code.parts).search(held) is not None


def is_about(told: Sequence[str], code: Code) -> bool:
    """Return whether the stems of a sentence, row or heading are about a code: only what any code is called by stands before
    it ("Error E04 means …", "Fault code: E04 | Paper jam"), and that does before a mere number ("Error 42", not "42 boxes")."""
    held = f" {' '.join(told)} "
    found = _pattern(code.parts).search(held)
    if found is None:
        return False
    before = held[: found.start()].split()
    if code.joined.isdigit() and not _CALLED.intersection(before[-2:]):
        return False
    return all(word in _CALLED or word in _BEFORE or word.isdigit() for word in before)


def _of_product(question: str, token: re.Match[str], names: Collection[str]) -> bool:
    """Is a token the version of the product named before it ("KiCad 6.0.11: how do I …"), and no version asked about?"""
    before = question[: token.start()].split()
    behind_name = bool(before) and fold(before[-1]) in names
    return (
        behind_name
        and bool(_VERSION.fullmatch(token.group()))
        and not _OF_VERSIONS.search(question)
    )


def _is_code(token: str) -> bool:
    digits = sum(map(str.isdigit, token))
    if digits >= LONG or _VERSION.fullmatch(token):
        return True
    return digits > 0 and any(one.fullmatch(token) for one in (_LETTERS_FIRST, _STANDARD))


@lru_cache(maxsize=1024)
def _pattern(parts: Sequence[str]) -> re.Pattern[str]:
    """Its parts with blanks or nothing between, whole: "e04" and "e 04" but not "e 045"; of a version also without its "v",
    of a long number also behind the "0x" of one in base 16."""
    first, *others = parts
    if first in ("v", "version") and others:
        head = f"(?:{first} ?)?"
    elif len(first) >= LONG and first.isdigit():
        head = f"(?:0x)?{first} ?"
    else:
        head = f"{re.escape(first)} ?"
    body = head + " ?".join(map(re.escape, others))
    return re.compile(rf"(?<= ){body.rstrip(' ?')}(?= )")
