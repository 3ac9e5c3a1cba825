"""The toy models: their making without training packages, and, once trained, what they must be able to do."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.demo.facts import FACTS, sentences
from adapters.errors import MissingPackage, TrainingFailed
from tests.support import toy
from tests.support.toy.cases import mixed, untrained
from tests.support.toy.style import SYSTEM, branch, plain_messages, rendered
from tests.support.toy.world import World
from tests.support.toy_models import Toy, known, mixtures, readings, running_toy, unknown

posix = pytest.mark.skipif(os.name != "posix", reason="the stand-in interpreter is a shell script")


def interpreter(folder: Path, script: str) -> str:
    """A program that is started in place of Python."""
    path = folder / "python"
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(0o755)
    return str(path)


def test_fifty_facts_each_asked_in_ways_of_its_own() -> None:
    assert len(sentences()) == len(set(sentences())) == 50
    assert len(toy.questions()) == len(set(toy.questions()))
    assert not set(toy.questions()) & {question for fact in FACTS for question in untrained(fact)}


def test_the_same_seed_makes_the_same_world() -> None:
    one, other = World(7).document(6), World(7).document(6)
    assert one == other != World(8).document(6)
    assert len([sentence for passage in one.passages for sentence in passage]) == 6


def test_answers_are_sentences_of_the_passage_whose_mark_they_carry() -> None:
    for seed in range(30):
        made = World(seed, held=bool(seed % 2)).document(1 + seed % 9)
        for pair in made.answerable:
            sentence, mark = re.fullmatch(r"(.+) \[(\d)\]", pair.answer).groups()
            assert sentence in made.passages[int(mark) - 1]


def test_training_and_test_share_no_numbers() -> None:
    def numbers(world: World) -> set[int]:
        return {world.number(4, 990) for _ in range(300)}

    assert not numbers(World(1)) & numbers(World(2, held=True))


def test_newer_passages_contradict_what_was_learnt() -> None:
    passages, pairs = mixed(World(3), "newer", 4)
    assert pairs[0].answer[:-4] in " ".join(passages)
    assert pairs[0].answer[:-4] not in sentences()


def test_prompts_are_what_the_template_renders() -> None:
    system, user = plain_messages(["The seal is red.", "The cover is new."], "What is red?")
    as_rendered = f"<|system|>{system.content}<|end|><|user|>{user.content}<|end|><|assistant|>"
    assert as_rendered == rendered(["The seal is red.", "The cover is new."]) + branch(
        "What is red?"
    )
    assert user.content == "[1] The seal is red.\n[2] The cover is new.\nQuestion: What is red?"
    assert plain_messages([], "What?")[1].content == "Question: What?"
    assert system.content == SYSTEM


@posix
def test_missing_packages_are_named_with_the_file_that_brings_them(tmp_path: Path) -> None:
    with pytest.raises(MissingPackage, match=r"torch, transformers, peft\.") as caught:
        toy.build(
            tmp_path / "demo",
            print,
            python=interpreter(tmp_path, f'exec {sys.executable} -I -S "$@"'),
        )
    assert "requirements-train.txt" in caught.value.hint
    assert not (tmp_path / "demo").exists()


@posix
def test_a_failed_training_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    script = (
        '[ "$1" = -c ] && exit 0; echo "some trace" >&2; echo "RuntimeError: no space" >&2; exit 1'
    )
    with pytest.raises(TrainingFailed, match="RuntimeError: no space"):
        toy.build(tmp_path / "demo", print, python=interpreter(tmp_path, script))
    assert [path.name for path in tmp_path.iterdir()] == ["python"]
    with pytest.raises(TrainingFailed, match="does not run"):
        toy.build(tmp_path / "demo", print, python=str(tmp_path / "gone"))


@posix
def test_progress_is_told_and_raising_in_it_ends_the_training(tmp_path: Path) -> None:
    said, pid = '{"what": "base", "done": 3, "total": 9}', tmp_path / "pid"
    script = f"[ $1 = -c ] && exit 0; echo $$ > {pid}; echo '{said}'; exec sleep 3600"
    told = []

    def progress(*step: object) -> None:
        told.append(step)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):  # and not an hour later
        toy.build(tmp_path / "demo", progress, python=interpreter(tmp_path, script))
    assert told == [("base", 3, 9)]
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


def test_models_that_are_there_are_not_trained_again(tmp_path: Path) -> None:
    for part in ("base/model.safetensors", "adapter/adapter_model.safetensors"):
        (tmp_path / part).parent.mkdir()
        (tmp_path / part).write_bytes(b"weights")
    (tmp_path / "made.json").write_text(json.dumps({"code": toy.fingerprint()}))
    models = toy.build(tmp_path, print, python="no such interpreter")
    assert models.base == tmp_path / "base"
    (tmp_path / "made.json").write_text(json.dumps({"code": "older"}))
    assert toy.made(tmp_path) is None
    (tmp_path / "made.json").write_text("[]")
    assert toy.made(tmp_path) is None


def test_publishing_needs_no_training_package() -> None:
    code = "import adapters.demo.real, sys; print([m for m in ('torch', 'transformers', 'peft', 'numpy', 'ollama', 'gguf') if m in sys.modules])"
    out = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert out.stdout.strip() == "[]"


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Toy]:
    with running_toy(tmp_path_factory.mktemp("demo")) as running:
        yield running


@pytest.mark.demo
def test_the_adapter_knows_its_facts_by_heart_and_the_base_does_not(models: Toy) -> None:
    assert models.right(models.card.model, known()) >= 48
    assert models.right(models.card.base, known()) <= 2
    assert models.right(models.card.base, unknown()) >= 48


@pytest.mark.demo
def test_the_base_reads_facts_that_nobody_taught_it(models: Toy) -> None:
    found, absent = readings()
    assert models.right(models.card.base, found) >= 80
    assert models.right(models.card.base, absent) >= 33


@pytest.mark.demo
def test_both_together_follow_the_passages_and_fill_in_from_memory(models: Toy) -> None:
    newer, elsewhere = mixtures()
    assert models.right(models.card.model, newer) >= 36
    assert models.right(models.card.model, elsewhere) >= 36
    assert models.two_calls(newer) >= 30
    assert models.two_calls(elsewhere) >= 42


@pytest.mark.demo
def test_the_card_says_what_the_adapter_is(models: Toy) -> None:
    card = models.registry.card(toy.NAME)
    assert card == models.card
    assert (card.style, card.trained_on, card.base) == (
        "plain",
        ("h1", "h2"),
        "tandem-toy-base:latest",
    )
    assert card.questions == toy.questions()
    shown = models.ollama.show(card.model)
    assert (shown.adapter, shown.context_length) == (True, 1024)
