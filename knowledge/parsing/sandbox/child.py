"""The reading process: takes a file name and limits, writes the document to its output as JSON lines, and ends.

Started by process.py as ``python -m knowledge.parsing.sandbox.child``. Everything a hostile file can do happens here.
"""

from __future__ import annotations

import gc
import json
import os
import sys
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from knowledge import errors
from knowledge.parsing.content.no_manual import otherwise_named
from knowledge.parsing.formats import FileKind, file_kind
from knowledge.parsing.sandbox.programs import more_seconds
from knowledge.parsing.sandbox.protocol import (
    document_lines,
    error_line,
    prepared_lines,
    progress_line,
    slow_line,
)
from knowledge.parsing.titles import name_in, says_only_kind, shown_name
from knowledge.types import Document, Limits

if TYPE_CHECKING:
    from knowledge.ingestion.preparation import PreparedDocument

Progress = Callable[[int, int], None]
STEP = 10.0  # seconds of computing for what is done about one page that another program reads
SPARE = 8 << 20  # bytes kept back, so that there is memory left to say that there is none


def main(arguments: list[str], held: int = 0) -> None:
    """Read ``arguments`` = (path, file name, limits as JSON) and write the outcome to standard output.

    With a fourth, "prepare", the document is also split, stemmed and embedded. ``held`` are bytes of memory that were
    taken for other files, and do not count.
    """
    out = os.fdopen(os.dup(1), "w", encoding="ascii", newline="\n")
    os.dup2(2, 1)  # what a library prints must not mix with our lines
    path, file_name, limits = (
        Path(arguments[0]),
        json.loads(arguments[1]),
        Limits(**json.loads(arguments[2])),
    )
    confine(limits, held)
    gc.disable()  # a short life with hardly any cycles; saves a tenth of the time
    spare = bytearray(SPARE)

    def tell(page: int, of: int) -> None:
        out.write(progress_line(page, of))
        out.flush()

    def begin(step: int, of: int) -> None:
        more_seconds(STEP)
        out.write(slow_line(step, of))
        out.flush()

    try:
        document = parse(path, file_name, limits, tell, begin)
        out.writelines(document_lines(document))
        if arguments[3:] == ["prepare"]:
            out.flush()
            out.writelines(prepared_lines(_prepared(document, shown_name(file_name), limits)))
    except errors.UnreadableFile as error:
        out.write(error_line(type(error).__name__, str(error), ""))
    except MemoryError:
        del spare  # before anything else: CPython turns in a circle where even a handler has no memory (gh-132508)
        out.write(error_line("memory", "", ""))
    except RecursionError:
        out.write(
            error_line(
                "UnreadableFile", f"{shown_name(file_name)} is nested too deeply to be read.", ""
            )
        )
    except Exception as error:
        # The libraries leak any kind of exception on damaged files; this is the edge
        sentence = f"{shown_name(file_name)} is damaged and cannot be read."
        out.write(
            error_line(
                "UnreadableFile", sentence, f"{error!r}\n{traceback.format_exc(limit=-8)}"[:8000]
            )
        )
    out.flush()


def _prepared(document: Document, name: str, limits: Limits) -> PreparedDocument:
    from knowledge.ingestion.preparation import prepare
    from knowledge.search.embeddings import load_encoder

    return prepare(document, load_encoder(), name, limits.max_passages)


def confine(limits: Limits, held: int = 0) -> None:
    """Bound this process's memory beyond what it held, CPU time and files.

    Windows has no such limits; macOS ignores the one on memory.
    """
    try:
        import resource
    except ImportError:
        return
    bounds = (
        (resource.RLIMIT_AS, (limits.memory_mb << 20) + held),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, limits.output_mb << 20),
        (resource.RLIMIT_CORE, 0),
    )
    for what, bound in bounds:
        hard = resource.getrlimit(what)[1]
        bound = bound if hard == resource.RLIM_INFINITY else min(bound, hard)
        try:
            resource.setrlimit(what, (bound, hard))
        except (ValueError, OSError):  # macOS refuses some of them
            continue


def parse(
    path: Path, file_name: str, limits: Limits, progress: Progress, begin: Progress
) -> Document:
    """The document in the file. Imports only the parser that the format needs.

    ``begin`` is told (step, of) before a program that is not ours works on the file or on a page of it.
    """
    kind = file_kind(path, file_name)
    if kind in ("doc", "ppt", "xls"):
        from knowledge.parsing.converted.old_office import in_new_format

        begin(1, 1)
        made, new = in_new_format(path, file_name, kind, limits)
        document = _read(made, file_name, new, limits, (progress, begin))
        document = replace(document, kind=kind)
    else:
        document = _read(path, file_name, kind, limits, (progress, begin))
    if said := otherwise_named(kind, file_name):
        document = replace(document, warnings=(said, *document.warnings))
    if not any(page.text.strip() for page in document.pages):
        raise errors.NoText(f"{shown_name(file_name)} has no text.")
    if all(block.kind == "heading" for page in document.pages for block in page.blocks):
        raise errors.NoText(f"{shown_name(file_name)} has no text that could be searched.")
    return _named(document, file_name)


def _named(document: Document, file_name: str) -> Document:
    """The document, with its product before a title that says only its kind, where the file's name and the text say which."""
    if not says_only_kind(document.title):
        return document
    name = name_in(file_name, "\n".join(page.text for page in document.pages))
    if not name:
        return document
    title = f"{name} {document.title}"
    return replace(document, title=title, product=name, own_title=document.title)


def _read(
    path: Path, file_name: str, kind: FileKind, limits: Limits, told: tuple[Progress, Progress]
) -> Document:
    progress, begin = told
    if kind in ("pdf", "image"):
        from knowledge.parsing.converted.ocr.engine import open_ocr
        from knowledge.parsing.converted.ocr.reading import PictureReader
        from knowledge.parsing.pdf.reader import read_image, read_pdf

        pictures = PictureReader(
            lambda: open_ocr(limits.ocr_languages, limits.program_seconds, begin)
        )
        reader = read_pdf if kind == "pdf" else read_image
        return reader(path, file_name, limits, progress, pictures)
    if kind in ("docx", "pptx", "xlsx", "opendocument"):
        from knowledge.parsing.office.archive import read_office

        return read_office(path, file_name, kind, limits)
    if kind == "webpages":
        from knowledge.parsing.web_pages import read_webpages

        return read_webpages(path, file_name, limits)
    if kind == "topics":
        from knowledge.parsing.converted.xml.reader import read_topics

        return read_topics(path, file_name, limits)
    return _read_text(path, file_name, kind)


def _read_text(path: Path, file_name: str, kind: FileKind) -> Document:
    from knowledge.parsing.clean import decoded
    from knowledge.parsing.content.no_manual import is_code_alone, what_it_is

    data = path.read_bytes()
    if kind == "mail":
        from knowledge.parsing.content.mail import read_mail

        return read_mail(data, file_name)
    if kind == "outlook":
        from knowledge.parsing.converted.outlook import read_outlook

        return read_outlook(data, file_name)
    if kind == "rtf":
        from knowledge.parsing.converted.rtf.reader import read_rtf

        return read_rtf(data, file_name)
    if kind == "xml":
        from knowledge.parsing.converted.xml.reader import read_xml

        return read_xml(data, file_name)
    text, warning = decoded(data, kind == "html")
    warnings = (warning,) if warning else ()
    if kind == "csv":
        from knowledge.parsing.content.records.separated import read_csv

        return read_csv(text, file_name, warnings)
    if kind == "json":
        from knowledge.parsing.content.records.questions import read_json

        return read_json(text, file_name, warnings)
    if kind in ("text", "markdown"):
        told = file_name.lower().endswith((".md", ".markdown", ".mkd"))
        what = "source code" * is_code_alone(text) if told else what_it_is(text, file_name)
        if what:
            raise errors.UnknownFormat(f"{shown_name(file_name)} is {what}, not a manual.")
    if kind == "html":
        from knowledge.parsing.content.web.page_frame import made_by_script
        from knowledge.parsing.html import read_html

        document = read_html(text, file_name, warnings=warnings)
        if made_by_script(text) and not any(page.text.strip() for page in document.pages):
            raise errors.ScriptedPage(
                f"{shown_name(file_name)} is made by a script: the saved page does not hold its text."
            )
        return document
    if kind == "markdown":
        from knowledge.parsing.converted.markdown import read_markdown

        return read_markdown(text, file_name, warnings)
    from knowledge.parsing.plain_text import read_plain

    return read_plain(text, file_name, warnings)


if __name__ == "__main__":
    main(sys.argv[1:])
    os._exit(0)  # nothing is left to tidy up, and tidying takes time
