"""The markup of the pages: Jinja2 templates, in the folder ``templates`` of each room. Python decides what is shown.

All values are escaped unless they are ``Markup``. A template holds no words: they come from ``ui.text`` by ``say``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, PrefixLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from markupsafe import Markup

from ui.text.english import count, say
from ui.web.html import attributes, icon, icon_button, text_button, when

_ROOMS = Path(__file__).parents[2]
_BESIDE = re.compile(r"(^|(?<=>))\s*\n\s*|\s*\n\s*((?=<)|$)")
_INSIDE = re.compile(r"\s*\n\s*")
_HELPERS = (attributes, count, icon, icon_button, say, text_button, when)


class _LineBreaks(Extension):
    """A line break and its indent are for whoever reads a template: beside a tag or a value nothing, elsewhere a blank.

    A blank that shows therefore stands on one line with what it parts.
    """

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        for token in stream:
            if token.type == "data":
                token = Token(token.lineno, "data", _INSIDE.sub(" ", _BESIDE.sub("", token.value)))
            yield token


@cache
def _environment() -> Environment:
    made = Environment(
        loader=PrefixLoader(
            {path.parent.name: FileSystemLoader(path) for path in _ROOMS.glob("*/templates")}
        ),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=[_LineBreaks],
    )
    made.globals.update({helper.__name__: helper for helper in _HELPERS})
    return made


def render(name: str, /, **values: object) -> Markup:
    """Return a template, named by room and file ("chat/frame.html"), with these values in it.

    Raises jinja2.UndefinedError for a value that the template needs and was not given.
    """
    return Markup(_environment().get_template(name).render(**values))
