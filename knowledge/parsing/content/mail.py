"""Read a mail (EML) or a web page saved as one (MHT): its text, decoded; its subject as title."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from html import escape

from knowledge.errors import NoText
from knowledge.parsing.clean import decoded
from knowledge.parsing.html import html_flow, read_html
from knowledge.parsing.plain_text import read_plain
from knowledge.parsing.titles import shown_name
from knowledge.types import Document

DEEPEST = 20  # mails inside mails
MUCH_LESS = (
    0.5  # share of the words of the longest form that another must have to be shown in its place
)
# What makes a page look, and signatures, which say nothing
_NO_TEXT = re.compile(
    r"image/|font/|text/css|text/javascript|application/(?:x-)?(?:javascript|font)|application/(?:x-)?(?:pkcs7|pgp)-signature"
)


@dataclass(frozen=True, slots=True)
class MailText:
    """A text of a mail: HTML, or plain text."""

    is_html: bool
    text: str


@dataclass(slots=True)
class FoundTexts:
    """The texts of a mail, and how many of its parts are not read."""

    texts: list[MailText] = field(default_factory=list)
    unread: int = 0

    def add(self, other: FoundTexts) -> None:
        """Take in what another part holds."""
        self.texts += other.texts
        self.unread += other.unread


def read_mail(data: bytes, file_name: str) -> Document:
    """The mail's texts in their order, of several forms of one text the best. Raises NoText where it has none."""
    message = email.message_from_bytes(data, policy=email.policy.default)
    return mail_document(_found(message, 0), _subject(message), file_name)


def mail_document(found: FoundTexts, subject: str, file_name: str) -> Document:
    """A Document out of the texts of a mail. Raises NoText where they have no words."""
    if not any(_words(text) for text in found.texts):
        raise NoText(f"{shown_name(file_name)} has no text.")
    count = found.unread
    told = f"{count} attachment{'s were' if count > 1 else ' was'} not read."
    warnings = (told,) if count else ()
    if any(text.is_html for text in found.texts):
        return read_html(
            "\n".join(map(_as_html, found.texts)), file_name, "html", subject, warnings
        )
    text = "\n\n".join([*_underlined(subject), *(text.text for text in found.texts)])
    return read_plain(text, file_name, warnings)


def _found(part: Message, depth: int) -> FoundTexts:
    """The texts that a part of a mail shows, and how many of its parts are not read."""
    kind = part.get_content_type()
    payload = part.get_payload()
    parts: Sequence[object] = payload if isinstance(payload, list) else []
    inner = [one for one in parts if isinstance(one, Message)]
    if kind == "message/rfc822" and depth < DEEPEST and inner:
        return _mail_inside(inner[0], depth)
    if part.get_content_disposition() == "attachment":
        return FoundTexts(unread=1)
    if kind in ("text/html", "text/plain"):
        return FoundTexts([MailText(kind == "text/html", _decoded(part))])
    if not inner or depth >= DEEPEST or kind.startswith("message/"):
        return FoundTexts(unread=int(not kind.endswith("-signature")))
    if kind == "multipart/alternative":
        return _best([_found(one, depth + 1) for one in inner])
    if kind == "multipart/related":
        return _page(part, inner, depth)
    whole = FoundTexts()
    for one in inner:
        whole.add(_found(one, depth + 1))
    return whole


def _mail_inside(mail: Message, depth: int) -> FoundTexts:
    """A mail that was sent along, below its subject."""
    found = _found(mail, depth + 1)
    subject = _subject(mail)
    if subject and found.texts:
        if any(text.is_html for text in found.texts):
            found.texts.insert(0, MailText(True, f"<h2>{escape(subject)}</h2>"))
        else:
            found.texts.insert(0, MailText(False, "\n".join(_underlined(subject, "-"))))
    return found


def _best(forms: list[FoundTexts]) -> FoundTexts:
    """The last of several forms of one text, as mail programs choose; an earlier one where the last lacks much of it."""
    sizes = [sum(map(_words, form.texts)) for form in forms]
    enough = MUCH_LESS * max(sizes, default=0)
    chosen = [form for form, size in zip(forms, sizes, strict=True) if size >= enough]
    best = chosen[-1] if chosen else FoundTexts()
    others = [form.unread for form in forms if form is not best and form.texts]
    return FoundTexts(
        best.texts, max([best.unread, *others])
    )  # what is sent along with any of them


def _page(part: Message, inner: list[Message], depth: int) -> FoundTexts:
    """A page and the parts that it is made of: its pictures say nothing, what else comes with it is not read."""
    start = str(part.get_param("start", "") or "")
    named = [one for one in inner if start and one.get("content-id", "").strip() == start.strip()]
    found = [_found(one, depth + 1) for one in inner]
    at = inner.index(named[0]) if named else next((n for n, f in enumerate(found) if f.texts), 0)
    whole = FoundTexts()
    for number, (one, said) in enumerate(zip(inner, found, strict=True)):
        loose = not (one.get("content-id") or one.get("content-location"))
        if number == at or (loose and said.texts):
            whole.add(said)
        elif said.texts or not _NO_TEXT.match(one.get_content_type()):
            whole.unread += 1
    return whole


def _subject(message: Message) -> str:
    return " ".join(str(message.get("subject", "") or "").split())


def _underlined(subject: str, line: str = "=") -> Iterator[str]:
    if subject:
        yield f"{subject}\n{line * max(3, len(subject))}"


def _words(text: MailText) -> int:
    """How many words a text shows."""
    shown = html_flow(text.text, 1)[0].page().text if text.is_html else text.text
    return len(shown.split())


def _decoded(part: Message) -> str:
    payload = part.get_payload(decode=True)
    is_html = part.get_content_type() == "text/html"
    charset = part.get_content_charset() or ""
    return _text(payload, charset, is_html) if isinstance(payload, bytes) else ""


def _as_html(part: MailText) -> str:
    """A text as HTML; the paragraphs of plain text as such."""
    if part.is_html:
        return part.text
    paragraphs = (escape(block) for block in re.split(r"\n\s*\n", part.text) if block.strip())
    return "".join(f"<p>{block.strip()}</p>".replace("\n", "<br>") for block in paragraphs)


def _text(payload: bytes, charset: str, is_html: bool) -> str:
    try:
        return payload.decode(charset or "utf-8")
    except (LookupError, ValueError):  # no such charset, or another one
        return decoded(payload, is_html)[0]
