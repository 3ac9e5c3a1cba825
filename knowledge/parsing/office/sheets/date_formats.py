"""A date or a time of day of a spreadsheet as the sheet shows it: "Mar 24", "14:07", "2:07 PM". Knows no file.

A date in figures alone stays in the form 2024-03-05: who reads "03/05/24" cannot tell its day from its month.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence

_PART = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<locale>[^\]]*)\]|\[(?P<rule>[^\]]*)\]|(?P<width>_.)|(?P<fill>\*.)|(?P<half>am/pm|a/p)'
    r"|(?P<field>y+|m+|d+|h+|s+)|(?P<tenths>[.,]0+)|(?P<other>.)",
    re.I | re.S,
)
_ENGLISH = re.compile(r"\$?-?(?:0*[0-9a-f]?[0-9a-f]?09|en(?:-\w+)?)?", re.I)
_MONTHS = "January February March April May June July August September October November December"
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday"

_COUNTED = re.compile(r"h+|m+|s+", re.I)  # hours that go on behind 24

Part = tuple[str, str]
Moment = datetime.datetime | datetime.date | datetime.time


def shown_moment(value: Moment, pattern: str) -> str:
    """The date or time in the words of its format; as the sheet stores it where no rule here covers that format."""
    section, english = _first_section(pattern)
    fields = {text[0] for kind, text in section if kind == "field"}
    days = fields & {*"ymd"}
    named = any(kind == "field" and text[0] in "md" and len(text) > 2 for kind, text in section)
    unknown = any(kind == "unknown" for kind, _ in section)
    if not fields or unknown or isinstance(value, datetime.time) and days:
        return _stored(value)
    whole = days == {*"ymd"}
    if named and not (english or whole):
        return _stored(value)
    if isinstance(value, datetime.time):
        value = datetime.datetime.combine(datetime.date.min, value)
    elif not isinstance(value, datetime.datetime):
        value = datetime.datetime.combine(value, datetime.time())
    if whole and not (named and english):
        clock = _written(value, _clock(section)) if value.time() != datetime.time() else ""
        return f"{value.date()} {clock}".rstrip()
    return " ".join(_written(value, section).split())


def _clock(section: Sequence[Part]) -> Sequence[Part]:
    """The parts of a format from the first to the last that tells the time of day."""
    places = [at for at, (kind, text) in enumerate(section) if kind in ("half", "tenths") or kind == "field" and text[0] in "hns"]  # fmt: skip
    return section[places[0] : places[-1] + 1] if places else ()


def _stored(value: Moment) -> str:
    if isinstance(value, datetime.datetime) and value.time() == datetime.time():
        return value.date().isoformat()
    return str(value)


def _first_section(pattern: str) -> tuple[list[Part], bool]:
    """(kind, text) of each part of the first section of a format, minutes as "n"; and whether its names are English."""
    parts: list[Part] = []
    english = True
    for found in _PART.finditer(pattern):
        kind = found.lastgroup or "other"
        text = {"fill": "", "width": " "}.get(kind, found[kind])
        if found[0] == ";":
            break
        if kind == "locale":
            english = english and bool(_ENGLISH.fullmatch(text))
        elif kind in ("field", "half", "tenths"):
            parts.append((kind, text.lower()))
        elif kind == "rule":
            parts += [("unknown", text)] if _COUNTED.fullmatch(text) else []
        else:
            parts.append(("unknown" if kind == "other" and text.isalpha() else "text", text))
    fields = [at for at, (kind, _) in enumerate(parts) if kind == "field"]
    for place, at in enumerate(fields):
        after_hours = place > 0 and parts[fields[place - 1]][1][0] == "h"
        before_seconds = place + 1 < len(fields) and parts[fields[place + 1]][1][0] == "s"
        if parts[at][1] in ("m", "mm") and (after_hours or before_seconds):
            parts[at] = ("field", "n" * len(parts[at][1]))
    return parts, english


def _written(value: datetime.datetime, parts: Sequence[Part]) -> str:
    halved = any(kind == "half" for kind, _ in parts)
    out = ""
    for kind, text in parts:
        if kind == "field":
            out += _field(value, text, halved)
        elif kind == "half":
            half = "AM" if value.hour < 12 else "PM"
            out += half if len(text) > 3 else half[0]
        elif kind == "tenths":
            out += f".{value.microsecond:06d}"[: len(text)]
        else:
            out += text
    return out


def _field(value: datetime.datetime, text: str, halved: bool) -> str:
    kind, size = text[0], len(text)
    if kind == "y":
        return f"{value.year % 100:02d}" if size < 3 else f"{value.year:04d}"
    if kind == "m" and size > 2:
        name = _MONTHS.split()[value.month - 1]
        return {3: name[:3], 5: name[0]}.get(size, name)
    if kind == "d" and size > 2:
        name = _DAYS.split()[value.weekday()]
        return name[:3] if size == 3 else name
    hour = (value.hour + 11) % 12 + 1 if halved else value.hour
    numbers = {"m": value.month, "d": value.day, "h": hour, "n": value.minute, "s": value.second}
    return f"{numbers[kind]:0{min(size, 2)}d}"
