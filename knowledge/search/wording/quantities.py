"""What a question of quantity asks for: "how long" a length or a time, "how many watts" a power; and what a complaint asks
to have changed: "too dark" the brightness. Pure.

Manuals name the property ("Cable length", "Noise level") or give the figure with its unit; customers say the adjective. The
words stand one way only: who asks for the weight does not ask what is heavy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from knowledge.text import stem, words

_TIME = "second, seconds, min, minutes, h, hr, hrs, hours, days, weeks, months, years"
# adjective after "how" | what the manual may say in its place, commas between
_ADJECTIVES = f"""
long | length, duration, {_TIME}
often | interval, frequency, every, daily, weekly, monthly, quarterly, yearly, annually, {_TIME}
soon | {_TIME}
far | distance, range, reach
high | height
tall | height
wide | width
deep | depth
thick | thickness
big | size, dimensions, measurements, volume, capacity
large | size, dimensions, measurements, volume, capacity
heavy | weight, mass, weighs
loud | noise, sound level, sound pressure, sound power, db, dba, decibel
noisy | noise, sound level, sound pressure, sound power, db, dba, decibel
fast | speed, rpm, mph
hot | temperature
warm | temperature
cold | temperature
strong | strength, power, force
tight | torque, tighten, tightening, nm
bright | brightness, lumen, lm, lux
"""
# unit by name, or the verb that asks for a figure | what it measures and how it is written
_UNITS = """
watt, watts | power, wattage, kw
volt, volts | voltage
amp, amps, ampere, amperes | current, amperage
hertz | frequency, hz
decibel, decibels | noise, sound level, db, dba
bars | pressure, bar
degrees | temperature
weigh, weighs | weight, mass
consume, consumes | consumption
"""
# adjective after "too" or before "enough" | what is then to be changed; of such as name a mode too, which makes it worse
_COMPLAINTS = """
dark, dim, bright | brightness
loud, quiet, silent | volume
slow, sluggish, laggy | performance, optimization, optimize, optimise, optimisation
"""
# What stands before the adjective of a complaint; "is slow" is one by itself, "is dark" need not be
_TOO = frozenset(map(stem, "too so".split()))
_IS = frozenset(
    map(
        stem,
        "is are was be been being get gets getting got become becomes became runs run running".split(),
    )
)
_ITSELF = frozenset(
    map(
        stem,
        "phone tablet mobile handset telephone device machine appliance gadget thing unit product".split(),
    )
) | frozenset(
    map(
        stem,
        "lately recently today yesterday suddenly now always often sometimes again since update very so too become became get got do".split(),
    )
)
_SLOW = frozenset(map(stem, "slow sluggish laggy".split()))
Term = tuple[str, ...]
_DRAWING = frozenset(map(stem, "draw draws pull pulls consume consumes deliver delivers".split()))
_WITHOUT = frozenset(map(stem, "without excluding excludes except".split()))


@dataclass(frozen=True, slots=True)
class Property:
    """By what words a property is asked for, and by what a text shows that it tells it: its name, or a figure with its unit."""

    asked_by: re.Pattern[str]
    shown_by: re.Pattern[str]


def _property(asked_by: str, shown_by: str) -> Property:
    return Property(re.compile(rf"\b(?:{asked_by})\b", re.I), re.compile(shown_by, re.I))


WEIGHT = _property(
    "weighs?|weight|heavy",
    r"\b(?:weigh\w*|weights?|mass|heavy|light)\b|\d\s?(?:k?g|lbs?|oz|tons?|tonnes?|(?:kilo)?gram\w*|pounds?|ounces?)\b",
)
PRICE = _property(
    "costs?|prices?",
    r"\b(?:costs?|pric\w+|pay\w*|paid|fees?|charged?|free|euros?|dollars?|pounds?|cents?|francs?|EUR|USD|GBP|CHF)\b|[€$£¥]",
)
_SIZE = _property(
    "long|length|thick|thickness|wide|width|high|height|tall|deep|depth|diameter|big|large|far|distance",
    r"\d\s?(?:[mck]?m|in|ft|inch(?:es)?|feet|foot|yards?|(?:milli|centi|kilo)?met(?:er|re)s?)\b",
)
_TEMPERATURE = _property("temperatures?|hot|cold|warm", r"\d\s?(?:°\s?[CF]?|degrees?)(?!\w)")
_SPEED = _property(
    "speed|fast|rate",
    r"\bper\s+(?:second|minute|hour)\b|\d\s?(?:km/h|mph|rpm|m?m/s|[kMG]?bit/s)\b",
)
_PROPERTIES = (WEIGHT, PRICE, _SIZE, _TEMPERATURE, _SPEED)


@lru_cache(maxsize=1)
def _adjectives() -> dict[str, frozenset[Term]]:
    return _read(_ADJECTIVES)


@lru_cache(maxsize=1)
def _units() -> dict[str, frozenset[Term]]:
    return _read(_UNITS)


@lru_cache(maxsize=1)
def _complaints() -> dict[str, frozenset[Term]]:
    return _read(_COMPLAINTS)


def _read(lines: str) -> dict[str, frozenset[Term]]:
    found: dict[str, frozenset[Term]] = {}
    for line in lines.strip().splitlines():
        asked, named = line.split("|")
        terms = frozenset(tuple(map(stem, words(part))) for part in named.split(","))
        found.update({stem(word.strip()): terms for word in asked.split(",")})
    return found


def quantities(order: Sequence[str]) -> dict[str, frozenset[Term]]:
    """For the stems of an English question in order, what stands in a manual in place of its adjective and unit of quantity."""
    how = stem("how")
    adjectives = {
        word: _adjectives()[word]
        for before, word in zip(order, order[1:], strict=False)
        if before == how and word in _adjectives()
    }
    return {**{word: _units()[word] for word in order if word in _units()}, **adjectives}


def complaints(order: Sequence[str]) -> dict[str, frozenset[Term]]:
    """For the complaints of an English question, as stems in order, "too dark" and "bright enough": what is to be changed.

    Who finds the screen too dark asks for the brightness, and not for a dark mode.
    """
    found = {}
    for before, after in zip(order, order[1:], strict=False):
        slow = before in _IS and after in _SLOW
        word = after if before in _TOO or slow else before if after == stem("enough") else ""
        if word in _complaints():
            # A manual may say "slow" as well, but what is "too dark" is not mended by a dark mode
            itself = frozenset({(word,)} if word in _SLOW else ())
            found[f"{before} {after}"] = _complaints()[word] | itself
    return found


def slowness(complaint: str) -> bool:
    """Is a complaint, as stems ("is slow"), one of slowness?"""
    return complaint.split()[-1] in _SLOW


def of_whole(kept: Collection[str], complaint: str) -> bool:
    """Is nothing else complained of than the product itself, or what has nothing to do with what it is ("lately")?"""
    return {*kept} - {*complaint.split()} <= _ITSELF


def asks_adjective(order: Sequence[str]) -> frozenset[str]:
    """The adjectives of quantity in a question ("long" of "how long"), which no manual needs to hold."""
    return frozenset(quantities(order)) & frozenset(_adjectives())


def drawing(order: Sequence[str]) -> frozenset[str]:
    """The verbs beside a unit in a question, which say no more than it: "draw" of "how many watts does it draw"."""
    return _DRAWING.intersection(order) if _units().keys() & set(order) else frozenset()


def shows(word: str, text: str) -> bool:
    """Return whether a text shows what a word asks for by a figure with its unit, as the thickness by millimetres."""
    return any(one.asked_by.fullmatch(word) and one.shown_by.search(text) for one in _PROPERTIES)


def holds_figure(row: str, wanted: Collection[str], other: Mapping[str, frozenset[Term]]) -> bool:
    """Does a row of a table, as stems, hold a figure and all wanted stems, or what stands in their place?

    "Weight without battery" holds no battery.
    """
    order = row.split()
    apart = {after for word, after in zip(order, order[1:], strict=False) if word in _WITHOUT}
    held = frozenset(order) - apart
    named = (
        word in held or any(held.issuperset(term) for term in other.get(word, ()))
        for word in wanted
    )
    return any(map(str.isdigit, row)) and all(named)
