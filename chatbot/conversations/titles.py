"""What a conversation is called until somebody gives it a name: its first question, without the greeting around it."""

from __future__ import annotations

from chatbot.grounding.mail import own_words
from chatbot.routing.questions import TICKET_WORDS, questions_in
from knowledge.text import sentences, words

LONGEST = 80  # characters


def title_of(question: str) -> str:
    """Return a title for a conversation that begins with this question, at most ``LONGEST`` characters in one line."""
    own = one_line(own_words(question))
    if len(words(question)) > TICKET_WORDS:
        return cut(one_line(questions_in(question, ())[0].text))
    if len(own) <= LONGEST:
        return own
    asked = (own[start:end] for start, end in sentences(own))
    return cut(next((one for one in asked if one.rstrip().endswith("?")), own).strip())


def one_line(text: str) -> str:
    """Return a text with every run of white space as one blank."""
    return " ".join(text.split())


def cut(text: str) -> str:
    """Return a text shortened at a word's end, with an ellipsis where something was left out."""
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:") + "…"
