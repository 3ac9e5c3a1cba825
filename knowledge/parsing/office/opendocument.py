"""Read OpenDocument files (ODT, ODS, ODP) as web pages: their XML says the same in other names. Knows no passages.

Names: OpenDocument 1.3, part 3 (docs.oasis-open.org/office/OpenDocument/v1.3). What is hidden, deleted or a remark is left out.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape, unescape
from pathlib import Path
from typing import Any

from knowledge.errors import EncryptedFile
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.open_elements import cell_text
from knowledge.parsing.content.pictures import says_something
from knowledge.parsing.content.symbols import signs_of
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.html import html_flow
from knowledge.parsing.office.archive import DAMAGED, parsed_xml
from knowledge.parsing.office.odf_styles import (
    ListNumbers,
    OdfStyles,
    TextLook,
    has_ground,
    name_of,
    times_of,
    values_of,
    whole,
)
from knowledge.parsing.office.odf_tables import (
    MOST_CELLS,
    MOST_COLUMNS,
    CellCount,
    OdfTable,
    as_html,
    stored_value,
    write_sheet,
)
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document, Heading

_LEFT_OUT = {
    "struck": "{} struck-out piece{} of text {} left out.",
    "text": "{} hidden piece{} of text {} left out.",
    "white": "{} white piece{} of text {} left out.",
    "hidden": "{0} hidden sheet{1} or slide{1} {2} left out.",
    "lines": "{0} hidden row{1} or column{1} {2} left out.",
    "covered": "{} cell{} covered by a merged one {} left out.",
    "wide": f"{{}} column{{}} after the first {MOST_COLUMNS} {{}} left out.",
    "repeated": "{} more row{} like those before {} left out.",
    "many": f"{{}} row{{}} after the first {MOST_CELLS:,} cells {{}} left out.",
    "objects": "{} embedded object{} (charts, formulas) {} not read.",
    "remarks": "{} comment{} {} left out.",
}
_SILENT = frozenset(
    "tracked-changes annotation annotation-end table-of-content alphabetical-index bibliography script number"
    " forms sequence-decls covered-table-cell bookmark-start bookmark-end thumbnail".split()
)
_SHAPES = frozenset(
    "frame custom-shape rect line polyline polygon regular-polygon path circle ellipse connector caption measure".split()
)
_SVG = "{urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0}"
_TAG = re.compile(r"<(?!img)[^>]*>")


def read_opendocument(path: Path, file_name: str) -> Document:
    """A Document out of an OpenDocument file. Raises EncryptedFile."""
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
            raise EncryptedFile(f"{shown_name(file_name)} is protected with a password.")
        content, damaged = parsed_xml(_member(archive, "content.xml"))
        meta, _ = parsed_xml(_member(archive, "meta.xml"))
        named, _ = parsed_xml(_member(archive, "styles.xml"))
    styles = OdfStyles()
    styles.read(named, "styles")  # its automatic styles are those of the pages' margins
    styles.read(content, "automatic-styles", "styles")
    pages = (values_of(e) for e in named.iter() if name_of(e) == "page-layout-properties")
    writer = _Writer(styles, white_pages=not any(map(has_ground, pages)))
    body = next((element for element in content.iter() if name_of(element) == "body"), content)
    flows = list(writer.flows(body))
    stated = next((e.text or "" for e in meta.iter() if name_of(e) == "title"), "")
    sheets = any(name_of(element) == "spreadsheet" for element in body)  # their names are no titles
    headings = [] if sheets else [heading for flow in flows for heading in flow.headings]
    title = sensible_title(stated) or sensible_title(writer.title or _first_title(headings))
    return flow_document(
        "opendocument",
        title or title_from_name(file_name),
        flows,
        (*([DAMAGED] if damaged else []), *left_out_warnings(_LEFT_OUT, writer.left_out)),
    )


def _first_title(headings: Sequence[Heading]) -> str:
    """The first heading; "" for "1. Safety" where "2. Care" follows, which are but chapters."""
    if not headings:
        return ""
    first = headings[0]
    title = re.sub(r"^\d+[.\s]+", "", first.title)
    alone = sum(heading.level <= first.level for heading in headings) == 1
    return title if alone or title == first.title else ""


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        return b""


class _Writer:
    """Writes the parts of a file as HTML, and counts what it leaves out."""

    def __init__(self, styles: OdfStyles, white_pages: bool) -> None:
        self._styles, self._white_pages = styles, white_pages
        self._on_page = False  # does what is written stand on the page itself, in no table or box?
        self.left_out = Counter[str]()
        self.title = ""
        self._numbers = ListNumbers(styles)
        self._item: tuple[str, int, int | None, str] | None = None  # whose number is to be written
        self._look = TextLook()
        self._dropped = False  # has text been passed over since the look changed?
        self._cells = CellCount()

    def flows(self, body: Any) -> Iterator[DocumentBuilder]:
        """The pages of a body: its slides, its sheets, or the whole text as one."""
        kind = next((child for child in body if name_of(child)), body)
        parts: list[Any] = []
        if name_of(kind) != "text":
            parts = [c for c in kind if name_of(c) in ("page", "table")]
        if not parts:
            self._on_page = self._white_pages and name_of(kind) == "text"
            yield html_flow("".join(map(self._written, kind)), 1, "opendocument")[0]
        number = 0
        for part in parts:
            own, is_sheet = values_of(part), name_of(part) == "table"
            family = "table" if is_sheet else "drawing-page"
            if self._styles.is_off(family, own.get("style-name", "")):
                self.left_out["hidden"] += 1
                continue
            number += 1
            if is_sheet:
                yield self._sheet(part, number, own.get("name", "") if len(parts) > 1 else "")
            else:
                html = "".join(map(self._written, part))
                yield html_flow(html, number, "opendocument")[0]

    def _sheet(self, sheet: Any, number: int, head: str) -> DocumentBuilder:
        flow = DocumentBuilder(number)
        if head:
            flow.heading(2, head)
        shapes: list[str] = []

        def words(cell: Any, style: str) -> str:
            return self._value(cell, style, shapes)

        write_sheet(OdfTable(words, bool, self.left_out, self._cells), sheet, flow)
        for child in sheet:
            if name_of(child) == "shapes":
                shapes.append(self._inner(child))
        drawn = html_flow("".join(shapes), number, "opendocument")[0].page()
        for block in drawn.blocks:
            kind = "text" if block.kind == "heading" else block.kind
            flow.add(kind, drawn.text[block.start : block.end])
        return flow

    def _value(self, cell: Any, style: str, shapes: list[str]) -> str:
        """The text of a sheet's cell; the shapes that are tied to it stand beside the table."""
        own = values_of(cell)
        look = self._styles.look("table-cell", own.get("style-name", style))
        outer, self._look, self._dropped = self._look, look, False
        texts: list[str] = []
        for child in cell:
            name = name_of(child)
            if name == "p" and not len(child) and look == TextLook() and not child.attrib:
                texts.append(child.text or "")
            elif name in _SHAPES or name in ("g", "a"):
                shapes.append(self._written(child))
            else:
                texts.append(_plain(self._written(child)))
        if not any(name_of(child) == "p" for child in cell):
            texts.append(unescape(_TAG.sub("", self._run(stored_value(cell)))))
        if self._dropped:
            self.left_out["struck" if look.struck else "text"] += 1
        self._look, self._dropped = outer, False
        return cell_text("\x1e".join(texts))

    def _run(self, text: str) -> str:
        """Text as its style shows it."""
        look = self._look
        if self._is_gone(look):
            self._dropped = self._dropped or bool(text.strip())
            return ""
        said = escape(signs_of(text, look.signs or ""))
        return f"<{look.small}>{said}</{look.small}>" if look.small and text.strip() else said

    def _is_gone(self, look: TextLook) -> bool:
        """Does nobody see a text that looks so here?"""
        return bool(look.hidden or look.struck or (self._on_page and look.white_on_white))

    def _inner(self, element: Any) -> str:
        said = [self._run(element.text or "")]
        for child in element:
            said += [self._written(child), self._run(child.tail or "")]
        return "".join(said)

    def _styled(self, element: Any, look: TextLook) -> str:
        """The inside of an element that a style makes look so."""
        outer, self._look = self._look, look.over(self._look)
        began = not self._is_gone(outer)
        self._dropped = self._dropped and not began
        text = self._inner(element)
        if began and self._dropped:
            look = self._look
            self.left_out["text" if look.hidden else "struck" if look.struck else "white"] += 1
            self._dropped = False
        self._look = outer
        return text

    def _apart(self, element: Any) -> str:
        """The inside of a box or note, which has looks and lists of its own."""
        outer, self._look = (self._look, self._item, self._dropped, self._on_page), TextLook()
        self._item, self._on_page = None, False
        text = self._inner(element)
        self._look, self._item, self._dropped, self._on_page = outer
        return text

    def _written(self, element: Any) -> str:
        """An element as HTML."""
        name, own = name_of(element), values_of(element)
        if not name or name in _SILENT or element.tag.startswith(_SVG):
            self.left_out["remarks"] += name == "annotation"
            return ""
        simple = {
            "s": " " * min(times_of(element, "c"), 100),
            "tab": " ",
            "line-break": "<br>",
        }
        if name in simple:
            return simple[name]
        if name in ("h", "p"):
            return self._paragraph(name, element, own)
        if name == "span":
            look = self._styles.look("text", own.get("style-name", ""))
            return self._styled(element, look)
        if name == "list":
            return self._list(element, "", 1)
        if name == "table":
            return self._table(element)
        unseen = self._look.hidden or (self._look.struck and name == "note")
        if unseen and name in ("note", "table", *_SHAPES):
            return self._run("".join(element.itertext()))
        if name == "note":
            body = "".join(self._apart(e) for e in element.iter() if name_of(e) == "note-body")
            return f" ({escape(_plain(body))})"
        if name == "fieldmark":
            return self._run(_form_value(element))
        if name == "ruby-text":
            return f" ({self._inner(element)})"
        if name in _SHAPES:
            return self._shape(element, own)
        if name == "notes":
            shown = [e for e in element if values_of(e).get("class") == "notes"]
            return "".join(map(self._written, shown))
        if _is_hidden(name, own):
            self.left_out["text"] += bool("".join(element.itertext()).strip())
            return ""
        if name in ("hidden-text", "conditional-text") and not element.text:
            return self._run(own.get("string-value", ""))
        return self._inner(element)

    def _paragraph(self, name: str, element: Any, own: Mapping[str, str]) -> str:
        style = own.get("style-name", "")
        hides = (e for e in element.iter() if name_of(e) == "hidden-paragraph")
        if any(values_of(e).get("is-hidden") == "true" for e in hides):
            self.left_out["text"] += bool("".join(element.itertext()).strip())
            return ""
        level = min(times_of(element, "outline-level"), 6) if name == "h" else 0
        label = self._label(element, level, own)
        text = self._styled(element, self._styles.look("paragraph", style))
        for tag in ("sup", "sub"):
            text = text.replace(f"</{tag}><{tag}>", "")
        if label and _says(text):
            text = f"{escape(label)} {text}"
        if name == "p" and "title" in self._styles.names(style) and text.strip():
            self.title = self.title or _plain(text)
            return f"<h1>{text}</h1>"
        return f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"

    def _label(self, element: Any, level: int, own: Mapping[str, str]) -> str:
        """The number that is shown before a paragraph, or ""."""
        item, self._item = self._item, None
        written = next((e.text or "" for e in element if name_of(e) == "number"), "")
        if item:
            style, depth, start, told = item
            style = style or self._styles.list_style(own.get("style-name", ""))
            counted = self._numbers.item(style, depth, start)
            return told or written or counted
        numbered = level and self._styles.is_numbered(own.get("style-name", ""))
        if numbered and own.get("is-list-header") != "true":
            return written or self._numbers.heading(level, own)
        return written

    def _list(self, element: Any, style: str, depth: int) -> str:
        """A list; its items bring their numbers along."""
        own = values_of(element)
        style = own.get("style-name", style)
        outer: dict[int, int] = {}
        if depth == 1:
            outer = self._numbers.begin(style, own)
        items = []
        for item in element:
            name, told = name_of(item), values_of(item)
            if name not in ("list-item", "list-header"):
                continue
            written = next((e.text or "" for e in item if name_of(e) == "number"), "")
            is_item = name == "list-item"
            start = whole(told.get("start-value", ""))
            shown = told.get("style-override", style)
            self._item = (shown, depth, start, written) if is_item else None
            inner, lists = [], 0
            for child in item:
                if name_of(child) != "list":
                    inner.append(self._written(child))
                    continue
                if lists and values_of(child).get("continue-numbering") != "true":
                    self._numbers.restart(depth + 1)
                lists += 1
                inner.append(self._list(child, style, depth + 1))
            items.append(f"<li>{''.join(inner)}</li>" if is_item else "".join(inner))
        self._item = None
        if depth == 1:
            self._numbers.end(outer)
        return f"<ul>{''.join(items)}</ul>"

    def _shape(self, element: Any, own: Mapping[str, str]) -> str:
        inside = ("text-box", "table", "p", "list", "image")
        text = "".join(
            self._apart(e) if name_of(e) in ("text-box", "image") else self._written(e)
            for e in element
            if name_of(e) in inside or name_of(e) in _SHAPES
        )
        if own.get("class") in ("title",) and _says(text):
            return f"<h2>{escape(_plain(text))}</h2>"
        if _says(text):
            return text
        if any(name_of(e) in ("object", "object-ole") for e in element):
            self.left_out["objects"] += 1
        told = " ".join(e.text or "" for e in element if name_of(e) in ("title", "desc"))
        worth = name_of(element) == "frame" or says_something(
            told
        )  # "Line 7" is a name of a drawing
        return f'<img alt="{escape(told)}">' if told.strip() and worth else ""

    def _table(self, element: Any) -> str:
        outer, self._item, self._on_page = (self._item, self._on_page), None, False
        table = OdfTable(lambda cell, _: self._inner(cell), _says, self.left_out, self._cells)
        made = as_html([row for row in table.rows(element) if row is not None])
        self._item, self._on_page = outer
        return made


def _is_hidden(name: str, own: Mapping[str, str]) -> bool:
    """Is a section or a field one that the file says is not shown?"""
    if name == "section":
        conditional = own.get("display") == "condition" and own.get("is-hidden") == "true"
        return own.get("display") == "none" or conditional
    return name == "hidden-text" and own.get("is-hidden") != "false"


def _form_value(element: Any) -> str:
    """What a list of a form, or a box to tick, shows."""
    params = [values_of(one) for one in element if name_of(one) == "param"]
    told = {one.get("name", ""): one.get("value", "") for one in params}
    named = [one.get("value", "") for one in params if one.get("name") == "Dropdown_ListEntry"]
    if values_of(element).get("type", "").endswith("FORMCHECKBOX"):
        return "☒" if told.get("Checkbox_Checked") == "true" else "☐"
    chosen = whole(told.get("Dropdown_Selected", "0"))
    return named[chosen] if chosen is not None and 0 <= chosen < len(named) else ""


def _says(markup: str) -> bool:
    return bool(_TAG.sub("", markup).strip())


def _plain(markup: str) -> str:
    """The words of what was written as HTML, on one line."""
    if "<" in markup:
        markup = html_flow(markup, 1, "opendocument")[0].page().text
    else:
        markup = unescape(markup)
    return " ".join(markup.split())
