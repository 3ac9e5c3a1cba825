"""How a letter greets, closes, names its case and quotes the one it answers, in the languages that agents write. Pure; knows
lines only.

A ticket that comes in and a reply that goes out are read by the same signs. ``mail-parser-reply`` was tried: it knows
more languages, but loses what stands behind a signature ("P.S. …") and no closing on the line of the last sentence.
"""

from __future__ import annotations

import re

from knowledge.search.languages import ENGLISH, is_stop
from knowledge.text import words

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
# "On page 3 the maker wrote:" quotes no mail: a mail was written on a day, at a time, or by an address.
_WHEN = (
    r"(?=[^\n]*(?:\d{4}|\d{1,2}:\d{2}|@|\b(?:mon|tues|wednes|thurs|fri|satur|sun)day"
    r"|\b(?:jan|feb|mar|mär|apr|avr|abr|may|mai|jun|juin|jul|juil|aug|ago|août|sep|oct|okt|nov|dec|dez|dic|déc|ene|févr)[a-zäéû]*\b))"
)
_QUOTE_BEGINS = re.compile(
    r"^\s*(?:-{2,}\s*(?:original message|forwarded(?: message)?|ursprüngliche nachricht|message d'origine)|(?:from|von):\s.+@"
    rf"|(?:on|am|le|el)\b{_WHEN}.{{4,100}}(?:wrote|schrieb.{{0,60}}|a écrit|escribió)\s*:)",
    re.I | re.M,
)
_JOINS = frozenset("of the and for de la van von der und y et".split())  # small words of names
# A number to call: written for abroad, or behind a word for it. "screw 0815-4711" and "1 000 000 cycles" are none.
_NUMBER = r"\+?\(?\d{1,6}\)?(?:[ /.-]?\(?\d{1,7}\)?){1,7}"
_CALLED = re.compile(
    rf"(?<!\w)\+\d{{1,3}}(?:[ /.-]?\(?\d{{1,6}}\)?){{2,6}}(?!\w)"
    rf"|\b(?:tel(?:ephone|efon)?|phone|fax|mob(?:ile)?|cell|hotline|whatsapp|rufnummer)(?: no| number)?[.:]+\s*{_NUMBER}"
    rf"|\b(?:call|dial|ring|phone)(?: us| me)?:?\s+(?=[+(0])(?!\d{{4}}-\d\d-){_NUMBER}"
    rf"|\b(?:call|dial|ring|phone|reach|contact)\b(?:\s+[a-z]+){{1,3}}?\s+(?:on|at|under|via)\s+(?!\d{{4}}-\d\d-){_NUMBER}",
    re.I,
)
_CONTACT = re.compile(  # a line that is nothing but a way to reach somebody
    r"^(?:(?:tel|phone|fax|mob(?:ile)?|e-?mail|web)[.:]*|[+\d ()/.–-]{6,}|(?:e-?mail:?\s*)?\S+@\S+\.\w+|(?:https?://|www\.)\S+)$",
    re.I,
)
LEFT, WORDS_LEFT = 2, 8  # words that carry meaning, or any, with which something is asked
FEWEST_DIGITS = 6  # of a telephone number
_GAP = re.compile(r"\s{9,}")  # all that follows looks at each run of blanks from each of its blanks
# What a ticket system or a mail program puts before a text: the field goes, what it says may be of the matter.
_FIELD = re.compile(
    r"^[^\S\n]*(?:subject|betreff|objet|asunto|oggetto|device|product|model|(?:the )?(?:customer|caller|client|user) (?:writes|says|asks))[^\S\n]*:[^\S\n]*"
    r"(?:(?:re|aw|fw|fwd|wg|tr|antw)[^\S\n]*:[^\S\n]*)*(?P<said>[^\n]*)$",
    re.I | re.M,
)
_SENT = re.compile(
    r"^[^\S\n]*(?:(?:from|to|cc|sent|date|von|an|gesendet|datum)[^\S\n]*:[^\n]*|(?:--[^\S\n]*)?sent from my [^\n]{2,40})$",
    re.I | re.M,
)
# The number of a case, a customer or one device: no manual holds it, and nothing is asked about it. "Order number" alone may
# be that of a spare part.
_OF = r"(?:\b(?:my|our|the|your|this|with|for|has|have|under)\s+){0,3}"
_IS = r"(?:[^\S\n]*(?:\b(?:number|no|nr|id|is)\b\.?|[#:=]))"
_HELD = r"(?=[\w/-]*\d{3})[A-Za-z0-9][\w/-]*\w"
_DEVICE = r"(?=[\w/-]*\d)[A-Za-z0-9][\w/-]{6,}\w"
_CASE = re.compile(
    rf"[\[(]?{_OF}\b(?:ticket|incident|rma|customer|account|invoice|contract)\b(?:{_IS}+[^\S\n]*|[^\S\n]+(?=\w*\d{{5}})){_HELD}[\])]?[,;:.]?"
    rf"|[\[(]?{_OF}\bcase\b(?:{_IS}+[^\S\n]*|[^\S\n]+(?=[A-Z])){_HELD}[\])]?[,;:.]?"
    rf"|{_OF}\b(?:imei|s/?n)\b{_IS}*[^\S\n]*{_DEVICE}[,;:.]?|{_OF}\bserial\b{_IS}+[^\S\n]*{_DEVICE}[,;:.]?"
    rf"|\b(?:my|our)\s+(?:order|reference|request|purchase)\b{_IS}*[^\S\n]*{_HELD}[,;:]?"
    rf"|\b(?:order|request)[^\S\n]*[#:]?[^\S\n]*(?=\d{{5}}){_HELD}[,;:]?"
    r"|[\[(](?:INC|SR|RMA|CS|REQ|CASE|TKT)-?\d{3,}[\])][,;:]?|(?<![\w-])(?:INC|RMA|REQ|TKT)-?\d{4,}(?![\w-])[,;:]?",
    re.I,
)
_DAY = re.compile(
    r"(?:\b(?:since|from|on|of|to|until|dated)\s+)?(?<![\w.])(?:\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d\d-\d\d|\d{1,2}/\d{1,2}/\d{4})(?![\w-])",
    re.I,
)
_PRICE = re.compile(
    r"(?:,?\s*\b(?:bought|purchased|paid)\s+)?(?:\b(?:for|at|of)\s+)?(?<![\w.,])(?:[€$£]\s?\d+(?:[.,]\d{2})?|\d+(?:[.,]\d{2})?\s?(?:EUR|USD|GBP|euros?|dollars?|pounds?|[€$£]))(?!\w)",
    re.I,
)
_CALL_BACK = re.compile(
    r"[,.;]?\s*\b(?:(?:you can|please)\s+){0,2}(?:call|ring|phone|reach|contact)\s+(?:me|us)(?:\s+back)?\s+(?:on|at|under|via)\s+\+?\(?\d[\d ()/.-]{6,}\d",
    re.I,
)
_PHONE = re.compile(
    r"(?P<before>\b(?:block|unblock|call|calls|dial|ring|text|from|number|caller|to)\b\s+)(?:\+\d|0\d)[\d ()/.-]{6,}\d(?!\w)",
    re.I,
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


def is_contact(line: str) -> bool:
    """Is a sentence there for a telephone number or an address, and gives no other figure?"""
    if _CONTACT.match(line.strip()):
        return True
    called = _CALLED.search(line)
    if called is None or sum(map(str.isdigit, called[0])) < FEWEST_DIGITS:
        return False
    rest = line[: called.start()] + line[called.end() :]
    return not any(map(str.isdigit, rest))


def is_name(line: str) -> bool:
    """May a line behind a closing be a name, a role or a firm? Each of its words begins with a capital."""
    words = re.findall(r"[^\W\d_][\w'’-]*", line)
    return (
        bool(words)
        and not _SAYS.search(line)
        and all(word[0].isupper() or word in _JOINS for word in words)
    )


def begins_quote(line: str) -> bool:
    """Does a line say that the mail that is answered follows?"""
    return bool(_QUOTE_BEGINS.match(line))


def own_words(text: str) -> str:
    """Return a letter without greeting, signature and quoted mail; all of it when nothing else is there."""
    text = _without_gaps(text)
    quoted = _QUOTE_BEGINS.search(text)
    kept = text[: quoted.start()] if quoted and quoted.start() > 0 else text
    kept = "\n".join(line for line in kept.splitlines() if not line.lstrip().startswith(">"))
    kept = GREETING.sub("", kept.strip(), count=1)
    if signed := _SIGNED.search(kept):
        kept = kept[: signed.start()] or kept
    return kept.strip() or text.strip()


def own_request(text: str) -> str:
    """Return what is asked in a ticket: the letter's own words without the fields of a mail or ticket system, and without what
    names the case and not the matter: numbers of a ticket, customer or device, days, prices, telephone numbers. The text
    itself where little else would be left: then one of them is what is asked about."""
    text = _without_gaps(text)
    rest = _SENT.sub("", _FIELD.sub(_field, text))
    if "\n" in rest.strip():
        first, _, others = own_words(rest).partition("\n\n")
        rest = "\n\n".join(one for one in (first, GREETING.sub("", others, count=1)) if one)
    plain = _CALL_BACK.sub("", _CASE.sub(" ", rest))
    plain = _PHONE.sub(lambda m: f"{m['before']}a number", _PRICE.sub(" ", _DAY.sub(" ", plain)))
    if plain == rest:
        return rest.strip() or text
    plain = re.sub(
        r"[^\S\n]+(?=[,.;:?!\n]|$)|[^\S\n]{2,}",
        lambda m: " " if m.end() < len(plain) and plain[m.end()].isalnum() else "",
        plain,
    )
    left = [word for word in words(plain) if not is_stop(word, ENGLISH)]
    enough = len(left) >= LEFT or len(words(plain)) >= WORDS_LEFT
    return plain.lstrip(" .").strip(" \n,;:-–") if enough else rest.strip() or text


def _without_gaps(text: str) -> str:
    return _GAP.sub(lambda gap: "\n\n" if "\n" in gap[0] else " ", text)


def _field(found: re.Match[str]) -> str:
    said = found["said"].strip()
    return said if not said or said.endswith((".", "?", "!")) else f"{said}."
