"""What Office files really say: automatic numbers, boxes, formulas, charts, number formats; and what is hidden or struck."""

from __future__ import annotations

import zipfile

import pytest

from knowledge.errors import NoText
from knowledge.library import open_library
from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, section_paths
from tests.support.files import word_file, word_paragraph
from tests.support.manuals import put

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
KINDS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def word(tmp_path, body: str, **extra: str):
    members = {f"word/{name.replace('__', '/')}.xml": text for name, text in extra.items()}
    return read_file(word_file(tmp_path / "a", body, extra=members), "pump.docx")


def run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def words(document, page: int = 1) -> list[str]:
    return [text for _, text in blocks(document, page)]


LEVELS = (
    '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    '<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
)
STEPS = '<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%1)"/></w:lvl>'


def numbered(text: str, number: int, level: int, style: str = "") -> str:
    mark = f'<w:pStyle w:val="{style}"/>' if style else ""
    place = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return f"<w:p><w:pPr>{mark}{place}</w:pPr>{run(text)}</w:p>"


def test_automatic_numbers_of_headings_and_steps_are_text(tmp_path):
    numbering = (
        f'<w:numbering {W}><w:abstractNum w:abstractNumId="5">{LEVELS}</w:abstractNum>'
        f'<w:abstractNum w:abstractNumId="6">{STEPS}</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="5"/></w:num>'
        '<w:num w:numId="2"><w:abstractNumId w:val="6"/></w:num></w:numbering>'
    )
    body = (
        numbered("Safety", 1, 0, "heading1")
        + word_paragraph("Take care.")
        + numbered("Setup", 1, 0, "heading1")
        + numbered("Mounting", 1, 1, "heading2")
        + numbered("Lift it.", 2, 0)
        + word_paragraph("See 2.1.")
        + numbered("Lower it.", 2, 0)
        + numbered("Wiring", 1, 1, "heading2")
    )
    document = word(tmp_path, body, numbering=numbering)
    assert section_paths(document) == [
        "1 Safety", "2 Setup", "2 Setup > 2.1 Mounting", "2 Setup > 2.2 Wiring",
    ]  # fmt: skip
    assert ("item", "c) Lift it.") in blocks(document) and "d) Lower it." in words(document)


SEEN = '<w:vanish w:val="0"/>'
RAISED = '<w:vertAlign w:val="superscript"/>'


def test_deleted_struck_and_hidden_words_are_left_out_and_counted(tmp_path):
    body = (
        f"<w:p>{run('Use oil ')}{run('15W ', '<w:strike/>')}{run('5W.')}</w:p>"
        f"<w:p>{run('Dealers only.', '<w:vanish/>')}{run('Shown.', SEEN)}</w:p>"
        f"<w:p>{run('Wait ')}<w:del><w:r><w:delText>2</w:delText></w:r></w:del><w:ins>{run('5')}</w:ins>{run(' minutes.')}</w:p>"
    )
    document = word(tmp_path, body)
    assert words(document) == ["Use oil 5W.", "Shown.", "Wait 5 minutes."]
    assert document.warnings == (
        "1 tracked deletion was left out.",
        "1 struck-out piece of text was left out.",
        "1 hidden piece of text was left out.",
    )


def test_boxes_formulas_fields_and_small_type_of_word(tmp_path):
    shape = "http://schemas.microsoft.com/office/word/2010/wordprocessingShape"
    box = f'<w:r><w:drawing><x:txbx xmlns:x="{shape}"><w:txbxContent>{word_paragraph("WARNING: Pull the plug.")}</w:txbxContent></x:txbx></w:drawing></w:r>'
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    fraction = (
        "<m:f><m:num><m:r><m:t>P</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f>"
    )
    body = (
        f"<w:p>{run('Open the lid.')}{box}</w:p>"
        f"<w:p>{run('It is ')}<m:oMath {math}><m:r><m:t>Q = </m:t></m:r>{fraction}</m:oMath>{run(' bar.')}</w:p>"
        f'<w:p>{run("See ")}<w:fldSimple w:instr="REF x">{run("Table 3")}</w:fldSimple>{run(", 10")}{run("3", RAISED)}{run(" cm.")}</w:p>'
    )
    assert words(word(tmp_path, body)) == [
        "Open the lid.", "WARNING: Pull the plug.", "It is Q = P/2 bar.", "See Table 3, 10³ cm.",
    ]  # fmt: skip


def test_words_of_word_with_their_reading_above_them_are_read(tmp_path):
    above = f"<w:rt>{run('べん')}</w:rt><w:rubyBase>{run('弁')}</w:rubyBase>"
    struck = f"<w:rt>{run('ふた')}</w:rt><w:rubyBase>{run('蓋', '<w:strike/>')}</w:rubyBase>"
    body = f"<w:p>{run('運転前に')}<w:r><w:ruby>{above}</w:ruby></w:r>{run('を閉め、')}<w:r><w:ruby>{struck}</w:ruby></w:r>{run('待つ。')}</w:p>"
    assert words(word(tmp_path, body)) == ["運転前に弁 (べん)を閉め、待つ。"]


def test_letters_of_word_in_a_font_of_signs_are_what_they_show(tmp_path):
    symbol, ticks = (
        f'<w:rFonts w:ascii="{name}" w:hAnsi="{name}"/>' for name in ("Symbol", "Wingdings")
    )
    body = (
        f"<w:p>{run('5 k')}{run('W', symbol)}{run(' at 20 ')}{run('m', symbol)}{run('A, ')}{run('£', symbol)}{run(' 4 Ω')}</w:p>"
        f"<w:p>{run('Always written', symbol)}{run(', ')}{run(f'{chr(0xF0FE)} checked', ticks)}</w:p>"
    )
    assert words(word(tmp_path, body)) == ["5 kΩ at 20 µA, ≤ 4 Ω", "Always written, ☑ checked"]


def test_a_field_of_word_that_is_a_sign_is_read(tmp_path):
    field = '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>SYMBOL 163 \\f "Symbol" \\s 11</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert words(word(tmp_path, f"<w:p>{run('load ')}{field}{run(' 4 kg')}</w:p>")) == [
        "load ≤ 4 kg"
    ]


def word_table(*rows) -> str:
    cells = ("".join(f"<w:tc>{cell}</w:tc>" for cell in row) for row in rows)
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in cells)}</w:tbl>"


def form_field(data: str, code: str, result: str = "") -> str:
    begin = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{data}</w:ffData></w:fldChar></w:r><w:r><w:instrText> {code} </w:instrText></w:r>'
    shown = f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}' if result else ""
    return f'{begin}{shown}<w:r><w:fldChar w:fldCharType="end"/></w:r>'


def test_fields_of_a_form_of_word_are_what_they_show(tmp_path):
    fuses = '<w:listEntry w:val="10 A"/><w:listEntry w:val="16 A"/>'
    chosen = f'<w:ddList><w:result w:val="1"/>{fuses}</w:ddList>'
    unset = f"<w:ddList>{fuses}</w:ddList>"
    ticked = '<w:checkBox><w:default w:val="1"/></w:checkBox>'
    cleared = '<w:checkBox><w:default w:val="1"/><w:checked w:val="0"/></w:checkBox>'
    body = (
        f"<w:p>{run('Fuse ')}{form_field(chosen, 'FORMDROPDOWN')}"
        f"{run(', spare ')}{form_field(unset, 'FORMDROPDOWN')}"
        f"{run(', third ')}{form_field(unset, 'FORMDROPDOWN', run('16 A'))}</w:p>"
        f"<w:p>{form_field(ticked, 'FORMCHECKBOX')}{run(' brake ')}"
        f"{form_field(cleared, 'FORMCHECKBOX')}{run(' lamp')}</w:p>"
    )
    assert words(word(tmp_path, body)) == ["Fuse 16 A, spare 10 A, third 16 A", "☒ brake ☐ lamp"]


def test_a_row_of_word_that_begins_late_has_its_values_below_their_heads(tmp_path):
    head, late, full = (
        "".join(f"<w:tc>{word_paragraph(cell)}</w:tc>" for cell in row)
        for row in (("Size", "Torque", "Seal"), ("12 Nm", "EPDM"), ("DN20", "20 Nm", "FKM"))
    )
    before = '<w:trPr><w:gridBefore w:val="1"/></w:trPr>'
    body = f"<w:tbl><w:tr><w:trPr><w:tblHeader/></w:trPr>{head}</w:tr><w:tr>{before}{late}</w:tr><w:tr>{full}</w:tr></w:tbl>"
    assert words(word(tmp_path, body)) == [
        "Torque: 12 Nm | Seal: EPDM\nSize: DN20 | Torque: 20 Nm | Seal: FKM"
    ]


def tabbed(*cells: str, leader: str = "none") -> str:
    stops = "".join(
        f'<w:tab w:val="left" w:leader="{leader}" w:pos="{at}"/>' for at in (3402, 5669)
    )
    inner = "<w:tab/>".join(f"<w:t>{cell}</w:t>" if cell else "" for cell in cells)
    return f"<w:p><w:pPr><w:tabs>{stops}</w:tabs></w:pPr><w:r>{inner}</w:r></w:p>"


def test_a_table_of_word_that_is_set_by_tabs_keeps_its_empty_cells(tmp_path):
    rows = (("", "HT-50", "HT-60"), ("Power", "500 W", "650 W"), ("Blade", "", "60 cm"), ("Gap", "16 mm", ""))  # fmt: skip
    body = "".join(tabbed(*row) for row in rows)
    expected = ["Before.", "Power | HT-50: 500 W | HT-60: 650 W\nBlade | HT-60: 60 cm\nGap | HT-50: 16 mm", "After."]  # fmt: skip
    assert (
        words(word(tmp_path, f"{word_paragraph('Before.')}{body}{word_paragraph('After.')}"))
        == expected
    )
    full = "".join(tabbed(*row) for row in (("a", "b", "c"), ("d", "e", "f"), ("g", "h", "i")))
    assert words(word(tmp_path, full)) == ["a b c", "d e f", "g h i"]
    led = "".join(tabbed(*row, leader="dot") for row in rows)
    assert words(word(tmp_path, led))[2] == "Blade 60 cm"


def test_a_table_in_a_cell_of_word_is_its_text(tmp_path):
    one = word_paragraph
    inner = word_table((one("n1"), one("n2")), (one("n3"), one("n4")))
    outer = word_table((one("Lamp"), one("Codes")), (one("Front"), f"{one('Set')}{inner}{one('')}"))
    assert words(word(tmp_path, outer)) == ["Lamp | Codes\nFront | Set; n1, n2; n3, n4"]


def test_typed_numbers_of_word_open_items(tmp_path):
    body = "".join(map(word_paragraph, ["Then:", "1. Open it.", "2) Drain it.", "• Close it.", "1.5 bar is normal."]))  # fmt: skip
    assert blocks(word(tmp_path, body)) == [
        ("text", "Then:"), ("item", "1. Open it."), ("item", "2) Drain it."), ("item", "• Close it."),
        ("text", "1.5 bar is normal."),
    ]  # fmt: skip


def level(at: int, form: str, text: str, more: str = "") -> str:
    return f'<w:lvl w:ilvl="{at}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>{more}<w:lvlText w:val="{text}"/></w:lvl>'


def lists(kinds: dict[int, str], nums: dict[int, tuple[int, str]]) -> str:
    """The part of a file that tells its lists: kinds, and lists of a kind with what they change."""
    abstract = "".join(f'<w:abstractNum w:abstractNumId="{key}">{body}</w:abstractNum>' for key, body in kinds.items())  # fmt: skip
    own = "".join(f'<w:num w:numId="{key}"><w:abstractNumId w:val="{kind}"/>{more}</w:num>' for key, (kind, more) in nums.items())  # fmt: skip
    return f"<w:numbering {W}>{abstract}{own}</w:numbering>"


def override(at: int, inner: str) -> str:
    return f'<w:lvlOverride w:ilvl="{at}">{inner}</w:lvlOverride>'


PLAIN = level(0, "decimal", "%1.")
DEEP = level(0, "upperRoman", "%1.") + level(1, "decimal", "%1.%2", "{}")
BRACKETS = override(0, level(0, "decimal", "(%1)"))
AGAIN = override(0, '<w:startOverride w:val="1"/>')
LINKED = '<w:numStyleLink w:val="S"/>'
MEANT = '<w:styleLink w:val="S"/>' + level(0, "upperLetter", "%1)")


@pytest.mark.parametrize(
    ("kinds", "nums", "steps", "shown"),
    [
        ({5: PLAIN}, {1: (5, ""), 2: (5, AGAIN)}, [(1, 0), (1, 0), (2, 0), (2, 0)], "1. 2. 1. 2."),
        ({5: PLAIN}, {1: (5, ""), 2: (5, "")}, [(1, 0), (1, 0), (2, 0)], "1. 2. 3."),
        ({5: DEEP}, {1: (5, "")}, [(1, 0), (1, 1), (1, 0), (1, 1)], "I. I.1 II. II.1"),
        ({5: DEEP.format("<w:isLgl/>")}, {1: (5, "")}, [(1, 0), (1, 1)], "I. 1.1"),
        ({5: DEEP.format('<w:lvlRestart w:val="0"/>')}, {1: (5, "")}, [(1, 0), (1, 1), (1, 0), (1, 1)], "I. I.1 II. II.2"),
        ({5: level(0, "upperRoman", "%1.")}, {1: (5, ""), 2: (5, BRACKETS)}, [(1, 0), (1, 0), (2, 0)], "I. II. (3)"),
        ({5: LINKED, 6: MEANT}, {1: (5, ""), 2: (6, "")}, [(1, 0), (1, 0)], "A) B)"),
    ],
)  # fmt: skip
def test_numbers_are_those_that_word_shows(tmp_path, kinds, nums, steps, shown):
    kinds = {key: body.replace("{}", "") for key, body in kinds.items()}
    body = "".join(numbered("Do it.", number, depth) for number, depth in steps)
    number = '<w:pPr><w:numPr><w:numId w:val="2"/></w:numPr></w:pPr>'
    style = f'<w:style w:type="numbering" w:styleId="S"><w:name w:val="S"/>{number}</w:style>'
    for styles in (style, ""):
        document = word(
            tmp_path,
            body,
            numbering=lists(kinds, nums),
            styles=f"<w:styles {W}>{styles}</w:styles>",
        )
        assert words(document) == [f"{mark} Do it." for mark in shown.split()]


def test_a_deleted_step_does_not_count(tmp_path):
    gone = (
        '<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del/></w:rPr></w:pPr>'
        "<w:del><w:r><w:delText>Wait.</w:delText></w:r></w:del></w:p>"
    )
    body = numbered("Open it.", 1, 0) + gone + numbered("Close it.", 1, 0)
    document = word(tmp_path, body, numbering=lists({5: PLAIN}, {1: (5, "")}))
    assert words(document) == ["1. Open it.", "2. Close it."]
    assert document.warnings == ("1 tracked deletion was left out.",)


def test_the_numbers_of_notes_come_after_those_of_the_text(tmp_path):
    """Also where the file holds its notes first."""
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{numbered("Noted.", 1, 0)}</w:footnote></w:footnotes>'
    body = numbered("Open it.", 1, 0) + numbered("Close it.", 1, 0)
    source = word_file(tmp_path / "a", body, extra={"word/numbering.xml": lists({5: PLAIN}, {1: (5, "")})})  # fmt: skip
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(tmp_path / "b", "w") as new:
        names = old.namelist()
        new.writestr(names[0], old.read(names[0]))
        new.writestr("word/footnotes.xml", notes)
        for name in names[1:]:
            new.writestr(name, old.read(name))
    assert words(read_file(tmp_path / "b", "a.docx"))[:2] == ["1. Open it.", "2. Close it."]


def test_cells_that_old_files_merge_sideways_are_one_cell(tmp_path):
    def row(*cells: tuple[str, str]) -> str:
        made = (f"<w:tc><w:tcPr>{looks}</w:tcPr><w:p>{run(text)}</w:p></w:tc>" for text, looks in cells)  # fmt: skip
        return f"<w:tr>{''.join(made)}</w:tr>"

    first, more = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    rows = (
        row(("Part", ""), ("Torque", first), ("", more), ("Key", "")),
        row(("M6", ""), ("7", ""), ("9", ""), ("red", "")),
        row(("M8", ""), ("20", ""), ("25", ""), ("blue", "")),
        row(("M9", ""), ("as needed", first), ("", '<w:hMerge w:val="continue"/>'), ("green", "")),
    )
    (table,) = words(word(tmp_path, f"<w:tbl>{''.join(rows)}</w:tbl>"))
    assert table.split("\n") == [
        "Part: M6 | Torque: 7 | Torque: 9 | Key: red",
        "Part: M8 | Torque: 20 | Torque: 25 | Key: blue",
        "Part: M9 | Torque: as needed | Key: green",
    ]


def test_a_note_stands_where_it_is_called(tmp_path):
    def call(number: int) -> str:
        looks = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>' if number == 2 else ""
        return f'<w:r>{looks}<w:footnoteReference w:id="{number}"/></w:r>'

    def note(number: int, *paragraphs: str) -> str:
        told = "".join(f"<w:p>{run(text)}</w:p>" for text in paragraphs)
        return f'<w:footnote w:id="{number}">{told}</w:footnote>'

    heading = '<w:pPr><w:pStyle w:val="heading1"/></w:pPr>'
    body = f"<w:p>{heading}{run('Data')}{call(1)}</w:p><w:p>{run('At most 10 A')}{call(2)}{run(' at 230 V')}{call(3)}{run('.')}</w:p>"
    notes = note(1, "Of the P9.") + note(2, "With the large kit.") + note(3, "Not so", "in the US.")
    extra = {"word/footnotes.xml": f"<w:footnotes {W}>{notes}</w:footnotes>"}
    path = word_file(tmp_path / "a", body, extra=extra)
    assert words(read_file(path, "a.docx")) == [
        "Data[1]", "At most 10 A (With the large kit.) at 230 V[3].", "[1] Of the P9.", "[3] Not so", "in the US.",
    ]  # fmt: skip


def test_a_run_may_show_what_its_style_hides(tmp_path):
    style = '<w:style w:type="character" w:styleId="X"><w:name w:val="X"/><w:rPr><w:vanish/></w:rPr></w:style>'
    seen, hidden = (f'<w:rStyle w:val="X"/>{own}' for own in ('<w:vanish w:val="0"/>', ""))
    body = f"<w:p>{run('Use ')}{run('new ', seen)}{run('old ', hidden)}{run('oil.')}</w:p>"
    document = word(tmp_path, body, styles=f"<w:styles {W}>{style}</w:styles>")
    assert words(document) == ["Use new oil."] and len(document.warnings) == 1


def test_the_style_of_a_paragraph_may_hide_it_and_one_based_on_it(tmp_path):
    hides = '<w:style w:type="paragraph" w:styleId="X"><w:name w:val="X"/><w:rPr><w:vanish/></w:rPr></w:style>'
    based = '<w:style w:type="paragraph" w:styleId="Y"><w:name w:val="Y"/><w:basedOn w:val="X"/></w:style>'
    parts = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{key}"/></w:pPr>{run(text, own)}</w:p>'
        for key, text, own in (
            ("X", "Dealers may set 85 °C.", ""), ("Y", "Or 90 °C.", ""), ("X", "Set 75 °C.", SEEN), ("Z", "Wait.", ""),
        )
    )  # fmt: skip
    document = word(tmp_path, parts, styles=f"<w:styles {W}>{hides}{based}</w:styles>")
    assert words(document) == ["Set 75 °C.", "Wait."]
    assert document.warnings == ("2 hidden pieces of text were left out.",)


def test_a_ticked_box_of_a_form_reads_otherwise_than_an_empty_one(tmp_path):
    space = 'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    lines = "".join(
        f'<w:p><w:sdt {space}><w:sdtPr><w14:checkbox><w14:checked w14:val="{at}"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run(sign)}</w:sdtContent></w:sdt>{run(f' {text}')}</w:p>"
        for at, sign, text in ((1, "☒", "Leak test passed"), (0, "☐", "Operator trained"))
    )
    assert words(word(tmp_path, lines)) == ["☒ Leak test passed", "☐ Operator trained"]


def test_an_empty_step_of_a_slide_does_not_count(tmp_path):
    from pptx import Presentation
    from pptx.oxml.ns import qn

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Steps"
    slide.placeholders[1].text = "Open it.\n\nClose it."
    for paragraph in slide.placeholders[1].text_frame.paragraphs:
        auto = paragraph._p.get_or_add_pPr().makeelement(qn("a:buAutoNum"), {"type": "arabicPeriod"})  # fmt: skip
        paragraph._p.get_or_add_pPr().append(auto)
    deck.save(str(tmp_path / "a"))
    assert words(read_file(tmp_path / "a", "a.pptx"))[1:] == ["1. Open it.", "2. Close it."]


def test_headings_by_outline_level_and_contents_lists(tmp_path):
    own = f'<w:p><w:pPr><w:outlineLvl w:val="0"/></w:pPr>{run("Care")}</w:p>'
    contents = f'<w:p><w:pPr><w:pStyle w:val="TOC1"/></w:pPr>{run("Care 7")}</w:p>'
    document = word(tmp_path, contents + own + word_paragraph("Keep it dry."))
    assert section_paths(document) == ["Care"] and words(document) == ["Care", "Keep it dry."]


def test_the_head_of_the_pages_names_the_manual(tmp_path):
    header = f"<w:hdr {W}>{word_paragraph('Lynx L5 service manual')}</w:hdr>"
    body = word_paragraph("Reset", "heading1") + word_paragraph("Hold the key.")
    document = word(tmp_path, body, header1=header)
    assert (document.title, document.product) == ("Lynx L5 service manual", "Lynx L5")


CHART = """<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><c:chart><c:title><c:tx><c:rich><a:p><a:r><a:t>Noise</a:t></a:r></a:p></c:rich></c:tx></c:title>
<c:plotArea><c:barChart><c:ser><c:tx><c:strRef><c:strCache><c:pt idx="0"><c:v>dB</c:v></c:pt></c:strCache></c:strRef></c:tx>
<c:cat><c:strRef><c:strCache><c:pt idx="0"><c:v>Eco</c:v></c:pt><c:pt idx="1"><c:v>Boost</c:v></c:pt></c:strCache></c:strRef></c:cat>
<c:val><c:numRef><c:numCache><c:pt idx="0"><c:v>41</c:v></c:pt><c:pt idx="1"><c:v>60.10000000000001</c:v></c:pt></c:numCache></c:numRef></c:val></c:ser></c:barChart></c:plotArea></c:chart></c:chartSpace>"""


def test_a_chart_of_word_is_read(tmp_path):
    rels = f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="{KINDS}/chart" Target="charts/chart1.xml"/></Relationships>'
    chart = '<c:chart xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    drawing = (
        f'<w:p><w:r><w:drawing>{chart} xmlns:r="{KINDS}" r:id="rId9"/></w:drawing></w:r></w:p>'
    )
    path = word_file(
        tmp_path / "a",
        word_paragraph("How loud it is.") + drawing,
        extra={"word/charts/chart1.xml": CHART, "word/_rels/document.xml.rels": rels},
    )
    assert words(read_file(path, "a.docx")) == [
        "How loud it is.",
        "Noise",
        "dB",
        "Eco | 41",
        "Boost | 60.1",
    ]


def test_slides_as_they_show(tmp_path):
    from pptx import Presentation
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Inches

    deck = Presentation()
    blank = deck.slide_layouts[6]
    first = deck.slides.add_slide(blank)
    for left, top, text in ((1, 1, "Eco"), (5, 1, "Boost"), (1, 2, "300 W"), (5, 2, "900 W")):
        first.shapes.add_textbox(
            Inches(left), Inches(top), Inches(3), Inches(0.5)
        ).text_frame.text = text
    hidden = deck.slides.add_slide(blank)
    hidden.shapes.add_textbox(0, 0, 9, 9).text_frame.text = "staff only"
    hidden._element.set("show", "0")
    data = CategoryChartData()
    data.categories = ["Eco", "Boost"]
    data.add_series("Hours", (12, 3))
    data.add_series("Watts", (300, 900))
    third = deck.slides.add_slide(blank)
    third.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, Inches(4), Inches(3), data)
    fourth = deck.slides.add_slide(blank)
    table = fourth.shapes.add_table(3, 3, 0, 0, Inches(4), Inches(1)).table
    for row, cells in enumerate(
        (("Part", "Life", "Tool"), ("Seal", "3 a", "None"), ("", "9 a", "Key"))
    ):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    deck.save(str(tmp_path / "a"))
    document = read_file(tmp_path / "a", "modes.pptx")
    assert words(document, 1) == ["Eco", "300 W", "Boost", "900 W"]
    assert words(document, 2) == [] and document.warnings == ("1 hidden slide was left out.",)
    assert words(document, 3) == ["Eco | Hours: 12 | Watts: 300\nBoost | Hours: 3 | Watts: 900"]
    assert words(document, 4) == [
        "Part: Seal | Life: 3 a | Tool: None\nPart: Seal | Life: 9 a | Tool: Key"
    ]


def test_slides_with_nothing_to_search_are_no_manual(tmp_path):
    from PIL import Image
    from pptx import Presentation

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "Only a title"
    Image.new("RGB", (9, 9)).save(tmp_path / "p.png")
    slide.shapes.add_picture(str(tmp_path / "p.png"), 0, 0)
    deck.save(str(tmp_path / "a"))
    with pytest.raises(NoText):
        read_file(tmp_path / "a", "a.pptx")


@pytest.mark.parametrize(
    ("value", "form", "shown"),
    [
        (0.5, "# ?/?", "1/2"), (1.375, "# ?/8", "1 3/8"), (-2.25, "# ??/??", "-2 1/4"), (4, "# ?/?", "4"),
        (1.5, "?/?", "3/2"), (0.5, "# ?/4", "2/4"),
        (0.925, "0.0%", "92.5%"),
        (1199.5, '"$"#,##0.00', "$1,199.50"),
        (815, "000000", "000815"),
        (12.5, '0.0" kg"', "12.5 kg"),
        (-5, "0.00;(0.00)", "(5.00)"),
        (1234567, "#,##0", "1,234,567"),
        (4711002, r"0000\-000", "4711-002"),
        (1499, "[$€-407] #,##0.00", "€ 1,499.00"),
        (0.1 + 0.2, "General", "0.3"),
        (12.0, "0.##", "12"),
        (-0.4, "0", "0"),
        # A percent sign in quotes or behind a backslash is a text, and no factor
        (22, '0 "Nm ±10%"', "22 Nm ±10%"), (50, r"0\%", "50%"), (0.5, '0.0 "%"', "0.5 %"), (0.5, "0%", "50%"),
    ],
)  # fmt: skip
def test_numbers_of_a_sheet_as_it_shows_them(tmp_path, value, form, shown):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Part", "Figure"])
    book.active.append(["Seal", value])
    book.active["B2"].number_format = form
    book.save(tmp_path / "a")
    assert words(read_file(tmp_path / "a", "a.xlsx"))[1] == f"Part | Figure\nSeal | {shown}"


def test_hidden_cells_spans_and_uncached_formulas_of_a_sheet(tmp_path):
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    for row in (
        ["Bolt", "Torque", None, "Dealer", 2024],
        [None, "dry", "wet", None, None],
        ["B4", 7, 6, 800, 1],
        [None, 11, 9, 900, 2],
        ["B6", 25, 21, 950, 3],
        ["B8", 30, "old", 990, 4],
    ):
        sheet.append(row)
    for span in ("A1:A2", "B1:C1", "A3:A4"):
        sheet.merge_cells(span)
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[5].hidden = True
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    sheet["C6"].font = Font(strike=True)
    sheet["E6"] = "=1+1"
    book.save(tmp_path / "a")
    document = read_file(tmp_path / "a", "bolts.xlsx")
    assert words(document)[1:] == [
        "Bolt: B4 | Torque, dry: 7 | Torque, wet: 6 | 2024: 1\n"
        "Bolt: B4 | Torque, dry: 11 | Torque, wet: 9 | 2024: 2\n"
        "Bolt: B8 | Torque, dry: 30",
    ]
    told = " ".join(document.warnings)
    for part in ("1 hidden column", "1 hidden row", "1 struck-out cell", "1 formula without"):
        assert part in told


def test_a_sheet_becomes_searchable_with_all_that_is_stored_of_a_passage(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["Code", "Meaning"])
    book.active.append(["E12", "The filter is blocked"])
    book.save(tmp_path / "a.xlsx")
    library = open_library(tmp_path / "data")
    job = put(library, "codes.xlsx", (tmp_path / "a.xlsx").read_bytes())
    library.close()
    assert job.state == "done" and "1 passage" in job.message


def test_a_text_whose_xml_is_broken_says_so(tmp_path):
    body = word_paragraph("Press it.") + "<w:p><w:r><w:t>Wait <5 s.</w:t></w:r></w:p>"
    document = word(tmp_path, body + word_paragraph("Stop."))
    assert "Press it." in document.pages[0].text
    assert document.warnings == ("The file is damaged inside: some of its text may be missing.",)
    assert word(tmp_path, word_paragraph("Wait &lt;5 s.")).warnings == ()


def field(code: str) -> str:
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return f"{mark.format('begin')}<w:r><w:instrText>{code.replace('/', chr(92))}</w:instrText></w:r>{mark.format('end')}"


def test_formulas_in_fields_of_old_files_are_written_or_counted(tmp_path):
    body = f"<w:p>{field('EQ /f(1;2)')}{run(' turn.')}</w:p><w:p>{run('Area ')}{field('EQ /f(a+b;2)')}{run(' h, ')}{field('EQ /r(;3)')}</w:p>"
    assert words(word(tmp_path, body)) == ["1/2 turn.", "Area (a+b)/2 h, √(3)"]
    document = word(tmp_path, f"<w:p>{run('See ')}{field('EQ /i(1;2;x)')}{field('PAGE')}</w:p>")
    assert words(document) == ["See"]
    assert document.warnings == ("1 formula in a field was not read.",)


def test_lettering_that_is_drawn_is_text(tmp_path):
    art = '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textpath string="STOP at 9 bar"/></v:shape></w:pict></w:r>'
    assert words(word(tmp_path, f"<w:p>{run('Open it.')}{art}</w:p>")) == [
        "Open it.",
        "STOP at 9 bar",
    ]


def test_small_type_that_is_set_higher_is_raised(tmp_path):
    high = run("3", '<w:position w:val="8"/><w:sz w:val="14"/>')
    assert words(word(tmp_path, f"<w:p>{run('It holds 10')}{high}{run(' cm.')}</w:p>")) == [
        "It holds 10³ cm."
    ]
    line = run("A whole line", '<w:position w:val="8"/><w:sz w:val="14"/>')
    assert words(word(tmp_path, f"<w:p>{line}</w:p>")) == ["A whole line"]


def test_white_text_is_left_out_where_nothing_is_behind_it(tmp_path):
    white = run("Secret 9.", '<w:color w:val="FFFFFF"/>')
    document = word(tmp_path, f"<w:p>{run('Open it.')}{white}</w:p>")
    assert words(document) == ["Open it."]
    assert document.warnings == ("1 white piece of text was left out.",)
    shaded = f'<w:p><w:pPr><w:shd w:val="clear" w:fill="003366"/></w:pPr>{white}</w:p>'
    cell = f"<w:tbl><w:tr><w:tc><w:p>{white}</w:p></w:tc><w:tc><w:p>{run('4 Nm')}</w:p></w:tc></w:tr></w:tbl>"
    assert words(word(tmp_path, shaded + cell)) == ["Secret 9.", "Secret 9.: 4 Nm"]


def test_shapes_that_nobody_sees_on_a_slide_are_left_out_and_said(tmp_path):
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    for left, text in ((1, "Open it."), (30, "Old draft."), (2, "Not shown.")):
        box = slide.shapes.add_textbox(Inches(left), Inches(left), Inches(2), Inches(1))
        box.text_frame.text = text
    box._element.nvSpPr.cNvPr.set("hidden", "1")
    deck.save(tmp_path / "a")
    document = read_file(tmp_path / "a", "a.pptx")
    assert words(document) == ["Open it."]
    assert document.warnings == ("2 hidden or off-slide shapes were left out.",)


def test_letters_of_a_slide_in_a_font_of_signs_are_what_they_show(tmp_path):
    from pptx import Presentation

    deck = Presentation()
    box = deck.slides.add_slide(deck.slide_layouts[6]).shapes.add_textbox(0, 0, 900_000, 900_000)
    for text, font in (("Use 5 k", "Arial"), ("W", "Symbol"), (" and more.", None)):
        run = box.text_frame.paragraphs[0].add_run()
        run.text, run.font.name = text, font
    deck.save(tmp_path / "a")
    assert words(read_file(tmp_path / "a", "a.pptx")) == ["Use 5 kΩ and more."]


def slide_with(tmp_path, colour, fill="", behind="", ground="", shade=0.0):
    """A slide with a text in a colour (of the theme, or as figures), on a box, a picture or a background of another one."""
    from PIL import Image
    from pptx import Presentation
    from pptx.dml.color import RGBColor
    from pptx.enum.dml import MSO_THEME_COLOR
    from pptx.util import Inches

    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    if ground:
        slide.background.fill.solid()
        slide.background.fill.fore_color.rgb = RGBColor.from_string(ground)
    if behind:
        Image.new("RGB", (9, 9), f"#{behind}").save(tmp_path / "a.png")
        slide.shapes.add_picture(str(tmp_path / "a.png"), 0, 0, Inches(3), Inches(3))
    box = slide.shapes.add_textbox(Inches(1), Inches(1), Inches(5), Inches(1))
    if fill:
        box.fill.solid()
        box.fill.fore_color.rgb = RGBColor.from_string(fill)
    box.text_frame.paragraphs[0].add_run().text = "Open it. "
    run = box.text_frame.paragraphs[0].add_run()
    run.text = "Secret 9."
    if colour == "theme":
        run.font.color.theme_color = MSO_THEME_COLOR.BACKGROUND_1
        run.font.color.brightness = -shade
    else:
        run.font.color.rgb = RGBColor.from_string(colour)
    deck.save(tmp_path / "a")
    return read_file(tmp_path / "a", "a.pptx")


@pytest.mark.parametrize(
    "told",
    [
        {"colour": "FFFFFF"},
        {"colour": "theme"},
        {"colour": "003366", "ground": "003366"},
        {"colour": "003366", "fill": "003366"},
    ],
)
def test_words_in_the_colour_of_their_slide_are_left_out_and_said(tmp_path, told):
    document = slide_with(tmp_path, **told)
    assert words(document) == ["Open it."]
    assert document.warnings == ("1 piece of text in the colour of what is behind was left out.",)


@pytest.mark.parametrize(
    "told",
    [
        {"colour": "FFFFFF", "ground": "003366"},
        {"colour": "FFFFFF", "fill": "003366"},
        {"colour": "FFFFFF", "behind": "003366"},
        {"colour": "theme", "shade": 0.5},
        {"colour": "777777"},
    ],
)
def test_words_in_another_colour_than_their_slide_are_read(tmp_path, told):
    document = slide_with(tmp_path, **told)
    assert words(document) == ["Open it. Secret 9."] and not document.warnings


def test_prompts_of_empty_fields_are_no_text_and_old_line_ends_part_words(tmp_path):
    """ "Name: Click or tap here to enter text." could be quoted, and "ok" was glued to "next"."""

    def field(properties: str, text: str) -> str:
        return f"<w:sdt><w:sdtPr>{properties}<w:text/></w:sdtPr><w:sdtContent><w:r><w:t>{text}</w:t></w:r></w:sdtContent></w:sdt>"

    label = '<w:r><w:t xml:space="preserve">Name: </w:t></w:r>'
    prompt = field("<w:showingPlcHdr/>", "Click or tap here to enter text.")
    own = field("<w:showingPlcHdr/>", "Pump K7")
    told = field("", "Click here to enter the pump.")
    body = "".join(f"<w:p>{label}{one}</w:p>" for one in (prompt, own, told))
    body += "<w:p><w:r><w:t>ok</w:t><w:cr/><w:t>next</w:t></w:r></w:p>"
    assert " ".join(words(word(tmp_path, body))).split() == [
        "Name:", "Name:", "Pump", "K7", "Name:", "Click", "here", "to", "enter", "the", "pump.", "ok", "next",
    ]  # fmt: skip
