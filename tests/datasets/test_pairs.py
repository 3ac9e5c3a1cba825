"""The shared form of pairs: what is written is read back, and a bad line is named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.datasets.pairs import TrainingPair, passage_hash, read_pairs, write_pairs
from adapters.datasets.training_list import read_training
from adapters.errors import BadTrainingList
from knowledge.text import digest
from tests.support.training_pairs import ODD, PAIRS


@given(pairs=st.lists(PAIRS, min_size=1, max_size=5))
def test_what_is_written_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[TrainingPair]
) -> None:
    path = tmp_path_factory.mktemp("pairs") / "pairs.jsonl"
    write_pairs(path, pairs)
    assert read_pairs(path) == tuple(pairs)


@pytest.mark.parametrize("odd", ODD)
def test_line_ends_of_other_kinds_are_no_ends_of_lines(tmp_path: Path, odd: str) -> None:
    pair = TrainingPair(f"What is {odd}?", f"It is {odd}.", version=2)
    write_pairs(tmp_path / "pairs.jsonl", [pair])
    assert read_pairs(tmp_path / "pairs.jsonl") == (pair,)
    assert read_training(tmp_path / "pairs.jsonl").questions == (pair.question,)


def test_plain_questions_and_answers_are_pairs(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('\ufeff{"question": "Q?", "answer": "A.", "score": 3}\n\n', "utf-8")
    assert read_pairs(path) == (TrainingPair("Q?", "A."),)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "line 2 is not JSON"),
        ("[1]", "line 2 is not an object"),
        ('{"question": "Q?"}', "line 2 has no answer"),
        ('{"question": " ", "answer": "A."}', "line 2 has no question"),
        ('{"question": "Q?", "answer": 5}', "line 2 has a field answer that is not text"),
        ('{"question": "Q?", "answer": "A.", "kind": "joke"}', "line 2 has a kind"),
        ('{"question": "Q?", "answer": "A.", "split": "exam"}', "line 2 has a split"),
        (
            '{"question": "Q?", "answer": "A.", "version": true}',
            "line 2 has a field version that is not a whole number",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text(f'{{"question": "Q?", "answer": "A."}}\n{line}\n', "utf-8")
    with pytest.raises(BadTrainingList, match=why):
        read_pairs(path)


def test_an_empty_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "empty.jsonl").write_text("\n \n", "utf-8")
    with pytest.raises(BadTrainingList, match="empty.jsonl is empty"):
        read_pairs(tmp_path / "empty.jsonl")
    with pytest.raises(BadTrainingList, match="cannot be read"):
        read_pairs(tmp_path / "none.jsonl")


@given(st.text())
def test_a_passage_has_the_hash_that_the_library_gives_it(text: str) -> None:
    assert passage_hash(text) == digest(text)


def test_the_list_of_what_was_trained_may_be_in_another_tools_form(tmp_path: Path) -> None:
    alpaca = tmp_path / "alpaca.json"
    alpaca.write_text(json.dumps([{"instruction": "How wide?", "input": "", "output": "3 mm."}]))
    assert read_training(alpaca).questions == ("How wide?",)
    talk = {
        "conversations": [
            {"from": "human", "value": "How tall?"},
            {"from": "gpt", "value": "9 mm."},
        ]
    }
    (tmp_path / "talks.jsonl").write_text(json.dumps(talk))
    assert read_training(tmp_path / "talks.jsonl").questions == ("How tall?",)
    (tmp_path / "t.csv").write_text(
        "question,answer,kind,split\nHow wide?,3.,,\nHow old?,?,negative,\nHow new?,2.,,test\n"
    )
    assert read_training(tmp_path / "t.csv").questions == ("How wide?",)
    (tmp_path / "own.jsonl").write_text('{"question": "Q?", "answer": "A."}\n{"answer": "A."}\n')
    with pytest.raises(BadTrainingList, match="line 2 has no question"):
        read_training(tmp_path / "own.jsonl")
