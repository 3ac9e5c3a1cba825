"""Read PowerPoint files: one page per slide, its title as heading, its notes last. Hidden slides are left out and counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge.parsing.content.formulas import omml_line
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.open_elements import list_number
from knowledge.parsing.content.pictures import described, says_something
from knowledge.parsing.content.small_type import lowered, raised
from knowledge.parsing.content.symbols import sign_font, signs_of
from knowledge.parsing.content.tables import Cell, block_kind, table_blocks
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.office.drawings import chart_blocks, chart_title, diagram_lines
from knowledge.parsing.office.slides.grounds import A, SlideGrounds
from knowledge.parsing.titles import sensible_title, title_from_name
from knowledge.types import Document

DEEPEST = 20  # groups inside groups
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_DGM = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_NUMBERS = {"alphaLc": "a", "alphaUc": "A", "romanLc": "i", "romanUc": "I", "arabic": "1"}
_LEFT_OUT = {
    "hidden": "{} hidden slide{} {} left out.",
    "struck": "{} struck-out piece{} of text {} left out.",
    "same": "{} piece{} of text in the colour of what is behind {} left out.",
    "unseen": "{} hidden or off-slide shape{} {} left out.",
    "picture": "{} slide{} with nothing but pictures {} not read.",
    "object": "{} embedded object{} {} not read.",
}


def read_slides(path: Path, file_name: str, title: str) -> Document:
    """The manual in a PPTX file. ``title`` is the one in its properties, or ""."""
    from pptx import Presentation

    flows = []
    left_out: Counter[str] = Counter()
    with path.open("rb") as file:
        deck = Presentation(file)
    for number, slide in enumerate(deck.slides, 1):
        flow = DocumentBuilder(number)
        if slide._element.get("show") in ("0", "false"):
            left_out["hidden"] += 1
        else:
            _Slide(slide, flow, left_out, (deck.slide_width or 0, deck.slide_height or 0)).write()
        flows.append(flow)
    first = next((flow.headings[0].title for flow in flows[:1] if flow.headings), "")
    return flow_document(
        "pptx",
        sensible_title(title) or sensible_title(first) or title_from_name(file_name),
        flows,
        left_out_warnings(_LEFT_OUT, left_out),
    )


class _Slide:
    """Writes one slide into a flow."""

    def __init__(
        self,
        slide: Any,
        flow: DocumentBuilder,
        left_out: Counter[str],
        sizes: tuple[int, int],
    ) -> None:
        self._slide, self._flow, self._left_out = slide, flow, left_out
        self._wide, self._high = sizes
        self._numbers: dict[int, int] = {}
        self._pictures = 0
        self._grounds, self._ground = SlideGrounds(slide), ""

    def write(self) -> None:
        slide, flow = self._slide, self._flow
        head = slide.shapes.title
        if head is not None and head.has_text_frame:
            flow.heading(
                1, " ".join(self._text(p) for p in head.text_frame.paragraphs).replace("\v", " ")
            )
        shapes = [
            shape
            for shape in _shapes(slide.shapes, 0)
            if head is None or shape.shape_id != head.shape_id
        ]
        seen = [shape for shape in shapes if not self._is_unseen(shape)]
        self._left_out["unseen"] += len(shapes) - len(seen)
        for shape in _in_order(seen):
            self._shape(shape)
        if self._pictures and not flow.page().text:
            self._left_out["picture"] += 1
        if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
            for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
                flow.add("text", self._text(paragraph).replace("\v", "\n"))

    def _is_unseen(self, shape: Any) -> bool:
        """Has a shape words, and is hidden or stands beside the slide? A group has places of its own for what is in it."""
        if not shape.has_text_frame or not shape.text_frame.text.strip():
            return False
        told = shape._element.find("./{*}nvSpPr/{*}cNvPr")
        if told is not None and told.get("hidden") in ("1", "true"):
            return True
        sides = (shape.left, shape.top, shape.width, shape.height)
        if None in sides or not self._wide or shape._element.getparent().tag.endswith("}grpSp"):
            return False
        left, top, wide, high = sides
        return left >= self._wide or top >= self._high or left + wide <= 0 or top + high <= 0

    def _shape(self, shape: Any) -> None:
        if getattr(shape, "has_table", False):
            for block in table_blocks(self._rows(shape.table)):
                self._flow.add(block_kind(block), block)
        elif getattr(shape, "has_chart", False):
            self._chart(shape.chart._chartSpace)
        elif shape.has_text_frame:
            self._ground = self._grounds.behind(shape)
            self._paragraphs(shape.text_frame.paragraphs)
            self._ground = ""
        elif (data := self._diagram(shape)) is not None:
            for line in diagram_lines(data):
                self._flow.add("item", line)
        elif hasattr(shape, "image"):
            self._picture(shape)
        elif hasattr(shape, "ole_format"):
            self._left_out["object"] += 1

    def _paragraphs(self, paragraphs: Sequence[Any]) -> None:
        texts = [(self._number(p), self._text(p)) for p in paragraphs]
        full = [(mark + text.replace("\v", "\n")) for mark, text in texts if text.strip()]
        for text in full:
            self._flow.add("item" if len(full) > 1 else "text", text)

    def _number(self, paragraph: Any) -> str:
        """The automatic number of a paragraph: "3. " or ""."""
        properties = paragraph._p.find(f"{A}pPr")
        auto = None if properties is None else properties.find(f"{A}buAutoNum")
        if auto is not None and not paragraph.text.strip():
            return ""  # an empty one shows no number and does not count
        level = paragraph.level or 0
        self._numbers = {at: count for at, count in self._numbers.items() if at <= level}
        if auto is None:
            self._numbers.pop(level, None)
            return ""
        start = int(auto.get("startAt", "1"))
        self._numbers[level] = self._numbers.get(level, start - 1) + 1
        form = auto.get("type", "arabicPeriod")
        style = next((s for name, s in _NUMBERS.items() if form.startswith(name)), "1")
        return f"{list_number(self._numbers[level], style)}{')' if 'Paren' in form else '.'} "

    def _text(self, paragraph: Any) -> str:
        """The words of a paragraph as they show: small type as such, formulas in a line, struck-out words left out."""
        parts: list[str] = []
        for child in paragraph._p:
            name = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
            if name == "br":
                parts.append("\v")
            elif name in ("r", "fld"):
                parts.append(self._run(child))
            elif name in ("AlternateContent", "m"):
                parts += [f" {omml_line(formula)} " for formula in child.iter(f"{_M}oMath")]
        return "".join(parts)

    def _run(self, run: Any) -> str:
        text = "".join(t.text or "" for t in run.iter(f"{A}t"))
        properties = run.find(f"{A}rPr")
        if properties is None:
            return text
        if properties.get("strike", "noStrike") != "noStrike":
            self._left_out["struck"] += bool(text.strip())
            return ""
        if text.strip() and self._grounds.matches(run, self._ground):
            self._left_out["same"] += 1
            return ""
        if (letters := properties.find(f"{A}latin")) is not None:
            text = signs_of(text, sign_font(letters.get("typeface", "")))
        told = properties.get("baseline", "0").rstrip("%").lstrip("-")
        if not told.isdigit() or int(told) == 0:
            return text
        return lowered(text) if properties.get("baseline", "").startswith("-") else raised(text)

    def _rows(self, table: Any) -> list[list[Cell]]:
        head = bool(table.first_row)
        rows = []
        for at, row in enumerate(table.rows):
            cells = [cell for cell in row.cells if not cell.is_spanned]
            heads = head and at == 0 and len(table.columns) > 2
            rows.append([self._cell(cell, heads) for cell in cells])
        return rows

    def _cell(self, cell: Any, head: bool) -> Cell:
        lines = [" ".join(self._text(one).split()) for one in cell.text_frame.paragraphs]
        full = tuple(filter(None, lines))
        across, down = (cell.span_width, cell.span_height) if cell.is_merge_origin else (1, 1)
        return Cell(" ".join(full), head, across, down, parts=full if down > 1 else ())

    def _chart(self, chart: Any) -> None:
        title = chart_title(chart)
        if title and title not in {heading.title for heading in self._flow.headings}:
            self._flow.add("caption", title)
        for block in chart_blocks(chart):
            self._flow.add(block_kind(block), block)

    def _diagram(self, shape: Any) -> Any:
        """The data of a diagram, or None."""
        from lxml import etree

        link = next(shape._element.iter(f"{_DGM}relIds"), None)
        part = None if link is None else self._slide.part.related_part(link.get(f"{_R}dm", ""))
        if part is None:
            return None
        return etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True))

    def _picture(self, shape: Any) -> None:
        self._pictures += 1
        told = shape._element.find(".//{*}cNvPr")
        words = "" if told is None else described(told.get("descr", ""))
        if says_something(words):
            self._flow.add("caption", words)


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """All shapes, those inside groups too."""
    for shape in shapes:
        if not hasattr(shape, "shapes"):
            yield shape
        elif depth < DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)


def _in_order(shapes: list[Any]) -> list[Any]:
    """From above to below; where the shapes stand in columns of several, one column after the other."""
    ordered = sorted(shapes, key=lambda shape: (shape.top or 0, shape.left or 0))
    columns: list[list[Any]] = []
    for shape in sorted(ordered, key=lambda shape: shape.left or 0):
        right = max(((one.left or 0) + (one.width or 0) for one in columns[-1]) if columns else [0])
        if columns and (shape.left or 0) < right:
            columns[-1].append(shape)
        else:
            columns.append([shape])
    if len(columns) < 2 or any(len(column) < 2 for column in columns):
        return ordered
    return [shape for column in columns for shape in sorted(column, key=lambda one: one.top or 0)]
