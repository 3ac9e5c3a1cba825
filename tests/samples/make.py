"""Makes the two sample manuals from one text: the X100 as Markdown, the X200 as PDF. Run after a change of either.

    python tests/samples/make.py

Sister manuals are near-duplicates in life too: the same sentences with other figures, and a few chapters of their own.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.pagesizes import A5
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

HERE = Path(__file__).parent
SAMPLES = HERE.parents[1] / "knowledge" / "ingestion" / "samples"
BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=10, leading=14.5, spaceAfter=6)
STEP = ParagraphStyle("step", BODY, leftIndent=14, bulletIndent=0, spaceAfter=3)
HEADS = {
    "#": ParagraphStyle(
        "title", BODY, fontName="Helvetica-Bold", fontSize=20, leading=26, spaceAfter=18
    ),
    "##": ParagraphStyle(
        "chapter",
        BODY,
        fontName="Helvetica-Bold",
        fontSize=15,
        leading=20,
        spaceBefore=4,
        spaceAfter=8,
    ),
    "###": ParagraphStyle(
        "section",
        BODY,
        fontName="Helvetica-Bold",
        fontSize=11.5,
        leading=16,
        spaceBefore=8,
        spaceAfter=4,
    ),
}


def manual_text(model: str) -> str:
    """The manual of one model as Markdown; what a model does not have leaves no gap."""
    values = json.loads((HERE / f"{model.lower()}.json").read_text(encoding="utf-8"))
    codes = "\n\n".join(
        f"### {title}\n\n{' '.join(sentences)}" for title, sentences in values.pop("codes").items()
    )
    text = (
        (HERE / "manual.md").read_text(encoding="utf-8").format(model=model, codes=codes, **values)
    )
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", text))


class Manual(BaseDocTemplate):
    """A5 pages with a running head, page numbers and an outline."""

    def __init__(self, path: Path, title: str) -> None:
        super().__init__(str(path), pagesize=A5, title=title, author="Aurora", invariant=1)
        frame = Frame(16 * mm, 16 * mm, A5[0] - 32 * mm, A5[1] - 34 * mm, id="text")
        self.addPageTemplates([PageTemplate("page", [frame], onPage=self._furniture)])
        self._title, self._keys = title, 0

    def _furniture(self, canvas: Canvas, _: object) -> None:
        canvas.saveState()
        canvas.setFont("Helvetica", 7.5)
        canvas.setFillGray(0.4)
        canvas.drawString(16 * mm, A5[1] - 11 * mm, self._title)
        canvas.drawRightString(A5[0] - 16 * mm, 9 * mm, str(canvas.getPageNumber()))
        canvas.restoreState()

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        level = {"chapter": 0, "section": 1}.get(
            getattr(getattr(flowable, "style", None), "name", "")
        )
        if level is not None:
            self._keys += 1
            self.canv.bookmarkPage(f"k{self._keys}")
            self.canv.addOutlineEntry(flowable.getPlainText(), f"k{self._keys}", level)


def flowables(text: str) -> list[Flowable]:
    made: list[Flowable] = []
    for block in re.split(r"\n\n", text.strip()):
        if head := re.match(r"(#+) (.*)", block):
            if head[1] == "##" and len(made) > 1:
                made.append(PageBreak())
            made.append(Paragraph(escape(head[2]), HEADS[head[1]]))
        elif block.startswith("|"):
            made += [table(block), Spacer(1, 8)]
        elif re.match(r"\d+\. ", block):
            made += [
                Paragraph(escape(step.split(" ", 1)[1]), STEP, bulletText=step.split(" ")[0])
                for step in block.split("\n")
            ]
            made.append(Spacer(1, 4))
        else:
            made.append(Paragraph(escape(block), BODY))
    return made


def table(block: str) -> Table:
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in block.split("\n")]
    small = ParagraphStyle("cell", BODY, fontSize=8.5, leading=11, spaceAfter=0)
    cells = [
        [Paragraph(escape(cell), small) for cell in row]
        for row in rows
        if not set("".join(row)) <= set("-: ")
    ]
    made = Table(cells, colWidths=[26 * mm, 42 * mm, 46 * mm], repeatRows=1)
    made.setStyle(
        TableStyle(
            [
                ("GRID", (0, 0), (-1, -1), 0.4, colors.grey),
                ("BACKGROUND", (0, 0), (-1, 0), colors.whitesmoke),
            ]
        )
    )
    return made


def main() -> None:
    SAMPLES.mkdir(exist_ok=True)
    (SAMPLES / "aurora-x100.md").write_text(manual_text("X100"), encoding="utf-8")
    text = manual_text("X200")
    Manual(SAMPLES / "aurora-x200.pdf", text.split("\n")[0].lstrip("# ")).build(flowables(text))


if __name__ == "__main__":
    main()
