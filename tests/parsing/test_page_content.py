"""What web pages, Markdown and their tables really say: values keep their heads, small type stays small, frames go."""

from __future__ import annotations

import pytest

from knowledge.errors import NoText, UnreadableFile
from knowledge.ingestion.chunking import split
from knowledge.parsing import read_file
from tests.parsing.test_markup import blocks, read, section_paths


def page(body: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Pump P9 handbook</title></head><body>{body}</body></html>"


def texts(tmp_path, body: str, name: str = "p9.html") -> list[str]:
    return [text for _, text in blocks(read(tmp_path, page(body), name))]


SPANS = """<table><tr><th rowspan=2>Bolt<th colspan=2>Torque (Nm)<th rowspan=2>Key</tr><tr><th>dry<th>wet</tr>
<tr><td>B4<td>7<td>6<td rowspan=2>Red</tr><tr><td>B5<td>11<td>9</tr><tr><td>B6<td colspan=2>as needed<td>Blue</tr></table>"""


def test_every_row_of_a_table_says_what_its_values_are(tmp_path):
    assert texts(tmp_path, SPANS) == [
        "Bolt: B4 | Torque (Nm), dry: 7 | Torque (Nm), wet: 6 | Key: Red\n"
        "Bolt: B5 | Torque (Nm), dry: 11 | Torque (Nm), wet: 9 | Key: Red\n"
        "Bolt: B6 | Torque (Nm), dry / Torque (Nm), wet: as needed | Key: Blue"
    ]


def test_a_head_that_is_not_marked_is_told_by_the_figures_below_it(tmp_path):
    rows = "<tr><td>Part<td>Life<td>Tool<tr><td>Seal<td>3 years<td>None<tr><td>Belt<td>5 years<td>Wrench"
    assert texts(tmp_path, f"<table>{rows}</table>")[0].split("\n")[1] == (
        "Part: Belt | Life: 5 years | Tool: Wrench"
    )
    words = "<tr><td>On<td>Green<td>Ready<tr><td>Off<td>None<td>Idle<tr><td>Hot<td>Red<td>Fault"
    assert texts(tmp_path, f"<table>{words}</table>") == [
        "On | Green | Ready\nOff | None | Idle\nHot | Red | Fault"
    ]


def test_a_row_without_a_sure_head_stays_as_it_is(tmp_path):
    for rows in (
        "<tr><td>Part<td>Life<td>Tool<tr><td>Seal<td>3 years<td>None",  # one row may be anything
        "<tr><td>Part<td>Life<td>Life<tr><td>Seal<td>3 a<td>4 a<tr><td>Belt<td>5 a<td>6 a",
        "<tr><td>Seal<td>3 a<td>new<tr><td>Belt<td>5 a<td>old<tr><td>Lid<td>6 a<td>new",
        "<tr><td>Seal<td><td>new<tr><td>Belt<td>5 a<td>old<tr><td>Lid<td>6 a<td>new",
    ):
        plain = [line.replace("<td>", " | ") for line in rows.split("<tr><td>")[1:]]
        assert texts(tmp_path, f"<table>{rows}</table>") == [
            "\n".join(plain).replace("|  |", "| |")
        ]


def test_a_line_across_a_table_has_no_head_and_hides_none(tmp_path):
    head = "<tr><td>Part<td>Life<td>Tool"
    rows = ["<tr><td>Seal<td>3 a<td>Key", "<tr><td>Belt<td>5 a<td>None"]
    for line in ("<tr><td>Worn parts<td><td>", "<tr><td colspan=3>Worn parts"):
        body = f"{head}{line}{rows[0]}{line}{rows[1]}{line}"
        assert texts(tmp_path, f"<table>{body}</table>") == [
            "Worn parts\nPart: Seal | Life: 3 a | Tool: Key\nWorn parts\n"
            "Part: Belt | Life: 5 a | Tool: None\nWorn parts"
        ]


def test_a_bare_figure_has_the_head_with_its_unit(tmp_path):
    head = "<tr><th>Model<th>Limit (bar)"
    assert texts(tmp_path, f"<table>{head}<tr><td>K1<td>13<tr><td>K2<td>9.5</table>") == [
        "Model: K1 | Limit (bar): 13\nModel: K2 | Limit (bar): 9.5"
    ]
    data = "<tr><td>Type<td>radial<tr><td>Voltage<td>230<tr><td>Weight<td>12"
    assert texts(tmp_path, f"<table>{data}</table>") == [
        "Type | radial\nVoltage | 230\nWeight | 12"
    ]
    assert texts(tmp_path, f"<table>{head}<tr><td>K1<td>13 bar<tr><td>K2<td>9 bar</table>") == [
        "Model | Limit (bar)\nK1 | 13 bar\nK2 | 9 bar"
    ]


def test_a_second_row_of_heads_names_what_the_first_spans_and_nothing_else(tmp_path):
    first = "<table><tr><th>Bolt<th colspan=2>Torque"
    second = "<tr><td><td>dry<td>oiled<tr><td>M4<td>7<td>6</table>"
    assert texts(tmp_path, first + second) == ["Bolt: M4 | Torque, dry: 7 | Torque, oiled: 6"]
    for row in ("<tr><td>Nut<td>soft<td>firm", "<tr><td><td>5 Nm<td>4 Nm"):
        (table,) = texts(tmp_path, f"{first}{row}<tr><td>M4<td>7<td>6</table>")
        assert table.count("\n") == 1 and table.endswith("Bolt: M4 | Torque: 7 | Torque: 6")


@pytest.mark.parametrize("cell", ["th", "td"])
def test_a_row_of_data_that_is_all_heads_or_bold_keeps_its_labels_and_gives_none(tmp_path, cell):
    def row(*texts: str, cell: str = "td") -> str:
        return "<tr>" + "".join(f"<{cell}>{text}" for text in texts)

    head = row("Code", "Cause", "Remedy", cell="th")
    loud = row(*(f"<b>{t}</b>" for t in ("E2", "Motor hot", "Switch off at once")), cell=cell)
    body = row("E1", "Lid open", "Close it") + loud + row("E3", "No water", "Fill it")
    assert texts(tmp_path, f"<table>{head}{body}</table>") == [
        "Code: E1 | Cause: Lid open | Remedy: Close it\n"
        "Code: E2 | Cause: Motor hot | Remedy: Switch off at once\n"
        "Code: E3 | Cause: No water | Remedy: Fill it"
    ]
    choice = row("Options", "none", "lamp", cell="th") + row("Size", "3", "4")
    (_, rest) = texts(tmp_path, f"<table>{head}{row('E1', 'x', 'y')}{choice}</table>")
    assert rest == "Options | none | lamp\nSize | 3 | 4"


@pytest.mark.parametrize(
    ("margin", "kept"),
    [
        ('<aside class="warning">Never open it hot.</aside>', True),
        ('<aside class="md-note box">Never open it hot.</aside>', True),
        ('<aside class="caution-box">Never open it hot.</aside>', True),
        ('<aside class="tip-jar">Never open it hot.</aside>', False),
        ("<aside><h3>Warning</h3><p>Never open it hot.</p></aside>", True),
        ("<aside id=x><div><strong>⚠ Caution:</strong> Never open it hot.</div></aside>", True),
        ('<aside role="complementary"><h4>Vorsicht!</h4>Never open it hot.</aside>', True),
        ("<aside><h3>Related</h3><p>Warnings. Never open it hot.</p></aside>", False),
        ('<footer class="safety-links note">Never open it hot.</footer>', False),
    ],
)
def test_a_margin_is_text_only_where_it_is_called_a_warning(tmp_path, margin, kept):
    page = f"<body>{margin}<article><h1>Pump</h1><p>Fill the pump before you start it.</p></article></body>"
    assert ("Never open it hot." in " ".join(texts(tmp_path, page))) == kept


@pytest.mark.parametrize(
    "margin",
    [
        '<aside class="warning sidebar">{}</aside>',
        "<aside><h3>Warning</h3>{}</aside>",
        '<aside class="col-4" role="note"><p><strong>Note</strong></p>{}</aside>',
    ],
)
@pytest.mark.parametrize("tag", ["main", "article"])
def test_a_warning_in_a_margin_of_the_text_is_read(tmp_path, margin, tag):
    told = margin.format("<p>Never open it hot.</p>")
    page = f"<body><nav>Menu</nav><{tag}><h1>Pump</h1><p>Fill the pump before you start it.</p>{told}</{tag}></body>"
    assert "Never open it hot." in texts(tmp_path, page)


def test_the_foot_of_a_table_stands_last(tmp_path):
    head = "<thead><tr><th>Part<th>Torque<th>Tool</thead>"
    foot = "<tfoot><tr><td colspan=3>Measured at 20 °C</tfoot>"
    body = "<tbody><tr><td>M6<td>9 Nm<td>Key A<tr><td>M8<td>22 Nm<td>Key B</tbody>"
    told = "Part: M6 | Torque: 9 Nm | Tool: Key A\nPart: M8 | Torque: 22 Nm | Tool: Key B\nMeasured at 20 °C"
    for order in (head + foot + body, head + body + foot, foot + head + body):
        assert texts(tmp_path, f"<table>{order}</table>") == [told]
    inside = f"<table><tr><th>Lamp<th>Codes<tr><td>Front<td><table>{foot}{body}</table><tr><td>Rear<td>none</table>"
    assert texts(tmp_path, inside)[0].endswith("\nRear | none")


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("10<sup>n</sup> bar", "10ⁿ bar"), ("10<sup>x</sup> bar", "10^x bar"), ("2<sup>x+y</sup>", "2^(x+y)"),
        ("(a+b)<sup>m</sup>", "(a+b)^m"), ("e<sup>x</sup>", "e^x"), ("10<sup>kT</sup>", "10^kT"),
        ("the 21<sup>st</sup> day", "the 21st day"), ("ACME<sup>TM</sup> pump", "ACMETM pump"), ("1<sup>er</sup> tour", "1er tour"),
        ("see<sup>a</sup>", "seea"),
    ],
)  # fmt: skip
def test_a_raised_letter_is_not_glued_to_a_number(tmp_path, written, shown):
    assert texts(tmp_path, f"<p>It is {written}.</p>") == [f"It is {shown}."]


def test_a_second_row_of_heads_in_the_middle_begins_new_labels(tmp_path):
    first = "<tr><th>Part<th>Life<th>Tool<tr><td>Seal<td>3 a<td>Key<tr><th>Lid<td>4 a<td>Key"
    told = "Part: Seal | Life: 3 a | Tool: Key\nPart: Lid | Life: 4 a | Tool: Key"
    second = "<tr><th>Oil<th>Litres<th>Shop<tr><td>15W<td>2<td>ACME"
    assert texts(tmp_path, f"<table>{first}{second}</table>") == [
        told,
        "Oil | Litres | Shop\n15W | 2 | ACME",
    ], "it may be a row of data that matters"
    again = "<tr><th>Oil<th>Litres<th>Tool<tr><td>15W<td>2<td>Can"
    assert (
        texts(tmp_path, f"<table>{first}{again}</table>")[1] == "Oil: 15W | Litres: 2 | Tool: Can"
    )
    corner = "<tr><td><th>Amount (l)<th>Shop<tr><td>15W<td>2<td>ACME"
    assert (
        texts(tmp_path, f"<table>{first}{corner}</table>")[1] == "15W | Amount (l): 2 | Shop: ACME"
    )
    figures = "<tr><th>All<th>7 a<th>9<tr><td>15W<td>2<td>ACME"
    assert texts(tmp_path, f"<table>{first}{figures}</table>") == [
        told,
        "All | 7 a | 9\n15W | 2 | ACME",
    ]
    line = "<tr><th colspan=3>Oils<tr><td>15W<td>2 a<td>Can"
    assert texts(tmp_path, f"<table>{first}{line}</table>") == [
        told + "\nOils\nPart: 15W | Life: 2 a | Tool: Can"
    ]


def test_a_head_as_long_as_a_text_is_no_label(tmp_path):
    for size, named in ((60, True), (61, False)):
        head = f"<tr><th>Part<th>{'x' * size}<th>Tool<tr><td>Seal<td>3 a<td>Key"
        (table,) = texts(tmp_path, f"<table>{head}</table>")
        assert ("Part: Seal" in table) == named


@pytest.mark.parametrize("columns", [2, 4])
def test_every_passage_of_a_long_table_has_its_head(tmp_path, columns):
    heads = ["Model", "Limit", "Weight", "Colour"][:columns]
    rows = [[f"KX-{n}", f"{n} bar at full load and speed", f"{n} kg", "red"] for n in range(120)]
    lines = [heads, ["---"] * columns, *(row[:columns] for row in rows)]
    source = "# Limits\n\n" + "\n".join(f"| {' | '.join(line)} |" for line in lines)
    _, passages = split(read(tmp_path, source, "limits.md"))
    assert len(passages) > 5 and all("Model" in p.text and "Limit" in p.text for p in passages)
    assert sum("KX-77 " in p.text for p in passages) == 1


def test_a_table_in_a_cell_is_its_text_and_one_in_a_layout_is_a_table(tmp_path):
    inner = "<table><tr><td>1<td>red<tr><td>2<td>blue</table>"
    outer = f"<table><tr><th>Lamp<th>Codes<tr><td>Front<td>{inner}<tr><td>Rear<td>none</table>"
    assert texts(tmp_path, outer) == ["Lamp | Codes\nFront | 1, red; 2, blue\nRear | none"]
    mixed = "<table><tr><th>A<th>B<tr><td>1<td>Set <table><tr><td>P<td><p>2 bar</p><tr><td>Q<td>3 l</table> and go</table>"
    assert texts(tmp_path, mixed) == ["A | B\n1 | Set; P, 2 bar; Q, 3 l; and go"]
    layout = f"<table><tr><td><p>Read this.</p>{inner}<h2>Next</h2>More.</td></tr></table>"
    assert texts(tmp_path, layout) == ["Read this.", "1 | red\n2 | blue", "Next", "More."]


def test_small_type_and_formulas_keep_their_meaning(tmp_path):
    body = (
        "<p>It holds 10<sup>3</sup> cm<sup>3</sup> of H<sub>2</sub>O, or 10<sup>-6</sup> m<sup>3</sup>, on the 1<sup>st</sup> day.</p>"
        "<p>The power is <math><mi>P</mi><mo>=</mo><mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mn>2</mn></mfrac>"
        "<mo>×</mo><msup><mi>U</mi><mn>2</mn></msup></math> watts.</p>"
    )
    assert texts(tmp_path, body) == [
        "It holds 10³ cm³ of H₂O, or 10⁻⁶ m³, on the 1st day.",
        "The power is P = (a + 1)/2 × U² watts.",
    ]


def test_struck_text_is_left_out_and_said(tmp_path):
    document = read(
        tmp_path, page("<p>Use <del>2 bar</del> <ins>3 bar</ins>.</p><p><s>Old: 7 bar</s></p>"), "a"
    )
    assert [text for _, text in blocks(document)] == ["Use 3 bar."]
    assert document.warnings == ("2 struck-out pieces of text were left out.",)
    assert [t for _, t in blocks(read(tmp_path, "Set ~~4 bar~~ 5 bar.", "a.md"))] == ["Set 5 bar."]


def test_lists_keep_their_numbers(tmp_path):
    body = "<ol start=4><li>Fill it.<li>Run it.<ol type=a><li>slowly</ol><li value=9>Stop it.</ol><ol><li>1) Own.</ol>"
    assert texts(tmp_path, body) == [
        "4. Fill it.", "5. Run it.", "a. slowly", "9. Stop it.", "1) Own.",
    ]  # fmt: skip
    assert [t for _, t in blocks(read(tmp_path, "3. Lift\n4. Turn\n", "a.md"))] == [
        "3. Lift",
        "4. Turn",
    ]


def test_what_a_button_opens_is_text(tmp_path):
    body = (
        "<h1>Help</h1><ul class=tabs><li>One<li>Two</ul><div role=tabpanel><h2>One</h2><p>First way.</p></div>"
        "<div role=tabpanel style='display:none'><h2>Two</h2><p>Second way.</p></div>"
        "<button aria-expanded=false aria-controls=q>How long?</button><div id=q hidden>Six minutes.</div>"
        "<h2><button>Care</button></h2><p>Press <button>Save</button> now.</p><button>Print</button><p hidden>secret</p>"
    )
    document = read(tmp_path, page(body), "help.html")
    assert section_paths(document) == ["Help", "Help > One", "Help > Two", "Help > How long?", "Help > Care"]  # fmt: skip
    assert [text for kind, text in blocks(document) if kind != "heading"] == [
        "First way.", "Second way.", "Six minutes.", "Press Save now.",
    ]  # fmt: skip


def test_the_frame_of_a_page_is_left_out(tmp_path):
    body = (
        "<header>ACME shop</header><div class='cookie-banner'>We use cookies.</div><main><header><h1>Reset</h1></header>"
        "<p>Hold the key.</p><aside>Mind the lid.</aside><div class=page-feedback>Rate us</div><p>Was this page helpful? Yes No</p>"
        "</main><aside>Other products</aside><footer>All rights reserved</footer>"
    )
    assert texts(tmp_path, body) == ["Reset", "Hold the key.", "Mind the lid."]


def test_a_head_without_the_title_and_margins_of_other_names_are_frame(tmp_path):
    body = (
        "<header><p>ACME shop</p></header><main><h1>Reset</h1><p>Hold the key.</p></main><aside class=footnotes-nav>More</aside>"
        "<div class='cookie-notice alert'>We use cookies.</div><aside class=sidebar>Other products</aside>"
    )
    assert texts(tmp_path, body) == ["Reset", "Hold the key."]
    titled = "<header><h1>Pump</h1><p>Fill it.</p></header><main><p>Turn it on.</p></main><footer>All rights reserved</footer>"
    assert texts(tmp_path, titled) == ["Pump", "Fill it.", "Turn it on."]


def test_lines_of_a_page_without_tags_for_them(tmp_path):
    """Old pages: bold lines for headings, line breaks for paragraphs and for the items of lists."""
    body = "<b>Descaling</b><br><br>1. Empty it.<br>2. Fill it.<br><br><b>Storage</b><br><br>Keep it dry.<br>Always."
    document = read(tmp_path, page(body), "old.html")
    assert section_paths(document) == ["Descaling", "Storage"]
    assert blocks(document)[1:3] == [("item", "1. Empty it."), ("item", "2. Fill it.")]
    assert blocks(document)[-1] == ("text", "Keep it dry.\nAlways.")


def test_descriptions_of_images_are_text_where_they_say_something(tmp_path):
    long = "Wiring: the brown wire goes to terminal L, the blue one to terminal N, never the other way round"
    body = f"<p><img alt='Red lamp'> means empty.</p><figure><img alt='{long}'></figure><p><img alt='logo'></p><p>Ask <select><option>A<option>B</select>.</p>"
    assert texts(tmp_path, body) == ["Red lamp means empty.", long, "Ask A / B."]


def test_a_page_made_by_a_script_says_so(tmp_path):
    source = page("<script>render('Hold the key')</script><div id=root></div>")
    with pytest.raises(UnreadableFile, match="made by a script") as caught:
        read(tmp_path, source, "app.html")
    assert "browser" in f"{caught.value} {caught.value.hint}" and "OCR" not in caught.value.hint
    with pytest.raises(NoText):
        read_file(_empty(tmp_path), "empty.html")


def _empty(tmp_path):
    (tmp_path / "e").write_text("<html><body><p></p></body></html>")
    return tmp_path / "e"


@pytest.mark.parametrize(
    "title",
    ["Microsoft Word - doc1", "Document3", "(anonymous)", "12345", "scan0001", "New Microsoft Word Document", "Layout 1", "IMG_2031"],
)  # fmt: skip
def test_what_a_program_calls_a_file_is_no_title(tmp_path, title):
    source = f"<html><head><title>{title}</title></head><body><p>Keep it dry.</p></body></html>"
    assert read(tmp_path, source, "lynx_l5-guide.html").title == "lynx l5 guide"


def test_short_answers_are_text_whatever_the_format(tmp_path):
    faq = "# Pump FAQ\n\n## Can I run the pump dry?\n\nNo.\n\n- Yes\n- Submit\n"
    assert [t for _, t in blocks(read(tmp_path, faq, "faq.md"))][2:] == ["No.", "Yes", "Submit"]
    body = (
        "<h1>FAQ</h1><h2>May it run dry?</h2><p>No.</p><h2>Is it loud?</h2><p>Yes</p>"
        "<p>We use cookies in the test kitchen. WARNING: the tray is hot, never touch it.</p>"
        "<p>Was this page helpful?</p><p>Yes / No</p><p>Submit</p><h2>Is it safe?</h2><p>No</p>"
    )
    assert [text for kind, text in blocks(read(tmp_path, page(body), "a.html")) if kind == "text"] == [
        "No.", "Yes", "We use cookies in the test kitchen. WARNING: the tray is hot, never touch it.", "No",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [
        "<header>ACME</header><div role=main><p>Fill it.</p><aside class=topic>{}</aside></div>",
        "<main><p>Fill it.</p></main><section><p>Fill it.</p><footer>{}</footer></section>",
        "<section><p>Fill it.</p><footer>{}</footer></section>",
        "<div class='layout sidebar-right has-sidebar'><h1>Pump</h1><p>{}</p></div>",
        "<p class=helpful>{}</p>",
        "<p id=consent-level class='share social'>{}</p>",
        "<div class=related-content>{}</div><p>Fill it.</p>",
        "<div class=breadcrumbs><main><p>Fill it.</p><p>{}</p></main></div>",
        "<div class=toc><h1>Pump</h1><p>{}</p></div>",
        "<main><p>Fill it.</p></main><aside>" + "Some more words. " * 30 + "{}",
        "<article><p>Fill it.</p></article><aside class=warning>{}</aside>",
        "<article><p>Fill it.</p></article><aside class='box box--caution'>{}</aside>",
        "<aside role=doc-notice>{}</aside><article><p>Fill it.</p></article>",
        "<main><p>Fill it.</p></main><div role=complementary id=safety-notes>{}</div>",
        "<header><h1>Pump</h1><p>{}</p></header><main><p>Fill it.</p></main>",
    ],
)
def test_text_is_never_taken_for_the_frame(tmp_path, body):
    said = "Never exceed 7 bar."
    assert said in " ".join(texts(tmp_path, body.format(said)))


def test_how_much_of_a_frame_was_left_out_is_said(tmp_path):
    body = "<main><h1>Reset</h1><p>Hold the key.</p></main><footer>All rights reserved</footer>"
    assert read(tmp_path, page(body), "a.html").warnings == (
        "3 words of the page's frame (menus, notices, margins) were left out.",
    )


def test_cells_that_claim_to_span_everything_do_not_fill_the_memory(tmp_path):
    rows = "<tr><td rowspan=1000 colspan=1000>left<td rowspan=1000 colspan=1000>right" * 300
    table = "\n".join(texts(tmp_path, f"<table>{rows}</table>"))
    assert table.count("\n") == 299 and len(table) < 1_000_000


def test_lists_to_choose_from_and_small_type_inside_small_type(tmp_path):
    body = "<p>Set <select><option>A<option>B</select> and <select><option>C</select>.</p>"
    assert texts(tmp_path, body) == ["Set A / B and C."]
    many = "".join(f"<option>N{number}" for number in range(9))
    assert texts(tmp_path, f"<p>Ask <select>{many}</select></p>") == [
        "Ask N0 / N1 / N2 / N3 / N4 / N5 / …"
    ]
    assert texts(tmp_path, "<p>x<sup>2" + "<sup>3" * 20_000)[0].startswith("x^(2")


@pytest.mark.parametrize("reading", ["<rt>でんげん</rt>", "<rp>(</rp><rt>でんげん<rp>)</rp>"])
def test_how_a_word_is_read_does_not_run_into_it(tmp_path, reading):
    body = f"<p><ruby>電源{reading}</ruby>を切る。</p>"
    assert texts(tmp_path, body) == ["電源 (でんげん)を切る。"]


def test_letters_that_a_style_sheet_sets_higher_or_lower_are_small(tmp_path):
    page = (
        "<style>.c2{vertical-align:super;font-size:7pt}.c9{vertical-align:sub}.g{vertical-align:top}</style>"
        '<p><span class="c1">10</span><span class="c1 c2">3</span> cycles, CO<span class=c9>2</span>,'
        ' 4<span class="g">5</span></p>'
    )
    assert texts(tmp_path, page) == ["10³ cycles, CO₂, 45"]


def test_letters_in_a_font_of_signs_are_what_they_show(tmp_path):
    page = (
        "<style>.s{font-family:Symbol}.t{font-family:Arial,Symbol}</style>"
        '<p>20 <font face="Symbol">m</font>A, <span style="font-family:Symbol">W</span>, <span class="s">&pound;</span> 4,'
        ' <span class="t">W</span>, <font face=Wingdings>&#252;</font> CE, <font face="Symbol">Volt</font></p>'
    )
    assert texts(tmp_path, page) == ["20 µA, Ω, ≤ 4, W, ✓ CE, Volt"]


def test_pictures_that_say_what_they_warn_of_are_text(tmp_path):
    told = ("Danger: rotating blade", "Achtung, heiß", "Hot surface")
    images = "".join(f"<p>Step.</p><img src=a.png alt='{words}'>" for words in told)
    assert [text for text in texts(tmp_path, images) if text != "Step."] == list(told[:2])
    signs = "<p>Step.</p><img alt='Warning sign'><p>Stop.</p><img alt='Warning'><p>End.</p>"
    assert texts(tmp_path, signs) == ["Step.", "Stop.", "End."]


def test_boxes_to_tick_say_whether_they_are_ticked(tmp_path):
    fields = (
        "<ul><li><input type='checkbox' checked> Start with the computer<li><input type=checkbox disabled> Send reports</ul>"
        "<input type='radio' id=a name=unit><label for=a>bar</label><input type='radio' id=b name=unit checked=checked><label for=b>psi</label>"
        "<p>Tick the box and press <input type='submit' value='Save &amp; close'>.</p>"
        "<table><tr><th>Option<th>Default<tr><td>Beep<td><input type=checkbox checked=''><tr><td>Lamp<td><input type=checkbox></table>"
    )
    assert texts(tmp_path, fields) == [
        "☑ Start with the computer", "☐ Send reports", "○ bar ◉ psi", "Tick the box and press Save & close.",
        "Option: Beep | Default: ☑\nOption: Lamp | Default: ☐",
    ]  # fmt: skip


def test_boxes_that_work_on_the_page_are_no_text(tmp_path):
    body = (
        "<input type=checkbox id=nav-toggle><label for=nav-toggle>Options</label><p>Close the lid.</p>"
        "<p><input type=checkbox></p><input type=submit value=Go><input type=checkbox hidden checked>"
        "<p>Was this page helpful?</p><p><input type=radio> Yes <input type=radio> No</p>"
    )
    assert texts(tmp_path, body) == ["Options", "Close the lid."]
    opened = "<style>input:checked + div { display: block }</style>"
    answer = "<input type=checkbox id=q><label for=q>How?</label><div>Press Start.</div>"
    assert texts(tmp_path, opened + answer)[0] == "How?"


def test_what_weblogs_put_below_every_page_is_no_text(tmp_path):
    below = (
        "<h3>Share this:</h3><ul><li><a>Share on X (Opens in new window) X</a><li>Facebook<li>Print</ul><h3>Like this:</h3><p>Like Loading...</p>"
        "<p>This entry was posted in Pumps. Bookmark the permalink.</p><p>Leave a comment</p>"
        "<div class='jp-relatedposts'><h3>Related</h3><p>Old pumps</p></div><footer class='entry-footer'>Posted in Pumps</footer>"
    )
    body = "<h1>Reset</h1><p>Hold the key.</p>"
    assert texts(tmp_path, body + below) == ["Reset", "Hold the key."]
    own = "<h2>Share this device</h2><ul><li>Facebook<li>Print</ul><p>Do it like this:</p>"
    assert texts(tmp_path, body + own)[2:] == [
        "Share this device",
        "Facebook",
        "Print",
        "Do it like this:",
    ]
