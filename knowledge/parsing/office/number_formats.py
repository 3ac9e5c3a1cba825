"""A number of a spreadsheet as the sheet shows it: 0.925 is 92.5 %, 815 is 000815, 1199.5 is $1,199.50. Knows no file."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[\$(?P<money>[^\]-]*)(?:-[^\]]*)?\]|\[(?P<rule>[^\]]*)\]'
    r"|(?P<width>_.)|(?P<fill>\*.)|(?P<digits>[0#?.,]+(?:[eE][+-][0#?]+)?)|(?P<general>general)|(?P<other>.)",
    re.I | re.S,
)
_FRACTION = re.compile(
    r"(?P<whole>[#0?]+(?:\s|_.|\\\s|\"\s*\")+)?[#0?]{1,4}/(?:(?P<places>[#?]{1,4})|(?P<divisor>[1-9]\d{0,3}))(?:_.)?"
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d{1,15}(?:\.\d{1,15})?)")
_COMPARED = {"<": lt, "<=": le, ">": gt, ">=": ge, "=": eq, "<>": ne}
_DATE = re.compile(r"[ymdhs]", re.I)


def shown_number(value: float, pattern: str) -> str:
    """The number in the words of its format. What no rule here covers is shown as it is stored."""
    if isinstance(value, bool) or not pattern or pattern.lower() == "general" or pattern == "@":
        return stored(value)
    sections = _sections(pattern)
    at, signed = _section_for(value, sections)
    if at is None:
        return stored(value)
    tokens = _tokens(sections[at])
    made = _fraction(abs(value), sections[at])
    if tokens is not None:
        made = _filled(abs(Decimal(repr(value))), tokens)
    if made is None:
        return stored(value)
    negative = value < 0 and not signed and re.search(r"[1-9]", made)
    return " ".join(f"{'-' if negative else ''}{made}".split())


def _section_for(value: float, sections: tuple[str, ...]) -> tuple[int | None, bool]:
    """Which section of a format shows a number, None where no condition holds; and whether it says itself that the number is negative."""
    conditions = [_condition(section) for section in sections[:2]]
    if not any(conditions):
        at = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
        return at, at == 1
    usual = (("[>0]", "[<0]") if len(sections) > 2 else ("[>0]",))[: len(sections) - 1]
    for at, own in enumerate(conditions):
        held = own or (_condition(usual[at]) if at < len(usual) else None)
        if held and _COMPARED[held[0]](value, held[1]):
            return at, held in (("<", 0), ("<=", 0))
    last = max(1, len(usual))
    sure = last < len(sections) and not (last == 1 and conditions[1])
    return last if sure else None, last == 1 and conditions[0] in ((">", 0), (">=", 0))


def _condition(section: str) -> tuple[str, float] | None:
    rules = (_CONDITION.fullmatch(token["rule"] or "") for token in _TOKEN.finditer(section))
    told = next(filter(None, rules), None)
    return (told[1], float(told[2])) if told else None


def _fraction(value: float, section: str) -> str | None:
    """A number as "1 1/2", where its format is a fraction's: ``# ?/?``, or ``# ?/8`` with the divisor that is wanted."""
    found = _FRACTION.fullmatch(section.strip())
    if not found or value >= 1e9:
        return None
    if found["divisor"]:
        below = int(found["divisor"])
        above = int(Decimal(repr(value * below)).quantize(Decimal(1), ROUND_HALF_UP))
    else:
        near = Fraction(value).limit_denominator(10 ** len(found["places"]) - 1)
        above, below = near.numerator, near.denominator
    whole, rest = divmod(above, below) if found["whole"] or above % below == 0 else (0, above)
    return " ".join(
        filter(None, (str(whole) if whole or not rest else "", f"{rest}/{below}" if rest else ""))
    )


def shown_time(value: timedelta, pattern: str) -> str:
    """A stretch of time in the hours, minutes or seconds that its format counts: 30 hours are "30:00" in ``[h]:mm``."""
    seconds = round(abs(value.total_seconds()))
    sign = "-" if value.total_seconds() < 0 else ""
    unit = re.search(r"\[(h+|m+|s+)\]", pattern, re.I)
    counts = unit[1].lower() if unit else "h"
    if counts[0] == "s":
        return f"{sign}{seconds:0{len(counts)}d}"
    if counts[0] == "m":
        shown = f"{sign}{seconds // 60:0{len(counts)}d}"
        return f"{shown}:{seconds % 60:02d}" if seconds % 60 or "s" in pattern.lower() else shown
    shown = f"{sign}{seconds // 3600:0{len(counts)}d}"
    if seconds % 3600 or "m" in pattern.lower():
        shown += f":{seconds // 60 % 60:02d}"
    return f"{shown}:{seconds % 60:02d}" if seconds % 60 or "s" in pattern.lower() else shown


def stored(value: float) -> str:
    """The number without the tail that binary fractions have."""
    if not isinstance(value, float):
        return str(value)
    exact = f"{value:.15g}"  # all that a sheet holds of it
    if len(exact.partition("e")[0].strip("-0.").replace(".", "")) < 14:
        return exact
    return f"{value:.{max(10, len(exact.lstrip('-').partition('.')[0]) + 2)}g}"


@lru_cache(maxsize=1000)
def _sections(pattern: str) -> tuple[str, ...]:
    """The parts for positive, negative and zero, which ";" outside quotes parts."""
    parts, at = [""], 0
    for token in _TOKEN.finditer(pattern):
        if token[0] == ";" and len(parts) < 4:
            parts.append("")
            at += 1
        else:
            parts[at] += token[0]
    return tuple(parts)


@lru_cache(maxsize=1000)
def _tokens(section: str) -> tuple[tuple[str, str], ...] | None:
    """(kind, text) of each part; None where it is a date or a fraction."""
    found: list[tuple[str, str]] = []
    for token in _TOKEN.finditer(section):
        kind = token.lastgroup or "other"
        text = token[kind]
        if kind == "other" and (_DATE.match(text) or text in "/@"):
            return None
        if kind == "general":
            found.append(("general", ""))
        elif kind == "width":
            found.append(("text", " "))
        elif kind == "other" and text == "%":  # not that of a text in quotes: "±10%" is no factor
            found.append(("percent", text))
        elif kind not in ("rule", "fill"):
            found.append(("digits", text) if kind == "digits" else ("text", text))
    return tuple(found)


def _filled(value: Decimal, tokens: tuple[tuple[str, str], ...]) -> str | None:
    value = value.scaleb(2 * sum(kind == "percent" for kind, _ in tokens))
    places = [at for at, (kind, _) in enumerate(tokens) if kind == "digits"]
    if any(kind == "general" for kind, _ in tokens):
        plain = f"{float(value):.10g}"
        return "".join(plain if kind == "general" else text for kind, text in tokens)
    if not places:
        return "".join(text for _, text in tokens)
    if len(places) > 1:
        return _in_groups(value, tokens, places)
    number = _digits(value, tokens[places[0]][1])
    return "".join(number if at == places[0] else text for at, (_, text) in enumerate(tokens))


def _with_exponent(value: Decimal, pattern: str) -> str:
    """A number as "1.50E-04": with as many figures before the point and in the exponent as its format has at least."""
    before, mark, after = re.split(r"([eE][+-])", pattern, maxsplit=1)
    whole, _, part = before.partition(".")
    step = max(1, len(re.sub(r"[^0#?]", "", whole)))
    places = Decimal(1).scaleb(-len(re.sub(r"[^0#?]", "", part)))
    exponent = value.adjusted() // step * step if value else 0
    figures = value.scaleb(-exponent).quantize(places, ROUND_HALF_UP)
    if figures >= Decimal(10) ** step:  # 9.999 is 10.00
        exponent += step
        figures = value.scaleb(-exponent).quantize(places, ROUND_HALF_UP)
    sign = "-" if exponent < 0 else "+" if mark[1] == "+" else ""
    return f"{figures}{mark[0]}{sign}{str(abs(exponent)).rjust(after.count('0'), '0')}"


def _digits(value: Decimal, pattern: str) -> str:
    if "e" in pattern.lower():
        return _with_exponent(value, pattern)
    whole, point, part = pattern.partition(".")
    scale = len(whole) - len(whole.rstrip(",")) if not point else len(part) - len(part.rstrip(","))
    value = value.scaleb(-3 * scale)
    part = part.rstrip(",")
    step = Decimal(1).scaleb(-len(part))
    rounded = (
        str(value.quantize(step, ROUND_HALF_UP)) if abs(value) < Decimal(10) ** 20 else str(value)
    )
    left, _, right = rounded.partition(".")
    left = left.lstrip("0").rjust(whole.count("0"), "0")
    if "," in whole.rstrip(","):
        left = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", left)
    least = len(part.rstrip("#?"))  # figures after the point that show even where they are nought
    while len(right) > least and right.endswith("0"):
        right = right[:-1]
    return f"{left}.{right}" if right or (point and least) else left or ("0" if not right else "")


def _in_groups(
    value: Decimal, tokens: tuple[tuple[str, str], ...], places: list[int]
) -> str | None:
    """A number in groups, such as "000-0000" of a part number; None for what has a decimal point in it."""
    if any("." in tokens[at][1] for at in places):
        return None
    figures = str(value.quantize(Decimal(1), ROUND_HALF_UP)) if value < Decimal(10) ** 20 else ""
    out = [text for _, text in tokens]
    for at in reversed(places):
        size = len(re.sub(r"[^0#?]", "", tokens[at][1]))
        if at == places[0]:
            out[at] = figures.rjust(tokens[at][1].count("0"), "0")
        else:
            out[at] = figures[-size:].rjust(size, "0")
            figures = figures[:-size]
    return "".join(out)
