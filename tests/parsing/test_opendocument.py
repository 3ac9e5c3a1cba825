"""OpenDocument files (ODT, ODS, ODP) and electronic books (EPUB): what they show is read, what they hide is counted."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from knowledge.errors import EncryptedFile, UnreadableFile
from knowledge.parsing import read_file
from knowledge.types import Document
from tests.parsing.test_markup import blocks

SPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{place}"'
    for name, place in {
        "office": "office:1.0", "text": "text:1.0", "table": "table:1.0", "style": "style:1.0", "draw": "drawing:1.0",
        "fo": "xsl-fo-compatible:1.0", "presentation": "presentation:1.0", "svg": "svg-compatible:1.0",
    }.items()
)  # fmt: skip
KINDS = {"odt": "text", "ods": "spreadsheet", "odp": "presentation"}


def odf(folder: Path, ending: str, body: str, styles: str = "", **members: str) -> Document:
    """Read an OpenDocument file with this body."""
    content = (
        f"<office:document-content {SPACES}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:{KINDS[ending]}>{body}</office:{KINDS[ending]}></office:body></office:document-content>"
    )
    path = folder / f"a.{ending}"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{KINDS[ending]}")
        archive.writestr("content.xml", content)
        for name, text in members.items():
            archive.writestr(name.replace("__", "/"), text)
    return read_file(path, f"a.{ending}")


def style(name: str, more: str = "", properties: str = "", family: str = "text") -> str:
    inner = f"<style:text-properties {properties}/>" if properties else ""
    return f'<style:style style:name="{name}" style:family="{family}" {more}>{inner}</style:style>'


NUMBERED = '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/></text:list-style>'


TWICE, WIDE = 'table:number-columns-repeated="2"', 'table:number-columns-spanned="2"'


def cell(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}><text:p>{text}</text:p></table:table-cell>"


def rows(*lines: str, more: str = "") -> str:
    return "".join(f"<table:table-row {more}>{line}</table:table-row>" for line in lines)


def test_a_text_has_its_title_headings_lists_and_tables(tmp_path):
    items = "".join(
        f"<text:list-item><text:p>{step}</text:p></text:list-item>"
        for step in ("Open it.", "Rinse it.")
    )
    body = (
        '<text:p text:style-name="P1">Pump P40</text:p><text:h text:outline-level="1">Care</text:h>'
        f'<text:list text:style-name="L1">{items}</text:list><text:p>Wait<text:s text:c="2"/>a minute.</text:p>'
        '<text:list text:style-name="L1" text:continue-numbering="true"><text:list-item><text:p>Close it.</text:p></text:list-item></text:list>'
        "<text:list><text:list-item><text:p>A cloth</text:p></text:list-item></text:list>"
        f"<table:table>{rows(cell('Part') + cell('Torque'))}{rows(cell('M6') + cell('9 Nm'), cell('M8') + cell('22 Nm'))}</table:table>"
    )
    document = odf(
        tmp_path,
        "odt",
        body,
        style("P1", 'style:parent-style-name="Title"', family="paragraph")
        + style("Title", family="paragraph")
        + NUMBERED,
    )
    assert document.title == "Pump P40"
    assert blocks(document) == [
        ("heading", "Pump P40"), ("heading", "Care"), ("item", "1. Open it."), ("item", "2. Rinse it."), ("text", "Wait a minute."),
        ("item", "3. Close it."), ("item", "A cloth"), ("table", "Part | Torque\nM6 | 9 Nm\nM8 | 22 Nm"),
    ]  # fmt: skip


def test_small_type_stays_small_and_what_is_not_there_is_left_out(tmp_path):
    styles = (
        style("up", properties='style:text-position="super 58%"')
        + style("down", properties='style:text-position="-33% 58%"')
        + style("gone", properties='style:text-line-through-style="solid"')
        + style("dark", properties='text:display="none"')
    )
    body = (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Never say this.</text:p></text:deletion></text:changed-region></text:tracked-changes>"
        '<text:p>Press for 10<text:span text:style-name="up">3</text:span> ms with CO<text:span text:style-name="down">2</text:span>'
        '<text:span text:style-name="gone">not </text:span><text:span text:style-name="dark">secret</text:span>'
        "<office:annotation><text:p>Is that so?</text:p></office:annotation>"
        "<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>At 20 °C &lt; 30 °C.</text:p></text:note-body></text:note>.</text:p>"
    )
    document = odf(tmp_path, "odt", body, styles)
    assert blocks(document) == [("text", "Press for 10³ ms with CO₂ (At 20 °C < 30 °C.).")]
    assert document.warnings == (
        "1 struck-out piece of text was left out.",
        "1 hidden piece of text was left out.",
        "1 comment was left out.",
    )


def test_boxes_pictures_and_objects(tmp_path):
    body = (
        "<text:p>See<draw:frame><draw:text-box><text:p>Keep children away.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:p><draw:frame><draw:image/><svg:desc>The valve stands at the left of the motor</svg:desc></draw:frame></text:p>"
        "<text:p><draw:frame><draw:object/></draw:frame>Then go on.</text:p>"
    )
    document = odf(tmp_path, "odt", body)
    text = document.pages[0].text
    for said in ("Keep children away.", "The valve stands at the left of the motor", "Then go on."):
        assert text.count(said) == 1
    assert document.warnings == ("1 embedded object (charts, formulas) was not read.",)


def test_sheets_are_tables_without_what_is_hidden(tmp_path):
    head = f"<table:table-header-rows>{rows(cell('Code') + cell('Cause') + cell('x'))}</table:table-header-rows>"
    columns = '<table:table-column table:number-columns-repeated="2"/><table:table-column table:visibility="collapse"/>'
    body = (
        f'<table:table table:name="Faults">{columns}{head}'
        + rows(cell("E1") + cell("No water") + cell("secret"))
        + rows(cell("E2") + cell("Lid open") + cell("secret"), more='table:visibility="collapse"')
        + rows(
            cell("E3")
            + cell("Too hot")
            + "<table:table-cell table:number-columns-repeated='1000'/>"
        )
        + rows("<table:table-cell/>", more='table:number-rows-repeated="1048000"')
        + f'</table:table><table:table table:name="Old" table:style-name="T0">{rows(cell("E9"))}</table:table>'
        + f'<table:table table:name="Sizes">{rows(cell("Small") + cell("3", TWICE))}</table:table>'
    )
    hidden = '<style:style style:name="T0" style:family="table"><style:table-properties table:display="false"/></style:style>'
    document = odf(tmp_path, "ods", body, hidden)
    assert blocks(document) == [
        ("heading", "Faults"),
        ("table", "Code | Cause\nE1 | No water\nE3 | Too hot"),
    ]
    assert blocks(document, 2)[0] == ("heading", "Sizes")
    assert "Small" in document.pages[1].text and document.pages[1].text.count("3") == 2
    assert "secret" not in document.pages[0].text and document.title == "a"
    assert document.warnings == (
        "1 hidden sheet or slide was left out.",
        "2 hidden rows or columns were left out.",
    )


@pytest.mark.parametrize("times", ["-5", "x", "", "9" * 30])
def test_a_number_that_is_none_repeats_nothing(tmp_path, times):
    more = f'table:number-columns-repeated="{times}"'
    body = f'<table:table table:name="A">{rows(cell("Press the key.", more))}</table:table>'
    assert odf(tmp_path, "ods", body).pages[0].text.count("Press the key.") == 1


def test_spans_of_a_table_are_kept(tmp_path):
    table = (
        f"<table:table-header-rows>{rows(cell('Screw') + cell('Torque', WIDE) + '<table:covered-table-cell/>')}"
        f"{rows(cell('') + cell('dry') + cell('oiled'))}</table:table-header-rows>{rows(cell('M6') + cell('9') + cell('7'))}"
    )
    document = odf(tmp_path, "odt", f"<table:table>{table}</table:table>")
    (said,) = [text for kind, text in blocks(document) if kind == "table"]
    assert "dry: 9" in said.replace("Torque, ", "").replace("Torque ", "") and "oiled: 7" in said


def test_slides_are_pages_with_their_notes(tmp_path):
    def slide(title: str, text: str, more: str = "") -> str:
        return (
            f'<draw:page {more}><draw:frame presentation:class="title"><draw:text-box><text:p>{title}</text:p></draw:text-box></draw:frame>'
            f"<draw:frame><draw:text-box><text:p>{text}</text:p></draw:text-box></draw:frame>"
            f'<presentation:notes><draw:frame presentation:class="notes"><draw:text-box><text:p>Say {title}.</text:p></draw:text-box></draw:frame></presentation:notes></draw:page>'
        )

    hidden = '<style:style style:name="dp2" style:family="drawing-page"><style:drawing-page-properties presentation:visibility="hidden"/></style:style>'
    body = (
        slide("Start", "Press ON.")
        + slide("Old", "Press OFF.", 'draw:style-name="dp2"')
        + slide("Stop", "Pull the plug.")
    )
    document = odf(tmp_path, "odp", body, hidden)
    assert [blocks(document, page) for page in (1, 2)] == [
        [("heading", "Start"), ("text", "Press ON."), ("text", "Say Start.")],
        [("heading", "Stop"), ("text", "Pull the plug."), ("text", "Say Stop.")],
    ]
    assert document.warnings == ("1 hidden sheet or slide was left out.",)


def test_a_protected_or_damaged_file_is_refused_in_words(tmp_path):
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    with pytest.raises(EncryptedFile, match="password"):
        odf(tmp_path, "odt", "<text:p>x</text:p>", **{"META-INF__manifest.xml": manifest})
    with pytest.raises(UnreadableFile):
        odf(tmp_path, "odt", "", **{"styles.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'})


def book(folder: Path, names: tuple[str, ...], more: dict[str, str]) -> Path:
    items = "".join(f'<item id="{name}" href="text/{name}.xhtml"/>' for name in sorted(names))
    order = "".join(f'<itemref idref="{name}"/>' for name in ("nav", *names))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata><title xmlns="http://purl.org/dc/elements/1.1/">Kestrel handbook</title></metadata>'
        f'<manifest><item id="nav" href="nav.xhtml" properties="nav"/>{items}</manifest><spine>{order}</spine></package>'
    )
    container = (
        '<container><rootfiles><rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    path = folder / "book.epub"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        archive.writestr(
            "OEBPS/nav.xhtml", "<html><body><a href='text/b.xhtml'>All chapters</a></body></html>"
        )
        for name in names:
            archive.writestr(
                f"OEBPS/text/{name}.xhtml",
                f"<html><body><h1>Part {name}</h1><p>About {name}.</p></body></html>",
            )
        for name, text in more.items():
            archive.writestr(name, text)
    return path


def test_a_book_is_read_in_its_own_order_without_its_contents_page(tmp_path):
    document = read_file(book(tmp_path, ("b", "a", "c"), {}), "book.epub")
    assert document.title == "Kestrel handbook"
    assert [heading.title for heading in document.headings] == ["Part b", "Part a", "Part c"]
    assert "All chapters" not in "".join(page.text for page in document.pages)


def test_a_book_that_is_protected_against_copying_is_refused_in_words(tmp_path):
    locked = {"META-INF/encryption.xml": "<encryption><EncryptedKey/></encryption>"}
    with pytest.raises(EncryptedFile, match="protected against copying"):
        read_file(book(tmp_path, ("a",), locked), "book.epub")


WHITE = style("W", "", 'fo:color="#FFFFFF"')
DARK = (
    '<style:style style:name="D" style:family="paragraph"><style:paragraph-properties fo:background-color="#003366"/>'
    "</style:style>"
)


def test_white_text_is_left_out_where_nothing_is_behind_it(tmp_path):
    secret = '<text:span text:style-name="W">Margin 40 %.</text:span>'
    document = odf(tmp_path, "odt", f"<text:p>Open it. {secret}</text:p>", WHITE)
    assert blocks(document) == [("text", "Open it.")]
    assert document.warnings == ("1 white piece of text was left out.",)


@pytest.mark.parametrize(
    ("ending", "body", "pages"),
    [
        ("odt", '<text:p text:style-name="D">{}</text:p>', ""),
        ("odt", '<text:p><text:span text:style-name="G">{}</text:span></text:p>', ""),
        ("odt", "<table:table><table:table-row><table:table-cell><text:p>{}</text:p></table:table-cell></table:table-row></table:table>", ""),
        ("odt", "<text:p><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></text:p>", ""),
        ("odt", "<text:p>{}</text:p>", '<style:page-layout style:name="p"><style:page-layout-properties fo:background-color="#000000"/></style:page-layout>'),
        ("odp", "<draw:page><draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame></draw:page>", ""),
    ],
    ids=["dark paragraph", "dark words", "cell", "box", "dark page", "slide"],
)  # fmt: skip
def test_white_text_on_a_colour_is_read(tmp_path, ending, body, pages):
    shown = '<text:span text:style-name="W">Use soap.</text:span>'
    dark = style("G", "", 'fo:background-color="#003366"')
    named = f"<office:document-styles {SPACES}><office:automatic-styles>{pages}</office:automatic-styles></office:document-styles>"
    document = odf(tmp_path, ending, body.format(shown), f"{WHITE}{DARK}{dark}", **{"styles.xml": named})  # fmt: skip
    assert any("Use soap." in text for _, text in blocks(document)) and document.warnings == ()
