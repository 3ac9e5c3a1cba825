"""Put into words, in the source of a web page, what its fields show, as the readers of Office files do."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape, unescape

# No "<" in it, so that each tag is looked at once
_INSIDE = r"(?:[^<>\"']|\"[^\"<]*\"|'[^'<]*'){0,600}"
_FIELD = re.compile(
    rf"<input\b(?P<field>{_INSIDE})>"
    rf"|<(?P<tag>textarea|select)\b(?P<own>{_INSIDE})>(?P<held>(?:(?!</?(?:textarea|select)\b)[\s\S]){{0,200000}}?)</(?P=tag)\s*>",
    re.I,
)
_ATTRIBUTE = re.compile(r"([^\s\"'=/]+)(?:\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s\"']+))?")
_OPTION = re.compile(rf"<option\b({_INSIDE})>([^<]{{0,2000}})", re.I)
_LOOKS = ("class", "id", "style", "hidden", "aria-hidden")  # which say whether a field is hidden
# Fields that show no text, or what is there to be replaced by what a reader types
_NO_TEXT = frozenset("password hidden file image reset search range color".split())
_TO_TYPE_INTO = re.compile(
    r"\bon(?:focus|click)\s*=\s*[\"'][^\"'>]{0,100}\bvalue\b|\b(?:id|name)\s*=\s*[\"']?(?:(?:q|s|query|keywords?|comment|message|feedback|csrf\w*)(?=[\s\"'/]|$)"
    r"|[\w-]{0,60}(?:share|permalink|embed|captcha|passw(?:or)?d|token))",
    re.I,
)
_LABELLED = re.compile(
    r"[\w)\]](?=\s{0,40}</label>\s{0,40}$)|<label\b[^<>]{0,300}>[^<>]{0,200}[\w)\]](?=\s{0,40}$)",
    re.I,
)
MOST_OPTIONS = 6  # of a list to choose from
LOOK_BACK = 600  # characters before a field that may be its label
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


def choices(parts: Iterable[str]) -> str:
    """A list to choose from in a line: "A / B / C"; of a long one its beginning. A part "\x1f" begins an option."""
    options = "".join(parts).split("\x1f")
    named = list(filter(None, (" ".join(option.split()) for option in options)))
    return " / ".join([*named[:MOST_OPTIONS], *(["…"] if len(named) > MOST_OPTIONS else [])])


def fields_in_words(source: str) -> str:
    """The source with what its fields hold, with a sign for each box to tick or choice, and ``button`` for the buttons that are
    fields."""
    if not _FIELD.search(source):
        return source
    switches = bool(_SHOWS_MORE.search(source))
    out, last = [], 0
    for found in _FIELD.finditer(source):
        shown = _held(found) if found["tag"] else _shown(found["field"], switches)
        before = source[last : found.start()]
        if shown.startswith("<span") and (
            label := _LABELLED.search(before, len(before) - LOOK_BACK)
        ):
            before = f"{before[: label.end()]}:{before[label.end() :].strip()}"
        out += [before, shown or found[0]]
        last = found.end()
    return "".join([*out, source[last:]])


def _shown(attributes: str, switches: bool) -> str:
    """What one field of the kind ``input`` shows, "" for nothing."""
    told = _named(attributes)
    kind = told.get("type", "text").lower()
    if _OF_PAGE.search(attributes):
        return ""
    if marks := _MARKS.get(kind):
        return "" if switches else f" {marks['checked' in told]} "
    if kind in ("submit", "button"):
        return f"<button>{escape(told.get('value', ''), quote=False)}</button>"
    typed = kind in _NO_TEXT or _TO_TYPE_INTO.search(attributes)
    return "" if typed else _as_text(told.get("value", ""), told)


def _held(found: re.Match[str]) -> str:
    """The text in a field of several lines, or what is chosen of a list that says it; "" for nothing."""
    attributes, held = found["own"], found["held"]
    if _OF_PAGE.search(attributes) or _TO_TYPE_INTO.search(attributes):
        return ""
    if found["tag"].lower() == "textarea":
        return _as_text(unescape(held), _named(attributes))
    options = ((_named(own), words) for own, words in _OPTION.findall(held))
    chosen = [
        " ".join(unescape(words).split())
        for own, words in options
        if "selected" in own and not {"disabled", "hidden"} & {*own} and own.get("value") != ""
    ]  # "Choose a language", which cannot be chosen, leaves all that can
    return _as_text(", ".join(filter(None, chosen)), _named(attributes))


def _named(attributes: str) -> dict[str, str]:
    """The attributes of a tag by their names in small letters, the first of each name."""
    found: dict[str, str] = {}
    for name, value in _ATTRIBUTE.findall(attributes):
        found.setdefault(name.lower(), unescape(value.strip("\"'")))
    return found


def _as_text(words: str, attributes: Mapping[str, str]) -> str:
    """A text with the looks of its field; several lines stay lines."""
    words = words.strip()
    if not words:
        return ""
    looks = " ".join(
        f'{name}="{escape(attributes[name])}"' for name in _LOOKS if name in attributes
    )
    said = escape(words, quote=False)
    return f"<pre {looks}>{said}</pre>" if "\n" in words else f"<span {looks}> {said} </span>"
