"""What an agent can choose from below a question: products, sections, what stands beside an answer; each is one click.

Pure functions: values of ``chatbot.conversations.types`` in, escaped HTML out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from markupsafe import Markup

from chatbot.conversations.suggestions import asked_of
from chatbot.conversations.types import Answer, Question
from chatbot.routing.lookup import sections_of
from knowledge.types import Evidence
from ui.sources import citations
from ui.text.english import say
from ui.web.html import in_order, join, text_button

MANY = 6  # products beyond which their list can be searched
OTHERS = 3  # sections offered beside an answer
# Of the best score, from which a section is. Of 38 wrong answers to 317 questions as agents ask them, 17 had the right section
# among those found; 16 of them from here on, and half of the others below it
NEARLY = 0.7


def products(choices: Sequence[str], question: Question) -> Markup:
    """Return the question back to the agent: which product, with a button for each that fits."""
    many = len(choices) > MANY
    shown = sorted(choices, key=in_order) if many else choices
    rows = join(text_button(name, "ask", question=question.text, product=name) for name in shown)
    narrow = Markup(
        '<input type="search" class="t-narrow" data-narrow aria-label="{0}" placeholder="{0}">'
    ).format(say("turn.product.find"))
    return Markup(
        '<div class="t-text"><p><b>{}</b> {}</p></div>{}<div class="t-choices">{}</div>'
    ).format(
        say("turn.product"),
        say("turn.product.lead"),
        narrow if many else Markup(""),
        rows,
    )


def sections(answer: Answer, question: Question, below: Markup) -> Markup:
    """Return the sections that may answer, each with its first words and a button that answers from it; ``below`` comes last."""
    rows = join(
        Markup("<li>{}{}</li>").format(
            citations.offered(found),
            this(found, question),
        )
        for found in answer.evidence
    )
    return Markup(
        '<div class="t-text"><p>{}</p></div><ul class="t-offered">{}</ul><p>{}</p>'
    ).format(
        answer.text,
        rows,
        below,
    )


def this(found: Evidence, question: Question) -> Markup:
    """Return the button that answers a question from a section."""
    return text_button(
        say("turn.choose.this"),
        "ask",
        question=question.text,
        product=question.product,
        passage=found.passage.id,
    )


def hidden_products(answer: Answer, question: Question) -> Markup:
    """Return buttons that search the products which the question names and the filter hid, or all where it found nothing."""
    if not question.product or answer.outcome == "which product" or answer.conflicts:
        return Markup("")
    names = [] if answer.outcome == "answered" else [""]
    rows = join(
        text_button(
            say("turn.search.there", product=name) if name else say("turn.search.all"),
            "ask", question=question.text, product=name,
        )
        for name in (*answer.products, *names)
    )  # fmt: skip
    return Markup('<div class="t-choices">{}</div>').format(rows) if rows else Markup("")


def others(answer: Answer, question: Question) -> Markup:
    """Return buttons that answer the same question from other sections that the search found."""
    manuals = {citation.version_id for citation in answer.citations}
    quoted = {citation.section[-1:] for citation in answer.citations}
    buttons = [
        text_button(
            _title(found.passage.section, quoted)
            if found.manual.version_id in manuals
            else say("turn.elsewhere", section=found.passage.section[-1], manual=found.manual.name),
            "ask",
            question=question.text,
            product=question.product,
            passage=found.passage.id,
        )
        for found in _others(answer)
    ]
    if not buttons:
        return Markup("")
    return Markup('<div class="t-further"><span>{}</span>{}</div>').format(
        say("turn.others"), join(buttons)
    )


def _title(section: tuple[str, ...], quoted: Collection[tuple[str, ...]]) -> str:
    """The name of a section, with that above it where one so named is quoted already."""
    return " › ".join(section[-2:]) if section[-1:] in quoted else section[-1]


def _others(answer: Answer) -> tuple[Evidence, ...]:
    """A passage of each section that was found nearly as well as that of the answer, and is not cited."""
    cited = {(one.version_id, one.section) for one in answer.citations}
    if answer.outcome != "answered" or not cited:
        return ()
    least = NEARLY * max((found.score for found in answer.evidence), default=0.0)
    sections = sections_of(answer.evidence, len(answer.evidence))
    return tuple(
        found
        for found in sections
        if found.passage.section and found.score >= least and _place(found) not in cited
    )[:OTHERS]


def _place(found: Evidence) -> tuple[int, tuple[str, ...]]:
    return found.manual.version_id, found.passage.section


def further(answer: Answer) -> Markup:
    """Return buttons that ask about the sections beside the one that answered; none twice with ``others``."""
    offered = {_place(found) for found in _others(answer)}
    buttons = join(
        text_button(
            found.passage.section[-1],
            "ask",
            question=asked_of(found),
            product=found.manual.product,
            passage=found.passage.id,
        )
        for found in answer.further
        if _place(found) not in offered
    )
    if not buttons:
        return Markup("")
    return Markup('<div class="t-further"><span>{}</span>{}</div>').format(
        say("turn.further"), buttons
    )
