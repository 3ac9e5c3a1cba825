"""How a letter greets, closes and quotes the one it answers, in the languages that agents write. Pure; knows lines only.

A ticket that comes in and a reply that goes out are read by the same signs. ``mail-parser-reply`` was tried: it knows
more languages, but loses what stands behind a signature ("P.S. …") and no closing on the line of the last sentence.
"""

from __future__ import annotations

import re

# A greeting is these words and up to five of a name, with the sign or the line's end behind it: "Hi, my pump leaks." goes on.
_GREETS = (
    r"(?:hi|hey|hello|dear|greetings|to whom it may concern|good (?:morning|afternoon|evening|day)"
    r"|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen|abend)|moin|servus|bonjour|bonsoir|ch(?:er|ère)s?|madame|monsieur"
    r"|hola|buen[oa]s (?:d[ií]as|tardes)|estimad[oa]s?|gentile|buongiorno|ciao|geachte|hej)\b"
)
_NAME = r"(?:(?:mr|mrs|ms|dr|prof)\.|[^\s,.!?:;]+)"
GREETING = re.compile(
    rf"^\s*{_GREETS}(?:[^\S\n]+{_NAME}){{0,5}}?[^\S\n]*(?:[,!:]+|\n|$|(?<!\s)\.(?=\s*$))\s*", re.I
)
_REGARDS = (
    r"(?:(?:with )?(?:(?:many|kind|best|warm)(?:est)? )?(?:regards|wishes|greetings)|(?:yours )?(?:sincerely|faithfully|truly)|yours"
    r"|respectfully|all the best|take care|mit (?:freundlichen|besten|herzlichen) grüßen|(?:viele|beste|liebe|herzliche) grüße|mfg"
    r"|(?:bien )?cordialement|sincères salutations|(?:un )?(?:cordial )?saludos?(?: cordiales)?|atentamente"
    r"|(?:cordiali|distinti) saluti|met vriendelijke groet(?:en)?|med vänliga hälsningar)"
)
_THANKS = r"(?:(?:many )?thanks|thank you|cheers|best|thx|br)"
_CLOSES = re.compile(rf"^{_REGARDS}(?:,?[^\S\n]+{_NAME}){{0,5}}[,.!]*$", re.I)
_SAYS = re.compile(  # a name holds no verb: "Best regards, your X200 is rated for diving" claims something
    r"\b(?:is|are|was|were|can|cannot|could|must|may|will|should|has|have|had|do|does|not|never|needs?|requires?|means|tap|press|hold|use)\b",
    re.I,
)
_DASHES = re.compile(r"^--\s*$")
_THANKS_ALONE = re.compile(rf"^{_THANKS}(?: again| so much| in advance)?[,.!]*$", re.I)
_SIGNED = re.compile(
    rf"(?:^|(?<=[.!?\n]))\s*(?:--\s*$|(?:{_REGARDS}|{_THANKS})\b[^.?!\n]{{0,60}}(?:\n[^\n?]{{0,60}}){{0,6}}\s*$)",
    re.I | re.M,
)
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded(?: message)?|ursprüngliche nachricht|message d'origine)|(?:from|von):\s.+@"
    r"|(?:on|am|le|el)\b.{4,100}(?:wrote|schrieb.{0,60}|a écrit|escribió)\s*:)",
    re.I | re.M,
)


def is_greeting(line: str) -> bool:
    """Is a line a greeting and nothing else?"""
    found = GREETING.match(line)
    return found is not None and found.end() == len(line) and not _SAYS.search(line)


def closes(line: str) -> bool:
    """Is a line "Kind regards," or its like, or two dashes: behind it a letter is signed?"""
    closing = _CLOSES.match(line.strip()) and not _SAYS.search(line)
    return bool(closing or _DASHES.match(line.strip()))


def thanks(line: str) -> bool:
    """Is a line "Thanks," or "Best," alone, which closes a letter where only names follow?"""
    return bool(_THANKS_ALONE.match(line.strip()))


def begins_quote(line: str) -> bool:
    """Does a line say that the mail that is answered follows?"""
    return bool(_QUOTE_BEGINS.match(line))


def own_words(text: str) -> str:
    """Return a letter without greeting, signature and quoted mail; all of it when nothing else is there."""
    quoted = _QUOTE_BEGINS.search(text)
    kept = text[: quoted.start()] if quoted and quoted.start() > 0 else text
    kept = "\n".join(line for line in kept.splitlines() if not line.lstrip().startswith(">"))
    kept = GREETING.sub("", kept.strip(), count=1)
    if signed := _SIGNED.search(kept):
        kept = kept[: signed.start()] or kept
    return kept.strip() or text.strip()
