"""What is filled in on a PDF page, and texts that were put on it, which its own text does not hold.

A value whose label stands before it is written behind the label, where a person reads it: "Set pressure: 2.8 bar"; a box to tick
stands as a sign before the words behind it. The others have no place in the page's text and come at its end.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from knowledge.parsing.clean import harmless
from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.field_labels import (
    LONGEST_LABEL,
    Box,
    FieldPlaces,
    Label,
    said_by,
)
from knowledge.parsing.pdf.page.page_extras import append_text
from knowledge.parsing.pdf.page.probe import Probe

_FIELD, _FREE_TEXT, _COMMENT = 20, 3, 1
_STRUCK, _STAMP = 12, 13
# Lines, areas, marks, drawings and places to put in, which may have a comment
_MARKS = (4, 5, 6, 7, 8, 9, 10, 11, 14, 15, _STAMP)
_CHECK_BOX, _RADIO, _LISTS, _TEXT = 2, 3, (4, 5), 6
_HIDDEN = 2 | 32  # flags of a note: hidden, and not to be seen on screens
_PASSWORD = 1 << 13  # flag of a field
_SIGNS = {_CHECK_BOX: "☐☑", _RADIO: "○◉"}  # as they are by themselves, and chosen
_TICKED = ("Yes", "On", "1")
_ROW = 6.0  # points
MOST_FIELDS, MOST_OPTIONS = 2000, 500
MOST_SHOWN = 30  # options of a list of which nothing is chosen


@dataclass(frozen=True, slots=True)
class _Told:
    """A value, its name in the file, and its label on the page; or the sign of a box to tick, before its words. ``head`` is that of
    its column, where fields share a label (``beside``).
    """

    value: str
    name: str = ""
    label: Label | None = None
    sign: bool = False
    box: Box | None = None
    beside: bool = False
    head: str = ""

    def shown(self) -> str:
        """The value behind the head of its column."""
        parted = " " if self.value in "".join(_SIGNS.values()) else ": "
        return f"{self.head}{parted}{self.value}" if self.head else self.value


@dataclass(frozen=True, slots=True)
class _Asking:
    """What is needed to ask after the fields of a page; without ``places`` it is turned."""

    formenv: Any
    into: PageLines
    places: FieldPlaces | None


def add_field_values(
    page: Any, textpage: Any, formenv: Any, into: PageLines, in_place: bool = True
) -> None:
    """Write what is filled in on a page, and texts that were put on it, into its text.

    Without ``in_place`` all stand behind the page's own text, as in texts that were stored long ago.
    """
    from pypdfium2 import raw

    boxes: list[Box | None] = [None] * min(raw.FPDFPage_GetAnnotCount(page), MOST_FIELDS)
    if formenv is not None:
        boxes = list(_boxes(page, into))
    places = None if into.turned else FieldPlaces(textpage, Probe(), into, boxes)
    for told in _values(page, boxes, _Asking(formenv, into, places)):
        label = told.label
        if in_place and places and told.box and not into.words and (cell := places.cell(told.box)):
            _write_in_cell(*cell, told.value, into)
            continue
        if told.sign:
            if label is not None and in_place and not into.words:
                _write(f"{told.value} ", label.start, label.line, into)
            continue
        if in_place and label is not None and label.line.filled and told.beside:
            _write(f"{', ' if told.head else ' '}{told.shown()}", label.line.end, label.line, into)
            continue
        if in_place and label is not None and _may_take(label.line, into):
            _write_behind(
                label, told.shown(), into, places is not None and places.heads_another(label)
            )
            continue
        name = (told.name or (label.text(into) if label else "")).strip(" :")
        named = bool(name) and len(name) < LONGEST_LABEL
        append_text(into, f"{name}: {told.value}" if named else told.value, "item")


def _may_take(line: Line, into: PageLines) -> bool:
    """May a value be written into a line?"""
    return not into.words and (bool(line.table) or not line.filled)


def _write_behind(label: Label, value: str, into: PageLines, cut: bool) -> None:
    """Write a value behind its label, and move what follows; ``cut`` the line behind it, where another label follows."""
    line = label.line
    if label.start > line.start and not line.table:
        label = Label(
            line := _cut(line, label.start, into), line.start, line.start + label.end - label.start
        )
    if cut and not line.table and into.raw[label.end : line.end].strip():
        _cut(line, label.end, into)
        label = Label(line, line.start, line.end)
    told = f" {value}" if into.raw[label.end - 1] in ":=?.!" else f": {value}"
    _write(told, label.end, line, into)
    line.filled = True


def _write_in_cell(line: Line, at: int, value: str, into: PageLines) -> None:
    """Write a value into a cell of a table at a place of the page's text, with a blank on both sides."""
    before = "" if at == line.start or into.raw[at - 1].isspace() else " "
    behind = "" if at == line.end or into.raw[at].isspace() else " "
    _write(before + value.replace("|", "/") + behind, at, line, into)


def _cut(line: Line, at: int, into: PageLines) -> Line:
    """Make two lines of one; the second, which begins at the word behind ``at``."""
    while into.raw[at].isspace():
        at += 1
    _write("\r\n", at, line, into)
    rest = replace(line, start=at + 2, text=into.raw[at + 2 : line.end], row=False)
    line.end = at
    line.text = into.raw[line.start : line.end].rstrip()
    line.end, line.row, line.hyphen = line.start + len(line.text), False, False
    into.lines.insert(next(n for n, one in enumerate(into.lines) if one is line) + 1, rest)
    return rest


def _write(added: str, at: int, line: Line, into: PageLines) -> None:
    """Write something into a line, or at its end, and move what follows."""
    if into.places is None:
        into.places = list(range(len(into.raw)))
    into.raw = into.raw[:at] + added + into.raw[at:]
    into.places[at:at] = [-1] * len(added)
    for one in into.lines:
        if one is not line and one.start >= at:
            one.start, one.end = one.start + len(added), one.end + len(added)
    into.extras[:] = [
        replace(one, start=one.start + len(added), end=one.end + len(added))
        if one.start >= at
        else one
        for one in into.extras
    ]
    line.end += len(added)
    line.text = into.raw[line.start : line.end]


@contextmanager
def _note(page: Any, index: int) -> Iterator[Any]:
    from pypdfium2 import raw

    note = raw.FPDFPage_GetAnnot(page, index)
    try:
        yield note
    finally:
        raw.FPDFPage_CloseAnnot(note)


def _boxes(page: Any, into: PageLines) -> Iterator[Box | None]:
    """The place of each note of a page that is a field, as it is shown; None for the others."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    x, y = into.origin
    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_FIELDS)):
        with _note(page, index) as note:
            field = raw.FPDFAnnot_GetSubtype(note) == _FIELD and raw.FPDFAnnot_GetRect(note, box)
            yield (box.left - x, box.bottom - y, box.right - x, box.top - y) if field else None


def _values(page: Any, boxes: list[Box | None], asking: _Asking) -> Iterator[_Told]:
    from pypdfium2 import raw

    into = asking.into
    for index, box in _by_rows(boxes):
        with _note(page, index) as note:
            kind = raw.FPDFAnnot_GetSubtype(note)
            told = _Told("")
            if kind == _FIELD and asking.formenv is not None:
                told = _field(note, box, asking)
            elif kind == _FREE_TEXT:
                told = _Told(_string(raw.FPDFAnnot_GetStringValue, note, b"Contents"))
            else:
                said = kind in _MARKS and _string(raw.FPDFAnnot_GetStringValue, note, b"Contents")
                into.comments += kind in (_COMMENT, _STRUCK) or bool(said)
                into.stamps += kind == _STAMP and not said
            hidden = raw.FPDFAnnot_GetFlags(note) & _HIDDEN
        value, name = (" ".join(harmless(text).split()) for text in (told.value, told.name))
        if value and hidden:
            into.unseen += not told.sign
        elif value:
            yield replace(told, value=value, name=name, box=box)


def _by_rows(boxes: list[Box | None]) -> list[tuple[int, Box | None]]:
    """The notes with their places, fields from above to below and from left to right, before the others."""

    rows: list[list[tuple[int, Box]]] = []
    fields = [(index, box) for index, box in enumerate(boxes) if box]
    for index, box in sorted(fields, key=lambda one: -one[1][1] - one[1][3]):
        if rows and rows[-1][0][1][1] + rows[-1][0][1][3] - box[1] - box[3] < 2 * _ROW:
            rows[-1].append((index, box))
        else:
            rows.append([(index, box)])
    ordered = [one for row in rows for one in sorted(row, key=lambda one: one[1])]
    return [*ordered, *((index, None) for index, box in enumerate(boxes) if not box)]


def _field(note: Any, box: Box | None, asking: _Asking) -> _Told:
    from pypdfium2 import raw

    formenv = asking.formenv
    kind = raw.FPDFAnnot_GetFormFieldType(formenv, note)
    if kind in _SIGNS:
        return _box_to_tick(note, kind, box, asking)
    if kind not in (*_LISTS, _TEXT) or raw.FPDFAnnot_GetFormFieldFlags(formenv, note) & _PASSWORD:
        return _Told("")
    value = _string(raw.FPDFAnnot_GetFormFieldValue, formenv, note).strip()
    if kind in _LISTS:
        value = _of_list(note, formenv, value, asking.into)
    if not value:
        return _Told("")
    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, formenv, note).strip()
    own = said_by(_string(raw.FPDFAnnot_GetFormFieldName, formenv, note))
    label = asking.places.before(box) if asking.places and box else None
    if label is None or not asking.places or not box:
        return _Told(value, name or own)
    if asking.places.shares(label, box):
        return _Told(value, name, label, beside=True, head=asking.places.head(box))
    if _is_named(label.text(asking.into), name):
        return _Told(value, name, label)
    return _Told(value, name or label.text(asking.into))


def _box_to_tick(note: Any, kind: int, box: Box | None, asking: _Asking) -> _Told:
    """The sign of a box with words behind it; else what is ticked."""
    from pypdfium2 import raw

    formenv = asking.formenv
    ticked = bool(raw.FPDFAnnot_IsChecked(formenv, note))
    sign = _SIGNS[kind][ticked]
    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, formenv, note).strip()
    value = _string(raw.FPDFAnnot_GetFormFieldExportValue, formenv, note).strip()
    value = "yes" if kind == _CHECK_BOX or value in _TICKED else value
    places = None if asking.into.words else asking.places
    if places and box:
        label = places.behind(box)
        if label is not None or places.cell(box):
            return _Told(sign, "", label, sign=True)
        label = places.before(box)
        if label is not None and places.shares(label, box):
            return _Told(sign, name, label, beside=True, head=places.head(box))
        if label is not None and _is_named(label.text(asking.into), ""):
            asked = kind == _CHECK_BOX and label.text(asking.into)[-1] in ":?"
            left_open = sign if asked else ""
            return _Told(value if ticked else left_open, name, label)
    name = name or said_by(_string(raw.FPDFAnnot_GetFormFieldName, formenv, note))
    says = ticked and (name or said_by(value) and value != "yes")
    return _Told(value if says else "", name)


def _is_named(text: str, name: str) -> bool:
    """Is a text the label of a field that has a name: it says that it is one, or the same?"""
    plain = text.strip(" :")
    if not plain or len(plain) >= LONGEST_LABEL:
        return False
    return not name or text.endswith(":") or name.strip(" :") == plain


def _of_list(note: Any, formenv: Any, value: str, into: PageLines) -> str:
    """What is chosen of a list, in its order; where nothing is, what there is to choose from."""
    from pypdfium2 import raw

    count = min(raw.FPDFAnnot_GetOptionCount(formenv, note), MOST_OPTIONS)
    labels = [
        _string(raw.FPDFAnnot_GetOptionLabel, formenv, note, at).strip() for at in range(count)
    ]
    places = [at for at in range(count) if raw.FPDFAnnot_IsOptionSelected(formenv, note, at)]
    chosen = [labels[at] for at in places if labels[at]]
    if chosen if len(places) > 1 else value:
        into.choices += count > max(1, len(places))
        return ", ".join(chosen) if len(places) > 1 else value
    if not (named := [*filter(None, labels)]):
        return ""
    more = len(named) - MOST_SHOWN
    return f"none chosen of {', '.join(named[:MOST_SHOWN])}" + (
        f" and {more} more" if more > 0 else ""
    )


def _string(call: Any, *arguments: Any) -> str:
    """What PDFium writes as UTF-16 into a buffer whose length it tells first."""
    length = call(*arguments, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
