"""Harmless, short forms of file names for sentences and titles. Knows nothing of what is inside the files."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

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
        r"(untitled(?: (?:document|page))?|\(?(?:anonymous|unspecified)\)?|unknown(?: title)?|no title|ohne titel|unbenannt|sans titre|document|dokument|title|titel|slide|index|home|(powerpoint )?presentation|"
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
# What a file's name says of its form: "manual-pdf.pdf" is no manual of a product "pdf"
_FILE_KIND = re.compile(
    r"(?:(?:^|\s)(?:jsonl?|csv|tsv|xml|pdf|docx?|xlsx?|pptx?|od[tsp]|rtf|epub|txt|md|markdown|html?|eml|zip))+$",
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
    rest = _FILE_KIND.sub("", rest)
    if re.match(r"\d+ (?:of|for)\b", rest, re.I):  # "Guide 2 of the house" counts guides
        return ""
    return _LEFT_OVER.sub("", rest).strip(" -./&")[:60]


# The words of a title that says only what kind of document it is ("Getting Started", "Guide de l'utilisateur"): one of the
# first, and else only of the second, and of editions.
_KINDS = frozenset(
    "manual manuals guide guides handbook documentation docs instructions instruction reference faq help started start quickstart"
    " installation setup commissioning notes information overview introduction tutorial readme changelog specifications datasheet"
    " troubleshooting maintenance steps anleitung handbuch einleitung einführung schnellstart datenblatt dokumentation inbetriebnahme"
    " manuel notice emploi démarrage manuale istruzioni guida avvio usuario guía instrucciones guia instruções handleiding"
    " gebruiksaanwijzing naslag".split()
)
_ON_KINDS = frozenset(
    "user users owner owners operator operators administrator administrators admin service repair quick getting operating technical"
    " product programming developer developers integrator integrators installer installers safety complete short brief first release"
    " step the a an and of for to with your our this in on by s english german technische technisches kurz erste ersten schritte"
    " mode technique rapide d de la le les l utilisation utilisateur del el do da di du des du uso uso utente rapida rápida usuário"
    " usuario voor van und für zum zur der die das deutsch français español italiano".split()
)
_ENDINGS = ("anleitung", "handbuch", "handleiding", "hinweise")  # "Bedienungsanleitung"
_OF_EDITION = re.compile(
    r"v?\d[\w.~+-]*|v|ver|version|edition|rev(?:ision)?|ausgabe|stand|final|new|copy|draft|print|web|online|low|high|hires|scan(?:ned)?"
    r"|pdf|html?|docx?|md|jsonl?|csv|tsv|xml|xlsx?|pptx?|od[tsp]|rtf|epub|txt|markdown|eml|zip|a4|a5|letter|jan\w*|feb\w*|mar\w*|apr\w*|may|june?|july?|aug\w*|sep\w*|oct\w*|nov\w*|dec\w*"
    r"|en|eng|de|deu|ger|fr|fra|es|esp|spa|it|ita|pt|por|br|nl|us|uk|gb|int|eu|ml|multi",
    re.I,
)
NAMED = 3  # how often a text has a name that is the product's
MOST_TEXT = 300_000  # characters that are looked through for it


def says_only_kind(title: str) -> bool:
    """Does a title say what kind of document it is, and not whose: "User manual, version 2"?"""
    words = [word.casefold() for word in re.findall(r"[\w.~+-]+", title)]
    left = [word for word in words if not _OF_EDITION.fullmatch(word)]
    named = [word in _KINDS or word.endswith(_ENDINGS) for word in left]
    return any(named) and all(
        kind or word in _ON_KINDS for kind, word in zip(named, left, strict=True)
    )


def name_in(file_name: str, text: str) -> str:
    """The product that a file's name says, as the text writes it, where it names it again and again: else "".

    A name is no word: it has a figure or a capital within ("K7", "LinuxCNC"), or is hardly ever written small.
    """
    runs: list[list[str]] = [[]]
    for word in re.findall(r"[\w~]+", title_from_name(file_name)):
        known = word.casefold() in _KINDS | _ON_KINDS or word.casefold().endswith(_ENDINGS)
        if known or (_OF_EDITION.fullmatch(word) and not (runs[-1] and word[:1].isdigit())):
            runs.append([])
        else:
            runs[-1].append(word)
    tried = [run[at:end] for run in runs for at in range(len(run)) for end in range(at + 1, len(run) + 1)]  # fmt: skip
    text = text[:MOST_TEXT]
    for words in sorted(tried[:40], key=len, reverse=True):
        pattern = r"[\s_-]?".join(map(re.escape, words))
        found = re.findall(rf"(?<![\w-])(?:{pattern})(?![\w-])", text, re.I)
        if len("".join(words)) < 2 or len(found) < NAMED:
            continue
        written, _ = Counter(" ".join(one.split()) for one in found).most_common(1)[0]
        if _is_name(written, found, text):
            return written
    return ""


def _is_name(written: str, found: list[str], text: str) -> bool:
    if not re.search(r"[^\W\d_]", written):
        return False
    if re.search(r"\d|\w[A-Z]", written):
        return True
    capitals = sum(one[:1].isupper() for one in found) >= 0.9 * len(found)
    inside = len(re.findall(rf"[a-z,] {re.escape(written)}\b", text))
    german = (
        len(re.findall(r"\b(?:und|der|nicht|wird)\b", text)) >= NAMED
    )  # any noun is capital there
    return capitals and inside >= NAMED and not german
