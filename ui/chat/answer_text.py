"""The text of an answer as HTML: paragraphs, lists, a chip behind each cited sentence, a quiet mark on the others.

Pure functions: values of ``chatbot.conversations.types`` in, escaped HTML out. What a model wrote is only ever text here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from types import MappingProxyType

from markupsafe import Markup, escape

from chatbot.conversations.types import Answer, Citation, Quotes, Sentence
from chatbot.grounding.entailment.comparison import differing
from knowledge.text import readable
from ui.sources.cells import quoted_cells, same_table, table
from ui.sources.citations import Changed, chip, clip, place_button, verdict
from ui.text.english import count, say
from ui.web.html import icon, join, marked

MARK = re.compile(r" ?\[\d{1,3}\]")
_BULLET = re.compile(r"^\s*(?:[-*•–▪◦]|(\d{1,3})[.)])\s+")
LONGEST_HELD = (
    24  # characters of a word that is held to its chip; a longer one may have to break itself
)

Sources = Mapping[int, Citation]
Line = list[str | int]
UNCHANGED: Changed = MappingProxyType({})


def text(answer: Answer, cited: Sources, since: Changed = UNCHANGED) -> Markup:
    """Return the text of a stored answer; a last sentence that was cut off follows the judged ones.

    ``since``: what became of each source, by number.
    """
    if not answer.sentences:
        return flowing((answer.text,), cited, answer.id)
    breaks, rest = laid_out(answer)
    parts = [*answer.sentences, Sentence(rest, "none")] if rest else answer.sentences
    return sentences(parts, cited, answer.id, breaks, since)


def quoted(quotes: Quotes, since: Changed = UNCHANGED) -> Markup:
    """Return what the manuals say themselves beside an answer that a model wrote; its sources open by their place."""
    cited = {one.n: one for one in quotes.citations}
    return sentences(quotes.sentences, cited, "", since=since)


def laid_out(answer: Answer) -> tuple[frozenset[int], str]:
    """Return which sentences begin a new line in the answer's text, and what follows the last of them."""
    at, breaks = 0, set()
    for i, part in enumerate(answer.sentences):
        found = -1 if part.folded else answer.text.find(part.text, at)
        if found < 0:
            continue
        if "\n" in answer.text[at:found]:
            breaks.add(i)
        at = found + len(part.text)
    return frozenset(breaks), MARK.sub("", answer.text[at:]).strip() if at else ""


def sentences(
    parts: Sequence[Sentence],
    cited: Sources,
    answer_id: str,
    breaks: frozenset[int] = frozenset(),
    since: Changed = UNCHANGED,
) -> Markup:
    """Return the sentences of an answer; a run of list items becomes a list, the others paragraphs.

    ``breaks`` are the indexes of sentences that begin a paragraph of their own.
    """
    blocks: list[Markup] = []
    for is_folded, whole in groupby(rows(parts, breaks), key=lambda row: row[0].folded):
        group = list(whole)
        shown = _blocks(group, cited, answer_id, since)
        blocks += [_folded(shown, group)] if is_folded else shown
    return Markup('<div class="t-text">{}</div>').format(join(blocks))


def _blocks(
    group: Sequence[list[Sentence]], cited: Sources, answer_id: str, since: Changed
) -> list[Markup]:
    """Return rows as lists, paragraphs and headings."""
    blocks = []
    for kind, run in groupby(group, key=kind_of):
        held = list(run)
        shown = [_row(row, cited, answer_id, since) for row in held]
        blocks += (
            [listed(shown)]
            if kind[0] == "item"
            else [_table([row[0] for row in held], cited, answer_id, since)]
            if kind[0] == "cells"
            else [
                Markup(
                    '<h3 dir="auto">{}</h3>' if row[0].heading else '<p dir="auto">{}</p>'
                ).format(body)
                for row, (_, body) in zip(held, shown, strict=True)
            ]
        )
    return blocks


def kind_of(row: Sequence[Sentence]) -> tuple[str, ...]:
    """Return what a row of an answer is: rows of one kind stand together, those of a table by their heads."""
    cells = quoted_cells(row[0])
    return ("item",) if row[0].item else ("cells", same_table(cells)) if cells else ("text",)


def _table(parts: Sequence[Sentence], cited: Sources, answer_id: str, since: Changed) -> Markup:
    """Return quoted rows with the same heads as a table; the row that answers stands out."""
    shown: list[tuple[list[tuple[str, str | Markup]], bool]] = []
    for part in parts:
        *first, (head, last) = quoted_cells(part)
        shown.append(
            ([*first, (head, held(last, _chips(part, cited, answer_id, since)))], part.key)
        )
    return table(shown)


def _folded(shown: Sequence[Markup], group: Sequence[Sequence[Sentence]]) -> Markup:
    """Return a part of a long list that opens in place, with how much is in it."""
    return Markup('<details class="t-rest"><summary>{}</summary>{}</details>').format(
        how_many_more([part for row in group for part in row]), join(shown)
    )


def how_many_more(parts: Sequence[Sentence]) -> str:
    """Return in words what is folded: "24 more steps" of a numbered list, else items or sentences."""
    items = [part for part in parts if part.item]
    if not items:
        return count("answer.more.sentences", len(parts))
    numbered = all(without_bullet(readable(part.text))[0] for part in items)
    return count("answer.more.steps" if numbered else "answer.more.items", len(items))


def rows(parts: Sequence[Sentence], breaks: frozenset[int]) -> list[list[Sentence]]:
    """Return the sentences by paragraph and list item.

    Only an item's first sentence is marked as one. Sentences between it and the next item of the same list are the
    rest of the item; after the last item they are a paragraph.
    """
    rows: list[list[Sentence]] = []
    for i, part in enumerate(parts):
        if (
            part.item
            and len(rows) > 1
            and rows[-2][0].item
            and not rows[-1][0].item
            and not rows[-1][0].heading
            and not rows[-1][0].paragraph
            and rows[-2][0].folded == rows[-1][0].folded == part.folded
            and _follows(rows[-2][0], part)
        ):
            rest = rows.pop()
            rows[-1] += rest
        apart = bool(rows) and (
            bool(quoted_cells(part) or quoted_cells(rows[-1][-1]))
            or part.heading
            or rows[-1][0].heading
            or part.folded != rows[-1][0].folded
        )
        if part.item or part.paragraph or i in breaks or not rows or rows[-1][0].item or apart:
            rows.append([])
        rows[-1].append(part)
    return rows


def _follows(item: Sentence, later: Sentence) -> bool:
    before, after = (without_bullet(readable(part.text))[0] for part in (item, later))
    return int(after) == int(before) + 1 if before and after else before == after


def _row(
    row: Sequence[Sentence], cited: Sources, answer_id: str, since: Changed
) -> tuple[str, Markup]:
    """Return the number of a list item, or "", and the sentences of a row."""
    number, first = (
        without_bullet(readable(row[0].text)) if row[0].item else ("", readable(row[0].text))
    )
    texts = [first, *(readable(part.text) for part in row[1:])]
    shown = []
    for alone, run in groupby(
        zip(texts, row, strict=True),
        key=lambda pair: pair[1].state == "unsupported" and pair[1].near is None,
    ):
        if alone:
            shown.append(_unsupported(" ".join(text for text, _ in run)))
        else:
            shown += [_sentence(text, part, cited, answer_id, since) for text, part in run]
    return number, join(shown, " ")


def _sentence(text: str, part: Sentence, cited: Sources, answer_id: str, since: Changed) -> Markup:
    if part.state == "contradicted":
        return _against(text, part)
    if part.state == "unsupported":
        return join((_unsupported(text), beside(part)), " ")
    shown = held(text, _chips(part, cited, answer_id, since))
    return Markup('<mark class="t-key">{}</mark>' if part.key else "<span>{}</span>").format(shown)


def _chips(part: Sentence, cited: Sources, answer_id: str, since: Changed) -> Markup:
    # The same place may hold one sentence word for word and another in other words: the state is the sentence's.
    known = [cited[n] for n in part.n if n in cited]
    return join(
        chip(replace(c, state=part.state), answer_id, since.get(c.n, "same")) for c in known
    )


def _unsupported(text: str) -> Markup:
    """Return sentences that no passage holds, marked once for all of them."""
    return Markup(
        '<span class="t-unsupported" title="{}"><span>{}</span> <em>{}</em></span>'
    ).format(say("turn.unsupported.why"), text, say("turn.unsupported"))


def _against(text: str, part: Sentence) -> Markup:
    """Return a sentence that a manual contradicts, with the manual's words beside it."""
    return Markup(
        '<span class="t-unsupported against" title="{}"><span>{}</span> <em>{}{}</em></span> {}'
    ).format(say("turn.contradicted.why"), text, icon("alert"), verdict(part), beside(part))


def beside(part: Sentence) -> Markup:
    """Return the nearest quote of the manuals, the words that differ marked, where a sentence is not in them as it is."""
    if part.near is None:
        return Markup("")
    quote = readable(part.near.quote)
    spans = [each.held_at for each in differing(readable(part.text), quote)]
    return Markup('<span class="t-beside">{} <q dir="auto">{}</q> {}</span>').format(
        say("near.says" if part.state == "contradicted" else "near.compare"),
        marked(clip(quote), spans, "t-differs"),
        place_button(part.near),
    )


def without_bullet(text: str) -> tuple[str, str]:
    """Return the number of a list item ("" for a bullet, or for a text that is no item), and its text."""
    match = _BULLET.match(text)
    return (match.group(1) or "", text[match.end() :]) if match else ("", text)


def listed(rows: Sequence[tuple[str, Markup | str]]) -> Markup:
    """Return a list of (number, text): with numbers where each item has one, else with bullets."""
    items = join(Markup('<li dir="auto">{}</li>').format(body) for _, body in rows)
    if not all(number for number, _ in rows):
        return Markup('<ul dir="auto">{}</ul>').format(items)
    return Markup('<ol start="{}" dir="auto">{}</ol>').format(rows[0][0], items)


def flowing(pieces: Sequence[str | int], cited: Sources, answer_id: str = "") -> Markup:
    """Return an answer while it is being written: text, and a chip for each number whose source is known."""
    blocks = []
    for is_item, run in groupby(_lines(pieces), key=lambda line: bool(_BULLET.match(str(line[0])))):
        bodies = [_flowing_line(line, is_item, cited, answer_id) for line in run]
        blocks += (
            [listed(bodies)]
            if is_item
            else [Markup('<p dir="auto">{}</p>').format(body) for _, body in bodies]
        )
    return Markup('<div class="t-text">{}</div>').format(join(blocks))


def _lines(pieces: Sequence[str | int]) -> list[Line]:
    """Return the pieces by line, without empty lines."""
    lines: list[Line] = [[]]
    for piece in pieces:
        if isinstance(piece, int):
            lines[-1].append(piece)
            continue
        first, *others = piece.split("\n")
        lines[-1].append(first)
        lines += [[line] for line in others]
    return [
        line for line in lines if any(isinstance(piece, int) or piece.strip() for piece in line)
    ]


def _flowing_line(line: Line, is_item: bool, cited: Sources, answer_id: str) -> tuple[str, Markup]:
    number, first = without_bullet(str(line[0])) if is_item else ("", line[0])
    shown, text = [], ""
    for piece in (first, *line[1:]):
        if isinstance(piece, str):
            text += piece
        elif piece in cited:
            shown.append(held(text, chip(cited[piece], answer_id)))
            text = ""
        else:
            text += f" [{piece}]"
    return number, join([*shown, escape(text)])


def held(text: str, chips: Markup) -> Markup:
    """Return a text and its chips with the last word held to them, so that no chip begins a line."""
    if not chips:
        return escape(text)
    before, space, last = text.rpartition(" ")
    if len(last) > LONGEST_HELD:
        return Markup("{}{}").format(text, chips)
    return Markup('{}{}<span class="t-hold">{}{}</span>').format(before, space, last, chips)
