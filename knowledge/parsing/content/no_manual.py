"""Text files that are no manuals: encoded data, a program's log, source code, and what was decoded wrongly.

Told by their content. A refusal is for what nobody would call a manual: lists of messages, listings and settings may well be
one's, and are read.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence

MEASURED = 60_000  # characters from the beginning
FEWEST = 8  # lines from which source code shows
_BASE64 = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*[0-9])[A-Za-z0-9+/_-]{60,}={0,2}$")
_STAMP = re.compile(
    r"\W{0,2}(?:\d{4}[-/.]\d\d[-/.]\d\d[T ]\d\d:\d\d|\d\d[./]\d\d[./]\d{2,4} \d\d:\d\d|[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d)"
)
_LEVEL = re.compile(r"\b(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b")
# Signs of code, each of another kind; one alone is in manuals, too
_SIGNS = (
    re.compile(r"[;{}]$"),
    re.compile(r"^(?:def \w+\(.*\):|class \w+.*[:{]|(?:async )?function\b.*\{|func \w+\(.*\{|fn \w+.*\{)"),
    re.compile(r"^(?:import [\w.]+|from [\w.]+ import |#include\b|using [\w.]+;|package [\w.]+;?$)"),
    re.compile(r"^(?:public|private|protected|static|void|const|let|var|int|return)\b.*[;{(]"),
    re.compile(r"^(?:(?:if|while|for|elif|switch)\b.*[:{]|else\s*[:{]|\} else)"),
    re.compile(r"^[\w.\[\]]+ ?[+*-]?= ?[^=].*[)\]};]$|^(?:self|this)[.]\w"),
)  # fmt: skip
# What is code in any file: a definition, an import, a declaration; and what a line of code may look like
_DEFINITION = re.compile(
    r"^(?:(?:async )?def \w+\(|class \w+\b.*[:{(]$|class \w+\(.*\):|(?:export )?(?:default )?(?:async )?function\b.*\(|func \w*.*\{$|(?:pub )?fn \w+.*"
    r"|import [\w.*{}, ]+(?: from ['\"].*)?;?$|from [\w.]+ import |#\s*(?:include [<\"]|define \w)|using [\w.]+;|namespace \w+|package [\w.]+;?$"
    r"|(?:public|private|protected|static|extern|typedef|struct|const|let|var|template)\b.*[;{(=]|return\b.*;|@\w+|(?:CREATE|ALTER) TABLE\b|INSERT INTO\b)"
)
_LIKE_CODE = re.compile(
    r"[;{}(\[,]$|^[})\]]|[\w\])]\(.*\)|[^=<>!]={1,3}[^=]|=>|->|::|^(?:if|for|while|elif|else|try|except|with|switch|case|return|raise|import|from|def|class)\b.*[:;({]?$"
    r"|^[@#$]\w|^(?:return|break|continue|pass|else|do|end|fi|done|esac)\b"
)
_REMARKS = re.compile(r"\s*[rRbu]?(\"\"\"|\'\'\'|/\*)")
_REMARK = re.compile(r"#(?!!|\s*(?:include|define|if|endif|pragma))|//|/\*|\*|--|;|<!--")
# A fence round a listing within a text, and a heading with a line below it
_OF_TEXT = re.compile(r"^ {0,3}(?:```|~~~)|^[^\W\d_].{0,80}\n(?:={3,}|-{3,}) *$", re.M)
# Lines of code, without remarks: of a script that says so, and of anything else; fewer may be the commands of a short guide
FEWEST_SCRIPT, FEWEST_ALONE = 5, 9
_SENTENCE = re.compile(r"[A-Za-zÀ-ÿ]{2,}(?:[ ,]+[\w'’-]+){4,}[.!?:]?$")
_TEXTS = "text markdown html csv json mail xml"
# The kinds that a file may be of for each ending of its name
_NAMED = {
    "pdf": "pdf", "docx": "docx", "pptx": "pptx", "xlsx": "xlsx", "odt": "opendocument", "ods": "opendocument",
    "odp": "opendocument", "epub": "webpages", "rtf": "rtf", "doc": "doc", "dot": "doc", "xls": "xls", "ppt": "ppt",
    "pps": "ppt", "msg": "outlook", **dict.fromkeys("png jpg jpeg webp tif tiff bmp gif".split(), "image"),
    **dict.fromkeys("txt md markdown html htm csv tsv json jsonl xml eml".split(), _TEXTS),
}  # fmt: skip
_CALLED = {
    "text": "plain text", "markdown": "Markdown", "image": "an image", "html": "a web page", "webpages": "web pages",
    "opendocument": "an OpenDocument file", "mail": "a mail", "outlook": "a mail of Outlook", "topics": "DITA topics",
    "docx": "a Word file", "xlsx": "an Excel file", "pptx": "a PowerPoint file", "pdf": "a PDF",
}  # fmt: skip
_ENDINGS = frozenset(
    "py js ts jsx tsx c h cc cpp hpp cs java go rs rb php pl sh bat ps1 sql lua swift kt scala vb".split()
)


def what_it_is(text: str, file_name: str) -> str:
    """What a text file is that is no manual, in words ("source code"), or ""."""
    lines = [line.strip() for line in text[:MEASURED].splitlines() if line.strip()]
    if not lines:
        return ""
    encoded = sum(bool(_BASE64.match(line)) for line in lines)
    if encoded > 0.9 * len(lines) and sum(map(len, lines)) > 400:
        return "encoded data (base64)"
    if _is_garbled(text[:MEASURED]):
        return "damaged, or no text at all"
    named = file_name.rsplit(".", 1)[-1].lower() in _ENDINGS
    if named and _is_code(lines, named) or is_code_alone(text):
        return "source code"
    if len(lines) < FEWEST:
        return ""
    logged = sum(bool(_STAMP.match(line) and _LEVEL.search(line)) for line in lines)
    if logged > 0.6 * len(lines):
        return "a log file"
    return "source code" if _is_code(lines, named) else ""


def is_code_alone(text: str) -> bool:
    """Is a text, whatever it is called, a program from its first line to its last, with no listing marked as one?"""
    text = text[:MEASURED]
    if _OF_TEXT.search(text):
        return False
    lines = [line for line in _without_remarks(text) if not _REMARK.match(line.lstrip())]
    script = re.match(r"#!/|<\?php\b", text)
    if len(lines) < (FEWEST_SCRIPT if script else FEWEST_ALONE):
        return False
    if script:
        return sum(bool(_SENTENCE.search(line.strip())) for line in lines) < 0.15 * len(lines)
    outer = [line for line in lines if not line[0].isspace()]  # what is set in may be a listing
    defined = sum(bool(_DEFINITION.search(line.strip())) for line in lines)
    return defined > max(1, 0.03 * len(lines)) and all(map(_is_mostly_code, (lines, outer)))


def _without_remarks(text: str) -> Iterator[str]:
    """The lines that are not blank, without remarks of several lines."""
    ends = ""
    for line in filter(str.strip, text.splitlines()):
        found = None if ends else _REMARKS.match(line)
        if ends or found:
            closing = ends or str(found and found[1]).replace("/*", "*/")
            ends = "" if closing in line[found.end() if found else 0 :] else closing
        else:
            yield line.rstrip()


def _is_mostly_code(lines: Sequence[str]) -> bool:
    lines = [line.strip() for line in lines]
    told = [line for line in lines if not _DEFINITION.search(line)]
    prose = sum(bool(_SENTENCE.search(line)) for line in told)
    like = sum(bool(_LIKE_CODE.search(line)) and not _SENTENCE.search(line) for line in told)
    return prose < 0.15 * len(lines) and like + len(lines) - len(told) > 0.6 * len(lines)


def otherwise_named(kind: str, file_name: str) -> str:
    """A sentence where a file's name says that it is of another kind than it is, or "".

    Kinds that are text by any name are one: a manual in Markdown may be called .txt.
    """
    ending = file_name.rsplit(".", 1)[-1].lower() if "." in file_name else ""
    said = _NAMED.get(ending)
    if said is None or kind in said.split():
        return ""
    return f"The name says {ending.upper()}; it holds {_CALLED.get(kind, kind.upper())} and was read as that."


def _is_code(lines: list[str], named: bool) -> bool:
    """Several kinds of signs of code, and hardly a sentence? ``named``: the file's ending is a programming language's."""
    kinds = sum(any(map(sign.search, lines)) for sign in _SIGNS)
    signed = sum(any(sign.search(line) for sign in _SIGNS) for line in lines) / len(lines)
    prose = sum(bool(_SENTENCE.search(line)) for line in lines) / len(lines)
    if named:
        return kinds >= 2 and signed > 0.1  # its comments may be prose
    return kinds >= 4 and signed > 0.6 and prose < 0.05


def _is_garbled(text: str) -> bool:
    """Are the signs beyond ASCII no letters, as in bytes that were read in a wrong encoding?

    A script's vowel signs are letters; a legend of symbols has words in it.
    """
    foreign = sum(char > "\x7f" for char in text)
    if len(text) < 200 or foreign < 0.6 * len(text):
        return False
    kinds = [unicodedata.category(char)[0] for char in text if not char.isspace()]
    return sum(kind in "LMN" for kind in kinds) < 0.75 * len(kinds) and _mixed(text)


def _mixed(text: str) -> bool:
    """Do control characters, or letters and signs of Latin-1 side by side, stand where words would be?"""
    controls = sum("\x80" <= char <= "\x9f" or char == "\ufffd" for char in text)
    odd = sum("\xa1" <= char <= "\xbf" or char in "×÷" for char in text)
    return controls + odd > 0.2 * len(text)
