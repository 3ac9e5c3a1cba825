"""How much of rendered pages OCR reads rightly, what it calls doubtful, and what a page costs.

``python -m tests.bench.bench_ocr``: pages of a manual are set in type, drawn at 300 dpi, and spoilt as scanners and copiers do.
"""

from __future__ import annotations

import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PIL import Image, ImageFilter
from rapidfuzz.distance import Levenshtein

from knowledge.parsing import Limits, read_file
from knowledge.parsing.converted.ocr.engine import open_ocr
from knowledge.parsing.converted.ocr.reading import PictureReader, drawn
from knowledge.parsing.pdf.lines import PageLines
from knowledge.parsing.sandbox.fork_server import SERVER
from tests.support.scans import scan

PAGES = 6
WORDS = (
    "valve pump seal pressure housing screw torque filter hose motor cover lever clean replace tighten remove check close open"
    " before after switch supply water oil temperature cable lamp the of and to in with on at from until is are must not"
).split()


def manual(folder: Path) -> tuple[Path, list[list[str]]]:
    """A PDF of pages of prose and figures, and the words of each."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    draw, said = random.Random(7), []
    canvas = Canvas(str(folder / "manual.pdf"), pagesize=A4)
    for number in range(1, PAGES + 1):
        words: list[str] = []
        canvas.setFont("Helvetica-Bold", 16)
        canvas.drawString(72, 770, f"{number} Maintenance of part {number}")
        words += f"{number} Maintenance of part {number}".split()
        canvas.setFont("Times-Roman" if number % 2 else "Helvetica", 10.5)
        for row in range(44):
            line: list[str] = []
            while canvas.stringWidth(" ".join(line)) < 400:
                line.append(_figure(draw) if draw.random() < 0.12 else draw.choice(WORDS))
            canvas.drawString(72, 740 - 15.5 * row, " ".join(line))
            words += line
        said.append(words)
        canvas.showPage()
    canvas.save()
    return folder / "manual.pdf", said


def _figure(draw: random.Random) -> str:
    return draw.choice(
        (f"{draw.uniform(0.1, 99):.1f}", f"{draw.randint(2, 9999)}", f"E{draw.randint(10, 99)}")
    )


def _coarse(dpi: int) -> Callable[[Image.Image], Image.Image]:
    def spoil(page: Image.Image) -> Image.Image:
        size = page.width * dpi // 300, page.height * dpi // 300
        return page.resize(size, Image.Resampling.BOX).resize(page.size)

    return spoil


def _specks(page: Image.Image) -> Image.Image:
    noise = Image.effect_noise(page.size, 70)
    return Image.blend(page, noise, 0.3).filter(ImageFilter.GaussianBlur(0.8))


def _askew(page: Image.Image) -> Image.Image:
    return page.rotate(1.5, fillcolor=255, resample=Image.Resampling.BICUBIC)


SPOILT: dict[str, Callable[[Image.Image], Image.Image]] = {
    "clean, 300 dpi": lambda page: page,
    "150 dpi": _coarse(150),
    "100 dpi": _coarse(100),
    "75 dpi": _coarse(75),
    "specks": _specks,
    "1.5 degrees askew": _askew,
    "on its side": lambda page: page.rotate(90, expand=True),
}


def right(read: Sequence[str], said: Sequence[str]) -> tuple[int, int, int, int]:
    """Characters that are right and all; words with figures that are right and all, by the best alignment."""
    one, other = " ".join(said), " ".join(read)
    wrong = Levenshtein.distance(one, other)
    good = {
        block.a + at
        for block in Levenshtein.opcodes(list(said), list(read)).as_matching_blocks()
        for at in range(block.size)
    }
    figures = [at for at, word in enumerate(said) if any(char.isdigit() for char in word)]
    return len(one) - wrong, len(one), sum(at in good for at in figures), len(figures)


def main() -> None:
    """Print a row for each way of spoiling."""
    ocr, why = open_ocr("", 60, lambda step, of: None)
    if ocr is None:
        sys.exit(why)
    print("pages                chars right  figures right  of the wrong figures named  s/page")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, said = manual(folder)
        import pypdfium2

        document = pypdfium2.PdfDocument(path)
        pictures = [drawn(document[at]) for at in range(PAGES)]
        for label, spoil in SPOILT.items():
            chars = [0, 0, 0, 0]
            named = missed = 0
            began = time.perf_counter()
            for number, (picture, words) in enumerate(zip(pictures, said, strict=True), 1):
                page = PageLines(number, "", "")
                spoilt = spoil(picture)
                PictureReader(lambda: (ocr, "")).read(spoilt, spoilt.width * 72 / 300, page, PAGES)
                read = page.raw.replace("\r\n", " ").split()
                for at, count in enumerate(right(read, words)):
                    chars[at] += count
                doubtful = set(page.ocr.unsure) if page.ocr else set()
                for word in set(read) - set(words):
                    if any(char.isdigit() for char in word):
                        named += word in doubtful
                        missed += word not in doubtful
            took = (time.perf_counter() - began) / PAGES
            print(
                f"{label:20} {chars[0] / chars[1]:11.2%} {chars[2] / chars[3]:14.2%}"
                f" {named:>10} of {named + missed:<14} {took:>9.1f}"
            )
        whole = scan(folder / "scan.pdf", pictures)
        began = time.perf_counter()
        read_file(whole, "scan.pdf", Limits())
        took = (time.perf_counter() - began) / PAGES
        SERVER.close()  # only what has ended is counted
        most = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"a scan of {PAGES} pages: {took:.1f} s a page; largest process {most:.0f} MB")


if __name__ == "__main__":
    main()
