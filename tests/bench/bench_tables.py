"""Look-ups in tables, asked of the whole product in nine formats: 81 made tables, 729 questions, a line for each format.

    python tests/bench/bench_tables.py [-v] [FORMAT...]

The same nine tables stand in a manual of each format: names beside figures, spans, captions, heads of two rows with
units, 60 rows of codes, names that stand in two tables, years for heads, no heads. Right is an answer with the value in one sentence or row with the row's name; offered or refused
is no answer; wrong is any other. "unit" is the share of the right answers that show the unit of the head. -v prints each question that is not right with what was answered. Nothing is fitted
to these tables. With the last column, the rows that an answer quotes beside the one asked for: fewer are better.
"""

from __future__ import annotations

import html
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT)]

from chatbot.assistant import ask_once  # noqa: E402
from chatbot.conversations.types import Question  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from knowledge.library import open_library  # noqa: E402
from tests.support.files import word_file, word_paragraph  # noqa: E402
from tests.support.manuals import put  # noqa: E402

SEED, EACH = 20261126, 9  # questions of each table and format
WORDINGS = (
    "What is the {column} of {row}?",
    "{row}: which {column}?",
    "Which {column} does the {row} have?",
    "Tell me the {column} for the {row}.",
)

WITHOUT_HEADS = (
    "What is the {row}?",
    "{row}?",
    "Which {row} does it have?",
    "Tell me the {row}.",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A cell: what it says, and how many columns and rows it covers."""

    text: str
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True)
class Made:
    """A table with ``heads`` rows of heads, and what can be looked up in it: (row, column, value)."""

    name: str
    caption: str
    rows: tuple[tuple[Place, ...], ...]
    heads: int
    facts: tuple[tuple[str, str, str], ...]
    units: tuple[tuple[str, str], ...] = ()  # of a column


def tables() -> list[Made]:
    """The five tables, the same at each call."""
    pick = random.Random(SEED)
    parts = ["Inlet valve", "Drive belt", "Shaft seal", "Fan wheel", "Control board", "Oil pump", "Air filter",
             "Glass cover", "Door hinge", "Heat shield", "Drain plug", "Float switch"]  # fmt: skip
    spares = [(part, f"{pick.randint(100, 999)}-{pick.randint(100, 999)}", f"{pick.randint(11, 99) / 10}",
               f"{pick.randint(2, 9)}") for part in parts]  # fmt: skip
    limits = [(f"KX-{n}", f"{pick.randint(20, 160) / 10}") for n in range(20, 60, 4)]
    codes = []
    for n in range(101, 161):
        what = pick.choice(("filter", "pump", "sensor", "valve", "fan", "heater"))
        why = pick.choice(("blocked", "too hot", "not found", "without power", "worn"))
        do = pick.choice(
            ("Clean it", "Replace it", "Wait ten minutes", "Call the dealer", "Check the plug")
        )
        codes.append((f"E-{n}", f"The {what} is {why}", do, f"{pick.randint(1, 4)}"))  # fmt: skip
    modes = [(mode, f"{pick.randint(20, 99) * 10}", f"{pick.randint(30, 70)}", f"{pick.randint(5, 90)}")
             for mode in ("Eco", "Silent", "Normal", "Turbo", "Defrost", "Standby")]  # fmt: skip
    return [
        _plain("Spare parts", ("Part", "Order number", "Weight (kg)", "Life (years)"), spares),
        _plain("Limits", ("Model", "Largest pressure (bar)"), limits),
        _bolts(pick),
        _plain("Error codes", ("Code", "Cause", "Remedy", "Level"), codes),
        _plain("Modes", ("Mode", "Power (W)", "Noise (dB)", "Time (min)"), modes),
        *_more(pick),
    ]


def _more(pick: random.Random) -> list[Made]:
    """Words only; the names of another table; years for heads; and names beside values without any head."""
    stuffs = [(part, pick.choice(("steel", "brass", "rubber", "nylon")), pick.choice(("red", "black", "white", "blue")))
              for part in ("Housing", "Impeller", "Lever", "Gasket", "Inlet pipe", "Outlet pipe", "Rear foot", "Front foot", "Knob")]  # fmt: skip
    holes = [(f"M{size}", f"{size - 0.8:.1f}", str(size * pick.randint(2, 4))) for size in (4, 5, 6, 8, 10, 12, 14, 16)]  # fmt: skip
    years = [(region, *(f"{pick.randint(11, 99)}" for _ in range(3))) for region in ("Nordic", "Alpine", "Coastal", "Island")]  # fmt: skip
    facts = [("Mains voltage", "230 V"), ("Mains frequency", "50 Hz"), ("Net weight", "12.5 kg"), ("Cable length", "1.8 m"),
             ("Tank volume", "3.2 l"), ("Water pressure", "6 bar"), ("Protection class", "IP44"), ("Fuse rating", "16 A"), ("Oil type", "15W-40")]  # fmt: skip
    cells = tuple(tuple(map(Place, row)) for row in facts)
    specifications = Made("Specifications", "Table: Data of the appliance", cells, 0, tuple((name, "", value) for name, value in facts))  # fmt: skip
    return [
        _plain("Materials", ("Component", "Material", "Colour"), stuffs),
        _plain("Holes", ("Thread", "Drill (mm)", "Depth (mm)"), holes),
        _plain("Filter life by region", ("Region", "2022", "2023", "2024"), years),
        specifications,
    ]


def _plain(name: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Made:
    cells = tuple(tuple(map(Place, row)) for row in (heads, *rows))
    facts = [(row[0], _asked(heads[at]), row[at]) for row in rows for at in range(1, len(heads))]
    units = [(_asked(head), found[1]) for head in heads if (found := re.search(r"\((.+)\)", head))]
    return Made(name, f"Table: {name} of the appliance", cells, 1, tuple(facts), tuple(units))


def _bolts(pick: random.Random) -> Made:
    """A head of two rows, tools for two rows each, and a value for two columns."""
    rows = [(Place("Bolt", 1, 2), Place("Torque (Nm)", 2), Place("Tool", 1, 2)), (Place("dry"), Place("oiled"))]  # fmt: skip
    facts = []
    for at, size in enumerate((4, 5, 6, 8, 10, 12, 14, 16)):
        bolt, tool = f"M{size}", ("Key A", "Key B", "Spanner", "Wrench")[at // 2]
        values = [str(pick.randint(size, 6 * size)), str(pick.randint(size, 5 * size))]
        own = [Place("hand-tight", 2)] if at == 3 else [Place(value) for value in values]
        shown = ["hand-tight"] * 2 if at == 3 else values
        rows.append((Place(bolt), *own, *([Place(tool, 1, 2)] if at % 2 == 0 else [])))
        named = zip(("torque dry", "torque oiled", "tool"), (*shown, tool), strict=True)
        facts += [(bolt, column, value) for column, value in named]
    return Made(
        "Bolts",
        "Table: Torque of the bolts",
        tuple(rows),
        2,
        tuple(facts),
        (("torque dry", "Nm"), ("torque oiled", "Nm")),
    )


def _asked(head: str) -> str:
    return re.sub(r"\s*\(.*\)", "", head).lower()


def write_html(folder: Path, made: Sequence[Made]) -> list[Path]:
    """A page with a table of <th> and <td>."""
    parts = ["<html><head><title>Kestrel K7 manual</title></head><body><h1>Kestrel K7 manual</h1>"]
    for table in made:
        parts.append(f"<h2>{table.name}</h2><table><caption>{table.caption}</caption>")
        for at, row in enumerate(table.rows):
            tag = "th" if at < table.heads else "td"
            cells = "".join(
                f"<{tag} colspan={cell.across} rowspan={cell.down}>{html.escape(cell.text)}</{tag}>"
                for cell in row
            )
            parts.append(f"<tr>{cells}</tr>")
        parts.append("</table>")
    return [_written(folder / "k7.html", "".join(parts))]


def write_markdown(folder: Path, made: Sequence[Made]) -> list[Path]:
    """Pipes; what spans is written at each place, and a head of two rows in one."""
    parts = ["# Kestrel K7 manual"]
    for table in made:
        grid = full(table)
        heads = one_head(grid[: table.heads]) or [""] * len(grid[0])
        lines = [heads, ["---"] * len(heads), *grid[table.heads :]]
        text = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        parts.append(f"## {table.name}\n\n{table.caption}\n\n{text}")
    return [_written(folder / "k7.md", "\n\n".join(parts))]


def write_word(folder: Path, made: Sequence[Made]) -> list[Path]:
    """Tables without a marked head, as most people's are."""
    body = ""
    for table in made:
        body += word_paragraph(table.name, "heading1") + word_paragraph(table.caption)
        owners = _owners(table)
        rows = []
        for at, row in enumerate(owners):
            cells = ""
            for column, (top, left, cell) in enumerate(row):
                if column != left:
                    continue
                begins = ' w:val="restart"' if top == at else ""
                merge = f"<w:vMerge{begins}/>" if cell.down > 1 else ""
                text = word_paragraph(cell.text if top == at else "")
                cells += f'<w:tc><w:tcPr><w:gridSpan w:val="{cell.across}"/>{merge}</w:tcPr>{text}</w:tc>'
            rows.append(f"<w:tr>{cells}</w:tr>")
        body += f"<w:tbl>{''.join(rows)}</w:tbl>"
    return [word_file(folder / "k7.docx", body, title="Kestrel K7 manual")]


def write_slides(folder: Path, made: Sequence[Made]) -> list[Path]:
    """A slide for each table."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    for table in made:
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = table.name
        owners = _owners(table)
        grid = slide.shapes.add_table(len(owners), len(owners[0]), 0, Inches(2), Inches(9), Inches(4)).table  # fmt: skip
        for at, row in enumerate(owners):
            for column, (top, left, cell) in enumerate(row):
                if (top, left) == (at, column):
                    grid.cell(at, column).text = cell.text
                    if cell.across > 1 or cell.down > 1:
                        last = grid.cell(at + cell.down - 1, column + cell.across - 1)
                        grid.cell(at, column).merge(last)
    deck.core_properties.title = "Kestrel K7 manual"
    deck.save(str(folder / "k7.pptx"))
    return [folder / "k7.pptx"]


def write_sheets(folder: Path, made: Sequence[Made]) -> list[Path]:
    """A sheet for each table, its caption above; figures are numbers, and nothing is bold."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for table in made:
        sheet = book.create_sheet(table.name)
        sheet.append([table.caption])
        for at, row in enumerate(_owners(table), 2):
            for column, (top, left, cell) in enumerate(row, 1):
                if (top + 2, left + 1) == (at, column):
                    plain = re.fullmatch(r"\d+(\.\d+)?", cell.text)
                    sheet.cell(at, column, float(cell.text) if plain else cell.text)
                    sheet.cell(at, column).number_format = "0.0" if "." in cell.text else "General"
                    if cell.across > 1 or cell.down > 1:
                        last = sheet.cell(at + cell.down - 1, column + cell.across - 1)
                        sheet.merge_cells(f"{sheet.cell(at, column).coordinate}:{last.coordinate}")
    book.properties.title = "Kestrel K7 manual"
    book.save(folder / "k7.xlsx")
    return [folder / "k7.xlsx"]


def write_csv(folder: Path, made: Sequence[Made]) -> list[Path]:
    """A file for each table, its head in one row."""
    import csv

    paths = []
    for table in made:
        grid = full(table)
        heads = [one_head(grid[: table.heads])] if table.heads else []
        paths.append(folder / f"k7 {table.name.lower()}.csv")
        with paths[-1].open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([*heads, *grid[table.heads :]])
    return paths


def write_pdf(folder: Path, made: Sequence[Made], ruled: bool = True) -> list[Path]:
    """Tables in rules, or without, below headings; long ones go on over pages with their heads."""
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table

    styles = getSampleStyleSheet()
    story: list[Any] = [Paragraph("Kestrel K7 manual", styles["Title"])]
    for table in made:
        story += [Paragraph(table.name, styles["Heading1"]), Paragraph(table.caption, styles["BodyText"]), Spacer(1, 6)]  # fmt: skip
        rules: list[tuple[Any, ...]] = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if ruled else []
        if table.heads:
            rules.append(("FONTNAME", (0, 0), (-1, table.heads - 1), "Helvetica-Bold"))
        grid = []
        for at, row in enumerate(_owners(table)):
            grid.append(["" if (top, left) != (at, column) else cell.text for column, (top, left, cell) in enumerate(row)])  # fmt: skip
            for column, (top, left, cell) in enumerate(row):
                if (top, left) == (at, column) and (cell.across > 1 or cell.down > 1):
                    end = (column + cell.across - 1, at + cell.down - 1)
                    rules.append(("SPAN", (column, at), end))
        story += [Table(grid, style=rules, repeatRows=table.heads), Spacer(1, 20)]
    SimpleDocTemplate(str(folder / "k7.pdf"), title="Kestrel K7 manual").build(story)
    return [folder / "k7.pdf"]


def write_unruled(folder: Path, made: Sequence[Made]) -> list[Path]:
    """The same without rules."""
    return write_pdf(folder, made, ruled=False)


def write_scan(folder: Path, made: Sequence[Made]) -> list[Path]:
    """Pictures of these pages at 300 dpi, a little askew; tesseract reads them."""
    from PIL import Image
    from pypdfium2 import PdfDocument

    from tests.support.scans import scan

    (path,) = write_unruled(folder, made)
    pages = [page.render(scale=300 / 72).to_pil().convert("L") for page in PdfDocument(path)]
    askew = [page.rotate(0.7, Image.Resampling.BICUBIC, fillcolor=255) for page in pages]
    return [scan(folder / "scan.pdf", askew)]


WRITERS: dict[str, Callable[[Path, Sequence[Made]], list[Path]]] = {
    "html": write_html, "markdown": write_markdown, "docx": write_word, "pptx": write_slides,
    "xlsx": write_sheets, "csv": write_csv, "pdf": write_pdf, "unruled": write_unruled, "scan": write_scan,
}  # fmt: skip


def _owners(table: Made) -> list[list[tuple[int, int, Place]]]:
    """At each place the cell that covers it, with the row and column where it begins."""
    places: dict[tuple[int, int], tuple[int, int, Place]] = {}
    for at, row in enumerate(table.rows):
        column = 0
        for cell in row:
            while (at, column) in places:
                column += 1
            for down in range(cell.down):
                for across in range(cell.across):
                    places[at + down, column + across] = (at, column, cell)
    wide = 1 + max(column for _, column in places)
    return [[places[at, column] for column in range(wide)] for at in range(len(table.rows))]


def full(table: Made) -> list[list[str]]:
    """The words at each place."""
    return [[cell.text for _, _, cell in row] for row in _owners(table)]


def one_head(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a head as one: "Torque (Nm), dry"."""
    return [", ".join(dict.fromkeys(column)) for column in zip(*rows, strict=True)]


def _written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


def questions(made: Sequence[Made]) -> list[tuple[str, str, str, str]]:
    """(question, row, value, unit): EACH of a table where it has as many, in the wordings by turns."""
    pick = random.Random(SEED + 1)
    asked = []
    for table in made:
        for row, column, value in pick.sample(table.facts, min(len(table.facts), EACH)):
            wording = WORDINGS[len(asked) % len(WORDINGS)]
            if not column:
                wording = WITHOUT_HEADS[len(asked) % len(WITHOUT_HEADS)]
            shown = wording.format(row=row if column else row.lower(), column=column)
            unit = dict(table.units).get(column, "")
            asked.append((shown[0].upper() + shown[1:], row, value, unit))
    return asked


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<![\w.-]){re.escape(words)}(?![\w-]|\.\d)", text) is not None


def measured(form: str, made: Sequence[Made], verbose: bool) -> Counter[str]:
    """What became of the questions in one format."""
    names = {name for table in made for name, _, _ in table.facts}
    count: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        library = open_library(data)
        for path in WRITERS[form](Path(folder), made):
            job = put(library, path.name, path.read_bytes(), manual=path.stem, product="Kestrel K7")
            assert job.state == "done", job.message
        library.close()
        desk = open_assistant(Settings.load({}, data=data))
        try:
            for asked, row, value, unit in questions(made):
                answer = ask_once(desk, Question(asked, "documents", "", ""), "")
                said = [sentence.text for sentence in answer.sentences]
                right = any(_holds(text, row) and _holds(text, value) for text in said)
                kind = "right" if right else "wrong" if answer.outcome == "answered" else "none"
                count[kind] += 1
                count["with unit"] += bool(unit and right)
                count["unit"] += bool(unit and right and _holds(" ".join(said), unit))
                count["others"] += sum(any(_holds(t, n) for t in said) for n in names - {row})
                if verbose and kind != "right":
                    print(f"   {kind} ({answer.outcome}, {answer.match:.2f}): {asked} -> {value}\n      {' // '.join(said)[:400]}")  # fmt: skip
        finally:
            desk.close()
    return count


def main() -> None:
    verbose = "-v" in sys.argv
    forms = [name for name in sys.argv[1:] if name in WRITERS] or list(WRITERS)
    made, total = tables(), Counter[str]()
    for form in forms:
        count = measured(form, made, verbose)
        total += count
        _print(form, count)
    _print("all", total)


def _print(form: str, count: Counter[str]) -> None:
    asked = count["right"] + count["wrong"] + count["none"]
    print(
        f"{form:9} {count['right']:3} of {asked:3} right ({count['right'] / max(asked, 1):5.1%})  "
        f"{count['wrong']:3} wrong  {count['none']:3} offered or refused  "
        f"{count['unit'] / max(count['with unit'], 1):4.0%} unit  {count['others'] / max(asked, 1):4.1f} other rows",
        flush=True,
    )


if __name__ == "__main__":
    main()
