"""Conversations on disk: questions, answers, votes, reports. SQLAlchemy Core, so that another database can follow.

Knows nothing of search or pages; how a change reaches the disk is the file's business.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Collection
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from chatbot.conversations.answer_rows import put_answer
from chatbot.conversations.journal_file import JournalFile, open_file
from chatbot.conversations.reading import KEPT, holds, is_shared, readable_by, turn_in
from chatbot.conversations.stored_answer import dumped, loaded
from chatbot.conversations.tables import (
    approved,
    cited,
    conversations,
    gaps,
    moment,
    pairs,
    shared,
    turns,
    votes,
)
from chatbot.conversations.titles import LONGEST, title_of
from chatbot.conversations.types import Answer, Conversation, Question, Turn
from chatbot.conversations.wordings import in_place
from chatbot.curation.gaps import Gap, off_topic_questions, read_gaps, set_missing, set_off_topic
from chatbot.errors import ChatError, NoSuchConversation, NotKept
from chatbot.routing.intake import small_talk

UNKEPT = 200  # answers that could not be kept, in memory, so that their sources open


class Journal:
    """The conversations of all browsers; each call names the owner, and sees only that owner's."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file
        self._unkept: OrderedDict[str, tuple[str, Answer]] = OrderedDict()

    @property
    def file(self) -> JournalFile:
        """The file that it is kept in; accounts are kept there, too."""
        return self._file

    # Answering

    def begin(self, answer: Answer, question: Question, owner: str) -> None:
        """Puts a question on disk, before work on it starts. Raises NoSuchConversation (somebody else's), NotKept."""

        def write(db: sa.Connection) -> None:
            held = db.execute(
                sa.select(conversations.c.owner, conversations.c.title).where(
                    conversations.c.id == question.conversation
                )
            ).first()
            if held is not None and held.owner != owner:
                raise NoSuchConversation("There is no such conversation.")
            if held is None:
                db.execute(
                    conversations.insert().values(
                        id=question.conversation,
                        owner=owner,
                        title=title_of(question.text),
                        changed=moment(),
                        deleted=False,
                    )
                )
            db.execute(
                conversations.update()
                .where(conversations.c.id == question.conversation)
                .values(changed=moment(), deleted=False)
            )
            known = sa.select(turns.c.id).where(
                turns.c.answer_id == question.replaces,
                turns.c.conversation == question.conversation,
            )
            replaces = question.replaces if db.execute(known).first() else ""
            if held is not None and (replaces or small_talk(held.title)):
                self._retitle(db, question)
            db.execute(
                turns.insert().values(
                    answer_id=answer.id,
                    conversation=question.conversation,
                    question=question.text,
                    mode=question.mode,
                    product=question.product,
                    asked_at=moment(),
                    outcome="interrupted",
                    answer=None,
                    replaces=replaces,
                )  # fmt: skip
            )

        self._file.write(write)

    def _retitle(self, db: sa.Connection, question: Question) -> None:
        """Names a conversation after a question that rewords its first or follows small talk, unless somebody named it."""
        here = turns.c.conversation == question.conversation
        asked = sa.select(turns.c.answer_id, turns.c.question, turns.c.asked_at, turns.c.replaces)
        rows = db.execute(asked.where(here).order_by(turns.c.id)).all()
        first = in_place(
            (Turn(Question(row.question), None, row.asked_at, row.answer_id), row.replaces)
            for row in rows
        )[0]
        wordings = (first, *first.earlier)
        talk = all(small_talk(row.question) for row in rows)
        if talk or question.replaces in {turn.id for turn in wordings}:
            made = {title_of(turn.question.text) for turn in wordings}
            db.execute(
                conversations.update()
                .where(conversations.c.id == question.conversation, conversations.c.title.in_(made))
                .values(title=title_of(question.text))
            )

    def finish(self, answer: Answer) -> None:
        """Puts an answer on disk, however it ended, with its citations and the state of each sentence. Raises NotKept."""
        self._file.write(lambda db: put_answer(db, answer))

    def checkpoint(self, answer: Answer) -> None:
        """Puts what is written so far on disk, in case nothing more comes. Raises NotKept."""
        text = dumped(answer)
        self._file.write(
            lambda db: db.execute(
                turns.update().where(turns.c.answer_id == answer.id).values(answer=text)
            )
        )

    def hold(self, answer: Answer, owner: str) -> None:
        """Remembers an answer that cannot be put on disk, until the server ends, so that its sources open."""
        self._unkept[answer.id] = (owner, answer)
        while len(self._unkept) > UNKEPT:
            self._unkept.popitem(last=False)

    # Reading

    def owns(self, conversation: str, owner: str) -> bool:
        """Say whether a conversation is kept and is an owner's; False too where that cannot be read."""
        query = sa.select(conversations.c.id).where(
            conversations.c.id == conversation, conversations.c.owner == owner
        )
        try:
            with self._file.reading() as db:
                return db.execute(query).first() is not None
        except NotKept:
            return False

    def conversations(self, owner: str, search: str = "") -> tuple[Conversation, ...]:
        """An owner's conversations, last changed first.

        Each word of ``search`` has to stand in the title, in a question or in an answer.
        """
        count = (
            sa.select(sa.func.count())
            .where(turns.c.conversation == conversations.c.id, turns.c.replaces == "")
            .scalar_subquery()
        )
        query = sa.select(
            conversations.c.id, conversations.c.title, conversations.c.changed, count, is_shared()
        ).where(conversations.c.owner == owner, sa.not_(conversations.c.deleted))
        for word in search.split():
            query = query.where(holds(word))
        with self._file.reading() as db:
            rows: Any = db.execute(query.order_by(conversations.c.changed.desc()).limit(500))
            return tuple(Conversation(*row) for row in rows)

    def turns(self, conversation: str, reader: str) -> tuple[Turn, ...]:
        """A conversation's questions and answers in their order, each in its last wording. Raises NoSuchConversation."""
        query = KEPT.where(turns.c.conversation == conversation).order_by(turns.c.id)
        with self._file.reading() as db:
            self._own(db, conversation, readable_by(reader))
            rows = db.execute(query).all()
        return in_place((turn_in(row), row.replaces) for row in rows)

    def owner(self, conversation: str, reader: str) -> str:
        """Whose a conversation is that somebody may read. Raises NoSuchConversation, NotKept."""
        query = sa.select(conversations.c.owner).where(conversations.c.id == conversation)
        with self._file.reading() as db:
            self._own(db, conversation, readable_by(reader))
            return str(db.execute(query).scalar_one())

    def answer(self, answer_id: str, reader: str) -> Answer:
        """One answer with its citations, also one that could not be kept. Raises NoSuchConversation, NotKept."""
        holder, unkept = self._unkept.get(answer_id, ("", None))
        if unkept is not None and holder == reader:
            return unkept
        return self._stored(answer_id, readable_by(reader))

    def own_turn(self, answer_id: str, owner: str) -> Turn:
        """An owner's question with its answer. Raises NoSuchConversation, NotKept."""
        mine = KEPT.join(conversations, conversations.c.id == turns.c.conversation).where(
            turns.c.answer_id == answer_id, conversations.c.owner == owner
        )
        with self._file.reading() as db:
            row = db.execute(mine).first()
        if row is None or row.answer is None:
            raise NoSuchConversation("There is no such answer.")
        return turn_in(row)

    def _stored(self, answer_id: str, allowed: sa.ColumnElement[bool]) -> Answer:
        query = sa.select(turns.c.answer).join(
            conversations, conversations.c.id == turns.c.conversation
        )
        with self._file.reading() as db:
            row = db.execute(query.where(turns.c.answer_id == answer_id, allowed)).first()
        if row is None or row.answer is None:
            raise NoSuchConversation("There is no such answer.")
        return loaded(row.answer)

    def support(self) -> dict[str, dict[str, int]]:
        """How many sentences of all answers are in which state, by the mode that answered."""
        with self._file.reading() as db:
            rows: Any = db.exec_driver_sql(
                "SELECT mode, state, sentences FROM support_by_mode ORDER BY mode, state"
            ).all()
        found: dict[str, dict[str, int]] = {}
        for mode, state, count in rows:
            found.setdefault(mode, {})[state] = count
        return found

    def gaps(self) -> tuple[Gap, ...]:
        """What agents did not get, last asked first. Raises NotKept."""
        return read_gaps(self._file)

    def off_topic(self) -> tuple[tuple[str, str], ...]:
        """The questions that are none for the manuals, each with its product, the latest first. Raises NotKept."""
        return off_topic_questions(self._file)

    def set_off_topic(self, question: str, product: str, off: bool) -> None:
        """Keeps that a question is none for the manuals, or that it is one after all. Raises NotKept."""
        set_off_topic(self._file, question, product, moment() if off else "")

    def set_missing(self, question: str, product: str, missing: bool) -> None:
        """Keeps that the manuals should answer a question and do not, or that nobody says so. Raises NotKept."""
        set_missing(self._file, question, product, moment() if missing else "")

    def citing(self, versions: Collection[int]) -> int:
        """How many answers cite any of these versions of a manual."""
        query = sa.select(sa.func.count(sa.distinct(cited.c.answer_id))).where(
            cited.c.version_id.in_(versions)
        )
        with self._file.reading() as db:
            return int(db.execute(query).scalar_one())

    # Changing

    def rename(self, conversation: str, owner: str, title: str) -> None:
        """Gives a conversation a name. Raises NoSuchConversation, ChatError (empty)."""
        if not (title := " ".join(title.split())[:LONGEST]):
            raise ChatError("A conversation needs a name.")
        self._change(conversation, owner, title=title)

    def delete(self, conversation: str, owner: str) -> None:
        """Takes a conversation off the list; ``restore`` brings it back."""
        self._change(conversation, owner, deleted=True)

    def restore(self, conversation: str, owner: str) -> None:
        """Brings a deleted conversation back."""
        self._change(conversation, owner, deleted=False)

    def take_over(self, before: str, owner: str) -> None:
        """Give a person what their browser asked before they could sign in."""

        def write(db: sa.Connection) -> None:
            mine = conversations.c.owner == before
            db.execute(conversations.update().where(mine).values(owner=owner))
            for who in (approved.c.proposed_by, approved.c.decided_by):
                db.execute(approved.update().where(who == before).values({who.name: owner}))
            db.execute(pairs.update().where(pairs.c.voter == before).values(voter=owner))

        self._file.write(write)

    def share(self, conversation: str, owner: str, on: bool) -> None:
        """Lets colleagues read a conversation, or no more. Raises NoSuchConversation, NotKept."""

        def write(db: sa.Connection) -> None:
            self._own(db, conversation, conversations.c.owner == owner)
            db.execute(shared.delete().where(shared.c.conversation == conversation))
            if on:
                db.execute(shared.insert().values(conversation=conversation, since=moment()))

        self._file.write(write)

    def rate(self, answer_id: str, owner: str, good: bool, reason: str = "") -> None:
        """Keeps what the agent thinks of an answer; the last vote counts. Raises NoSuchConversation, NotKept."""
        self._stored(answer_id, conversations.c.owner == owner)

        def write(db: sa.Connection) -> None:
            db.execute(votes.delete().where(votes.c.answer_id == answer_id))
            db.execute(
                votes.insert().values(
                    answer_id=answer_id, good=good, reason=reason[:2000], voted_at=moment()
                )
            )

        self._file.write(write)

    def unrate(self, answer_id: str, owner: str) -> bool:
        """Takes a vote back; False when there is none. Raises NoSuchConversation, NotKept."""
        self._stored(answer_id, conversations.c.owner == owner)
        taken = False

        def write(db: sa.Connection) -> None:
            nonlocal taken
            taken = db.execute(votes.delete().where(votes.c.answer_id == answer_id)).rowcount > 0

        self._file.write(write)
        return taken

    def report_missing(self, answer_id: str, owner: str) -> None:
        """Keeps a question that no manual answers, once. Raises NoSuchConversation, NotKept."""
        self._stored(answer_id, conversations.c.owner == owner)

        def write(db: sa.Connection) -> None:
            row = db.execute(
                sa.select(turns.c.question, turns.c.product).where(turns.c.answer_id == answer_id)
            ).one()
            db.execute(gaps.delete().where(gaps.c.answer_id == answer_id))
            db.execute(
                gaps.insert().values(
                    answer_id=answer_id,
                    question=row.question,
                    product=row.product,
                    reported_at=moment(),
                )
            )

        self._file.write(write)

    def examine(self) -> str:
        """What is wrong inside the file, in words, or "". Reads all of it. Raises NotKept."""
        with self._file.reading() as db:
            found: str = db.exec_driver_sql("PRAGMA integrity_check(1)").scalar_one()
            lost = db.exec_driver_sql("PRAGMA foreign_key_check").first()
        return (
            f"it is damaged ({found})"
            if found != "ok"
            else "answers without a conversation are in it"
            if lost
            else ""
        )

    def _own(self, db: sa.Connection, conversation: str, allowed: sa.ColumnElement[bool]) -> None:
        query = sa.select(conversations.c.id).where(conversations.c.id == conversation, allowed)
        if db.execute(query).first() is None:
            raise NoSuchConversation("There is no such conversation.")

    def _change(self, conversation: str, owner: str, **values: Any) -> None:
        def write(db: sa.Connection) -> None:
            self._own(db, conversation, conversations.c.owner == owner)
            db.execute(
                conversations.update().where(conversations.c.id == conversation).values(**values)
            )

        self._file.write(write)

    def close(self) -> None:
        """Write what waits, then close the file."""
        self._file.close()


def open_journal(path: Path) -> Journal:
    """Open, or make, the journal. Raises ChatError when a newer Tandem made it or it cannot be used."""
    return Journal(open_file(path))
