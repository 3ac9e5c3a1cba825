"""Write an element of a DITA or DocBook file, with all in it, as HTML.

What a file takes from another one (conref, XInclude, external entities) is there only where that file is in the same archive.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping
from html import escape
from typing import Any

from knowledge.parsing.converted.xml import elements as names
from knowledge.parsing.converted.xml.elements import XLINK, local
from knowledge.parsing.converted.xml.tables import TABLES, table_html

DEEPEST_REUSE = 10  # elements that are taken from elsewhere inside elements that are
LISTS = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
_NUMBER = re.compile(r"-?\d{1,6}$")


class XmlWriter:
    """Writes elements. ``find`` gives the element that a reference means, or None; ``keys`` the texts of DITA's keys."""

    def __init__(
        self,
        language: str = "",
        find: Callable[[str], Any] = lambda reference: None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        self.left_out: Counter[str] = Counter()
        self._language = language
        self._find = find
        self._keys = keys or {}
        self._level = 0
        self._reused = 0

    def written(self, element: Any, level: int = 1) -> str:
        """An element whose title is a heading of a level, from 1."""
        self._level = level - 1
        return self._written(element)

    def _inner(self, element: Any, without: Collection[str] = ()) -> str:
        """What is in an element, but for children with some names."""
        said = [escape(element.text or "")]
        for child in element:
            said.append("" if local(child) in without else self._written(child))
            said.append(escape(child.tail or ""))
        return "".join(said)

    def _written(self, element: Any) -> str:
        name = local(element)
        if not name:
            return ""
        if name == "include" and "XInclude" in element.tag:
            return self._included(element)
        if element.get("status") == "deleted" or element.get("revisionflag") == "deleted":
            self.left_out["deleted"] += bool("".join(element.itertext()).strip())
            return ""
        if name in names.SKIPPED:
            return ""
        reference = element.get("conref") or element.get("conkeyref")
        if reference:
            return self._taken_over(reference)
        return self._block(name, element)

    def _included(self, element: Any) -> str:
        """What XInclude puts here: an element of another file, else what the file says instead of it."""
        place, pointer = element.get("href", ""), element.get("xpointer", "")
        instead = [child for child in element if local(child) == "fallback"]
        found = None if element.get("parse") == "text" else self._find(f"{place}#{pointer}")
        if found is not None:
            return self._taken_over(f"{place}#{pointer}")
        self.left_out["parts"] += not instead
        return self._inner(instead[0]) if instead else ""

    def _taken_over(self, reference: str) -> str:
        """What stands elsewhere and is shown here."""
        found = self._find(reference) if self._reused < DEEPEST_REUSE else None
        if found is None:
            self.left_out["parts"] += 1
            return ""
        self._reused += 1
        said = self._written(found)
        self._reused -= 1
        return said

    def _block(self, name: str, element: Any) -> str:
        above = _above(element)
        if name in names.INFO and above not in ("step", "substep"):
            return "".join(self._written(e) for e in element if local(e) in ("title", "subtitle"))
        if name in names.NOTE_ELEMENTS:
            return self._note(name, element)
        if name in TABLES:
            titles = (self._inner(e).strip() for e in element if local(e) == "title")
            head = "".join(f"<figcaption>{title}</figcaption>" for title in titles)
            return head + table_html(element, self._inner)
        if name in names.SECTIONS:
            return self._section(name, element)
        if name in names.LISTED:
            return self._list(name, element)
        if name in names.ITEMS:
            defines = name == "listitem" and above == "varlistentry"
            return self._item("dd" if defines else names.ITEMS[name], element)
        if name in names.LISTINGS:
            return f"<pre>{self._inner(element)}</pre>"
        if name in names.PARAGRAPHS or name == "info":
            return f"<p>{self._inner(element)}</p>"
        if name in names.FIGURES:
            return f"<div>{self._inner(element)}</div>"
        if name in names.PICTURES:
            return self._picture(element)
        if name == "title":
            return self._title(element, above)
        return self._named(name, element, above)

    def _section(self, name: str, element: Any) -> str:
        has_title = any(local(e) == "title" or local(e) in names.INFO for e in element)
        outer, head = self._level, ""
        self._level += has_title or name in _HEADED
        if name in _HEADED and name != "refentry" and not has_title:
            head = self._heading(name.capitalize() * (self._language[:2].lower() in ("", "en")))
        elif name == "refentry" and not has_title:
            told = (e for e in element.iter() if local(e) in ("refentrytitle", "refname"))
            head = self._heading("".join(self._inner(e) for e in [*told][:1]))
        if name == "procedure":
            steps = "".join(self._written(e) for e in element if local(e) == "step")
            body = f"{self._inner(element, ('step',))}<ol>{steps}</ol>"
        else:
            body = self._inner(element)
        self._level = outer
        return f"<div>{head}{body}</div>"

    def _heading(self, said: str) -> str:
        level = max(1, min(self._level, 6))
        return f"<h{level}>{said}</h{level}>" if said.strip() else ""

    def _title(self, element: Any, above: str) -> str:
        said = self._inner(element)
        if above in ("procedure", "example") and _goes_on(element.getparent()):
            return f"<p>{said}</p>"  # what follows is not below its heading
        if above in names.SECTIONS or above in names.INFO or above in names.MAPS:
            return self._heading(said)
        return f"<figcaption>{said}</figcaption>" if above in names.FIGURES else f"<p>{said}</p>"

    def _named(self, name: str, element: Any, above: str) -> str:
        """An element that is written in a way of its own."""
        if name == "formalpara":
            title = "".join(self._inner(e).strip() for e in element if local(e) == "title")
            text = "".join(self._inner(e) for e in element if local(e) in ("para", "simpara"))
            colon = "" if title[-1:] in (".", ":", "?", "!", "") else ":"
            return f"<p>{title}{colon} {text}</p>"
        if name == "question":
            self._level += 1
            head = self._heading(_on_one_line(self._inner(element)))
            self._level -= 1
            return head
        if name == "refnamediv":
            called = ", ".join(self._inner(e) for e in element if local(e) == "refname")
            purpose = "".join(self._inner(e) for e in element if local(e) == "refpurpose")
            return f"<p>{called} – {purpose}</p>" if purpose else f"<p>{called}</p>"
        if name == "glossterm" and above == "glossentry":
            return f"<dt>{self._inner(element)}</dt>"
        if name in names.LINKS:
            return self._link(element)
        return self._inline(name, element)

    def _list(self, name: str, element: Any) -> str:
        if name == "simplelist" and element.get("type") == "inline":
            return ", ".join(self._inner(e) for e in element if local(e) == "member")
        tag, before, shown = names.LISTED[name], "", ""
        if tag == "ol":
            style = LISTS.get(element.get("numeration", ""), "a" if name == "substeps" else "1")
            start = element.get("startingnumber", "1")
            shown = f' type="{style}" start="{start if _NUMBER.match(start) else 1}"'
        if name != "glossentry":
            before = "".join(self._written(e) for e in element if local(e) in _ABOVE_LIST)
        return f"{before}<{tag}{shown}>{self._inner(element, _ABOVE_LIST)}</{tag}>"

    def _item(self, tag: str, element: Any) -> str:
        said = self._inner(element)
        if tag == "li" and "optional" in (element.get("importance"), element.get("performance")):
            said = _labelled("Optional: ", said)
        number = element.get("value", "")
        value = f' value="{number}"' if tag == "li" and _NUMBER.match(number) else ""
        return f"<{tag}{value}>{said}</{tag}>"

    def _note(self, name: str, element: Any) -> str:
        kind = element.get("type", name) if name in ("note", "hazardstatement") else name
        if kind == "other":
            kind = element.get("othertype") or "note"
        kind = "warning" if kind == "hazardstatement" else kind
        title = "".join(self._inner(e).strip() for e in element if local(e) == "title")
        label = escape(names.note_label(kind, self._language))
        if title:  # that of a warning stands beside the word that says it is one
            plain = kind in ("note", "tip") or label.casefold() in title.casefold()
            label = title if plain else f"{label}: {title}"
        colon = "" if label[-1:] in (".", ":", "?", "!") else ":"
        return f"<div>{_labelled(f'{label}{colon} ', self._inner(element, ('title',)))}</div>"

    def _picture(self, element: Any) -> str:
        told = [element.get("alt", "")]
        told += ["".join(e.itertext()) for e in element.iter() if local(e) in ("alt", "phrase")]
        words = next((" ".join(text.split()) for text in told if text.strip()), "")
        caption = "".join(self._written(e) for e in element if local(e) == "caption")
        return f'<img alt="{escape(words)}">{caption}' if words else caption

    def _link(self, element: Any) -> str:
        """The words of a link; of one without words, the title of what it links to, or its address."""
        said = self._inner(element, ("desc",))
        if said.strip():
            return said
        target = element.get("href") or element.get(f"{XLINK}href") or element.get("url") or ""
        inside = element.get("endterm") or element.get("linkend")
        found = self._find(f"#{inside}" if inside else target) if inside or target else None
        if found is not None:
            titles = [e for e in found.iter() if local(e) in ("title", "glossterm", "refname")]
            words = "".join(
                (titles[0] if titles and not element.get("endterm") else found).itertext()
            )
            return escape(" ".join(words.split())[:200])
        return escape(target) if re.match(r"https?://|mailto:", target) else ""

    def _inline(self, name: str, element: Any) -> str:
        said = self._inner(element)
        if not said.strip() and (key := element.get("keyref")):
            said = escape(self._keys.get(key, ""))
            self.left_out["parts"] += not said
        if name in names.SMALL:
            return f"<{names.SMALL[name]}>{said}</{names.SMALL[name]}>"
        if name in ("b", "strong") or element.get("role") in ("bold", "strong"):
            return f"<b>{said}</b>"
        if name in names.JOINED:
            sign = "-" if element.get("action") == "seq" else names.JOINED[name]
            parts = (self._written(e).strip() for e in element if local(e) != "shortcut")
            return escape(sign).join(filter(None, parts))
        if name in ("q", "quote"):
            return f"“{said}”"
        if name in names.NOTES_BELOW:
            return f" ({_on_one_line(said)})"
        return said


_HEADED = (
    "condition",
    "cause",
    "remedy",
    "refentry",
)  # sections that have a heading without a title
_ABOVE_LIST = ("title", "info", "blockinfo", "para", "simpara", "titleabbrev")


def _above(element: Any) -> str:
    parent = element.getparent()
    return "" if parent is None else local(parent)


def _goes_on(element: Any) -> bool:
    """Does text follow an element in its section?"""
    after = next((e for e in element.itersiblings() if local(e)), None)
    return after is not None and local(after) not in names.SECTIONS


def _on_one_line(html: str) -> str:
    return " ".join(re.sub(r"</?(?:p|div|ul|ol|li)\b[^>]*>", " ", html).split())


def _labelled(label: str, html: str) -> str:
    """HTML whose first paragraph begins with a label."""
    html = html.strip()
    if html.startswith("<p>"):
        return f"<p>{label}{html[3:].lstrip()}"
    if re.match(r"<(?:ul|ol|dl|table|pre|div|h\d|figcaption)\b", html):
        return f"<p>{label.strip()}</p>{html}"
    return f"<p>{label}{html}</p>"
