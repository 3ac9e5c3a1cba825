"""What the page says of models, their age and the modes, and whose questions end with a page; without a browser."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.registry import Card
from chatbot.models.serving import OFF, ModelStatus
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from knowledge.types import Counts, HeldVersion
from tests.support.ui_values import serving
from tests.support.writing_server import writing_server
from ui.chat import status_line
from ui.chat.model_status import Board
from ui.web import layout
from ui.web.cancellation import RunningQuestions


def held(
    manual: str,
    *hashes: str,
    product: str = "X200",
    live: bool = True,
    added: str = "2026-11-12T13:05:00Z",
) -> HeldVersion:
    return HeldVersion(manual, product, live, added, frozenset(hashes))


def test_status_and_start_never_claim_more_than_is_known() -> None:
    empty, reading, ready = Counts(0, 0, 0, 0), Counts(0, 0, 2, 0), Counts(1, 1204, 0, 1)
    assert "No manuals yet" in status_line.line(empty, OFF) and "passages" not in status_line.line(
        empty, OFF
    )
    assert "Try with the sample manuals" in layout.start(empty, ())
    assert "Reading 2 files" in layout.start(reading, ()) and "Try with" not in layout.start(
        reading, ()
    )
    assert "1,204 passages · 1 manual" in status_line.line(
        ready, OFF
    ) and "1 file could not be read" in status_line.line(ready, OFF)


@pytest.mark.parametrize(
    ("now", "later", "words", "light"),
    [
        (OFF, (), "No model server: answers are quotes", "idle"),
        (
            ModelStatus("down", "The model server does not answer."),
            (),
            'title="The model server does not answer."',
            "idle",
        ),
        (
            ModelStatus("up", "No adapter is served yet."),
            (),
            "No chat model: answers are quotes",
            "idle",
        ),
        (serving(), (), "Documents: base:v1", "good"),
        (serving(), (), "Adapter desk<", "good"),
        (serving(), ("Aurora X200", "Pump"), "Adapter desk, 2 manuals newer", "warn"),
        (
            serving(card=Card("desk", "desk:v1", "", "")),
            (),
            "Adapter desk, training unknown",
            "warn",
        ),
    ],
)
def test_the_status_line_says_who_answers(
    now: ModelStatus, later: tuple[str, ...], words: str, light: str
) -> None:
    html = str(status_line.line(Counts(1, 9, 0, 0), now, later))
    (found,) = [piece for piece in html.split("</span>") if words.removesuffix("<") in piece]
    assert f"t-light {light}" in found


def test_a_manual_is_newer_only_when_the_adapter_could_have_known_it() -> None:
    card = serving().card
    assert card is not None
    old = held("Aurora", "h1", "h2", live=False, added="2026-10-01T10:00:00Z")
    assert status_line.newer(card, [held("Aurora", "h1", "h2")]) == ()
    assert status_line.newer(card, [old, held("Aurora", "h1", "h3")]) == ("Aurora",)
    assert status_line.newer(card, [old, held("Aurora", "h7", product="")]) == (
        "Aurora",
    )  # nothing of it is as it was
    assert status_line.newer(card, [old, held("Aurora supplement", "h7")]) == ("Aurora supplement",)
    assert status_line.newer(card, [old, held("Another", "h7", product="F-100")]) == ()
    assert (
        status_line.newer(card, [held("Aurora", "h1", "h3", added="2026-10-01T10:00:00Z")]) == ()
    )  # never trained on, but not newer
    assert status_line.newer(
        replace(card, created=""), [held("Aurora", "h1", "h3", added="2020-01-01T10:00:00Z")]
    ) == ("Aurora",)
    assert status_line.newer(replace(card, trained_on=None), [held("Aurora", "h1")]) == ()


def test_a_mode_can_be_chosen_while_it_can_run_and_says_what_is_missing() -> None:
    assert [mode for mode, found in status_line.modes(serving()).items() if found.live] == [
        "auto",
        "documents",
        "adapter",
        "both",
        "compare",
    ]
    down = status_line.modes(ModelStatus("down", "The model server does not answer."))
    assert [mode for mode, found in down.items() if found.live] == ["auto", "documents", "compare"]
    assert (
        down["both"].why
        == "The model server does not answer. Available again once the model server responds."
    )
    assert (
        "An admin can add one."
        in status_line.modes(ModelStatus("up", "No adapter is served yet."))["adapter"].why
    )
    assert "You say which one is better." in down["compare"].why


def test_the_demonstration_adapter_is_called_so() -> None:
    card = serving().card
    assert card is not None
    demo = serving(card=replace(card, name="aurora-x200"))
    assert "demonstration adapter" in status_line.demonstration(
        demo
    ) and "demonstration adapter" in status_line.line(Counts(1, 9, 0, 0), demo)
    assert "demonstration adapter" in layout.start(
        Counts(1, 9, 0, 0), (), status_line.demonstration(demo)
    )
    assert not status_line.demonstration(serving())


def test_a_page_that_opens_during_the_first_look_for_models_waits_for_it(tmp_path: Path) -> None:
    with writing_server() as server, ThreadPoolExecutor(2) as pool:
        assistant = open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url=server.url))
        board = Board(assistant)
        server.lists.clear()
        pages = [pool.submit(board.serving) for _ in range(2)]
        assert not wait(pages, timeout=0.3).done
        server.lists.set()
        assert [page.result(200).state for page in pages] == ["up", "up"]
        assistant.close()


def test_a_look_behind_a_failed_call_is_made_once_and_nobody_else_waits_for_it(
    tmp_path: Path,
) -> None:
    """After a failure, one caller looks; the others are told what was seen last."""
    with writing_server() as server, ThreadPoolExecutor(1) as pool:
        assistant = open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url=server.url))
        assert assistant.models.status().state == "up"
        assistant.models.invalidate()
        server.lists.clear()
        looking = pool.submit(assistant.models.status)
        while not assistant.models._lock.locked():
            assert not looking.done()
        assert Board(assistant).serving().state == "up"  # at once: the list still hangs
        assert not looking.done()
        server.lists.set()
        assert looking.result(200).state == "up"
        assistant.close()


def test_only_the_questions_of_a_page_that_is_gone_are_stopped() -> None:
    stops = RunningQuestions()
    first, other = stops.open("t1", "", "here"), stops.open("t2", "", "there")
    stops.leave("", "here")
    assert first.wanted and first.stop.is_set() and not other.wanted
    stops.close(first)
    assert not stops.stop("t1") and stops.stop("t2") and other.wanted
    assert not stops.stop("t3") and stops.open("t3", "", "there").wanted  # stopped before it began
