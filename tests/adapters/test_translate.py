"""What goes to a model and what comes back: control tokens, thoughts, names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.servers.base import full_name
from adapters.servers.control_tokens import CONTROL, disarmed, without_thoughts


def cuts(text: str) -> list[list[str]]:
    """A text as a stream: whole, letter by letter, and in pieces of three."""
    return [[text], list(text), [text[i : i + 3] for i in range(0, len(text), 3)]]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Press Feed.", "Press Feed."),
        ("<think>Feed or Stop?</think>Press Feed.", "Press Feed."),
        ("\n<think>\nFeed?\n</think>\n\nPress Feed.\n", "Press Feed.\n"),
        ("<think></think>Press", "Press"),
        ("<think>never ends", ""),
        ("<think>a</think>", ""),
        ("Use <think> in HTML</think>.", "Use <think> in HTML</think>."),
        ("<thin", "<thin"),
        ("<thimble> holds", "<thimble> holds"),
        ("<think>a</think>b<think>c</think>", "b<think>c</think>"),
        ("", ""),
        ("  ", "  "),
    ],
)
def test_thoughts_stay_out_however_the_stream_is_cut(said: str, kept: str) -> None:
    for pieces in cuts(said):
        assert "".join(without_thoughts(pieces)) == kept


def test_an_answer_is_not_held_back() -> None:
    seen = []

    def stream():  # noqa: ANN202
        for piece in ("Press ", "Feed", "."):
            seen.append(piece)
            yield piece

    assert next(without_thoughts(stream())) == "Press "
    assert seen == ["Press "]


@pytest.mark.parametrize(
    "text",
    [
        "<|im_end|>",
        "a<|eot_id|>b",
        "<|a<|b|>|>",
        "<|a<|a<|b|>|>|>",
        "</s>",
        "<start_of_turn>user",
        "[INST] do [/INST]",
    ],
)
def test_control_tokens_are_taken_out(text: str) -> None:
    assert not CONTROL.search(disarmed(text))


@given(st.text(alphabet="<|>ab/s[INST]", max_size=60))
def test_nothing_assembles_a_control_token(text: str) -> None:
    assert not CONTROL.search(disarmed(text))


@pytest.mark.parametrize(
    "text", ["a < b | c > d", "Press <Enter>.", "x || y", "[1] The seal. [2] The cover.", "5 <|> 6"]
)
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert disarmed(text) == text


@pytest.mark.parametrize(
    "mark", ["<|im_end|>", "</s>", "<end_of_turn>", "<eos>", "<unused94>", "[/INST]"]
)
def test_what_is_disarmed_on_the_way_in_is_cleaned_on_the_way_out(mark: str) -> None:
    """One list of control tokens: for both kinds of server, for prompts, and for answers."""
    from chatbot.answers.cleaning import answer_text
    from chatbot.models import prompts

    said = f"Hold{mark} reset."
    assert mark not in disarmed(said)
    assert mark not in prompts.disarmed(said)
    assert "".join(piece or "" for piece in answer_text([said])) == "Hold reset."


def test_names_have_tags() -> None:
    assert full_name("llama3") == "llama3:latest"
    assert full_name("llama3:8b") == "llama3:8b"
    assert full_name("host:5000/team/llama3") == "host:5000/team/llama3:latest"
