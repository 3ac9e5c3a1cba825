"""Read a mail (EML) or a web page saved as one (MHT): its text, decoded; its subject as title."""

from __future__ import annotations

import email
import email.policy
import re
from email.message import Message
from html import escape

from knowledge.errors import NoText
from knowledge.parsing.clean import decoded
from knowledge.parsing.html import read_html
from knowledge.parsing.plain_text import read_plain
from knowledge.parsing.titles import shown_name
from knowledge.types import Document


def read_mail(data: bytes, file_name: str) -> Document:
    """The mail's HTML, else its plain text, with the texts that stand beside it. Raises NoText where it has neither."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    texts: list[Message] = [part for part in message.walk() if _is_text(part)]
    body: Message | None = message.get_body(("html", "plain"))
    if body is None or not _is_text(body):  # a page saved by a browser may name no root
        body = texts[0] if texts else None
    if body is None:
        raise NoText(f"{shown_name(file_name)} has no text.")
    count = sum(1 for other in message.walk() if other.get_content_disposition() == "attachment")
    told = f"{count} attachment{'s were' if count > 1 else ' was'} not read."
    warnings = (told,) if count else ()
    subject = str(message.get("subject", "") or "")
    instead = _other_forms(message, body)
    shown = [part for part in texts if part is body or part not in instead]
    if (
        message.get_content_type() == "multipart/related"
    ):  # a saved page: its other files are parts of it
        shown = [body]
    if body.get_content_type() == "text/html":
        return read_html("\n".join(map(_as_html, shown)), file_name, "html", subject, warnings)
    text = "\n\n".join(map(_decoded, shown))
    return read_plain(
        f"{subject}\n{'=' * len(subject)}\n\n{text}" if subject else text, file_name, warnings
    )


def _is_text(part: Message) -> bool:
    """Is a part of a mail text that it shows?"""
    is_text = part.get_content_type() in ("text/html", "text/plain")
    return is_text and part.get_content_disposition() != "attachment"


def _other_forms(message: Message, body: Message) -> list[Message]:
    """The parts that say in another form what the shown one says: the plain text beside the HTML."""
    out: list[Message] = []
    for part in message.walk():
        if part.get_content_type() == "multipart/alternative":
            leaves = [leaf for leaf in part.walk() if _is_text(leaf)]
            kept = body if body in leaves else leaves[-1] if leaves else None
            out += [leaf for leaf in leaves if leaf is not kept]
    return out


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    is_html = part.get_content_type() == "text/html"
    charset = part.get_content_charset() or ""
    return _text(payload, charset, is_html) if isinstance(payload, bytes) else ""


def _as_html(part: Message) -> str:
    """A part as HTML; the paragraphs of plain text as such."""
    text = _decoded(part)
    if part.get_content_type() == "text/html":
        return text
    paragraphs = (escape(block) for block in re.split(r"\n\s*\n", text) if block.strip())
    return "".join(f"<p>{block.strip()}</p>".replace("\n", "<br>") for block in paragraphs)


def _text(payload: bytes, charset: str, is_html: bool) -> str:
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, UnicodeDecodeError):
        return decoded(payload, is_html)[0]
