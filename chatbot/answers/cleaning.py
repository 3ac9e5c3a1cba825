"""What a model writes beside its answer: marks and frames of the prompt, its rules, a preamble, the next question.

Pure; knows no passages and no server. What is left is judged like any answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from adapters.servers.control_tokens import BORDERS, CLOSES, KINDS

RESTART = None  # what came before was thoughts, though nothing had said so

_MARKS = re.compile(
    r"<\|(?:im_start|start_header_id)\|>\s*(?:assistant|user|system)?"
    rf"|{BORDERS}|\[/?SYS\]"
    r"|<<[^<>\n]{1,300}>>|</?(?:answer|response|output|passages?)>",
    re.IGNORECASE,
)
_OPENS = re.compile("|".join(re.escape(opening) for opening, _ in KINDS), re.IGNORECASE)
_CLOSES = re.compile("|".join(map(re.escape, CLOSES)), re.IGNORECASE)
# What may still become one of these, or the line of a next question.
_HALF = re.compile(
    r"\s{0,3}(?:<\|[^<>|\n]{1,40}\|>\s*[a-z]{0,9}|<[^<>\n]{0,300}>?|<<[^<>\n]{0,300}>{0,2}|\[[/A-Z]{0,5}|◁[^▷\n]{0,8}|\n[\s#*]*[A-Za-z]{0,12} ?\d{0,2}\s?)$"
)
_HALF_MOST = 320  # characters; no mark is as long
# Of a line that begins with it, after blanks and marks only (``_next``)
_NEXT = re.compile(
    r"(?<![^\W_])(?:Question|Rewritten question|User|Human|Customer|System|Q)(?: ?\d+)?\s?:",
    re.IGNORECASE,
)
_BEFORE_NEXT = frozenset(" \t\r\n\f\v\u00a0#*")
_CALL = re.compile(
    r'\s*(?:```(?:json)?\s*)?(?:<tool_call>|\[?\s*\{\s*"(?:name|function|tool|tool_calls?|type)"\s*:)'
)
_LABELS = ("answer:", "answer :", "final answer:", "short answer:")
_LABEL = re.compile(r"\s*[*#]*\s*(?:Final |Short )?Answer\s?:[*]*\s*", re.IGNORECASE)

_SOURCES = r"(?:passages?|manuals?|documentation|documents?|information|context|texts?|sources?|excerpts?|material)"
_OPENERS = r"(?:sure|certainly|of course|absolutely|okay|ok|great question|good question|hello|hi|no problem|thank you for (?:your|the) question)"
_GREETED = re.compile(
    rf"{_OPENERS}(?:\s(?:thing|there))?(?:[!,.:]+|\s[—–-])(?:\s+|$)", re.IGNORECASE
)
_SOURCED = re.compile(
    rf"(?:based on|according to|as (?:stated|described|mentioned) in|from|per) (?:the |your )?(?:\w+ ){{0,3}}{_SOURCES}"
    r"(?: (?:provided|given|above|below|of the product))?(?: ?\[\d+\])*\s?,\s*",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"(?:here(?:'s|’s| is| are)|below (?:is|are)|the (?:answer|following) (?:is|are)|i(?:'d|’d| would| am|'m|’m) (?:be )?(?:happy|glad)"
    r"|let me (?:know|help|explain)|please let me know|feel free|i hope (?:this|that|it)|if you (?:have|need) (?:any|more|further)"
    rf"|is there anything else|based on (?:the )?(?:\w+ ){{0,3}}{_SOURCES})\b[^\d]*",
    re.IGNORECASE,
)
_MATERIAL = rf"(?:the|your|this|any of the) (?:\w+ ){{0,2}}{_SOURCES}"
_LACKS = r"(?:do(?:es)?|did) ?(?:not|n['’]t) (?:say|tell|mention|answer|state|specify|contain|provide|cover|give|include|describe)"
# Tandem's own words for not knowing, and those that models use in their place.
_REFUSES = re.compile(
    rf"(?:i(?:['’]m| am) (?:not (?:sure|certain)|sorry|afraid|unable)|(?:sorry|unfortunately)\b"
    rf"|i (?:do ?n['’]?o?t|can ?n['’]?o?t|could not|couldn['’]t) (?:know|say|tell|answer|find|help)"
    rf"|(?:please )?(?:check|see|consult|refer to|look in(?:to)?) {_MATERIAL}"
    rf"|{_MATERIAL} {_LACKS}|(?:this|that|it|the answer) is not (?:stated|mentioned|specified|given|covered|in {_MATERIAL})"
    rf"|there is no (?:information|mention|answer))\b[^\d]*",
    re.IGNORECASE,
)
_GRAM = 5  # words in a row that an echo shares with the rules


def answer_text(pieces: Iterable[str]) -> Iterator[str | None]:
    """Yield an answer's text in pieces, without control marks, frames and labels, up to a next question.

    Yields RESTART where the marks say that all before was thoughts. A call of a tool is no answer and leaves nothing.
    """
    waiting, begun, opened = "", False, False
    for piece in pieces:
        waiting += piece
        opened = opened or bool(_OPENS.search(waiting))  # an answer may speak of such a mark
        if not opened and (close := _CLOSES.search(waiting)):
            yield RESTART
            waiting, begun = waiting[close.end() :], False
        if not begun and _may_be_beside(waiting):
            continue
        text, waiting, over = _certain(waiting, begun)
        begun = begun or bool(text.strip())
        if text:
            yield text
        if over:
            return
    if not _CALL.match(waiting) or begun:
        text = _cut(waiting, begun)[0].rstrip()
        if text:
            yield text


def _may_be_beside(head: str) -> bool:
    """Say whether an answer may begin with a label or the call of a tool: too little of it has come to tell."""
    start = head.strip().lower()
    bare = start.lstrip("*#").strip()
    label = any(
        name.startswith(bare) or (bare.startswith(name) and len(bare) <= len(name) + 2)
        for name in _LABELS
    )
    return not start or label or bool(_CALL.match(head)) or (start[0] in "{[`" and len(start) < 40)


def _certain(waiting: str, begun: bool) -> tuple[str, str, bool]:
    """Return what is certain to belong to the answer, what may still turn out not to, and whether the answer is over."""
    half = _HALF.search(waiting, max(0, len(waiting) - _HALF_MOST))
    keep = half.start() if half else len(waiting)
    text, over = _cut(waiting[:keep], begun)
    return text, waiting[keep:], over


def _cut(text: str, begun: bool) -> tuple[str, bool]:
    text = _MARKS.sub("", text)
    if not begun and (label := _LABEL.match(text)):
        text = text[label.end() :]
    following = _next(text)
    if following is not None and (begun or text[:following].strip()):
        return text[:following], True
    return text, False


def _next(text: str) -> int | None:
    """Where the first line of a next question begins, with the blank lines before it; looks at each character once."""
    for label in _NEXT.finditer(text):
        start = label.start()
        while start and text[start - 1] in _BEFORE_NEXT:
            start -= 1
        if not start:
            return 0
        if (line := text.find("\n", start, label.start())) >= 0:
            return line
    return None


def tidy(sentence: str, rules: str) -> str:
    """Return a sentence without a preamble ("Sure!", "Based on the passages,"), or "" where nothing else is in it.

    ``rules`` are the words that the model was given: a sentence that repeats them is no answer.
    """
    text = sentence.strip()
    for opener in (_GREETED, _SOURCED):
        if found := opener.match(text):
            text = text[found.end() :]
    if text != sentence.strip():
        text = text[:1].upper() + text[1:]
    if not any(char.isalnum() for char in text) or _POLITE.fullmatch(text) or _echoes(text, rules):
        return ""
    return text if text != sentence.strip() else sentence


def refuses(sentence: str) -> bool:
    """Say whether a sentence only says that whoever wrote it does not know. One that goes on with a "but" says more."""
    text = sentence.strip()
    return bool(_REFUSES.fullmatch(text)) and not re.search(r"\b(?:but|however|although)\b", text)


def _echoes(text: str, rules: str) -> bool:
    words, given = _words(text), _words(rules)
    if len(words) < _GRAM:
        return False
    known = {given[i : i + _GRAM] for i in range(len(given) - _GRAM + 1)}
    grams = [words[i : i + _GRAM] for i in range(len(words) - _GRAM + 1)]
    return sum(gram in known for gram in grams) >= 0.6 * len(grams)


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.lower()))


def is_whole(sentence: str) -> bool:
    """Say whether a sentence has an end, so that a limit on length cannot have cut it."""
    return sentence.rstrip(" *_\"'”’)]").endswith((".", "!", "?", "…", ":", "。", "！", "？"))
