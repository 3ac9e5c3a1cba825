"""Passages: whole sentences, one section, one page, exact offsets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from knowledge.ingestion.chunking import WORDS_PER_PASSAGE, sections_of, split
from knowledge.text import readable
from knowledge.types import Block, Document, Heading, Page


def document(*pages: Page, headings: tuple[Heading, ...] = ()) -> Document:
    return Document("text", "T", "", False, pages, headings)


def page(text: str, *blocks: Block, number: int = 1) -> Page:
    return Page(number, "", text, blocks)


def test_sections_nest_and_end_where_the_next_begins() -> None:
    text = "A\nB\nbody\nC\nrest"
    heads = (Heading(1, "A", 1, 0, 1), Heading(2, "B", 1, 2, 3), Heading(1, "C", 1, 9, 10))
    found = sections_of(document(page(text), headings=heads))
    assert [section.path for section in found] == [(), ("A",), ("A", "B"), ("C",)]
    assert [text[section.start : section.end] for section in found] == [
        "",
        "A\n",
        "B\nbody\n",
        "C\nrest",
    ]


def test_passages_never_cross_headings_or_pages() -> None:
    first, second = "One here. Two here.", "Three here."
    heads = (Heading(1, "B", 2, 0, 1),)
    made = document(
        page(first, Block("text", 0, len(first))),
        page(f"B\n{second}", Block("heading", 0, 1), Block("text", 2, 2 + len(second)), number=2),
        headings=heads,
    )
    sections, drafts = split(made)
    assert [(d.page, sections[d.section].path, d.text) for d in drafts] == [
        (1, (), first),
        (2, ("B",), second),
    ]


def test_long_text_is_cut_at_sentences() -> None:
    text = " ".join(f"Sentence number {i} says a little more." for i in range(100))
    _, drafts = split(document(page(text, Block("text", 0, len(text)))))
    assert len(drafts) > 4
    assert all(
        len(d.text.split()) <= WORDS_PER_PASSAGE and d.text.endswith("more.") for d in drafts
    )
    assert " ".join(d.text for d in drafts) == text


def test_a_running_head_inside_breaks_the_passage() -> None:
    text = "One here.\nRunning head\nTwo here."
    _, drafts = split(document(page(text, Block("text", 0, 9), Block("text", 23, 32))))
    assert [d.text for d in drafts] == ["One here.", "Two here."]


def test_columns_out_of_text_order_keep_their_offsets() -> None:
    text = "Right column. Left column."
    _, drafts = split(document(page(text, Block("text", 14, 26), Block("text", 0, 13))))
    assert [d.text for d in drafts] == ["Left column.", "Right column."]
    assert all(readable(text[d.start : d.end]) == d.text for d in drafts)


@given(st.lists(st.text(alphabet="ab .\n\u00ad1", max_size=200), max_size=5))
def test_offsets_are_exact(texts: list[str]) -> None:
    text = "\n\n".join(texts)
    blocks, position = [], 0
    for part in texts:
        if part.strip():
            blocks.append(Block("text", position, position + len(part)))
        position += len(part) + 2
    _, drafts = split(document(page(text, *blocks)))
    assert all(readable(text[d.start : d.end]) == d.text for d in drafts)
