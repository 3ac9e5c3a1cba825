"""Markdown that was made from pages and lost its structure: headings and menus that run together with the text. Pure.

A menu is a row of empty cells, then the names of the parts that follow. Names of sections of their own say nothing beside
their headings and are left out; where the parts themselves follow run together, each gets its heading back. And in a long
paragraph a heading stands where a sentence would begin, with the capital of another sentence behind it and no full stop
between: "... to open it. Status bar The Status bar provides ...".
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import pairwise

from knowledge.text import STOP_WORDS

_CELLS = re.compile(r"(?:\|[ \t]*){2,}")
_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$")
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)")
# No paragraph of plain text
_MARKED = re.compile(r" {4}|\t| {0,3}(?:#|>|[-*+] |\d+[.)] |\|\s*:?-)")
_ENDS = re.compile(r"[.!?:)\]”\"]$")
LONGEST = 8  # words of a name
MOST = 120  # words of a menu
TRIES, NEXT = 2000, 200  # steps on a menu, and places of a word, after which it is left as it is
LONG = 40  # words of a paragraph in which headings may have run together with the text
# Words that are written with a capital only where a sentence begins
_BEGINS = (
    r"(?:The|An?|This|These|You|Your|It|We|When|While|If|Once|To|From|For|In|On|With|By|At|As|After|Before|During|Because|Although"
    r"|Instead|Using|Each|Every|All|Some|Many|Most|Several|Any|There|Not|What|How|Where|Which)"
)
_DOES = (  # what the reader is told to do
    r"(?:Access|Add|Adjust|Allow|Answer|Apply|Attach|Automatically|Block|Browse|Call|Capture|Change|Check|Choose|Clean|Compose|Configure|Consolidate"
    r"|Connect|Control|Convert|Copy|Create|Customize|Decrypt|Delete|Dial|Disable|Discover|Display|Download|Easily|Edit|Enable|Encrypt|Enjoy"
    r"|Enter|Export|Find|Format|Get|Group|Hide|Import|Improve|Increase|Insert|Install|Keep|Learn|Limit|Link|Listen|Locate|Lock|Make|Manage"
    r"|Measure|Modify|Monitor|Move|Mute|Name|Navigate|Optimize|Organize|Pair|Perform|Personalize|Place|Play|Prevent|Protect|Provide|Quickly|Read"
    r"|Receive|Record|Reduce|Remove|Rename|Replace|Reply|Reset|Restart|Restore|Return|Review|Run|Save|Scan|Schedule|Search|Send|Set|Share"
    r"|Show|Sign|Speak|Specify|Start|Stop|Store|Switch|Sync|Take|Test|Track|Transfer|Turn|Unlock|Unpair|Update|Use|Verify|View|Watch|Write)"
)
_LABEL = r"(?:NOTE|TIP|HINT|CAUTION|WARNING|IMPORTANT|DANGER|NOTICE)"
# Instructions, whose capitals are those of buttons: "Tap Add apps to folder to ..."
_STEP = r"(?:Tap|Press|Touch|Swipe|Drag|Click|Select|Choose|Go|Open|Hold|Slide|Then|Also|Please|Note|See|Or|And)"
_RUN_IN = re.compile(
    rf"(?:(?<=[.!?] )|^)(?!{_STEP}\b)((?!(?:{_BEGINS}|{_LABEL})\b)[A-Z][\w’'/()-]*"
    rf"(?: (?!(?:{_BEGINS}|{_LABEL})\b|{_DOES} [a-z])[\w&’'/()+-]+){{0,{LONGEST - 2}}}) (?=(?:{_LABEL} )?((?:(?:{_BEGINS}|{_DOES}) [a-z]|(?:The|This|Your|From) [A-Z]|\1 [a-z])[^.!?:]*))"
)
_TOLD = re.compile(_DOES)
_WORD = re.compile(r"[\w&’'/()+-]+")


def headings_restored(text: str) -> str:
    """Return Markdown whose menus are resolved and whose run-in headings are headings; any other text as it is."""
    names = frozenset(
        tuple(m[2].split()) for line in text.split("\n") if (m := _HEADING.match(line))
    )
    if _CELLS.search(text):
        text = _by_paragraph(text, lambda line, level: _without_menu(line, level, names))
    pairs = Counter(pairwise(_WORD.findall(text)))
    return _by_paragraph(text, lambda line, level: _with_headings(line, level, names, pairs))


def _by_paragraph(text: str, changed: Callable[[str, int], str]) -> str:
    """Change each paragraph of one line, outside code; told the level of a heading below the one that it stands under."""
    lines = text.split("\n")
    level, fenced, made = 0, False, []
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced and (heading := _HEADING.match(line)):
            level = len(heading[1])
        alone = not any(lines[i].strip() for i in (at - 1, at + 1) if 0 <= i < len(lines))
        if level and alone and line.strip() and not fenced and not _MARKED.match(line):
            line = changed(line, min(level + 1, 6))
        made.append(line)
    return "\n".join(made)


def _with_headings(
    line: str, level: int, names: Collection[tuple[str, ...]], pairs: Mapping[tuple[str, str], int]
) -> str:
    """A long paragraph, cut at the headings that run together with its text."""
    if line.count(" ") < LONG:
        return line
    parts, at = [], 0
    for found in _RUN_IN.finditer(line):
        name = found[1].split()
        if name[-1].lower() in STOP_WORDS or not _heads_a_sentence(name, found[2].split(), pairs):
            continue
        link = _link(name, line[: found.start()], names)
        start = found.start() + sum(len(word) + 1 for word in name[:link])
        parts += [line[at:start].rstrip(), f"{'#' * level} {' '.join(name[link:])}"]
        at = found.end()
    return "\n\n".join(part for part in (*parts, line[at:]) if part) if parts else line


def _heads_a_sentence(
    name: Sequence[str], said: Sequence[str], pairs: Mapping[tuple[str, str], int]
) -> bool:
    """Say whether words are a heading before a sentence, and not an instruction ("Use Smart Switch to ...", "Enable Show buttons to
    ...") or the beginning of a list of names, each with its capital."""
    if not name[-1].strip("-") or sum(word[:1].isupper() for word in said[1:]) > len(said) / 3:
        return False
    told = bool(_TOLD.fullmatch(name[0]) and _TOLD.fullmatch(said[0])) and len(name) < 4
    if told and (len(name) == 1 or name[-1].istitle()) and name[-1] != said[0]:
        return False
    # a name that is used elsewhere too
    return not (name[-1][:1].isupper() and pairs[name[-1], said[0]] > 1)


def _link(name: Sequence[str], before: str, names: Collection[tuple[str, ...]]) -> int:
    """How many words at the beginning of a heading are the text of a link: "For more information, see . Memory card Battery".

    They are two at least, name a section or headed a part before, and another name follows.
    """
    for length in range(len(name) - 1, 1, -1):
        first = tuple(name[:length])
        said = rf"(?:^|[.!?] ){re.escape(' '.join(first))} [A-Z]"
        if name[length][:1].isupper() and (first in names or re.search(said, before)):
            return length
    return 0


def _without_menu(line: str, level: int, names: Collection[tuple[str, ...]]) -> str:
    row = _CELLS.search(line)
    return _resolved(line, row, names, level) if row else line


def _resolved(line: str, row: re.Match[str], names: Collection[tuple[str, ...]], level: int) -> str:
    """A paragraph with a menu after a row of cells, each of whose borders stands between two names."""
    said, words = line[: row.start()].rstrip(), line[row.end() :].split()
    if len(words) <= MOST and _all_names(words, names):
        return said
    parts = _parts(words, row.group().count("|") + 1, names)
    if not parts:
        return line
    sections = [
        f"{'#' * level} {' '.join(words[start:begins])}\n\n{' '.join(words[begins:end])}".rstrip()
        for start, begins, end in parts
    ]
    return "\n\n".join([*([said] if said else []), *sections])


def _all_names(words: Sequence[str], names: Collection[tuple[str, ...]]) -> bool:
    """Say whether words are names of sections, two at least, run together."""
    most = [0] + [-1] * len(words)  # names up to here; -1: cannot be cut so
    for end in range(1, len(words) + 1):
        for start in range(max(0, end - LONGEST), end):
            if most[start] >= 0 and tuple(words[start:end]) in names:
                most[end] = max(most[end], most[start] + 1)
    return most[-1] >= 2


def _parts(
    words: Sequence[str], count: int, names: Collection[tuple[str, ...]]
) -> list[tuple[int, int, int]]:
    """Cut words into a menu of so many names and the parts named: where each name begins, its text begins, and it ends.

    The first part follows the menu at once. Empty where the words are no such menu.
    """
    resolver = _Resolver(words, names)
    for menu in range(2, min(MOST, len(words))):
        for first in range(min(LONGEST, menu), 0, -1):
            if words[:first] != words[menu : menu + first]:
                continue
            places = resolver.places(first, menu, menu + first, count - 1)
            if places is not None:
                found = [(menu, menu + first), *places]
                ends = [start for start, _ in found[1:]] + [len(words)]
                return [(*place, end) for place, end in zip(found, ends, strict=True)]
    return []


class _Resolver:
    """Finds the parts that the names of a menu head. Gives up on words that repeat without end."""

    def __init__(self, words: Sequence[str], names: Collection[tuple[str, ...]]) -> None:
        self._words, self._names, self._tries = words, names, TRIES
        self._places: dict[str, list[int]] = {}
        for at, word in enumerate(words):
            self._places.setdefault(word, []).append(at)

    def places(self, at: int, menu: int, after: int, count: int) -> list[tuple[int, int]] | None:
        """Where the names in words[at:menu] head parts, in order and from ``after`` on; None where these are not ``count`` names.

        One that heads none has a section of its own.
        """
        if count == 0 or at == menu:
            return [] if count == 0 and at == menu else None
        self._tries -= 1
        for length in range(min(LONGEST, menu - at), 0, -1):
            name = tuple(self._words[at : at + length])
            place = self._heads(name, after)
            if self._tries < 0 or (place is None and name not in self._names):
                continue
            follow = place + length if place is not None else after
            rest = self.places(at + length, menu, follow, count - 1)
            if rest is not None:
                return rest if place is None else [(place, follow), *rest]
        return None

    def _heads(self, name: tuple[str, ...], after: int) -> int | None:
        """Where a name stands next at the beginning of a sentence, with another beginning behind it."""
        words, held = self._words, self._places[name[0]]
        for at in held[bisect_left(held, after) :][:NEXT]:
            end = at + len(name)
            if end >= len(words) or tuple(words[at:end]) != name or not words[end][:1].isupper():
                continue
            if at == after or _ENDS.search(words[at - 1]):
                return at
        return None
