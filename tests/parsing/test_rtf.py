"""RTF files: headings, lists, tables, notes and boxes; character sets; and what is no text of the manual."""

from __future__ import annotations

import pytest

from knowledge.errors import NoText
from tests.parsing.test_markup import blocks, read, section_paths

HEAD = (
    r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\froman\fcharset0 Times;}{\f1\fnil\fcharset2 Symbol;}{\f2\fswiss\fcharset204 Arial;}}"
    r"{\colortbl;\red255\green0\blue0;}{\stylesheet{\s0 Normal;}{\s1\outlinelevel0\b heading 1;}{\s2 heading 2;}{\s9 Title;}}"
    r"{\info{\title Kettle K5 manual}{\author Someone}}{\header\pard Kettle K5\par}{\footer\pard Page 1\par}"
)


def rtf(tmp_path, body, head=HEAD):
    return read(tmp_path, (head + body + "}").encode("latin-1"), "kettle.rtf")


def test_headings_lists_and_text_of_an_rtf_file(tmp_path):
    document = rtf(
        tmp_path,
        r"{\pard\plain\s9\fs48 Kettle K5\par}"
        r"{\pard\plain\s1\b\fs32 Descaling\par}"
        r"{\pard\plain\s2 Before you begin\par}"
        "\\pard\\plain Let the kettle\r\n cool for 10\\~minutes: it is {\\b very} hot.\\par\n"
        r"{\pard\plain\s2 Steps\par}"
        r"{\pard{\listtext\pard\plain 1.\tab}\ls1 Fill it with vinegar.\par}"
        r"{\pard{\listtext\pard\plain 2.\tab}\ls1 Wait for an hour.\par}"
        r"{\pard{\pntext\f1\'B7\tab}{\*\pn\pnlvlblt{\pntxtb\'B7}}Never boil vinegar.\par}"
        r"\pard\plain 3. Rinse it twice.\par",
    )
    assert (
        document.title == "Kettle K5 manual" and document.kind == "rtf" and document.warnings == ()
    )
    assert section_paths(document) == [
        "Descaling", "Descaling > Before you begin", "Descaling > Steps",
    ]  # fmt: skip
    assert [b for b in blocks(document) if b[0] != "heading"] == [
        ("text", "Let the kettle cool for 10 minutes: it is very hot."),
        ("item", "1. Fill it with vinegar."), ("item", "2. Wait for an hour."),
        ("item", "Never boil vinegar."), ("item", "3. Rinse it twice."),
    ]  # fmt: skip


def cells(*texts):
    return "".join(rf"\pard\intbl {text}\cell" for text in texts)


def test_rows_of_an_rtf_table_have_their_heads_and_merged_cells(tmp_path):
    edges = r"\cellx2000\cellx4000\cellx6000"
    table = (
        rf"\trowd\trhdr{edges}{cells('Fault', 'Cause', 'Remedy')}\row "
        rf"\trowd\clvmgf{edges}{cells('No heat', 'No water', 'Fill it')}\row "
        rf"\trowd\clvmrg{edges}{cells('', 'No mains', 'Plug it in')}\row "
        rf"\trowd\cellx2000\cellx6000{cells('Noise', 'Scale: remove it')}\row "
    )
    document = rtf(tmp_path, rf"\pard Faults are listed here.\par {table}\pard After it.\par")
    assert [text for _, text in blocks(document)] == [
        "Faults are listed here.",
        "Fault: No heat | Cause: No water | Remedy: Fill it\n"
        "Fault: No heat | Cause: No mains | Remedy: Plug it in\n"
        "Fault: Noise | Cause / Remedy: Scale: remove it",
        "After it.",
    ]


def test_letters_of_an_rtf_file_are_those_of_its_fonts(tmp_path):
    document = rtf(
        tmp_path,
        r"\pard Caf\'e9 at 20\'b0C, \u8364?5, {\uc2\u937\'83\'b6 ohm}, {\f2\'c2\'ee\'e4\'e0}, \u-10179?\u-8694?, "
        r"\ldblquote x\rdblquote, m{\super 2}, H{\sub 2}O, a\_b, \{c\}\par",
    )
    (text,) = [text for _, text in blocks(document)]
    assert (
        text
        == "Café at 20°C, €5, Ω ohm, Вода, \N{SMILING FACE WITH SMILING EYES}, “x”, m², H₂O, a-b, {c}"
    )


def test_what_is_no_text_of_an_rtf_file_is_left_out_and_counted(tmp_path):
    picture = r"{\*\shppict{\pict\pngblip 89504e47{\*\blipuid ff}}}{\pict\bin6 }{\par}"
    document = rtf(
        tmp_path,
        r"{\field{\*\fldinst{TOC \\o}}{\fldrslt\pard Descaling 3\par Cleaning 4\par}}"
        r"\pard Keep {\deleted the old }{\v secret }{\strike wrong }dry."
        r"{\footnote\pard\plain\chftn  Up to 5 °C.\par} See {\field{\*\fldinst HYPERLINK \"http://a.example\"}{\fldrslt our page}}."
        .replace("°", r"\'b0") + picture + r"{\*\unknown nothing {\b at all}}\par"
        r"\pard Anchor.{\shp{\*\shpinst{\sp{\sn fill}{\sv 1}}{\shptxt\pard Warning: hot steam.\par}}{\shprslt\pard Twice.\par}}\par",
    )  # fmt: skip
    assert [text for _, text in blocks(document)] == [
        "Keep dry. (Up to 5 °C.) See our page.", "Warning: hot steam.", "Anchor.",
    ]  # fmt: skip
    assert [warning.split(" ")[1:3] for warning in document.warnings] == [
        ["tracked", "deletion"], ["struck-out", "piece"], ["hidden", "piece"],
    ]  # fmt: skip


@pytest.mark.parametrize("look", [r"\b\fs36", r"\fs36", r"\b"])
def test_headings_without_a_style_show_by_their_letters(tmp_path, look):
    document = rtf(
        tmp_path,
        rf"\pard\plain{look} Cleaning\par\pard\plain\fs22 Use a damp cloth. Never use sand.\par"
        rf"\pard\plain{look} Storage\par\pard\plain\fs22 Keep it dry and upright.\par",
    )
    assert section_paths(document) == ["Cleaning", "Storage"]


def test_damaged_and_empty_rtf_files(tmp_path):
    cut = rtf(tmp_path, r"{\b{\i The kettle holds 2 litres", "{\\rtf1 ")
    assert [text for _, text in blocks(cut)] == ["The kettle holds 2 litres"]
    deep = rtf(tmp_path, "{" * 50_000 + "deep" + "}" * 50_000 + r"\par The end.", "{\\rtf1 ")
    assert "The end." in deep.pages[0].text
    odd = rtf(
        tmp_path, r"\cell\row\cellx1\u\uc-5\fs\outlinelevel Text.\ansicpg99999 \'e9}}}", "{\\rtf1 "
    )
    assert "Text.é" in odd.pages[0].text
    with pytest.raises(NoText):
        rtf(tmp_path, r"{\pict ffff}")


COLOURED = HEAD.replace(
    r"\red255\green0\blue0;", r"\red0\green0\blue0;\red255\green255\blue255;\red0\green51\blue102;"
)


def test_white_text_is_left_out_where_nothing_is_behind_it(tmp_path):
    document = rtf(
        tmp_path,
        r"\pard Open {\cf2 Margin 40 %.}it.\par\pard\cf2 Secret.\cf1  Shut it.\par",
        COLOURED,
    )
    assert [text for _, text in blocks(document)] == ["Open it.", "Shut it."]
    assert document.warnings == ("2 white pieces of text were left out.",)


@pytest.mark.parametrize(
    "body",
    [
        r"\pard\cbpat3{\cf2 Use soap.}\par",
        r"\pard{\cf2\highlight3 Use soap.}\par",
        r"\trowd\cellx1000\pard\intbl{\cf2 Use soap.}\cell\row\pard",
        r"\pard{\shp{\*\shpinst{\shptxt\pard{\cf2 Use soap.}\par}}}\par",
        r"{\*\background{\shp}}\pard{\cf2 Use soap.}\par",
        r"\pard\cf2\plain Use soap.\par",
    ],
    ids=["dark paragraph", "dark words", "cell", "box", "dark page", "plain again"],
)
def test_white_text_on_a_colour_is_read(tmp_path, body):
    document = rtf(tmp_path, body + r"\pard Rinse it.\par", COLOURED)
    assert "Use soap." in " ".join(text for _, text in blocks(document))
    assert document.warnings == ()


def test_letters_in_a_font_of_signs_are_what_they_show(tmp_path):
    fonts = r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset2 Symbol;}{\f2\fcharset2 Wingdings;}}"
    body = r"\pard 5 k{\f1 W}, 20 {\f1 m}A, {\f1\'b1}2 %, {\f1\'a3} 4 {\f1\u-3999?} {\f2\'fc} CE {\f2\'a8} no {\f0 W} {\f1\u61617\'b10.2 mm}\par"
    assert blocks(rtf(tmp_path, body, fonts)) == [
        ("text", "5 kΩ, 20 µA, ±2 %, ≤ 4 α ✓ CE ☐ no W ±0.2 mm")
    ]


def test_fields_of_a_form_are_what_they_show(tmp_path):
    fuses = r"{\*\ffl 10 A}{\*\ffl 16 A}"
    body = (
        rf"\pard Fuse {{\field{{\*\fldinst{{ FORMDROPDOWN}}{{\*\formfield{{\fftype2\ffres1{{\*\ffname D}}{fuses}}}}}}}{{\fldrslt }}}}, "
        rf"spare {{\field{{\*\fldinst FORMDROPDOWN {{\*\formfield{{\fftype2\ffres25\ffdefres0{fuses}}}}}}}{{\fldrslt 10 A}}}}; "
        r"brake {\field{\*\fldinst FORMCHECKBOX {\*\formfield{\fftype1\ffres25\ffdefres1}}}{\fldrslt }}, "
        r"serial {\field{\*\fldinst FORMTEXT {\*\formfield{\fftype0{\*\ffdeftext x}}}}{\fldrslt S7}}\par"
    )
    assert blocks(rtf(tmp_path, body)) == [("text", "Fuse 16 A, spare 10 A; brake ☒, serial S7")]


def test_fields_that_are_a_sign_are_read(tmp_path):
    field = r"{{\field{{\*\fldinst SYMBOL {} \\f {} \\s 11}}{{\fldrslt{{\f1 }}}}}}"
    body = rf"\pard 5 k{field.format(87, chr(34) + 'Symbol' + chr(34))}, {field.format('0xB1', 'Symbol')}2 %, {field.format(66, 'Arial')}, {field.format(200, 'Marlett')}end\par"
    assert blocks(rtf(tmp_path, body)) == [("text", "5 kΩ, ±2 %, B, end")]
