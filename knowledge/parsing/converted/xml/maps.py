"""The order of the topics in an archive of DITA: that of its maps, with how deep each stands, and the texts of their keys."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from knowledge.parsing.converted.xml.elements import local, title_of

DEEPEST = 50  # maps inside maps, and topics below topics
_TITLES = ("navtitle", "linktext")
_APART = frozenset(("reltable", "topicmeta", "title", "booktitle", "bookmeta"))


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of a map: the name of its file, "" for a head without one; the level of its title, from 1."""

    name: str
    level: int
    title: str = ""


@dataclass(slots=True)
class TopicOrder:
    """The topics in order, the title of the whole, the texts and the files of the keys, and how many topics are not there."""

    topics: list[Topic] = field(default_factory=list)
    title: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    missing: int = 0


def place_of(href: str, name: str) -> str:
    """The name in the archive of what a file refers to, without the part behind "#"."""
    path = unquote(href.partition("#")[0])
    return posixpath.normpath(posixpath.join(posixpath.dirname(name), path)) if path else name


def topic_order(maps: Mapping[str, Any], files: Mapping[str, Any]) -> TopicOrder:
    """The topics of all maps that no other map holds; without a map, all files by name."""
    made = TopicOrder()
    if not maps:
        made.topics = [Topic(name, 1) for name in sorted(files, key=_natural)]
        return made
    inner = {
        place_of(e.get("href", ""), name)
        for name, root in maps.items()
        for e in root.iter()
        if local(e) and e.get("href") and place_of(e.get("href", ""), name) != name
    }
    roots = [name for name in maps if name not in inner] or [*maps]
    for name in sorted(roots, key=lambda name: (name.count("/"), _natural(name))):
        made.title = made.title or title_of(maps[name])
        _Follower(maps, files, made).follow(maps[name], name, 1, 0)
    return made


@dataclass(frozen=True, slots=True)
class _Follower:
    maps: Mapping[str, Any]
    files: Mapping[str, Any]
    made: TopicOrder

    def follow(self, element: Any, name: str, level: int, depth: int) -> None:
        """Take in what stands below an element of a map; ``name`` is the map's."""
        for child in element if depth < DEEPEST else ():
            kind = local(child)
            if not kind or kind in _APART:
                continue
            _take_keys(child, name, self.made)
            if child.get("processing-role") == "resource-only" or kind == "keydef":
                continue
            place = place_of(child.get("href", ""), name) if child.get("href") else ""
            if place in self.maps:
                self.follow(self.maps[place], place, level, depth + 1)
                continue
            below = level + 1
            if place in self.files:
                self.made.topics.append(Topic(place, level))
            elif place and child.get("scope") not in ("external", "peer") and _is_topic(child):
                self.made.missing += 1
            elif title := _title(child):
                self.made.topics.append(Topic("", level, title))
            else:
                below = level
            self.follow(child, name, below, depth + 1)


def _is_topic(reference: Any) -> bool:
    return reference.get("format", "dita") in ("dita", "ditamap")


def _title(reference: Any) -> str:
    told = [reference.get("navtitle", "")]
    told += [
        "".join(e.itertext())
        for m in reference
        if local(m) == "topicmeta"
        for e in m
        if local(e) in _TITLES
    ]
    return next((" ".join(text.split()) for text in told if text.strip()), "")


def _take_keys(reference: Any, name: str, made: TopicOrder) -> None:
    """The text that each key of a reference stands for, and its file."""
    for key in reference.get("keys", "").split():
        texts = [
            "".join(e.itertext()) for e in reference.iter() if local(e) in ("keyword", *_TITLES)
        ]
        if texts:
            made.keys.setdefault(key, " ".join(texts[0].split()))
        if reference.get("href"):
            made.places.setdefault(key, place_of(reference.get("href"), name))


def _natural(name: str) -> list[tuple[int, str]]:
    parts = re.split(r"(\d+)", name.casefold())
    return [(int(part), "") if part.isdigit() else (-1, part) for part in parts]
