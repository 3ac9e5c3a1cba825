"""The elements of HTML by what they do to text."""

from __future__ import annotations

from knowledge.types import BlockKind

BREAKING = frozenset(
    """address article aside blockquote body center details dir div dl fieldset figure footer form header hr main menu
    ol p section summary ul legend""".split()
)
BOXES = frozenset(("article", "div", "main", "section"))
INLINE = frozenset("math sup sub b strong button select option rt".split())
VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
KINDS: dict[str, BlockKind] = {
    "li": "item",
    "dt": "item",
    "caption": "caption",
    "figcaption": "caption",
    "pre": "code",
}
HEADINGS = {f"h{n}": n for n in range(1, 7)}
