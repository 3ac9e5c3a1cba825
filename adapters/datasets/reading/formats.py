"""Reads pairs from a file, an archive or a folder, whatever form they are in: it is told from the content.

Rows that give no pair are listed with their reason; nothing is left out without being named.
"""

from __future__ import annotations

import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

from adapters.datasets.instructlab.taxonomy import is_qna, read_qna, read_tree
from adapters.datasets.reading.report import PairCollector, ReadReport
from adapters.datasets.reading.rows import form_of, read_rows, rows_of
from adapters.datasets.reading.sheet import is_sheet, read_sheet
from adapters.errors import BadTrainingList

LARGEST = 200 << 20  # bytes of a file, and of all files of an archive together
MOST_FILES = 20_000  # in an archive or a folder
_READ = (".yaml", ".yml", ".jsonl", ".json", ".txt", ".csv", ".tsv")


def read_any(path: Path) -> ReadReport:
    """Read the pairs of a file, of a zip archive, or of a folder with a taxonomy in it.

    Raises BadTrainingList where nothing can be read.
    """
    try:
        if path.is_dir():
            return _checked(read_tree(dict(_files_under(path)), path.name), path.name)
        if path.stat().st_size > LARGEST:
            raise BadTrainingList(f"{path.name} is larger than {LARGEST >> 20} MB.")
        return read_bytes(path.read_bytes(), path.name)
    except OSError as error:
        raise BadTrainingList(f"{path.name} cannot be read: {error.strerror or error}.") from error


def read_bytes(content: bytes, name: str) -> ReadReport:
    """Read pairs from what was uploaded under a name. Raises BadTrainingList where nothing can be read."""
    if content.startswith(b"PK\x03\x04"):
        return _checked(read_tree(_unpacked(content, name), name), name)
    return _checked(_read_text(_decoded(content, name), name), name)


def _read_text(text: str, name: str) -> ReadReport:
    if not text.strip():
        raise BadTrainingList(f"{name} is empty.")
    if text.lstrip()[0] in "[{":
        reading = PairCollector("")
        rows = rows_of(text, name, reading)
        reading.form = form_of(rows)
        read_rows(rows, reading)
        return reading.report()
    if is_qna(text):
        return read_qna(text, name)
    if is_sheet(text):
        reading = PairCollector("a table")
        read_sheet(text, name, reading)
        return reading.report()
    raise BadTrainingList(
        f"{name} is in none of the forms that are read: JSON lines, a JSON list, a table with the columns question and"
        " answer, qna.yaml."
    )


def _checked(report: ReadReport, name: str) -> ReadReport:
    """Raises BadTrainingList with the first fault where not a single pair was found."""
    if report.pairs:
        return report
    first = str(report.faults[0]) if report.faults else f"{name} holds no pair."
    others = len(report.faults) - 1
    more = (
        f" {others:,} more {'row gives' if others == 1 else 'rows give'} none either."
        if others > 0
        else ""
    )
    raise BadTrainingList(f"{name} gives no pair. {first}{more}")


def _decoded(content: bytes, name: str) -> str:
    """The text of a file in UTF-8, or in UTF-16 with its mark, with plain ends of lines."""
    code = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return content.decode(code).replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadTrainingList(
            f"{name} is not text in UTF-8. Save it as such; a spreadsheet program calls that CSV UTF-8."
        ) from error


def _unpacked(content: bytes, name: str) -> dict[str, str]:
    """The text files of an archive by their paths; nothing is written to disk."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith(_READ)]
            if len(members) > MOST_FILES:
                raise BadTrainingList(f"{name} holds more than {MOST_FILES:,} files.")
            if sum(one.file_size for one in members) > LARGEST:
                raise BadTrainingList(f"{name} holds more than {LARGEST >> 20} MB.")
            held = {}
            for one in members:
                with archive.open(one) as file:
                    data = file.read(LARGEST + 1)
                held[one.filename] = _decoded(data, f"{one.filename} in {name}")
            return held
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        raise BadTrainingList(f"{name} cannot be opened as an archive.") from error


def _files_under(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield the text files of a folder by their paths in it; links and hidden folders are left out."""
    read = 0
    for number, path in enumerate(sorted(folder.rglob("*"))):
        inside = path.relative_to(folder)
        if number > MOST_FILES:
            raise BadTrainingList(f"{folder.name} holds more than {MOST_FILES:,} files.")
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or path.suffix not in _READ or not stat.S_ISREG(path.lstat().st_mode):
            continue
        read += path.stat().st_size
        if read > LARGEST:
            raise BadTrainingList(f"{folder.name} holds more than {LARGEST >> 20} MB.")
        yield inside.as_posix(), _decoded(path.read_bytes(), inside.as_posix())
