"""Word, Excel and PowerPoint files of before 2007: told apart by their streams, and saved anew by LibreOffice.

LibreOffice runs with a profile of its own, without macros, links and network; what it makes is read as any file of its kind.
"""

from __future__ import annotations

import logging
import struct
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Literal

from knowledge.errors import EncryptedFile, ProgramMissing, ReaderFailed, UnreadableFile
from knowledge.parsing.sandbox.programs import ProgramFailed, ProgramRun, output_of, program
from knowledge.parsing.titles import shown_name
from knowledge.types import Limits

OldKind = Literal["doc", "xls", "ppt"]
NewKind = Literal["docx", "xlsx", "pptx"]
INSTALL = (
    "LibreOffice, which reads the old Office formats, is not installed: apt install libreoffice-writer-nogui"
    " libreoffice-calc-nogui libreoffice-impress-nogui, or its installer for macOS or Windows"
)
MEMORY_MB = 3072  # of addresses; LibreOffice maps far more than it uses
_STREAMS: tuple[tuple[str, OldKind], ...] = (
    ("WordDocument", "doc"),
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("PowerPoint Document", "ppt"),
)
# The filter that opens a file, so that nothing else is tried on it, and the one that writes it
_FILTERS: dict[OldKind, tuple[NewKind, str]] = {
    "doc": ("docx", "MS Word 2007 XML"),
    "xls": ("xlsx", "Calc MS Excel 2007 XML"),
    "ppt": ("pptx", "Impress MS PowerPoint 2007 XML"),
}
_ENCRYPTED_WORD = 0x0100  # a flag at byte 10 of Word's stream
_FILEPASS, _BOF = 0x002F, (0x0009, 0x0209, 0x0409, 0x0809)  # records of an Excel file
_LOCKED_SLIDES = 0xF3D1C4DF  # in the stream that names PowerPoint's user
# What a profile must say: no macros, nothing fetched from elsewhere, no way to a network
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
{items}
</oor:items>
"""
_ITEM = '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("Inet/Settings", "ooInetFTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetFTPProxyPort", "9"),
    ("Inet/Settings", "ooInetNoProxy", ""),
)
log = logging.getLogger(__name__)


def libreoffice() -> str:
    """The path of LibreOffice, or ""."""
    return program("soffice", "libreoffice")


def kind_of(path: Path, shown: str) -> OldKind | None:
    """What a compound file is, None for what is none of the three. Raises EncryptedFile or UnreadableFile."""
    import olefile

    try:
        with olefile.OleFileIO(path) as file:
            names = {"/".join(entry) for entry in file.listdir()}
            for name, kind in _STREAMS:
                if name in names:
                    if _is_locked(file, name, kind):
                        raise EncryptedFile(f"{shown} is protected with a password.")
                    return kind
    except EncryptedFile:
        raise
    except Exception as error:  # olefile leaks many kinds on damaged files
        raise UnreadableFile(f"{shown} is cut short or damaged.") from error
    return None


def in_new_format(
    path: Path, file_name: str, kind: OldKind, limits: Limits
) -> tuple[Path, NewKind]:
    """A copy of an old file as LibreOffice saves it today, in this process's own folder.

    Raises ProgramMissing, ReaderFailed (it took too long) or UnreadableFile.
    """
    shown = shown_name(file_name)
    office = libreoffice()
    if not office:
        raise ProgramMissing(f"{shown} is in an old Office format, and {INSTALL}.")
    try:
        own = Path(tempfile.mkdtemp())
        made, into = own / "made", own / f"file.{kind}"
        into.write_bytes(path.read_bytes())
        _write_profile(own / "profile")
    except OSError as error:
        raise ReaderFailed(
            f"{shown} could not be opened: there is no room for a copy in the folder for temporary files."
        ) from error
    new, writer = _FILTERS[kind]
    command = (
        office, f"-env:UserInstallation={(own / 'profile').as_uri()}", "--headless", "--norestore",
        "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard",
        "--convert-to", f"{new}:{writer}", "--outdir", str(made), str(into),
    )  # fmt: skip
    try:
        output_of(
            ProgramRun(command, limits.program_seconds, MEMORY_MB, {"HOME": str(own)}, apart=True)
        )
    except ProgramFailed as error:
        if error.late:
            raise ReaderFailed(
                f"{shown} took LibreOffice longer than {limits.program_seconds:g} seconds to open."
            ) from error
        log.info("%s: %s", shown, error)
    found = made / f"file.{new}"
    if not found.is_file():
        raise UnreadableFile(f"{shown} is damaged: LibreOffice cannot open it.")
    return found, new


def _write_profile(folder: Path) -> None:
    items = "\n".join(
        _ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    text = _PROFILE.format(items=items)
    (folder / "user" / "registrymodifications.xcu").write_text(text, encoding="utf-8")


def _is_locked(file: object, name: str, kind: OldKind) -> bool:
    """Does a file need a password to be opened? One that only keeps others from changing it does not."""
    from olefile import OleFileIO

    assert isinstance(file, OleFileIO)
    if kind == "doc":
        head = file.openstream(name).read(12)
        return len(head) == 12 and bool(struct.unpack("<H", head[10:12])[0] & _ENCRYPTED_WORD)
    if kind == "xls":
        return _FILEPASS in _first_records(file.openstream(name))
    if file.exists("EncryptedSummary"):
        return True
    if not file.exists("Current User"):
        return False
    head = file.openstream("Current User").read(16)
    return len(head) == 16 and struct.unpack("<I", head[12:16])[0] == _LOCKED_SLIDES


def _first_records(stream: IO[bytes]) -> Iterator[int]:
    """The kinds of the first records of an Excel stream; the one on passwords stands among them."""
    for at in range(12):
        head = stream.read(4)
        if len(head) < 4:
            return
        kind, length = struct.unpack("<HH", head)
        if at == 0 and kind not in _BOF:
            return
        yield kind
        stream.read(length)
