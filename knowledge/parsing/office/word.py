"""Read Word files: by mammoth, after what it does not know is put into words it does: numbers, boxes, formulas, drawings.

Deleted, struck-out and hidden text is taken out here.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from knowledge.parsing.content.formulas import omml_line
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.html import read_html
from knowledge.parsing.office.archive import DAMAGED, parsed_xml
from knowledge.parsing.office.drawings import chart_blocks, chart_title, diagram_lines
from knowledge.parsing.office.numbering import Numbering, W
from knowledge.parsing.office.word_fields import (
    OFF,
    clear_prompts,
    is_white_on_white,
    join_cells,
    letterings,
    place_rows,
    raise_small_type,
    with_notes_in_place,
    write_equations,
    write_form_fields,
    write_readings,
    write_signs,
    write_tables_of_tabs,
)
from knowledge.parsing.titles import product_of
from knowledge.types import Document

_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_W14 = "{http://schemas.microsoft.com/office/word/2010/wordml}"
_D = "{http://schemas.openxmlformats.org/drawingml/2006/diagram}"
_STYLES = "p[style-name='Title'] => h1.title:fresh\np[style-name='Subtitle'] => p:fresh"
_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_LEFT_OUT = {
    "deleted": "{} tracked deletion{} {} left out.",
    "struck": "{} struck-out piece{} of text {} left out.",
    "hidden": "{} hidden piece{} of text {} left out.",
    "white": "{} white piece{} of text {} left out.",
    "object": "{} embedded object{} {} not read.",
    "equation": "{} formula{} in a field {} not read.",
}


def read_word(path: Path, file_name: str, title: str) -> Document:
    """The manual in a DOCX file. ``title`` is the one in its properties, or ""."""
    import mammoth

    with zipfile.ZipFile(path) as archive:
        work = _Word(archive)
        data = work.prepared()
        header = work.header()
    made = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        convert_image=mammoth.images.img_element(lambda image: {}),
        external_file_access=False,
    )
    # The head of the pages names the manual where the first heading is but a chapter
    shown = title or (
        header if product_of(header) and '<h1 class="title"' not in made.value else ""
    )
    plain = re.sub(r"<input\b[^>]*>", "", made.value)  # a box to tick, whose sign is text already
    text = with_notes_in_place(plain)
    return read_html(text, file_name, "docx", shown, work.warnings())


class _Word:
    """The XML of one file, on its way to mammoth."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._left_out: Counter[str] = Counter()
        self._damaged = False
        styles = self._xml("word/styles.xml")
        self._numbering = Numbering(self._xml("word/numbering.xml"), styles)
        self._unseen = {} if styles is None else _unseen_styles(styles)
        self._headings = {} if styles is None else _heading_styles(styles)

    def prepared(self) -> bytes:
        """The file for mammoth, without pictures."""
        from lxml import etree

        parts = {name: root for name in _PARTS if (root := self._xml(name)) is not None}
        for name, root in parts.items():  # the text before its notes: lists count on
            self._prepare(root, name)
        if (numbering := self._xml("word/numbering.xml")) is not None:
            parts["word/numbering.xml"] = numbering
            self._drop_dead_links(numbering)
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as made:
            for name in dict.fromkeys(self._archive.namelist()):
                if (root := parts.get(name)) is not None:
                    made.writestr(name, etree.tostring(root, encoding="utf-8"))
                elif name.endswith((".xml", ".rels")):
                    made.writestr(name, self._archive.read(name))
        return out.getvalue()

    def _drop_dead_links(self, numbering: Any) -> None:
        """A list that has the looks of a style that is not there would make mammoth fail."""
        styles = self._xml("word/styles.xml")
        there = () if styles is None else styles.iter(f"{W}style")
        known = {style.get(f"{W}styleId", "") for style in there}
        for link in list(numbering.iter(f"{W}numStyleLink")):
            if link.get(f"{W}val", "") not in known:
                _replace(link, [])

    def header(self) -> str:
        """The first line that stands at the head of the pages, or ""."""
        for name in sorted(n for n in self._names if re.fullmatch(r"word/header\d*\.xml", n)):
            root = self._xml(name)
            for paragraph in () if root is None else root.iter(f"{W}p"):
                if text := " ".join("".join(t.text or "" for t in paragraph.iter(f"{W}t")).split()):
                    return text
        return ""

    def warnings(self) -> tuple[str, ...]:
        """What was left out, in numbers."""
        told = left_out_warnings(_LEFT_OUT, self._left_out)
        return (DAMAGED, *told) if self._damaged else told

    def _xml(self, name: str) -> Any:
        if name not in self._names:
            return None
        root, damaged = parsed_xml(self._archive.read(name))
        self._damaged = self._damaged or (damaged and name in _PARTS)
        return root

    def _prepare(self, root: Any, name: str) -> None:
        self._take_out(root)
        write_signs(root)
        write_readings(root)
        for formula in list(root.iter(f"{_M}oMath")):
            _replace(formula, [_run(root, omml_line(formula))])
        self._left_out["equation"] += write_equations(root, _run)
        write_form_fields(root, _run)
        clear_prompts(root)
        place_rows(root)
        join_cells(root)
        write_tables_of_tabs(root)
        raise_small_type(root)
        for anchor, words in reversed(list(letterings(root))):
            paragraph = root.makeelement(f"{W}p", {})
            paragraph.append(_run(root, words))
            anchor.addnext(paragraph)
        for tag in (f"{_M}oMathPara", f"{W}fldSimple", f"{W}bdo", f"{W}dir"):
            for element in list(root.iter(tag)):
                _replace(element, list(element))
        self._move_boxes(root)
        self._write_drawings(root, name)
        for paragraph in root.iter(f"{W}p"):
            self._as_heading(paragraph)
            if (label := self._numbering.label(paragraph)) and _text(paragraph):
                properties = paragraph.find(f"{W}pPr")
                paragraph.insert(0 if properties is None else 1, _run(root, f"{label} "))

    def _take_out(self, root: Any) -> None:
        marks = (*root.iter(f"{W}del"), *root.iter(f"{W}moveFrom"))
        ended = [
            mark.getparent().getparent().getparent()
            for mark in marks
            if mark.getparent().tag == f"{W}rPr" and mark.getparent().getparent().tag == f"{W}pPr"
        ]
        for tag in (f"{W}del", f"{W}moveFrom"):
            for element in list(root.iter(tag)):
                self._left_out["deleted"] += bool(
                    next(element.iter(f"{W}delText", f"{W}t"), None) is not None
                )
                _replace(element, [])
        for paragraph in ended:  # deleted as a whole: it has no number either
            if all(child.tag == f"{W}pPr" for child in paragraph):
                _replace(paragraph, [])
        for run in list(root.iter(f"{W}r")):
            if why := self._why_unseen(run):
                self._left_out[why] += bool(_text(run))
                _replace(run, [])
        for content in list(root.iter(f"{W}sdt")):
            gallery = content.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
            if gallery is not None and gallery.get(f"{W}val") == "Table of Contents":
                _replace(content, [])
            for box in content.iterfind(f"{W}sdtPr/{_W14}checkbox"):
                box.getparent().remove(
                    box
                )  # its sign is text, ☒ or ☐, which mammoth would make a field of
        for style in list(root.iter(f"{W}pStyle")):
            if re.fullmatch(r"TOC\d", style.get(f"{W}val", "")) and style.getparent() is not None:
                paragraph = style.getparent().getparent()
                if paragraph is not None and paragraph.getparent() is not None:
                    _replace(paragraph, [])
        self._left_out["object"] += sum(1 for _ in root.iter(f"{W}object", f"{W}altChunk"))

    def _why_unseen(self, run: Any) -> str:
        properties, in_block = run.find(f"{W}rPr"), self._why_block_unseen(run)
        if properties is None:
            return in_block
        if is_white_on_white(run):
            return "white"
        style = properties.find(f"{W}rStyle")
        found = in_block if style is None else self._unseen.get(style.get(f"{W}val", ""), in_block)
        return _why(properties) or ("" if _says_no(properties) else found)

    def _why_block_unseen(self, run: Any) -> str:
        """Why the style of a run's paragraph hides its text, "" where it does not."""
        paragraph = next(run.iterancestors(f"{W}p"), None)
        style = None if paragraph is None else paragraph.find(f"{W}pPr/{W}pStyle")
        return "" if style is None else self._unseen.get(style.get(f"{W}val", ""), "")

    def _move_boxes(self, root: Any) -> None:
        """Put the paragraphs of text boxes after the paragraph that they are anchored in, each box once."""
        for choice in list(root.iter(f"{_MC}AlternateContent")):
            boxed = choice.find(f"{_MC}Choice")
            if (
                boxed is not None
                and next(boxed.iter(f"{W}txbxContent", f"{_C}chart", f"{_D}relIds"), None)
                is not None
            ):
                _replace(choice, list(boxed))
        moved: dict[Any, Any] = {}  # paragraph -> what was last put after it
        for box in list(root.iter(f"{W}txbxContent")):
            anchor = next(box.iterancestors(f"{W}p"), None)
            if anchor is None or next(box.iterancestors(f"{W}txbxContent"), None) is not None:
                continue
            for child in list(box):
                moved.get(anchor, anchor).addnext(child)
                moved[anchor] = child

    def _write_drawings(self, root: Any, name: str) -> None:
        """Put the words of charts and diagrams after the paragraph that holds them."""
        targets = self._targets(name)
        for element in list(root.iter(f"{_C}chart", f"{_D}relIds")):
            anchor = next(element.iterancestors(f"{W}p"), None)
            member = targets.get(element.get(f"{_R}id") or element.get(f"{_R}dm") or "", "")
            part = self._xml(member)
            if anchor is None or part is None:
                self._left_out["object"] += 1
                continue
            for line in reversed(list(_drawn(part, element.tag))):
                paragraph = root.makeelement(f"{W}p", {})
                paragraph.append(_run(root, line))
                anchor.addnext(paragraph)

    def _targets(self, name: str) -> dict[str, str]:
        folder, file = posixpath.split(name)
        links = self._xml(f"{folder}/_rels/{file}.rels")
        return {
            link.get("Id", ""): posixpath.normpath(posixpath.join(folder, link.get("Target", "")))
            for link in (() if links is None else links)
            if isinstance(link.tag, str)
        }

    def _as_heading(self, paragraph: Any) -> None:
        """Headings by outline level or by a style of the team's own become headings by name."""
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return
        style, own = properties.find(f"{W}pStyle"), properties.find(f"{W}outlineLvl")
        told = own.get(f"{W}val", "") if own is not None else ""
        level = int(told) + 1 if told in set("012345") else 0
        level = level or self._headings.get("" if style is None else style.get(f"{W}val", ""), 0)
        if level and _text(paragraph):
            if style is None:
                style = properties.makeelement(f"{W}pStyle", {})
                properties.insert(0, style)
            style.set(f"{W}val", f"Heading{level}")


def _drawn(part: Any, tag: str) -> Iterator[str]:
    if tag.endswith("relIds"):
        yield from diagram_lines(part)
        return
    if title := chart_title(part):
        yield title
    for block in chart_blocks(part):
        yield from block.split("\n")


def _why(properties: Any) -> str:
    """ "hidden" or "struck" by the properties of a run themselves, or ""."""
    for tag, why in (("vanish", "hidden"), ("strike", "struck"), ("dstrike", "struck")):
        mark = properties.find(f"{W}{tag}")
        if mark is not None and mark.get(f"{W}val", "1") not in OFF:
            return why
    return ""


def _says_no(properties: Any) -> bool:
    marks = (properties.find(f"{W}{tag}") for tag in ("vanish", "strike", "dstrike"))
    return any(mark is not None for mark in marks)


def _unseen_styles(styles: Any) -> dict[str, str]:
    """Why styles of words and of paragraphs hide text, also those based on one that does."""
    found: dict[str, str] = {}
    based: dict[str, str] = {}
    for style in styles.iter(f"{W}style"):
        key, properties, base = (
            style.get(f"{W}styleId", ""),
            style.find(f"{W}rPr"),
            style.find(f"{W}basedOn"),
        )
        if style.get(f"{W}type") not in ("character", "paragraph"):
            continue
        if properties is not None and (_why(properties) or _says_no(properties)):
            found[key] = _why(properties)
        elif base is not None:
            based[key] = base.get(f"{W}val", "")
    for key in based:
        chain = key
        for _ in range(len(based)):
            chain = based.get(chain, chain)
        found.setdefault(key, found.get(chain, ""))
    return {key: why for key, why in found.items() if why}


def _heading_styles(styles: Any) -> dict[str, int]:
    """Level of the styles that are headings by their outline level or by what they are based on, not by their name."""
    level: dict[str, int] = {}
    based: dict[str, str] = {}
    named = set()
    for style in styles.iter(f"{W}style"):
        if style.get(f"{W}type") != "paragraph":
            continue
        key = style.get(f"{W}styleId", "")
        name, base = style.find(f"{W}name"), style.find(f"{W}basedOn")
        based[key] = "" if base is None else base.get(f"{W}val", "")
        told = re.fullmatch(
            r"heading ([1-6])", "" if name is None else name.get(f"{W}val", ""), re.I
        )
        outline = style.find(f"{W}pPr/{W}outlineLvl")
        if told:
            level[key] = int(told[1])
            named.add(key)
        elif outline is not None and outline.get(f"{W}val", "") in set("012345"):
            level[key] = int(outline.get(f"{W}val")) + 1
        elif outline is not None:
            level[key] = 0  # body text, whatever it is based on
    for key in based:
        name_, seen = key, set[str]()
        while name_ and name_ not in level and name_ not in seen:
            seen.add(name_)
            name_ = based.get(name_, "")
        if name_ in level:
            level.setdefault(key, level[name_])
    return {key: at for key, at in level.items() if at and key not in named}


def _text(element: Any) -> str:
    return "".join(t.text or "" for t in element.iter(f"{W}t")).strip()


def _run(root: Any, text: str) -> Any:
    run = root.makeelement(f"{W}r", {})
    holder = run.makeelement(f"{W}t", {})
    holder.text = text
    holder.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(holder)
    return run


def _replace(element: Any, others: list[Any]) -> None:
    parent = element.getparent()
    if parent is None:
        return
    at = parent.index(element)
    parent.remove(element)
    for offset, other in enumerate(others):
        parent.insert(at + offset, other)
