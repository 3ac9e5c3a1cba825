"""Read HTML into one flow of headings, paragraphs, items, tables and listings. Markdown and Word files come through here too.

Works on the parser's events and builds no tree, so a hundred thousand nested tags cost nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import sensible_title, title_from_name
from knowledge.types import BlockKind, Document

SILENT = {
    "script",
    "style",
    "nav",
    "template",
    "noscript",
    "svg",
    "math",
    "select",
    "button",
    "iframe",
    "object",
    "audio",
    "video",
    "canvas",
    "textarea",
    "dialog",
    "map",
    "datalist",
}
BREAKING = {
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "center",
    "details",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "hr",
    "main",
    "menu",
    "ol",
    "p",
    "section",
    "summary",
    "ul",
    "legend",
}
KINDS: dict[str, BlockKind] = {
    "li": "item",
    "dt": "item",
    "caption": "caption",
    "figcaption": "caption",
    "pre": "code",
}
VOID = {
    "area",
    "base",
    "br",
    "col",
    "embed",
    "hr",
    "img",
    "input",
    "link",
    "meta",
    "source",
    "track",
    "wbr",
}
HEADINGS = {f"h{n}": n for n in range(1, 7)}
ICON_SIZE = re.compile(
    r"[\s_-]+(?:16|20|22|24|32|48|64)$"
)  # "zoom in 24" is the icon's file, 24 pixels large
CONTENTS = re.compile(r"(^|\s)(toc|doc-toc|table-of-contents|tableofcontents)(\s|$)", re.I)


def read_html(
    text: str, file_name: str, kind: str = "html", title: str = "", warnings: tuple[str, ...] = ()
) -> Document:
    """A Document out of HTML text. ``title`` is what the file says beside its HTML, or ""."""
    sink = _Sink()
    _feed(text, sink)
    first = sink.flow.headings[0].title if sink.flow.headings else ""
    top = next((h.title for h in sink.flow.headings if h.level == 1), first)
    chosen = (
        sensible_title(title)
        or sensible_title(sink.title)
        or sensible_title(top)
        or title_from_name(file_name)
    )
    return flow_document(kind, chosen, [sink.flow], warnings)


def html_flow(text: str, number: int) -> tuple[DocumentBuilder, str]:
    """One web page of a manual of many as a flow, and its title. A page without headings gets its title as one."""
    sink = _Sink(number)
    _feed(text, sink)
    title = " ".join(sink.title.split())
    if title and not sink.flow.headings:
        headed = _Sink(number)
        headed.flow.heading(1, title)
        _feed(text, headed)
        sink = headed
    return sink.flow, title


def _feed(text: str, sink: _Sink) -> None:
    from lxml import etree

    data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", " ")).encode("utf-8", "replace")
    parser = etree.HTMLParser(target=sink, huge_tree=True, encoding="utf-8", no_network=True)
    for at in range(0, len(data), 1 << 16):
        parser.feed(data[at : at + (1 << 16)])
    parser.feed(b" ")
    parser.close()
    sink.flush()


def _hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    if tag in SILENT or "hidden" in attributes or attributes.get("aria-hidden") == "true":
        return True
    if re.search(r"display\s*:\s*none|visibility\s*:\s*hidden", attributes.get("style", ""), re.I):
        return True
    marks = " ".join(attributes.get(name, "") for name in ("id", "class", "role"))
    return tag not in ("html", "body") and bool(
        CONTENTS.search(marks) or attributes.get("role") == "navigation"
    )


class _Sink:
    """Takes the events of lxml's parser. Its method names are lxml's."""

    def __init__(self, number: int = 1) -> None:
        self.flow = DocumentBuilder(number)
        self.title = ""
        self._text: list[str] = []
        self._silent: list[str] = []  # open tags inside a hidden element, outermost first
        self._open: list[str] = []  # open tags that give a block its kind
        self._tables = 0
        self._is_title = False
        self._said = False  # whether the open block holds words beside those of its icons

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._silent or _hidden(tag, attributes):
            if tag not in VOID:
                self._silent.append(tag)
        elif tag == "br":
            self._text.append(" " if self._tables else "\n")
        elif tag == "img":
            self._image(attributes.get("alt", ""))
        elif tag in ("table", "tr", "td", "th"):
            self._cell(tag)
        elif tag == "dd" and self._open[-1:] == ["dt"]:
            self._text.append("\n")
        elif tag in HEADINGS or tag in KINDS or tag == "dd":
            self._begin(tag, attributes)
        elif tag in BREAKING:
            self._break()

    def end(self, tag: str) -> None:
        if self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        elif tag == "title":
            self._text, self.title = [], self.title or " ".join("".join(self._text).split())
        elif tag == "table":
            self._table_ends()
        elif tag == "dt":
            pass  # the definition that follows belongs to its term
        elif tag in HEADINGS or tag in KINDS or tag in ("dd", "dl"):
            self._finish(tag)
        elif tag in BREAKING:
            self._break()

    def data(self, data: str) -> None:
        if not self._silent:
            self._said = self._said or not data.isspace()
            self._text.append(data if "pre" in self._open[-1:] else re.sub(r"\s+", " ", data))

    def comment(self, text: str) -> None:
        """Comments say nothing to a reader."""

    def close(self) -> None:
        """lxml asks for it."""

    def flush(self) -> None:
        """Write the text so far as a block of the kind that the open tags say."""
        text, self._text = "".join(self._text), []
        said, self._said = self._said, False
        name = self._open[-1] if self._open else ""
        if not said:
            return
        if name in HEADINGS:
            self._heading(HEADINGS[name], text)
        elif self._tables and name != "caption":
            self._rows(text)
        else:
            self.flow.add(KINDS.get(name, "item" if name == "dd" else "text"), text)

    def _rows(self, text: str) -> None:
        """A table with one row is a layout aid ("Note | ..."), so it becomes a sentence."""
        rows = [row for line in text.split("\n") if (row := _row(line))]
        if len(rows) == 1:
            self.flow.add("text", rows[0].replace(" | ", ": ", 1))
        else:
            self.flow.add("table" if " | " in "".join(rows) else "text", "\n".join(rows))

    def _heading(self, level: int, text: str) -> None:
        if self._is_title:
            self.title = " ".join(text.split())
            self.flow.add("heading", " ".join(text.split()))
        else:
            self.flow.heading(level, text)
        self._is_title = False

    def _break(self) -> None:
        if self._tables:
            self._text.append(" ")
        elif self._open[-1:] == ["dt"] and self._text:
            self._text.append("\n")
        elif self._open[-1:] != ["pre"]:
            self.flush()

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._tables and tag not in HEADINGS and tag != "caption":
            self._text.append(" ")
            return
        self.flush()
        self._open = [*[t for t in self._open if t != "dt"], tag][-50:]
        self._is_title = tag == "h1" and "title" in attributes.get("class", "").split()

    def _finish(self, tag: str) -> None:
        if self._tables and tag not in HEADINGS and tag != "caption":
            self._text.append(" ")
            return
        self.flush()
        closing = "dt" if tag in ("dd", "dl") and self._open[-1:] == ["dt"] else tag
        if closing in self._open:
            while self._open.pop() != closing:
                pass

    def _cell(self, tag: str) -> None:
        if tag == "table" and not self._tables:
            self.flush()
        if tag == "table":
            self._tables += 1
        self._text.append(" | " if tag in ("td", "th") else "\n" if self._tables == 1 else " ")

    def _table_ends(self) -> None:
        if self._tables == 1:
            self.flush()
        self._tables = max(0, self._tables - 1)

    def _image(self, alternative: str) -> None:
        """The words of an icon in the middle of a sentence: without them "Tap [Settings]" loses its object."""
        alternative = ICON_SIZE.sub("", alternative)
        if 0 < len(alternative) <= 60 and not re.search(r"\.\w{3,4}$|/", alternative):
            self._text.append(f" {alternative} ")


def _row(line: str) -> str:
    cells = [" ".join(cell.split()) for cell in line.split(" | ")]
    while cells and not cells[-1]:
        cells.pop()
    return " | ".join(cells[1:] if cells and not cells[0] else cells)
