"""What an agent proposes, and what an admin makes of it: a question, its product, and a text tied to the manuals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chatbot.conversations.types import Answer, Turn
from chatbot.curation.approved.ties import plain, tie
from chatbot.curation.approved.types import ApprovedAnswer, Draft, NotApproved, Tied
from knowledge.search.products.names import mentioned

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

PROPOSABLE = ("answered", "unanswered")  # outcomes: to the second an agent may know the answer


def may_be_proposed(answer: Answer) -> bool:
    """Say whether an answer is finished, and is not an approved one already."""
    return bool(answer.id) and answer.outcome in PROPOSABLE and not answer.approved


def proposal(assistant: Assistant, turn: Turn, text: str) -> Draft:
    """Return an answer of a conversation, with the text that an agent gave it, as a proposal.

    The question is the one that stands alone; the product the filter's or the one that the question names. Raises
    NotApproved for an answer that is not finished.
    """
    answer = turn.answer
    if answer is None or not may_be_proposed(answer):
        raise NotApproved("Only a finished answer that is not approved yet can be proposed.")
    question = assistant.catalog.by_product_name(answer.asked or turn.question.text)
    named = mentioned(question, assistant.catalog.products())
    product = turn.question.product or (named[0] if len(named) == 1 else "")
    before = Tied(answer.sentences, answer.citations)
    if answer.outcome == "unanswered":
        before = Tied()
    return _tied(assistant, question, product, text, before)


def edited(
    assistant: Assistant, one: ApprovedAnswer, question: str, product: str, text: str
) -> Draft:
    """Return an approved answer with another question, product or text, held against the manuals as they are now."""
    return _tied(assistant, " ".join(question.split()), product, text, one.tied)


def _tied(assistant: Assistant, question: str, product: str, text: str, before: Tied) -> Draft:
    kept, opinion = plain(text), assistant.second_opinion()
    tied = tie(assistant.catalog, assistant.search, kept, product, before, second_opinion=opinion)
    return Draft(question, product, kept, tied)
