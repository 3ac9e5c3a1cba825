"""What can be asked of a passage without a model: definitions, figures, places, rules, tasks, tables, symptoms. Pure.

English only: the forms of sentences are. A statement's answer is always the manual's own words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_ANSWER = 130  # words
SHORT_ANSWER = 70  # words of a passage that answers as a whole
_NOUN = r"(?:[\w/-]+ ){0,3}?[\w/-]+"
_UNIT = r"(?=[^.]*\d)"
_PLACE = r"(?:under|underneath|behind|below|above|beneath|beside|inside|between|near|next to|in front of|at the|on the|on top of|in the)"
# The form of a statement and how its sentence reads: "key" is what is asked about, "of" what of it.
_FORMS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (form, re.compile(pattern))
    for form, pattern in (
        ("code", r"^(?P<of>Error|Fault|Alarm|Warning|Message|Code|Error code|Fault code) (?P<key>[A-Z]{0,3}-?\d{1,4}[A-Z]?) (?:means|indicates|says|shows)\b"),
        ("part", rf"^The (?P<key>{_NOUN}) has (?:the )?part number\b"),
        ("weight", rf"^The (?P<key>{_NOUN}) weighs\b"),
        ("size", rf"^The (?P<key>{_NOUN}) has an? (?P<of>width|length|height|depth|diameter|capacity|volume|range|thickness) of\b"),
        ("price", rf"^(?:An?|The) (?:new )?(?P<key>{_NOUN}) costs\b"),
        ("life", rf"^(?:An?|The) (?P<key>{_NOUN}) lasts\b{_UNIT}"),
        ("speed", rf"^The (?P<key>{_NOUN}) runs at\b"),
        ("heat", rf"^The (?P<key>{_NOUN}) (?:works|operates|may be used) (?:up to|between|from|at)\b(?=[^.]*(?:degrees|°))"),
        ("limit", rf"^The (?P<key>{_NOUN}) (?:works|operates|may be used) (?:up to|between|from|at)\b{_UNIT}"),
        ("power", rf"^The (?P<key>{_NOUN}) (?:needs|takes|uses|draws) [\d., ]*\d (?:k?W|watts?)\b"),
        ("voltage", rf"^The (?P<key>{_NOUN}) (?:needs|takes|uses|runs on) [\d., ]*\d (?:k?V|volts?)\b"),
        ("duration", rf"^The (?P<key>{_NOUN}) takes (?:about |around |up to )?[\d.,]+ (?:seconds|minutes|hours|days)\b"),
        ("measure", rf"^The (?P<of>{_NOUN}) of the (?P<key>{_NOUN}) (?:is|are|must be)\b{_UNIT}"),
        ("extreme", rf"^The (?P<key>(?:largest|smallest|highest|lowest|maximum|minimum|longest|shortest|widest|greatest|least) {_NOUN}) (?:is|has)\b{_UNIT}"),
        ("place", rf"^The (?P<key>{_NOUN}) (?:is|are|sits|lies|stands|is located|is found|is printed) {_PLACE}\b"),
        ("torque", rf"^(?P<of>Tighten|Torque) the (?P<key>{_NOUN}(?: of the {_NOUN})?) to (?=\d)"),
        ("often", r"^(?P<key>[A-Z][a-z]+ (?:the|your) [\w -]{3,40}?) (?:every|once (?:a|an|every|per))\b"),
        ("task", r"^To (?P<key>[a-z]+ (?:the |a |an |your |it )?[\w/ -]{2,50}?), "),
        ("never", r"^(?:Never|Do not|Don't) (?P<key>[a-z][\w ,/'-]{4,70}?)(?= or you\b| unless\b|[.;:]|$)"),
        ("meaning", rf"^(?:An?|The) (?P<key>{_NOUN}) (?:means|indicates|tells you)\b"),
    )
)  # fmt: skip
_VERBS = frozenset(
    """add adjust align assemble attach build calibrate change charge check choose clean close configure connect create cut delete
    descale disconnect drain empty enter fill fit fix format get hang hold import insert install lift load lock lower lubricate
    make mount move open order pair park place plug position prepare press print program pull push put read release remove
    repair replace reset restart restore run save secure select send separate set share start stop store switch take tear test
    tighten transport trim turn unlock unpack unplug update upgrade use wash wire""".split()
)
_ASKS = re.compile(r"^(?:What|Which|Where|When|Who|How|Why|Can|May|Must|Should|Does|Do|Is|Are)\b")
_SYMPTOM = re.compile(
    r"\b(?:does not|do not|doesn't|don't|cannot|can't|is not|are not|will not|won't|fails?|stays|keeps|slips?|leaks?|skewed"
    r"|blinks?|flashes|too (?:hot|cold|loud|slow|high|low)|no longer|is (?:faint|blank|loud|stuck|jammed)|has (?:white|black) lines)\b"
)
_STEP = re.compile(r"(?:^|\s)1[.)] \S.*?\s2[.)] \S")
_LEANS = re.compile(
    r"^(?:It|This|That|They|These|Those|He|She|Both|Then|Otherwise|If not|And|But|So)\b"
)
# Of which only the sentence before says what it is.
_THEN = re.compile(r"\b(?:this|that|these|those)\b|\b(?:meanwhile|then|it|them)$", re.I)
_HEAD = re.compile(r"^([^:|]{1,40}): (\S.*)$")


@dataclass(frozen=True, slots=True)
class Statement:
    """One thing that a passage says. ``form`` chooses the wordings of its questions; ``key`` and ``of`` go into them."""

    form: str
    key: str
    answer: str
    of: str = ""


def statements(
    pieces: Sequence[str], rows: Sequence[str], text: str, heading: str, alone: bool
) -> list[Statement]:
    """What a passage says, each thing once.

    ``pieces`` are its sentences, ``rows`` the lines of its tables, ``text`` all of it, ``heading`` that of its section,
    ``alone`` whether the section has no other passage.
    """
    found = [*_of_rows(rows), *_of_sentences(pieces)]
    found += _of_heading(text, heading, alone, bool(found))
    return list({(one.form, one.key.casefold(), one.of): one for one in reversed(found)}.values())[
        ::-1
    ]


def _of_sentences(pieces: Sequence[str]) -> Iterator[Statement]:
    for sentence in pieces:
        if _LEANS.match(sentence) or len(sentence.split()) > LONGEST_ANSWER:
            continue
        for form, pattern in _FORMS:
            match = pattern.match(sentence)
            if match and not _THEN.search(match["key"]):
                held = match.groupdict()
                yield Statement(form, held["key"].strip(), sentence, held.get("of") or "")
                break


def _of_rows(rows: Sequence[str]) -> Iterator[Statement]:
    """Yield what each row of a table says of its first cell; heads stand in every cell, or in the first row."""
    heads: list[str] = []
    for row in rows:
        cells = [cell.strip() for cell in row.split(" | ")]
        named = [match for cell in cells if (match := _HEAD.match(cell))]
        if len(named) == len(cells) > 1:
            pairs = [(match[1], match[2]) for match in named]
        elif not heads:
            heads = cells
            continue
        elif len(cells) == len(heads) > 1:
            pairs = list(zip(heads, cells, strict=True))
        else:
            continue
        (first, key), rest = pairs[0], pairs[1:]
        for head, value in rest:
            if key and value and value not in "-–—":
                kind = _kind(head)
                said = f"{head} {value}" if kind == "value" else value
                yield Statement(f"cell {kind}", key, f"{first} {key}: {said}.", f"{first}|{head}")


def _kind(head: str) -> str:
    if re.search(r"mean|cause|descri|reason|fault", head, re.I):
        return "meaning"
    return (
        "action"
        if re.search(r"\bdo\b|action|remedy|solution|measure|help", head, re.I)
        else "value"
    )


def _of_heading(text: str, heading: str, alone: bool, more: bool) -> Iterator[Statement]:
    """Yield what a heading asks that its passage answers: with its steps, or, where the section has no other, as a whole.

    A plain heading is asked about only where nothing else was found.
    """
    title = heading.strip(" .:")
    if len(title.split()) < 2 or " | " in text or _LEANS.match(text):
        return
    length, first = len(text.split()), title.split()[0].casefold()
    if first in _VERBS:
        if has_steps(text) and length <= LONGEST_ANSWER or alone and length <= SHORT_ANSWER:
            yield Statement("task", f"{first}{title[len(first) :]}", text)
    elif length > SHORT_ANSWER or not alone:
        return
    elif _ASKS.match(title) and " and what " not in title:
        yield Statement("asked", title, text)
    elif _SYMPTOM.search(title) or (title.startswith("The ") and len(title.split()) > 3):
        yield Statement("symptom", title, text)
    elif not more and len(title.split()) <= 6 and length >= 8:
        yield Statement("topic", title, text)


def has_steps(text: str) -> bool:
    """Say whether a text has numbered steps."""
    return bool(_STEP.search(text))
