"""Raised and lowered characters as text: 10³ is not 103. Knows no format."""

from __future__ import annotations

_RAISED = dict(zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))


def raised(text: str) -> str:
    """A superscript as text. Words ("1st", "TM") stay as they are; what has no raised form is written with "^"."""
    return _small(text, _RAISED, "^")


def lowered(text: str) -> str:
    """A subscript as text: "H₂O"; words stay as they are ("Umax"), with "_" where figures stand among them."""
    return _small(text, _LOWERED, "_")


def _small(text: str, forms: dict[str, str], sign: str) -> str:
    inner = text.strip()
    if not inner or (inner[0] == "[" and inner[-1] == "]"):  # a mark of a footnote
        return text
    if all(char in forms for char in inner) and not inner.isalpha():
        return "".join(forms[char] for char in inner)
    if inner == "n" or not any(map(str.isdigit, inner)):
        return forms.get(inner, text)
    whole = len(inner) == 1 or (inner[0] == "(" and inner[-1] == ")")
    return f"{sign}{inner}" if whole else f"{sign}({inner})"
