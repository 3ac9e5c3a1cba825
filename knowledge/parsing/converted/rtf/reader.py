"""Read RTF files as web pages: headings by their outline level or style, lists, tables, notes and text boxes.

Deleted, struck-out and hidden text, heads and feet of pages, and tables of contents are left out.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace

from knowledge.parsing.content.left_out import left_out_warnings
from knowledge.parsing.content.symbols import PRIVATE, field_sign
from knowledge.parsing.converted.rtf.fonts import RtfFonts
from knowledge.parsing.converted.rtf.forms import FormField
from knowledge.parsing.converted.rtf.paragraphs import Run, WrittenParagraph, parts_html, run_html
from knowledge.parsing.converted.rtf.tables import CellShape, RowShape, table_html
from knowledge.parsing.converted.rtf.tokens import (
    COLOURS,
    SIGNS,
    RtfSetting,
    RtfToken,
    tokens,
    white_colours,
)
from knowledge.parsing.html import read_html
from knowledge.types import Document

DEEPEST = 2_000  # groups inside groups
_SPANS = {"clmrg": "goes_on_right", "clvmgf": "begins_down", "clvmrg": "goes_on_down"}
_LEFT_OUT = {
    "deleted": "{} tracked deletion{} {} left out.",
    "struck": "{} struck-out piece{} of text {} left out.",
    "hidden": "{} hidden piece{} of text {} left out.",
    "white": "{} white piece{} of text {} left out.",
    "objects": "{} embedded object{} {} not read.",
}
_SKIPPED = frozenset(
    "colortbl listtable listoverridetable revtbl rsidtbl generator filetbl header headerl headerr headerf footer footerl"
    " footerr footerf ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn pict shprslt nonshppict sp objdata objclass objname"
    " annotation atnid atnauthor atndate xe tc txe rxe bkmkstart bkmkend nonesttables pnseclvl xmlnstbl themedata datastore"
    " latentstyles colorschememapping author operator company category keywords comment doccomm subject manager creatim"
    " revtim printim buptim hlinkbase userprops private pn pntxta pntxtb falt panose fontemb datafield".split()
)
_INSIDE = frozenset(
    ("fldinst", "shpinst", "ud", "shppict", "pn", "formfield", "ffl")
)  # read although marked as optional
_APART = ("footnote", "shptxt")  # text of its own in the middle of a paragraph
_NO_TEXT_FIELD = re.compile(r"\s*(?:TOC|INDEX|TOA|RD)\b", re.I)
_HEADING_NAME = re.compile(
    r"(?:heading|überschrift|titre|título|titolo|kop|rubrik)\s*([1-9])", re.I
)
_BREAKS = frozenset("par sect page column line cell nestcell row nestrow".split())
_FLAGS = {"b": "bold", "v": "hidden", "deleted": "deleted", "strike": "struck", "striked": "struck"}


@dataclass(slots=True)
class _Paragraph:
    """A paragraph while it is read; ``set`` is what was set where its text began."""

    runs: list[Run] = field(default_factory=list)
    label: str = ""
    set: RtfSetting | None = None


def read_rtf(data: bytes, file_name: str) -> Document:
    """A Document out of an RTF file."""
    reader = _read(data)
    told = left_out_warnings(_LEFT_OUT, reader.left_out)
    return read_html(reader.html(), file_name, "rtf", _whole(reader.title), told)


def rtf_html(data: bytes) -> str:
    """RTF as HTML."""
    return _read(data).html()


def _read(data: bytes) -> _Reader:
    reader = _Reader(white_colours(data))
    for token in tokens(data.decode("latin-1")):
        reader.take(token)
    reader.close()
    return reader


def _whole(text: str) -> str:
    """Text whose characters beyond the first plane came in halves."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class _Reader:
    """Takes tokens and collects paragraphs and rows."""

    def __init__(self, whites: frozenset[int]) -> None:
        self._whites = whites  # the colours that are white
        self.left_out: Counter[str] = Counter()
        self.title = ""
        self._now = RtfSetting()
        self._outer: list[RtfSetting] = []
        self._too_deep = 0
        self._optional = False  # has "\*" just come?
        self._pending = 0  # characters to pass over after one in Unicode
        self._bytes = ""
        self._fonts = RtfFonts()
        self._levels: dict[int, int] = {0: 0}  # of the outline, by style
        self._style_name = ""
        self._field = ""
        self._form = FormField()
        self._paragraph = _Paragraph()
        self._waiting: list[tuple[_Paragraph, str]] = []  # paragraphs round a note or box
        self._parts: list[WrittenParagraph | str] = []
        self._cell: list[WrittenParagraph] = []
        self._cells: list[str] = []
        self._rows: list[tuple[list[str], RowShape]] = []
        self._shape = RowShape()
        self._next = CellShape()
        self._unseen = ""  # why the text before this place was left out

    def take(self, token: RtfToken) -> None:
        """Take the next token."""
        if self._bytes and token.kind != "byte":
            self._flush_bytes()
        if token.kind == "brace":
            self._pending = 0
            self._begin() if token.text == "{" else self._end()
        elif token.kind == "byte":
            if self._pending:
                self._pending -= 1
            else:
                self._bytes += token.text
        elif token.kind == "text":
            cut = min(self._pending, len(token.text))
            self._pending -= cut
            self._say(token.text[cut:])
        else:
            self._word(token.text, token.value)

    def close(self) -> None:
        """The file ends."""
        self._flush_bytes()
        while self._waiting:
            self._back()
        self._end_paragraph()
        if self._cells:
            self._end_row()
        self._end_table()

    def _flush_bytes(self) -> None:
        raw, self._bytes = self._bytes, ""
        if raw:
            self._say(self._fonts.decoded(raw, self._now))

    def _begin(self) -> None:
        if len(self._outer) >= DEEPEST:
            self._too_deep += 1
            return
        self._outer.append(self._now)
        self._now = replace(self._now)
        self._optional = False

    def _end(self) -> None:
        self._optional = False
        if self._too_deep:
            self._too_deep -= 1
            return
        if not self._outer:
            return
        ended, self._now = self._now, self._outer.pop()
        if ended.target == self._now.target:
            return
        if ended.target == "fldinst":
            shown, self._form = self._form.shown() or field_sign(self._field), FormField()
            if shown or _NO_TEXT_FIELD.match(self._field):
                self._now.no_result = True
            self._field = ""
            self._say(shown)
        elif ended.target in _APART:
            self._back()
        elif ended.target == "style":
            self._end_style(ended)

    def _end_style(self, style: RtfSetting) -> None:
        named = _HEADING_NAME.match(self._style_name.strip())
        level = style.level or (int(named[1]) if named else 0)
        if re.match(r"(?:title|titel)\s*;", self._style_name.strip(), re.I):
            level = -1
        self._levels[style.style] = level
        self._style_name = ""

    def _word(self, word: str, value: int | None) -> None:
        """A control word or sign."""
        optional, self._optional = self._optional, word == "*"
        self._pending = 0
        if word == "u":
            self._pending = self._now.skip
            self._now.coded = self._now.coded or (value or 0) & 0xFF00 == PRIVATE
            self._say(chr((value or 0) & 0xFFFF))
            return
        if word in SIGNS:
            self._say(SIGNS[word])
        elif word == "uc":
            self._now.skip = max(0, min(value or 0, 20))
        elif word != "*" and not self._target(word, optional) and self._now.target != "skip":
            self._set(word, value)

    def _target(self, word: str, optional: bool) -> bool:
        """Does a word say where the text of its group goes?"""
        now = self._now
        if now.target == "skip" and not (word == "ud" and self._outer[-1:]):
            return optional or word in _SKIPPED
        if word in _SKIPPED or optional and word not in _INSIDE:
            self.left_out["objects"] += word == "objdata"
            now.target = "skip"
        elif word in ("fonttbl", "stylesheet", "info", "fldinst", "upr"):
            now.target = word
        elif word == "title" and now.target == "info":
            now.target = "title"
        elif word == "formfield" and now.target == "fldinst":
            now.target = "form"
        elif word == "ffl" and now.target == "form":
            now.target = "choice"
            self._form.choices.append("")
        elif word in ("listtext", "pntext"):
            now.target = "label"
        elif word == "fldrslt":
            now.target = "skip" if now.no_result else now.target
        elif word in _APART and not now.target:
            self._waiting.append((self._paragraph, word))
            self._paragraph = _Paragraph()
            now.target = word
        elif word == "ud" and now.target == "upr":
            now.target = ""
        else:
            return word in _INSIDE
        return True

    def _set(self, word: str, value: int | None) -> None:
        """What a word sets, or ends."""
        now = self._now
        if now.target == "form":
            self._form.values[word] = value or 0
            return
        if now.target == "stylesheet" and word in ("s", "cs", "ds", "ts"):
            now.target = "style"
        if word in _FLAGS:
            setattr(now, _FLAGS[word], value != 0)
        elif word in ("super", "sub", "nosupersub"):
            now.small = {"super": "sup", "sub": "sub"}.get(word, "") if value != 0 else ""
        elif word == "fs":
            now.size = value or now.size
        elif word == "plain":
            now.plain()
        elif word == "pard":
            now.new_paragraph()
        elif word == "s":
            now.style = value or 0
        elif word == "outlinelevel":
            now.level = (value or 0) + 1 if (value or 0) < 9 else 0
        elif word == "intbl":
            now.in_table = True
        elif word == "itap":
            now.depth = value or 1
        elif word == "ls" and value:
            now.listed = True
        elif word in ("f", "deff", "fcharset", "ansicpg", "mac", "pc", "pca"):
            self._fonts.set(word, value or 0, now)
        elif word in COLOURS:
            now.set_colour(word, value or 0)
        elif word in _BREAKS:
            self._break(word)
        else:
            self._set_row(word, value or 0)

    def _set_row(self, word: str, value: int) -> None:
        if word == "trowd":
            self._shape, self._next = RowShape(), CellShape()
        elif word == "trleft":
            self._shape.left = value
        elif word == "trhdr":
            self._shape.head = True
        elif word in _SPANS:
            setattr(self._next, _SPANS[word], True)
        elif word == "cellx":
            self._next.edge = value
            self._shape.cells.append(self._next)
            self._next = CellShape()

    def _break(self, word: str) -> None:
        """A line, paragraph, cell or row ends."""
        if self._now.target and self._now.target not in _APART:
            return
        if word == "line":
            self._say("\n")
        elif self._now.target == "footnote":
            self._say(" ")
        elif word in ("nestcell", "nestrow"):
            self._say(", " if word == "nestcell" else "; ")
        elif word == "cell":
            self._end_paragraph()
            self._cells.append("".join(f"<p>{one.html}</p>" for one in self._cell))
            self._cell = []
        elif word == "row":
            self._end_row()
        elif word != "page" and word != "column":
            self._end_paragraph()

    def _say(self, text: str) -> None:
        """Text goes where its group says."""
        now = self._now
        if now.target and now.target not in _APART:
            self._say_aside(now.target, text)
        elif text:
            text = self._fonts.shown(text, now)
            why = now.unseen(self._whites)
            if why and text.strip():
                self.left_out[why] += why != self._unseen
            self._unseen = why
            if not why:
                self._paragraph.set = self._paragraph.set or replace(now)
                self._append(Run(text, now.size, now.bold, now.small))

    def _append(self, run: Run) -> None:
        """Add a run, or its text to one before it that looks the same."""
        runs = self._paragraph.runs
        last = runs[-1] if runs else run
        if runs and (last.size, last.bold, last.small) == (run.size, run.bold, run.small):
            last.text += run.text
        else:
            runs.append(run)

    def _say_aside(self, target: str, text: str) -> None:
        """Text that is not the document's: the name of a font or a style, a title, the kind of a field, the number of an item."""
        if target == "fonttbl":
            self._fonts.name(text)
        elif target == "style":
            self._style_name += text
        elif target == "title":
            self.title += text
        elif target == "fldinst":
            self._field += text
        elif target == "choice":
            self._form.choices[-1] += text
        elif target == "label":
            self._paragraph.label += text

    def _back(self) -> None:
        """A note or box ends: a note stands in brackets where it is called, a box before the paragraph it is tied to."""
        if self._waiting[-1][1] == "footnote":
            note, (self._paragraph, _) = self._paragraph, self._waiting.pop()
            words = " ".join("".join(run.text for run in note.runs).split())
            if words:
                self._paragraph.runs.append(Run(f" ({words})", 0, False, ""))
            return
        self._end_paragraph()
        self._paragraph, _ = self._waiting.pop()

    def _end_paragraph(self) -> None:
        ended, self._paragraph = self._paragraph, _Paragraph()
        plain = "".join(run.text for run in ended.runs)
        if not plain.strip():
            return
        setting = ended.set or self._now
        seen = [run for run in ended.runs if run.text.strip() and run.size]
        written = WrittenParagraph(
            "".join(map(run_html, ended.runs)),
            plain,
            setting,
            ended.label.strip(),
            min((run.size for run in seen), default=0),
            all(run.bold for run in seen),
        )
        if setting.in_table:
            self._cell.append(written)
            return
        self._end_table()
        self._parts.append(written)

    def _end_row(self) -> None:
        if self._cell:  # a cell without its end
            self._cells.append("".join(f"<p>{one.html}</p>" for one in self._cell))
            self._cell = []
        if self._cells:
            self._rows.append((self._cells, self._shape))
        self._cells = []

    def _end_table(self) -> None:
        if self._cell:
            self._end_row()
        if self._rows:
            self._parts.append(table_html(self._rows))
        self._rows = []

    def html(self) -> str:
        """The document so far."""
        return _whole("".join(parts_html(self._parts, self._levels)))
