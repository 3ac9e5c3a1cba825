"""White words on the white of a web page are left out and counted; on a ground of another colour they are text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.parsing.test_markup import blocks, read
from tests.parsing.test_page_content import page

STYLE = "<style>th{background:#036;color:#fff} .w{color:#fff} .b{background:navy} p{background:none}</style>"


def words(tmp_path: Path, body: str) -> str:
    document = read(tmp_path, page(f"<h1>Pump</h1>{body}<p>Close it.</p>"), "p.html")
    return " / ".join(text for _, text in blocks(document)[1:-1])


@pytest.mark.parametrize(
    "body",
    [
        "<p style='color:#fff'>Nobody sees it.</p>",
        "<p style='background:none;color:rgb(255, 255, 255)'>Nobody sees it.</p>",
        "<p><font color=#FFFFFF>Nobody sees it.</font></p>",
        STYLE + "<div style='background:white'><p class=w>Nobody <b>sees it.</b></p></div>",
        STYLE + "<div class=b></div><p class=w>Nobody sees it.</p>",
    ],
)
def test_white_words_on_a_white_page_are_left_out(tmp_path: Path, body: str) -> None:
    assert words(tmp_path, body) == ""
    document = read(tmp_path, page(f"{body}<p>Close it.</p>"), "p.html")
    assert document.warnings == ("3 words that the page hides were left out.",)


@pytest.mark.parametrize(
    "body",
    [
        "<p style='color:#fff;background:#003'>Seen.</p>",
        "<div style='background-color:#036'><p><span style='color:white'>Seen.</span></p></div>",
        "<table bgcolor=navy><tr><td><font color=white>Seen.</font></table>",
        "<div style='background:url(a.png)'><p style='color:#fff'>Seen.</p></div>",
        STYLE + "<div class=b><p class=w>Seen.</p></div>",
        STYLE + "<p class='w b'>Seen.</p>",
        "<div style='color:#fff'><b style='color:#c00'>Seen.</b></div>",
        "<link rel=stylesheet href=a.css><p style='color:#fff'>Seen.</p>",
        "<style>.a .c{background:#000}</style><p style='color:#fff'>Seen.</p>",
        "<style>.w{color:#fff} div .w{color:#333}</style><div><p class=w>Seen.</p></div>",
        "<p style='color:#fff;text-shadow:0 0 2px #000'>Seen.</p>",
    ],
)
def test_white_words_that_may_be_seen_are_text(tmp_path: Path, body: str) -> None:
    assert words(tmp_path, body) == "Seen."


def test_the_head_of_a_table_may_be_white(tmp_path: Path) -> None:
    table = "<table><tr><th>Part<th>Life<tr><td>Seal<td>3<tr><td>Belt<td>5</table>"
    assert words(tmp_path, STYLE + table) == "Part: Seal | Life: 3\nPart: Belt | Life: 5"
