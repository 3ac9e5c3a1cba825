"""Scans and old Office files, made when a test needs them. Knows nothing of the readers."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (2480, 3508)  # pixels of an A4 page at 300 dpi
MARGIN, HEADING, BODY = 300, 75, 46  # pixels; 18 and 11 points
PITCH = 1.4  # sizes from line to line


def has_packs() -> bool:
    """Say whether tesseract is here with English and German."""
    path = shutil.which("tesseract")
    if not path:
        return False
    told = subprocess.run([path, "--list-langs"], capture_output=True, text=True, check=False)
    return {"eng", "deu", "osd"} <= set(told.stdout.split())


needs_tesseract = pytest.mark.skipif(
    not has_packs(), reason="needs tesseract with eng, deu and osd: apt install tesseract-ocr-deu"
)
needs_libreoffice = pytest.mark.skipif(
    not shutil.which("soffice"),
    reason="needs LibreOffice: apt install libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui",
)


def page_picture(lines: Sequence[str], size: tuple[int, int] = SIZE) -> Image:
    """A page as a scanner gives it: grey, 300 dpi. A line that begins with "# " is a heading, "" a blank one.

    A tabulator begins the next column, 500 pixels further.
    """
    import reportlab
    from PIL import Image, ImageDraw, ImageFont

    letters = Path(reportlab.__file__).with_name("fonts") / "Vera.ttf"
    picture = Image.new("L", size, 255)
    draw = ImageDraw.Draw(picture)
    y = float(MARGIN)
    for line in lines:
        height = HEADING if line.startswith("# ") else BODY
        for column, text in enumerate(line.removeprefix("# ").split("\t")):
            font = ImageFont.truetype(letters, height)
            draw.text((MARGIN + 500 * column, y), text, font=font, fill=10)
        y += PITCH * height
    return picture


def scan(path: Path, pages: Sequence[Image]) -> Path:
    """A PDF of nothing but pictures of pages, one a page, at 300 dpi."""
    first, *rest = pages
    first.save(path, "PDF", resolution=300, save_all=True, append_images=rest, quality=85)
    return path


def mixed_pdf(path: Path, texts: Sequence[str | Image]) -> Path:
    """A PDF with a page for each text, written as text, or picture, which fills its page."""
    import io

    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=A4)
    for each in texts:
        if isinstance(each, str):
            canvas.setFont("Helvetica", 11)
            for at, line in enumerate(each.splitlines()):
                canvas.drawString(72, 760 - 15 * at, line)
        else:
            held = io.BytesIO()
            each.save(held, "PNG")
            canvas.drawImage(ImageReader(held), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return path


def saved_as(path: Path, kind: str) -> Path:
    """The file as LibreOffice saves it in another format ("doc"), beside it, by a profile of its own."""
    profile = path.parent / "profile-of-tests"
    subprocess.run(
        [
            "soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless",
            "--convert-to", kind, "--outdir", str(path.parent / "saved"), str(path),
        ],
        check=True, capture_output=True, timeout=280,
    )  # fmt: skip
    return path.parent / "saved" / f"{path.stem}.{kind.partition(':')[0]}"


def program(folder: Path, name: str, script: str) -> Path:
    """A program of this name in a folder: a shell script."""
    folder.mkdir(exist_ok=True)
    made = folder / name
    made.write_text(f"#!/bin/sh\n{script}\n", encoding="ascii")
    made.chmod(0o755)
    return made
