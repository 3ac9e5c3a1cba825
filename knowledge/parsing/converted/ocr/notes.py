"""What is noted of pages that were read by OCR, and how an admin is told of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.parsing.pdf.lines import PageLines


NOTHING = "found no text"
POOR = 0.08  # share of doubtful words, or figures, from which the others of a page are not to be trusted either


@dataclass(slots=True)
class OcrNotes:
    """What is to be told of a page that was read by OCR."""

    seconds: float = 0.0
    words: int = 0
    figures: int = 0  # words with a figure in them
    unsure: list[str] = field(default_factory=list)
    left_out: int = 0  # lines
    fault: str = ""

    def with_those_of(self, other: OcrNotes | None) -> OcrNotes:
        """These notes with those of another picture of the same page."""
        if other is not None and not other.fault:
            self.seconds += other.seconds
            self.words += other.words
            self.figures += other.figures
            self.unsure = other.unsure + self.unsure
            self.left_out += other.left_out
        return self


def told_of(pages: Sequence[PageLines]) -> tuple[str, ...]:
    """What an admin should know of the pages that were read by OCR, in sentences."""
    read = [page for page in pages if page.ocr and not page.ocr.fault]
    said = []
    if read:
        numbers = [page.number for page in read]
        each = sum(page.ocr.seconds for page in read if page.ocr) / len(read)
        said.append(
            f"Read by OCR: {'page' if len(read) == 1 else 'pages'} {spans(numbers)}, in {max(each, 0.1):.1f} seconds a page."
            " Compare figures with the picture of the page."
        )
    doubts = [
        f"{len(page.ocr.unsure)} on page {page.number} ({_some(page.ocr.unsure)})"
        for page in read
        if page.ocr and page.ocr.unsure
    ]
    if doubts:
        more = ", …" if len(doubts) > 8 else ""
        said.append(f"Words that OCR is unsure of: {', '.join(doubts[:8])}{more}.")
    poor = [page.number for page in read if page.ocr and _is_poor(page.ocr)]
    if poor:
        said.append(
            f"Hard to read for OCR: {'page' if len(poor) == 1 else 'pages'} {spans(poor)}. Other words there may be wrong, too:"
            " scan anew, sharper and at 300 dpi."
        )
    if lost := [
        (page.number, page.ocr.left_out) for page in read if page.ocr and page.ocr.left_out
    ]:
        count, numbers = sum(count for _, count in lost), [number for number, _ in lost]
        said.append(
            f"{count} {'line that OCR could not make out was' if count == 1 else 'lines that OCR could not make out were'} left out:"
            f" {'page' if len(numbers) == 1 else 'pages'} {spans(numbers)}."
        )
    faults = {page.ocr.fault for page in pages if page.ocr and page.ocr.fault}
    for fault in sorted(faults):
        numbers = [page.number for page in pages if page.ocr and page.ocr.fault == fault]
        if fault == NOTHING and numbers[0] == 1:
            numbers = numbers[1:]  # a cover is often a picture
        if not numbers:
            continue
        said.append(f"OCR of {'page' if len(numbers) == 1 else 'pages'} {spans(numbers)} {fault}.")
    return tuple(said)


def _is_poor(notes: OcrNotes) -> bool:
    """Are so many words of a page doubtful, or so many of its figures, that the others are too?"""
    figures = sum(any(char.isdigit() for char in word) for word in notes.unsure)
    words = len(notes.unsure)
    return words > max(2, POOR * notes.words) or figures > max(2, POOR * notes.figures)


def spans(numbers: Sequence[int]) -> str:
    """Page numbers as "1-3, 7, 9-12", at most ten stretches."""
    out: list[list[int]] = []
    for number in sorted(numbers):
        if out and number == out[-1][1] + 1:
            out[-1][1] = number
        else:
            out.append([number, number])
    shown = ", ".join(f"{a}" if a == b else f"{a}-{b}" for a, b in out[:10])
    return shown + (", …" if len(out) > 10 else "")


def _some(words: Sequence[str]) -> str:
    """The first few words, those with figures before the others."""
    ordered = sorted(words, key=lambda word: not any(char.isdigit() for char in word))
    return ", ".join(word[:30] for word in ordered[:5]) + (", …" if len(words) > 5 else "")
