"""What of a web page is its frame and not its text: menus, cookies, sharing, and what is hidden. Knows tags and attributes.

Hidden parts that a reader can open (tabs, accordions) are text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

SILENT = frozenset(
    "script style nav template noscript svg iframe object audio video canvas textarea dialog map datalist"
    " del s strike".split()
)
STRUCK = frozenset(("del", "s", "strike"))
_CONTENTS = re.compile(r"(^|\s)(toc|doc-toc|table-of-contents|tableofcontents)(\s|$)", re.I)
_FRAME_CLASS = re.compile(
    r"(?:^|[\s_])(?:[\w]+-)?(?:cookies?|consent|gdpr|onetrust|breadcrumbs?|skip-?(?:link|nav|to-content)|sidebar|site-?nav|navbar"
    r"|pagination|social-?\w*|share-?(?:bar|buttons?|links?)?|related-?(?:links|articles|content|posts)|newsletter"
    r"|helpful|was-this-helpful|article-votes?|page-feedback|advert\w*|sphinxsidebar)(?:-[\w-]+)?(?:[\s_]|$)",
    re.I,
)
_FRAME_ID = re.compile(r"cookie|consent|onetrust|breadcrumb", re.I)
_FRAME_ROLES = frozenset(("navigation", "banner", "contentinfo", "complementary", "search", "menu", "menubar", "dialog", "alertdialog"))  # fmt: skip
_PANEL = re.compile(
    r"(?:^|[\s_-])(tab|tabs|tabpanel|tab-?pane|tab-?content|panel|accordion|collapse|collapsible|expand\w*|faq|answer|toggle)"
    r"(?:$|[\s_-])",
    re.I,
)
_TABS = re.compile(r"(?:^|\s)(?:nav-tabs|tabs|tab-?list|tab-?nav)(?:\s|$)", re.I)
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d]*[1-9])", re.I
)
_CONTROLS = re.compile(
    r"(?:aria-controls|data-(?:bs-)?target|data-controls)\s*=\s*[\"']?#?([\w:.-]{1,80})", re.I
)
_BOX = frozenset("div section aside ul ol form p header footer span".split())
# Blocks of words that are about the page and not about the product
CHATTER = re.compile(
    r"(?:(?:was|did|is) this (?:\w+ )?(?:page|article|content|answer|information|topic|section)\b.{0,40}\b(?:helpful|useful|help)\b.{0,60}"
    r"|(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation)|back to top|print this page|copy link|share this (?:page|article)"
    r"|we use cookies\b.{0,400}|yes|no|submit|(?:yes|no) ?/? ?(?:yes|no)(?: ?/? ?submit)?)[.!?]?",
    re.I | re.S,
)  # fmt: skip


class PageFrame:
    """Tells, for the elements of one page, which are text. Made from the page's source, because it looks ahead."""

    def __init__(self, source: str) -> None:
        self._opened = frozenset(_CONTROLS.findall(source)) if "=" in source else frozenset()
        self._main = bool(re.search(r"<main\b|role\s*=\s*[\"']?main\b", source, re.I))
        main = re.search(r"<(?:main|article)\b", source, re.I)
        titled = re.search(r"<h1\b", source, re.I)
        # The only title may stand in the head of the page
        self._titled_head = bool(titled and main and titled.start() < main.start())
        self._inside = 0  # open <main> and <article> elements

    def opens(self, tag: str) -> None:
        """An element that is text begins."""
        self._inside += tag in ("main", "article")

    def closes(self, tag: str) -> None:
        """It ends."""
        self._inside = max(0, self._inside - (tag in ("main", "article")))

    def leaves_out(self, tag: str, attributes: Mapping[str, str]) -> bool:
        """Is an element with all that is in it no text of the page?"""
        if tag in SILENT:
            return True
        if tag in ("html", "body", "main"):
            return False
        role, style = attributes.get("role", ""), attributes.get("style", "")
        if re.search(r"text-decoration[\w-]*\s*:[^;]*line-through", style, re.I):
            return True
        hides = "hidden" in attributes or bool(style and _HIDING.search(style))
        if attributes.get("aria-hidden") == "true" and not self._can_be_opened(attributes):
            return True
        if hides and not self._can_be_opened(attributes):
            return True
        marks = f"{attributes.get('id', '')} {attributes.get('class', '')} {role}"
        if _CONTENTS.search(marks) or role in ("navigation", "tablist"):
            return True
        if tag in ("ul", "ol") and _TABS.search(attributes.get("class", "")):
            return True
        return self._is_frame(tag, role, attributes)

    def _is_frame(self, tag: str, role: str, attributes: Mapping[str, str]) -> bool:
        if tag in _BOX and (
            _FRAME_CLASS.search(attributes.get("class", ""))
            or _FRAME_ID.search(attributes.get("id", ""))
        ):
            return True
        if self._inside:
            return False
        if tag == "header" and self._titled_head:
            return False
        if tag == "footer" or role in _FRAME_ROLES:
            return True
        return self._main and tag in ("header", "aside")

    def _can_be_opened(self, attributes: Mapping[str, str]) -> bool:
        """A part that a button of the page shows: a tab's page, the answer below a question."""
        if attributes.get("role") == "tabpanel":
            return True
        if attributes.get("role") in _FRAME_ROLES:
            return False
        named = attributes.get("id", "") in self._opened
        return named or bool(_PANEL.search(attributes.get("class", "")))
