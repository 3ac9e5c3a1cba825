"""What Word shows by codes and by looks alone: fractions in fields, lettering as drawings, figures set higher, readings, signs, fields of
forms, late rows, tables of tabs, white text; and its notes, which belong where they are called.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from typing import Any

from knowledge.parsing.content.grids.cells import Cell
from knowledge.parsing.content.grids.spaced_columns import rows_with_gaps
from knowledge.parsing.content.symbols import field_sign, sign_font, signs_of
from knowledge.parsing.office.numbering import W

_V = "{urn:schemas-microsoft-com:vml}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
_EQUATION = re.compile(r"^\s*EQ\s+(.*)$", re.S | re.I)
_FRACTION = re.compile(r"\\f\s*\(([^()\\]{1,60})[;,]([^()\\]{1,60})\)", re.I)
_ROOT = re.compile(r"\\r\s*\(([^()\\]{0,60}?)(?:[;,]([^()\\]{1,60}))?\)", re.I)
_HEADING = re.compile(r"(<h[1-6]\b.*?</h[1-6]>)", re.S)
_CALL = re.compile(
    r'(?:<sup>){1,2}<a href="#((?:foot|end)note-[\w-]+)" id="[^"]*">(\[\d+\])</a>(?:</sup>){1,2}'
)
_NOTE = re.compile(r'<li id="((?:foot|end)note-[\w-]+)">(.*?<a href="#(?:foot|end)note-ref-[\w-]+">)↑</a>((?:</p>)?</li>)', re.S)  # fmt: skip
_ONE_PARAGRAPH = re.compile(r"<p>((?:(?!</?(?:p|ul|ol|li|table|h\d)\b).)*)<a [^>]*>", re.S)
# What Word shows in a field where nothing is filled in
PROMPT = re.compile(
    r"\s*(?:(?:Click|Tap)\b.{0,20}\bto (?:enter|add|insert|type)\b|(?:Choose|Select) an? (?:item|building block)"
    r"|Klicken\b.{0,30}\bum .{0,30}(?:einzugeben|hinzuzufügen)|Wählen Sie ein(?:e|en)? (?:Element|Datum)"
    r"|Cliquez\b.{0,20}\bpour (?:entrer|ajouter|taper)|Choisissez un élément|Haga clic\b.{0,20}\bpara (?:escribir|agregar)"
    r"|Elija un elemento)",
    re.I,
)
OFF = ("0", "false", "off", "none")  # what switches a property off
RAISED = 4  # half points above the line from which small type is raised
LONGEST_RAISED = 4  # characters


def write_equations(root: Any, run: Callable[[Any, str], Any]) -> int:
    """Put what the EQ and SYMBOL fields of old files show in their place: "1/2", "Ω". Returns how many have no plain form and were left."""
    left = 0
    for code, last in _fields(root):
        if found := _EQUATION.match(code):
            shown = equation(found[1])
            left += not shown
            if shown:
                last.addnext(run(root, shown))
        elif (shown := field_sign(code)) and not _has_result(last):
            last.addnext(run(root, shown))
    return left


def _fields(root: Any) -> Iterator[tuple[str, Any]]:
    """The codes of the fields, each with the last run that holds some of it."""
    for begin in list(root.iter(f"{W}fldChar")):
        if begin.get(f"{W}fldCharType") != "begin" or begin.getparent() is None:
            continue
        code, last = "", begin.getparent()
        for follower in begin.getparent().itersiblings(f"{W}r"):
            if follower.find(f"{W}fldChar") is not None:
                break
            code += "".join(part.text or "" for part in follower.iter(f"{W}instrText"))
            last = follower
        yield code, last


def write_form_fields(root: Any, run: Callable[[Any, str], Any]) -> None:
    """Put the choice that a list of a form shows, and a box with or without its mark, before the field."""
    for begin in list(root.iter(f"{W}fldChar")):
        form, holder = begin.find(f"{W}ffData"), begin.getparent()
        if form is None or holder is None or holder.getparent() is None:
            continue
        if (shown := _form_value(form)) and not _has_result(holder):
            holder.addprevious(run(root, shown))


def clear_prompts(root: Any) -> None:
    """Empty the fields that only say that something may be filled in, and give line ends of the old kind their usual name."""
    for field in root.iter(f"{W}sdt"):
        held = field.find(f"{W}sdtContent")
        if held is None or field.find(f"{W}sdtPr/{W}showingPlcHdr") is None:
            continue
        texts = list(held.iter(f"{W}t"))
        if PROMPT.match("".join(text.text or "" for text in texts)):
            for text in texts:
                text.text = ""
    for end in root.iter(f"{W}cr"):
        end.tag = f"{W}br"


def _form_value(form: Any) -> str:
    """What a field of a form shows; "" for one of text, which the file has as its result."""
    box, choices = form.find(f"{W}checkBox"), form.find(f"{W}ddList")
    if box is not None:
        marks = (box.find(f"{W}{tag}") for tag in ("checked", "default"))
        mark = next((one for one in marks if one is not None), None)
        return "☒" if mark is not None and mark.get(f"{W}val", "1") not in OFF else "☐"
    if choices is None:
        return ""
    named = [entry.get(f"{W}val", "") for entry in choices.iterfind(f"{W}listEntry")]
    marks = (choices.find(f"{W}{tag}") for tag in ("result", "default"))
    told = next((one.get(f"{W}val", "") for one in marks if one is not None), "0")
    return named[int(told)] if told.isdigit() and int(told) < len(named) else ""


def _has_result(begin: Any) -> bool:
    """Does a field, from the run that it begins in, bring the text along that it shows?"""
    for follower in begin.itersiblings(f"{W}r"):
        mark = follower.find(f"{W}fldChar")
        if mark is not None and mark.get(f"{W}fldCharType") == "end":
            return False
        if any((part.text or "").strip() for part in follower.iter(f"{W}t")):
            return True
    return False


def place_rows(root: Any) -> None:
    """Give rows of tables that begin some columns late an empty cell there."""
    for late in list(root.iter(f"{W}gridBefore")):
        row, told = late.getparent().getparent(), late.get(f"{W}val", "")
        first = row.find(f"{W}tc") if row is not None else None
        if first is None or not told.isdigit() or not int(told):
            continue
        cell = row.makeelement(f"{W}tc", {})
        properties = cell.makeelement(f"{W}tcPr", {})
        properties.append(cell.makeelement(f"{W}gridSpan", {f"{W}val": told}))
        cell.extend([properties, cell.makeelement(f"{W}p", {})])
        first.addprevious(cell)


def join_cells(root: Any) -> None:
    """Make one cell that spans of those that old files call merged with the cell before them."""
    for mark in list(root.iter(f"{W}hMerge")):
        properties = mark.getparent()
        cell = properties.getparent()
        first = cell.getprevious() if cell is not None else None
        if mark.get(f"{W}val", "continue") == "restart" or first is None or first.tag != cell.tag:
            continue
        if (shown := first.find(f"{W}tcPr")) is None:
            shown = first.makeelement(f"{W}tcPr", {})
            first.insert(0, shown)
        if (span := shown.find(f"{W}gridSpan")) is None:
            span = shown.makeelement(f"{W}gridSpan", {f"{W}val": "1"})
            shown.append(span)
        own = properties.find(f"{W}gridSpan")
        wide = [each.get(f"{W}val", "") for each in (span, own) if each is not None]
        sizes = [int(each) if each.isdigit() else 1 for each in wide]
        span.set(f"{W}val", str(sum(sizes) + (own is None)))
        first.extend(child for child in list(cell) if any(t.text for t in child.iter(f"{W}t")))
        cell.getparent().remove(cell)


def equation(code: str) -> str:
    """The code of an EQ field as a line, or ""."""
    line = _FRACTION.sub(lambda m: f"{_term(m[1])}/{_term(m[2])}", code)
    line = _ROOT.sub(
        lambda m: f"√({m[2]})" if m[2] and not m[1].strip() else f"√({m[1]})" if not m[2] else m[0],
        line,
    )
    return "" if "\\" in line else " ".join(line.split())


def _term(text: str) -> str:
    text = text.strip()
    return f"({text})" if re.search(r"[+−–\s-]", text) else text


def write_readings(root: Any) -> None:
    """Put words that have small signs above them, which say how they are read, in the line: the word, the reading in brackets."""
    for ruby in list(root.iter(f"{W}ruby")):
        base, reading = (
            "".join(t.text or "" for part in ruby.iterfind(f"{W}{tag}") for t in part.iter(f"{W}t"))
            for tag in ("rubyBase", "rt")
        )
        told = f" ({reading})" if base.strip() and reading.strip() else ""
        holder = ruby.makeelement(f"{W}t", {f"{_XML}space": "preserve"})
        holder.text = base + told
        ruby.getparent().replace(ruby, holder)


def write_signs(root: Any) -> None:
    """Put what runs in a font of signs show in the place of their letters."""
    for fonts in root.iter(f"{W}rFonts"):
        run = fonts.getparent().getparent()
        font = sign_font(fonts.get(f"{W}ascii") or fonts.get(f"{W}hAnsi") or "")
        if font and run is not None and run.tag == f"{W}r":
            for part in run.iterfind(f"{W}t"):
                part.text = signs_of(part.text or "", font)


def letterings(root: Any) -> Iterator[tuple[Any, str]]:
    """(the paragraph it is anchored in, its words) of lettering that is drawn."""
    for path in root.iter(f"{_V}textpath"):
        anchor = next(path.iterancestors(f"{W}p"), None)
        if anchor is not None and path.get("string", "").strip():
            yield anchor, path.get("string", "")


def raise_small_type(root: Any) -> None:
    """Short runs that stand higher in smaller type become superscripts by name."""
    for properties in root.iter(f"{W}rPr"):
        run, place = properties.getparent(), properties.find(f"{W}position")
        if place is None or run.tag != f"{W}r" or properties.find(f"{W}vertAlign") is not None:
            continue
        told = place.get(f"{W}val", "")
        text = "".join(t.text or "" for t in run.iter(f"{W}t"))
        if (
            told.isdigit()
            and int(told) >= RAISED
            and 0 < len(text.strip()) <= LONGEST_RAISED
            and properties.find(f"{W}sz") is not None
        ):
            properties.append(properties.makeelement(f"{W}vertAlign", {f"{W}val": "superscript"}))


def is_white_on_white(run: Any) -> bool:
    """Is a run white where nothing gives it a ground of another colour: outside tables, boxes and shaded paragraphs?"""
    colour = run.find(f"{W}rPr/{W}color")
    if colour is None or colour.get(f"{W}val", "").upper() != "FFFFFF":
        return False
    inner = run.find(f"{W}rPr")
    if any(inner.find(f"{W}{tag}") is not None for tag in ("shd", "highlight", "rStyle")):
        return False
    for owner in run.iterancestors():
        if owner.tag in (f"{W}tbl", f"{W}txbxContent"):
            return False
        if owner.tag == f"{W}p" and (
            owner.find(f"{W}pPr/{W}shd") is not None or owner.find(f"{W}pPr/{W}pStyle") is not None
        ):
            return False
    return _is_plain_ground(run)


def _is_plain_ground(run: Any) -> bool:
    """Has the document no background of its own?"""
    return run.getroottree().getroot().find(f"{W}background") is None


def write_tables_of_tabs(root: Any) -> None:
    """Make tables of paragraphs whose words stand at the same stops of tabs, where a value is missing among them."""
    group: list[Any] = []
    for paragraph in [*root.iter(f"{W}p"), None]:
        if group and (
            paragraph is None
            or paragraph.getprevious() is not group[-1]
            or _stops(paragraph) != _stops(group[0])
        ):
            _make_table(group)
            group = []
        if paragraph is not None and len(_stops(paragraph)) > 1:
            group.append(paragraph)


def _stops(paragraph: Any) -> tuple[str, ...]:
    """Where the tabs of a paragraph of a table may end; () where it has no tab, or is an item or a heading."""
    properties = paragraph.find(f"{W}pPr")
    tabs = list(paragraph.iter(f"{W}tab"))
    own = paragraph.findall(f"{W}r/{W}tab")
    if properties is None or properties.find(f"{W}numPr") is not None or not own:
        return ()
    stops = [stop for stop in tabs if stop.getparent().tag == f"{W}tabs"]
    plain = all(stop.get(f"{W}leader", "none") == "none" for stop in stops)
    plain = plain and paragraph.find(f"{W}r/{W}br") is None
    known = len(stops) + len(own) == len(tabs) and len(own) <= len(stops)
    return tuple(stop.get(f"{W}pos", "") for stop in stops) if plain and known else ()


def _make_table(paragraphs: list[Any]) -> None:
    wide = 1 + max(len(one.findall(f"{W}r/{W}tab")) for one in paragraphs)
    parted = [_parted(one, wide) for one in paragraphs]
    texts = [
        ["".join(t.text or "" for t in p.iter(f"{W}t")).strip() for p in row] for row in parted
    ]
    if wide < 3 or len(texts) < 3 or not rows_with_gaps([list(map(Cell, row)) for row in texts]):
        return
    first = paragraphs[0]
    table = first.makeelement(f"{W}tbl", {})
    for at, cells in enumerate(parted):
        row = table.makeelement(f"{W}tr", {})
        if not at and not texts[0][0]:
            properties = row.makeelement(f"{W}trPr", {})
            properties.append(row.makeelement(f"{W}tblHeader", {}))
            row.append(properties)
        for paragraph in cells:
            cell = row.makeelement(f"{W}tc", {})
            cell.append(paragraph)
            row.append(cell)
        table.append(row)
    first.addprevious(table)
    for paragraph in paragraphs:
        paragraph.getparent().remove(paragraph)


def _parted(paragraph: Any, wide: int) -> list[Any]:
    """The paragraph as one for each cell, cut at its tabs."""
    cells = [paragraph.makeelement(f"{W}p", {}) for _ in range(wide)]
    at = 0
    for child in paragraph:
        if child.tag == f"{W}pPr":
            continue
        if child.find(f"{W}tab") is None:
            cells[at].append(deepcopy(child))
            continue
        looks = child.find(f"{W}rPr")
        run = None
        for part in child:
            if part.tag == f"{W}tab":
                at, run = at + 1, None
            elif part.tag != f"{W}rPr":
                if run is None:
                    run = child.makeelement(f"{W}r", {})
                    run.extend([] if looks is None else [deepcopy(looks)])
                    cells[at].append(run)
                run.append(deepcopy(part))
    return cells


def with_notes_in_place(html: str) -> str:
    """mammoth's HTML with each note of a paragraph in brackets where it is called; others, and those of headings, by their numbers."""
    told: dict[str, str] = {}
    for note in _NOTE.finditer(html):
        alone = _ONE_PARAGRAPH.fullmatch(note[2])
        told[note[1]] = alone[1].strip() if alone else ""
    numbers: dict[str, str] = {}

    def called(call: re.Match[str]) -> str:
        if text := told.get(call[1], ""):
            return f" ({text})"
        numbers[call[1]] = call[2]
        return call[0]

    parts = _HEADING.split(html)
    for at in range(1, len(parts), 2):
        numbers.update(_CALL.findall(parts[at]))
    made = "".join(part if at % 2 else _CALL.sub(called, part) for at, part in enumerate(parts))
    return _NOTE.sub(lambda m: _listed(m, numbers.get(m[1], "")), made)


def _listed(note: re.Match[str], number: str) -> str:
    text = note[2].rpartition("<a ")[0]
    begun = "<p>" if text.startswith("<p>") else ""
    return f"<li>{begun}{number} {text.removeprefix('<p>')}{note[3]}" if number else ""
