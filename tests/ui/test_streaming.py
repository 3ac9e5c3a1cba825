"""An answer on its way, as the page shows it: phases, place in line, what failed, stopped in the middle; no browser."""

from __future__ import annotations

from collections.abc import Iterator

from chatbot.answers.events import (
    CitationAdded,
    CitationMark,
    EvidenceFound,
    Finished,
    Notice,
    Reset,
    Routed,
    TextDelta,
    Waiting,
)
from chatbot.assistant import Assistant
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question, Route, Sentence
from tests.support.manuals import PUMP, put
from tests.support.ui_values import QUESTION, answer, citation, shown
from ui.chat import plain_text, turns
from ui.web.cancellation import Running


def test_an_answer_on_its_way_shows_each_phase() -> None:
    seen = shown(
        Routed(Route("documents", "Because.")), EvidenceFound((), 0.9, "How to reset"), Notice("Mind this."),
        TextDelta("Hold RESET."), CitationMark(1), CitationAdded(citation()), Finished(answer()),
    )  # fmt: skip
    assert (
        "Searching the manuals" in seen[0]
        and "Because." in seen[1]
        and "Asked as: How to reset" in seen[2]
    )
    assert "Mind this." in seen[3] and "Writing" in seen[4] and "t-chip" not in seen[5]
    assert "/passages/" in seen[6] and "/answers/a1/sources/1" in seen[7] and "busy" not in seen[7]


def test_a_busy_server_and_a_failing_one_are_told_and_what_failed_is_forgotten() -> None:
    seen = shown(
        Routed(Route("documents", "Because.")), EvidenceFound((), 0.9), Waiting(3), Waiting(1), TextDelta("Hold"), TextDelta(" it."), CitationMark(1),
        CitationAdded(citation()), Reset(), Notice("The server is gone."), TextDelta("Press it."), CitationMark(1), CitationAdded(citation(page=9, label="")),
    )  # fmt: skip
    assert (
        "you are number 3 in line" in seen[3]
        and "you are number 1 in line" in seen[4]
        and "in line" not in seen[5]
    )
    assert "t-chip" in seen[8]
    assert "Hold" not in seen[9] and "t-chip" not in seen[9]
    assert seen[10].index("The server is gone.") < seen[13].index("Press ") and "page 9" in seen[13]


def test_a_mark_that_a_model_wrote_itself_is_only_text() -> None:
    seen = shown(
        EvidenceFound((), 0.9),
        TextDelta("Hold it."),
        CitationMark(1),
        CitationAdded(citation()),
        TextDelta(" See `[1]` and [1] or [9]. "),
    )
    assert seen[-1].count("t-chip") == 1
    assert "See `[1]` and [1] or [9]." in seen[-1]


def test_an_answer_from_memory_says_so_below_its_text_and_who_wrote_it() -> None:
    made = answer(
        text="It was built in Ulm.", sentences=(Sentence("It was built in Ulm.", "unsupported"),), citations=(), model="desk:v1",
        route=Route("adapter", "You chose the adapter."), notices=("No source in the manuals.",), seconds={"total": 1.23},
    )  # fmt: skip
    html = str(turns.finished(made, QUESTION))
    assert (
        html.index("built in Ulm")
        < html.index("No source in the manuals.")
        < html.index("t-actions")
    )
    assert "0 of 1 sentences supported</button> · desk:v1 · 1.2 s" in html
    live = shown(
        EvidenceFound((), 0.1),
        TextDelta("It was built in Ulm."),
        Notice("No source in the manuals."),
    )[-1]
    assert live.index("built in Ulm") < live.index("No source in the manuals.")


def test_paragraphs_of_a_written_answer_stay_and_a_sentence_that_was_cut_off_is_shown() -> None:
    parts = (
        Sentence("Hold RESET.", "verified", (1,)),
        Sentence("It flies.", "unsupported"),
        Sentence("Wait.", "verified", (2,)),
    )
    made = answer(
        text="Hold RESET. [1] It flies.\n\nWait. [2] Then pre", sentences=parts, outcome="stopped"
    )
    html = str(turns.finished(made, QUESTION))
    assert html.count('<p dir="auto"><span>') == 2 and '<p dir="auto"><span>Wait.' in html.replace(
        '<span class="t-hold">', ""
    )
    assert "<span>Then pre</span>" in html and "Stopped before its end." in html
    assert plain_text.with_marks(made) == "Hold RESET. [1] It flies.\nWait. [2] Then pre"


def pieces_of(
    assistant: Assistant, question: Question, running: Running | None = None
) -> Iterator[tuple[str, str]]:
    from ui.chat.page import answer_in_pieces

    return answer_in_pieces(assistant, question, "ana", running or Running())


def test_a_question_that_is_stopped_while_the_manuals_words_are_written_has_them_all(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    question = Question("How do I replace the seal of the pump?", conversation=new_conversation())
    running = Running()
    pieces = pieces_of(assistant, question, running)
    while "close both valves" not in next(pieces)[1]:
        pass
    running.end()
    (*_, last) = pieces
    assert last[0] == "done" and "close both valves" in last[1]
    assert "Stopped before its end." not in last[1] and "Sources" in last[1]
    (turn,) = assistant.journal.turns(question.conversation, "ana")
    assert turn.answer is not None and turn.answer.outcome == "answered"


def test_a_stored_answer_looks_as_it_did_when_it_was_streamed(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    question = Question("How do I replace the seal of the pump?", conversation=new_conversation())
    last = list(pieces_of(assistant, question))[-1]
    assert last[0] == "done" and "t-chip" in last[1]
    assert last[1] in str(turns.conversation(assistant.journal.turns(question.conversation, "ana")))


def test_a_question_that_is_too_long_is_refused_in_words(assistant: Assistant) -> None:
    assert list(pieces_of(assistant, Question("x" * 30_000))) == [
        ("done", '<p class="t-state">The question is longer than 20000 characters.</p>')
    ]
