"""Formulas in TeX, and raised and lowered characters, in Markdown: "$10^3$", "$$ … $$", "10^3^", "H~2~O".

Formulas become MathML, which the reader of web pages puts in a line. A dollar of a price, a shell or a template stays one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

_DOLLARS = re.compile(
    r"(?<![A-Za-z0-9_$])(\$\$?)(?![\s$])((?:[^$\\`\"]|\\.){1,1000}?)(?<!\s)\1(?![A-Za-z0-9_$({])",
    re.S,
)
_SMALL = re.compile(r"(?<=[\w)\]}])([\^~])[\w+\-−–=().,*]{1,20}\1(?![~^])")
_SIGN = re.compile(r"\\[A-Za-z]+|\\[,;:! ]|[\^=<>+*/±×·÷≤≥≈−-]|_(?:\{|[A-Za-z0-9](?![A-Za-z]))")
_LONE = re.compile(r"[A-Za-z]{1,2}'{0,2}|[+-]?\d+(?:[.,]\d+)*(?:\\?%)?")
_PRICES = re.compile(r"\d[\d.,]*\s*[-−–]\s*\d[\d.,]*")  # "$12-15$"
_NAMED = re.compile(r"\\[A-Za-z]+|\{[^{}]*\}")  # a command, or what has a name or several letters
_WORDS = re.compile(r"[A-Za-z]{4,}|[A-Za-z]{2,} +[A-Za-z]{2,}")
_LINES = re.compile(
    r"\\(begin|end)\s*\{(?:aligned|align|alignat|split|gathered|gather|multline|eqnarray|equation)\*?\}"
)
_DEGREES = re.compile(r"\^\s*(?:\\circ(?![A-Za-z])|\{\s*\\circ\s*\})")
_BOLD = re.compile(r"\\(?:mathbf|boldsymbol|bm|mathit|mathsf|mathtt)(?![A-Za-z])")
_FUNCTION = re.compile(
    r"\\((?:arc)?(?:sin|cos|tan|cot)h?|ln|log|lg|exp)(?![A-Za-z])((?:[_^](?:\{[^{}]{0,40}\}|[A-Za-z0-9]))?)\s*(?!\\left)(?=[A-Za-z0-9\\])"
)
_IN_WORDS = re.compile(r"\\(?:text|mbox|textrm|textbf|textit)\s*\{[^{}]*\}")
_SAFE = {"<": "\ue010", "&": "\ue011", "/": "\ue012"}  # in words, until the formula is made
LONGEST = 2_000  # characters of a formula
MOST = 200_000  # characters of all formulas of a file; what comes after stays as it is written


def with_formulas(parser: MarkdownIt) -> MarkdownIt:
    """The parser with the marks of formulas, superscripts and subscripts among those that it knows."""
    from markdown_it.renderer import RendererHTML
    from mdit_py_plugins.dollarmath import dollarmath_plugin
    from mdit_py_plugins.subscript import sub_plugin
    from mdit_py_plugins.superscript import superscript_plugin

    spent = 0

    def shown(token: Token) -> str:
        nonlocal spent
        spent += 20 + len(token.content)
        sound = spent <= MOST and _is_formula(token.content)
        return (as_mathml(token.content) if sound else "") or escape(
            f"{token.markup}{token.content}{token.markup}", quote=False
        )

    def line(_: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
        return shown(tokens[at])

    def block(_: object, tokens: Sequence[Token], at: int, options: object, env: object) -> str:
        label = f" ({escape(tokens[at].info)})" if tokens[at].type == "math_block_label" else ""
        return f"<p>{shown(tokens[at])}{label}</p>\n"

    def fence(own: RendererHTML, tokens: Sequence[Token], at: int, *more: object) -> str:
        if tokens[at].info.strip() == "math" and (made := as_mathml(tokens[at].content)):
            return f"<p>{made}</p>\n"
        return RendererHTML.fence(own, tokens, at, *more)  # type: ignore[arg-type]

    parser.use(dollarmath_plugin, allow_blank_lines=False, double_inline=True)
    parser.use(superscript_plugin).use(sub_plugin)
    parser.inline.ruler.before("math_inline", "plain_sign", _plain_sign)
    for name in ("math_inline", "math_inline_double"):
        parser.add_render_rule(name, line)
    for name in ("math_block", "math_block_label"):
        parser.add_render_rule(name, block)
    parser.add_render_rule("fence", fence)
    return parser


@lru_cache(maxsize=1000)
def as_mathml(tex: str) -> str:
    """A formula in TeX as MathML, "" where it is none that is understood."""
    from latex2mathml.converter import convert

    if len(tex) > LONGEST or tex.count("{") != tex.count("}"):
        return ""
    if _LINES.search(tex):
        tex = _LINES.sub("", tex).replace("&", "").replace("\\\\", r";\ ")
    tex = _BOLD.sub(r"\\mathrm", _DEGREES.sub(r"\\degree ", tex.replace("~", r"\ ")))
    tex = _FUNCTION.sub(r"\\\1\2\\,", tex)
    tex = _IN_WORDS.sub(lambda m: "".join(_SAFE.get(char, char) for char in m[0]), tex)
    tex = re.sub(r"\s*/\s*", r"\\text{/}", tex)
    try:
        made = convert(tex.strip())
    except Exception:  # whatever a program that meets nonsense raises, its depth included
        return ""
    if "\\" in made or "&<" in made:  # a command that it does not know
        return ""
    made = made.replace("<mi>&#x000B1;</mi>", "<mo>&#x000B1;</mo>")
    for char, safe in _SAFE.items():
        made = made.replace(safe, escape(char))
    return made


def _plain_sign(state: StateInline, silent: bool) -> bool:
    """A dollar, a caret or a tilde that begins neither a formula nor small type is itself."""
    text, at = state.src, state.pos
    if text[at] == "$":
        found = _DOLLARS.match(text, at)
        begins = found is not None and _is_formula(found[2])
    elif text[at] in "^~" and "~~" not in text[max(0, at - 1) : at + 2]:
        found = _SMALL.match(text, at)
        # "5~10~15", "2.8.0~rc1~bpo10" and "Ctrl^A^B" are none, "H~2~O" is one
        begins = found is not None and not (
            text[found.end() : found.end() + 1].isalnum()
            and (
                text[found.end()].isdigit()
                and text[at - 1].isdigit()
                or any(map(str.isalpha, found.group()))
            )
        )
    else:
        return False
    if begins:
        return False
    if not silent:
        state.pending += text[at]
    state.pos += 1
    return True


def _is_formula(content: str) -> bool:
    """Does what stands between two dollars say by its signs that it is one?"""
    if not (_SIGN.search(content) or _LONE.fullmatch(content)) or _PRICES.fullmatch(content):
        return False
    if any(content.count(pair[0]) != content.count(pair[1]) for pair in ("()", "{}")):
        return False
    return not _WORDS.search(_NAMED.sub(" ", _NAMED.sub(" ", content)))
