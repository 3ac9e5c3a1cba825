"""Formulas as a person reads them aloud in a line: MathML of web pages and OMML of Word ("Q = 3.5 × n", "(a + b)/2")."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from knowledge.parsing.content.small_type import lowered, raised

_SPACED = set("=<>≤≥≈≠±×·÷+−-→⇒∝∈≡*/")
DEEPEST = 60  # levels; what is deeper is read as its text


class FormulaSink:
    """Collects the events of a ``<math>`` element and gives its line."""

    def __init__(self) -> None:
        self._open: list[tuple[str, list[Any]]] = [("mrow", [])]

    def start(self, tag: str) -> None:
        """An element begins."""
        self._open.append((tag, []))

    def data(self, text: str) -> None:
        """Text of the innermost element."""
        self._open[-1][1].append(" ".join(text.split()))

    def end(self, tag: str) -> None:
        """An element ends; an end without a beginning is passed over."""
        if len(self._open) > 1 and self._open[-1][0] == tag:
            name, children = self._open.pop()
            if name not in ("annotation", "annotation-xml"):
                self._open[-1][1].append((name, children))

    def line(self) -> str:
        """The formula in one line."""
        while len(self._open) > 1:
            self.end(self._open[-1][0])
        name, children = self._open[0]
        return " ".join(_mathml(name, children, 0).split())


def _mathml(name: str, children: Sequence[Any], depth: int) -> str:
    if depth > DEEPEST:
        return ""
    parts = [
        child if isinstance(child, str) else _mathml(child[0], child[1], depth + 1)
        for child in children
        if child
    ]
    text = "".join(parts)
    if name == "mo":
        operator = text.strip()
        return f" {operator} " if operator in _SPACED else operator
    parts = [part for part in parts if part.strip()]
    return _made(name.lower(), parts, text)


def _made(name: str, parts: Sequence[str], text: str) -> str:
    match name, len(parts):
        case (("mfrac" | "f"), 2):
            return f"{_grouped(parts[0])}/{_grouped(parts[1])}"
        case (("msup" | "mover" | "ssup"), 2):
            return parts[0] + _power(parts[1])
        case (("msub" | "munder" | "ssub"), 2):
            return parts[0] + _index(parts[1])
        case (("msubsup" | "munderover" | "ssubsup"), 3):
            return parts[0] + _index(parts[1]) + _power(parts[2])
        case (("msqrt" | "rad"), _):
            return f"√{_grouped(''.join(parts))}"
        case "mroot", 2:
            return f"{_power(parts[1])}√{_grouped(parts[0])}"
        case (("mtr" | "mr"), _):
            return f"{' '.join(parts)}; "
        case (("mspace" | "mphantom"), _):
            return " "
    return text


def _grouped(text: str) -> str:
    text = text.strip()
    return f"({text})" if " " in text or "/" in text else text


def _power(text: str) -> str:
    made = raised(text.strip())
    return made if made != text.strip() or not made.isalpha() else f"^{made}"


def _index(text: str) -> str:
    made = lowered(text.strip())
    return made if made != text.strip() or not made else f"_{made}"


def omml_line(element: Any) -> str:
    """The line of an ``m:oMath`` element of Word (an lxml element)."""
    return " ".join(_omml(element, 0).split())


def _omml(element: Any, depth: int) -> str:
    if depth > DEEPEST or not isinstance(element.tag, str):
        return ""
    name = element.tag.rpartition("}")[2]
    if name == "t":
        return element.text or ""
    if name.endswith("Pr"):  # how it looks, not what it says
        return ""
    parts = [made for child in element if (made := _omml(child, depth + 1))]
    text = "".join(parts)
    if name == "nary":
        sign = element.find("{*}naryPr/{*}chr")
        shown = next(iter(sign.attrib.values()), "∫") if sign is not None else "∫"
        return f"{shown} {' '.join(parts)}"
    if name == "d":
        return f"({', '.join(parts)})"
    return _made(
        {"sSup": "ssup", "sSub": "ssub", "sSubSup": "ssubsup"}.get(name, name), parts, text
    )
