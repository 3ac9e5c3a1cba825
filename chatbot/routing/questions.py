"""What a message asks: one question, several, a comparison, or those inside a customer's whole ticket. Pure.

Knows text and product names; searches nothing. Where wording leaves it open what a question is about, a part lists
several wordings, and whoever searches takes the one that the manuals answer best.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chatbot.grounding.mail import own_words
from chatbot.routing.comparison import ASKS, asked_of_each, things_compared
from chatbot.routing.followup import POINTING, SAYS_NOTHING, content_words_own, wordings
from knowledge.search.products.names import mentioned, name_words, with_article, without_product
from knowledge.search.wording.codes import codes_in
from knowledge.text import sentences, words

TICKET_WORDS = 45  # a message of more words is read as a ticket: greeting, story, questions
MOST_PARTS = 4
MOST_ITEMS = 10  # questions of a list
WHOLE_TICKET = 700  # characters of a ticket that are searched with each of its questions
POINTS_BACK = 2  # content words up to which "What can I do about it?" needs the sentence before

_OF_PRODUCT = re.compile(
    r"^(?:(?:how\s+\w+|what|which\s+\w+|when|why)\s+)?(?:is|was|are|does|do|did|can|could|will|would|has|have|should)\s+(?:it|its|they|this|that)\b",
    re.I,
)
_ITEM = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)])\s+")
_LEAD = re.compile(r"^(?:(?:and|so|but|also|then)\b[\s,]*)+", re.I)
# What counts the questions of a letter: such a one stands by itself
_COUNTED = re.compile(
    r"^(?:(?:and|but|also|then)\b[\s,]*)*(?:first of all,?|(?:first|second|third|last)(?:ly)?[,:]|(?:secondly|thirdly|lastly)\b|(?:finally|furthermore|additionally|moreover|besides),)\s*",
    re.I,
)
# What is wanted without a question mark, and what says that it is another matter than the question beside it
_WHO = r"(?:i|we|he|she|they|(?:my|our|the) (?:customer|client|caller|user|wife|husband|mother|father|son|daughter))"
_LIKES = rf"{_WHO}(?:\s+would|['’]d)?\s+(?:also\s+)?(?:like|love|want|need|wish)(?:s|es)?"
_REQUEST = re.compile(
    rf"^(?:{_LIKES}\s+(?:the|his|her|their|my|our|its)\s+(?:[\w'’-]+\s+){{1,4}}?to\s+\w|{_LIKES}\s+that\s+|(?:{_LIKES}\s+to|please)\s+"
    r"(?!(?:also\s+)?(?:know|thank|say|ask|tell|explain|show|let|help|be|have|see|return|complain|inform|report|mention|add|advise|reply|call|write|note)\b))",
    re.I,
)
_ANOTHER = re.compile(r"^(?:and|also|then|besides|secondly|finally)\b|\balso\b", re.I)
# "(1) … (2) …" or "a) … b) …" within a paragraph
_MARK = re.compile(r"(?:(?<=\s)|^)\(?([a-d1-4])\)\s+(?=\S)")
# How a matter is judged: "Is that a good idea?" asks nothing without what "that" is
_JUDGED = frozenset(
    "good bad normal defect defective fault faulty ok okay fine right wrong correct true safe common usual expected supposed"
    " allowed both".split()
)
_POLITE = re.compile(
    r"^(?:(?:and|so|but|also|now|then|well|ok(?:ay)?)\b[\s,]*)*(?:(?:could|can|would|will) you (?:please |kindly )?(?:tell|explain to|show|help|let) (?:me|us)(?: know)?|please (?:tell|explain to|show|help|let) (?:me|us)(?: know)?"
    r"|(?:do you (?:know|have any idea)|any idea|(?:i|we)(?: would|'d)? (?:just )?(?:like|want|need) to know|(?:i|we)(?:'m| am|'re| are) wondering))\b[\s,:]*(?:if|whether)?\s*",
    re.I,
)
_NEXT = re.compile(
    r"(?:,|;)?\s+and\s+(?:also\s+)?(?=(?:how|what|where|when|why|which|can|could|does|is|are|do i|should|will)\b)|;\s+(?=(?:how|what|where|when|why|which|can)\b)",
    re.I,
)
_SETTING = re.compile(
    r"^(?:(?:for|on|in|with)\s+(?:an?\s+|the\s+|my\s+)?[^,:;?]{2,40}[,:]|[^,:;?.]{2,40}:)\s*", re.I
)
# Why it is asked, which no manual answers
_REASON = re.compile(
    r",?\s+(?:because|since|as)\s+(?:my|our|the|i|we|he|she|they|it|his|her|their)\b[^.?!]*", re.I
)
_PROBLEM = re.compile(
    r"\b(?:not|no|never|nothing|cannot|can'?t|won'?t|doesn'?t|don'?t|isn'?t|error|problem|fails?|failed|stops?|stopped|broken|stuck|wrong|lost|strange|suddenly)\b",
    re.I,
)
# What a customer says of themselves beside what they want: "I know nothing about computers"
_OF_THEMSELVES = re.compile(
    rf"\b{_WHO}(?:['’]m|\s+(?:am|is|are))?\s+(?:not|no|never|hardly|really|afraid|know|knows|understand|understands)\b[^.?!]*"
    r"\b(?:computers?|technology|technical|technically|expert|experts|experienced|engineer|nerd|good (?:at|with)|such things|these things|young)\b",
    re.I,
)
_COMPARES = re.compile(
    r"\b(?:differ(?:s|ent|ence|ences)?|compare[ds]?|comparison|versus|vs|better|same|or|both|and|than|but\b[^.?!]*\bnot)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class AskedPart:
    """One question of a message: as it is shown, and the wordings to search, the likeliest first.

    ``product`` is the product that it is about, as far as the message says; "" otherwise. ``whole`` is the comparison
    of two things that it is a side of. ``otherwise`` is what it may mean as well, and does where the manuals answer that
    clearly better; "" for nothing. ``told`` is what is to be said where the first wording is searched. ``unclear``: by
    itself, as in its first wording, it does not say what it is about; the others do. ``pointing``: the others answer it only
    where they do so surely. ``typed`` is the whole
    message where the part is no more than a try at it, of which nothing is said where it finds nothing. ``letter`` is the
    question with all that a letter tells before and behind it, but for its other questions; "" where it tells nothing.
    """

    text: str
    wordings: tuple[str, ...]
    product: str = ""
    whole: str = ""
    otherwise: str = ""
    told: str = ""
    unclear: bool = False
    pointing: bool = False
    typed: str = ""
    letter: str = ""


def questions_in(text: str, products: Sequence[str]) -> tuple[AskedPart, ...]:
    """The questions of a message, at least one, at most MOST_PARTS; ``products`` are all names."""
    named = mentioned(own_words(text), products) or mentioned(text, products)
    if items := _items(own_words(text)):
        return tuple(_of_item(item, named, products) for item in items)
    if items := _marked(text):
        return tuple(_of_item(item, named, products) for item in items)
    if len(text.split()) > TICKET_WORDS or _hangs_on_story(text):
        return _of_ticket(text, named, products)
    several = _each_of_another(text, products)
    if len(named) == 2 and not several and _COMPARES.search(text) and text.count("?") < 2:
        return tuple(AskedPart(name, (one,), name) for name, one in asked_of_each(text, named))
    if len(named) < 2 and (sides := _sides(text, named)):
        return sides
    parts = _split(text)
    if len(parts) == 1:
        return (AskedPart(text, (text, *_alone(text, named))),)
    return tuple(_numbered(parts, named, products))


def last_question(text: str, products: Sequence[str]) -> str:
    """What a message leaves to be talked of: of a mail or of several questions the last one, with its product; any other
    message as it is. A follow-up carries no greeting and no signature."""
    parts = questions_in(text, products)
    last = parts[-1]
    compared = last.whole or last.text == last.product
    if compared or (len(parts) == 1 and len(text.split()) <= TICKET_WORDS):
        return text
    asked = _shown(last.wordings[1 if last.unclear and len(last.wordings) > 1 else 0])
    if not last.product or mentioned(asked, products):
        return asked
    return f"{asked.strip(' ?.')} on {with_article(last.product)}?"


def _items(text: str) -> list[str]:
    """The items of a list of questions, at most MOST_ITEMS, without their numbers; none where fewer than two ask."""
    found: list[list[str]] = []
    for line in text.splitlines():
        if _ITEM.match(line):
            found.append([_ITEM.sub("", line)])
        elif not line.strip():
            found.append([])
        elif found and found[-1]:
            found[-1].append(line)
    items = [" ".join(" ".join(lines).split()) for lines in found if lines]
    asking = [item for item in items if "?" in item or ASKS.match(item)]
    if len(asking) < 2:
        return []
    return [item for item in items if item in asking or _PROBLEM.search(item)][:MOST_ITEMS]


def _marked(text: str) -> list[str]:
    """The items of "(1) … (2) …" within a paragraph, each to its sentence's end or the next mark; none where a mark is missing
    or an item says too little."""
    marks = list(_MARK.finditer(text))
    names = [mark[1].lower() for mark in marks]
    if len(marks) < 2 or "".join(names) not in ("ab", "abc", "abcd", "12", "123", "1234"):
        return []
    ends = [mark.start() for mark in marks[1:]] + [len(text)]
    items = [text[mark.end() : end].strip() for mark, end in zip(marks, ends, strict=True)]
    items[-1] = (_sentences(items[-1]) or [""])[0]
    items = [re.sub(r"[\s,;]+(?:and|or)?$", "", item) for item in items]
    said = all(len(content_words_own(item)) > 1 - item.endswith("?") for item in items)
    return items if said else []


def _of_item(item: str, named: Sequence[str], products: Sequence[str]) -> AskedPart:
    """An item as a question by itself: nothing of the other items belongs to it."""
    told = [one for one in _sentences(item) if not one.endswith("?")]
    ways = (item, " ".join(told)) if told and len(told) < len(_sentences(item)) else (item,)
    product = "" if mentioned(item, products) or len(named) != 1 else named[0]
    return AskedPart(_shown(item), ways, product)


def _sides(text: str, named: Sequence[str]) -> tuple[AskedPart, ...]:
    """The two things that a question compares, each asked by itself, or ()."""
    things = things_compared(text, named)
    on = f" on the {named[0]}" if named else ""
    return tuple(
        AskedPart(thing[:1].upper() + thing[1:], (f"{thing}{on}",), whole=text)
        for thing in things or ()
    )


def _split(text: str) -> list[str]:
    """The questions of a short message: its question sentences, and those that "and how …" joins."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    asking = [found[i] for i in _asking(found)]
    if len(asking) < 2 and len(found) > 1:  # a story and its question belong together
        return [text] if len(asking) != 1 or not _NEXT.search(asking[0]) else _pieces(text)
    return [piece for part in (asking or [text]) for piece in _pieces(part)][:MOST_PARTS]


def _each_of_another(text: str, products: Sequence[str]) -> bool:
    """Are the questions of a message about other matters, each of a product of its own ("How do I turn on NFC on the A and how do I
    mute the B?")? "How is it done on the A and how on the B?" asks the same of both."""
    parts = _split(text)
    named = [mentioned(part, products) for part in parts]
    if len(parts) < 2 or any(len(one) != 1 for one in named) or len({*named}) < len(parts):
        return False
    plain = (
        _SETTING.sub("", without_product(part, one[0]))
        for part, one in zip(parts, named, strict=True)
    )
    return all(content_words_own(one) and not POINTING.search(one) for one in plain)


def _alone(text: str, named: Sequence[str]) -> list[str]:
    """The one question of a short message without what is told behind it, where it says by itself what it is about. What is
    told before a question belongs to it."""
    found = [text[start:end].strip() for start, end in sentences(text)]
    asking = [one for one in found if one.endswith("?")]
    if len(found) < 2 or asking != found[:1] or POINTING.search(asking[0]):
        return []
    own = set(content_words_own(asking[0])) - SAYS_NOTHING
    if not own - {word for name in named for word in name_words(name)}:
        return []
    missing = len(named) == 1 and not mentioned(asking[0], named)
    return [f"{asking[0].strip(' ?.')} on {with_article(named[0])}?" if missing else asking[0]]


def _asking(told: Sequence[str]) -> list[int]:
    """Which sentences ask: questions, and requests beside them that are another matter, as one of the two says ("Second: I'd
    like to …"; "I want to …. And how do I …?")."""
    plain = [_COUNTED.sub("", one) for one in told]
    asks = [i for i, one in enumerate(plain) if one.endswith("?") or _POLITE.match(one)]

    def apart(i: int) -> bool:
        before = any(j < i for j in asks)
        after = next((told[j] for j in asks if j > i), "")
        said = _COUNTED.match(told[i]) or _ANOTHER.search(told[i])
        if before and said:
            return True
        own = set(content_words_own(_LEAD.sub("", after))) - SAYS_NOTHING
        return bool(_ANOTHER.search(after) and len(own) > 1 and not POINTING.search(after))

    wanted = [i for i, one in enumerate(told) if i not in asks and _wants(one) and apart(i)]
    return sorted([*asks, *wanted])


def _hangs_on_story(text: str) -> bool:
    """Does the first of several questions need the sentence before it: "It got wet. Is that a defect? Can I …?", "My screen is
    dark. How do I make it brighter, and can I …?"?"""
    told = _sentences(text)
    asks = [i for i, one in enumerate(told) if one.endswith("?")]
    if not asks or asks[0] == 0 or not POINTING.search(told[asks[0]]):
        return False
    if len(asks) == 1:
        return len(_pieces(told[asks[0]])) > 1
    return not set(content_words_own(told[asks[0]])) - SAYS_NOTHING - _JUDGED


def _wants(sentence: str) -> bool:
    return bool(_REQUEST.match(_LEAD.sub("", _COUNTED.sub("", sentence))))


def _pieces(part: str) -> list[str]:
    """The questions of a sentence, those that need the setting it opens with ("For a Galaxy Fit: …") with it."""
    part = _COUNTED.sub("", part)
    pieces = [piece.strip(" ,;") for piece in _NEXT.split(part) if piece.strip(" ,;")]
    asks = (ASKS.match(_SETTING.sub("", piece)) and content_words_own(piece) for piece in pieces)
    if len(pieces) < 2 or not all(asks):
        return [part]
    lead = setting.group() if (setting := _SETTING.match(pieces[0])) else ""
    return [pieces[0], *(f"{lead}{piece}" for piece in pieces[1:])]


def _numbered(
    parts: Sequence[str], named: Sequence[str], products: Sequence[str]
) -> list[AskedPart]:
    found: list[AskedPart] = []
    for part in parts:
        setting = _SETTING.match(part)
        stands = not found or (setting and not POINTING.search(part[setting.end() :]))
        asked = (part,) if stands else wordings(part, [found[0].wordings[0]], products)
        product = "" if mentioned(part, products) or len(named) != 1 else named[0]
        unclear = False
        if found and content_words_own(part) and part not in asked:
            asked, unclear = (part, *asked), _points_at_thing(part)
        found.append(AskedPart(_shown(part), asked, product, unclear=unclear))
    return found


def _points_at_thing(part: str) -> bool:
    """Does a question point at a thing told of before? "Is it waterproof?" is asked of the product, "how do I edit it?" is not."""
    return bool(POINTING.search(part)) and not _OF_PRODUCT.match(_LEAD.sub("", part))


def _of_ticket(text: str, named: Sequence[str], products: Sequence[str]) -> tuple[AskedPart, ...]:
    """The questions of a ticket, each with the sentences before it where it points back to them."""
    told = [" ".join(one.split()) for one in _sentences(own_words(text))]
    asking = _asking(told)
    if not asking:
        asking = [i for i, one in enumerate(told) if _wants(one)] or [
            i
            for i, one in enumerate(told)
            if ASKS.match(one) or (_PROBLEM.search(one) and not _OF_THEMSELVES.search(one))
        ][-2:]
    asking = asking or list(range(len(told)))[-1:]
    product = named[0] if len(named) == 1 else ""
    in_names = {w for name in products for w in name_words(name)}
    codes = codes_in(" ".join(told), in_names)
    code = codes[0].typed if len(codes) == 1 else ""  # what a customer sees is what "this" is
    found: list[AskedPart] = []
    for i in asking:
        for piece in _pieces(told[i]):
            plain = _POLITE.sub("", piece).strip() or piece
            plain = _REASON.sub("", plain) if code else plain
            before = [one for one in told[max(0, i - 2) : i] if not one.endswith("?")]
            own = set(content_words_own(plain)) - SAYS_NOTHING
            own -= _JUDGED if POINTING.search(plain) else frozenset()
            own -= {w for name in named for w in name_words(name)}
            another = len(own) > 1 and _ANOTHER.search(plain)
            unclear = POINTING.search(plain) or (len(own) <= POINTS_BACK and not another)
            ways = [plain] if own or not (before or code) else []
            few = len(own) <= POINTS_BACK
            if unclear and code and code not in plain:
                ways.insert(0, f"{code}: {plain}")
            elif unclear and before:
                ways += [f"{before[-1]} {plain}", *([before[-1]] if few else [])]
            if unclear and few and found:
                ways.append(f"{found[-1].wordings[0]} {plain}")
            about = "" if mentioned(plain, products) else product
            alone = ways[0] == plain and len(ways) > 1
            hangs = alone and (_points_at_thing(plain) or not POINTING.search(plain))
            letter = _in_letter(told, asking, i, piece)
            found.append(AskedPart(_shown(piece), tuple(ways), about, unclear=hangs, letter=letter))
    return tuple(found[:MOST_PARTS]) or (AskedPart(text, (text,)),)


def _in_letter(told: Sequence[str], asking: Sequence[int], at: int, piece: str) -> str:
    """A question with the story around it, of a long letter with what stands nearest before it; "" without a story."""
    story = [one for i, one in enumerate(told) if i < at and i not in asking]
    behind = [one for i, one in enumerate(told) if i > at and i not in asking]
    while story and sum(map(len, (*story, *behind, piece))) > WHOLE_TICKET:
        story.pop(0)
    return " ".join((*story, *behind, piece)) if story else ""


def _sentences(text: str) -> list[str]:
    parts = (part for block in re.split(r"\n\s*\n", text) for part in [" ".join(block.split())])
    return [part[start:end] for part in parts for start, end in sentences(part)]


def _shown(part: str) -> str:
    """A question as a heading shows it, without the "and" that led to it."""
    plain = _LEAD.sub("", part).strip(" ,;") or part
    plain = plain[:1].upper() + plain[1:]
    return plain if plain.endswith(("?", ".", "!")) or not words(plain) else f"{plain}?"
