"""What an admin does about a question that agents did not get answered: say in which section its answer stands.

Knows the assistant and the approved answers; nothing of pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot.answers.events import Finished
from chatbot.conversations.tables import moment
from chatbot.conversations.types import Answer, Question, Turn
from chatbot.curation.approved.first import AskedOf, first_for
from chatbot.curation.approved.proposing import proposal
from chatbot.curation.approved.types import NotApproved
from chatbot.routing.lookup import sections_of
from knowledge.search.products import mentioned
from knowledge.types import Evidence

if TYPE_CHECKING:
    from chatbot.assistant import Assistant


def nearest_sections(assistant: Assistant, question: str, product: str) -> tuple[Evidence, ...]:
    """Return a passage of each of the sections that are nearest to a question, best first."""
    asked = assistant.catalog.by_product_name(question)
    return sections_of(assistant.search.find(asked, product).evidence)


def answered_in(assistant: Assistant, question: str, product: str, passage: int, who: str) -> str:
    """Make what a section says the approved answer to a question, by somebody (their id). Return its id.

    Raises NotApproved where the section is searched no more or says nothing, NotKept.
    """
    answer = _from_section(assistant, Question(question, "documents", product, passage=passage))
    if answer.outcome != "answered" or not answer.citations:
        raise NotApproved("This section is searched no more. Choose another one.")
    turn = Turn(Question(question, product=product), answer, moment())
    key = assistant.approved.propose(proposal(assistant, turn, answer.text), who, answer.id)
    assistant.approved.approve(key, who, assistant.approved.one(key).changed)
    return key


def _from_section(assistant: Assistant, question: Question) -> Answer:
    """Return the answer from the section that a question chooses; without a conversation it is not kept."""
    *_, last = assistant.ask(question)
    assert isinstance(last, Finished), "the last step of a stream is Finished"
    return last.answer


def answered_by(assistant: Assistant, text: str, product: str) -> Evidence | None:
    """Return the passage that answers a question by now, from the manuals or by an approved answer; None where none does."""
    found = assistant.answers(text, product)
    if found is not None:
        return found
    catalog = assistant.catalog
    named = mentioned(text, catalog.products())
    only = catalog.products()[0] if len(catalog.products()) == 1 else ""
    asked = AskedOf(text, product or (named[0] if len(named) == 1 else ""), only)
    one = first_for(assistant.approved, catalog, asked)
    for citation in one.tied.citations if one else ():
        passage = catalog.passage_at(citation.version_id, citation.page, citation.start)
        if passage is not None:
            return Evidence(passage, catalog.version(citation.version_id), 1.0, ("approved",))
    return None
