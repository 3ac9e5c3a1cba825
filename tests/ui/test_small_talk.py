"""Small talk as the page shows it: the sentence, and nothing that would ask for trust or a vote."""

from __future__ import annotations

from tests.support.ui_values import QUESTION, answer
from ui.chat import turns


def test_small_talk_is_only_its_sentence() -> None:
    html = str(
        turns.finished(
            answer(text="Hello!", outcome="smalltalk", sentences=(), citations=()), QUESTION
        )
    )
    assert "Hello!" in html
    assert not any(part in html for part in ("t-route", "t-actions", "t-sources", "t-notice"))
