"""Customers' words for the manual's words, as an admin has said: what is kept of them."""

from __future__ import annotations

from knowledge.errors import KnowledgeError
from knowledge.storage.database import Connections, changed
from knowledge.text import content_words, words

MOST_WORDS = 4  # of a phrase; longer ones are looked for nowhere


def set_synonym(connections: Connections, word: str, means: str, on: bool) -> None:
    """Keep that a word stands for another one in questions, or keep it no more.

    Raises KnowledgeError where one of them is empty or has more than MOST_WORDS words, or both are the same.
    """
    pair = [word.casefold(), means.casefold()]
    if on:
        for text in pair:
            if not 1 <= len(words(text)) <= MOST_WORDS or not any(map(str.isalpha, words(text))):
                raise KnowledgeError(
                    f"Give one word, or a phrase of at most {MOST_WORDS}, on each side."
                )
        if not (content_words(pair[0]) and content_words(pair[1])):
            raise KnowledgeError("A word that is in every question, such as 'the', finds nothing.")
        if words(pair[0]) == words(pair[1]):
            raise KnowledgeError(f"'{word}' is the same word on both sides.")
    with connections.writing() as db:
        if on:
            db.execute("INSERT OR IGNORE INTO synonyms VALUES (?, ?)", pair)
        else:
            db.execute("DELETE FROM synonyms WHERE word = ? AND means = ?", pair)
        changed(db)
