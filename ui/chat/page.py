"""The chat page in Gradio: its frame, and the one event that streams an answer.

The streaming event outputs one component and yields only values: anything more makes Gradio build the component and
its schema again on each yield (five times the CPU). The value is plain data; a script puts it where it belongs.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, get_args

import gradio as gr

from adapters.errors import AdapterError, Stopped
from chatbot.answers.events import Finished, TextDelta
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Mode, Question, Turn
from chatbot.errors import ChatError
from chatbot.trials.comparing import compare, trial_of
from chatbot.trials.types import Compared, Trial
from knowledge.errors import KnowledgeError
from ui.chat import turns as render
from ui.chat.streaming import LiveAnswer
from ui.text.english import say
from ui.trials.pair import blind, revealed
from ui.web import layout
from ui.web.cancellation import Running, RunningQuestions
from ui.web.faults import log_fault

if TYPE_CHECKING:
    from chatbot.assistant import Assistant

log = logging.getLogger(__name__)
PERIOD = (
    1 / 8
)  # seconds between two updates of a streaming answer; 50 streams at 8 Hz are answered in time
Update = dict[str, str]

# Gradio evaluates a template as JavaScript, so nothing from outside may ever stand in one: the frame is our own
# words, and an answer arrives as a value that only the scripts see.
_FRAME_JS = "window.tandem.chat(element, (data) => trigger('ask', data));"
_ANSWER_JS = "watch('value', () => window.tandem.answer(props.value));"


def build(assistant: Assistant, stops: RunningQuestions) -> gr.Blocks:
    """Return the chat page."""
    with gr.Blocks(title=say("app.title.chat"), analytics_enabled=False, fill_width=True) as page:
        frame = gr.HTML(
            str(layout.chat()), js_on_load=_FRAME_JS, apply_default_css=False, elem_id="t-frame"
        )
        answer = gr.HTML(
            {}, html_template="", js_on_load=_ANSWER_JS, apply_default_css=False, elem_id="t-wire"
        )
        frame.ask(
            _asker(assistant, stops),
            None,
            answer,
            show_progress="hidden",
            concurrency_limit=None,
            api_visibility="private",
            trigger_mode="multiple",  # "once" drops in silence what is sent before the last stream is closed
        )
    return page.queue(default_concurrency_limit=None, max_size=assistant.settings.max_questions)


def _asker(
    assistant: Assistant, stops: RunningQuestions
) -> Callable[[gr.EventData, gr.Request], Iterator[Update]]:
    def ask(event: gr.EventData, request: gr.Request) -> Iterator[Update]:
        asked = event._data or {}
        ticket = str(asked.get("ticket", ""))[:64]
        owner = str(getattr(request.request.state, "owner", ""))
        question = Question(
            text=str(asked.get("text", "")).strip(),
            mode=_mode(asked.get("mode")),
            product=str(asked.get("product", ""))[:200],
            conversation=_conversation(assistant, str(asked.get("conversation", "")), owner),
            passage=int(asked.get("passage") or 0),
            replaces=str(asked.get("replaces", ""))[:64],
            fresh=asked.get("fresh") is True,
        )
        head = {"ticket": ticket, "conversation": question.conversation}
        running = stops.open(ticket, owner, request.session_hash or "")
        try:
            trial = trial_of(assistant, question, owner, asked.get("mode") == "compare")
            pieces = (
                pair_in_pieces(assistant, question, owner, trial, running)
                if trial
                else answer_in_pieces(assistant, question, owner, running)
            )
            for phase, html in pieces:
                yield {**head, "phase": phase, "html": html}
        except (ChatError, KnowledgeError, AdapterError) as error:
            yield {
                **head,
                "phase": "done",
                "html": str(render.state_line(f"{error} {error.hint}".strip())),
            }
        except Exception as error:  # the edge: an answer must end in words, whatever broke
            yield {**head, "phase": "done", "html": str(render.failed(log_fault(error)))}
        finally:  # also when Gradio closes this generator, because the page is gone
            running.end()
            stops.close(running)

    return ask


def _conversation(assistant: Assistant, asked: str, owner: str) -> str:
    """Return the conversation that a question goes on with: the one asked for if it is the browser's own, else a new one.

    Only ids made here are ever stored; "" where the browser has no cookie, so that nothing can be kept.
    """
    if not owner:
        return ""
    with suppress(
        ChatError
    ):  # a journal that cannot be opened: the question is answered, and its answer says so
        if asked and assistant.journal.owns(asked, owner):
            return asked
    return new_conversation()


def _mode(asked: object) -> Mode:
    """Return the mode that the switch asked for; anything else than its own words is "auto"."""
    return next((mode for mode in get_args(Mode) if mode == asked), "auto")


def answer_in_pieces(
    assistant: Assistant, question: Question, owner: str, running: Running
) -> Iterator[tuple[str, str]]:
    """Yield ("running" or "done", HTML of the answer so far), at most eight times a second, the first at once."""
    if len(question.text) > layout.MAX_QUESTION:
        yield "done", str(render.state_line(say("fault.length", n=layout.MAX_QUESTION)))
        return
    live, shown, writing = LiveAnswer(question), 0.0, False
    steps = assistant.ask(question, owner, running.stop)
    try:
        for step in steps:
            live.take(step)
            due = (
                not isinstance(step, TextDelta) or not writing or time.monotonic() - shown >= PERIOD
            )
            if due and not isinstance(step, Finished):
                writing, shown = bool(live.pieces), time.monotonic()
                yield "running", str(live.html())
            if running.wanted:
                break
    except Stopped:
        log.info("a question was stopped while a model wrote its answer")
    finally:
        steps.close()
    yield "done", str(live.html() if live.answer else _as_kept(assistant, question, owner))


def pair_in_pieces(
    assistant: Assistant, question: Question, owner: str, trial: Trial, running: Running
) -> Iterator[tuple[str, str]]:
    """Yield that two answers are being prepared, at once and nothing more of them, then both side by side."""
    if len(question.text) > layout.MAX_QUESTION:
        yield "done", str(render.state_line(say("fault.length", n=layout.MAX_QUESTION)))
        return
    yield "running", str(render.state_line(say("pair.preparing"), busy=True))
    last: object = None
    steps = compare(assistant, question, owner, trial, running.stop)
    try:
        for step in steps:
            last = step
            if running.wanted:
                break
    except Stopped:
        log.info("a question was stopped while two answers were prepared")
    finally:
        steps.close()
    if isinstance(last, Compared):
        pair = last.pair
        turn = assistant.journal.own_turn(pair.id, owner) if pair.state else None
        yield "done", str(revealed(pair, turn) if turn else blind(pair))
    elif isinstance(last, Finished):
        yield "done", str(render.finished(last.answer, question))
    else:
        yield "done", str(render.state_line(say("turn.stopped")))


def _as_kept(assistant: Assistant, question: Question, owner: str) -> str:
    """Return the answer of a stopped question as the journal has it."""
    if not owner:
        return str(render.state_line(say("turn.stopped")))
    turns: tuple[Turn, ...] = ()
    with suppress(ChatError):  # it could not be kept, and the page has said so
        turns = assistant.journal.turns(question.conversation, owner)
    asked = (turn for turn in reversed(turns) if turn.question.replaces == question.replaces)
    last = next(asked, None)
    answer = last.answer if last and last.question.text == question.text else None
    return str(
        render.finished(answer, question) if answer else render.state_line(say("turn.stopped"))
    )
