"""Turns of a conversation as HTML: question, answer with its chips, sources, and what to do when there is none.

Pure functions: values of ``chatbot.types`` in, escaped HTML out. Knows nothing of Gradio, routes or databases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from markupsafe import Markup, escape

from chatbot.types import Answer, Citation, Question, Route, Sentence, Turn
from knowledge.text import readable
from ui.markup import icon, icon_button, join, text_button, when
from ui.sources import chip, passages, source_lines, sources
from ui.texts import count, say

_MARK = re.compile(r"\s*\[(\d{1,3})\]")
_BULLET = re.compile(r"^\s*(?:[-*•–▪◦]|(\d{1,3})[.)])\s+")
LONGEST_HELD = 24  # characters of a word that is held to its chip; a longer one may have to break itself

Sources = Mapping[int, Citation]


def conversation(turns: Sequence[Turn]) -> Markup:
    """Return all turns of a stored conversation, oldest first."""
    return join(stored_turn(turn) for turn in turns)


def stored_turn(turn: Turn) -> Markup:
    """Return a turn as it was kept; one without an answer yet says so."""
    if turn.answer is None:
        return turn_of(turn.question, Markup('<p class="t-state" data-pending>{}</p>').format(say("turn.waiting")))
    return turn_of(turn.question, finished(turn.answer, turn.question), turn.asked_at)


def turn_of(question: Question, body: Markup, asked_at: str = "") -> Markup:
    """Return a turn: the question as typed, and whatever is known of the answer."""
    return Markup(
        '<article class="t-turn"><header class="t-question"><div><h2>{}</h2>{}</div><div class="t-tools">{}{}</div></header>'
        '<div class="t-answer">{}</div></article>'
    ).format(
        question.text,
        Markup('<p class="t-asked">{}</p>').format(say("js.for", product=question.product)) if question.product else "",
        when(asked_at) if asked_at else "",
        icon_button("edit", say("turn.edit"), "edit", question=question.text, product=question.product),
        body,
    )


def finished(answer: Answer, question: Question) -> Markup:
    """Return the whole of an answer that was stored: route, text, state, sources, actions."""
    return join(
        (
            route_line(answer.route),
            asked_line(answer.asked, question),
            notices(answer.notices),
            _outcome(answer, question),
        )
    )


def _outcome(answer: Answer, question: Question) -> Markup:
    if answer.outcome == "which product":
        return products(answer.products, question)
    if answer.outcome == "unanswered":
        return join((unanswered(answer), actions(answer)))
    cited = {citation.n: citation for citation in answer.citations}
    text = sentences(answer.sentences, cited, answer.id) if answer.sentences else flowing(answer.text, cited, answer.id)
    state = "" if answer.outcome == "answered" else state_line(say(f"turn.{answer.outcome}"))
    nearest = passages(answer.evidence) if answer.outcome == "failed" and answer.evidence else ""
    return join((text, Markup(state), sources(answer.citations, answer.id), Markup(nearest), actions(answer)))


def route_line(route: Route) -> Markup:
    """Return the line that says which road was taken, and why."""
    return Markup('<p class="t-route"><b>{}</b> {}</p>').format(say(f"mode.{route.mode}"), route.reason)


def asked_line(asked: str, question: Question) -> Markup:
    """Return "Asked as: ..." when the question was searched in other words than were typed."""
    if not asked or asked == question.text:
        return Markup("")
    return Markup('<p class="t-asked">{}</p>').format(say("turn.asked", question=asked))


def notices(texts: Iterable[str]) -> Markup:
    """Return what the agent should know beside the answer."""
    return join(Markup('<p class="t-notice">{}{}</p>').format(icon("alert"), text) for text in texts)


def state_line(text: str, busy: bool = False) -> Markup:
    """Return a line on the state of an answer; a busy one moves."""
    return Markup('<p class="t-state{}">{}</p>').format(" busy" if busy else "", text)


def sentences(parts: Sequence[Sentence], cited: Sources, answer_id: str) -> Markup:
    """Return the sentences of an answer; a run of list items becomes a list, the others a paragraph."""
    blocks = []
    for is_item, run in groupby(_rows(parts), key=lambda row: row[0].item):
        rows = [_row(row, cited, answer_id) for row in run]
        blocks += [_list(rows)] if is_item else [Markup("<p>{}</p>").format(body) for _, body in rows]
    return Markup('<div class="t-text">{}</div>').format(join(blocks))


def _rows(parts: Sequence[Sentence]) -> list[list[Sentence]]:
    """Return the sentences by paragraph and list item.

    Only an item's first sentence is marked as one. Sentences between it and the next item of the same list are the
    rest of the item; after the last item they are a paragraph.
    """
    rows: list[list[Sentence]] = []
    for part in parts:
        if part.item and len(rows) > 1 and rows[-2][0].item and not rows[-1][0].item and _follows(rows[-2][0], part):
            rest = rows.pop()
            rows[-1] += rest
        if part.item or not rows or rows[-1][0].item:
            rows.append([])
        rows[-1].append(part)
    return rows


def _follows(item: Sentence, later: Sentence) -> bool:
    before, after = (_without_bullet(readable(part.text))[0] for part in (item, later))
    return int(after) == int(before) + 1 if before and after else before == after


def _row(row: Sequence[Sentence], cited: Sources, answer_id: str) -> tuple[str, Markup]:
    """Return the number of a list item, or "", and the sentences of a row."""
    number, first = _without_bullet(readable(row[0].text)) if row[0].item else ("", readable(row[0].text))
    texts = [first, *(readable(part.text) for part in row[1:])]
    shown = (_sentence(text, part, cited, answer_id) for text, part in zip(texts, row, strict=True))
    return number, join(shown, " ")


def _sentence(text: str, part: Sentence, cited: Sources, answer_id: str) -> Markup:
    chips = join(chip(cited[n], answer_id) for n in part.n if n in cited)
    if part.state != "unsupported":
        return Markup("<span>{}</span>").format(held(text, chips))
    return Markup('<span class="t-unsupported">{} <em>{}{}</em></span>').format(text, icon("alert"), say("turn.unsupported"))


def _without_bullet(text: str) -> tuple[str, str]:
    match = _BULLET.match(text)
    return (match.group(1) or "", text[match.end() :]) if match else ("", text)


def _list(rows: Sequence[tuple[str, Markup]]) -> Markup:
    items = join(Markup("<li>{}</li>").format(body) for _, body in rows)
    if not all(number for number, _ in rows):
        return Markup("<ul>{}</ul>").format(items)
    return Markup('<ol start="{}">{}</ol>').format(rows[0][0], items)


def flowing(text: str, cited: Sources, answer_id: str = "") -> Markup:
    """Return an answer's text while it is being written, with a chip for each mark whose source is known."""
    blocks = []
    lines = [line for line in text.splitlines() if line.strip()]
    for is_item, run in groupby(lines, key=lambda line: bool(_BULLET.match(line))):
        split = [_without_bullet(line) if is_item else ("", line) for line in run]
        bodies = [(number, _with_chips(rest, cited, answer_id)) for number, rest in split]
        blocks += [_list(bodies)] if is_item else [Markup("<p>{}</p>").format(body) for _, body in bodies]
    return Markup('<div class="t-text">{}</div>').format(join(blocks))


def _with_chips(line: str, cited: Sources, answer_id: str) -> Markup:
    """Replace the marks whose source is known; any other "[3]" is the manual's own text and stays."""
    pieces, at = [], 0
    for mark in _MARK.finditer(line):
        if citation := cited.get(int(mark.group(1))):
            pieces.append(held(line[at : mark.start()], chip(citation, answer_id)))
            at = mark.end()
    return join([*pieces, escape(line[at:])])


def held(text: str, chips: Markup) -> Markup:
    """Return a text and its chips with the last word held to them, so that no chip begins a line."""
    if not chips:
        return escape(text)
    before, space, last = text.rpartition(" ")
    if len(last) > LONGEST_HELD:
        return Markup("{}{}").format(text, chips)
    return Markup('{}{}<span class="t-hold">{}{}</span>').format(before, space, last, chips)


def unanswered(answer: Answer) -> Markup:
    """Return what to show when the manuals do not answer: so, and the nearest passages."""
    return Markup('<div class="t-text"><p>{}</p></div>{}<p>{}</p>').format(
        answer.text or say("turn.unanswered"),
        passages(answer.evidence),
        text_button(say("turn.missing"), "missing", answer=answer.id) if answer.id else "",
    )


def products(choices: Sequence[str], question: Question) -> Markup:
    """Return the question back to the agent: which product, with a button for each that fits."""
    rows = join(text_button(name, "ask", question=question.text, product=name) for name in choices)
    return Markup('<div class="t-text"><p><b>{}</b> {}</p></div><div class="t-choices">{}</div>').format(
        say("turn.product"), say("turn.product.lead"), rows
    )


def actions(answer: Answer) -> Markup:
    """Return what can be done with an answer, and how well it is supported."""
    if not answer.id:
        return Markup("")
    tools = [icon_button("good", say("answer.good"), "good", answer=answer.id)]
    tools.append(icon_button("bad", say("answer.bad"), "bad", answer=answer.id))
    if answer.text:
        plain = plain_text(answer)
        cited = plain + source_lines(answer.citations)
        copies = [icon_button("copy", say("answer.copy"), "copy", text=plain, count=-1)]
        if answer.citations:
            label = say("answer.copy.sources")
            copies.append(icon_button("quote", label, "copy", text=cited, count=len(answer.citations)))
        tools = copies + tools
    return Markup('<footer class="t-actions">{}<span class="t-meta">{}</span></footer>').format(
        join(tools), " · ".join(_figures(answer))
    )


def _figures(answer: Answer) -> list[str]:
    figures = []
    judged = [part.state for part in answer.sentences if part.state != "none"]
    if judged and all(state == "verified" for state in judged):
        figures.append(count("turn.verified", len(judged)))
    elif judged:
        good = sum(state in ("verified", "supported") for state in judged)
        figures.append(say("turn.supported", n=good, all=len(judged)))
    if "total" in answer.seconds:
        total = answer.seconds["total"]
        figures.append(say("seconds", n=f"{total:.1f}") if total >= 0.1 else say("seconds.less"))
    return figures


def plain_text(answer: Answer) -> str:
    """Return an answer as plain text with its marks, list items on their own lines."""
    if not answer.sentences:
        return answer.text.strip()
    pieces = []
    for part in answer.sentences:
        marks = "".join(f" [{n}]" for n in part.n)
        pieces.append(("\n" if part.item else " ") + readable(part.text) + marks)
    return "".join(pieces).strip()


def failed(reference: str) -> Markup:
    """Return what to show when an answer broke: what is safe, and the reference that the log carries too."""
    return state_line(say("turn.failed.reference", reference=reference))
