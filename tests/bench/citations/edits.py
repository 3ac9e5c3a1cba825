"""What all kinds of claim are made of: a sentence with all that surrounds it, and small edits. Knows no kind of claim."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from vocabulary import NAME, NOT_NAMES, SYNONYMS


@dataclass(frozen=True, slots=True)
class Foreign:
    """Nouns and names of other manuals, in order."""

    nouns: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence, where it stands, the nouns of its manual, and the parts of other manuals."""

    manual: str
    sentence: str
    passage: tuple[str, ...]
    nouns: frozenset[str]
    foreign: Foreign


# Makes a claim, or None where the sentence holds nothing to edit. The same seed makes the same claims as long as every
# edit asks for the same random numbers in the same order.
Edit = Callable[[Source, Random], str | None]


def found(pattern: str | re.Pattern[str], text: str) -> list[re.Match[str]]:
    """All places of a pattern, in order."""
    return list(re.finditer(pattern, text))


def replaced(text: str, match: re.Match[str], new: str) -> str:
    """The text with the match's place taken by other words."""
    return text[: match.start()] + new + text[match.end() :]


def exchanged(text: str, first: re.Match[str], second: re.Match[str]) -> str:
    """The text with two of its places exchanged."""
    return (
        text[: first.start()]
        + second[0]
        + text[first.end() : second.start()]
        + first[0]
        + text[second.end() :]
    )


def capital(text: str) -> str:
    """The text with a capital first letter."""
    return text[0].upper() + text[1:]


def small(text: str) -> str:
    """The text with a small first letter, unless it seems to begin with a name."""
    return (
        text
        if re.match(r"(I\b|[A-Z][A-Z0-9]|[A-Z][\w-]* [A-Z])", text)
        else text[0].lower() + text[1:]
    )


def root(word: str) -> str:
    """A word without its plural ending; enough to see that two words are one."""
    return re.sub(r"(ies|es|s|y|e)$", "", word.lower())


def synonymous(one: str, other: str) -> bool:
    """May one stand for the other?"""
    return any({one.lower(), other.lower()} <= set(group) for group in SYNONYMS)


def names_in(text: str) -> Iterator[re.Match[str]]:
    """Capitalised words within a sentence, such as menus and buttons."""
    return (match for match in NAME.finditer(text) if not set(match[0].lower().split()) & NOT_NAMES)


def nouns_in(source: Source, pattern: str = r"\b[a-z]{3,}\b") -> list[re.Match[str]]:
    """Places of the sentence's nouns."""
    return [match for match in found(pattern, source.sentence) if match[0] in source.nouns]
