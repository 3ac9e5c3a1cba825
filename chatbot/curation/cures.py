"""What an admin does about a question that agents did not get answered: say in which section its answer stands.

Knows the assistant and the approved answers; nothing of pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from chatbot.answers.events import Finished
from chatbot.conversations.tables import moment
from chatbot.conversations.types import Answer, Citation, Question, Turn
from chatbot.curation.approved.first import AskedOf, first_for
from chatbot.curation.approved.proposing import proposal
from chatbot.curation.approved.types import NotApproved
from chatbot.routing.lookup import sections_of
from knowledge.search.products.names import mentioned
from knowledge.search.retriever import Search
from knowledge.types import Evidence, Passage

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from chatbot.curation.approved.types import ApprovedAnswer


def nearest_sections(assistant: Assistant, question: str, product: str) -> tuple[Evidence, ...]:
    """Return a passage of each of the sections that are nearest to a question, best first."""
    asked = assistant.catalog.by_product_name(question)
    return sections_of(assistant.search.find(asked, product).evidence)


@dataclass(frozen=True, slots=True)
class AnsweredHere:
    """What "Answered here" has made: the approved answer's id, its product, and whether the question gets it as it stands."""

    key: str
    product: str
    closes: bool


def answered_in(
    assistant: Assistant, question: str, product: str, passage: int, who: str
) -> AnsweredHere:
    """Make what a section says the approved answer to a question, by somebody (their id).

    Without a product it is that of the section, where the manuals are of several. An earlier answer of the same section to
    the question stays as it is. Raises NotApproved where the section is of another product, is searched no more or says
    nothing, NotKept.
    """
    held = assistant.catalog.passages([passage]).get(passage)
    of_section = assistant.catalog.version(held.version_id).product if held else ""
    products = assistant.catalog.products()
    named = product or next(iter(mentioned(question, products)), "")
    if named and of_section and named != of_section:
        raise NotApproved(f"This section is about {of_section}. Choose one about {named}.")
    about = named or (of_section if len(products) > 1 else "")
    there = approved_for(assistant, question, about)
    if there and held and any(_inside(c, held) for c in there.tied.citations):
        return AnsweredHere(there.id, there.product, _gets(assistant, question, product, there.id))
    answer = _from_section(assistant, Question(question, "documents", about, passage=passage))
    if answer.outcome != "answered" or not answer.citations:
        raise NotApproved("This section is searched no more. Choose another one.")
    turn = Turn(Question(question, product=about), answer, moment())
    key = assistant.approved.propose(proposal(assistant, turn, answer.text), who, answer.id)
    assistant.approved.approve(key, who, assistant.approved.one(key).changed)
    return AnsweredHere(key, about, _gets(assistant, question, product, key))


def _inside(citation: Citation, passage: Passage) -> bool:
    return (citation.version_id, citation.section) == (passage.version_id, passage.section)


def _gets(assistant: Assistant, question: str, product: str, key: str) -> bool:
    """Say whether somebody who asks a question as it stands gets an approved answer."""
    found = approved_for(assistant, question, product)
    return found is not None and found.id == key


def _from_section(assistant: Assistant, question: Question) -> Answer:
    """Return the answer from the section that a question chooses; without a conversation it is not kept."""
    *_, last = assistant.ask(question)
    assert isinstance(last, Finished), "the last step of a stream is Finished"
    return last.answer


def approved_for(assistant: Assistant, text: str, product: str) -> ApprovedAnswer | None:
    """Return the approved answer that a question gets, asked by itself with a product filter or ""; None without one."""
    products = assistant.catalog.products()
    named = mentioned(text, products)
    about = product or (named[0] if len(named) == 1 else "")
    asked = AskedOf(text, about, products[0] if len(products) == 1 else "")
    return first_for(assistant.approved, assistant.catalog, asked)


def approved_by(assistant: Assistant, text: str, product: str) -> Evidence | None:
    """Return the passage of the approved answer that a question gets, None without one."""
    catalog = assistant.catalog
    one = approved_for(assistant, text, product)
    for citation in one.tied.citations if one else ():
        passage = catalog.passage_at(citation.version_id, citation.page, citation.start)
        if passage is not None:
            return Evidence(passage, catalog.version(citation.version_id), 1.0, ("approved",))
    return None


def answered_by(
    assistant: Assistant, text: str, product: str, *, search: Search | None = None
) -> Evidence | None:
    """Return the passage that answers a question by now, by an approved answer or from the manuals; None where none does.

    ``search`` is another one than that of the library as it is.
    """
    return approved_by(assistant, text, product) or assistant.answers(text, product, search=search)
