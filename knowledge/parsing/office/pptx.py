"""Read PowerPoint files: one page per slide, its title as heading, its notes last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import sensible_title, title_from_name
from knowledge.types import Document

DEEPEST = 20  # groups inside groups


def read_slides(path: Path, file_name: str, title: str) -> Document:
    """The manual in a PPTX file. ``title`` is the one in its properties, or ""."""
    from pptx import Presentation

    flows = []
    with path.open("rb") as file:
        deck = Presentation(file)
    for number, slide in enumerate(deck.slides, 1):
        flow = DocumentBuilder(number)
        _slide(slide, flow)
        flows.append(flow)
    first = next((flow.headings[0].title for flow in flows[:1] if flow.headings), "")
    return flow_document(
        "pptx", sensible_title(title) or sensible_title(first) or title_from_name(file_name), flows
    )


def _slide(slide: Any, flow: DocumentBuilder) -> None:
    head = slide.shapes.title
    if head is not None and head.has_text_frame:
        flow.heading(1, head.text_frame.text.replace("\v", " "))
    for shape in sorted(
        _shapes(slide.shapes, 0), key=lambda shape: (shape.top or 0, shape.left or 0)
    ):
        if head is None or shape.shape_id != head.shape_id:
            _shape(shape, flow)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in slide.notes_slide.notes_text_frame.paragraphs:
            flow.add("text", paragraph.text.replace("\v", "\n"))


def _shapes(shapes: Any, depth: int) -> Iterator[Any]:
    """All shapes, those inside groups too."""
    for shape in shapes:
        if not hasattr(shape, "shapes"):
            yield shape
        elif depth < DEEPEST:
            yield from _shapes(shape.shapes, depth + 1)


def _shape(shape: Any, flow: DocumentBuilder) -> None:
    if getattr(shape, "has_table", False):
        rows = (
            " | ".join(" ".join(cell.text.split()) for cell in row.cells)
            for row in shape.table.rows
        )
        flow.add("table", "\n".join(rows))
    elif shape.has_text_frame:
        paragraphs = [
            p.text.replace("\v", "\n") for p in shape.text_frame.paragraphs if p.text.strip()
        ]
        for text in paragraphs:
            flow.add("item" if len(paragraphs) > 1 else "text", text)
