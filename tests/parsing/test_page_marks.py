"""What a web page says by its markup alone is said in words: tabs, icons, sections of tables, lists that count down."""

from __future__ import annotations

import pytest

from tests.parsing.test_markup import blocks, read
from tests.parsing.test_page_content import page, texts

MODES = (
    '<ul role="tablist"><li role="tab">Eco</li><li role="tab">Boost</li></ul>'
    '<div role="tabpanel"><p>Heat for 9 min.</p></div><div role="tabpanel" hidden><p>Heat for 4 min.</p></div>'
)
BY_ID = (
    '<div role="tablist"><button role="tab" aria-controls="b">Boost</button><button role="tab" aria-controls="e">Eco</button></div>'
    '<div role="tabpanel" id="e"><p>Heat for 9 min.</p></div><div role="tabpanel" id="b"><p>Heat for 4 min.</p></div>'
)
LABELS = (
    '<div class="tabbed-set"><div class="tabbed-labels"><label for="a">Eco</label><label for="b">Boost</label></div>'
    '<div class="tabbed-content"><div class="tabbed-block"><p>Heat for 9 min.</p></div><div class="tabbed-block"><p>Heat for 4 min.</p></div></div></div>'
)


@pytest.mark.parametrize("tabs", [MODES, BY_ID, LABELS])
def test_each_page_of_tabs_says_which_it_is(tmp_path, tabs):
    assert texts(tmp_path, tabs) == ["Eco:", "Heat for 9 min.", "Boost:", "Heat for 4 min."]


def test_tabs_that_cannot_be_told_apart_get_no_name(tmp_path):
    more = MODES.replace("</ul>", '<li role="tab">Sleep</li></ul>')
    assert texts(tmp_path, more) == ["Heat for 9 min.", "Heat for 4 min."]
    named = MODES.replace("<p>Heat for 9", "<h3>Eco</h3><p>Heat for 9")
    assert texts(tmp_path, named)[:2] == ["Eco", "Heat for 9 min."]


def test_an_icon_is_the_word_that_describes_it(tmp_path):
    rows = (
        '<tr><th>Model<th>Wi-Fi<th>Timer<tr><td>K1<td><i class="fa fa-check" title="Yes"></i><td>9 h'
        '<tr><td>K2<td><span class="icon-no" aria-label="No"></span><td>4 h'
    )
    assert texts(tmp_path, f"<table>{rows}</table>") == [
        "Model: K1 | Wi-Fi: Yes | Timer: 9 h\nModel: K2 | Wi-Fi: No | Timer: 4 h"
    ]
    box = '<table><tr><td><i class="icon" title="Caution"></i></td><td>Steam leaves the lid.</td></tr></table>'
    assert texts(tmp_path, box) == ["Caution: Steam leaves the lid."]


def test_an_icon_that_repeats_the_text_or_works_on_the_page_says_nothing(tmp_path):
    for icon in (
        '<i class="fa fa-warning" title="Hot"></i> Hot steam leaves the lid.',
        '<span class="icon" title="Copy link"></span>Hot steam leaves the lid.',
        '<i title="x"></i>Hot steam leaves the lid.',
    ):
        assert texts(tmp_path, f"<p>{icon}</p>") == ["Hot steam leaves the lid."]


def test_a_section_of_a_table_heads_no_column(tmp_path):
    rows = (
        "<tr><th>Data<th>K1<th>K2<tr><th colspan=3>Inside<tr><th>Width (cm)<td>30<td>34"
        "<tr><th colspan=3>Outside<tr><th>Width (cm)<td>40<td>46"
    )
    assert texts(tmp_path, f"<table>{rows}</table>") == [
        "Inside\nData: Width (cm) | K1: 30 | K2: 34\nOutside\nData: Width (cm) | K1: 40 | K2: 46"
    ]


def test_a_list_that_counts_down(tmp_path):
    items = "<li>Lift<ol><li>Pin</ol><li>Lock<li>Go"
    assert texts(tmp_path, f"<ol reversed>{items}</ol>") == [
        "3. Lift",
        "1. Pin",
        "2. Lock",
        "1. Go",
    ]


def test_links_of_headings_to_themselves_are_no_text(tmp_path):
    body = '<h1>Oven</h1><h2 id="a">Cleaning<a class="headerlink" href="#a">¶</a></h2><p>Use soap. <a href="#b">#</a> <a href="#c">See below</a></p>'
    found = blocks(read(tmp_path, page(body), "p9.html"))
    assert [text for _, text in found] == ["Oven", "Cleaning", "Use soap. See below"]


def test_codes_with_one_meaning_stand_with_it(tmp_path):
    assert texts(
        tmp_path, "<dl><dt>F1</dt><dt>F2</dt><dd>Door open</dd><dt>F3</dt><dd>Fan</dd></dl>"
    ) == [
        "F1\nF2\nDoor open",
        "F3\nFan",
    ]


def test_codes_of_one_meaning_without_end_tags_stand_with_it_too(tmp_path):
    assert texts(tmp_path, "<dl><dt>E1<dt>E2<dd>Door open.<dt>E3<dd>No water.</dl>") == [
        "E1, E2\nDoor open.",
        "E3\nNo water.",
    ]


def test_hidden_words_are_counted_and_what_a_search_opens_is_read(tmp_path):
    body = '<p>Use soap.</p><p style="display:none">Use acid only.</p><div hidden="until-found"><p>Rinse it.</p></div>'
    document = read(tmp_path, page(body), "p9.html")
    assert [text for _, text in blocks(document)] == ["Use soap.", "Rinse it."]
    assert "3 words that the page hides were left out." in document.warnings


def test_talk_of_reviewers_in_a_page_of_word_is_no_text(tmp_path):
    body = (
        "<p class=MsoTitle>Oven O7</p><p class=MsoToc1>1 Cleaning...... 3</p><h1>1 Cleaning</h1><p>Use soap.<span class=MsoCommentReference>[A1]</span></p>"
        "<div style='mso-element:comment-list'><p class=MsoCommentText>[A1] Ask the lab!</p></div>"
    )
    document = read(tmp_path, page(body), "p9.html")
    assert document.title == "Oven O7"
    assert [text for _, text in blocks(document)] == ["Oven O7", "1 Cleaning", "Use soap."]


SHEET = "<style>.inner, p.old { display: none } #draft { visibility: hidden } @media print { .web { display: none } }</style>"


def test_what_a_style_sheet_of_the_page_hides_is_left_out_and_counted(tmp_path):
    body = (
        '<p>Use soap.</p><p class="note inner">Margin is 40 %.</p><p class="old">Use acid.</p><div class="old">Rinse it.</div>'
        '<p id="draft">To do.</p><p class="web">Dry it.</p><p class="inner-part">Close it.</p>'
    )
    document = read(tmp_path, page(f"{SHEET}{body}"), "p9.html")
    assert [text for _, text in blocks(document)] == ["Use soap.", "Rinse it.", "Dry it.", "Close it."]  # fmt: skip
    assert "8 words that the page hides were left out." in document.warnings


@pytest.mark.parametrize(
    "shown_by",
    [
        "<script>show()</script>",
        "<style>input:checked + .inner { display: block }</style>",
        "<style>.inner { display: block }</style>",
    ],
)
def test_what_a_page_may_show_again_is_read(tmp_path, shown_by):
    body = f'{SHEET}{shown_by}<h1>Oven</h1><p class="inner">Use soap.</p>'
    document = read(tmp_path, page(body), "p9.html")
    assert "Use soap." in [text for _, text in blocks(document)]


def test_struck_words_are_counted_however_they_are_struck(tmp_path):
    sheet = "<style>.old { color: red; text-decoration: line-through } .link { text-decoration: underline }</style>"
    script = "<script>show()</script>"
    body = '<p>Use <s>acid</s><span style="text-decoration: line-through">lye</span><b class="old">salt</b><b class="link">soap</b>.</p>'
    document = read(tmp_path, page(f"{sheet}{script}{body}"), "p9.html")
    assert [text for _, text in blocks(document)] == ["Use soap."]
    assert "3 struck-out pieces of text were left out." in document.warnings


@pytest.mark.parametrize(
    "mark",
    [
        '<a epub:type="noteref" href="#n1">1</a>',
        "<a href='#n1' epub:type='noteref'>1</a>",
        '<a href="#n1" role="doc-noteref"><span class="n">1</span></a>',
        '<a class="footnote-ref brackets" href="#n1">1</a>',
        '<a href="#n1" class="footnote-ref" role="doc-noteref"><sup>1</sup></a>',
        '<sup><a href="#n1" role="doc-noteref">1</a></sup>',
        '<sup class="x"><span><a href="#n1" epub:type="noteref">1</a></span></sup>',
        '<span style="color: red; vertical-align: super">1</span>',
        '<a href="#x7" style="vertical-align: super">1</a>',
        '<a href="#fn:7">1</a>',
        '<a name="r1" href="#_ftn1">1</a>',
    ],
)
def test_the_mark_that_calls_a_note_is_no_figure_of_the_text(tmp_path, mark):
    told = f'<p>Charge for 4 hours.{mark}</p><p id="n1">At 20 °C.</p>'
    assert texts(tmp_path, told) == ["Charge for 4 hours.¹", "At 20 °C."]


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        ('See page <a href="#p12">12</a>.', "See page 12."),
        ('See <a class="footnote-refs" href="#n1">1</a>.', "See 1."),
        ('Wait.<a href="#n1" role="doc-noteref">[1]</a>', "Wait.[1]"),
        ('See note <a href="#note-1">1</a>.', "See note 1."),
        ('Model P<a href="#p9">9</a> is on.', "Model P9 is on."),
        ('About <span style="vertical-align: middle">5</span> l.', "About 5 l."),
        ('H<span style="vertical-align:sub">2</span>O', "H₂O"),
        ("10<span style='font-size: 8px; vertical-align: super;'>3</span> Pa", "10³ Pa"),
    ],
)
def test_other_links_and_styles_stay_what_they_are(tmp_path, told, read_as):
    assert texts(tmp_path, f"<p>{told}</p>") == [read_as]


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        ("Use 1<sup>3</sup>/<sub>4</sub> inch.", "Use 1 3/4 inch."),
        ("Use <sup>1</sup>&frasl;<sub>16</sub> inch.", "Use 1/16 inch."),
        ("Flow 10<sup>3</sup>/4 m<sup>3</sup>/h.", "Flow 10³/4 m³/h."),
        ("Area m<sup>2</sup>/<sub>2</sub>.", "Area m²/₂."),
    ],
)
def test_a_fraction_in_small_type_is_one(tmp_path, told, read_as):
    assert texts(tmp_path, f"<p>{told}</p>") == [read_as]


def test_what_a_wide_screen_shows_is_text(tmp_path):
    page = (
        "<style>.d-none{display:none!important}.phone{display:none}.big{font-size:9px}"
        "@media(min-width:768px){.d-md-block{display:block!important}.big{font-size:20px}}"
        "@media (min-width: 2000px){.d-wall{display:block}} @media print{.paper{display:block}}</style>"
        '<p class="d-none d-md-block">Blade: 46 cm.</p><p class="phone">On phones.</p><p class="phone big">Still phones.</p>'
        '<p class="d-none d-wall">On walls.</p><p class="d-none paper">On paper.</p>'
    )
    document = read(tmp_path, page, "a.html")
    assert [text for _, text in blocks(document)] == ["Blade: 46 cm."]
    assert document.warnings == ("8 words that the page hides were left out.",)


def test_parts_that_a_program_of_the_page_opens_are_text(tmp_path):
    page = (
        '<h1>Pump</h1><div class="MCDropDown"><a class="MCDropDownHotSpot">It is loud</a>'
        '<div class="MCDropDownBody dropDownBody" style="display:none"><p>Vent for 45 s.</p></div></div>'
        '<p>The <a>NPSH<span class="MCTextPopupBody popupBody" style="display:none">suction head</span></a> matters.</p>'
        '<div class="NavFrame"><div class="NavHead">Older</div><div class="NavContent" style="display:none">Use 15 g.</div></div>'
        '<div class="swiper-slide">Grip</div><div class="swiper-slide" aria-hidden="true">Bar 12 Nm</div>'
        '<div class="swiper-slide swiper-slide-duplicate" aria-hidden="true">Grip</div>'
    )
    document = read(tmp_path, page, "a.html")
    assert [text for _, text in blocks(document)] == [
        "Pump", "It is loud", "Vent for 45 s.", "The NPSH (suction head) matters.", "Older", "Use 15 g.",
        "Grip", "Bar 12 Nm",
    ]  # fmt: skip
    assert document.warnings == ("1 word that the page hides was left out.",)


def test_what_readers_write_below_a_page_is_left_out(tmp_path):
    text = "<p>" + "Clean the filter every week and dry it well. " * 4 + "</p>"
    talk = '<div id="comments"><h2>2 thoughts</h2><ol class="comment-list"><li>Vinegar works!</li></ol></div>'
    page = f'<main><h1>Care</h1><h2>Filter <span class="mw-editsection">[edit]</span></h2>{text}{talk}</main>'
    document = read(tmp_path, page, "a.html")
    assert [kind for kind, _ in blocks(document)] == ["heading", "heading", "text"]
    assert blocks(document)[1] == ("heading", "Filter")
    assert document.warnings == ("4 words of readers' comments were left out.",)
    own = '<h1>Word guide</h1><section id="comments"><h2>Comments</h2><p>Click Add.</p></section>'
    assert ("text", "Click Add.") in blocks(read(tmp_path, own, "b.html"))
    forum = f"<h1>Care</h1>{talk}"
    assert ("item", "1. Vinegar works!") in blocks(read(tmp_path, forum, "c.html"))


def test_a_table_that_is_made_of_boxes_is_one(tmp_path):
    page = (
        '<h1>Meter</h1><div role="table"><div role="rowgroup"><div role="row"><span role="columnheader">Key</span><span role="columnheader">'
        'Function</span></div></div><div role="row"><div role="cell"><p>HOLD</p></div><div role="cell">freeze</div></div>'
        '<div role="row"><span role="cell">REL</span><span role="cell">offset</span></div></div>'
        '<p>Press it.</p><div role="row"><div role="cell">Alone</div></div>'
    )
    assert blocks(read(tmp_path, page, "a.html"))[1:] == [
        ("table", "Key | Function\nHOLD | freeze\nREL | offset"),
        ("text", "Press it."),
        ("text", "Alone"),
    ]


def test_the_texts_of_a_drawing_are_read(tmp_path):
    drawing = "<svg><title>Mount</title><text x='1'>A = counterweight <tspan>3.4 kg</tspan></text><text>B</text><text>Jack max 10 A</text></svg>"
    hidden = '<svg style="display:none"><symbol><text>A sign of the page</text></symbol></svg>'
    curve = "<svg>" + "".join(f"<text>at {n} seconds</text>" for n in range(50)) + "</svg>"
    body = f"<h1>Mount</h1><p>See below.</p>{drawing}{hidden}{curve}<p>Done.</p>"
    assert texts(tmp_path, body)[1:] == [
        "See below.", "A = counterweight 3.4 kg; Jack max 10 A", "Done.",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("style", "shown"),
    [
        ("color:#fff;background:#fff", False),
        ("background-color: white; color: rgb(255, 255, 255)", False),
        ("color:#fff;background:#333", True),
        ("color:white", False),  # nothing gives it another ground than the page's
        ("background-color:#fff", True),
        ("color:inherit;background:inherit", True),
        ("border-color:#fff;background:#fff;color:#000", True),
    ],
)
def test_letters_in_the_color_of_their_own_ground_are_left_out(tmp_path, style, shown):
    page = f"<h1>Reset</h1><p>Hold RESET.</p><p style='{style}'>The dealer code is 5551.</p>"
    document = read(tmp_path, page, "a.html")
    assert ("5551" in document.pages[0].text) == shown
    assert bool(document.warnings) != shown
