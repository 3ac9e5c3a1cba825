"""What a model writes beside its answer is cut; what is left is shown when it holds, else the manual is quoted."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from chatbot.answers.cleaning import answer_text, tidy
from chatbot.answers.messages import CUT, DIFFERS, LITTLE_HELD, NO_ANSWER, NOT_HELD, QUOTES
from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.models.prompts import STANDARD
from tests.support.events import text_of
from tests.support.manuals import PUMP
from tests.support.model_server import SEAL, ModelServer, assistant_with

HELD = "Remove the four screws of the cover. [1]"
EMPTY = [
    "", "  ", "\n\n", "[1]", "[1] [2].", "<think>The seal</think>", "<think>never ends", "<thinking>Hmm</thinking>", "<thinking>Hmm",
    "<|channel|>analysis<|message|>The seal", "<|channel>thought\nThe seal", "<unused94>thought The seal",
    '<tool_call>{"name": "search", "arguments": {"q": "seal"}}</tool_call>', '{"name": "search", "arguments": {"q": "seal of the pump"}}',
    "Sure!", "Based on the passages:", "<|im_end|>", "<<a1b2: passage [1], Pump>>",
]  # fmt: skip


@pytest.mark.parametrize("said", EMPTY)
@pytest.mark.parametrize("mode", ["documents", "both"])
def test_an_empty_answer_gives_way_to_quotes(tmp_path: Path, said: str, mode: str) -> None:
    """The manuals do answer; that a model says nothing must not be put on them."""
    with assistant_with(tmp_path, ModelServer(said=said), card=True) as assistant:
        answer = ask_once(assistant, Question(SEAL, mode))  # type: ignore[arg-type]
    assert answer.outcome == "answered"
    assert f"{NO_ANSWER} {QUOTES}" in answer.notices
    assert answer.citations and all(sentence.state == "verified" for sentence in answer.sentences)


BESIDE = {
    "a preamble": "Sure! Based on the provided passages, remove the four screws of the cover. [1]",
    "a polite end": f"{HELD} I hope this helps! Let me know if you have any other questions.",
    "frames": f"<<a1b2c3d4: passage [1], Pump P-200 user manual, Maintenance>>\n{HELD}\n<<a1b2c3d4: end of [1]>>",
    "control marks": f"<|im_start|>assistant\n{HELD}<|im_end|>",
    "thoughts": f"<thinking>Which passage?</thinking>\n\n{HELD}",
    "thoughts without a beginning": f"The user asks for the seal, so passage one.\n</think>\n\n{HELD}",
    "gpt-oss": f"<|channel|>analysis<|message|>We need the seal.<|end|><|start|>assistant<|channel|>final<|message|>{HELD}",
    "a label": f"**Answer:** {HELD}",
    "the rules": f"{HELD} Copy numbers, units, codes and names exactly.",
    "the next question": f"{HELD}\n\nQuestion: How do I clean the filter?\nAnswer: With a brush. [2]",
}


@pytest.mark.parametrize("said", BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_an_answer_is_cut(tmp_path: Path, said: str) -> None:
    with assistant_with(tmp_path, ModelServer(said=said)) as assistant:
        steps = list(assistant.ask(Question(SEAL)))
    answer = steps[-1].answer  # type: ignore[union-attr]
    assert answer.model == "m:latest"
    assert answer.text == HELD
    assert [sentence.state for sentence in answer.sentences] == ["verified"]
    shown = text_of(steps)
    assert "<<" not in shown and "<|" not in shown


PIECES = "<think>a</think>Press **Feed**. <<f1: end of [1]>> Wait < 5 s.\n\nQuestion 2: And then? Press Stop."


def test_the_same_is_cut_wherever_the_stream_is(tmp_path: Path) -> None:
    whole = "".join(piece or "" for piece in answer_text([PIECES[16:]]))
    for size in (1, 2, 3, 7, 20):
        pieces = [PIECES[16:][i : i + size] for i in range(0, len(PIECES) - 16, size)]
        assert "".join(piece or "" for piece in answer_text(pieces)) == whole
    assert whole.split() == ["Press", "**Feed**.", "Wait", "<", "5", "s."]


@pytest.mark.parametrize(
    "text",
    [
        "Use <b> to make it bold.", "Press [1] on the keypad.", "If x < 5, press Stop.", 'Send {"name": "x"} to the port.',
        "Sure-Grip handles are fitted.", "From the main menu, select Set-up.", "Okay is shown on the display.", "Here is the fuse F1.",
    ],
)  # fmt: skip
def test_an_answer_that_looks_like_it_stays(text: str) -> None:
    assert (
        "".join(piece or "" for piece in answer_text(["Do this. ", text])).strip()
        == f"Do this. {text}"
    )
    assert tidy(text, STANDARD.documents) == text


RAMBLING = "Pumps are found in many homes. They come in several colours. Many people like them."


@pytest.mark.parametrize(
    ("mode", "said", "why"),
    [
        ("documents", f"{HELD} {RAMBLING}", LITTLE_HELD),
        ("documents", RAMBLING, NOT_HELD),
        ("both", RAMBLING, NOT_HELD),
        ("both", "Tighten the screws to 99 Nm.", NOT_HELD),
        ("both", f"{HELD} Tighten the screws to 99 Nm.", DIFFERS),
        ("both", f"{HELD} The spare part is CT-077.", DIFFERS),
    ],
)
def test_what_does_not_hold_gives_way_to_the_manuals_words(
    tmp_path: Path, mode: str, said: str, why: str
) -> None:
    with assistant_with(tmp_path, ModelServer(said=said), card=True) as assistant:
        answer = ask_once(assistant, Question(SEAL, mode))  # type: ignore[arg-type]
    assert f"{why} {QUOTES}" in answer.notices
    assert all(sentence.state == "verified" for sentence in answer.sentences)
    assert "99" not in answer.text and "CT-077" not in answer.text and "colours" not in answer.text


def test_both_shows_the_new_code_where_the_adapter_has_the_old_one(tmp_path: Path) -> None:
    from tests.support.manuals import put

    with assistant_with(
        tmp_path, ModelServer(said="The cartridge of the pump is CT-077."), card=True
    ) as assistant:
        put(
            assistant.catalog,
            "pump.md",
            f"{PUMP}\n## Cartridge\n\nOrder the cartridge for the pump as CT-078.\n",
        )
        answer = ask_once(assistant, Question("Which cartridge does the pump take?", "both"))
    assert "CT-078" in answer.text and "CT-077" not in answer.text


def test_an_answer_cut_by_its_length_says_so_and_ends_with_a_whole_sentence(tmp_path: Path) -> None:
    said = f"{HELD} Tighten the screws to 12 Nm. [1] Then close the"
    with assistant_with(tmp_path, ModelServer(said=said, ends="length")) as assistant:
        answer = ask_once(assistant, Question(SEAL))
    assert answer.model == "m:latest" and CUT in answer.notices
    assert answer.text.endswith("12 Nm. [2]") or answer.text.endswith("12 Nm. [1]")


@pytest.mark.parametrize("word", ["a", "a ", "[1] ", "Close the valve. ", "<<", "\n", "(", "1, "])
def test_a_piece_of_five_megabytes_does_not_hold_the_answer_up(tmp_path: Path, word: str) -> None:
    """It took 504 s. The bound is on what is read, so no time is taken here: without it this test runs into its limit."""
    said = word * (5_000_000 // len(word))
    server = ModelServer(said=said.replace(" ", "\u00a0"))  # in one piece
    with assistant_with(tmp_path, server, seconds=20) as assistant:
        begun = time.monotonic()
        answer = ask_once(assistant, Question(SEAL))
    assert len(answer.text) < 30_000
    assert time.monotonic() - begun < 200


@pytest.mark.parametrize("blank", ["\n", " \n", "\n# ", "#"])
def test_a_million_blank_lines_are_looked_at_once(blank: str) -> None:
    """Every one was taken for the beginning of a next question, and all after it looked at: half an hour, over this test's limit."""
    held = "Close both valves."
    pieces = [held, blank * 1_000_000, "Then wait.", "\n\n** Question 2:", " What else?"]
    text = "".join(piece or "" for piece in answer_text(pieces))
    assert text.startswith(held) and text.rstrip().endswith("Then wait.")
