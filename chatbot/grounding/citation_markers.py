"""Reads a model's text as it streams: sentences, and the marks "[1]" that it set. Pure; knows no passages.

Marks are taken out of the text; who checks the sentence sets its own. Work per character is bounded, so hostile
text costs no more than any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from knowledge.text import sentences

# "[1]", "[1, 2]", "[^1]", "【1†source】"; not "array[1]", where a word stands right before.
_MARK = re.compile(
    r"(?<!\w)\[\^?(\d{1,2}(?:\s?[,;]\s?\d{1,2}){0,8})\]|【(\d{1,2})(?:†[^】\n]{0,40})?】"
)
# What may still become a mark, and what may still belong before the next sentence's first letter.
_HALF = re.compile(
    r"(?:\s*\[[\d\s,;^]{0,30}|\s*【[^】\n]{0,44}|(?<=[.!?…])[\"'”’)\]]*\s*[^\w\s\[【]{0,4}|\s+)$"
)
_CODE = re.compile(r"`[^`\n]*`?")
_ENDS = re.compile(r"[.!?…。！？\n]")
LOOK_BACK = 80  # characters; more than any abbreviation or number that a full stop may belong to
LONGEST = 2_000  # characters after which a sentence is closed even without an end


@dataclass(frozen=True, slots=True)
class PlainText:
    """More text of the present sentence, without marks."""

    text: str


@dataclass(frozen=True, slots=True)
class SentenceEnd:
    """The present sentence is complete: its whole text, and the numbers the model set in or right after it.

    ``line`` says whether it began a line of its own.
    """

    text: str
    marks: tuple[int, ...]
    line: bool = False


class CitationMarkerParser:
    """Turns pieces of text into events. ``passages`` is how many there are; other numbers stay text."""

    def __init__(self, passages: int) -> None:
        self._passages = passages
        self._waiting = ""
        self._sentence = ""
        self._marks: list[int] = []
        self._before = ""

    def feed(self, piece: str) -> Iterator[PlainText | SentenceEnd]:
        """Takes more text and gives what is certain by now."""
        self._waiting += piece
        half = _HALF.search(self._waiting[-60:])
        keep = len(self._waiting) - (len(half[0]) if half else 0)
        open_code = self._waiting[:keep].rfind("`")
        if open_code >= 0 and self._waiting.count("`", 0, keep) % 2 and keep - open_code < 200:
            keep = open_code
        text, self._waiting = self._waiting[:keep], self._waiting[keep:]
        yield from self._read(text)

    def end(self) -> Iterator[PlainText | SentenceEnd]:
        """Gives the rest."""
        text, self._waiting = self._waiting, ""
        yield from self._read(text)
        yield from self._close()

    def _read(self, text: str) -> Iterator[PlainText | SentenceEnd]:
        position = 0
        for start, end, numbers in self._found(text):
            yield from self._say(text[position:start])
            self._marks += [number for number in numbers if number not in self._marks]
            position = end
        yield from self._say(text[position:])
        self._before = text[-1:] or self._before

    def _found(self, text: str) -> Iterator[tuple[int, int, list[int]]]:
        """Places and numbers of the marks outside code, with the blank before them."""
        code = [match.span() for match in _CODE.finditer(text)]
        for match in _MARK.finditer(text):
            start, end = match.span()
            numbers = [int(number) for number in re.findall(r"\d+", match[1] or match[2])]
            inside = any(left < start < right for left, right in code)
            glued = (
                start == 0 and text[0] == "[" and (self._before.isalnum() or self._before == "_")
            )
            if inside or glued or not all(1 <= number <= self._passages for number in numbers):
                continue
            while start > 0 and text[start - 1] in " \t":
                start -= 1
            yield start, end, numbers

    def _say(self, text: str) -> Iterator[PlainText | SentenceEnd]:
        """More text of the open sentence, which may end within it, more than once."""
        while text:
            whole = self._sentence + text
            cut = self._cut(whole, text)
            if cut is None:
                self._sentence = whole
                yield PlainText(text)
                return
            own = whole[len(self._sentence) : cut]
            self._sentence += own
            if own:
                yield PlainText(own)
            yield from self._close()
            text = whole[cut:]

    def _cut(self, whole: str, text: str) -> int | None:
        """Where the next sentence starts in ``whole`` (with the blank before it), or None while there is none."""
        if len(whole) > LONGEST:
            return max(LONGEST, len(self._sentence)) if len(self._sentence) < len(whole) else None
        if not _ENDS.search(whole):
            return None
        blank = len(whole) - len(whole.lstrip())
        line = whole.find("\n", max(len(self._sentence), blank))
        breaks = line >= 0
        # What came before was looked at before: only an end near the new text can be a new one.
        tail = max(0, len(self._sentence) - LOOK_BACK)
        ends = [
            end
            for _, end in sentences(whole, tail, line if breaks else None)[:-1]
            if end >= len(self._sentence) - 8
        ]
        if ends:
            return max(ends[0], len(self._sentence))
        return line if breaks and (line > len(self._sentence) or self._sentence.strip()) else None

    def _close(self) -> Iterator[SentenceEnd]:
        text, marks = self._sentence.strip(), tuple(self._marks)
        line = "\n" in self._sentence[: len(self._sentence) - len(self._sentence.lstrip())]
        self._sentence, self._marks = "", []
        if text:
            yield SentenceEnd(text, marks, line)
