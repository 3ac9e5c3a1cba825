"""Put into words, in the source of a web page, what its tick boxes, choices and buttons show, as the readers of Office files do."""

from __future__ import annotations

import re
from html import escape, unescape

_FIELD = re.compile(r"<input\b([^>]{1,600})>", re.I)
_TYPE = re.compile(r"\btype\s*=\s*[\"']?(checkbox|radio|submit|button)\b", re.I)
_VALUE = re.compile(r"(?<=\s)value\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+))", re.I)
_CHECKED = re.compile(r"(?<=[\s\"'])checked(?=[\s=/]|$)", re.I)
# What opens a menu, a tab or an answer on the page itself, and what nobody sees
_OF_PAGE = re.compile(
    r"\b(?:class|id|name)\s*=\s*[\"']?(?:__|[^\"'>]{0,200}?(?:toggle|(?<![a-z])(?:tabs?|nav|navigation|menu|sidebar|drawer|accordion"
    r"|collapse|search|toctree|consent|cookies?)(?![a-z])))|\saria-hidden\s*=\s*[\"']?true|\shidden(?=[\s=/]|$)",
    re.I,
)
_SHOWS_MORE = re.compile(
    r":checked\s*[~+][^{}:]{1,200}\{[^{}]{0,300}?\b(?:display|(?:max-)?height)\s*:", re.I
)
_MARKS = {"checkbox": "☐☑", "radio": "○◉"}  # as they are by themselves, and chosen


def fields_in_words(source: str) -> str:
    """The source with a sign for each box to tick or choice, and ``button`` for the buttons that are fields."""
    if not _TYPE.search(source):
        return source
    switches = bool(_SHOWS_MORE.search(source))

    def shown(found: re.Match[str]) -> str:
        attributes = found[1]
        named = _TYPE.search(attributes)
        if not named or _OF_PAGE.search(attributes):
            return found[0]
        kind = named[1].lower()
        if marks := _MARKS.get(kind):
            return found[0] if switches else f" {marks[bool(_CHECKED.search(attributes))]} "
        value = _VALUE.search(attributes)
        words = unescape(value[1] or value[2] or value[3] or "") if value else ""
        return f"<button>{escape(words, quote=False)}</button>"

    return _FIELD.sub(shown, source)
