"""Formulas as a person reads them aloud in a line: MathML of web pages and OMML of Word ("Q = 3.5 × n", "(a + b)/2").

What a formula shows by its place (above a bar, below a root) gets brackets wherever the line could be read otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from knowledge.parsing.content.small_type import lowered, raised

_SPACED = set("=<>≤≥≈≠±×·÷+−-→⇒∝∈≡*/")
_UNSEEN = {"\u2061": " ", "\u2062": "\u2062", "\u2063": ",", "\u2064": " "}  # "apply", "times"
_ROOTS = {"2": "√", "3": "∛", "4": "∜"}
_SMALL = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱ"
_INDEX = "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎"
# What needs no brackets: as a divisor one name or number, as a base or a dividend also several in a row
_ATOM = re.compile(rf"(?:\d+(?:[.,]\d+)*|[^\W\d_])[{_INDEX}]*[{_SMALL}]*[′'%°]?$")
_PRODUCT = re.compile(rf"[\w.,{_INDEX}{_SMALL}′'%°]+$")
_BASE = re.compile(rf"(?:[^\W{_SMALL}]|[.,{_INDEX}])+$|[^\w\s\u2062]$")
# A fraction stands between these until its neighbours are known; a power or index in plain letters ends in the last
_OPEN, _CLOSE, _END = "\ue000", "\ue001", "\ue002"
_FRACTION = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
_PLAIN_SMALL = re.compile(rf"([\^_])([^\W_]+){_END}(?=[^\W_]|[(√∛∜{_OPEN}])")
_SIGNED = re.compile(r"^([+\-−]) (?=[\d∞])")  # "10⁻³"
_SIGN = re.compile(r"((?:^|[=<>≤≥≈≠,;]|(?<=[(\[])) ?)([+\-−±]) (?=\d)")
_BLANK = re.compile(
    r"[ \t\r\n\f]+"
)  # "&nbsp;" and its like are signs of a formula: 5&nbsp;6 is not 56
DEEPEST = 60  # levels; what is deeper is read as its text


class FormulaSink:
    """Collects the events of a ``<math>`` element and gives its line."""

    def __init__(self) -> None:
        self._open: list[tuple[str, Mapping[str, str], list[Any]]] = [("mrow", {}, [])]

    def start(self, tag: str, attributes: Mapping[str, str] | None = None) -> None:
        """An element begins. Its attributes tell the brackets of ``mfenced`` and whether a fraction has a bar."""
        self._open.append((tag, attributes or {}, []))

    def data(self, text: str) -> None:
        """Text of the innermost element."""
        self._open[-1][2].append(_BLANK.sub(" ", text))

    def end(self, tag: str) -> None:
        """An element ends; an end without a beginning is passed over."""
        if len(self._open) > 1 and self._open[-1][0] == tag:
            element = self._open.pop()
            if tag not in ("annotation", "annotation-xml"):
                self._open[-1][2].append(element)

    def line(self) -> str:
        """The formula in one line."""
        while len(self._open) > 1:
            self.end(self._open[-1][0])
        return _in_line(_mathml(self._open[0], 0))


def omml_line(element: Any) -> str:
    """The line of an ``m:oMath`` element of Word (an lxml element)."""
    return _in_line(_omml(element, 0))


def _in_line(text: str) -> str:
    """A whole formula, the signs of its numbers beside them: "x = −3"."""
    return _SIGN.sub(r"\1\2", _finished(text))


def _mathml(element: tuple[str, Mapping[str, str], list[Any]], depth: int) -> str:
    tag, attributes, children = element
    name = tag.lower()
    if depth > DEEPEST:
        return _flat(children)
    if all(isinstance(child, str) for child in children):  # the parser hands on a text in pieces
        children = ["".join(children).strip(" ")]
    texts = [c.strip(" ") if isinstance(c, str) else _mathml(c, depth + 1) for c in children]
    inner = [text for text, c in zip(texts, children, strict=True) if not isinstance(c, str)]
    text = "".join(texts)
    if name == "mo":
        operator = text.strip() or text
        return f" {operator} " if operator in _SPACED else _UNSEEN.get(operator, operator)
    if name == "mfenced":
        between = f"{(attributes.get('separators', ',').strip() or ' ')[:1]} "
        fence = attributes.get("open", "("), attributes.get("close", ")")
        return fence[0] + between.join(part.strip() for part in inner) + fence[1]
    if name == "mfrac" and re.match(r"0(?!\.?\d*[1-9])", attributes.get("linethickness", "1")):
        name = "stack"
    if name == "mmultiscripts":
        return _tensor([c[0] for c in children if not isinstance(c, str)], inner)
    if name == "msqrt":
        return _made("rad", [text])
    return _made(_NAMES.get(name, name), inner) if name in _KNOWN else text


def _flat(children: Sequence[Any]) -> str:
    waiting, found = [*reversed(children)], list[str]()
    while waiting:
        child = waiting.pop()
        if isinstance(child, str):
            found.append(child)
        else:
            waiting.extend(reversed(child[2]))
    return " ".join(found)


_NAMES = {
    "mfrac": "f", "msup": "sSup", "msub": "sSub", "msubsup": "sSubSup", "munderover": "sSubSup",
    "munder": "sSub", "mover": "over", "mroot": "root", "mtable": "m", "mtr": "mr",
    "limLow": "sSub", "limUpp": "sSup", "mlabeledtr": "mr",
}  # fmt: skip
_KNOWN = {*_NAMES, "stack", "mspace", "mphantom"}


def _omml(element: Any, depth: int) -> str:
    if not isinstance(element.tag, str):
        return ""
    if depth > DEEPEST:
        return " ".join(t.text or "" for t in element.iter("{*}t"))
    name = element.tag.rpartition("}")[2]
    if name == "t":
        return "".join(_UNSEEN.get(char, char) for char in element.text or "")
    if name.endswith("Pr"):  # how it looks, not what it says
        return ""
    parts: list[str] = []
    named: dict[str, str] = {}
    for child in element:
        made = _omml(child, depth + 1)
        kind = child.tag.rpartition("}")[2] if isinstance(child.tag, str) else ""
        if made or kind in ("e", "sub", "sup", "num", "den", "fName", "lim"):
            parts.append(made)
        named[kind] = made
    text = "".join(parts)
    match name:
        case "nary":
            limits = _index(named.get("sub", "")) + _power(named.get("sup", ""))
            return f"{_told(element, 'chr', '∫')}{limits} {named.get('e', '')}"
        case "d":
            between = f"{_told(element, 'sepChr', '|')} "
            return _told(element, "begChr", "(") + between.join(parts) + _told(element, "endChr", ")")  # fmt: skip
        case "func":
            return f"{named.get('fName', '')} {named.get('e', '')}"
        case "sPre":
            return (
                f" {_index(named.get('sub', ''))}{_power(named.get('sup', ''))}{named.get('e', '')}"
            )
        case "rad" if named.get("deg", "").strip():
            return _made("root", [named.get("e", ""), named["deg"]])
        case "rad":
            return _made("rad", [named.get("e", "")])
        case "acc":
            return _marked(named.get("e", ""), _told(element, "chr", "\u0302"))
        case "bar":
            below = _told(element, "pos", "bot") != "top"
            return _marked(named.get("e", ""), "\u0332" if below else "\u0305")
        case "f" if _told(element, "type", "bar") == "noBar":
            return _made("stack", parts)
        case "eqArr":
            return "; ".join(part.strip() for part in parts)
        case "mr" | "m" | "f" | "sSup" | "sSub" | "sSubSup" | "limLow" | "limUpp":
            return _made(_NAMES.get(name, name), parts)
    return text


def _told(element: Any, name: str, otherwise: str) -> str:
    """A property of an element: its value, "" where it is there without one."""
    found = element.find(f"{{*}}{element.tag.rpartition('}')[2]}Pr/{{*}}{name}")
    return otherwise if found is None else next(iter(found.attrib.values()), "")


def _made(name: str, parts: Sequence[str]) -> str:
    match name, len(parts):
        case "f", 2:
            return f"{_OPEN}{_grouped(parts[0], _PRODUCT)}/{_grouped(parts[1], _ATOM)}{_CLOSE}"
        case "stack", 2:
            return f"{parts[0].strip()}; {parts[1].strip()}"
        case "sSup", 2:
            return _grouped(parts[0], _BASE) + _power(parts[1])
        case "over", 2:
            mark = {"¯": "\u0305", "‾": "\u0305", "^": "\u0302", "~": "\u0303", "˙": "\u0307", "→": "\u20d7"}.get(parts[1].strip())  # fmt: skip
            return _marked(parts[0], mark) if mark else _grouped(parts[0], _BASE) + _power(parts[1])
        case "sSub", 2:
            return _grouped(parts[0], _BASE) + _index(parts[1])
        case "sSubSup", 3:
            base = _grouped(parts[0], _BASE)
            after = "" if base[-1:].isalnum() or base[-1:] in tuple(")]}|") else " "  # of "∑"
            return f"{base}{_index(parts[1])}{_power(parts[2])}{after}"
        case "rad", 1:
            return f"√({_bare(parts[0])})"
        case "root", 2:
            degree = _finished(parts[1])
            sign = _ROOTS.get(degree) or f" {raised(degree)}√"
            return f"{sign}({_bare(parts[0])})"
        case "mr", _:
            return ", ".join(part.strip() for part in parts)
        case "m", _:
            return "; ".join(part.strip() for part in parts)
        case (("mspace" | "mphantom"), _):
            return " "
    return "".join(parts)


def _tensor(tags: Sequence[str], parts: Sequence[str]) -> str:
    """A base with scripts on both sides: "¹⁴C"."""
    split = tags.index("mprescripts") if "mprescripts" in tags else len(tags)
    after, before = parts[1:split], parts[split + 1 :]
    around = ["".join(_index(sub) + _power(sup) for sub, sup in zip(side[::2], side[1::2], strict=False)) for side in (before, after)]  # fmt: skip
    return f"{' ' if before else ''}{around[0]}{''.join(parts[:1])}{around[1]}"


def _bare(text: str) -> str:
    """What stands in brackets anyhow."""
    return _finished(text)[1:-1] if _bracketed(_finished(text)) else _finished(text)


def _bracketed(text: str) -> bool:
    """Is a text one pair of brackets with all the rest in it?"""
    if text[:1] + text[-1:] not in ("()", "[]", "{}", "||") or len(text) < 2:
        return False
    if text[0] == "|":
        return "|" not in text[1:-1]
    depth = 0
    for at, char in enumerate(text):
        depth += (char == text[0]) - (char == text[-1])
        if not depth:
            return at == len(text) - 1
    return False


def _grouped(text: str, simple: re.Pattern[str]) -> str:
    text = _finished(text)
    return text if not text or simple.match(text) or _bracketed(text) else f"({text})"


def _power(text: str) -> str:
    plain = _SIGNED.sub(r"\1", _finished(text))
    made = raised(plain)
    if not plain or made != plain or len(plain) == 1 and not plain.isalnum():
        return made
    return f"^{plain}{_END}" if plain.isalpha() else f"^({plain})"


def _index(text: str) -> str:
    plain = _SIGNED.sub(r"\1", _finished(text))
    made = lowered(plain)
    if not plain or made != plain:
        return made
    return f"_{plain}{_END}" if plain.isalpha() else f"_({plain})"


def _marked(text: str, mark: str) -> str:
    """Letters with a mark above or below each of them."""
    return "".join(char if char.isspace() else char + mark for char in _finished(text))


def _finished(text: str) -> str:
    """A line whose fractions have brackets where a neighbour would change them: "3 1/2", "(1/2)x"."""
    text = _PLAIN_SMALL.sub(r"\1(\2)", text).replace(_END, "")
    text = _FRACTION.sub(_beside, text)
    text = re.sub(r"\u2062+(?=\d)", " · ", text).replace("\u2062", "")
    return " ".join(text.split())


def _touches(char: str) -> bool:
    return char.isalnum() or char != "" and char in f"{_SMALL}{_INDEX}{_OPEN}{_CLOSE}√∛∜!%\u2062"


def _beside(found: re.Match[str]) -> str:
    """A fraction as its neighbours need it."""
    text, start, end = found.string, found.start(), found.end()
    before, after = text[max(0, start - 8) : start], text[end : end + 8]
    right = _touches(after[:1]) or after[:1] == "("
    if before[-1:].isdigit() and not right and re.fullmatch(r"\d+/\d+", found[1]):
        return f" {found[1]}"
    left = _touches(before[-1:]) or before[-1:] == ")" or before.rstrip()[-1:] in tuple("/÷:")
    return f"({found[1]})" if left or right else found[1]
