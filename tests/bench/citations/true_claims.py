"""Light rewordings that leave a sentence true, one function a kind. Knows only the sentence and what surrounds it."""

from __future__ import annotations

import re
from dataclasses import replace
from random import Random

from edits import Edit, Source, capital, found, nouns_in, replaced, small
from passages import good
from vocabulary import CONTRACTIONS, NOT_DROPPED, NUMBER, NUMBER_WORDS, SYNONYMS, VERBS

_OPENS = "if|when|before|after|once|unless|until|while"
_FIRST = re.compile(
    r"(If|When|Before|After|Once|Unless|Until|While|To|From|For|In) ([^,;:()]{4,}), ([^;:()]+)$"
)
_LAST = re.compile(rf"([^,;:()]{{8,}}?),? ({_OPENS}) ([^,;:()]+)$")
_THREE = re.compile(r"(\b[\w-]+(?: [\w-]+)?), ([\w-]+(?: [\w-]+){0,2}), (and|or) ([\w-]+)")
_PARTICLE = re.compile(r"s? (on|off|out|down|up|sure|for|in)\b")


def verbatim(source: Source, random: Random) -> str | None:
    """The very words."""
    return source.sentence


def contraction(source: Source, random: Random) -> str | None:
    """With "don't" for "do not" and the like, or the other way."""
    pairs = [pair for long, short in CONTRACTIONS for pair in ((long, short), (short, long))]
    held = [
        (old, new) for old, new in pairs if re.search(rf"\b{re.escape(old)}\b", source.sentence)
    ]
    if not held:
        return None
    old, new = random.choice(held)
    return re.sub(rf"\b{re.escape(old)}\b", new, source.sentence)


def article(source: Source, random: Random) -> str | None:
    """Another article or "your"."""
    places = found(r"\b(the|a|an|your|The|A|An|Your) ", source.sentence)
    if not places:
        return None
    place = random.choice(places)
    new = "the" if place[1].lower() != "the" else random.choice(["a", "your", "this"])
    return replaced(source.sentence, place, (capital(new) if place[1][0].isupper() else new) + " ")


def plural(source: Source, random: Random) -> str | None:
    """One noun in the other number."""
    places = nouns_in(source, r"(?<![\w-])[a-z]{4,}\b(?![-/])")
    if not places:
        return None
    place = random.choice(places)
    return replaced(source.sentence, place, _other_number(place[0]))


def _other_number(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("s") and not word.endswith("ss"):
        return word[:-1]
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")


def clause_order(source: Source, random: Random) -> str | None:
    """The condition or purpose behind the main clause instead of before it, or the other way."""
    bare = source.sentence.rstrip(".!")
    first = _FIRST.match(bare)
    if first and (first[1] not in ("For", "In", "To", "From") or "," not in first[3]):
        return f"{capital(first[3])} {first[1].lower()} {first[2]}."
    last = _LAST.match(bare)
    return f"{capital(last[2])} {last[3]}, {small(last[1])}." if last else None


def modal(source: Source, random: Random) -> str | None:
    """An instruction as "You can/must/should ...", or the other way."""
    said = source.sentence
    words = said.split()
    if words[0].lower() in VERBS and not re.match(r"\w+ (is|are|:)", said) and ":" not in words[1]:
        return random.choice(["You can ", "You must ", "You should "]) + small(said)
    told = re.match(r"You (can|must|should|may) (?!not|also|only)(.*)", said)
    return capital(told[2]) if told else None


def synonym(source: Source, random: Random) -> str | None:
    """One word or phrasal verb as another of its group."""
    said, lower = source.sentence, source.sentence.lower()
    held = [
        (place, group, words)
        for group in SYNONYMS
        for words in group
        for place in found(rf"(?<![\w-]){words}(?=s?\b)(?!s?-)", lower)
        if " " in words or not _PARTICLE.match(lower[place.end() :])
    ]
    if not held:
        return None
    place, group, words = random.choice(held)
    new = random.choice([other for other in group if other != words])
    return replaced(said, place, capital(new) if said[place.start()].isupper() else new)


def number_word(source: Source, random: Random) -> str | None:
    """A number up to twenty in letters, or the other way."""
    said = source.sentence
    places = [
        place
        for place in NUMBER.finditer(said)
        if place[0].isdigit() and int(place[0]) <= 20 and not re.match(r"\.\d", said[place.end() :])
    ]
    places += found(rf"\b({'|'.join(NUMBER_WORDS[2:])})\b", said)
    if not places:
        return None
    place = random.choice(places)
    return replaced(
        said,
        place,
        NUMBER_WORDS[int(place[0])] if place[0].isdigit() else str(NUMBER_WORDS.index(place[0])),
    )


def dropped(source: Source, random: Random) -> str | None:
    """Without an adverb or what stands in brackets."""
    places = found(r" \([^()]{3,60}\)", source.sentence)
    places += [
        place
        for place in found(r" [a-z]+ly\b(?!-)", source.sentence)
        if place[0].strip() not in NOT_DROPPED
    ]
    return replaced(source.sentence, random.choice(places), "") if places else None


def joined(source: Source, random: Random) -> str | None:
    """The sentence and the next one with "and" between them."""
    following = source.passage.index(source.sentence) + 1
    if following == len(source.passage) or not good(source.passage[following]):
        return None
    return f"{source.sentence.rstrip('.!')} and {small(source.passage[following])}"


def shortened(source: Source, random: Random) -> str | None:
    """A list of three without its second item."""
    said = source.sentence
    three = _THREE.search(said)
    if not three or set(three[2].split()) & {"then", "if", "when", "which", "it", "is", "are"}:
        return None
    return f"{said[: three.start(2) - 2]} {three[3]} {said[three.start(4) :]}"


def twice(source: Source, random: Random) -> str | None:
    """Two of the other edits, one after the other."""
    said = source.sentence
    for first in random.sample(_FIRST_EDITS, len(_FIRST_EDITS)):
        once = first(source, random)
        if not once or once == said:
            continue
        for second in random.sample(_SECOND_EDITS, len(_SECOND_EDITS)):
            both = second(replace(source, sentence=once), random) if second is not first else None
            if both and both not in (said, once):
                return both
    return None


_FIRST_EDITS: tuple[Edit, ...] = (article, plural, synonym, clause_order, modal, contraction)
_SECOND_EDITS: tuple[Edit, ...] = (article, plural, synonym, number_word, contraction, dropped)
TRUE: dict[str, Edit] = {
    "verbatim": verbatim,
    "contraction": contraction,
    "article": article,
    "plural": plural,
    "clause order": clause_order,
    "imperative/modal": modal,
    "synonym": synonym,
    "digit/word": number_word,
    "drop adv/paren": dropped,
    "join two": joined,
    "split list": shortened,
    "two edits": twice,
}
