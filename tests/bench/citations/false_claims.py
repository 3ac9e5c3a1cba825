"""Edits that make a sentence say what its passage does not say, one function a kind. Knows only what surrounds the sentence."""

from __future__ import annotations

import re
from random import Random

from edits import (
    Edit,
    Source,
    capital,
    exchanged,
    found,
    names_in,
    nouns_in,
    replaced,
    root,
    synonymous,
)
from vocabulary import CODE, FUNCTION_WORDS, LISTED, NAME, NUMBER, OPPOSITES, UNITS, VERBS

Place = re.Match[str]
_TWO_NUMBERS = re.compile(r"[\s,]*(and|or|to|-)?[\s,]*")
_CONDITION_FIRST = re.compile(r"(If|When|Unless|Before|After|Until|Once) [^,;:]{4,}, (.+)$")
_CONDITION_LAST = re.compile(r"(.{12,}?),? (if|unless|except|until|only if|only when) .+$")


def nouns_swapped(source: Source, random: Random) -> str | None:
    """Two nouns of the sentence in each other's place; not two of one list."""
    said, places = source.sentence, nouns_in(source)
    random.shuffle(places)
    for first in places:
        for second in places:
            between = said[first.end() : second.start()]
            if (
                first.start() >= second.start()
                or root(first[0]) == root(second[0])
                or len(between.split()) < 2
            ):
                continue
            if not LISTED.fullmatch(between) and not re.search(r"\b(and|or)\b|,", between):
                return exchanged(said, first, second)
    return None


def noun_from_passage(source: Source, random: Random) -> str | None:
    """A noun of another sentence of the passage in a noun's place."""
    said, places = source.sentence, nouns_in(source)
    others = " ".join(sentence for sentence in source.passage if sentence != said)
    new = {
        word
        for word in re.findall(r"\b[a-z]{3,}\b", others)
        if word in source.nouns and not re.search(r"\b" + root(word), said.lower())
    }
    return (
        replaced(said, random.choice(places), random.choice(sorted(new)))
        if places and new
        else None
    )


def names_swapped(source: Source, random: Random) -> str | None:
    """A name in another's place: both exchanged if the sentence has both, else one of the passage's."""
    places = list(names_in(source.sentence))
    known = {name[0] for sentence in source.passage for name in names_in(sentence)} | {
        place[0] for place in places
    }
    pairs = [
        (place, name) for place in places for name in sorted(known) if _other_name(place[0], name)
    ]
    return (
        _swapped(source.sentence, found(NAME, source.sentence), *random.choice(pairs), LISTED)
        if pairs
        else None
    )


def _other_name(held: str, name: str) -> bool:
    apart = root(name) not in held.lower() and held.lower() not in name.lower()
    return name != held and apart and not synonymous(name, held)


def numbers_swapped(source: Source, random: Random) -> str | None:
    """A number in another's place, as with names."""
    known = sorted(
        {number[0] for sentence in source.passage for number in NUMBER.finditer(sentence)}
    )
    places = found(NUMBER, source.sentence)
    pairs = [(place, number) for place in places for number in known if number != place[0]]
    return _swapped(source.sentence, places, *random.choice(pairs), _TWO_NUMBERS) if pairs else None


def _swapped(
    said: str, places: list[Place], place: Place, new: str, listed: re.Pattern[str]
) -> str | None:
    """``new`` in a place; where ``new`` stands in the sentence itself, both exchanged, unless they are of one list."""
    own = [other for other in places if other[0] == new and other.start() != place.start()]
    if not own:
        return replaced(said, place, new)
    first, second = sorted([place, own[0]], key=lambda match: match.start())
    return (
        None
        if listed.fullmatch(said[first.end() : second.start()])
        else exchanged(said, first, second)
    )


def verbs_swapped(source: Source, random: Random) -> str | None:
    """Two verbs of the sentence in each other's place."""
    said = source.sentence
    places = [
        place
        for place in found(r"\b[A-Za-z]{3,}\b", said)
        if place[0].lower() in VERBS and place[0].lower() not in FUNCTION_WORDS
    ]
    pairs = [
        (first, second)
        for first in places
        for second in places
        if first.start() < second.start()
        and first[0].lower() != second[0].lower()
        and len(said[first.end() : second.start()].split()) >= 2
        and not synonymous(first[0], second[0])
    ]
    if not pairs:
        return None
    first, second = random.choice(pairs)
    front = capital(second[0]) if first[0][0].isupper() else second[0]
    return (
        said[: first.start()]
        + front
        + said[first.end() : second.start()]
        + first[0].lower()
        + said[second.end() :]
    )


def number_changed(source: Source, random: Random) -> str | None:
    """A number with another digit."""
    places = found(NUMBER, source.sentence)
    if not places:
        return None
    place = random.choice(places)
    number, at = place[0], random.randrange(len(place[0]))
    digit = random.choice([digit for digit in "123456789" if digit != number[at]])
    return replaced(
        source.sentence,
        place,
        number[:at] + digit + number[at + 1 :] if number[at].isdigit() else number + "5",
    )


def unit_changed(source: Source, random: Random) -> str | None:
    """A number with another unit."""
    places = [
        (place, new)
        for old, new in UNITS
        for place in found(rf"(?<=\d)( ?|-){re.escape(old)}(?![A-Za-z])", source.sentence)
    ]
    if not places:
        return None
    place, new = random.choice(places)
    return replaced(source.sentence, place, ("" if new.startswith(" ") else place[1]) + new)


def code_changed(source: Source, random: Random) -> str | None:
    """A code, such as a part's or an error's, with another digit."""
    places = [place for place in CODE.finditer(source.sentence) if re.search("[0-9]", place[0])]
    if not places:
        return None
    place = random.choice(places)
    code = place[0]
    at = random.choice([number for number, char in enumerate(code) if char in "0123456789"])
    digit = random.choice([digit for digit in "0123456789" if digit != code[at]])
    return replaced(source.sentence, place, code[:at] + digit + code[at + 1 :])


def sense_flipped(source: Source, random: Random) -> str | None:
    """A negation set or taken away, a condition or a direction turned round."""
    held = [(old, new) for old, new in OPPOSITES if re.search(old, source.sentence)]
    if not held:
        return None
    old, new = random.choice(held)
    place = random.choice(found(old, source.sentence))
    return capital(replaced(source.sentence, place, place.expand(new))).replace("  ", " ")


def part_changed(source: Source, random: Random) -> str | None:
    """A noun or name of another manual, absent from the passage, in place of one."""
    places = nouns_in(source) + list(names_in(source.sentence))
    if not places:
        return None
    place, held = random.choice(places), " ".join(source.passage).lower()
    for _ in range(20):
        new = random.choice(source.foreign.nouns if place[0].islower() else source.foreign.names)
        if root(new) not in held:
            return replaced(source.sentence, place, new)
    return None


def condition_dropped(source: Source, random: Random) -> str | None:
    """Without its condition. Not every one is false: a few cuts leave what is true by itself."""
    first = _CONDITION_FIRST.match(source.sentence)
    if first:
        return capital(first[2])
    last = _CONDITION_LAST.match(source.sentence)
    return last[1].rstrip(",") + "." if last and last[1].count("(") == last[1].count(")") else None


FALSE: dict[str, Edit] = {
    "swap nouns in sentence": nouns_swapped,
    "swap noun across sentences": noun_from_passage,
    "swap names": names_swapped,
    "swap numbers": numbers_swapped,
    "swap verbs": verbs_swapped,
    "number changed": number_changed,
    "unit changed": unit_changed,
    "code changed": code_changed,
    "negation/condition flipped": sense_flipped,
    "part name changed": part_changed,
    "(condition dropped)": condition_dropped,
}
