"""Markdown, HTML and plain text: titles, section paths, blocks, and offsets that are exact."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.parsing import read_file
from knowledge.types import Document


def section_paths(document: Document) -> list[str]:
    """ "A > B > C" for every heading, as people see it."""
    stack, paths = [], []
    for heading in document.headings:
        while stack and stack[-1].level >= heading.level:
            stack.pop()
        stack.append(heading)
        paths.append(" > ".join(part.title for part in stack))
    return paths


def blocks(document: Document, page: int = 1) -> list[tuple[str, str]]:
    """(kind, text) of a page's blocks."""
    found = next(p for p in document.pages if p.number == page)
    return [(block.kind, found.text[block.start : block.end]) for block in found.blocks]


def read(tmp_path: Path, content: str | bytes, name: str) -> Document:
    path = tmp_path / "upload"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_file(path, name)


MARKDOWN = """\
# Pump X100 user manual

Read this first.

## Care

### Cleaning

1. Turn it *off*.
2. Wipe the <b>cover</b>.

| Code | Meaning |
|------|---------|
| E12  | Filter blocked |

```
pumpctl --reset
   now
```

### Storage

Tap <Settings> & keep it dry.
"""


def test_markdown_gives_title_paths_and_blocks(tmp_path):
    document = read(tmp_path, MARKDOWN, "x100.md")
    assert (document.kind, document.title, document.product, document.paged) == (
        "markdown",
        "Pump X100 user manual",
        "Pump X100",
        False,
    )
    assert section_paths(document) == ["Care", "Care > Cleaning", "Care > Storage"]
    assert blocks(document) == [
        ("heading", "Pump X100 user manual"),
        ("text", "Read this first."),
        ("heading", "Care"),
        ("heading", "Cleaning"),
        ("item", "1. Turn it off."),
        ("item", "2. Wipe the cover."),
        ("table", "Code | Meaning\nE12 | Filter blocked"),
        ("code", "pumpctl --reset\n   now"),
        ("heading", "Storage"),
        ("text", "Tap <Settings> & keep it dry."),
    ]


def test_heading_offsets_point_at_their_titles(tmp_path):
    document = read(tmp_path, MARKDOWN, "x100.md")
    text = document.pages[0].text
    assert [text[h.start : h.end] for h in document.headings] == ["Care", "Cleaning", "Storage"]
    assert "\nCleaning\n" in text


def test_a_title_among_several_top_headings_stays_a_section(tmp_path):
    document = read(tmp_path, "# Pumps\n\ntext\n\n# Valves\n\ntext\n", "x.md")
    assert section_paths(document) == ["Pumps", "Valves"]


def test_front_matter_names_the_manual(tmp_path):
    document = read(
        tmp_path, '---\ntitle: "Valve guide"\nauthor: me\n---\n# Intro\n\nHello there.\n', "x.md"
    )
    assert document.title == "Valve guide" and document.product == "Valve"
    assert "author" not in document.pages[0].text


HTML = """<!DOCTYPE html><html><head><title>Valve V7 handbook</title><style>p{}</style><script>var hidden="no"</script></head>
<body><nav><a href=#x>Menu entry</a></nav><div id="toc"><h2>Contents</h2><ul><li>Setup</li></ul></div>
<h1>Valve V7 handbook</h1><p>One<br>two   three<p>Next &amp; last
<h2>Setup</h2><ul><li>Open it<ul><li>slowly</ul><li><p>Close it</p></ul>
<dl><dt>Gauge</dt><dd>Shows pressure</dd><dt>Lever</dt><dd>Opens</dd></dl>
<pre>line 1
  line 2</pre>
<table><caption>Codes</caption><tr><th>Code<th>Meaning<tr><td>A1<td>Leak</table>
<table><tr><td><img src=n.png alt="Note"></td><td>Keep it dry.</td></tr></table>
<p hidden>invisible</p><p style="display: none">also invisible</p><template>tpl</template><!-- remark -->
<figure><img src=x.png><figcaption>Figure 1: the valve</figcaption></figure>
<p>Tap <img alt="Settings"> to begin.</p></body></html>"""


def test_html_keeps_what_people_see(tmp_path):
    document = read(tmp_path, HTML, "v7.html")
    assert (document.kind, document.title, document.product) == (
        "html",
        "Valve V7 handbook",
        "Valve V7",
    )
    assert section_paths(document) == ["Setup"]
    assert blocks(document)[1:] == [
        ("text", "One\ntwo three"),
        ("text", "Next & last"),
        ("heading", "Setup"),
        ("item", "Open it"),
        ("item", "slowly"),
        ("item", "Close it"),
        ("item", "Gauge\nShows pressure"),
        ("item", "Lever\nOpens"),
        ("code", "line 1\n  line 2"),
        ("caption", "Codes"),
        ("table", "Code | Meaning\nA1 | Leak"),
        ("text", "Note: Keep it dry."),
        ("caption", "Figure 1: the valve"),
        ("text", "Tap Settings to begin."),
    ]
    for hidden in ("Menu", "Contents", "invisible", "hidden", "tpl", "remark"):
        assert hidden not in document.pages[0].text


PLAIN = """\
X100 PUMP
=========

Keep this text.
It goes on here.

CLEANING

- Turn it off
- Wipe it

1.2 Storage in winter

Drain the pump.

    pumpctl drain
"""


def test_plain_text_headings_items_and_code(tmp_path):
    document = read(tmp_path, PLAIN, "x100.txt")
    assert document.kind == "text" and document.title == "X100 PUMP"
    assert [h.title for h in document.headings][-2:] == ["CLEANING", "1.2 Storage in winter"]
    assert ("item", "- Turn it off") in blocks(document) and (
        "code",
        "    pumpctl drain",
    ) in blocks(document)
    assert ("text", "Keep this text.\nIt goes on here.") in blocks(document)


@pytest.mark.parametrize(
    ("encoding", "warned"),
    [
        ("utf-8", False),
        ("utf-8-sig", False),
        ("utf-16", False),
        ("utf-16-le", True),
        ("utf-16-be", True),
        ("utf-32", False),
        ("cp1252", True),
    ],
)
def test_encodings(tmp_path, encoding, warned):
    document = read(
        tmp_path, "Größe prüfen: 5 µm.\r\n\r\nFertig – danach weiter.".encode(encoding), "a.txt"
    )
    assert blocks(document) == [
        ("text", "Größe prüfen: 5 µm."),
        ("text", "Fertig – danach weiter."),
    ]
    assert bool(document.warnings) == warned


def test_other_scripts_without_a_named_encoding(tmp_path):
    text = "Очистить фильтр насоса и проверить давление воды перед пуском."
    assert blocks(read(tmp_path, text.encode("cp1251"), "a.txt")) == [("text", text)]


def test_html_names_its_encoding(tmp_path):
    html = '<html><head><meta charset="windows-1251"><title>Насос</title></head><p>Очистить фильтр</html>'
    document = read(tmp_path, html.encode("cp1251"), "a.html")
    assert (
        document.title == "Насос"
        and blocks(document) == [("text", "Очистить фильтр")]
        and not document.warnings
    )
    assert read(
        tmp_path, html.replace("windows-1251", "zlib_codec").encode("cp1251"), "a.html"
    ).warnings


def test_control_characters_and_half_characters_cannot_reach_the_database(tmp_path):
    document = read(
        tmp_path,
        b"Press\x00the\x07button. \xed\xa0\x80 Wait." + b" More text to read." * 10,
        "a.txt",
    )
    document.pages[0].text.encode("utf-8")
    assert not any(ord(c) < 32 and c != "\n" for c in document.pages[0].text)
    markdown = read(tmp_path, b"# A\x00B\n\ntext &#xD800; &#0; \x08 end" + b" more" * 30, "a.md")
    markdown.pages[0].text.encode("utf-8")
    assert "\x00" not in markdown.pages[0].text + markdown.headings[0].title + markdown.title


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        (
            "2. DATEN\n   Leistung ............ 2000 W\n   Spannung . . . . . . 230 V~",
            [("heading", "2. DATEN"), ("table", "Leistung | 2000 W\nSpannung | 230 V~")],
        ),
        (
            "Pressure .......... 16 bar\nFor the pump alone.",
            [("table", "Pressure | 16 bar"), ("text", "For the pump alone.")],
        ),
        # The lines of a table of contents, of a form, and of a sentence that breaks off
        ("Care ........ 4\nData ........ 9", [("text", "Care ........ 4\nData ........ 9")]),
        ("Name ........ Date ........", [("text", "Name ........ Date ........")]),
        ("Wait ... then press OK.", [("text", "Wait ... then press OK.")]),
        ("1. Fill the tank\n   with water.", [("item", "1. Fill the tank\nwith water.")]),
    ],
)
def test_dots_lead_from_a_name_to_its_value_in_plain_text(tmp_path, text, read_as):
    assert blocks(read(tmp_path, text, "a.txt")) == read_as


def test_a_long_line_of_blanks_and_dots_is_read_at_once(tmp_path):
    text = f"a{' ' * 40_000}b {'. ' * 20_000}.... c {'.' * 40_000}"
    assert read(tmp_path, text, "a.txt").pages
