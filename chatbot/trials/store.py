"""Trials, pairs and votes on disk, in the journal's file. What was assigned, shown and voted is there or was never said.

Knows the tables; nothing of how answers are made or what figures follow from votes.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa

from chatbot.conversations.answer_rows import put_answer
from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.reading import readable_by
from chatbot.conversations.stored_answer import dumped, loaded
from chatbot.conversations.tables import (
    conversations,
    moment,
    pairs,
    preferences,
    run_answers,
    run_cases,
    trials,
    turns,
    votes,
)
from chatbot.conversations.types import Answer, Arm
from chatbot.trials.errors import NoSuchPair, NoSuchTrial, NotVoted
from chatbot.trials.preferences import Preference
from chatbot.trials.types import (
    AnswerPair,
    Choice,
    Ending,
    PairVote,
    Reason,
    Rival,
    Side,
    Support,
    Trial,
)

EVERYDAY = "everyday"
CORRECTABLE = timedelta(minutes=1)  # how long a vote can be corrected
SIDES: tuple[Side, Side] = ("a", "b")


class Trials:
    """The comparisons of a team. Safe for threads and for several processes; each call may raise NotKept."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    # Trials

    def everyday(self) -> Trial:
        """Return the comparison of whoever chooses to compare; made on first use."""
        try:
            return self.one(EVERYDAY)
        except NoSuchTrial:
            values = _trial_values(Trial(EVERYDAY, "", secrets.token_hex(16), begun=moment()))
            new = trials.insert().prefix_with("OR IGNORE").values(id=EVERYDAY, **values)
            self._file.write(lambda db: db.execute(new))
            return self.one(EVERYDAY)

    def one(self, key: str) -> Trial:
        """Return a trial by its id. Raises NoSuchTrial."""
        with self._file.reading() as db:
            row = db.execute(sa.select(trials).where(trials.c.id == key)).first()
        if row is None:
            raise NoSuchTrial("There is no such trial.")
        return _trial_in(row)

    def listed(self) -> tuple[Trial, ...]:
        """Return all trials, the last begun first, the everyday one last."""
        order = (trials.c.id == EVERYDAY, trials.c.begun.desc())
        with self._file.reading() as db:
            return tuple(map(_trial_in, db.execute(sa.select(trials).order_by(*order)).all()))

    def running(self) -> Trial | None:
        """Return the trial that questions are invited to, None without one."""
        here = (trials.c.ended == "") & (trials.c.id != EVERYDAY)
        with self._file.reading() as db:
            row = db.execute(sa.select(trials).where(here).order_by(trials.c.begun.desc())).first()
        return None if row is None else _trial_in(row)

    def begin(
        self,
        name: str,
        arms: Sequence[Arm],
        share: int,
        *,
        people: Sequence[str] = (),
        most: int = 0,
        rivals: tuple[Rival, Rival] | None = None,
    ) -> str:
        """Begin a trial and return its id; the one that runs ends. See ``Trial`` for what is given."""
        key, now = secrets.token_hex(8), moment()
        made = Trial(
            key, " ".join(name.split()), secrets.token_hex(16), tuple(arms), share, tuple(people), most, now, rivals=rivals
        )  # fmt: skip

        def write(db: sa.Connection) -> None:
            open_ = (trials.c.ended == "") & (trials.c.id != EVERYDAY)
            db.execute(trials.update().where(open_).values(ended=now))
            db.execute(trials.insert().values(id=key, **_trial_values(made)))

        self._file.write(write)
        return key

    def end(self, key: str, why: Ending = "") -> bool:
        """End a trial, so that nobody is invited to it any more; say whether it ran until now. Raises NoSuchTrial."""
        self.one(key)
        here = (trials.c.id == key) & (trials.c.ended == "") & (trials.c.id != EVERYDAY)
        over = trials.update().where(here).values(ended=moment(), why=why)
        ran: list[bool] = []
        self._file.write(lambda db: ran.append(db.execute(over).rowcount > 0))
        return ran[0]

    # Preferences

    def preferences(self) -> tuple[Preference, ...]:
        """Return what Auto prefers, by product."""
        with self._file.reading() as db:
            rows: Any = db.execute(sa.select(preferences).order_by(preferences.c.product)).all()
        return tuple(Preference(*row) for row in rows)

    def prefer(self, made: Preference) -> None:
        """Let Auto prefer a mode for a product, in place of another one."""

        def write(db: sa.Connection) -> None:
            db.execute(preferences.delete().where(preferences.c.product == made.product))
            values = {"share": made.share, "low": made.low, "high": made.high, "since": moment()}
            new = preferences.insert().values(product=made.product, mode=made.mode, **values)
            db.execute(new)

        self._file.write(write)

    def no_longer_prefer(self, product: str) -> None:
        """Let Auto decide for a product as for others."""
        gone = preferences.delete().where(preferences.c.product == product)
        self._file.write(lambda db: db.execute(gone))

    # Pairs

    def keep(self, pair: AnswerPair, voter: str) -> None:
        """Put a pair on disk before anything of it is shown; one that says the same on both sides answers its turn at once."""
        values = {
            "answer_id": pair.id, "trial": pair.trial, "voter": voter, "question": pair.question, "product": pair.product,
            "stratum": pair.stratum, "arm_a": pair.arms[0], "arm_b": pair.arms[1], "id_a": pair.a.id, "id_b": pair.b.id,
            "a": dumped(pair.a), "b": dumped(pair.b), "state": pair.state, "reason": "", "support_a": "", "support_b": "",
            "taken": pair.taken, "corrected": False, "made_at": moment(), "voted_at": "", "wrong_a": pair.wrong[0],
            "wrong_b": pair.wrong[1],
        }  # fmt: skip

        def write(db: sa.Connection) -> None:
            db.execute(pairs.insert().values(**values))
            if pair.taken:
                put_answer(db, pair.adopted(pair.taken))

        self._file.write(write)

    def pair(self, key: str, reader: str) -> AnswerPair:
        """Return the pair of a turn that somebody may read. Raises NoSuchPair."""
        found = self.pairs((key,), reader)
        if key not in found:
            raise NoSuchPair("There is no such comparison.")
        return found[key]

    def pairs(self, keys: Collection[str], reader: str) -> dict[str, AnswerPair]:
        """Return those of these turns that are pairs and that somebody may read, by their id."""
        query = _JOINED.where(pairs.c.answer_id.in_(keys), readable_by(reader))
        with self._file.reading() as db:
            return {row.answer_id: _pair_in(row) for row in db.execute(query).all()}

    def answer(self, key: str, reader: str) -> Answer:
        """Return one answer of a pair that was revealed, to whoever may read it. Raises NoSuchPair."""
        query = _JOINED.where(
            (pairs.c.id_a == key) | (pairs.c.id_b == key), pairs.c.state != "", readable_by(reader)
        )
        with self._file.reading() as db:
            row = db.execute(query).first()
        if row is None:
            raise NoSuchPair("There is no such answer.")
        return loaded(row.a if row.id_a == key else row.b)

    def vote(
        self, key: str, voter: str, choice: Choice, reason: Reason = "", *, correct: bool = False
    ) -> AnswerPair:
        """Keep a vote; the conversation goes on with the better answer, else with the left one. Within a minute it can be
        corrected. Raises NoSuchPair (of somebody else, too), NotVoted (later than that, or another one without ``correct``)."""

        def change(row: Any) -> dict[str, Any]:
            again = row.state in ("a", "b", "tie", "neither")
            if row.state in ("skipped", "same"):
                raise NotVoted("Both answers are open already, so a vote would not be blind.")
            if again and choice != row.state and not correct:
                raise NotVoted(
                    "You voted on this in another window already. Reload the page to see the answers, and correct the vote there."
                )
            if again and row.voted_at < moment(CORRECTABLE):
                raise NotVoted("A vote can be corrected for one minute.")
            taken = choice if choice in SIDES else row.taken or "a"
            at = row.voted_at or moment()
            why = reason or (row.reason if choice == row.state else "")
            return {
                "state": choice, "reason": why, "taken": taken, "voted_at": at,
                "corrected": row.corrected or (again and choice != row.state),
            }  # fmt: skip

        return self._change(key, voter, change)

    def skip(self, key: str, voter: str) -> AnswerPair:
        """Reveal a pair without a vote. Raises NoSuchPair."""

        def change(row: Any) -> dict[str, Any]:
            return {} if row.state else {"state": "skipped", "taken": "a"}

        return self._change(key, voter, change)

    def take(self, key: str, voter: str, side: Side) -> AnswerPair:
        """Go on with one of the two answers. Raises NoSuchPair, NotVoted (before the vote)."""
        return self._change(key, voter, lambda row: {"taken": side}, revealed=True)

    def judge(self, key: str, voter: str, side: Side, support: Support) -> AnswerPair:
        """Keep whether the sources support an answer. Raises NoSuchPair, NotVoted (before the vote)."""
        return self._change(key, voter, lambda row: {f"support_{side}": support}, revealed=True)

    def votes(self, trial: str = "") -> tuple[PairVote, ...]:
        """Return the pairs of a trial, or of all, in the order in which they were made."""
        query = sa.select(*(c for c in pairs.c if c.name not in ("a", "b"))).order_by(
            pairs.c.made_at
        )
        if trial:
            query = query.where(pairs.c.trial == trial)
        with self._file.reading() as db:
            return tuple(map(_vote_in, db.execute(query).all()))

    def _change(
        self,
        key: str,
        voter: str,
        change: Callable[[Any], dict[str, Any]],
        *,
        revealed: bool = False,
    ) -> AnswerPair:
        made: list[AnswerPair] = []

        def write(db: sa.Connection) -> None:
            mine = (
                (pairs.c.answer_id == key)
                & (conversations.c.owner == voter)
                & sa.not_(conversations.c.deleted)
            )
            row = db.execute(_JOINED.where(mine)).first()
            if row is None:
                raise NoSuchPair("There is no such comparison.")
            if revealed and not row.state:
                raise NotVoted("Say first which answer is better.")
            if values := change(row):
                db.execute(pairs.update().where(pairs.c.answer_id == key).values(**values))
            after = _pair_in(db.execute(_JOINED.where(mine)).one())
            if after.taken and after.taken != row.taken:
                # What was thought of the other answer says nothing of this one
                db.execute(votes.delete().where(votes.c.answer_id == key))
                put_answer(db, after.adopted(after.taken))
            made.append(after)

        self._file.write(write)
        return made[0]


_JOINED = (
    sa.select(pairs)
    .join(turns, turns.c.answer_id == pairs.c.answer_id)
    .join(conversations, conversations.c.id == turns.c.conversation)
)


def forget(db: sa.Connection, answers: sa.Select[Any]) -> None:
    """Take everything of a person out of the pairs of these turns; what was compared, and the vote, stay. Their questions
    leave the evaluations, too."""
    gone = {"voter": "", "question": "", "a": "", "b": "", "id_a": "", "id_b": ""}
    db.execute(pairs.update().where(pairs.c.answer_id.in_(answers)).values(**gone))
    here = turns.c.answer_id.in_(answers)
    understood = sa.select(sa.func.json_extract(turns.c.answer, "$.asked")).where(here)
    wordings = sa.select(turns.c.question).where(here)
    for table, held in ((run_answers, run_answers.c.figures), (run_cases, run_cases.c.asked)):
        asked = sa.func.json_extract(held, "$.question")
        db.execute(table.delete().where(asked.in_(wordings) | asked.in_(understood)))


def _pair_in(row: Any) -> AnswerPair:
    return AnswerPair(
        row.answer_id, row.trial, row.question, row.product, (row.arm_a, row.arm_b), loaded(row.a), loaded(row.b),
        row.stratum, row.state, row.reason, row.voted_at, (row.support_a, row.support_b), row.taken,
        (row.wrong_a, row.wrong_b),
    )  # fmt: skip


def _vote_in(row: Any) -> PairVote:
    return PairVote(
        row.trial, row.voter, row.question, row.product, (row.arm_a, row.arm_b), row.stratum, row.state, row.reason,
        (row.support_a, row.support_b), row.corrected, row.made_at, (row.wrong_a, row.wrong_b),
    )  # fmt: skip


def _trial_values(trial: Trial) -> dict[str, Any]:
    return {
        "name": trial.name, "seed": trial.seed, "arms": json.dumps(trial.arms), "share": trial.share,
        "people": json.dumps(trial.people), "most": trial.most, "begun": trial.begun, "ended": trial.ended,
        "rivals": json.dumps([asdict(one) for one in trial.rivals]) if trial.rivals else "", "why": trial.why,
    }  # fmt: skip


def _trial_in(row: Any) -> Trial:
    return Trial(
        row.id, row.name, row.seed, tuple(json.loads(row.arms)), row.share, tuple(json.loads(row.people)), row.most,
        row.begun, row.ended, _rivals_in(row.rivals), row.why,
    )  # fmt: skip


def _rivals_in(text: str) -> tuple[Rival, Rival] | None:
    if not text:
        return None
    candidate, served = (Rival(**one) for one in json.loads(text))
    return candidate, served
