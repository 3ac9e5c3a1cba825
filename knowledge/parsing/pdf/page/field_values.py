"""What is filled in on a PDF page, and texts that were put on it, which its own text does not hold.

A value whose label stands before it is written behind the label, where a person reads it: "Set pressure: 2.8 bar". The others
have no place in the page's text and come at its end.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from knowledge.parsing.clean import harmless
from knowledge.parsing.pdf.lines import Line, PageLines
from knowledge.parsing.pdf.page.page_extras import append_text

_FIELD, _FREE_TEXT, _COMMENT = 20, 3, 1
_CHECK_BOX, _RADIO, _TEXT_KINDS = 2, 3, (4, 5, 6)
MOST_FIELDS, MOST_OPTIONS = 2000, 500
LONGEST_LABEL = 80  # characters


@dataclass(frozen=True, slots=True)
class _Told:
    """A value, its name in the file, and the line that is its label on the page."""

    value: str
    name: str = ""
    label: Line | None = None


def add_field_values(page: Any, formenv: Any, into: PageLines, in_place: bool = True) -> None:
    """Write what is filled in on a page, and texts that were put on it, into its text.

    Without ``in_place`` all stand behind the page's own text, as in texts that were stored long ago.
    """
    for told in _values(page, formenv, into):
        if in_place and told.label is not None and not (told.label.filled or into.words):
            _write_behind(told.label, told.value, into)
            continue
        label = told.name or (told.label.text if told.label else "")
        label = label.strip(" :")
        named = bool(label) and len(label) < LONGEST_LABEL
        append_text(into, f"{label}: {told.value}" if named else told.value, "item")


def _write_behind(label: Line, value: str, into: PageLines) -> None:
    """Write a value behind the line that is its label, and move what follows."""
    at = label.end
    added = f" {value}" if label.text[-1] in ":=?" else f": {value}"
    if into.places is None:
        into.places = list(range(len(into.raw)))
    into.raw = into.raw[:at] + added + into.raw[at:]
    into.places[at:at] = [-1] * len(added)
    for line in into.lines:
        if line.start >= at:
            line.start, line.end = line.start + len(added), line.end + len(added)
    into.extras[:] = [
        replace(one, start=one.start + len(added), end=one.end + len(added))
        if one.start >= at
        else one
        for one in into.extras
    ]
    label.end, label.text, label.filled = at + len(added), label.text + added, True


def _values(page: Any, formenv: Any, into: PageLines) -> Iterator[_Told]:
    from pypdfium2 import raw

    for index in range(min(raw.FPDFPage_GetAnnotCount(page), MOST_FIELDS)):
        note = raw.FPDFPage_GetAnnot(page, index)
        try:
            kind = raw.FPDFAnnot_GetSubtype(note)
            told = _Told("")
            if kind == _FIELD and formenv is not None:
                told = _field(note, formenv, into)
            elif kind == _FREE_TEXT:
                told = _Told(_string(raw.FPDFAnnot_GetStringValue, note, b"Contents"))
            else:
                into.comments += kind == _COMMENT
        finally:
            raw.FPDFPage_CloseAnnot(note)
        value, name = (" ".join(harmless(text).split()) for text in (told.value, told.name))
        if value:
            yield _Told(value, name, told.label)


def _field(note: Any, formenv: Any, into: PageLines) -> _Told:
    from pypdfium2 import raw

    kind = raw.FPDFAnnot_GetFormFieldType(formenv, note)
    value = _string(raw.FPDFAnnot_GetFormFieldValue, formenv, note).strip()
    ticked = kind in (_CHECK_BOX, _RADIO)
    if ticked:
        value = "" if value in ("", "Off") else "yes" if value in ("Yes", "On", "1") else value
    elif kind not in _TEXT_KINDS:
        return _Told("")
    if chosen := _chosen(note, formenv):
        value = ", ".join(chosen)
    if not value:
        return _Told("")
    name = _string(raw.FPDFAnnot_GetFormFieldAlternateName, formenv, note).strip()
    label = _label(note, into)
    if label is not None and (ticked or not _is_named(label, name)):
        return _Told(value, name or label.text)
    own = "" if label is not None else _string(raw.FPDFAnnot_GetFormFieldName, formenv, note)
    return _Told(value, name or own, label)


def _is_named(label: Line, name: str) -> bool:
    """Is a line the label of a field that has a name: it says that it is one, or the same?"""
    text = label.text.strip(" :")
    if not text or len(text) >= LONGEST_LABEL:
        return False
    return not name or label.text.rstrip().endswith(":") or name.strip(" :") == text


def _chosen(note: Any, formenv: Any) -> list[str]:
    """What is chosen of a list of which several may be, in its order; [] where one at most is: it is the field's value."""
    from pypdfium2 import raw

    count = min(raw.FPDFAnnot_GetOptionCount(formenv, note), MOST_OPTIONS)
    places = [at for at in range(count) if raw.FPDFAnnot_IsOptionSelected(formenv, note, at)]
    labels = (_string(raw.FPDFAnnot_GetOptionLabel, formenv, note, at).strip() for at in places)
    return list(filter(None, labels)) if len(places) > 1 else []


def _label(note: Any, into: PageLines) -> Line | None:
    """The line that stands before a field on its height, or close above it."""
    from pypdfium2 import raw

    box = raw.FS_RECTF()
    if into.turned or not raw.FPDFAnnot_GetRect(note, box):
        return None
    left, bottom, top = (
        box.left - into.origin[0],
        box.bottom - into.origin[1],
        box.top - into.origin[1],
    )
    beside = [
        line
        for line in into.lines
        if line.right <= left + 3 and bottom - 4 <= line.y + line.size / 2 <= top + 4
    ]
    if beside:
        return max(beside, key=lambda line: line.right)
    above = [line for line in into.lines if 0 <= line.y - top < 6 and abs(line.left - left) < 6]
    return above[0] if above else None


def _string(call: Any, *arguments: Any) -> str:
    """What PDFium writes as UTF-16 into a buffer whose length it tells first."""
    length = call(*arguments, None, 0)
    if length <= 2:
        return ""
    buffer = ctypes.create_string_buffer(length)
    call(*arguments, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    return buffer.raw[: length - 2].decode("utf-16-le", "replace")
