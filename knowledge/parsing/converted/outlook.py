"""Read a mail that Outlook saved (MSG) as any mail: its text as HTML, RTF or plain text, the mails in it, its subject.

MS-OXMSG (Microsoft): a compound file whose streams are named by the property that they hold.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from html import escape
from typing import Any

from knowledge.parsing.clean import decoded
from knowledge.parsing.content.mail import DEEPEST, FoundTexts, MailText, mail_document
from knowledge.parsing.converted.rtf.enclosed import enclosed_html, unpacked
from knowledge.parsing.converted.rtf.reader import rtf_html
from knowledge.parsing.converted.rtf.tokens import code_page
from knowledge.types import Document

# Properties: subject, text, packed RTF, HTML, the mail in an attachment, its kind, its name in the text
SUBJECT, TEXT, RTF, HTML = "0037", "1000", "1009", "1013"
INNER, KIND, CONTENT_NAME = "3701000D", "370E", "3712"
_PAGES = (0x3FDE, 0x3FFD)  # the code pages of the text and of the mail
_ENTRY = 16  # bytes of a property


def read_outlook(data: bytes, file_name: str) -> Document:
    """A Document out of an MSG file. Raises NoText where it has none."""
    import olefile

    with olefile.OleFileIO(io.BytesIO(data)) as file:
        mail = _Mail(file, ())
        found = mail.texts(0)
        return mail_document(found, mail.subject(), file_name)


class _Mail:
    """A mail in a compound file; ``folder`` is where it lies."""

    def __init__(self, file: Any, folder: Sequence[str]) -> None:
        self._file = file
        self._folder = list(folder)

    def _stream(self, name: str, folder: Sequence[str] = ()) -> bytes | None:
        place = [*self._folder, *folder, name]
        return self._file.openstream(place).read() if self._file.exists(place) else None

    def _string(self, tag: str, folder: Sequence[str] = ()) -> str:
        """A property that is text, in Unicode or in the mail's own code page."""
        if (wide := self._stream(f"__substg1.0_{tag}001F", folder)) is not None:
            return wide.decode("utf-16-le", "replace").rstrip("\0")
        narrow = self._stream(f"__substg1.0_{tag}001E", folder)
        return "" if narrow is None else self._narrow(narrow).rstrip("\0")

    def _narrow(self, data: bytes, is_html: bool = False) -> str:
        header = self._stream("__properties_version1.0") or b""
        start = 24 if self._folder else 32
        told: dict[int, int] = {}
        for at in range(start, len(header) - _ENTRY + 1, _ENTRY):
            kind, tag, value = struct.unpack_from("<HH4xI", header, at)
            if kind == 3:
                told[tag] = value
        number = next((told[tag] for tag in _PAGES if tag in told), 0)
        try:
            return data.decode(code_page(number) if number else "utf-8")
        except ValueError:
            return decoded(data, is_html)[0]

    def subject(self) -> str:
        """The subject on one line."""
        return " ".join(self._string(SUBJECT).split())

    def texts(self, depth: int) -> FoundTexts:
        """The mail's text, below it those of the mails that were sent along; how many attachments are not read."""
        found = FoundTexts([text for text in [self._text()] if text.text.strip()])
        place = len(self._folder)
        folders = {
            e[place] for e in self._file.listdir() if len(e) > place and e[:place] == self._folder
        }
        for name in sorted(f for f in folders if f.startswith("__attach_version1.0_")):
            inside = f"__substg1.0_{INNER}"
            if self._file.exists([*self._folder, name, inside]) and depth < DEEPEST:
                mail = _Mail(self._file, [*self._folder, name, inside])
                inner = mail.texts(depth + 1)
                if (subject := mail.subject()) and inner.texts:
                    inner.texts.insert(0, MailText(True, f"<h2>{escape(subject)}</h2>"))
                found.add(inner)
            elif not self._is_picture(name):
                found.unread += 1
        return found

    def _is_picture(self, name: str) -> bool:
        """Is an attachment a picture that the text shows?"""
        return bool(self._string(CONTENT_NAME, [name])) and self._string(KIND, [name]).startswith(
            "image/"
        )

    def _text(self) -> MailText:
        """HTML, or RTF that was made of it; else plain text, else RTF."""
        html = self._stream(f"__substg1.0_{HTML}0102")
        told = self._narrow(html, True) if html is not None else self._string(HTML)
        rtf = b"" if told.strip() else unpacked(self._stream(f"__substg1.0_{RTF}0102") or b"")
        told = told if told.strip() else enclosed_html(rtf)
        if told.strip():
            return MailText(True, told)
        plain = self._string(TEXT)
        return (
            MailText(True, rtf_html(rtf)) if rtf and not plain.strip() else MailText(False, plain)
        )
