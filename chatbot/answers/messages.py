"""What Tandem itself says in an answer, and the marks it sets."""

from __future__ import annotations

import re

from chatbot.conversations.types import Answer
from knowledge.catalog import Catalog
from knowledge.search.products.names import with_article

UNANSWERED = "The manuals do not answer this."
NO_MENTION = "No manual mentions {words}."
ONLY_OTHERS = "The {product} manual does not mention “{word}”; the {other} manual does."
ASK_MORE = "What do you want to know about {product}?"
NO_PRODUCT = "There is no manual for the {name}."
NEAREST = " Nearest: {near}."
OTHER_LANGUAGE = (
    "The question is in {asked}, the manuals are in {held}: ask in a language of the manuals."
)
CHOOSE = "Not sure which section answers this. Choose one:"
EACH = "These are the nearest sections for several questions together. Ask each by itself to see its own: {questions}"
GONE = "The manuals no longer hold the section you chose, so they were searched again."
PART_UNANSWERED = "No section was found that surely answers this part: “{question}”. Ask it by itself to see the nearest."
GOES_ON = "The section goes on after what is quoted here: open a source to read on."
READ_BY_OCR = "OCR has read what is quoted here (page {pages}): compare its figures with the picture of the page."
SAME = "The manual of {own} is quoted. The same words stand in the manuals of: {products}."
ONLY = "Only manuals of {product} were searched."
FILTERED = "Only manuals of {product} were searched; the question names {named}."
WHICH_PRODUCT = "Several products have different answers to this. Which one is it about?"
NOTHING_TO_CHECK = "There are no manuals yet, so there is nothing to check against."
NO_MANUALS = "There are no manuals yet, so there is nothing to answer from."
NOTHING_TO_COMPARE = "There is nothing to compare here, so this is the one answer."
NO_SOURCE = "No source in the manuals: this answer comes from the adapter's training."
NO_ANSWER = "The model gave no answer."
NOT_SURE = "The adapter is not sure about this."
NOT_HELD = "What the model wrote could not be found in the manuals."
LITTLE_HELD = "Most of what the model wrote could not be found in the manuals."
DIFFERS = "The model gave figures that differ from the manuals."
CUT = "The model's answer reached its length limit and is cut off here."
NOT_KEPT = "This answer is not kept: {reason}."
QUOTES = "This answer quotes the manuals instead."
SMALL_TALK = {
    "thanks": "You're welcome. Ask again whenever you need something.",
    "human": "I'm a program and cannot pass anyone on: please turn to a colleague. I can still look things up in the manuals.",
    "unhelpful": "Sorry that this did not help. Tell me what happens instead, or ask in other words. “Bad” under an answer tells the team.",
    "who": "I'm Tandem, a program: I answer from your product manuals and show the page of each answer.",
    "what": "Ask me about a product, an error or a procedure: I answer from the manuals and show the page of each answer.",
    "how are you": "Ready to help. What does the customer need?",
    "greeting": "Hello! What does the customer need?",
    "goodbye": "Goodbye!",
    "fine": "Good. Ask again whenever you need something.",
    "yes or no": "Tell me in a few words what the customer needs.",
}
MARK = re.compile(r" ?\[\d+\]")


def without_marks(text: str) -> str:
    """An answer's text without the marks of its citations."""
    return MARK.sub("", text)


def said_of_others(catalog: Catalog, answer: Answer) -> str:
    """The other products whose manuals hold all the passages that an answer cites of one, as a sentence; "" without any."""
    cited = {citation.hash for citation in answer.citations}
    own = {citation.product for citation in answer.citations}
    if len(own) != 1 or not any(own):
        return ""
    held = catalog.holders(cited).items()
    others = [name for name, hashes in held if name and name not in own and hashes >= cited]
    return SAME.format(own=with_article(*own), products=", ".join(others)) if others else ""


def on_ocr(catalog: Catalog, answer: Answer) -> str:
    """A word on the pages that OCR has read and whose figures an answer quotes, "" where there are none."""
    cited = {
        (c.version_id, c.page): c.label or str(c.page)
        for c in answer.citations
        if any(map(str.isdigit, c.quote))
    }
    pages = ", ".join(label for place, label in cited.items() if catalog.read_by_ocr(*place))
    return READ_BY_OCR.format(pages=pages) if pages else ""
