"""Verbs of two parts: of German and Dutch ones the first stands alone at the end ("Wie schalte ich die Pumpe aus?" asks for
"ausschalten"), of English ones the second may ("switch the pump off"). Pure.

By its verb alone, switching off and switching on are the same.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence

from knowledge.search.languages import is_stop, stem
from knowledge.text import fold

_GERMAN = (
    "ab an auf aus bei durch ein fest frei her heraus herunter hin hinein hoch los mit nach um vor weg weiter wieder zu"
    " zurück zusammen voll leer nieder ineinander auseinander hinzu"
)
_DUTCH = "aan af bij door in los mee na om op over samen terug toe uit vast vol weg leeg open dicht"
PARTICLES = {"de": tuple(_GERMAN.split()), "nl": tuple(_DUTCH.split())}
# Between the parts of a participle or an infinitive: "zurückgesetzt", "zurückzusetzen", "teruggezet"
_BETWEEN = {"de": ("", "zu", "ge"), "nl": ("", "te", "ge")}
# Before a noun, which is no verb: "mein Akku", "dieser Motor"
_ARTICLE = re.compile(
    r"d(?:er|ie|as|en|em|es)|(?:ein|mein|dein|sein|ihr|unser|eu(?:e?r)|kein|dies|jed|jen|welch|manch|all|solch)(?:e[rsnm]?)?"
    r"|de|het|een|mijn|jouw|uw|zijn|haar|onze?|hun|deze|dit|dat|die|elke?|geen|welke?"
)
# With these a word at the end says what something is: "Ist der Akku voll?"
_BEING = frozenset("ist sind war waren wird werden bin is zijn was waren wordt worden".split())
# English: the verb, what it is done to, and its particle where the clause ends
_APART = re.compile(
    r"\b(?P<verb>(?:switch|turn|power|shut|plug|hook|boot|start|set|take|put|pull|charge)(?:es|s|ing|ed)?)\s+(?P<what>(?:[\w+-]+\s+){1,6}?)"
    r"(?P<particle>off|on|up|down|out|in|back)(?=\s*(?:[?.!,;]|$|\b(?:and|or|again|when|if|after|before|without|with|while|by|for|since|then)\b))",
    re.I,
)
LONGEST = 3  # words of what it is done to, beside those of a product's name
LEAST = 3  # letters of the verb's stem
Term = tuple[str, ...]


def with_whole_verb(everything: Sequence[str], language: str) -> list[str]:
    """The words of a question, its verb and the particle at its end as one word: the verb is the first word that carries
    meaning, without an article before it."""
    particles = {fold(one): one for one in PARTICLES.get(language, ())}
    if len(everything) < 3 or fold(everything[-1]) not in particles:
        return list(everything)
    *words, last = everything
    at = next((i for i, word in enumerate(words) if not is_stop(word, language)), None)
    if at is None or words[at].isdigit() or _BEING.intersection(map(fold, words[:at])):
        return list(everything)
    if at and _ARTICLE.fullmatch(fold(words[at - 1])):
        return list(everything)
    return [*words[:at], particles[fold(last)] + words[at], *words[at + 1 :]]


def with_particle_beside(question: str, names: Container[str]) -> str:
    """An English question with the particle of its verb beside it: "switch off my S9" for "switch my S9 off".

    ``names`` are the words of products' names, folded.
    """

    def beside(found: re.Match[str]) -> str:
        own = [word for word in found["what"].split() if fold(word) not in names]
        if len(own) > LONGEST:
            return found.group()
        return f"{found['verb']} {found['particle']} {found['what'].strip()}"

    return _APART.sub(beside, question)


def third_person(
    stems: Sequence[str], language: str, known: Container[str]
) -> dict[str, frozenset[Term]]:
    """For stems with the -t of "er reinigt", which Snowball leaves, those without it that a library knows ("reinig", as of
    "Reinigung"). German and Dutch only."""
    found: dict[str, frozenset[Term]] = {}
    for word in stems if language in PARTICLES else ():
        verbs = (word.removesuffix(ending) for ending in ("et", "t") if word.endswith(ending))
        terms = [(s,) for s in verbs if len(s) > LEAST and s in known and not is_stop(s, language)]
        if terms:
            found[word] = frozenset(terms)
    return found


def separable(
    everything: Sequence[str], language: str, known: Container[str]
) -> dict[str, frozenset[Term]]:
    """For the stems of verbs with a particle before them, their other forms and their parts, as far as a library knows them:
    for "zurücksetzen" that of "zurückgesetzt", and "setz" with "zuruck"."""
    found: dict[str, frozenset[Term]] = {}
    for word in everything:
        terms = {
            term
            for particle in PARTICLES.get(language, ())
            if word.startswith(particle) and len(word) > len(particle) + LEAST
            for term in _forms(particle, word[len(particle) :], language)
            if all(part in known for part in term)
        }
        if terms:
            found[stem(word, language)] = frozenset(terms)
    return found


def _forms(particle: str, rest: str, language: str) -> list[Term]:
    verb = stem(rest, language)
    if len(verb) < LEAST:
        return []
    whole = [(stem(particle + between + rest, language),) for between in _BETWEEN[language]]
    participle = (fold(f"{particle}ge{verb}t"),)
    return [*whole, participle, (verb, stem(particle, language))]
