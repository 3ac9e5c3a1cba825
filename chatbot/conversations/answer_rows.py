"""An answer as rows of the journal: its text, the state of each sentence, and where each source stands."""

from __future__ import annotations

import sqlalchemy as sa

from chatbot.conversations.stored_answer import dumped
from chatbot.conversations.tables import cited, moment, sentences, turns
from chatbot.conversations.types import Answer


def put_answer(db: sa.Connection, answer: Answer) -> None:
    """Puts an answer into the turn with its id, in place of what was there."""
    here = turns.c.answer_id == answer.id
    db.execute(turns.update().where(here).values(outcome=answer.outcome, answer=dumped(answer)))
    for table in (sentences, cited):
        db.execute(table.delete().where(table.c.answer_id == answer.id))
    for place, part in enumerate(answer.sentences):
        row = {
            "answer_id": answer.id,
            "place": place,
            "text": part.text,
            "state": part.state,
            "sources": len(part.n),
        }
        db.execute(sentences.insert().values(**row))
    for c in answer.citations:
        db.execute(
            cited.insert().values(
                answer_id=answer.id,
                n=c.n,
                manual_id=c.manual_id,
                version_id=c.version_id,
                page=c.page,
                start=c.start,
                end=c.end,
                hash=c.hash,
                state=c.state,
                cited_at=moment(),
            )  # fmt: skip
        )
