"""What the reading page shows of a page: each block as what it is, tables as cells, the rest as not searched."""

from __future__ import annotations

from pathlib import Path

from knowledge.library import Library
from knowledge.types import Block, Page
from tests.support.manuals import only, put
from tests.support.serving import client_of, running_site, upload, wait_until_read
from ui.manuals.reading import read_parts, share_searched

TABLE = "# Bolts\n\n## Torque\n\n| Bolt | Torque (Nm) |\n| --- | --- |\n| M6 | 9 |\n| M8 | 22 |\n\nGrease it first.\n"


def test_what_stands_outside_every_block_is_told_apart() -> None:
    text = "Running head\nClean it.\n17"
    page = Page(1, "", text, (Block("text", 13, 22),))
    assert read_parts(page) == [
        ("outside", "Running head", []), ("text", "Clean it.", []), ("outside", "17", []),
    ]  # fmt: skip


def test_a_table_is_shown_by_its_cells_and_a_heading_as_one(library: Library) -> None:
    put(library, "bolts.md", TABLE)
    parts = read_parts(library.page(only(library).version_id, 1))
    assert ("heading", "Torque", []) in parts
    (rows,) = [rows for kind, _, rows in parts if kind == "table"]
    assert all(len(row) == 2 for row in rows) and any("M8" in row[0] for row in rows)
    assert ("text", "Grease it first.", []) in parts


def test_code_keeps_its_lines() -> None:
    text = "if x:\n    run()"
    assert read_parts(Page(1, "", text, (Block("code", 0, len(text)),))) == [("code", text, [])]


def test_the_share_that_is_searched_counts_characters_without_blanks(library: Library) -> None:
    put(library, "bolts.md", TABLE)
    assert share_searched(library, only(library).version_id) == 100
    live = only(library).version_id
    library.connections.db.execute(
        "UPDATE pages SET text = text || ? WHERE version_id = ?", ["x" * 5000, live]
    )
    assert share_searched(library, live) < 20


def test_the_page_claims_a_picture_and_a_share_only_where_they_are_so(tmp_path: Path) -> None:
    """A Markdown manual has no page that could be beside its words."""
    with running_site(tmp_path) as site, client_of(site) as client:
        upload(client, "bolts.md", TABLE)
        wait_until_read(client)
        shown = client.get("/versions/1/read").text
    assert "beside the page" not in shown and "All of this manual is searched." in shown
    assert "the rest are" not in shown
