"""What of a web page is its frame and not its text: menus, cookies, sharing, and what is hidden. Knows tags and attributes.

Hidden parts that a reader can open (tabs, accordions) are text. What only may be a frame is text too: of classes, those
count that name nothing else, and what holds the page's title or most of its words is no frame (see html.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from knowledge.parsing.content.web.stylesheets import STRIKING, PageStyles, is_hiding
from knowledge.parsing.content.web.tags import BOXES
from knowledge.parsing.content.web.white_text import WhiteText

SILENT = frozenset(
    "script style nav template noscript svg iframe object audio video canvas textarea dialog map datalist"
    " del s strike rp".split()
)
_STRUCK = frozenset(("del", "s", "strike"))
FEWEST_WORDS = 30  # of a page that is more than what its readers say
LEFT_OUT = {
    "struck": "{} struck-out piece{} of text {} left out.",
    "unseen": "{} word{} that the page hides {} left out.",
    "talk": "{} word{} of readers' comments {} left out.",
    "frame": "{} word{} of the page's frame (menus, notices, margins) {} left out.",
}
_CONTENTS = re.compile(r"(^|\s)(toc|doc-toc|table-of-contents|tableofcontents)(\s|$)", re.I)
# Whole names: "has-sidebar", "related-content" and "helpful" are classes of the text as well
_FRAME_NAME = re.compile(
    r"(?:^|\s)(?:cookie-?(?:banner|bar|consent|notice|popup|message)|onetrust-[\w-]+|gdpr-?(?:banner|notice)|breadcrumbs?"
    r"|skip-?(?:link|nav|to-content)|sphinxsidebar|was-this-helpful|page-feedback|article-(?:votes?|sidebar|relatives|comments|share|more-questions)|share-?(?:bar|buttons|links)|sharedaddy|jp-relatedposts|jetpack-likes-widget-wrapper|entry-footer|post-navigation|addtoany_[\w-]+|printfooter|catlinks)"
    r"(?:\s|$)",
    re.I,
)
# A margin with one of these names says what the product does to a person; "alert-box", "md-note", and no "tip-jar"
_WARNING_NAME = re.compile(
    r"(?:^|\s)(?:\w+[_-]{1,2})?(?:warn(?:ing)?|caution|danger|hazard|attention|important|note|notice|tip|hint|admonition|callout|alert|safety"
    r"|warnung|vorsicht|gefahr|achtung|hinweis|avertissement|remarque|advertencia|aviso|avviso|attenzione)s?(?:[_-]{1,2}(?:box|block|card|panel|message|text|title|content|warning|note|danger|info))?(?:\s|$)",
    re.I,
)
_NO_TEXT_ROLES = frozenset(("navigation", "search", "menu", "menubar", "dialog", "alertdialog"))
_MARGIN_ROLES = frozenset(("banner", "contentinfo", "complementary"))
_PANEL = re.compile(
    r"(?:^|[\s_-])(tab|tabs|tabpanel|tab-?pane|tab-?content|panel|accordion|collapse|collapsible|expand\w*|faq|answer|toggle)"
    r"(?:$|[\s_-])",
    re.I,
)
# Bodies that the programs of MadCap Flare and MediaWiki open, and the pictures of a show one after the other
_OPENED_NAME = re.compile(
    r"(?:^|\s)(?:MC(?:DropDown|Expanding|TextPopup)Body|NavContent|mw-collapsible-content|(?:swiper|slick|splide__|glide__|carousel)-?_*(?:slide|item))"
    r"(?:\s|$)"
)
_COPY = re.compile(r"clone|duplicate", re.I)  # of a picture at the other end of a show
_TALK = re.compile(
    r"(?:^|\s)(?:comments?-area|comment-?list|comment-respond|comments-wrapper|disqus_thread)(?:\s|$)"
)
_TABS = re.compile(r"(?:^|\s)(?:nav-tabs|tabs|tab-?list|tab-?nav)(?:\s|$)", re.I)
_CONTROLS = re.compile(
    r"(?:aria-controls|data-(?:bs-)?target|data-controls)\s*=\s*[\"']?#?([\w:.-]{1,80})", re.I
)
# The talk of reviewers, and contents, of a page that Word wrote
_OF_WORD = re.compile(r"\bMso(?:CommentReference|CommentText|Toc\d)\b|mso-element:comment-list")
_BLOCKS = frozenset("div section aside ul ol form header footer".split())
_TEXT_OWNERS = frozenset(("main", "article", "section"))
_VOTE = r"(?:yes|no|submit)"
_ASKED = re.compile(
    r"(?:(?:was|is) this (?:page|article|content|answer|information|topic|section) (?:helpful|useful)"
    rf"|was (?:this|it) (?:helpful|useful)|did this (?:page|article|answer|topic|section) help(?: you)?)(?:\s?\?|$)(?:[\s/]*{_VOTE})*",
    re.I,
)
_VOTES = re.compile(rf"{_VOTE}(?:[\s/]+{_VOTE})*", re.I)
_CHOICE_MARK = re.compile("[☐☑○◉] ?")
_CHATTER = re.compile(
    r"(?:skip|jump) to (?:the )?(?:main )?(?:content|navigation)|back to top|print this page|copy link|share this (?:page|article)|[☐☑○◉ ]+"
    r"|like loading[.…]*|be the first to like this|leave a (?:comment|reply)(?: cancel reply)?|(?:this entry was posted in .{1,200}\. )?bookmark the permalink"
    r"|(?:click to )?(?:share|email|print|tweet)\b.{0,60} \(opens in new window\).{0,40}",
    re.I,
)

_SHARING_HEAD = re.compile(r"(?:share|like) this:?|share on social media:?", re.I)
_SHARED_WITH = re.compile(
    r"(?:share (?:on|with) |follow us on )?(?:facebook|twitter|x|linkedin|whatsapp|telegram|pinterest|reddit|tumblr|pocket|mastodon|bluesky"
    r"|threads|e-?mail|print|tweet|more|like|loading[.…]*)",
    re.I,
)


class PageFrame:
    """Tells, for the elements of one page, which are text. Made from the page's source, because it looks ahead.

    Without ``frames`` only what is hidden, struck out or no text by its tag is left out.
    """

    def __init__(self, source: str, frames: bool = True) -> None:
        self._frames, self._styled = frames, PageStyles(source)
        self._white = WhiteText(source)
        self._opened = frozenset(_CONTROLS.findall(source)) if "=" in source else frozenset()
        self._talked = bool(
            re.search(
                r"class\s*=\s*[\"'][^\"'>]*\bcomment-?(?:list|respond|body|content)\b", source
            )
        )
        self._main = bool(re.search(r"<(?:main|article)\b|role\s*=\s*[\"']?main\b", source, re.I))
        main = re.search(r"<(?:main|article)\b", source, re.I)
        titled = re.search(r"<h1\b", source, re.I)
        # The only title may stand in the head of the page
        self._titled_head = bool(titled and main and titled.start() < main.start())
        self._open: list[bool] = []  # of each open box, whether margins in it belong to the text
        self._inside = 0
        self._sharing = False  # whether links to share the page follow
        self._asked = False  # whether the last paragraph asked what the reader thinks of the page

    def opens(self, tag: str, attributes: Mapping[str, str]) -> None:
        """An element that is text begins."""
        self._white.opens(tag, attributes)
        owns = tag in _TEXT_OWNERS or attributes.get("role") == "main"
        if tag in BOXES:
            self._open.append(owns)
        self._inside += owns

    def closes(self, tag: str) -> None:
        """It ends."""
        self._white.closes(tag)
        if tag in BOXES and self._open:
            self._inside -= self._open.pop()

    def hides_words(self) -> bool:
        """Are the words here in the colour of the page?"""
        return self._white.is_unseen()

    def leaves_out(self, tag: str, attributes: Mapping[str, str]) -> str:
        """Why an element with all that is in it is no text of the page: "hidden", "struck", "unseen", "contents", "talk" or
        "frame"; "" for text."""
        if tag in SILENT:
            return "struck" if tag in _STRUCK else "hidden"
        if tag in ("html", "body", "main"):
            return ""
        role, style = attributes.get("role", ""), attributes.get("style", "")
        name = attributes.get("class", "")
        if ("Mso" in name or "mso-" in style) and _OF_WORD.search(f"{name} {style}"):
            return "contents" if "MsoToc" in name else "hidden"
        if STRIKING.search(style) or self._styled.strikes(tag, attributes):
            return "struck"
        hides = (
            attributes.get("hidden", "until-found") != "until-found"
            or attributes.get("aria-hidden") == "true"
        )
        hides = hides or is_hiding(style) or self._styled.hides(tag, attributes)
        if hides and not self._can_be_opened(attributes):
            return "unseen"
        marks = f"{attributes.get('id', '')} {attributes.get('class', '')} {role}"
        if "mw-editsection" in name.split():  # the link beside a heading
            return "hidden"
        if not self._frames:
            return ""
        if tag in _BLOCKS and self._is_talk(attributes):
            return "talk"
        if _CONTENTS.search(marks) or role in ("navigation", "tablist"):
            return "contents"
        if tag in ("ul", "ol") and _TABS.search(attributes.get("class", "")):
            return "frame"
        return "frame" if self._is_frame(tag, role, attributes) else ""

    def is_chatter(self, text: str) -> bool:
        """Is a paragraph about the page and not about the product? "Yes" and "No" are where they follow such a question."""
        asked, words = self._asked, " ".join(text.split()).rstrip(".!")
        said = _CHOICE_MARK.sub("", words)
        self._asked = bool(_ASKED.fullmatch(said) or asked and _VOTES.fullmatch(said))
        self._sharing = self._sharing and bool(
            _CHATTER.fullmatch(words) or _SHARED_WITH.fullmatch(words)
        )
        return self._asked or self._sharing or bool(_CHATTER.fullmatch(words))

    def heads_chatter(self, text: str) -> bool:
        """Is a heading one of what stands below every page of a weblog?"""
        self._asked = False  # "Yes" below a question of the manual is its answer
        self._sharing = bool(_SHARING_HEAD.fullmatch(" ".join(text.split())))
        return self._sharing

    def _is_frame(self, tag: str, role: str, attributes: Mapping[str, str]) -> bool:
        if tag not in _BLOCKS:
            return False
        names = (attributes.get("class", ""), attributes.get("id", ""))
        if any(map(_FRAME_NAME.search, names)) or role in _NO_TEXT_ROLES:
            return True
        if self._inside or not self._main or tag == "header" and self._titled_head:
            return False
        if tag != "footer" and any(map(_WARNING_NAME.search, (*names, role.removeprefix("doc-")))):
            return False
        return tag in ("header", "aside", "footer") or role in _MARGIN_ROLES

    def _can_be_opened(self, attributes: Mapping[str, str]) -> bool:
        """A part that a button of the page shows: a tab's page, the answer below a question."""
        role = attributes.get("role")
        if role == "tabpanel":
            return True
        if role in _NO_TEXT_ROLES or role in _MARGIN_ROLES:
            return False
        named, name = attributes.get("id", "") in self._opened, attributes.get("class", "")
        if _OPENED_NAME.search(name):
            return not _COPY.search(name)
        return named or bool(_PANEL.search(name))

    def _is_talk(self, attributes: Mapping[str, str]) -> bool:
        """What readers wrote below a page; a manual may have a section "comments" of its own."""
        name, own = attributes.get("class", ""), attributes.get("id", "")
        return bool(_TALK.search(name) or _TALK.search(own)) or own == "comments" and self._talked


def made_by_script(text: str) -> bool:
    """Whether a web page without text holds a program that would make it."""
    scripted = re.search(r"<script\b", text, re.I)
    place = re.search(r"<noscript\b|\bid\s*=\s*[\"']?(?:root|app|main|content|__\w+)\b", text, re.I)
    return bool(scripted and (place or re.search(r"<script\b[^>]*\bsrc\s*=", text, re.I)))
