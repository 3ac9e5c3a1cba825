"""Harmless, short forms of file names for sentences and titles. Knows nothing of what is inside the files."""

from __future__ import annotations

import re
import unicodedata

KIND_OF_MANUAL = re.compile(
    r"(?:(?:^|[\s:,–-]+)(?:the|(?:user|owner|operator|service|operating|instruction|reference|installation|quick start|product)"
    r"(?:['’]?s)?))+$",
    re.I,
)
SHOWN = 60  # characters: fits one line of the upload list on a phone


def shown_name(file_name: str) -> str:
    """The last part of a file name without control or direction marks, at most 60 characters.

    A long name keeps its beginning and its end, because the end tells the format.
    """
    last = re.split(
        r"[/\\]", unicodedata.normalize("NFC", file_name.encode("utf-8", "replace").decode())
    )[-1]
    seen = "".join(
        " " if c.isspace() else c for c in last if c.isspace() or unicodedata.category(c)[0] != "C"
    )
    seen = " ".join(seen.split())
    if not seen.strip(". "):
        return "unnamed file"
    if len(seen) <= SHOWN:
        return seen
    return f"{seen[: SHOWN - 21]}…{seen[-20:]}"


def title_from_name(file_name: str) -> str:
    """The stem of a file name made readable: "pump_x100-manual.en.pdf" gives "pump x100 manual en"."""
    stem = re.sub(r"\.[A-Za-z0-9]{1,8}$", "", shown_name(file_name))
    words = re.sub(r"[_.\-+]+", " ", stem)
    return " ".join(words.split()) or shown_name(file_name)


def sensible_title(title: str) -> str:
    """The title on one line, or "" where a program left a path, a file name or a placeholder there."""
    title = " ".join(
        "".join(c for c in title if c.isspace() or unicodedata.category(c)[0] != "C").split()
    )
    title = re.sub(
        r"^(microsoft (word|powerpoint|excel)|openoffice\S*|pdfcreator)\s*[-:]\s*",
        "",
        title,
        flags=re.I,
    )
    if not re.search(r"[^\W\d_]{2}", title) or len(title) > 200:
        return ""
    if re.search(
        r"[\\/].*[\\/]|\.(docx?|pdf|indd|fm|book|xlsx?|pptx?|odt|html?|tex|dvi|txt|md|qxd|rtf|ps|cdr|ai)$",
        title,
        re.I,
    ):
        return ""
    if re.fullmatch(
        r"(untitled|unbenannt|sans titre|document|dokument|title|titel|slide|index|home|(powerpoint )?presentation|"
        r"powerpoint-präsentation|book|sheet|tabelle)\W?\d*",
        title,
        re.I,
    ):
        return ""
    return title


def product_in(title: str) -> str:
    """The product that a title like "Galaxy S10 user manual" names, or ""."""
    named = re.fullmatch(r"(.*\w.*?)[\s:,–-]+(?:manual|guide|handbook|instructions)", title, re.I)
    product = KIND_OF_MANUAL.sub("", named[1]).strip() if named else ""
    return "" if product.casefold() in ("a", "an", "this", "our") else product
