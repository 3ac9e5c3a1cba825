"""What a question compares: two things ("the difference between A and B", "A vs B"), or two products. Pure.

Only questions that ask for nothing else: what is left over would be lost between the two.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.routing.followup import POINTING, content_words_own
from knowledge.search.products.names import name_words, with_article, without_product
from knowledge.text import sentences, stems, words

_ONE, _OTHER = r"(?P<one>[^,;:?\"“”]{2,60}?)", r"(?P<other>[^,;:?\"“”]{2,80}?)"
_ASK = r"(?:(?:can|could|would) you\s+|please\s+)*(?:(?:explain|describe|tell me|show me)\s+)?"
_WHAT = r"(?:what(?:'s|\s+is|\s+are)\s+)?(?:the\s+)?(?:main\s+)?differences?"
_TWO = tuple(
    re.compile(rf"\W*{pattern}\W*", re.I)
    for pattern in (
        rf"{_ASK}{_WHAT}\s+between\s+{_ONE}\s+and\s+{_OTHER}",
        rf"how\s+(?:does|do|is|are)\s+{_ONE}\s+differ(?:ent)?\s+from\s+{_OTHER}",
        rf"{_ASK}compare\s+{_ONE}\s+(?:and|with|to)\s+{_OTHER}",
        rf"(?:what\s+is\s+|what's\s+)?{_ONE}\s+(?:vs\.?|versus)\s+{_OTHER}",
        rf"{_ONE}\s+(?:or|and|vs\.?|versus)\s+{_OTHER}\s*[,;:?]\s*(?:{_WHAT}(?:\s+between\s+them)?|how\s+do(?:es)?\s+they\s+differ)",
    )
)
# What no manual calls anything, and what goes on after the second thing with a question of its own
_NO_THING = re.compile(
    r"\b(?:others?|before|after|two|both)\b|\band\s+(?:how|what|which|when|where|why|who|can|do|does|is|are)\b|\bin terms of\b",
    re.I,
)
_LOOSE_START = re.compile(r"^(?:the|an?|my|using|to)\s+", re.I)
_LOOSE_END = re.compile(r"(?: (?:on|in|for|with|of|the|an?|my|your))+$", re.I)
# What a question begins with
ASKS = re.compile(
    r"^(?:(?:and|so|but|also|please|now|then)\b[\s,]*)*(?:how|what|where|when|why|which|who|can|could|do|does|did|is|are|was|will|would|should|may|must|has|have"
    r"|tell me|explain|i(?: would|'d)? (?:like|want|need) to know|any idea|wondering)\b",
    re.I,
)
# What is left of a comparison once its products are out: "How does switching off | differ from switching off".
_CONTRAST = re.compile(
    r"\s*\b(?:differs?|compared?|versus|vs\.?)\b.*$|(?:\b(?:between|the|or|and|than|from)\b\W*)+\??$",
    re.I,
)
_SIDE_BY_SIDE = frozenset("and or vs versus the a an my our both between either".split())
# What may stand between two products that the same is asked of: "on the A71 and where on the S9", "the same on the A71 as on the S9"
_LINKING = frozenset(
    "which what where how when as on in for with of than compared is it does do same also like".split()
)
_THE_SAME = re.compile(
    r"(?<![\s,:;–-])[\s,:;–-]*\b(?:is|are|was|does|do)\s+(?:it|this|that|they)\s+(?:\w+\s+)?(?:in\s+)?the\s+same(?:\s+(?:way|thing|place))?(?=\s+(?:on|for|with|in|of)\s+$)",
    re.I,
)
_COMPARED_TO = re.compile(r"\bcompared\s+to\b", re.I)
_JOINING = frozenset("and or vs versus as than compared same".split())  # one of them stands between
_SIZE = re.compile(r"\d{1,2}\.\d")  # "Tab A 8.4"
_COMPARED = re.compile(
    r"\W*(?:please\s+)?(?:compare|(?:what(?:['’]?s|\s+is|\s+are)\s+)?(?:the\s+)?(?:differences?|comparison))(?:\s+(?:of|in))?\s*",
    re.I,
)
# "Compare how to take a screenshot on A and B": how to is what is asked
_TO_COMPARE = re.compile(
    r"^\W*(?:please\s+)?compare\s+(?=(?:how|where|what|when|which|whether)\b)", re.I
)
_IN_WHAT = re.compile(
    r"^[\s,:;.]*(?:(?:in|for|of|about|regarding|concerning|when it comes to|as to)\b)?\s*", re.I
)
_BOTH = re.compile(r"\b(?:them both|both of them|them|they|both|it)\b", re.I)
_OR = re.compile(r"^\W*(?:or|and|vs\.?|versus)\b[\s,:]*", re.I)
_WHICH = re.compile(
    r"^\W*which\s+(?:(?:one|device|model|phone|product|of\s+(?:the\s+two|them|these))\s+)?", re.I
)


def things_compared(text: str, named: Sequence[str]) -> tuple[str, str] | None:
    """The two things that a question compares, without the products ``named`` in it; None where it asks for anything else."""
    parts = [text[start:end] for start, end in sentences(text)]
    if len(parts) != 1:
        return None
    found = next(
        (match for two in _TWO if (match := two.fullmatch(" ".join(parts[0].split())))), None
    )
    if found is None:
        return None
    one, other = (_thing(found[name], named) for name in ("one", "other"))
    if not (one and other) or stems(one) == stems(other):
        return None
    return one, other


def _thing(text: str, named: Sequence[str]) -> str:
    """A thing by itself; "" where it is none."""
    for name in named:
        text = without_product(text, name)
    text = _LOOSE_START.sub("", _LOOSE_END.sub("", text.strip(" .,?!")))
    unclear = POINTING.search(text) or _NO_THING.search(text)
    return "" if unclear or not content_words_own(text) else text


def names(text: str, thing: str) -> bool:
    """Does a text have the words of a thing beside each other?"""
    return f" {' '.join(stems(thing))} " in f" {' '.join(stems(text))} "


def asked_of_each(text: str, named: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """What a question asks of two products: each product, in the order in which it names them, with a question of it alone."""
    return tuple((name, _about(text, name, named)) for name in _as_said(text, named))


def _as_said(text: str, named: Sequence[str]) -> list[str]:
    """Two products in the order in which a question names them: by the words that only one of them has, or where one's name
    is a part of the other's ("Note 10", "Note 10 Plus"), by those that the other's do not follow."""
    asked = words(text)

    def place(name: str) -> tuple[int, str]:
        mine = set(name_words(name))
        others = {word for other in named if other != name for word in name_words(other)}
        own = mine - others or {name_words(name)[-1]}
        after = [*asked[1:], ""]
        said = [
            i
            for i, word in enumerate(asked)
            if word in own and (mine - others or after[i] not in others - mine)
        ]
        return min(said, default=len(asked)), name

    return sorted(named, key=place)


def _about(text: str, name: str, named: Sequence[str]) -> str:
    """A comparison, asked of one of its products."""
    text = _TO_COMPARE.sub("", text)
    if each := _of_each(text, name, named):
        return each
    for other in named:
        text = without_product(text, other)
    plain = _WHICH.sub("", _OR.sub("", _CONTRAST.sub("", text))).strip(" ,?")
    return plain if content_words_own(plain) else text


def _of_each(text: str, name: str, named: Sequence[str]) -> str:
    """What a question asks of two products that stand side by side in it, asked of one: "How do I turn off the A71?" of "the
    A71 and the S9", "fingerprint on the S9" of "the difference between the A71 and the S9 in fingerprint", "where is it on the S9?"
    of "where is it on the A71 and where on the S9?". "" where something else stands between them, or nothing else is asked."""
    text = _COMPARED_TO.sub("than", text)
    names = {word for each in named for word in name_words(each)}
    run: list[re.Match[str]] = []
    for token in re.finditer(r"[^\s,:;?!]+", text):
        linking = set(name_words(token.group())) <= names | _SIDE_BY_SIDE | _LINKING
        if linking or (run and _SIZE.fullmatch(token.group())):
            run.append(token)
        elif _holds_all(run, named):
            break
        else:
            run = []
    said = [token.group().lower() for token in run]
    while said and (said[0] in _LINKING or (said[0] in _SIDE_BY_SIDE and {*said[1:2]} & _LINKING)):
        said, run = said[1:], run[1:]
    while run and run[-1].group().lower() in _SIDE_BY_SIDE | _LINKING:
        run.pop()
    if not _holds_all(run, named) or _JOINING.isdisjoint(token.group().lower() for token in run):
        return ""
    called = f"{with_article(name)}{_size_of(run, name, named)}"
    before, after = _THE_SAME.sub("", text[: run[0].start()]), text[run[-1].end() :]
    alone = not before.strip() and after[:1] in (":", ",")
    if not alone and not _COMPARED.fullmatch(before):
        return f"{before}{called}{after}"
    asked = _WHICH.sub("", _IN_WHAT.sub("", after)).strip()
    if not content_words_own(asked):
        return ""
    if ASKS.match(asked) and _BOTH.search(asked):
        return _BOTH.sub(called, asked, count=1)
    return f"{asked.strip(' ?.')} on {called}?"


def _size_of(run: Sequence[re.Match[str]], name: str, named: Sequence[str]) -> str:
    """The size that stands behind a product's name ("Tab A 8.4"), with a blank before it; "" without one."""
    own = {*name_words(name)}.difference(*(name_words(one) for one in named if one != name))
    for token, after in zip(run, run[1:], strict=False):
        if own & {*name_words(token.group())} and _SIZE.fullmatch(after.group()):
            return f" {after.group()}"
    return ""


def _holds_all(run: Sequence[re.Match[str]], named: Sequence[str]) -> bool:
    """Are words of every product among these that no other one's name has, or its whole name?"""
    said = {word for token in run for word in name_words(token.group())}
    own = [
        {*name_words(name)} - {word for each in named if each != name for word in name_words(each)}
        for name in named
    ]
    return all(words & said for words in own)
