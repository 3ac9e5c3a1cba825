"""Put the Latin words, numbers and brackets in right-to-left lines of a PDF in order: PDFium gives the parts of "KX-52" and "230V"
from the right one, and turns brackets round. Told by where they stand and how Unicode's rules would show them.

What Unicode's rules would show as it stands on the page stays as it is; so does what they would in no order.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby, pairwise
from typing import Any

from knowledge.parsing.pdf.lines import BREAK
from knowledge.parsing.pdf.page.probe import Places, Probe

_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"  # Hebrew, Arabic and their kin
_LETTER = re.compile(f"[{_RIGHT_TO_LEFT}]")
_HEBREW = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")
_RUN = re.compile(rf"[^\s\ufffe{_RIGHT_TO_LEFT}]{{2,}}")
_BETWEEN = re.compile(rf"(?<=[{_RIGHT_TO_LEFT}])[\W_]{{2,}}|[\W_]{{2,}}(?=[{_RIGHT_TO_LEFT}])")
_PAIRS = ("()", "[]", "{}")
APART = 0.4  # heights of type between the characters of a run

Box = tuple[float, float, float, float]


def with_runs_turned(textpage: Any, raw: str, probe: Probe) -> str:
    """The text of a page, of the same length, with each such run in its own order."""
    if not _LETTER.search(raw):
        return raw
    place = Places(textpage, raw)

    def box(at: int) -> Box:
        return probe.box(textpage, place(at))

    out, start = [], 0
    for found in [*BREAK.finditer(raw), None]:
        end = found.start() if found else len(raw)
        text = raw[start:end]
        if _LETTER.search(text) and _runs_left(text, start, box):
            boxes = [box(at) for at in range(start, end)]
            text = with_pairs(_with_neutrals(_with_runs(text, boxes), boxes))
        out.append(text + (found[0] if found else ""))
        start = found.end() if found else end
    return "".join(out)


def _runs_left(text: str, start: int, box: Callable[[int], Box]) -> bool:
    """Does a line begin at its right end?"""
    inked = [at for at, char in enumerate(text) if not char.isspace()]
    return box(start + inked[0])[0] > box(start + inked[-1])[0]


def _with_runs(text: str, boxes: Sequence[Box]) -> str:
    for found in [*_RUN.finditer(text)]:
        before = _LETTER.findall(text, 0, found.start())
        arabic = bool(before) and not _HEBREW.match(before[-1])
        turned = run_in_order(found[0], boxes[found.start() : found.end()], arabic)
        text = text[: found.start()] + turned + text[found.end() :]
    return text


def run_in_order(run: str, boxes: Sequence[Box], arabic: bool) -> str:
    """The characters of a run as they follow each other, where Unicode's rules show these as they stand on the page. Figures
    behind ``arabic`` letters have rules of their own.
    """
    seen = sorted(range(len(run)), key=lambda at: boxes[at][0] + boxes[at][2])
    high = max(top - bottom for _, bottom, _, top in boxes)
    feet = [bottom for _, bottom, _, _ in boxes]
    near = all(boxes[b][0] - boxes[a][2] <= APART * high for a, b in pairwise(seen))
    if not near or max(feet) - min(feet) > APART * high or _shown(run, arabic) == seen:
        return run
    text = "".join(run[at] for at in seen)
    for core in (r"\w(?:.*\w)?", r"[\w#$%°€£](?:.*[\w#$%°€£])?"):
        found = re.search(core, text)
        if not found:
            continue
        first, last = found.span()
        order = [*seen[: last - 1 : -1], *seen[first:last], *(seen[first - 1 :: -1] if first else [])]  # fmt: skip
        made = "".join(run[at] for at in order)
        if [order[at] for at in _shown(made, arabic)] == seen:
            return made
    return run


def _kind(char: str) -> str:
    """The kind of a character in Unicode's bidirectional algorithm, as far as runs may have it."""
    if char.isalpha():
        return "L"
    if char.isdigit():
        return "EN"
    kinds = {"+": "ES", "-": "ES"} | dict.fromkeys(",./:\xa0", "CS") | dict.fromkeys("#$%°€£", "ET")
    return kinds.get(char, "ON")


def _shown(run: str, arabic: bool) -> list[int]:
    """The places of the characters of a run behind right-to-left letters, from left to right as they are shown in such a line."""
    kinds = [_kind(char) for char in run]
    strong = "AL" if arabic else "R"
    for at, kind in enumerate(kinds):
        strong = "L" if kind == "L" else strong
        if kind == "EN" and strong == "AL":
            kinds[at] = "AN"
    for at in range(1, len(kinds) - 1):
        before, kind, after = kinds[at - 1 : at + 2]
        if before == after and (before == "EN" and kind in ("ES", "CS") or before == "AN" and kind == "CS"):  # fmt: skip
            kinds[at] = before
    forwards = [*range(len(kinds))]
    for places in (forwards, forwards[::-1]):
        for before, at in pairwise(places):
            if kinds[at] == "ET" and kinds[before] == "EN":
                kinds[at] = "EN"
    strong = "R"
    for at, kind in enumerate(kinds):
        strong = "L" if kind == "L" else strong
        if kind == "EN" and strong == "L":
            kinds[at] = "L"
    left = _left_to_right(kinds)
    shown: list[int] = []
    for own, group in groupby(range(len(kinds)), key=lambda at: left[at]):
        held = [*group]
        shown = [*(held if own else held[::-1]), *shown]
    return shown


def _left_to_right(kinds: Sequence[str]) -> list[bool]:
    """Which characters run from left to right: letters, figures, and what stands between two letters."""
    runs = [kind in ("L", "EN", "AN") for kind in kinds]
    at = 0
    for own, places in groupby(kinds, key=lambda kind: kind in ("L", "EN", "AN")):
        count = len([*places])
        between = at > 0 and at + count < len(kinds)
        if not own and between and kinds[at - 1] == kinds[at + count] == "L":
            runs[at : at + count] = [True] * count
        at += count
    return runs


def _with_neutrals(text: str, boxes: Sequence[Box]) -> str:
    """A line in which blanks and signs beside right-to-left letters that stand from left to right are turned."""
    for found in _BETWEEN.finditer(text):
        places = boxes[found.start() : found.end()]
        signs = not found[0].isspace() and len({*found[0]}) > 1
        if signs and all(one[2] <= other[0] + 0.5 for one, other in pairwise(places)):
            text = text[: found.start()] + found[0][::-1] + text[found.end() :]
    return text


def with_pairs(text: str) -> str:
    """A line whose brackets open and close, where each stands before or behind a word and they are in turn."""
    for pair in _PAIRS:
        opens, closes = pair[0], pair[1]
        places = [at for at, char in enumerate(text) if char in (opens, closes)]
        if len(places) % 2 or not all(
            _begins(text, first) and _ends(text, last)
            for first, last in zip(places[::2], places[1::2], strict=True)
        ):
            continue
        letters = [*text]
        for number, at in enumerate(places):
            letters[at] = closes if number % 2 else opens
        text = "".join(letters)
    return text


def _begins(text: str, at: int) -> bool:
    return (at == 0 or text[at - 1].isspace()) and text[at + 1 : at + 2].isalnum()


def _ends(text: str, at: int) -> bool:
    return not text[at - 1].isspace() and not text[at + 1 : at + 2].isalnum()
