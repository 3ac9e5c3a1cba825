"""Read OpenDocument files (ODT, ODS, ODP) as web pages: their XML says the same in other names. Knows no passages.

Names: OpenDocument 1.3, part 3 (docs.oasis-open.org/office/OpenDocument/v1.3). What is hidden, deleted or a remark is left out.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html import escape, unescape
from pathlib import Path
from typing import Any

from knowledge.errors import EncryptedFile
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.document_builder import flow_document
from knowledge.parsing.html import html_flow
from knowledge.parsing.titles import sensible_title, shown_name, title_from_name
from knowledge.types import Document

MOST_REPEATED = (
    200  # copies of a cell or row that says something; empty ones fill a sheet to its end
)
MOST_CELLS = 500_000  # of one file
_LEFT_OUT = {
    "struck": "{} struck-out piece{} of text {} left out.",
    "hidden": "{} hidden sheet{} or slide(s) {} left out.",
    "lines": "{} hidden row{} or column(s) {} left out.",
    "objects": "{} embedded object{} (charts, formulas) {} not read.",
    "remarks": "{} comment{} {} left out.",
}
_SILENT = frozenset(
    "tracked-changes annotation annotation-end table-of-content alphabetical-index bibliography hidden-text hidden-paragraph"
    " forms sequence-decls covered-table-cell bookmark-start bookmark-end thumbnail".split()
)
_TAG = re.compile(r"<[^>]*>")
_SMALL = {"super": "sup", "sub": "sub"}


@dataclass(slots=True)
class _Styles:
    """What styles say of text: their parents, and those that are struck out, raised, lowered or hidden."""

    parents: dict[str, str] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    hidden: set[str] = field(default_factory=set)
    numbered: set[tuple[str, int]] = field(default_factory=set)  # (list style, level from 1)


def read_opendocument(path: Path, file_name: str) -> Document:
    """A Document out of an OpenDocument file. Raises EncryptedFile."""
    with zipfile.ZipFile(path) as archive:
        if b"encryption-data" in _member(archive, "META-INF/manifest.xml"):
            raise EncryptedFile(f"{shown_name(file_name)} is protected with a password.")
        content = _parsed(_member(archive, "content.xml"))
        meta = _parsed(_member(archive, "meta.xml"))
        styles = _styles(_parsed(_member(archive, "styles.xml")), content)
    writer = _Writer(styles)
    body = next((element for element in content.iter() if _name(element) == "body"), content)
    pages = list(writer.pages(body))
    flows = [html_flow(html, number, "opendocument")[0] for number, html in enumerate(pages, 1)]
    stated = next((e.text or "" for e in meta.iter() if _name(e) == "title"), "")
    sheets = any(_name(element) == "spreadsheet" for element in body)  # their names are no titles
    first = next((f.headings[0].title for f in flows if f.headings and not sheets), "")
    title = sensible_title(stated) or sensible_title(writer.title or first)
    return flow_document(
        "opendocument",
        title or title_from_name(file_name),
        flows,
        left_out_warnings(_LEFT_OUT, writer.left_out),
    )


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        return archive.read(name)
    except KeyError:
        return b""


def _parsed(data: bytes) -> Any:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, recover=True)
    root = etree.fromstring(data, parser) if data.strip() else None
    return etree.Element("none") if root is None else root


def _name(element: Any) -> str:
    """The name of an element without its namespace; "" for a remark of XML."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _values(element: Any) -> Mapping[str, str]:
    """The attributes of an element without their namespaces."""
    return {key.rpartition("}")[2]: value for key, value in element.attrib.items()}


def _styles(*roots: Any) -> _Styles:
    styles = _Styles()
    for element in (e for root in roots for e in root.iter()):
        name = _name(element)
        if name == "style":
            _note(styles, element)
        elif name == "list-level-style-number" and element.getparent() is not None:
            of = _values(element.getparent()).get("name", "")
            if _values(element).get("num-format"):
                styles.numbered.add((of, _times(element, "level")))
    return styles


def _note(styles: _Styles, element: Any) -> None:
    own = _values(element)
    key = own.get("name", "")
    styles.parents[key] = own.get("parent-style-name", "")
    styles.names[key] = own.get("display-name", key)
    for properties in element:
        said = _values(properties)
        position = said.get("text-position", "").split()
        if said.get("text-line-through-style", "none") != "none":
            styles.tags[key] = "s"
        elif position and (position[0] in _SMALL or position[0].rstrip("%").lstrip("-").isdigit()):
            raised = position[0] == "super" or position[0].rstrip("%").isdigit()
            if position[0].rstrip("%") != "0":
                styles.tags[key] = "sup" if raised else "sub"
        hides = said.get("display") in ("none", "false") or said.get("visibility") == "hidden"
        if hides:
            styles.hidden.add(key)


class _Writer:
    """Writes the parts of a file as HTML, and counts what it leaves out."""

    def __init__(self, styles: _Styles) -> None:
        self._styles = styles
        self.left_out: dict[str, int] = {}
        self.title = ""
        self._cells = 0
        self._lists: dict[str, int] = {}  # list style -> the number of its last item

    def pages(self, body: Any) -> Iterator[str]:
        """The pages of a body: its slides, its sheets, or the whole text as one."""
        kind = next((child for child in body if _name(child)), body)
        parts = [c for c in kind if _name(c) in ("page", "table")] if _name(kind) != "text" else []
        if not parts:
            yield "".join(map(self._written, kind))
        for part in parts:
            if self._is_hidden(part):
                self._count("hidden")
                continue
            head = _values(part).get("name", "") if len(parts) > 1 else ""
            if _name(part) == "table":
                yield (f"<h2>{escape(head)}</h2>" if head else "") + self._table(part)
            else:
                yield "".join(map(self._written, part))

    def _count(self, what: str) -> None:
        self.left_out[what] = self.left_out.get(what, 0) + 1

    def _is_hidden(self, element: Any) -> bool:
        return _values(element).get("style-name", "") in self._styles.hidden

    def _inner(self, element: Any) -> str:
        said = [escape(element.text or "")]
        for child in element:
            said += [self._written(child), escape(child.tail or "")]
        return "".join(said)

    def _written(self, element: Any) -> str:
        """An element as HTML."""
        name, own = _name(element), _values(element)
        if not name or name in _SILENT:
            if name == "annotation":
                self._count("remarks")
            return ""
        if own.get("display") in ("none", "condition") and own.get("condition", "") == "true":
            return ""
        simple = {
            "s": " " * min(_times(element, "c"), 100),
            "tab": " ",
            "line-break": "<br>",
        }
        if name in simple:
            return simple[name]
        if name in ("h", "p"):
            return self._paragraph(name, element, own)
        if name == "span":
            return self._span(element)
        if name == "list":
            return self._list(element, own.get("style-name", ""), 1)
        if name == "table":
            return self._table(element)
        if name == "note":
            body = "".join(self._inner(e) for e in element.iter() if _name(e) == "note-body")
            return f" ({' '.join(_plain(body).split())})"
        if name in ("frame", "custom-shape"):
            return self._frame(element, own)
        if name == "notes":
            return "".join(self._written(e) for e in element if _values(e).get("class") == "notes")
        return self._inner(element)

    def _paragraph(self, name: str, element: Any, own: Mapping[str, str]) -> str:
        style = own.get("style-name", "")
        if style in self._styles.hidden:
            return ""
        text = self._inner(element)
        names, seen = [], 0
        while style and seen < 10:
            names.append(self._styles.names.get(style, style).lower())
            style, seen = self._styles.parents.get(style, ""), seen + 1
        if name == "p" and "title" in names and text.strip():
            self.title = self.title or " ".join(_plain(text).split())
            return f"<h1>{text}</h1>"
        level = min(_times(element, "outline-level"), 6) if name == "h" else 0
        return f"<h{level}>{text}</h{level}>" if level else f"<p>{text}</p>"

    def _span(self, element: Any) -> str:
        style = _values(element).get("style-name", "")
        if style in self._styles.hidden:
            return ""
        tag, text = self._styles.tags.get(style, ""), self._inner(element)
        if tag == "s" and text.strip():
            self._count("struck")
            return ""
        return f"<{tag}>{text}</{tag}>" if tag in ("sup", "sub") else text

    def _list(self, element: Any, style: str, depth: int) -> str:
        """A list; a numbered one that goes on from an earlier one keeps on counting."""
        own = _values(element)
        numbered = (style, depth) in self._styles.numbered
        goes_on = own.get("continue-numbering") == "true" or "continue-list" in own
        number = self._lists.get(style, 0) if goes_on and depth == 1 else 0
        items = []
        for item in element:
            inner = "".join(
                self._list(child, _values(child).get("style-name", style), depth + 1)
                if _name(child) == "list"
                else self._written(child)
                for child in item
            )
            if _name(item) == "list-header":
                items.append(inner)
                continue
            number += 1
            items.append(f"<li>{inner}</li>")
        if depth == 1:
            self._lists[style] = number
        first = number - sum(item.startswith("<li>") for item in items) + 1
        return (
            f'<ol start="{first}">{"".join(items)}</ol>'
            if numbered
            else f"<ul>{''.join(items)}</ul>"
        )

    def _frame(self, element: Any, own: Mapping[str, str]) -> str:
        text = "".join(
            self._inner(e) if _name(e) == "text-box" else self._written(e)
            for e in element
            if _name(e) in ("text-box", "table", "p", "list")
        )
        if own.get("class") in ("title",) and text.strip():
            return f"<h2>{' '.join(_plain(text).split())}</h2>"
        if text.strip():
            return text
        if any(_name(e) in ("object", "object-ole") for e in element):
            self._count("objects")
        told = " ".join(e.text or "" for e in element if _name(e) in ("title", "desc"))
        return f'<img alt="{escape(told)}">' if told.strip() else ""

    def _table(self, table: Any) -> str:
        """A table without hidden rows and columns; cells that repeat are written as often."""
        hidden = self._hidden_columns(table)
        rows = [(row, head) for row, head in _rows(table) if not self._collapsed(row)]
        written = []
        for row, head in rows:
            times = min(_times(row, "number-rows-repeated"), MOST_REPEATED)
            html = self._row(row, "th" if head else "td", hidden)
            if html and self._cells < MOST_CELLS:
                written += [html] * times
        return f"<table>{''.join(written)}</table>"

    def _collapsed(self, row: Any) -> bool:
        hides = _values(row).get("visibility") in ("collapse", "filter")
        if hides:
            self._count("lines")
        return hides

    def _hidden_columns(self, table: Any) -> set[int]:
        hidden, at = set[int](), 0
        for column in (e for e in table.iter() if _name(e) == "table-column"):
            times = _times(column, "number-columns-repeated")
            if _values(column).get("visibility") in ("collapse", "filter"):
                hidden |= set(range(at, at + min(times, MOST_REPEATED)))
                self._count("lines")
            at += times
        return hidden

    def _row(self, row: Any, tag: str, hidden: set[int]) -> str:
        cells, at = [], 0
        for cell in (e for e in row if _name(e) in ("table-cell", "covered-table-cell")):
            own = _values(cell)
            times = _times(cell, "number-columns-repeated")
            text = self._inner(cell) if _name(cell) == "table-cell" else ""
            spans = "".join(
                f' {html}="{own[key]}"'
                for html, key in (
                    ("colspan", "number-columns-spanned"),
                    ("rowspan", "number-rows-spanned"),
                )
                if key in own and own[key].isdigit()
            )
            for column in range(at, at + min(times, MOST_REPEATED)):
                if column not in hidden and _name(cell) == "table-cell":
                    cells.append((f"<{tag}{spans}>{text}</{tag}>", bool(_plain(text).strip())))
            at += times
        while cells and not cells[-1][1]:
            cells.pop()
        self._cells += len(cells)
        return f"<tr>{''.join(html for html, _ in cells)}</tr>" if cells else ""


def _times(element: Any, name: str) -> int:
    """How often an element stands there; 1 where it does not say so in a number."""
    said = _values(element).get(name, "1")
    return max(1, int(said)) if said.isdigit() and len(said) < 9 else 1


def _rows(table: Any, head: bool = False) -> Iterator[tuple[Any, bool]]:
    """The rows of a table, and whether each is a head."""
    for element in table:
        name = _name(element)
        if name == "table-row":
            yield element, head
        elif name in ("table-header-rows", "table-rows", "table-row-group"):
            yield from _rows(element, head or name == "table-header-rows")


def _plain(markup: str) -> str:
    """The words of what was written as HTML."""
    return unescape(_TAG.sub("", markup))
