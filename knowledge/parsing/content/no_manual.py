"""Text files that are no manuals: encoded data, logs, source code, and what was decoded wrongly. Told by their content."""

from __future__ import annotations

import re

MEASURED = 60_000  # characters from the beginning
FEWEST = 8  # lines from which a kind shows
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}$")
_STAMP = re.compile(
    r"\W{0,2}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d|\d\d[./]\d\d[./]\d{2,4} \d\d:\d\d|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d"
    r"|\d\d:\d\d:\d\d[.,]\d|\[\s*\d+\.\d{4,}\])"
)
_CODE_END = re.compile(r"(?:[;{}]|\)\s*:|\\|=>|,\s*)$|^[})\]]+[;,]?$")
_CODE_START = re.compile(
    r"(?:def|class|import|from|#include|#define|function|var|let|const|if|elif|else|for|while|return|public|private|static|void|int"
    r"|try|except|finally|with|using|namespace|package|func|fn|struct|end|@\w+|self\.|//|/\*)\b"
)
_SENTENCE = re.compile(r"[A-Za-zÀ-ÿ]{2,}(?:[ ,]+[\w'’-]+){4,}[.!?:]?$")
_ENDINGS = frozenset(
    "py js ts jsx tsx c h cc cpp hpp cs java go rs rb php pl sh bat ps1 sql lua swift kt scala r m vb".split()
)


def what_it_is(text: str, file_name: str) -> str:
    """What a text file is that is no manual, in words ("a log file"), or ""."""
    lines = [line.strip() for line in text[:MEASURED].splitlines() if line.strip()]
    if not lines:
        return ""
    if _share(lines, _BASE64.match) > 0.8 and sum(map(len, lines)) > 200:
        return "encoded data (base64)"
    if _is_garbled(text[:MEASURED]):
        return "damaged, or no text at all"
    if len(lines) < FEWEST:
        return ""
    if _share(lines, _STAMP.match) > 0.6:
        return "a log file"
    prose = _share(lines, _SENTENCE.search)
    ending = file_name.rsplit(".", 1)[-1].lower()
    code = _share(lines, lambda line: _CODE_END.search(line) or _CODE_START.match(line))
    named = ending in _ENDINGS
    if code > (0.3 if named else 0.6) and prose < (0.5 if named else 0.25):
        return "source code"
    return ""


def _share(lines: list[str], test: object) -> float:
    return sum(bool(test(line)) for line in lines) / len(lines)  # type: ignore[operator]


def _is_garbled(text: str) -> bool:
    """Are most letters beyond ASCII single ones between signs, as in bytes that were read in a wrong encoding?"""
    foreign = sum(char > "\x7f" for char in text)
    if len(text) < 40 or foreign < 0.3 * len(text):
        return False
    in_words = sum(len(word) for word in re.findall(r"[^\W\d_]{2,}", text))
    signs = len(re.findall(r"[^\w\s.,;:!?()\"'«»“”‘’、。，！？（）「」・：；\-–—]", text))
    return signs > 0.2 * len(text) or in_words < 0.35 * len(text)
