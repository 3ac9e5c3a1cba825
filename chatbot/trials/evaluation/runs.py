"""Case files run through every mode, one answer after the other, each on disk as soon as it is there.

Nothing is kept in conversations, and approved answers take no part: they would be measured against themselves.
"""

from __future__ import annotations

import json
import logging
import secrets
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa

from adapters.errors import AdapterError, Stopped
from chatbot.answers.answerer import AnswerBuilder
from chatbot.assistant import Assistant
from chatbot.conversations.journal_file import JournalFile
from chatbot.conversations.tables import moment, run_answers, run_cases, runs
from chatbot.conversations.types import Answer, Arm, Question, Route
from chatbot.errors import BadCases, ChatError
from chatbot.trials.comparing import running_arms, stratum_of
from chatbot.trials.errors import NoSuchRun
from chatbot.trials.evaluation.evaluate import DEPTH, Case, product_of, rank
from chatbot.trials.evaluation.figures import CaseFigures, figures_of
from chatbot.trials.types import MODES
from knowledge.errors import KnowledgeError

MOST = 500  # cases of a run
SCORES = (0, 1, 2)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class EvaluationRun:
    """A case file and the modes it is run through. ``state``: running, done, stopped; ``begun`` is UTC, ISO 8601;
    ``done`` counts the answers that are there, of ``cases`` by the number of ``arms``."""

    id: str
    name: str
    arms: tuple[Arm, ...]
    cases: int
    stratum: str
    begun: str
    state: str
    done: int = 0


@dataclass(frozen=True, slots=True)
class RunAnswer:
    """The answer of a mode to the case at a place (from 0), and what a person gave it (0 to 2, None for nothing)."""

    place: int
    arm: Arm
    figures: CaseFigures
    score: int | None


class Runs:
    """The evaluations of a team. Safe for threads and for several processes; each call may raise NotKept."""

    def __init__(self, file: JournalFile) -> None:
        self._file = file

    def listed(self) -> tuple[EvaluationRun, ...]:
        """Return all, the last begun first."""
        return self._read(sa.true())

    def one(self, key: str) -> EvaluationRun:
        """Return one by its id. Raises NoSuchRun."""
        found = self._read(runs.c.id == key)
        if not found:
            raise NoSuchRun("There is no such evaluation.")
        return found[0]

    def _read(self, which: sa.ColumnElement[bool]) -> tuple[EvaluationRun, ...]:
        done = sa.select(sa.func.count()).where(run_answers.c.run == runs.c.id).scalar_subquery()
        query = sa.select(runs, done.label("done")).where(which).order_by(runs.c.begun.desc())
        with self._file.reading() as db:
            rows = db.execute(query).all()
        return tuple(
            EvaluationRun(
                row.id, row.name, tuple(json.loads(row.arms)), row.cases, row.stratum, row.begun, row.state, row.done
            )
            for row in rows
        )  # fmt: skip

    def answers(self, key: str) -> tuple[RunAnswer, ...]:
        """Return the answers of a run, by case and mode."""
        query = sa.select(run_answers).where(run_answers.c.run == key).order_by(run_answers.c.place)
        with self._file.reading() as db:
            rows = db.execute(query).all()
        return tuple(
            RunAnswer(row.place, row.arm, CaseFigures(**json.loads(row.figures)), row.score)
            for row in rows
        )

    def begin(self, name: str, arms: Sequence[Arm], cases: Sequence[Case], stratum: str) -> str:
        """Keep that a run begins, with what it asks, and return its id."""
        key = secrets.token_hex(8)
        new = runs.insert().values(
            id=key, name=name, arms=json.dumps(arms), cases=len(cases), stratum=stratum, begun=moment(), state="running"
        )  # fmt: skip
        rows = [
            {"run": key, "place": place, "asked": json.dumps(asdict(case))}
            for place, case in enumerate(cases)
        ]

        def write(db: sa.Connection) -> None:
            db.execute(new)
            if rows:
                db.execute(run_cases.insert(), rows)

        self._file.write(write)
        return key

    def left(self, key: str) -> tuple[tuple[int, Case, Arm], ...]:
        """Return the cases of a run that have no answer yet in some mode, each with its place. Raises NoSuchRun."""
        arms = self.one(key).arms
        query = sa.select(run_cases.c.place, run_cases.c.asked).where(run_cases.c.run == key)
        with self._file.reading() as db:
            rows = db.execute(query.order_by(run_cases.c.place)).all()
        done = {(one.place, one.arm) for one in self.answers(key)}
        cases = ((row.place, Case(**json.loads(row.asked))) for row in rows)
        return tuple(
            (place, case, arm) for place, case in cases for arm in arms if (place, arm) not in done
        )

    def reopen(self, key: str) -> None:
        """Keep that a run which was stopped goes on."""
        here = (runs.c.id == key) & (runs.c.state == "stopped")
        self._file.write(lambda db: db.execute(runs.update().where(here).values(state="running")))

    def keep(self, key: str, place: int, arm: Arm, figures: CaseFigures) -> None:
        """Keep one answer."""
        row = {"run": key, "place": place, "arm": arm, "figures": json.dumps(asdict(figures))}
        self._file.write(lambda db: db.execute(run_answers.insert().values(**row)))

    def end(self, key: str, state: str) -> None:
        """Keep how a run ended, unless it has ended."""
        here = (runs.c.id == key) & (runs.c.state == "running")
        self._file.write(lambda db: db.execute(runs.update().where(here).values(state=state)))

    def score(self, key: str, place: int, arm: Arm, score: int) -> None:
        """Keep what a person gives an answer: 0 of no use, 1 in part, 2 fit to send. Raises NoSuchRun."""

        def write(db: sa.Connection) -> None:
            c = run_answers.c
            here = (c.run == key) & (c.place == place) & (c.arm == arm)
            if not db.execute(run_answers.update().where(here).values(score=score)).rowcount:
                raise NoSuchRun("There is no such answer.")

        self._file.write(write)

    def remove(self, key: str) -> None:
        """Remove a run with its answers."""

        def write(db: sa.Connection) -> None:
            for table in (run_answers, run_cases):
                db.execute(table.delete().where(table.c.run == key))
            db.execute(runs.delete().where(runs.c.id == key))

        self._file.write(write)


class RunningEvaluations:
    """The evaluations that this process works on; one works at a time, the others wait. Thread-safe."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._turn, self._lock = threading.Lock(), threading.Lock()
        self._stops: dict[str, threading.Event] = {}

    def start(self, name: str, cases: Sequence[Case], arms: Sequence[Arm]) -> str:
        """Begin a run in a thread of its own, and return its id. Raises NotKept."""
        found = Runs(self._assistant.journal.file)
        stratum = stratum_of(self._assistant, self._assistant.models.status())
        key = found.begin(name, arms, cases, stratum)
        self._begin(found, key)
        return key

    def go_on(self, key: str) -> None:
        """Ask what a run that was stopped, also by a restart, has not asked. Raises NoSuchRun, NotKept, BadCases.

        BadCases: another model, prompt or manual would answer the rest, so that its figures would mix two things; or too few
        modes run.
        """
        found = Runs(self._assistant.journal.file)
        run, serving = found.one(key), self._assistant.models.status()
        if run.stratum != stratum_of(self._assistant, serving):
            raise BadCases(
                "The models, the prompts or the manuals have changed since this evaluation began, so its figures would mix two"
                " states. Run the cases again instead."
            )
        if away := set(run.arms) - set(running_arms(serving)):
            raise BadCases(f"{' and '.join(sorted(away)).capitalize()} cannot run at the moment.")
        if not self.works_on(key):
            found.end(key, "stopped")  # one of a process that is gone
            found.reopen(key)
            self._begin(found, key)

    def _begin(self, found: Runs, key: str) -> None:
        stop = threading.Event()
        with self._lock:
            self._stops[key] = stop
        work = threading.Thread(
            target=self._work, args=(found, key, stop), name="evaluation", daemon=True
        )
        work.start()

    def works_on(self, key: str) -> bool:
        """Say whether a run is being worked on, or waits for its turn."""
        return key in self.at_work()

    def at_work(self) -> frozenset[str]:
        """Return the ids of the runs that are being worked on or wait for their turn. A run leaves them after its end is kept,
        so that what is asked for before the run is read never shows one as stopped that was ending."""
        with self._lock:
            return frozenset(self._stops)

    def stop(self, key: str) -> None:
        """End a run after the answer that is being made; one of an earlier process is only marked. Raises NotKept."""
        with self._lock:
            stop = self._stops.get(key)
        if stop:
            stop.set()
        Runs(self._assistant.journal.file).end(key, "stopped")

    def _work(self, found: Runs, key: str, stop: threading.Event) -> None:
        try:
            with self._turn:
                for place, case, arm in found.left(key):
                    if stop.is_set():
                        return
                    found.keep(key, place, arm, asked(self._assistant, case, arm))
            found.end(key, "done")
        except (ChatError, KnowledgeError, AdapterError) as error:
            log.warning("an evaluation ended before its time: %s", error)
            self._give_up(found, key)
        except Exception:
            log.exception("an evaluation broke")
            self._give_up(found, key)
        finally:
            with self._lock:
                self._stops.pop(key, None)

    def _give_up(self, found: Runs, key: str) -> None:
        try:
            found.end(key, "stopped")
        except ChatError as error:
            log.warning("that an evaluation ended is not kept: %s", error)


def asked(assistant: Assistant, case: Case, arm: Arm) -> CaseFigures:
    """Ask a case in one mode and return what is measured of its answer."""
    product = product_of(assistant, case)
    place: int | None = None
    if case.sections:
        place = rank(case, assistant.search.find(case.question, product, DEPTH).evidence)
    blank = Answer(secrets.token_hex(8), "", "interrupted", Route("documents", ""))
    builder = AnswerBuilder(blank, time.perf_counter(), threading.Event(), arm=arm)
    try:
        for _ in assistant.unkept(Question(case.question, MODES[arm], product), (), builder):
            pass
    except Stopped:  # a model that was cut off: what it wrote counts
        log.info("an answer of an evaluation was stopped")
    return figures_of(case, builder.answer, place)


def as_rows(run: EvaluationRun, answers: Sequence[RunAnswer]) -> list[dict[str, Any]]:
    """Return a run's answers as values for JSON lines."""
    return [
        {"run": run.name, "case": one.place + 1, "arm": one.arm, "score": one.score, **asdict(one.figures)}
        for one in answers
    ]  # fmt: skip
