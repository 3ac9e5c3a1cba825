"""What of a passage's sentence a claim leaves out, and whether that may be left out without saying something else.

Very little may: a few adverbs, a bracket that only refers or abbreviates, a whole step beside the step that is said.
Everything else restricts, or may. Knows tokens only.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from chatbot.grounding.entailment.english import CONDITIONS, DENYING, norm, steps
from chatbot.grounding.entailment.tokens import ADVERB, CONTENT, HARD, Prepared, prepare

LONGEST_LIST = 2_000  # characters of a list that are looked back over
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_LEAD_IN = re.compile(r":[^\S\n]*\n")
REFERRING = ("see", "refer")  # what may open a bracket that says nothing of its own
TOGETHER = (
    "same",
    "together",
    "both",
    "simultaneously",
    "each",
    "all",
    "while",
    "otherwise",
    "instead",
)


def leaves_out(passage: Prepared, places: Collection[int]) -> bool:
    """Do these places leave out anything of the sentences that they lie in which may restrict what is said?"""
    touched = {passage.tokens[place].sentence for place in places}
    return _is_half(passage, touched) or any(
        not _may_go(passage, run, places) for run in _runs(passage, touched, places)
    )


def _is_half(passage: Prepared, touched: Collection[int]) -> bool:
    """Is one of the sentences a question, or joined by a semicolon to one that is not touched?"""
    tokens = passage.tokens
    for at, token in enumerate(tokens):
        last = at + 1 == len(tokens)
        if not last and tokens[at + 1].sentence == token.sentence:
            continue
        between = (
            passage.text[token.end :] if last else passage.text[token.end : tokens[at + 1].start]
        )
        sides = {token.sentence} if last else {token.sentence, tokens[at + 1].sentence}
        if ";" in between and 0 < len(sides & set(touched)) < len(sides):
            return True
        if token.sentence in touched and re.match(r"[\"'”’)\]]*\?", between):
            return True
    return False


def under_condition(text: str, start: int) -> bool:
    """Does a list stand under a sentence that denies or conditions its items: "Never do one of these:"?

    ``start`` is where the item, or a sentence of it, begins in ``text``.
    """
    blocks = _BLANK_LINE.split(text[max(0, start - LONGEST_LIST) : start])
    colons = [match.end() for match in _LEAD_IN.finditer(blocks[-1])]
    if colons:
        lead_in = blocks[-1][: colons[-1]]
    elif len(blocks) > 1 and blocks[-2].rstrip().endswith(":"):
        lead_in = blocks[-2]
    else:
        return len(blocks) > 1 and _denies(_last(blocks[-2]), ("NOT",))  # a heading "Do not"
    return _denies(_last(lead_in), (*CONDITIONS, "NOT", "WITHOUT"))


def _last(text: str) -> str:
    """The last sentence of a text, if no full stop ends it."""
    return re.split(r"[.!?](?:\s|$)|\n", text.strip().removesuffix(":"))[-1]


def _denies(said: str, hard: Collection[str]) -> bool:
    denying = {norm(word) for word in DENYING}
    return any(token.norm in hard or token.norm in denying for token in prepare(said).tokens)


def _runs(passage: Prepared, touched: Collection[int], places: Collection[int]) -> Iterator[range]:
    """Stretches of tokens of the touched sentences that are not among the places."""
    start = -1
    for at, token in enumerate(passage.tokens):
        out = token.sentence in touched and at not in places
        if start >= 0 and (not out or token.sentence != passage.tokens[start].sentence):
            yield range(start, at)
            start = -1
        if out and start < 0:
            start = at
    if start >= 0:
        yield range(start, len(passage.tokens))


def _may_go(passage: Prepared, run: range, places: Collection[int]) -> bool:
    tokens = passage.tokens
    if all(tokens[at].weight == ADVERB for at in run):
        return True
    if all(tokens[at].bracket or tokens[at].weight == ADVERB for at in run):
        return _only_refers(passage, run)
    return _is_step(passage, run, places)


def _only_refers(passage: Prepared, run: range) -> bool:
    """Is it a bracket like "(see page 12)", "(PIN)"? The whole of it is left out, then."""
    tokens = [passage.tokens[at] for at in run if passage.tokens[at].bracket]
    before, after = run.start - 1, run.stop
    inside = (
        before >= 0
        and passage.tokens[before].bracket
        and passage.tokens[before].sentence == tokens[0].sentence
    ) or (
        after < len(passage.tokens)
        and passage.tokens[after].bracket
        and passage.tokens[after].sentence == tokens[0].sentence
    )
    if inside or any(token.kind == HARD for token in tokens):
        return False
    said = passage.text[tokens[0].start : tokens[-1].end]
    return tokens[0].norm in {norm(word) for word in REFERRING} or (
        len(tokens) == 1 and said.isupper() and said.isalpha()
    )


def _is_step(passage: Prepared, run: range, places: Collection[int]) -> bool:
    """Is it a step of its own at an end of the sentence ("Tap Menu and select Wi-Fi"), joined to the other by "and"?

    No condition, and nothing that both steps share, may be in it: "Press the key and hold it" is not "Press the key".
    """
    tokens = passage.tokens
    sentence = [
        at for at, token in enumerate(tokens) if token.sentence == tokens[run.start].sentence
    ]
    first, last = sentence[0], sentence[-1]
    if any(tokens[at].kind == HARD or tokens[at].norm in _together() for at in run):
        return False
    if run.start == first and run.stop <= last:
        joint = run.stop
    elif run.stop == last + 1 and run.start > first:
        joint = run.start
    else:
        return False
    opens = all(
        tokens[at].kind == CONTENT and tokens[at].norm in steps() and not tokens[at].modal
        for at in (first, joint)
    )
    end = tokens[run.stop].start if run.stop < len(tokens) else len(passage.text)
    of_it = re.search(
        r"\b(?:it|them|this|these|that|those)\b", passage.text[tokens[run.start].start : end], re.I
    )
    joined = tokens[joint].link == "and" or tokens[joint].later
    others = [at for at in sentence if at not in run and at not in places]
    return (
        opens
        and joined
        and not of_it
        and not others
        and not any(tokens[at].kind == HARD for at in sentence)
    )


def _together() -> frozenset[str]:
    return frozenset(map(norm, TOGETHER))
