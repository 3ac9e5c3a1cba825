"""One question, two answers: both are prepared before anything of either is shown, and which is which stays here.

Knows the assistant and the store of pairs; nothing of pages.
"""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import threading
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from adapters.errors import Stopped
from chatbot.answers.answerer import AnswerBuilder
from chatbot.answers.events import Finished, Notice, Routed
from chatbot.answers.messages import NOTHING_TO_COMPARE
from chatbot.assistant import Assistant
from chatbot.conversations.keeping import Keeping
from chatbot.conversations.types import Answer, Arm, Outcome, Question, Route, Turn
from chatbot.conversations.wordings import before
from chatbot.curation.approved.same_question import key_of
from chatbot.errors import ChatError, EmptyQuestion, NoSuchConversation
from chatbot.models import prompts
from chatbot.models.serving import ModelStatus
from chatbot.routing.router import cannot_tell
from chatbot.trials import canary
from chatbot.trials.assignment import arms_for, invited, turned
from chatbot.trials.store import EVERYDAY
from chatbot.trials.types import MODES, AnswerPair, Compared, PairState, Preparing, Trial
from knowledge.search.products.names import mentioned

log = logging.getLogger(__name__)

COMPARABLE = ("answered", "unanswered", "choose")
# What takes part where no model runs; with one, the shortest quotes are compared only in a trial that names them.
WITHOUT_MODEL: tuple[Arm, ...] = ("quotes", "brief")


class ArmStop(threading.Event):
    """The stop of one answer of a pair: a model that has ended sets it, and the other answer must not end with it.

    It is set, too, once the pair is to stop.
    """

    def __init__(self, pair: threading.Event) -> None:
        super().__init__()
        self._pair = pair

    def is_set(self) -> bool:
        return super().is_set() or self._pair.is_set()


def running_arms(serving: ModelStatus) -> tuple[Arm, ...]:
    """Return everything that can answer now."""
    models: dict[Arm, bool] = {
        "documents": serving.chat is not None,
        "adapter": serving.adapter is not None,
        "both": serving.adapter is not None,
    }
    return (*WITHOUT_MODEL, *(arm for arm, runs in models.items() if runs))


def everyday_arms(serving: ModelStatus) -> tuple[Arm, ...]:
    """Return what is compared where no trial says it: every mode that runs, and quotes against a model that writes."""
    arms = running_arms(serving)
    return arms if arms == WITHOUT_MODEL else tuple(arm for arm in arms if arm != "brief")


def trial_of(assistant: Assistant, question: Question, owner: str, chosen: bool) -> Trial | None:
    """Return the trial that a question takes part in, None for an answer as usual. ``chosen``: the agent asked to compare.

    An answer as usual is what anybody gets to a question with an approved answer, while too few of a trial's arms run, and
    where the journal cannot be read: the answer then says so. In the trial of an adapter it is what everybody gets to a
    question that Auto sends to neither of both; whoever compares goes on with what is compared every day.
    """
    if not owner or not (chosen or (question.mode == "auto" and not question.passage)):
        return None
    try:
        running = canary.settled(assistant, assistant.trials.running())
        if running and running.rivals:
            if not chosen and _is_tried(assistant, question, owner, running):
                return running
        elif running and invited(running, question.text, owner, always=chosen):
            arms = arms_for(running, running_arms(assistant.models.status()), question.text)
            if arms and (chosen or not _has_approved(assistant, question)):
                return running
        return assistant.trials.everyday() if chosen else None
    except ChatError as error:
        log.warning("trials cannot be read: %s", error)
        return None


def _is_tried(assistant: Assistant, question: Question, owner: str, trial: Trial) -> bool:
    """Say whether a question takes part in the trial of an adapter: either would write an answer to it."""
    if not invited(trial, question.text, owner) or _has_approved(assistant, question):
        return False
    earlier: tuple[Turn, ...] = ()
    if question.conversation:
        with suppress(NoSuchConversation):  # it begins with this question
            kept = assistant.journal.turns(question.conversation, owner)
            earlier = before(kept, question.replaces)
    asked = canary.asked(assistant, trial, assistant.models.status())
    return any(_writes(assistant, question, earlier, status) for status in asked.values())


def _writes(
    assistant: Assistant, question: Question, earlier: tuple[Turn, ...], status: ModelStatus
) -> bool:
    """Say whether Auto has an adapter write the answer."""
    builder = _blank(threading.Event())
    builder.serving = status
    alone = replace(question, conversation="", replaces="")
    for step in assistant.unkept(alone, earlier, builder):
        if isinstance(step, Routed):
            small = status.adapter is not None and status.adapter.small
            knows = not (small and cannot_tell(builder.answer.signals))
            return step.route.mode == "adapter" or (step.route.mode == "both" and knows)
    return False


def _has_approved(assistant: Assistant, question: Question) -> bool:
    """Say whether there may be an approved answer to a question."""
    products = mentioned(question.text, assistant.catalog.products())
    keys = {key_of(question.text, product) for product in ("", question.product, *products)}
    return bool(assistant.approved.answering(keys))


def compare(
    assistant: Assistant,
    question: Question,
    owner: str,
    trial: Trial,
    stop: threading.Event | None = None,
) -> Generator[Preparing | Compared | Notice | Finished, None, None]:
    """Prepare two answers step by step; the last step is Compared, or Finished with the one answer there is to give.

    The question is on disk before the search begins, the pair with its sides before ``Compared``. There is one answer, as in
    Auto, where one of the two could not be made, where both decline, where the product has to be chosen first, and where
    nothing can be kept. Raises EmptyQuestion.
    """
    if not question.text.strip():
        raise EmptyQuestion("The question is empty.")
    halt = stop or threading.Event()
    turn = _blank(halt)
    keeping = Keeping(lambda: assistant.journal, question, owner)
    earlier = keeping.begin(turn.answer)
    ending: Outcome = "stopped"
    try:
        serving = assistant.models.status()
        asked = canary.asked(assistant, trial, serving)
        running = tuple(asked) if trial.rivals else running_arms(serving)
        if not trial.arms:
            running = everyday_arms(serving)
        arms = arms_for(trial, running, question.text) if keeping.kept else ()
        stratum = stratum_of(assistant, serving, *asked.values())
        made: list[AnswerBuilder] = []
        for arm in arms:
            made.append(_blank(ArmStop(halt), arm))
            made[-1].serving, made[-1].asker = asked.get(arm), owner
            yield from _prepared(assistant, question, earlier, made[-1])
        if len(made) == 2 and (pair := _paired(trial, turn.answer.id, made, question, stratum)):
            assistant.trials.keep(pair, owner)
            if trial.rivals:
                canary.end_if_worse(assistant, trial)
            keeping.leave()
            yield Compared(pair)
            return
        usual = _blank(ArmStop(halt))
        usual.asker = owner
        yield from _prepared(assistant, question, earlier, usual)
        yield from _alone(usual.answer, turn, keeping, trial)
        ending = turn.answer.outcome
        yield Finished(turn.answer)
    except Stopped:
        raise
    except Exception:
        ending = "failed"
        raise
    finally:
        halt.set()
        keeping.finish(turn.answer, ending)


def stratum_of(assistant: Assistant, *serving: ModelStatus) -> str:
    """Return what answers at this moment, as JSON: the models' contents, the prompts, and the searched versions."""
    writers = (writer for one in serving for writer in (one.chat, one.adapter))
    models = sorted({f"{one.model} {one.digest[:19]}" for one in writers if one})
    versions = sorted(held.version_id for held in assistant.catalog.manuals())
    return json.dumps(
        {
            "models": models,
            "prompts": _digest(Path(prompts.__file__).read_text(encoding="utf-8")),
            "manuals": _digest(json.dumps(versions)),
        }
    )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _blank(stop: threading.Event, arm: Arm | None = None) -> AnswerBuilder:
    answer = Answer(secrets.token_hex(8), "", "interrupted", Route("documents", ""))
    return AnswerBuilder(answer, time.perf_counter(), stop, arm=arm or "")


def _prepared(
    assistant: Assistant, question: Question, earlier: tuple[Turn, ...], builder: AnswerBuilder
) -> Iterator[Preparing]:
    mode = MODES[builder.arm] if builder.arm else question.mode
    asked = replace(question, mode=mode, conversation="", replaces="")
    for _ in assistant.unkept(asked, earlier, builder):
        yield Preparing()


def _paired(
    trial: Trial,
    turn_id: str,
    made: Sequence[AnswerBuilder],
    question: Question,
    stratum: str,
) -> AnswerPair | None:
    """Return both as a pair with their sides, None where there is nothing to compare."""
    answers = [builder.answer for builder in made]
    if any(one.failed for one in made) or not all(a.outcome in COMPARABLE for a in answers):
        return None
    if not any(answer.outcome == "answered" for answer in answers):
        return None
    left, right = reversed(made) if turned(trial, turn_id) else made
    same = _words(left.answer) == _words(right.answer)
    state: PairState = "same" if same else ""
    assert left.arm and right.arm, "what is compared has an arm"
    about = question.product or left.answer.product or right.answer.product or ""
    return AnswerPair(
        turn_id, trial.id, question.text, about, (left.arm, right.arm), left.answer, right.answer, stratum,
        state, taken="a" if same else "", wrong=(left.wrong, right.wrong),
    )  # fmt: skip


def _words(answer: Answer) -> str:
    """Return the text of an answer as it is compared: without the marks of sources, and however it is broken into lines."""
    sentences = " ".join(part.text for part in answer.sentences if not part.folded)
    return " ".join((sentences or answer.text).split())


def _alone(usual: Answer, turn: AnswerBuilder, keeping: Keeping, trial: Trial) -> Iterator[Notice]:
    """Put the answer as usual into its turn; whoever asked to compare is told why it stands alone."""
    told = trial.id == EVERYDAY and usual.outcome != "smalltalk"
    notices = ((NOTHING_TO_COMPARE,) if told else ()) + usual.notices
    turn.answer = replace(usual, id=turn.answer.id, notices=notices)
    turn.notices = list(turn.answer.notices)
    yield from keeping.ended(turn)
