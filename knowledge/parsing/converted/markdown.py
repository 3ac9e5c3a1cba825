"""Read Markdown: to HTML by markdown-it-py, then as HTML. Knows only what is special to Markdown files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from knowledge.parsing.converted.run_together import headings_restored
from knowledge.parsing.html import read_html
from knowledge.types import Document

if TYPE_CHECKING:
    from markdown_it.token import Token

NESTING = 60  # levels of quotes and lists; CommonMark's own default is 20, manuals stay under 10
FRONT = re.compile(r"\A---\n(.*?\n)(?:---|\.\.\.)\n", re.S)


def read_markdown(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """A Document out of Markdown text, tables and raw HTML included."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    front = FRONT.match(text)
    named = re.search(r"^title:\s*[\"']?(.*?)[\"']?\s*$", front[1], re.M | re.I) if front else None
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": NESTING}).enable(
        ["table", "strikethrough"]
    )
    parser.add_render_rule("html_inline", _raw)
    parser.add_render_rule("html_block", _raw)
    html = parser.render(headings_restored(text[front.end() :] if front else text))
    return read_html(html, file_name, "markdown", named[1] if named else "", warnings)


def _raw(renderer: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
    """Raw HTML as it stands; what only looks like a tag ("tap <Settings>") stays text."""
    from lxml.html import defs

    content = tokens[at].content
    name = re.match(r"</?([A-Za-z][\w.:-]*)", content)
    if (
        name
        and name[1].lower() not in defs.tags
        and name[1].lower() not in ("main", "template", "dialog", "summary", "details")
    ):
        return content.replace("<", "&lt;", 1)
    return content
