"""What a Markdown file says of itself above its text, in YAML between "---" or TOML between "+++": its title and its product."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile

_FRONT = re.compile(
    r"\A\ufeff?(?:---[ \t]*\n(?=(?:[ \t]*(?:#.*)?\n){0,20}[\"']?[A-Za-z][\w .-]{0,60}[\"']?[ \t]*:)(?P<yaml>[\s\S]*?\n)(?:---|\.\.\.)"
    r"|\+\+\+[ \t]*\n(?P<toml>[\s\S]*?\n)\+\+\+)[ \t]*(?:\n|\Z)"
)
_FIELD = re.compile(r"[\"']?([A-Za-z][\w .-]{0,60})[\"']?[ \t]*[:=](?:[ \t]+|$)(.*)")
_QUOTED = re.compile(r"\"((?:[^\"\\]|\\.)*)\"|'((?:[^']|'')*)'")
_PRODUCT = ("product", "productname", "producttitle", "device")


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """The fields that are proposed for a manual, "" where the file does not say them."""

    title: str = ""
    product: str = ""


def without_front_matter(text: str) -> tuple[str, FrontMatter]:
    """The text without what stands above it, and what that says."""
    found = _FRONT.match(text)
    if not found:
        return text, FrontMatter()
    fields = _fields(found["yaml"] or found["toml"] or "")
    product = next(filter(None, (fields.get(name, "") for name in _PRODUCT)), "")
    return text[found.end() :], FrontMatter(fields.get("title", ""), product)


def _fields(front: str) -> dict[str, str]:
    """The fields of one line, or of a text that goes on below it, by their names in small letters without blanks and strokes."""
    fields: dict[str, str] = {}
    lines = front.split("\n")
    for at, line in enumerate(lines):
        found = _FIELD.match(line)
        if not found:
            continue
        value = found[2].strip()
        if value in (">", ">-", ">+", "|", "|-", "|+"):
            below = takewhile(lambda one: one[:1] in (" ", "\t"), lines[at + 1 : at + 5])
            value = " ".join(one.strip() for one in below)
        quoted = _QUOTED.match(value)
        if quoted:
            value = (
                quoted[1].replace('\\"', '"')
                if quoted[1] is not None
                else quoted[2].replace("''", "'")
            )
        else:
            value = re.sub(r"\s#.*$", "", value)
        if value[:1] not in tuple("[{&*!"):
            fields.setdefault(re.sub(r"[\s_-]", "", found[1]).lower(), " ".join(value.split()))
    return fields
