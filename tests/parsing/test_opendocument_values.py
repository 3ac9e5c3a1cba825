"""No value of an OpenDocument file changes on its way: small type, columns, numbers of lists, what is hidden, what is huge."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.types import Document
from tests.parsing.test_markup import blocks
from tests.parsing.test_opendocument import TWICE, WIDE, cell, odf, rows, style

UP = style("up", properties='style:text-position="super 58%"')
COVERED = "<table:covered-table-cell/>"
TALL = 'table:number-rows-spanned="2"'
COLUMN = "<table:table-column/>"
HIDDEN = '<table:table-column table:visibility="collapse"/>'


def span(name: str, text: str) -> str:
    return f'<text:span text:style-name="{name}">{text}</text:span>'


def said(document: Document, page: int = 1) -> list[str]:
    return [text for _, text in blocks(document, page)]


def test_a_note_and_a_title_keep_raised_figures_and_signs(tmp_path):
    note = f"<text:note><text:note-body><text:p>At most 10{span('up', '3')} Pa, if &lt; 5 °C and a&lt;b.</text:p></text:note-body></text:note>"
    document = odf(tmp_path, "odt", f"<text:p>Press it{note}.</text:p>", UP)
    assert said(document) == ["Press it (At most 10³ Pa, if < 5 °C and a<b.)."]
    title = f'<draw:frame presentation:class="title"><draw:text-box><text:p>Less than 10{span("up", "3")} &lt;b&gt; Pa</text:p></draw:text-box></draw:frame>'
    slide = f"<draw:page>{title}<draw:frame><draw:text-box><text:p>Wait.</text:p></draw:text-box></draw:frame></draw:page>"
    assert said(odf(tmp_path, "odp", slide, UP)) == ["Less than 10³ <b> Pa", "Wait."]


def test_letters_in_a_font_of_signs_are_what_they_show(tmp_path):
    styles = style("s", properties='style:font-name="Symbol1"') + style(
        "t", properties='style:font-name="Arial"'
    )
    nested = f'<text:span text:style-name="s">m{span("t", "W")}</text:span>'
    body = f"<text:p>5 k{span('s', 'W')}, {nested}, {span('s', '&#xf0a3; 9 kg')}</text:p>"
    assert said(odf(tmp_path, "odt", body, styles)) == ["5 kΩ, µW, ≤ 9 kg"]


def test_a_fraction_of_a_sheet_is_read_as_it_is_shown(tmp_path):
    half = '<table:table-cell office:value-type="float" office:value="1.5"><text:p>1 1/2</text:p></table:table-cell>'
    table = (
        f"<table:table>{rows(cell('Pipe') + cell('Inches'), cell('Inlet') + half)}</table:table>"
    )
    assert said(odf(tmp_path, "ods", table)) == ["Pipe | Inches\nInlet | 1 1/2"]


HEAD = rows(cell("Screw") + cell("Torque (Nm)") + cell("Tool"))


@pytest.mark.parametrize("ending", ["odt", "ods"])
@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        # a cell over two columns, the second of which is hidden
        (COLUMN + HIDDEN + COLUMN * 2, rows(cell("M6", WIDE) + COVERED + cell("9") + cell("Key A"))),
        # the first of which is hidden
        (HIDDEN + COLUMN * 3, rows(cell("M6", WIDE) + COVERED + cell("9") + cell("Key A"))),
        # a cell over two rows, the second of which has all its covered cells
        (COLUMN * 3, rows(cell("M5", TALL) + cell("5") + cell("Key Z"), COVERED + cell("9") + cell("Key A"))),
        # the first of which is hidden
        (COLUMN * 3, rows(cell("M6", TALL) + cell("5") + cell("Key Z"), more='table:visibility="collapse"')
            + rows(COVERED + cell("9") + cell("Key A"))),
        # two covered cells written as one
        (COLUMN * 4, rows(cell("M6", 'table:number-columns-spanned="2" table:number-rows-spanned="2"') + COVERED + cell("5") + cell("Key Z"),
            f"<table:covered-table-cell {TWICE}/>" + cell("9") + cell("Key A"))),
    ],
    ids=["hidden behind", "hidden before", "down", "hidden above", "block"],
)  # fmt: skip
def test_values_stay_in_their_columns_whatever_is_merged_or_hidden(
    tmp_path, ending, columns, lines
):
    places = columns.count("table-column")
    head = cell("Screw") + cell("No") * (places - 3) + cell("Torque (Nm)") + cell("Tool")
    header = f"<table:table-header-rows>{rows(head)}</table:table-header-rows>"
    table = f'<table:table table:name="T">{columns}{header}{lines}{rows(cell("M9", f"{TWICE}" if places == 4 else "") + cell("40") + cell("Key C"))}</table:table>'
    text = "\n".join(said(odf(tmp_path, ending, table)))
    assert "Torque (Nm): 9 | Tool: Key A" in text
    assert "Torque (Nm): 40 | Tool: Key C" in text


@pytest.mark.parametrize(
    ("below", "told"),
    [
        # it may be the rest of the table above, and has no labels then: neither its own nor that one's
        ((("Belt", "Length", "Price"), ("K1", "100", "7"), ("K2", "120", "8")), "K1 | 100 | 7"),
        ((("K1", "100", "B"), ("K2", "120", "C")), "K1 | 100 | B"),
        (
            (("Number", "Belt", "Use"), ("1", "red one", "inlet"), ("2", "blue one", "outlet")),
            "Number: 1 | Belt: red one | Use: inlet",
        ),
    ],
)
def test_a_table_below_a_blank_row_never_has_the_head_of_the_one_above(tmp_path, below, told):
    lines = (("Screw", "Torque", "Tool"), ("M6", "9", "A"), ("M8", "22", "B"), (), *below)
    body = rows(*("".join(map(cell, line)) or "<table:table-cell/>" for line in lines))
    text = said(odf(tmp_path, "ods", f'<table:table table:name="T">{body}</table:table>'))
    assert "Screw: M8 | Torque: 22 | Tool: B" in text[0]
    assert told in text[1].split("\n")


def test_the_columns_of_a_table_inside_another_hide_nothing_of_it(tmp_path):
    inner = f"<table:table>{HIDDEN}{COLUMN}{rows(cell('secret') + cell('lid'))}</table:table>"
    outer = f"<table:table>{rows(cell('Part') + cell('Where'))}{rows(cell('Fuse') + f'<table:table-cell>{inner}</table:table-cell>')}</table:table>"
    assert said(odf(tmp_path, "odt", outer)) == ["Part | Where\nFuse | lid"]


def test_cells_below_a_merged_one_are_told_of(tmp_path):
    below = "<table:covered-table-cell><text:p>old</text:p></table:covered-table-cell>"
    body = rows(cell("M6", WIDE) + below + cell("9"), cell("M8") + cell("x") + cell("22"))
    document = odf(tmp_path, "odt", f"<table:table>{body}</table:table>")
    assert "old" not in document.pages[0].text and "M6 | 9" in document.pages[0].text
    assert document.warnings == ("1 cell covered by a merged one was left out.",)


def test_cells_that_have_a_value_and_no_text_are_read(tmp_path):
    values = [
        'office:value-type="float" office:value="1199.50"',
        'office:value-type="percentage" office:value="0.925"',
        'office:value-type="currency" office:currency="EUR" office:value="12.5"',
        'office:value-type="date" office:date-value="2024-03-01"',
        'office:value-type="time" office:time-value="PT01H30M00S"',
        'office:value-type="boolean" office:boolean-value="true"',
        'office:value-type="string" office:string-value="a &lt; b"',
    ]
    line = "".join(f"<table:table-cell {value}/>" for value in values)
    document = odf(tmp_path, "ods", f'<table:table table:name="T">{rows(line)}</table:table>')
    assert said(document) == ["1199.50 | 92.5% | 12.5 EUR | 2024-03-01 | 1:30:00 | yes | a < b"]


def test_shapes_of_a_sheet_stand_beside_its_table(tmp_path):
    box = "<draw:custom-shape><text:p>Keep it dry.</text:p></draw:custom-shape>"
    note = "<draw:frame><draw:text-box><text:p>Wear gloves.</text:p></draw:text-box></draw:frame>"
    table = f'<table:table table:name="T"><table:shapes>{note}</table:shapes>{rows(cell("M6") + f"<table:table-cell>{box}<text:p>9</text:p></table:table-cell>")}</table:table>'
    assert said(odf(tmp_path, "ods", table)) == ["M6 | 9", "Keep it dry.", "Wear gloves."]


def test_what_a_sheet_repeats_too_often_is_told_of(tmp_path):
    many = 'table:number-rows-repeated="1048576"'
    wide = 'table:number-columns-repeated="300"'
    body = rows(cell("M6") + cell("9"), more=many) + rows(cell("7", wide))
    document = odf(tmp_path, "ods", f'<table:table table:name="T">{body}</table:table>')
    assert document.pages[0].text.count("M6") == 200
    assert document.warnings == (
        "44 columns after the first 256 were left out.",
        "1048376 more rows like those before were left out.",
    )


def test_a_sheet_without_end_is_read_in_bounds_and_told_of(tmp_path):
    line = "".join(cell(str(n)) for n in range(100))
    body = rows(*[line] * 26, more='table:number-rows-repeated="200"')
    document = odf(tmp_path, "ods", f'<table:table table:name="T">{body}</table:table>')
    assert document.warnings == ("200 rows after the first 500,000 cells were left out.",)


# Lists


def levels(name: str, *said: str) -> str:
    inner = "".join(
        f'<text:list-level-style-number text:level="{at}" {one}/>' for at, one in enumerate(said, 1)
    )
    return f'<text:list-style style:name="{name}">{inner}</text:list-style>'


def item(*inner: str, more: str = "") -> str:
    return f"<text:list-item {more}>{''.join(inner)}</text:list-item>"


def steps(inner: str, more: str = 'text:style-name="L"') -> str:
    return f"<text:list {more}>{inner}</text:list>"


def p(text: str) -> str:
    return f"<text:p>{text}</text:p>"


def test_a_list_has_the_numbers_that_its_style_gives_it(tmp_path):
    styles = levels(
        "L",
        'style:num-format="1" style:num-suffix="." text:start-value="4"',
        'style:num-format="1" text:display-levels="2"',
        'style:num-format="a" style:num-prefix="(" style:num-suffix=")"',
    )
    deep = steps(item(p("Pull.")) + item(p("Push.")), "")
    inner = steps(item(p("Turn."), deep) + item(p("Lift.")), "")
    other = levels("M", 'style:num-format="i" style:num-suffix=")"')
    body = steps(
        item(p("Open."), inner)
        + item(p("Close."), more='text:start-value="9"')
        + item(p("Wait."))
        + item(p("Stop."), more='text:style-override="M"')
        + item("<text:number>12.</text:number>", p("Rest."))
    )
    document = odf(tmp_path, "odt", body, styles + other)
    assert said(document) == ["4. Open.", "4.1 Turn.", "(a) Pull.", "(b) Push.", "4.2 Lift.", "9. Close.", "10. Wait.", "xi) Stop.", "12. Rest."]  # fmt: skip
    upper = levels(
        "L", 'style:num-format="I" loext:num-list-format="Step %1%:" xmlns:loext="urn:x"'
    )
    assert said(odf(tmp_path, "odt", steps(item(p("Open.")) + item(p("Shut."))), upper)) == ["Step I: Open.", "Step II: Shut."]  # fmt: skip


def test_lists_go_on_where_they_say_so_and_only_there(tmp_path):
    styles = levels("L", *['style:num-format="1" style:num-suffix="."'] * 2) + levels(
        "M", 'style:num-format="a" style:num-suffix=")"'
    )
    wrapped = item(steps(item(p("two b")), ""))
    twice = item(p("two"), *(steps(item(p(f"more {more}")), more) for more in ("", "", 'text:continue-numbering="true"')))  # fmt: skip
    body = (
        steps(item(p("one")) + item(p("two"), steps(item(p("two a")), "")), 'xml:id="x" text:style-name="L"')
        + p("Note.")
        + steps(wrapped + item(p("three")), 'text:style-name="L" text:continue-numbering="true"')
        + steps(item(p("letter")), 'text:style-name="M" text:continue-numbering="true"')
        + steps(item(p("anew")), 'text:style-name="L" text:continue-numbering="true"')
        + steps(item(p("four")), 'text:style-name="L" text:continue-list="x"')
        + steps("<text:list-header><text:p>head</text:p></text:list-header>" + item(p("again")) + twice)
    )  # fmt: skip
    assert said(odf(tmp_path, "odt", body, styles)) == [
        "1. one", "2. two", "1. two a", "Note.", "2. two b", "3. three", "a) letter", "1. anew", "4. four", "head", "1. again", "2. two", "1. more", "1. more", '2. more text:continue-numbering="true"',
    ]  # fmt: skip


def test_headings_have_the_numbers_of_their_chapters(tmp_path):
    outline = "".join(
        f'<text:outline-level-style text:level="{at}" style:num-format="1" text:display-levels="{at}"/>'
        for at in (1, 2)
    )
    named = f'<office:document-styles xmlns:office="urn:o" xmlns:style="urn:s" xmlns:text="urn:t"><office:styles><text:outline-style>{outline}</text:outline-style></office:styles></office:document-styles>'
    styles = (
        style("H", 'style:default-outline-level="1"', family="paragraph")
        + style("H1", 'style:parent-style-name="H"', family="paragraph")
        + style("H2", 'style:parent-style-name="H" style:list-style-name=""', family="paragraph")
    )
    lines = ((1, "Safety", "H"), (1, "Care", "H1"), (1, "Notes", "H2"), (2, "Filter", "H1"), (2, "Tip", "X"), (2, "Seal", "H"), (1, "Parts", 'H" text:restart-numbering="true" text:start-value="7'))  # fmt: skip
    body = "".join(
        f'<text:h text:outline-level="{level}" text:style-name="{name}">{text}</text:h><text:p>About it.</text:p>'
        for level, text, name in lines
    )
    document = odf(tmp_path, "odt", body, styles, **{"styles.xml": named})
    shown = [heading.title for heading in document.headings]
    assert shown == ["1. Safety", "2. Care", "Notes", "2.1 Filter", "Tip", "2.2 Seal", "7. Parts"]
    assert document.title == "a"
    one = '<text:h text:outline-level="1" text:style-name="H">Pump P40</text:h><text:p>About it.</text:p>'
    assert odf(tmp_path, "odt", one, styles, **{"styles.xml": named}).title == "Pump P40"


# Styles and what is hidden


def test_a_style_is_known_by_its_family_and_has_what_its_parents_say(tmp_path):
    styles = (
        style("gone", properties='style:text-line-through-style="solid"')
        + style("T1", 'style:parent-style-name="gone"')
        + style("T2", 'style:parent-style-name="gone"', 'style:text-line-through-style="none"')
        + style("P1", properties='text:display="none"', family="table-cell")
        + style("T3", 'style:parent-style-name="up"', 'fo:color="#000"')
        + style("P2", properties='style:text-line-through-type="single"', family="paragraph")
    )
    body = (
        f'<text:p text:style-name="P1">Hold {span("T1", "not ")}it{span("T2", " down")} for 10{span("T3", "3")} s.</text:p>'
        f'<text:p text:style-name="P2">Never {span("T2", "Stop.")} open it.</text:p>'
    )
    document = odf(tmp_path, "odt", body, UP + styles)
    assert said(document) == ["Hold it down for 10³ s.", "Stop."]
    assert document.warnings == ("2 struck-out pieces of text were left out.",)


def test_a_struck_out_cell_of_a_sheet_is_left_out(tmp_path):
    styles = style("ce1", properties='style:text-line-through-style="solid"', family="table-cell")
    body = rows(
        cell("M6") + cell("9", 'table:style-name="ce1"') + cell("8"),
        cell("M8") + cell("22") + cell("20"),
    )
    document = odf(tmp_path, "ods", f'<table:table table:name="T">{body}</table:table>', styles)
    assert "9" not in document.pages[0].text and "8" in document.pages[0].text
    assert document.warnings == ("1 struck-out piece of text was left out.",)


def test_what_is_hidden_is_left_out_and_counted_and_what_is_not_is_shown(tmp_path):
    body = (
        '<text:section text:display="none"><text:p>Old rule.</text:p></text:section>'
        '<text:section text:display="condition" text:condition="x" text:is-hidden="true"><text:p>Old lamp.</text:p></text:section>'
        '<text:section text:display="condition" text:condition="x"><text:p>New rule.</text:p></text:section>'
        '<text:p><text:hidden-paragraph text:is-hidden="true"/>Old hint.</text:p>'
        '<text:p><text:hidden-paragraph text:is-hidden="false"/>New hint.</text:p>'
        '<text:p>Press <text:hidden-text text:is-hidden="false" text:string-value="START"/> now'
        '<text:hidden-text text:is-hidden="true">or never</text:hidden-text>.</text:p>'
    )
    document = odf(tmp_path, "odt", body)
    assert said(document) == ["New rule.", "New hint.", "Press START now."]
    assert document.warnings == ("4 hidden pieces of text were left out.",)


def test_a_note_and_a_box_in_hidden_text_are_hidden_with_it(tmp_path):
    dark = style("dark", properties='text:display="none"') + style("gone", properties='style:text-line-through-style="solid"')  # fmt: skip
    note = "<text:note><text:note-body><text:p>Old note.</text:p></text:note-body></text:note>"
    box = "<draw:frame><draw:text-box><text:p>Old box.</text:p></draw:text-box></draw:frame>"
    body = (
        f"<text:p>Press it{span('dark', note + box)} now{span('gone', f' never{note}')}.</text:p>"
    )
    document = odf(tmp_path, "odt", body, dark)
    assert said(document) == ["Press it now."]
    assert document.warnings == (
        "1 struck-out piece of text was left out.",
        "1 hidden piece of text was left out.",
    )


def test_readings_and_titles_of_shapes_do_not_run_into_the_text(tmp_path):
    body = (
        "<text:p><text:ruby><text:ruby-base>電源</text:ruby-base><text:ruby-text>でんげん</text:ruby-text></text:ruby>を切る</text:p>"
        "<text:p>Turn 5<draw:line><svg:title>Line 7</svg:title></draw:line> times.</text:p>"
        "<text:p>This is <text:title>the handbook</text:title>.</text:p>"
    )
    assert said(odf(tmp_path, "odt", body)) == [
        "電源 (でんげん)を切る",
        "Turn 5 times.",
        "This is the handbook.",
    ]


def test_fields_of_a_form_are_what_they_show(tmp_path):
    def mark(kind: str, **values: str) -> str:
        params = "".join(
            f'<field:param field:name="{name.rstrip("_")}" field:value="{value}"/>'
            for name, value in values.items()
        )
        kind = f"vnd.oasis.opendocument.field.{kind}"
        space = "urn:openoffice:names:experimental:ooo-ms-interop:xmlns:field:1.0"
        return (
            f'<field:fieldmark xmlns:field="{space}" field:type="{kind}">{params}</field:fieldmark>'
        )

    fuses = {"Dropdown_ListEntry": "10 A", "Dropdown_ListEntry_": "16 A"}
    body = (
        f"<text:p>Fuse {mark('FORMDROPDOWN', **fuses, Dropdown_Selected='1')}, brake"
        f" {mark('FORMCHECKBOX', Checkbox_Checked='true')}, lamp {mark('FORMCHECKBOX')}</text:p>"
    )
    assert said(odf(tmp_path, "odt", body)) == ["Fuse 16 A, brake ☒, lamp ☐"]


def test_a_file_whose_xml_is_broken_says_so(tmp_path: Path):
    document = odf(tmp_path, "odt", "<text:p>Press it.</text:p><text:p>Wait <5 s.</text:p>")
    assert "Press it." in document.pages[0].text
    assert document.warnings == ("The file is damaged inside: some of its text may be missing.",)
