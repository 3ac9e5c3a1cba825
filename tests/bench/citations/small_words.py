"""False claims with one small word changed, one function a kind: what a reader passes over and a machine must not.

Knows sentences only. Each edit gives every claim that it can make of a sentence; all of them say something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

Edits = Callable[[str], Iterator[str]]

_PREPOSITIONS = (
    ("over", "under"), ("above", "below"), ("before", "after"), ("from", "to"), ("to", "from"), ("into", "out of"), ("in", "on"),
    ("on", "in"), ("at", "from"), ("with", "without"), ("through", "around"), ("between", "beside"), ("inside", "outside"),
    ("within", "after"), ("until", "before"), ("for", "from"), ("by", "for"), ("up", "down"), ("under", "over"), ("during", "after"),
)  # fmt: skip
_QUANTIFIERS = (
    ("all", "some"), ("all", "most"), ("any", "some"), ("each", "one"), ("every", "any"), ("both", "one of the"), ("some", "all"),
    ("only", ""), ("at least", "at most"), ("more than", "less than"), ("more", "less"), ("most", "all"), ("many", "all"),
    ("up to", "at least"), ("several", "all"), ("several", "two"), ("other", ""), ("one or more", "all"), ("always", "sometimes"),
    ("usually", "always"), ("a few", "many"), ("minimum", "maximum"), ("first", "last"), ("next", "previous"),
)  # fmt: skip
_MODALS = (
    ("must", "may"),
    ("may", "must"),
    ("should", "must"),
    ("can", "must"),
    ("might", "will"),
    ("will", "may"),
    ("is required", "is allowed"),
)
_FALSE_FRIENDS = (
    ("fix", "repair"), ("supply", "assign"), ("open", "launch"), ("entire", "end"), ("end", "entire"), ("provide", "assign"),
    ("turn", "spin"), ("charge", "recharge"), ("help", "support"), ("move", "shift"), ("return", "go back"), ("update", "upgrade"),
    ("read", "peruse"), ("support", "help"), ("new", "recent"), ("enter", "kind"), ("hold", "hold down"), ("connect", "link"), ("close", "near"),
    ("limit", "restrict"), ("print", "output"), ("run", "execute"), ("find", "locate"), ("current", "present"), ("separate", "divide"),
)  # fmt: skip
_EXCLUDING = re.compile(
    r",? \([^()]{3,80}\)|,? (?:except|excluding|other than|apart from|but not|unless|rather than|instead of)\b[^,;:.]{3,80}"
)
_RESTRICTING = re.compile(
    r",? (?:that|which|who|whose|where|while|caused by|by|for|with|from|in|on|using|containing|connected to|made by|located|during|through"
    r"|if|when|until|unless|because|to|without|as|than)\b [^.;:]{3,90}(?=\.$)"
)
_NEGATED = re.compile(r"\b(?:not|never|no|cannot|can't|don't|doesn't|isn't|without)\b")
_FLAG = re.compile(r"(?<=\s)--?[A-Za-z][\w-]*")
_OPERATOR = re.compile(r"(?<=\s)(?:[<>]=?|[=!]=|\.\.|\+|-|/)(?=\s)")
_SIGNED = re.compile(r"(?<![\w.)])([+±-]|[<>]=?)(?=\d)")
_PATH = re.compile(r"(?<=\s)(/[\w.-]+)+/?|(?<=\s)\.\.?/")


def _exchanged(said: str, pairs: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for old, new in pairs:
        for match in re.finditer(rf"\b{old}\b", said):
            yield _tidy(said[: match.start()] + new + said[match.end() :])


def _tidy(text: str) -> str:
    text = re.sub(r"\s+([.,;:])", r"\1", re.sub(r" {2,}", " ", text)).strip()
    return text[:1].upper() + text[1:]


def prepositions(said: str) -> Iterator[str]:
    """ "over" for "under", "in" for "on"."""
    return _exchanged(said, _PREPOSITIONS)


def quantifiers(said: str) -> Iterator[str]:
    """ "some" for "all"; "only" left out."""
    return _exchanged(said, _QUANTIFIERS)


def modals(said: str) -> Iterator[str]:
    """ "must" for "may"."""
    return _exchanged(said, _MODALS)


def false_friends(said: str) -> Iterator[str]:
    """Words that a list of synonyms takes for each other and that a manual does not."""
    return (claim for claim in _exchanged(said, _FALSE_FRIENDS) if _another(said, claim))


def _another(said: str, claim: str) -> bool:
    """Pairs that do mean the same in most sentences are left to a person: only those are false that change what is done."""
    same = ({"run", "execute"}, {"find", "locate"}, {"connect", "link"}, {"move", "shift"}, {"read", "peruse"}, {"help", "support"}, {"print", "output"}, {"limit", "restrict"},
            {"separate", "divide"}, {"return", "go"}, {"charge", "recharge"}, {"hold", "down"}, {"new", "recent"}, {"current", "present"}, {"turn", "spin"})  # fmt: skip
    changed = set(said.lower().split()) ^ set(claim.lower().split())
    return not any(pair <= changed for pair in same)


def conjunctions(said: str) -> Iterator[str]:
    """ "or" for "and", and the other way round."""
    for old, new in (("and", "or"), ("or", "and")):
        for match in re.finditer(rf"\b{old}\b", said):
            if not _NEGATED.search(said):  # "not A or B" is "not A and not B" in common speech
                yield said[: match.start()] + new + said[match.end() :]
    for match in re.finditer(r"\b(either|neither|both) ", said):
        yield _tidy(said[: match.start()] + said[match.end() :].replace(" nor ", " or "))


def flags(said: str) -> Iterator[str]:
    """An option left out, or another one; a path cut."""
    for match in _FLAG.finditer(said):
        yield _tidy(said[: match.start()] + said[match.end() :])
        flag = match[0]
        yield (
            said[: match.start()]
            + (flag[:-1] + ("x" if flag[-1] != "x" else "y"))
            + said[match.end() :]
        )
    for match in _PATH.finditer(said):
        if len(match[0]) > 2:
            yield said[: match.start()] + match[0][1:] + said[match.end() :]


def signs(said: str) -> Iterator[str]:
    """A minus, "<" or "±" left out or turned round."""
    for match in _OPERATOR.finditer(said):
        new = {
            "<": ">",
            ">": "<",
            "<=": ">=",
            ">=": "<=",
            "==": "!=",
            "!=": "==",
            "..": ".",
            "+": "-",
            "-": "+",
            "/": "+",
        }.get(match[0], "=")
        yield said[: match.start()] + new + said[match.end() :]
        if match[0] != "-":
            yield _tidy(said[: match.start()] + said[match.end() :])
    for match in _SIGNED.finditer(said):
        yield _tidy(said[: match.start()] + said[match.end() :])
        if match[0] in "+-":
            yield said[: match.start()] + ("-" if match[0] == "+" else "+") + said[match.end() :]
    for match in re.finditer(r"(?<![\w.+-])\d+(?:\.\d+)?(?![\w.])", said):
        yield f"{said[: match.start()]}-{said[match.start() :]}"
        yield f"{said[: match.start()]}±{said[match.start() :]}"


def exclusions(said: str) -> Iterator[str]:
    """What a bracket or an "except" takes away is said as well. A bracket that only explains is left to a person."""
    for match in _EXCLUDING.finditer(said):
        aside = said[: match.start()].endswith((".", "!"))  # a sentence of its own in brackets
        if not aside and re.search(
            r"\b(?:not|no|only|except|excluding|other|unless|without|if|when|but|apart|rather|instead)\b",
            match[0],
        ):
            yield _tidy(said[: match.start()] + said[match.end() :])


def negations(said: str) -> Iterator[str]:
    """A "not" left out, or one too many."""
    for match in re.finditer(
        r"\b(?:not|never) |n't\b|\b(?:do|does|is|are|will|must|should) not\b", said
    ):
        yield _tidy(said[: match.start()] + said[match.end() :])
    for match in re.finditer(r"\b(?:is|are|will|can|must|should|may)\b(?! not)", said):
        yield said[: match.end()] + " not" + said[match.end() :]
    for match in re.finditer(r"\bno (?=[a-z])", said):
        yield _tidy(said[: match.start()] + said[match.end() :])


def restrictions(said: str) -> Iterator[str]:
    """A negated sentence without the words that say of what: "does not cover damage" for "… damage caused by water"."""
    denied = _NEGATED.search(said)
    if denied:
        for match in _RESTRICTING.finditer(said, denied.end()):
            if len(said[: match.start()].split()) >= 4:
                yield said[: match.start()].rstrip(", ") + "."


def halves(said: str) -> Iterator[str]:
    """A sentence that ends in the middle: "… you need to run the"."""
    for match in re.finditer(
        r" (?:the|a|to|of|and|or|with|for|your|by|in|from|that|is|can|must|you|if|when) (?=\w)",
        said,
    ):
        if len(said[: match.end()].split()) >= 5:
            yield said[: match.end()].strip()


def conditions(said: str) -> Iterator[str]:
    """The condition left out, or another one in its place."""
    for old, new in (
        ("if", "unless"),
        ("when", "until"),
        ("unless", "if"),
        ("until", "when"),
        ("before", "after"),
        ("after", "before"),
        ("while", "before"),
        ("once", "before"),
    ):
        yield from _exchanged(said, ((old, new), (old.capitalize(), new.capitalize())))
    first = re.match(r"(?:If|When|Unless|Before|After|Until|Once|While) [^,;:]{4,}, (.+)$", said)
    if first:
        yield _tidy(first[1])
    last = re.match(r"(.{12,}?),? (?:if|unless|except|until|only if|only when) .+$", said)
    if last and last[1].count("(") == last[1].count(")"):
        yield last[1].rstrip(",") + "."


KINDS: dict[str, Edits] = {
    "preposition": prepositions, "flag or path": flags, "sign": signs, "quantifier": quantifiers, "and/or": conjunctions,
    "exclusion left out": exclusions, "negation": negations, "restriction left out": restrictions, "modal": modals,
    "condition": conditions, "cut in the middle": halves, "false friend": false_friends,
}  # fmt: skip
