"""Makes the files that the reader's tests need, good ones and hostile ones. Knows nothing of the readers."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

# Markdown that takes half a minute to read
SLOW = "\n".join(f"- item {n} with *some* `marks` and [a link](x)" for n in range(150_000))


def manual_pdf(
    path: Path,
    chapters: Sequence[tuple[str, Sequence[str]]],
    *,
    outline: bool = True,
    title: str = "",
) -> Path:
    """A manual: one page per chapter with a numbered heading, paragraphs, a running head and a page number."""
    from reportlab.lib.pagesizes import A4
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), pagesize=A4)
    if title:
        canvas.setTitle(title)
    for number, (name, paragraphs) in enumerate(chapters, 1):
        canvas.setFont("Helvetica", 9)
        canvas.drawString(72, 800, "Pump X100 Service Manual")
        canvas.drawCentredString(297, 40, str(number))
        canvas.setFont("Helvetica-Bold", 18)
        canvas.drawString(72, 740, f"{number} {name}")
        if outline:
            canvas.bookmarkHorizontal(name, 0, 758)
            canvas.addOutlineEntry(name, name, 0)
        y = 700
        canvas.setFont("Times-Roman", 11)
        for paragraph in paragraphs:
            for line in paragraph.split("\n"):
                canvas.drawString(72, y, line)
                y -= 13
            y -= 10
        canvas.showPage()
    canvas.save()
    return path


def pdf_of(path: Path, bodies: Sequence[bytes], *, root: int = 1, compress: bool = False) -> Path:
    """A PDF out of raw objects 1, 2, 3...; a body that is a tuple (dictionary, data) becomes a stream."""
    out, places = io.BytesIO(b"%PDF-1.7\n"), []
    out.seek(0, 2)
    for number, body in enumerate(bodies, 1):
        places.append(out.tell())
        if isinstance(body, tuple):
            data = zlib.compress(body[1]) if compress else body[1]
            head = body[0] + (b" /Filter /FlateDecode" if compress else b"")
            body = b"<< %s /Length %d >>\nstream\n%s\nendstream" % (head, len(data), data)
        out.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = out.tell()
    out.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(places) + 1))
    for place in places:
        out.write(b"%010d 00000 n \n" % place)
    out.write(
        b"trailer << /Size %d /Root %d 0 R >>\nstartxref\n%d\n%%%%EOF"
        % (len(places) + 1, root, start)
    )
    path.write_bytes(out.getvalue())
    return path


def one_page_pdf(
    path: Path,
    content: bytes,
    *,
    page: bytes = b"/MediaBox [0 0 612 792]",
    font: bytes = b"",
    extra: Sequence = (),
) -> Path:
    """A PDF with one page: objects are catalog, pages, page, content, font, then ``extra``."""
    font = (
        font or b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"
    )
    return pdf_of(
        path,
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R %s /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>"
            % page,
            (b"", content),
            font,
            *extra,
        ],
    )


def pages_pdf(
    path: Path, contents: Sequence[bytes], *, boxes: bytes = b"/MediaBox [0 0 612 792]"
) -> Path:
    """A PDF with a page for each content stream; all inherit their boxes."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * at) for at in range(len(contents)))
    bodies: list = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%s] /Count %d %s >>" % (kids, len(contents), boxes),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ]
    for at, content in enumerate(contents):
        bodies += [
            b"<< /Type /Page /Parent 2 0 R /Contents %d 0 R /Resources << /Font << /F1 3 0 R >> >> >>"
            % (5 + 2 * at),
            (b"", content),
        ]
    return pdf_of(path, bodies)


def text_content(lines: Sequence[str], x: int = 72, y: int = 700, size: int = 12) -> bytes:
    """A content stream that writes lines below each other."""
    shown = b" ".join(
        b"(%s) Tj T*"
        % line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
        for line in lines
    )
    return b"BT /F1 %d Tf %d TL %d %d Td %s ET" % (size, size + 2, x, y, shown)


def turned_pdf(
    path: Path,
    lines: Sequence[str],
    rotation: int,
    box: tuple[int, int, int, int] = (0, 0, 612, 792),
) -> Path:
    """A page that reads upright as shown, 72 points from the left and 92 from the top of its visible box."""
    left, bottom, right, top = box
    matrix = {
        0: (1, 0, 0, 1, left + 72, top - 92),
        90: (0, 1, -1, 0, left + 92, bottom + 72),
        180: (-1, 0, 0, -1, right - 72, bottom + 92),
        270: (0, -1, 1, 0, right - 92, top - 72),
    }[rotation]
    turn = b"%d %d %d %d %d %d cm " % matrix
    page = b"/MediaBox [%d %d %d %d] /CropBox [%d %d %d %d] /Rotate %d" % (
        left - 30,
        bottom - 20,
        right + 50,
        top + 40,
        *box,
        rotation,
    )
    return one_page_pdf(path, turn + text_content(lines, 0, 0), page=page)


def unicode_font(units: str) -> list:
    """Objects 5 to 8: a font whose codes 1, 2, 3... mean ``units`` (hex UTF-16 each, space-separated), whatever they are."""
    lines = "\n".join(f"<{at:02x}> <{unit}>" for at, unit in enumerate(units.split(), 1))
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(units.split())} beginbfchar\n{lines}\nendbfchar endcmap end end"
    )
    return [
        b"<< /Type /Font /Subtype /TrueType /BaseFont /Helvetica /FirstChar 0 /LastChar 255 /Widths [%s] /ToUnicode 6 0 R >>"
        % (b"500 " * 256),
        (b"", cmap.encode()),
    ]


def scanned_pdf(path: Path, pages: int = 3) -> Path:
    """Pages that hold nothing but an image."""
    from PIL import Image

    images = [Image.new("L", (200, 280), 200 + at) for at in range(pages)]
    images[0].save(path, "PDF", save_all=True, append_images=images[1:])
    return path


def encrypted_pdf(path: Path) -> Path:
    """A PDF that needs a password to be opened."""
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path), encrypt=StandardEncryption("user", "owner"))
    canvas.drawString(72, 700, "secret")
    canvas.save()
    return path


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    """A ZIP archive of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def word_file(
    path: Path, body: str, *, title: str = "", extra: dict[str, str | bytes] | None = None
) -> Path:
    """A DOCX file with this XML as the body of its document (prefix ``w``)."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    kinds = "http://schemas.openxmlformats.org"
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in ("Title", "heading 1", "heading 2", "heading 3")
    )
    members: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{kinds}/package/2006/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
        'ContentType="application/xml"/><Override PartName="/word/document.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{kinds}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{kinds}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{kinds}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{kinds}/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>',
        "word/styles.xml": f"<w:styles {w}>{styles}</w:styles>",
        "word/document.xml": f"<w:document {w}><w:body>{body}</w:body></w:document>",
    }
    if title:
        members["docProps/core.xml"] = (
            f'<cp:coreProperties xmlns:cp="{kinds}/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<dc:title>{title}</dc:title></cp:coreProperties>"
        )
    return zipped(path, members | (extra or {}))


def word_paragraph(text: str, style: str = "") -> str:
    """One paragraph of a DOCX body."""
    properties = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def slides_file(path: Path) -> Path:
    """Two slides: one with a title, points and notes, one with a table and no title."""
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    first = deck.slides.add_slide(deck.slide_layouts[1])
    first.shapes.title.text = "Change the filter"
    first.placeholders[1].text = "Turn the pump off.\nOpen the cover.\nPull the filter out."
    first.notes_slide.notes_text_frame.text = "The filter is washable up to ten times."
    second = deck.slides.add_slide(deck.slide_layouts[6])
    table = second.shapes.add_table(2, 2, Inches(1), Inches(1), Inches(4), Inches(1)).table
    for row, cells in enumerate((("Code", "Meaning"), ("E12", "Filter blocked"))):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    deck.save(str(path))
    return path


def sheets_file(path: Path) -> Path:
    """Two visible sheets, the first with a header row, and a hidden one."""
    from openpyxl import Workbook

    book = Workbook()
    errors = book.active
    errors.title = "Error codes"
    for row in (
        ("Code", "Meaning", "Litres"),
        ("E12", "Filter blocked", 0.1 + 0.2),
        (None, None, None),
        ("E13", "No water", 7),
    ):
        errors.append(row)
    book.create_sheet("Notes").append(["Only a single remark"])
    hidden = book.create_sheet("Internal")
    hidden.append(["secret price"])
    hidden.sheet_state = "hidden"
    book.save(path)
    return path
