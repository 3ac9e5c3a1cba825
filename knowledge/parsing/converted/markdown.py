"""Read Markdown: to HTML by markdown-it-py, then as HTML. Knows only what is special to Markdown files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from knowledge.parsing.converted.front_matter import without_front_matter
from knowledge.parsing.converted.markdown_formulas import with_formulas
from knowledge.parsing.converted.run_together import headings_restored
from knowledge.parsing.converted.shortcodes import NOTES, shortcodes_joined, without_shortcodes
from knowledge.parsing.document_builder import with_product
from knowledge.parsing.html import read_html
from knowledge.types import Document

if TYPE_CHECKING:
    from markdown_it.token import Token

NESTING = 60  # levels of quotes and lists; CommonMark's own default is 20, manuals stay under 10
# Any of the marks below; most files have none
_MARKS = re.compile(
    r"^\s*(?::::+|!!! |\?\?\?\+? |=== \"|> ?\[!\w+\]|\{%|</?Tab|import .* from |#+ .*\{[#.:]|\[\^[^\]\s]+\]:)|\{/\*|\{\{[<%]",
    re.M,
)
_MDX_COMMENT = re.compile(r"\{/\*[\s\S]{0,5000}?\*/\}")
_FENCE = re.compile(r"\s{0,3}(`{3,}|~{3,})(.*)")
_INDENTED = re.compile(r" {4}|\t")
_OWNER = re.compile(r"(?:!!!|\?\?\?\+?|===) ")  # what is indented below it is its text
_PROGRAM = re.compile(r"import (?:[\w*{}, ]+ from )?['\"][^'\"]+['\"];?\s*$")
_END = re.compile(
    r"\s*(?::::+\s*|\{% ?end(?:hint|tabs?|content-ref)\s?%\}\s*|\{% ?tabs ?%\}\s*|</?Tabs\b[^>]*>\s*|</TabItem>\s*)$"
)
_ALERT = re.compile(r"(\s*> ?)\[!(note|tip|important|warning|caution|danger|info)\]\s*(.*)$", re.I)
_NOTE = re.compile(
    rf"\s*(?::::+\s*|!!!\s|\?\?\?\+?\s|\{{%\s?hint style=\"?)({NOTES})\"?(?:\s?%\}}|\[([^\]]*)\]|\s+([^{{}}]*))?\s*$",
    re.I,
)
_TAB = re.compile(
    r"\s*(?:===\s\"([^\"]+)\"|(?:\{% ?tab title=|<TabItem\b[^>]*\blabel=)[\"']([^\"']+)[\"'][^%>]*[%>]\}?)\s*$"
)
_HEADING_MARK = re.compile(r"^(#{1,6} .*?)\s*\{[#.:][^}]*\}\s*$")
_MODEL = re.compile(r"[A-Z]{1,4}[- ]?\d[\w.+-]{0,20}")  # "T5"
_NOTE_CALL = re.compile(r"(`[^`]*`)|\[\^([^\]\s]{1,40})\]")
_NOTE_TEXT = re.compile(r"^ {0,3}\[\^([^\]\s]{1,40})\]:[ \t]*", re.M)


def read_markdown(text: str, file_name: str, warnings: tuple[str, ...] = ()) -> Document:
    """A Document out of Markdown text, tables and raw HTML included."""
    from markdown_it import MarkdownIt

    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text, front = without_front_matter(text)
    parser = MarkdownIt("commonmark", {"html": True, "maxNesting": NESTING})
    with_formulas(parser.enable(["table", "strikethrough"]))
    parser.add_render_rule("html_inline", _raw)
    parser.add_render_rule("html_block", _raw)
    html = parser.render(headings_restored(in_plain_markdown(text)))
    document = read_html(html, file_name, "markdown", front.title, warnings)
    if _MODEL.fullmatch(front.title):  # by itself it would be no title
        document = replace(document, title=front.title)
    return with_product(document, front.product)


def in_plain_markdown(text: str) -> str:
    """Text with what the generators of documentation add to Markdown in words: names of notes and tabs, no programs, no comments.

    Code stays as it is.
    """
    if not _MARKS.search(text):
        return text
    notes = set(_NOTE_TEXT.findall(text))
    out, fence, inside = [], "", False
    for line in shortcodes_joined(_MDX_COMMENT.sub("", text)).split("\n"):
        if inside and line.strip():
            inside = bool(_INDENTED.match(line))
            line = _INDENTED.sub("", line, count=1)
        opened = _FENCE.match(line)
        if fence:
            ends = opened and opened[1].startswith(fence) and not opened[2].strip()
            fence = "" if ends else fence
        elif opened:
            fence = opened[1]
        elif not _INDENTED.match(line) or _TAB.match(line):
            inside = inside or bool(_OWNER.match(line))
            line = without_shortcodes(line)
            line = _plain_line(_with_note_marks(line, notes) if notes else line)
        out.append(line)
    return "\n".join(out)


def _with_note_marks(line: str, notes: set[str]) -> str:
    """A line in which notes are called as "[1]", and begin so in a paragraph of their own."""
    if begun := _NOTE_TEXT.match(line):
        line = f"\n\\[{begun[1]}\\] {line[begun.end() :]}"
    return _NOTE_CALL.sub(lambda m: rf"\[{m[2]}\]" if m[2] in notes else m[0], line)


def _plain_line(line: str) -> str:
    if _PROGRAM.match(line) or _END.match(line):
        return ""
    if found := _ALERT.match(line):
        return f"{found[1]}**{found[2].capitalize()}:** {found[3]}".rstrip() + "  "
    if found := _NOTE.match(line):
        title = (found[2] or found[3] or "").strip().strip("\"'")
        name = found[1].capitalize()
        # Not in bold: where a text has no headings, such a line would be one
        return f"*{name if not title or title.casefold() == name.casefold() else f'{name}: {title}'}*\n"
    if found := _TAB.match(line):
        return f"\n{found[1] or found[2]}:\n"
    return _HEADING_MARK.sub(r"\1", line)


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
