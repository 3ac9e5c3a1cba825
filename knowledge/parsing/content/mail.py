"""Read a mail (EML) or a web page saved as one (MHT): its text, decoded; its subject as title."""

from __future__ import annotations

import email
import email.policy

from knowledge.errors import NoText
from knowledge.parsing.clean import decoded
from knowledge.parsing.html import read_html
from knowledge.parsing.plain_text import read_plain
from knowledge.parsing.titles import shown_name
from knowledge.types import Document


def read_mail(data: bytes, file_name: str) -> Document:
    """The mail's HTML, else its plain text. Raises NoText where it has neither."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    part = message.get_body(("html", "plain"))
    if part is None:  # a page saved by a browser may name no root
        kinds = [p for p in message.walk() if p.get_content_type() in ("text/html", "text/plain")]
        part = kinds[0] if kinds else None
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes):
        raise NoText(f"{shown_name(file_name)} has no text.")
    is_html = part.get_content_type() == "text/html"
    text = _text(payload, part.get_content_charset() or "", is_html)
    count = sum(1 for other in message.walk() if other.get_content_disposition() == "attachment")
    told = f"{count} attachment{'s were' if count > 1 else ' was'} not read."
    warnings = (told,) if count else ()
    subject = str(message.get("subject", "") or "")
    if is_html:
        return read_html(text, file_name, "html", subject, warnings)
    return read_plain(
        f"{subject}\n{'=' * len(subject)}\n\n{text}" if subject else text, file_name, warnings
    )


def _text(payload: bytes, charset: str, is_html: bool) -> str:
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(payload, is_html)[0]
