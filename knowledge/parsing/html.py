"""Read HTML into one flow of headings, paragraphs, items, tables and listings. Markdown and Word files come through here too.

Works on the parser's events and builds no tree, so a hundred thousand nested tags cost nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from knowledge.parsing.content.formulas import FormulaSink
from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.open_elements import TABLE_TAGS, OpenLists, OpenTables
from knowledge.parsing.content.pictures import described, says_something
from knowledge.parsing.content.small_type import lowered, raised
from knowledge.parsing.content.tables import SEPARATOR, Cell, block_kind, table_blocks
from knowledge.parsing.content.web.form_fields import choices
from knowledge.parsing.content.web.page_frame import FEWEST_WORDS, LEFT_OUT, PageFrame
from knowledge.parsing.content.web.page_source import in_words
from knowledge.parsing.content.web.role_tables import with_role_tables
from knowledge.parsing.content.web.tags import BOXES, BREAKING, HEADINGS, INLINE, KINDS, VOID
from knowledge.parsing.document_builder import DocumentBuilder, flow_document
from knowledge.parsing.titles import sensible_title, title_from_name
from knowledge.types import BlockKind, Document

QUESTION = "question"  # a heading that a person opens to see what is below it
LISTED = re.compile(r"\s*(?:\(?\d{1,2}[.)]|[•●▪◦‣■–*-])\s+\S")
LONGEST_HEADING = 60  # characters of a bold line that is a heading
CLOSING = ("dd", "dl", "summary", "button")  # their ends finish a paragraph
AFTER_FORMULA = "  "  # unless a full stop or a bracket closes it
DEEPEST_SMALL = 8  # superscripts inside superscripts that are told apart


def read_html(
    text: str, file_name: str, kind: str = "html", title: str = "", warnings: tuple[str, ...] = ()
) -> Document:
    """A Document out of HTML text. ``title`` is what the file says beside its HTML, or ""."""
    sink = _read(text, 1, kind)
    if all(block.kind == "heading" for block in sink.flow.page().blocks):
        sink = _read(text, 1, kind, bold_headings=False)
    first = sink.flow.headings[0].title if sink.flow.headings else ""
    top = next((h.title for h in sink.flow.headings if h.level == 1), first)
    chosen = (
        sensible_title(title)
        or sensible_title(sink.title)
        or sensible_title("" if re.match(r"\d+[.\s]", top) else top)  # "1 Safety" is but a chapter
        or title_from_name(file_name)
    )
    told = left_out_warnings(LEFT_OUT, {**sink.left, "struck": sink.struck})
    return flow_document(kind, chosen, [sink.flow], (*warnings, *told))


def html_flow(text: str, number: int, kind: str = "html") -> tuple[DocumentBuilder, str]:
    """One web page of a manual of many as a flow, and its title. A page without headings gets its title as one."""
    sink = _read(text, number, kind)
    title = " ".join(sink.title.split())
    if title and not sink.flow.headings:
        sink = _read(text, number, kind, title=title)
    return sink.flow, title


def _read(text: str, number: int, kind: str, title: str = "", bold_headings: bool = True) -> _Sink:
    """Read a page; once more with all its parts where what seemed to be its frame holds its title or most of its words."""
    for frames in (True, False):
        sink = _Sink(number, text, kind, frames, bold_headings)
        if title:
            sink.flow.heading(1, title)
        _feed(in_words(text), sink)
        said = len(sink.flow.page().text.split())
        all_talk = said < FEWEST_WORDS and sink.left["talk"] > said
        if not (sink.framed_title or all_talk) and sink.left["frame"] <= 3 * said + 20:
            break
    return sink


def _feed(text: str, sink: _Sink) -> None:
    from lxml import etree

    data = re.sub(r"^\s*<\?xml[^>]*\?>", "", text.replace("\x00", " ")).encode("utf-8", "replace")
    events = with_role_tables(sink, text)
    parser = etree.HTMLParser(target=events, huge_tree=True, encoding="utf-8", no_network=True)
    for at in range(0, len(data), 1 << 16):
        parser.feed(data[at : at + (1 << 16)])
    parser.feed(b" ")
    parser.close()
    sink.flush()


class _Sink:
    """Takes the events of lxml's parser. Its method names are lxml's."""

    def __init__(self, number: int, source: str, kind: str, frames: bool, bold: bool) -> None:
        self._numbers = kind != "docx"  # Word's items bring their numbers along
        self._web = kind == "html"
        self.flow = DocumentBuilder(number)
        self.title = ""
        self.struck = 0
        self.left: Counter[str] = Counter()  # words that are left out, by why
        self.framed_title = False  # whether that frame holds a title or the main text
        self._frame = PageFrame(source, frames)
        self._why_silent = ""
        self._headed = not bold or bool(re.search(r"<h[1-6]\b", source, re.I))
        self._summaries = len(re.findall(r"<summary\b", source, re.I)) > 2
        self._text: list[str] = []
        self._silent: list[str] = []  # open tags inside a hidden element, outermost first
        self._open: list[str] = []  # open tags that give a block its kind
        self._tables = OpenTables()
        self._lists = OpenLists()
        self._small: list[int] = []  # where the open superscripts and subscripts begin in the text
        self._select = 0  # where the open list to choose from begins
        self._formula: FormulaSink | None = None
        self._bold = 0
        self._button = 0  # open buttons whose words are part of a sentence
        self._is_title = False
        self._said = False  # whether the open block holds words beside those of its icons
        self._light = False  # whether it holds words that are not bold
        self._level = 0  # of the last heading in the open boxes
        self._levels: list[int] = []  # the same, outside each open box

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if self._formula is not None:
            self._formula.start(tag, attributes)
        elif self._silent:
            if self._why_silent in ("contents", "frame", "talk"):
                self.framed_title = self.framed_title or tag in ("h1", "main")
            if tag not in VOID:
                self._silent.append(tag)
        elif why := self._frame.leaves_out(tag, attributes) or self._idle(tag, attributes):
            self.struck += why == "struck"
            self._why_silent = why
            if tag not in VOID:
                self._silent.append(tag)
        else:
            self._frame.opens(tag, attributes)
            self._begins(tag, attributes)

    def _begins(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag in BOXES:
            self._levels.append(self._level)
        if tag == "br":
            self._line_ends()
        elif tag == "img":
            self._image(attributes.get("alt", ""))
        elif tag in TABLE_TAGS:
            self._cell(tag, attributes)
        elif tag in INLINE and not self._is_question(tag, attributes):
            self._inline(tag, attributes)
        elif tag in ("dd", "dt") and self._open[-1:] == ["dt"]:  # terms may share a definition
            self._text.append("\n" if tag == "dd" else ", ")
        elif tag in HEADINGS or tag in KINDS or tag == "dd" or self._is_question(tag, attributes):
            self._begin(tag, attributes)
        elif tag in BREAKING:
            self._break()
            if tag in ("ol", "ul", "menu", "dir"):
                self._lists.begin(tag, attributes)

    def end(self, tag: str) -> None:
        if self._formula is not None:
            self._formula_ends(tag)
        elif self._silent:
            if tag == self._silent[-1]:
                self._silent.pop()
        else:
            self._ends(tag)
            self._frame.closes(tag)

    def _ends(self, tag: str) -> None:
        if tag in BOXES and self._levels:
            self._break()
            self._level = self._levels.pop()
        if tag == "title":
            self._text, self.title = [], self.title or " ".join("".join(self._text).split())
        elif tag in TABLE_TAGS:
            self._cell_ends(tag)
        elif tag in INLINE and not (tag == "button" and self._open[-1:] == [QUESTION]):
            self._inline_ends(tag)
        elif tag == "dt":
            pass  # the definition that follows belongs to its term
        elif tag in HEADINGS or tag in KINDS or tag in CLOSING or tag in self._open[-1:]:
            self._finish(tag)
        elif tag in BREAKING:
            self._break()
            if tag in ("ol", "ul", "menu", "dir"):
                self._lists.end()

    def data(self, data: str) -> None:
        if self._formula is not None:
            self._formula.data(data)
        elif self._silent or self._frame.hides_words():
            self.left[self._why_silent if self._silent else "unseen"] += len(data.split())
        else:
            if self._text[-1:] == [AFTER_FORMULA] and data[:1] in tuple(".,;:!?)]}"):
                self._text.pop()
            if not data.isspace() and not self._button:
                self._said = True
                self._light = self._light or not self._bold
            self._text.append(data if "pre" in self._open[-1:] else re.sub(r"\s+", " ", data))

    def comment(self, text: str) -> None:
        """Comments say nothing to a reader."""

    def close(self) -> None:
        """lxml asks for it."""

    def flush(self) -> None:
        """Write the text so far as a block of the kind that the open tags say."""
        text, self._text = "".join(self._text), []
        self._small.clear()
        said, self._said = self._said, False
        bold, self._light = not self._light, False
        name = self._open[-1] if self._open else ""
        if not said or not text.strip():
            return
        if name in HEADINGS or name == QUESTION:
            if not (self._frame.heads_chatter(text) and self._web):
                self._heading(HEADINGS.get(name, min(self._level, 5) + 1), text, name == QUESTION)
        elif self._tables.open and name != "caption":
            self._tables.standing(text)
        elif not (self._web and self._frame.is_chatter(text)):
            self._paragraph(KINDS.get(name, "item" if name == "dd" else "text"), text, bold)

    def _paragraph(self, kind: BlockKind, text: str, bold: bool) -> None:
        if kind == "item":
            text = self._lists.numbered(text) if self._numbers else text
        lines = [line for line in text.split("\n") if line.strip()]
        short = len(lines) == 1 and len(text.strip()) <= LONGEST_HEADING
        if (
            kind == "text"
            and bold
            and short
            and not self._headed
            and text.strip()[-1] not in ".,;:!?"
        ):
            self.flow.heading(1, text)
        elif kind == "text" and sum(bool(LISTED.match(line)) for line in lines) > 1:
            for line in lines:
                self.flow.add("item" if LISTED.match(line) else "text", line)
        elif kind == "text" and not self._numbers and LISTED.match(text):
            self.flow.add("item", text)
        else:
            self.flow.add(kind, text)

    def _heading(self, level: int, text: str, question: bool) -> None:
        if self._is_title:
            self.title = " ".join(text.split())
            self.flow.add("heading", " ".join(text.split()))
        else:
            self.flow.heading(level, text)
            self._level = self._level if question else level
        self._is_title = False

    def _idle(self, tag: str, attributes: Mapping[str, str]) -> str:
        """A button that stands alone works on the page; one in a sentence is named, one that opens an answer asks."""
        if tag != "button" or self._is_question(tag, attributes):
            return ""
        stands_in_text = (
            self._tables.open
            or any(t in HEADINGS or t in KINDS or t in ("p", "dd") for t in self._open[-1:])
            or self._said
        )
        return "" if stands_in_text else "hidden"

    def _is_question(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Does an element open the answer below it?"""
        if tag == "summary":
            return self._summaries and not self._tables.open
        if tag != "button" or self._said or self._tables.open or attributes.get("role") == "tab":
            return False
        if self._open and self._open[-1] in HEADINGS:
            return False
        return "aria-expanded" in attributes or "aria-controls" in attributes

    def _line_ends(self) -> None:
        """Two line breaks in a row end a paragraph."""
        blank = self._said and "".join(self._text[-3:]).rstrip(" ").endswith("\n")
        plain = not self._open or self._open[-1] == "p"
        if blank and plain and not self._tables.open:
            self.flush()
        else:
            self._text.append(" " if self._tables.open else "\n")

    def _inline(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "math":
            self._formula = FormulaSink()
        elif tag in ("sup", "sub"):
            deep = len(self._small) >= DEEPEST_SMALL
            self._small.append(-1 if deep else len(self._text))
        elif tag in ("b", "strong"):
            self._bold += 1
        elif tag == "button":
            self._button += not (self._open[-1:] and self._open[-1] in HEADINGS)
        elif tag == "select":
            self._select = len(self._text)
        elif tag in ("option", "rt"):  # "rt" says how the word before it is read
            self._text.append("\x1f" if tag == "option" else " (")

    def _inline_ends(self, tag: str) -> None:
        if tag in ("b", "strong"):
            self._bold = max(0, self._bold - 1)
        elif tag == "button":
            self._button = max(0, self._button - 1)
        elif tag == "rt":
            self._text.append(")")
        elif tag in ("sup", "sub") and self._small:
            if (at := self._small.pop()) >= 0:
                inner, base = "".join(self._text[at:]), "".join(self._text[max(0, at - 9) : at])
                self._text[at:] = [raised(inner, base) if tag == "sup" else lowered(inner)]
        elif tag == "select":
            self._text[self._select :] = [choices(self._text[self._select :])]

    def _formula_ends(self, tag: str) -> None:
        assert self._formula is not None
        if tag != "math":
            self._formula.end(tag)
            return
        line, self._formula = self._formula.line(), None
        opened = "".join(self._text[-2:])[-1:] in tuple("([{")
        self._text += [line if opened else f" {line}", AFTER_FORMULA]
        self._said = self._light = True

    def _break(self) -> None:
        if self._tables.open:
            self._text.append("\x1e")
        elif self._open[-1:] == ["dt"] and self._text:
            self._text.append("\n")
        elif self._open[-1:] != ["pre"]:
            self.flush()

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "li":
            self._lists.item(attributes)
        if self._tables.open and tag not in HEADINGS and tag != "caption":
            self._text.append(
                f"\x1e\x0b{self._lists.mark() if self._numbers else ''}" if tag == "li" else " "
            )
            return
        if tag in HEADINGS and self._tables.open:
            self._write_table(self._tables.so_far("".join(self._text)))
            self._text = []
        self.flush()
        name = tag if tag in HEADINGS or tag in KINDS or tag == "dd" else QUESTION
        self._open = [*[t for t in self._open if t != "dt"], name][-50:]
        self._is_title = tag == "h1" and "title" in attributes.get("class", "").split()

    def _finish(self, tag: str) -> None:
        name = QUESTION if tag in ("summary", "button") else tag
        if self._tables.open and name not in HEADINGS and name not in ("caption", QUESTION):
            self._text.append(" ")
            return
        if name == QUESTION and QUESTION not in self._open:
            self._break()
            return
        self.flush()
        closing = "dt" if name in ("dd", "dl") and self._open[-1:] == ["dt"] else name
        if closing in self._open:
            while self._open.pop() != closing:
                pass

    def _cell(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "table" and not self._tables.open:
            self.flush()
        elif tag == "table" and self._tables.is_layout():
            self._tables.standing("".join(self._text))
            self._write_table(self._tables.so_far(""))
            self._text = []
        text = self._tables.start(tag, attributes, "".join(self._text))
        self._text = [text] if text else []

    def _cell_ends(self, tag: str) -> None:
        if not self._tables.open:
            return
        self._text = [self._tables.end(tag, "".join(self._text))]
        if tag == "table" and (rows := self._tables.finished()):
            self._write_table(rows)
        self._said = self._said and bool(self._tables.open)

    def _write_table(self, rows: Sequence[Sequence[Cell]]) -> None:
        """A table with one row is a layout aid ("Note | ..."), so it becomes a sentence."""
        full = [row for row in rows if any(cell.text for cell in row)]
        if len(full) == 1:
            first, rest = full[0][0].text, SEPARATOR.join(cell.text for cell in full[0][1:])
            self.flow.add("text", ": ".join(filter(None, (first, rest))))
            return
        for block in table_blocks(full):
            self.flow.add(block_kind(block), block)

    def _image(self, alternative: str) -> None:
        """The words of an icon in the middle of a sentence: without them "Tap [Settings]" loses its object.

        A description that says something is text of its own.
        """
        if told := described(alternative):
            long_in_text = len(told) > 60 and self._said
            self._text.append(f" ({told}) " if long_in_text else f" {told} ")
            self._said = self._said or says_something(told)
            self._light = True
