"""Raised and lowered characters as text: 10³ is not 103. Knows no format."""

from __future__ import annotations

import re

_RAISED = dict(zip("0123456789+-−–=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_LOWERED = dict(zip("0123456789+-−–=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎", strict=True))


# Not powers: ordinals in English, French and Spanish, and marks of a name
_ENDINGS = frozenset(
    "st nd rd th e er re d de nde ere ère eme ème o a os as do da to ta ra tm sm r c".split()
)
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉⁄", "01234567890123456789/")
# Raised figures, a stroke and lowered ones, behind a number or on their own; behind a letter the first are a power
_FRACTION = re.compile(r"(?<![^\W\d])(\d?)([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,2}[/⁄][₀₁₂₃₄₅₆₇₈₉]{1,3})")
_POWERED = re.compile(r"(?:[\d)\]]|(?<![^\W_])[a-zA-Z])\s?$")  # a number, a bracket or one letter


def raised(text: str, base: str = "") -> str:
    """A superscript as text; ``base`` is what stands before it. Words ("1st", "TM") stay as they are; what has no raised form,
    also a letter that is a power ("10^x"), is written with "^"."""
    inner = text.strip()
    letters = inner.isalpha() and inner != "n" and inner.casefold() not in _ENDINGS
    terms = re.search(r"[^\W\d_]\s*[+\-−–·×*/]|[+\-−–·×*/]\s*[^\W\d_]", inner)
    if (letters or terms) and _POWERED.search(base) and _small(text, _RAISED, "^") == text:
        return f"^{inner}" if letters else f"^({inner})"
    return _small(text, _RAISED, "^")


def lowered(text: str) -> str:
    """A subscript as text: "H₂O"; words stay as they are ("Umax"), with "_" where figures stand among them."""
    return _small(text, _LOWERED, "_")


def with_fractions(text: str) -> str:
    """A text with the fractions that are set in small type as such: "1³/₄" is 1 3/4, and not 13/4 to whom looks for it."""
    return _FRACTION.sub(_fraction, text) if "/" in text or "⁄" in text else text


def _fraction(found: re.Match[str]) -> str:
    return f"{found[1]}{' ' if found[1] else ''}{found[2].translate(_PLAIN)}"


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
