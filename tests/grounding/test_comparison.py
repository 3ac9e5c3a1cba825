"""The words in which a sentence and the nearest one of a manual differ: what is marked, and in which order."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatbot.conversations.types import Sentence
from chatbot.grounding.entailment.comparison import differing
from chatbot.grounding.reply_check import Checked
from run import main
from tests.support.ui_values import citation
from ui.chat import answer_text
from ui.reply_check import results
from ui.web.html import marked


@pytest.mark.parametrize(
    ("said", "held", "pairs"),
    [
        ("Hold Feed for 15 seconds.", "Hold Feed for 10 seconds.", [("15 seconds", "10 seconds")]),
        ("Hold the Feed key for ten seconds.", "Hold the Feed key for 10 s.", []),
        ("Open the cover and wait.", "Open a cover and wait.", []),
        ("Press Feed and Cancel.", "Press Feed or Cancel.", [("and", "or")]),
        ("You must press Feed.", "You may press Feed.", [("must", "may")]),
        ("Use solvent for the lid.", "Do not use solvent for the lid.", [("", "not")]),
        (
            "The seat is for children over the age of 3.",
            "The seat is for children under the age of 3.",
            [("over", "under")],
        ),
        (
            "Open the lid gently with part KF-11.",
            "Shut the lid gently with part KF-10.",
            [("KF-11", "KF-10"), ("Open", "Shut")],
        ),
        ("Type tar -c to begin.", "Type tar -x to begin.", [("-c", "-x")]),
        ("", "", []),
    ],
)
def test_what_differs_is_found_numbers_and_codes_first(
    said: str, held: str, pairs: list[tuple[str, str]]
) -> None:
    found = differing(said, held)
    assert [(each.said, each.held) for each in found] == pairs
    assert all(
        said[slice(*each.said_at)] == each.said and held[slice(*each.held_at)] == each.held
        for each in found
    )


@given(st.text(max_size=120), st.text(max_size=120))
def test_any_two_texts_can_be_compared_and_marked(said: str, held: str) -> None:
    found = differing(said, held)
    assert [each.number for each in found] == sorted((each.number for each in found), reverse=True)
    html = marked(said, [each.said_at for each in found], "t-differs")
    assert html.replace('<mark class="t-differs">', "").replace("</mark>", "").unescape() == said
    assert not differing(said, said)


def test_the_check_page_marks_the_words_on_both_sides_and_names_them() -> None:
    near = citation(0, quote="Open the lid with part KF-10 <b>.")
    html = str(
        results.ReplyReport().row(
            Checked(Sentence("Shut the lid with part KF-11 <i>.", "unsupported", near=near))
        )
    )
    said, told = html.split('<div class="t-told">')
    assert '<mark class="t-differs">KF-11' in said and "<i>" not in said
    assert '<mark class="t-differs">KF-10' in told and "<b>." not in told
    assert "Differs: KF-11" in told and told.index("KF-11") < told.index("Shut → Open")
    assert "t-differs" not in results.ReplyReport().row(
        Checked(Sentence("Shut the lid.", "unsupported"))
    )


def test_an_answer_marks_them_in_the_words_that_stand_beside() -> None:
    near = citation(0, quote="Hold RESET for ten seconds.")
    assert '<mark class="t-differs">ten seconds</mark>' in answer_text.beside(
        Sentence("Hold RESET for 5 s.", "contradicted", near=near)
    )


def test_the_command_line_names_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "draft.txt").write_text("Order the part KF-11 and hold Feed with the hook.")
    (tmp_path / "passages.json").write_text(
        json.dumps({"passages": [{"text": "Order the part KF-10 or hold Feed with the hook."}]})
    )
    assert (
        main(
            [
                "check",
                str(tmp_path / "draft.txt"),
                "--passages",
                str(tmp_path / "passages.json"),
                "--json",
            ]
        )
        == 0
    )
    (row,) = json.loads(capsys.readouterr().out)["sentences"]
    assert row["state"] == "unsupported"
    assert row["differs"] == [
        {"said": "KF-11", "held": "KF-10", "number": True},
        {"said": "and", "held": "or", "number": False},
    ]
