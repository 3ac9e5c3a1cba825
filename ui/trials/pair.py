"""Two answers side by side: alike until the vote, then each with what wrote it and its sources.

Values in, escaped HTML out. Until the vote nothing but the two texts is put into the page.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING

from markupsafe import Markup

from chatbot.conversations.types import Answer, Turn
from chatbot.trials.store import CORRECTABLE, EVERYDAY, SIDES
from chatbot.trials.types import CHOICES, REASONS, SUPPORTS, AnswerPair, Side, Support
from ui.chat import answer_text, turns
from ui.chat.plain_text import for_customer_in_html
from ui.sources import views
from ui.sources.citations import Changed, sources
from ui.text.english import say
from ui.web.html import join, parse_time

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

NOTHING: Mapping[str, Changed] = MappingProxyType({})


def blind(pair: AnswerPair) -> Markup:
    """Return both answers as their texts alone, and what can be said of them."""
    sides = (
        _side(side, say(f"pair.side.{side}"), _text(answer))
        for side, answer in zip(SIDES, pair.answers, strict=True)
    )
    lead = "pair.lead" if pair.trial == EVERYDAY else "pair.lead.trial"
    return Markup(
        '<section class="t-pair" data-pair="{}" data-open><p class="t-state">{}</p><div class="t-sides">{}</div>{}'
        '<div class="t-row">{}</div><p><button type="button" class="t-button small" data-do="skip">{}</button></p></section>'
    ).format(pair.id, say(lead), join(sides), _reasons(), _votes(), say("pair.skip"))


def pairs_in(
    assistant: Assistant, shown: Sequence[Turn], reader: str, *, mine: bool
) -> dict[str, Markup]:
    """Return what stands in those turns of a conversation that compare two answers, by their ids.

    ``mine``: the reader asked them. Raises NotKept.
    """
    held = {turn.id: turn for turn in shown}
    pairs = assistant.trials.pairs(tuple(held), reader)
    opened = [answer for pair in pairs.values() if pair.state for answer in pair.answers]
    since = views.since(assistant.catalog, opened)
    return {
        key: revealed(pair, held[key] if mine else None, since)
        if pair.state
        else (blind(pair) if mine else waiting())
        for key, pair in pairs.items()
    }


def waiting() -> Markup:
    """Return what a colleague sees of a pair that whoever asked has not voted on."""
    return turns.state_line(say("pair.blind"))


def revealed(pair: AnswerPair, turn: Turn | None, since: Mapping[str, Changed] = NOTHING) -> Markup:
    """Return both answers with what wrote them, their routes and their sources.

    ``turn`` is where the pair stands; None for a colleague, who can only read it. ``since``: what became of each answer's
    sources.
    """
    words = "pair.said" if turn or pair.state in ("skipped", "same") else "pair.read"
    again = _correcting(pair) if turn else Markup("")
    sides = (_opened(pair, side, turn, since) for side in SIDES)
    return Markup(
        '<section class="t-pair" data-pair="{}"><p class="t-state">{}</p>{}<div class="t-sides">{}</div></section>'
    ).format(pair.id, say(f"{words}.{pair.state}"), again, join(sides))


def _side(side: Side, title: str, body: Markup) -> Markup:
    return Markup('<article data-side="{}" aria-label="{}"><h3>{}</h3>{}</article>').format(
        side, title, title, body
    )


def _text(answer: Answer) -> Markup:
    """Return the text of an answer, made in one way whatever wrote it."""
    if answer.outcome == "choose":
        body = Markup("<p>{}</p>").format(say("pair.choose"))
    else:
        shown = tuple(
            replace(part, text=_without_marks(part.text))
            for part in answer.sentences
            if not part.folded
        )
        plain = replace(answer, sentences=shown, text=_without_marks(answer.text))
        body = for_customer_in_html(plain)
    return Markup('<div class="t-text" dir="auto">{}</div>').format(body)


def _without_marks(text: str) -> str:
    """Return a text without marks of sources, also those that a model made up: they would tell what wrote it."""
    return answer_text.MARK.sub("", text)


def _reasons() -> Markup:
    """Return the reasons to choose from; none is chosen, and a second press takes one back."""
    buttons = join(
        Markup(
            '<button type="button" class="t-button small" data-do="why" data-reason="{}" aria-pressed="false">{}</button>'
        ).format(reason, say(f"pair.reason.{reason}"))
        for reason in REASONS
        if reason
    )
    return Markup(
        '<div class="t-row t-pressed" role="group" aria-label="{}"><span>{}</span>{}</div>'
    ).format(say("pair.why"), say("pair.why"), buttons)


def _votes() -> Markup:
    return join(
        Markup(
            '<button type="button" class="t-button" data-do="vote" data-choice="{}">{}</button>'
        ).format(choice, say(f"pair.vote.{choice}"))
        for choice in CHOICES
    )


def _correcting(pair: AnswerPair) -> Markup:
    """Return the votes once more, while one can still be corrected."""
    if not pair.voted_at or datetime.now(UTC) - parse_time(pair.voted_at) > CORRECTABLE:
        return Markup("")
    return Markup(
        '<details class="t-earlier"><summary>{}</summary><div class="t-row">{}</div></details>'
    ).format(say("pair.correct"), _votes())


def _opened(
    pair: AnswerPair, side: Side, turn: Turn | None, since: Mapping[str, Changed]
) -> Markup:
    """Return one answer with everything: what wrote it, its text, its sources, and what can be done with it."""
    place = SIDES.index(side)
    answer, taken = pair.answers[place], pair.taken == side
    cited = {citation.n: citation for citation in answer.citations}
    became = since.get(answer.id, {})
    if answer.outcome == "answered":
        text = answer_text.text(answer, cited, became)
    else:
        text = _text(answer)
    body = join(
        (
            turns.route_line(replace(answer.route, reason=_written(answer))),
            text,
            turns.notices(answer.notices),
            sources(answer.citations, answer.id, became),
            _judged(side, pair.support[place]) if turn and answer.citations else Markup(""),
            _going_on(pair, side, taken) if turn else Markup(""),
            turns.actions(pair.adopted(side), turn) if turn and taken else Markup(""),
        )
    )
    title = say(
        "pair.side.named", side=say(f"pair.side.{side}"), arm=say(f"arm.{pair.arms[place]}")
    )
    return _side(side, title, body)


def _written(answer: Answer) -> str:
    """Return who wrote an answer; in a comparison nobody chose how it is answered."""
    return say("pair.model", model=answer.model) if answer.model else say("pair.quoted")


def _judged(side: Side, given: Support) -> Markup:
    buttons = join(
        Markup(
            '<button type="button" class="t-button small" data-do="support" data-side="{}" data-support="{}" aria-pressed="{}">{}</button>'
        ).format(side, support, str(support == given).lower(), say(f"pair.support.{support}"))
        for support in SUPPORTS
        if support
    )
    return Markup('<div class="t-row t-pressed"><span>{}</span>{}</div>').format(
        say("pair.support"), buttons
    )


def _going_on(pair: AnswerPair, side: Side, taken: bool) -> Markup:
    if taken:
        return Markup('<p class="t-dim">{}</p>').format(say("pair.taken"))
    return Markup(
        '<p><button type="button" class="t-button small" data-do="take" data-side="{}">{}</button></p>'
    ).format(side, say("pair.take"))
