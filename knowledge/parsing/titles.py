"""Harmless, short forms of file names for sentences and titles. Knows nothing of what is inside the files."""

from __future__ import annotations

import re
import unicodedata

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
        r"powerpoint-präsentation|book|sheet|tabelle|mappe|classeur|libro|layout|docs?|documento|page|seite|test"
        r"|(?:new|neues?|nouveau) (?:microsoft )?(?:word|excel|powerpoint|office|text)?[ -]?(?:document|dokument|worksheet|presentation)?"
        r"|(?:img|dsc|scan|image|pict|screenshot)[\W_]*\d*)[\W_]*\d*",
        title,
        re.I,
    ):
        return ""
    return title


# A title that says what kind of document it is ("user manual", "Handbuch") names its product beside that.
_KIND = re.compile(
    r"\b(?:(?:(?:user|owner|operator|administrator|admin|service|repair|installation|setup|quick|quick start"
    r"|getting started|reference|instruction|operating|maintenance|technical|product|programming)(?:['’]?s)?\s+)*"
    r"(?:manual pages|manual|manuals|guide|handbook|documentation|datasheet|(?:data|service|fact|safety data) sheet|instructions|reference|faq|help)"
    r"|getting started(?: (?:with|in|guide))?|introduction to|\w*handbuch|\w*anleitung)\b",
    re.I,
)
_LEFT_OVER = re.compile(
    r"^(?:the|a|an|to|for|of|with|in|für|die|der|das|zum|zur|\W)+\b|\b(?:for|of|to|the|für|v?\d+\.\d+[\d.]*)\s*$",
    re.I,
)


def product_of(title: str) -> str:
    """The product a title names beside its kind of document: "Galaxy S10 user manual" gives "Galaxy S10".

    "" when the title does not say that it is a manual, or says nothing else.
    """
    head = title.strip()
    if not _KIND.search(head):
        return ""
    rest = " ".join(re.sub(r"[^\w+./& -]", " ", _KIND.sub(" ", head)).split())
    if re.match(r"\d+ (?:of|for)\b", rest, re.I):  # "Guide 2 of the house" counts guides
        return ""
    return _LEFT_OVER.sub("", rest).strip(" -./&")[:60]
