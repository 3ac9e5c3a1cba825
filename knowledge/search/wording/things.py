"""Whether a question is about a part of something that no manual mentions: "the guarantee of the camera", asked of an oven's. Pure.

Words of asking may be missing from a manual ("How do I get rid of stains?"), and customers call the product what they like;
what is said of one thing does not answer for another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Container
from functools import cache, lru_cache

from knowledge.search.languages import AS_ENGLISH, ENGLISH, is_stop, is_word, stem, stems, words
from knowledge.search.products.names import ANY_PRODUCT
from knowledge.search.ranking import Asked, Vocabulary, known_of
from knowledge.text import STOP_WORDS, fold, is_unspaced, sentences, unique
from knowledge.text import words as plain_words

SHARE = 0.3  # of the question's words that are missing, from which the thing is what it is about
# What stands before the thing, with its article, and whether the thing is the first or the last word that follows
_BEFORE = {
    "en": (r"(?:(?:of|for|with|from|about)\s+)?(?:the|an?|my|your|our|his|her|their|this|that)\s+", False),
    "de": (r"(?:(?:von|für|bei|an|in|mit)\s+)?(?:der|des|dem|das|den|die|einer|eines|einem|einen|meiner|meines|meinem|meinen|unserer)\s+", True),
    "fr": (r"(?:(?:de|pour|avec)\s+(?:la\s+|les?\s+|l['’]|ma\s+|mon\s+|mes\s+|notre\s+|votre\s+|une?\s+)|du\s+|des\s+)", True),
    "es": (r"(?:(?:de|para|con)\s+(?:la|las|los|el|mi|su|una?)|del)\s+", True),
    "it": (r"(?:dell['’]|del|della|dello|dei|delle|degli|(?:per|con|di)\s+(?:la|il|lo|una?|mi[ao]))\s*", True),
    "pt": (r"(?:d[oa]s?|(?:para|com)\s+(?:o|a|os|as|uma?))\s+", True),
    "nl": (r"(?:van|voor|met)\s+(?:de|het|een|mijn|onze)\s+", False),
}  # fmt: skip
_ASKING = re.compile(r"\b(?:do|does|did|can|could|will|would|should|must|may|is|are|was|has|have)\b", re.I)  # fmt: skip
# What customers call any product, themselves, a moment, or what they want to know
_ANY = ANY_PRODUCT.union(
    """reason cause meaning solution remedy cure unit product thing item equipment model customer client user person day time
    moment future beginning kunde kundin produkt mal tag cliente client produit fois jour equipo producto vez dia prodotto
    volta giorno produto klant keer dag""".split()
)


def names_unknown(
    asked: Asked, vocabulary: Vocabulary, said: Collection[str] = frozenset()
) -> bool:
    """Is something asked of a thing, named with an article, that stands in no manual, nor another word for it?

    ``said`` are stems that are known otherwise, as from a manual's name.
    """
    language = "en" if asked.language in AS_ENGLISH else asked.language
    missing = {term for term in asked.stems if not known_of(asked, term, vocabulary)} - set(said)
    if language not in _BEFORE or not missing or len(missing) < SHARE * len(asked.stems):
        return False
    told = [asked.text[start:end] for start, end in sentences(asked.text)]
    asking = " ".join(one for one in told if one.endswith("?"))  # and not what led to it
    return any(
        all(stem(word, asked.language) in missing and fold(word) not in _ANY for word in words_of)
        for words_of in _things(asking or asked.text, language)
    )


# "What is the dealer price?": what is asked of is the last word, and those before it say which
_NOUNLIKE = r"(?!(?:between|than|without|after|before|under|over|until|during|while|against|per)\b)[^\W\d_]{3,}"
_WHICH_ONE = re.compile(
    r"\b(?:what|how\s+(?:much|high|low|big|large|long|many))(?:['’]?s|\s+(?:is|are|was|were|would|will))\s+(?:the|its|your|my|their)\s+"
    rf"(?P<run>(?:{_NOUNLIKE}\s+){{1,3}}?{_NOUNLIKE})"
    r"(?=\s*(?:[?.!,;:]|$)|\s+(?:of|for|on|in|at|from|with|to|when|if|and|or|be)\b)",
    re.I,
)
_VALUES = (
    "price|cost|fee|weight|height|width|depth|length|thickness|size|diameter|temperature|speed|rate|voltage|wattage|power|frequency|resolution"
    "|capacity|distance|range|pressure|torque|current|volume|warranty|guarantee|consumption"
)
_DOING = r"(?!(?:change|set|adjust|increase|decrease|reduce|raise|lower|measure|check|read|show|get|see|find|turn|limit|save|lock|control)\b)"
_WHICH_VALUE = re.compile(rf"^\W*{_DOING}(?P<run>(?:{_NOUNLIKE}\s+){{1,2}}(?:{_VALUES})s?)\b", re.I)
# Which say how sure or how usual a value is, and not of what other thing it is one
_PLAIN = frozenset(
    """peak nominal rated top monthly yearly annual daily manufacturer product factory current exact actual correct right proper true real precise approximate rough average mean recommended ideal optimal best suggested
    advised suitable normal usual typical standard regular common general overall total full whole entire complete maximum minimum max
    min highest lowest largest smallest biggest longest shortest fastest new old latest default original official required necessary
    needed allowed permitted possible available specific certain different main basic only same given listed stated published present
    today safe good easiest quickest simplest first last next other""".split()
)


def which_asked(text: str) -> frozenset[str]:
    """The words that say which value or thing an English question asks for, folded: "dealer" of "What is the dealer price?"."""
    runs = [one["run"] for form in (_WHICH_ONE, _WHICH_VALUE) for one in form.finditer(text)]
    before = {fold(run.split()[-2]) for run in runs}  # of "the wall mounting height" the next one
    return frozenset(word for word in before - _ANY - _PLAIN if not is_stop(word, ENGLISH))


def modifiers(asked: Asked, vocabulary: Vocabulary) -> dict[str, tuple[tuple[str, ...], ...]]:
    """The stems of what ``which_asked`` finds in an English question, with all that says the same as stems: other words for it, and
    the manuals' words that begin alike ("charging" for "charger") or differ in a letter ("tyre" for "tire")."""
    told = which_asked(asked.text) if asked.language in AS_ENGLISH else ()
    found = {}
    for word in told:
        term = stem(word, asked.language)
        if term in asked.stems:
            near = {stem(one, asked.language) for one in vocabulary.counts if _alike(word, one)}
            found[term] = ((term,), *asked.other.get(term, ()), *((one,) for one in near))
    return found


def _alike(word: str, other: str) -> bool:
    if word[:1] != other[:1] or not other.isalpha():
        return False
    begins = len(word) >= BEGINNING and word[:BEGINNING] == other[:BEGINNING]
    pairs = zip(word, other, strict=False)
    return begins or (len(word) == len(other) > PART and sum(x != y for x, y in pairs) == 1)


_NAMED = re.compile(r"(?<![\w.'’-])[B-HJ-Z] \w{3,}(?![\w'’-])")


def named_things(text: str) -> list[str]:
    """Names of a letter and a word ("S Pen"). Two words with capitals are no surer a name than "Dark Mode", which another
    manual calls "Night mode"."""
    found = (match.group() for match in _NAMED.finditer(text))
    return [name for name in found if not is_stop(fold(name.split()[1]), ENGLISH)][:MOST_NAMES]


def named_pairs(asked: Asked, names: Collection[str]) -> list[tuple[str, ...]]:
    """The stems of things that an English question names by a letter and a word; none that is of a product's ``names``."""
    told = named_things(asked.text) if asked.language == ENGLISH else ()
    pairs = [tuple(stems(name, ENGLISH)) for name in told]
    return [pair for pair in pairs if len(pair) == 2 and set(pair).isdisjoint(names)]


def missing_of(asked: Asked, vocabulary: Vocabulary, called: Collection[str]) -> tuple[str, ...]:
    """The words of a question, as typed, that no manual has nor another word for."""
    missing = {term for term in asked.stems if not known_of(asked, term, vocabulary)}
    missing -= {stem(word, asked.language) for word in called}
    typed = (part.strip(".,;:!?\"'()“”¿¡«»。？！、「」؟") for part in asked.text.split())
    return tuple(unique(shown for word in typed for shown in _shown(word, missing, asked)))


def _shown(word: str, missing: Collection[str], asked: Asked) -> list[str]:
    """What of a typed word is missing: all of it, or where no blanks are between words, the characters."""
    if any(map(is_unspaced, plain_words(word))):
        return [term for term in asked.stems if term in missing and term in fold(word)]
    spoken = words(word, asked.language)
    return [word] if any(stem(each, asked.language) in missing for each in spoken) else []


def _things(text: str, language: str) -> list[list[str]]:
    """The nouns after a preposition and an article; all words after it where the last may be the verb ("… does the red wire go")."""
    found = []
    for match in _before(language).finditer(text):
        if language == "de" and not text[: match.start()].strip(" ?¿"):
            continue
        rest = re.split(r"[,.;:?!()]", text[match.end() :])[0]
        run: list[str] = []
        for part in rest.split():
            for word in words(part, language):
                if is_stop(word, language):
                    break
                if language != "de" or part[0].isupper():  # a noun
                    run.append(word)
            else:
                continue
            break
        asking = language == "en" and _ASKING.search(text[: match.start()])
        if run:
            found.append(run if asking else [run[0 if _BEFORE[language][1] else -1]])
    return found


@lru_cache(maxsize=8)
def _before(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_BEFORE[language][0]}", re.I)


# Set phrases whose words mean something else one by one, and what manuals may call it, in turn. No noun stands behind one:
# the "phone book case" is a case.
_BEHIND = (
    r"(?!\s+(?:in|protectors?|savers?|layouts?|settings?|areas?|locks?|sizes?|timeouts?|warrant\w*|cases?|covers?|brightness"
    r"|resolution|edges?|mode|glass|zoom|bigger|smaller|larger|brighter|darker|on (?:my|the|a) (?:tv|television|pc|computer))\b)"
)
_PHONE = r"(?:mobile phone|phone|mobile|tablet|device)"
# Behind what was lost: not "my phone number"
_SAID = r"(?=\W*$|\W*[.,;:!?(]|\s+(?:on|in|at|and|so|but|or|while|when|yesterday|today|again|somewhere|how|what|can|last)\b|\s+\w*\d)"
_SET_PHRASES = tuple(
    (re.compile(rf"\b(?:{phrase})\b{_BEHIND}", re.I), manuals)
    for phrase, manuals in (
        (
            r"(?:tak(?:es?|ing)|mak(?:es?|ing)|get|creat(?:es?|ing)|shoot|snap)\s+(?:an?\s+|some\s+)?(?:pictures?|photos?|photographs?"
            r"|pics?|images?|snaps?|snapshots?)\s+of\s+(?:(?:the|my|her|his|their|what(?:['’]?s| is) on (?:the|my)) )?(?:screen|display)"
            r"|captur(?:e|ing) (?:(?:the|my|her|his|their) screen|what(?:['’]?s| is) on (?:the|my) (?:screen|display))",
            ("take screenshot", "take screen capture"),
        ),
        (
            r"(?:(?:i|we|he|she|they|who)\s+)?(?:(?:have|has|had)\s+)?(?:just\s+)?(?:lost|misplaced|mislaid) (?:my|his|her|their|our|the) "
            rf"(?:{_PHONE}|(?P<it>(?:[\w-]+ )?\w*\d\w*)){_SAID}"
            rf"|(?:has )?(?:my|his|her|their|our|the) (?:{_PHONE}|(?P<that>(?:[\w-]+ )?\w*\d\w*)) (?:(?:is|was|got|has been|has|went|gone) )?(?:lost|stolen|missing){_SAID}",
            ("find my mobile", "find my device", "find lost device"),
        ),
        (r"(?:under|beneath) (?:the |a )(?:running )?(?:tap|faucet)(?: water)?", ("in water",)),
        (r"wifi", ("wi-fi",)),
        (r"parts? lists?|lists? of (?:all )?(?:the )?parts", ("bill of materials", "bom")),
        (r"phone ?books?|telephone books?|phone director(?:y|ies)", ("contacts",)),
        (r"answering machines?|answer ?phones?", ("voicemail", "voice mail")),
    )
)
_LONG = re.compile(r"(?<![\w'’-])[^\W\d_]{7,25}(?![\w'’-])")
PART = 3  # letters of a part of a word
BEGINNING = 5  # letters from which words that begin so are taken for the same
MOST_SPLIT, MOST_PAIRS, MOST_NAMES = (
    8,
    60,
    4,
)  # words, pairs and names of a question that are looked at
_NEXT_TO = re.compile(r"(?<![\w'’-])(?=([^\W\d_]{3,}) ([^\W\d_]{3,})(?![\w'’-]))")


def as_called(
    question: str, known: Container[str], stands: Callable[[tuple[str, ...]], bool]
) -> str:
    """The question with set phrases as the manuals call the thing, "screenshot" for "picture of the screen", and two words
    that they write as one so, "hotspot" for "hot spot", or the other way round.

    ``known`` has the manuals' stems; ``stands`` says whether stems stand one behind the other in one: what does is left.
    """
    stands = cache(stands)
    for phrase, manuals in _SET_PHRASES:
        match = phrase.search(question)
        other = next((one for one in manuals if all(s in known for s in stems(one, ENGLISH))), "")
        if match and other and not stands(tuple(stems(match.group(), ENGLISH))):
            whose = next((f" on the {one}" for one in match.groupdict().values() if one), "")
            question = f"{question[: match.start()]}{other}{whose}{question[match.end() :]}"
    for match in reversed(list(_NEXT_TO.finditer(question))[:MOST_PAIRS]):
        pair = match[1], match[2]
        apart = tuple(stem(fold(word), ENGLISH) for word in pair)
        joined, held = "".join(pair), stem(fold("".join(pair)), ENGLISH)
        # A manual's "offspindle" is no word, and of "someonerings" the stem is "someon"
        real = is_word(joined) or is_word(held)
        if held not in known or not real or len(held) < len(pair[0]) + PART:
            continue
        if any(is_stop(fold(word), ENGLISH) for word in pair):
            continue
        if not stands(apart):
            question = f"{question[: match.end(1)]}{question[match.start(2) :]}"
    for match in reversed(list(_LONG.finditer(question))[:MOST_SPLIT]):
        if match.group()[1:] not in (match.group()[1:].lower(), match.group()[1:].upper()):
            continue  # a name, "OnePlus"
        if stem(fold(match.group()), ENGLISH) not in known and not is_word(match.group()):
            question = f"{question[: match.start()]}{_apart(match.group(), known, stands)}{question[match.end() :]}"
    return question


def _apart(word: str, known: Container[str], stands: Callable[[tuple[str, ...]], bool]) -> str:
    """A word that no manual has as two that stand side by side in one, "dark mode" for "darkmode"; or as it is."""
    for at in range(PART, len(word) - PART + 1):
        pair = tuple(stem(fold(part), ENGLISH) for part in (word[:at], word[at:]))
        if all(part in known for part in pair) and stands(pair):
            return f"{word[:at]} {word[at:]}"
    return word


_WORD = re.compile(r"\w+")
_ARTICLES = frozenset("a an the my our your his her their this that".split())
_PARTICLES = frozenset("back down off on out up".split())
_BEFORE_VERB = frozenset("i we you they he she one to can do please and how".split())


# "My phone is hot": not the phone app, a phone number, a phone call
_PHONES = r"(?:mobile\s+|cell\s*|smart\s*)?(?:phone|mobile|tablet|handset|telephone)"
_OWN_PHONE = re.compile(
    r"\b(?P<whose>my|his|her|their|your|our|this|the|(?:customer|client|user|caller|wife|husband|son|daughter|mother|father|colleague)['’]s)\s+"
    rf"{_PHONES}\b(?P<after>\s+[\w'’]+|\W*$|[^\w\s]|\s+[^\w\s])",
    re.I,
)
# What is done to the device itself: "turn the phone off"
_SWITCHED = re.compile(
    rf"(?P<verb>\b(?:turn|switch|power|shut|restart|reboot|turning|switching|restarting)\s+(?:(?:on|off|down)\s+)?)(?P<whose>my|his|her|their|your|our|this|the)\s+{_PHONES}\b"
    r"(?P<after>\s+(?:on|off|down|completely|again)\b|\W*$)",
    re.I,
)


def phone_as_device(question: str) -> str:
    """A question with "device" for the phone or tablet that is switched on, off or restarted."""
    return _SWITCHED.sub(r"\g<verb>\g<whose> device\g<after>", question)


def own_phones(question: str) -> frozenset[str]:
    """The stems of the phone or tablet that somebody has, where no noun follows it ("the phone app"): manuals may say "device"."""
    found = set[str]()
    for match in _OWN_PHONE.finditer(question):
        after = fold(match["after"].strip(" ,.;:!?"))
        if not after or is_stop(after, ENGLISH) or after in _PARTICLES:
            found.update(stems(match.group()[: match.start("after") - match.start()], ENGLISH))
    return frozenset(found) - {stem(word, ENGLISH) for word in _ARTICLES}


def with_device(question: str, names: Collection[str]) -> str:
    """A question of what is done to the product itself, with "device" before its name: "How do I turn off the Galaxy S9?".

    The name says which manual, and in it the thing is the device: without the word, all that is left is "turn off", of
    anything. ``names`` are the words of the product's name, folded. A question with other words of its own is left alone.
    """
    found = list(_WORD.finditer(question))
    said = [fold(one.group()) for one in found]
    first = next((at for at, word in enumerate(said) if word in names), 0)
    before = [word for word in said[:first] if word not in _ARTICLES]
    apart = {word for word in said if word not in names and word not in STOP_WORDS} - _PARTICLES
    if before and before[-1] in _PARTICLES:
        before.pop()
    if not before or apart != {before[-1]}:
        return question
    if len(before) > 1 and before[-2] not in _BEFORE_VERB:
        return question
    at = found[first].start()
    return f"{question[:at]}device {question[at:]}"
