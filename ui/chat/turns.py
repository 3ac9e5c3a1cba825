"""Turns of a conversation as HTML: question, answer with its sources, and what to do when there is none.

Pure functions: values of ``chatbot.conversations.types`` in, escaped HTML out. Knows nothing of Gradio, routes or databases.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from markupsafe import Markup, escape

from chatbot.conversations.types import Answer, Citation, Conflict, Question, Route, Turn, about
from chatbot.curation.approved.proposing import may_be_proposed
from ui.chat import answer_text, choices, plain_text
from ui.sources.citations import Changed, chip, passages, sources
from ui.text.english import count, say
from ui.web.html import icon, icon_button, join, text_button, tool_button, when

TICKET = 300  # characters from which a question is shown as a text that scrolls, not as a heading; as in chat.js


def conversation(
    turns: Sequence[Turn],
    since: Mapping[str, Changed] = MappingProxyType({}),
    pairs: Mapping[str, Markup] = MappingProxyType({}),
) -> Markup:
    """Return all turns of a stored conversation, oldest first; ``since`` holds what became of each answer's sources,
    ``pairs`` what stands in those turns, by their ids, that compare two answers."""
    return join(
        turn_of(turn, pairs[turn.id], earlier(turn.earlier, since))
        if turn.id in pairs
        else stored_turn(turn, since)
        for turn in turns
    )


def given_by(name: str) -> Markup:
    """Return the line above a conversation that a colleague has given to its reader ("": one whose account is gone)."""
    told = say("turn.given", name=name) if name else say("turn.given.unknown")
    return Markup('<p class="t-notice" data-given>{}<span>{}</span></p>').format(icon("link"), told)


def stored_turn(turn: Turn, since: Mapping[str, Changed]) -> Markup:
    """Return a turn as it was kept, its earlier wordings folded below; one without an answer yet says so."""
    if turn.answer is None:
        body = Markup('<p class="t-state" data-pending>{}</p>').format(say("turn.waiting"))
    else:
        body = finished(turn.answer, turn.question, since.get(turn.id, {}), turn)
    return turn_of(turn, body, earlier(turn.earlier, since))


def turn_of(turn: Turn, body: Markup, below: Markup = Markup("")) -> Markup:
    """Return a turn: the question as typed, whatever is known of the answer, and what stands below."""
    question = turn.question
    return Markup(
        '<article class="t-turn" data-turn="{}"><header class="t-question"><div><h2 dir="auto"{}>{}</h2>{}</div>'
        '<div class="t-tools">{}{}</div></header><div class="t-answer">{}</div>{}</article>'
    ).format(
        turn.id,
        Markup(' class="ticket" tabindex="0"') if len(question.text) > TICKET else "",
        question.text,
        Markup('<p class="t-asked">{}</p>').format(say("js.for", product=question.product))
        if question.product
        else "",
        when(turn.asked_at) if turn.answer else "",
        icon_button(
            "edit",
            say("turn.edit"),
            "edit",
            question=question.text,
            product=question.product,
            turn=turn.id,
        ),
        body,
        below,
    )


def earlier(turns: Sequence[Turn], since: Mapping[str, Changed]) -> Markup:
    """Return the wordings that a turn had before, each with its answer, folded."""
    if not turns:
        return Markup("")
    rows = join(
        Markup('<div class="t-answer"><h3 dir="auto">{}</h3>{}</div>').format(
            turn.question.text, _past(turn.answer, since.get(turn.id, {}))
        )
        for turn in reversed(turns)
    )
    return Markup('<details class="t-earlier"><summary>{}</summary>{}</details>').format(
        count("turn.earlier", len(turns)), rows
    )


def _past(answer: Answer | None, since: Changed) -> Markup:
    """Return an answer to an earlier wording: what it said, and its sources; nothing can be done with it."""
    if answer is None:
        return state_line(say("turn.waiting"))
    cited = {citation.n: citation for citation in answer.citations}
    said = answer_text.text(answer, cited, since)
    return join((said, sources(answer.citations, answer.id, since)))


def finished(
    answer: Answer,
    question: Question,
    since: Changed = MappingProxyType({}),
    turn: Turn | None = None,
) -> Markup:
    """Return the whole of an answer that was stored: route, text, state, sources, actions.

    ``turn`` is where it is kept, with the vote on it; None for one that has just been given.
    """
    if answer.outcome == "smalltalk":
        return answer_text.text(answer, {}, since)
    if answer.outcome in ("stopped", "interrupted") and not (answer.text or answer.quotes):
        told = "turn.stopped" if answer.outcome == "stopped" else "turn.interrupted.empty"
        again = text_button(
            say("turn.again"), "ask", "small", question=question.text, product=question.product
        )
        choice = Markup('<div class="t-choices">{}</div>').format(again)
        return join((asked_line(answer.asked, question), state_line(say(told)), choice))
    beside, body = notices(answer.notices), _outcome(answer, question, since, turn)
    from_memory = answer.model and answer.outcome == "answered" and not answer.citations
    return join(
        (
            asked_line(answer.asked, question),
            Markup("") if from_memory else beside,
            *body[:1],
            route_line(
                answer.route, bool(answer.approved)
            ),  # the answer first, then why it was given so
            beside if from_memory else Markup(""),  # it came after the text, and stays there
            *body[1:],
            choices.hidden_products(answer, question),
            *(
                ()
                if "removed" in since.values()
                else (choices.others(answer, question), choices.further(answer))
            ),
            _about(answer),
        )
    )


def _about(answer: Answer) -> Markup:
    """Return which product the next question is about, for the line above the box ("": any); it is not shown here."""
    product = about(answer)
    return (
        Markup("")
        if product is None
        else Markup('<span hidden data-about="{}"></span>').format(product)
    )


def _outcome(
    answer: Answer, question: Question, since: Changed, turn: Turn | None
) -> tuple[Markup, ...]:
    """Return the text of an answer, and what stands below it."""
    if answer.outcome == "which product":
        return (choices.products(answer.products, question),)
    if answer.outcome == "choose":
        return (choices.sections(answer, question, _missing(answer, turn)),)
    if answer.outcome == "unanswered":
        return (unanswered(answer, question, turn), actions(answer, turn))
    cited = {citation.n: citation for citation in answer.citations}
    state = (
        Markup("") if answer.outcome == "answered" else state_line(say(f"turn.{answer.outcome}"))
    )
    nearest = (
        passages(answer.evidence) if answer.outcome == "failed" and answer.evidence else Markup("")
    )
    return (
        answer_text.text(answer, cited, since) if answer.text or not answer.quotes else Markup(""),
        _manuals_words(answer, since),
        conflicts(answer, question),
        state,
        sources(answer.citations, answer.id, since),
        nearest,
        actions(answer, turn),
    )


def _manuals_words(answer: Answer, since: Changed) -> Markup:
    """Return what the manuals say themselves beside what a model wrote: folded, or open where it wrote nothing."""
    if not answer.quotes:
        return Markup("")
    return Markup('<details class="t-quotes"{}><summary>{}</summary>{}</details>').format(
        Markup("" if answer.text else " open"),
        say("turn.quotes"),
        answer_text.quoted(answer.quotes, {-n: state for n, state in since.items()}),
    )


def conflicts(answer: Answer, question: Question) -> Markup:
    """Return where two manuals give other figures for the same, and the question which product it is about."""
    if not answer.conflicts:
        return Markup("")
    cited = {citation.n: citation for citation in answer.citations}
    lines = join(_conflict(conflict, cited, answer.id) for conflict in answer.conflicts)
    buttons = join(
        text_button(name, "ask", question=question.text, product=name) for name in answer.products
    )
    return Markup(
        '<section class="t-conflicts">{}<div><p><b>{}</b></p>{}<p>{}</p>{}</div></section>'
    ).format(
        icon("alert"),
        say("turn.conflict.products" if answer.products else "turn.conflict"),
        lines,
        say("turn.conflict.which" if answer.products else "turn.conflict.read"),
        Markup('<div class="t-choices">{}</div>').format(buttons) if answer.products else "",
    )


def _conflict(conflict: Conflict, cited: Mapping[int, Citation], answer_id: str) -> Markup:
    """Return a line for each of the two manuals: its name, its figure, its chip."""
    sides = zip(
        (cited[conflict.n], cited[conflict.other]), zip(*conflict.figures, strict=True), strict=True
    )
    return join(
        Markup("<p>{} {}</p>").format(
            say("turn.conflict.side", manual=citation.manual, figure=", ".join(figures)),
            chip(citation, answer_id),
        )
        for citation, figures in sides
    )


def route_line(route: Route, approved: bool = False) -> Markup:
    """Return the line that says which road was taken, and why; an approved answer is marked as one."""
    if approved:
        return Markup('<p class="t-route approved"><b>{}{}</b> {}</p>').format(
            icon("check"), say("answer.approved"), route.reason
        )
    return Markup('<p class="t-route"><b>{}</b> {}</p>').format(
        say(f"mode.{route.mode}"), route.reason
    )


def asked_line(asked: str, question: Question) -> Markup:
    """Return "Asked as: ..." when the question was searched in other words than were typed."""
    if not asked or asked == question.text:
        return Markup("")
    return Markup('<p class="t-asked" dir="auto">{}</p>').format(say("turn.asked", question=asked))


def notices(texts: Iterable[str]) -> Markup:
    """Return what the agent should know beside the answer."""
    return join(
        Markup('<p class="t-notice">{}{}</p>').format(icon("alert"), text) for text in texts
    )


def state_line(text: str, busy: bool = False) -> Markup:
    """Return a line on the state of an answer; a busy one moves."""
    return Markup('<p class="t-state{}">{}</p>').format(" busy" if busy else "", text)


def unanswered(answer: Answer, question: Question, turn: Turn | None = None) -> Markup:
    """Return what to show when the manuals do not answer: so, and the nearest passages, which may be answered from."""
    buttons = [choices.this(found, question) for found in answer.evidence]
    return Markup('<div class="t-text"><p>{}</p></div>{}<p>{}</p>').format(
        answer.text or say("turn.unanswered"),
        passages(answer.evidence, buttons),
        _missing(answer, turn),
    )


def _missing(answer: Answer, turn: Turn | None) -> Markup:
    """Return the button that reports a question as one that no manual answers; that it was reported stays seen."""
    if not answer.id:
        return Markup("")
    if turn and turn.reported:
        return Markup('<button type="button" class="t-button" disabled>{}</button>').format(
            say("js.missing.done")
        )
    return text_button(say("turn.missing"), "missing", answer=answer.id)


def actions(answer: Answer, turn: Turn | None = None) -> Markup:
    """Return what can be done with an answer, how well it is supported, and the vote on it where it is kept."""
    if not answer.id:
        return Markup("")
    rating = turn.rating if turn else None
    first, more = _copies(answer)
    votes = (
        tool_button(
            "good", say("answer.good.short"), "good", say("answer.good"),
            pressed=rating is not None and rating.good, answer=answer.id,
        ),
        tool_button(
            "bad", say("answer.bad.short"), "bad", say("answer.bad"),
            pressed=rating is not None and not rating.good, answer=answer.id,
        ),
    )  # fmt: skip
    reason = say("js.rated.reason", reason=rating.reason) if rating and rating.reason else ""
    return Markup(
        '<footer class="t-actions">{}{}<span class="t-votes">{}</span><span class="t-meta">{}</span><p class="t-reason" dir="auto">{}</p></footer>'
    ).format(first, more, join(votes), join(_figures(answer), " · "), reason)


def _copies(answer: Answer) -> tuple[Markup, Markup]:
    """Return the button that copies an answer for the customer, and the rest that a phone folds behind "More"."""
    propose = (
        tool_button(
            "send", say("answer.propose.short"), "propose", say("answer.propose"), answer=answer.id
        )
        if may_be_proposed(answer)
        else Markup("")
    )
    if not answer.text or answer.outcome == "unanswered":
        return Markup(""), propose
    first = tool_button(
        "copy",
        say("answer.copy.customer"),
        "copy",
        text=plain_text.for_customer(answer),
        html=plain_text.for_customer_in_html(answer),
        count=-1,
        unsure=plain_text.unsure(answer),
    )
    ticket = tool_button(
        "quote",
        say("answer.copy.ticket"),
        "copy",
        text=plain_text.for_ticket(answer),
        count=plain_text.sources_named(answer) or -1,
    )
    products = {citation.product for citation in answer.citations}
    checked = tool_button(
        "check",
        say("check.title"),
        "check",
        text=plain_text.for_customer(answer),
        product=products.pop() if len(products) == 1 else "",
    )
    printed = tool_button("print", say("answer.print.short"), "print", say("answer.print"))
    return first, Markup(
        '<button type="button" class="t-tool worded t-more" data-do="more" aria-expanded="false">{}{}</button>'
        '<span class="t-folded">{}{}{}{}</span>'
    ).format(icon("down"), say("answer.more"), ticket, checked, printed, propose)


def _figures(answer: Answer) -> list[Markup]:
    """Return how well an answer is supported (a click says what that means), who wrote it, and how long that took."""
    figures: list[str] = []
    judged = [part.state for part in answer.sentences if part.state != "none"]
    if judged and all(state == "verified" for state in judged):
        figures.append(count("turn.verified", len(judged)))
    elif judged:
        good = sum(state in ("verified", "supported") for state in judged)
        figures.append(say("turn.supported", n=good, all=len(judged)))
    if answer.model:
        figures.append(answer.model)
    if "total" in answer.seconds:
        total = answer.seconds["total"]
        figures.append(say("seconds", n=f"{total:.1f}") if total >= 0.1 else say("seconds.less"))
    shown = [escape(figure) for figure in figures]
    if judged:
        shown[0] = Markup('<button type="button" data-do="states" title="{}">{}</button>').format(
            say("turn.states"), shown[0]
        )
    return shown


def failed(reference: str) -> Markup:
    """Return what to show when an answer broke: what is safe, and the reference that the log carries too."""
    return state_line(say("turn.failed.reference", reference=reference))
