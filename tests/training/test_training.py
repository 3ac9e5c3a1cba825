"""Training on a tiny base with the real packages: what is learnt, going on after any end, and what is refused before."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair, write_pairs
from adapters.errors import CannotTrain, MissingPackage, TrainingFailed
from adapters.training import session
from adapters.training.bases import find_base
from adapters.training.record import ADAPTER, CHECKPOINT, LOG, RESULT, read_result
from tests.support.command import run
from tests.support.manuals import ROOT
from tests.support.ollama_server import change_json
from tests.support.training import chat_base, log_of, need_packages, pairs_file, wish


@pytest.fixture
def base(tmp_path: Path) -> Path:
    need_packages()
    return chat_base(tmp_path / "base")


def weights(folder: Path) -> str:
    return hashlib.sha256((folder / ADAPTER[1]).read_bytes()).hexdigest()


def trained(folder: Path) -> str:
    assert session.train(folder, lambda line: None) is not None
    return weights(folder)


def test_the_loss_falls_and_the_result_says_what_was_trained(base: Path, tmp_path: Path) -> None:
    pairs = pairs_file(tmp_path / "pairs.jsonl")
    negative = TrainingPair("How loud is it?", "Not in the manual.", "negative", passage_hash="h99")
    with pairs.open("a", encoding="utf-8") as file:
        write_pairs(tmp_path / "more.jsonl", [negative])
        file.write((tmp_path / "more.jsonl").read_text())
    out = tmp_path / "out"
    session.begin(wish(base, pairs, epochs=12), out)
    told: list[dict[str, object]] = []
    outcome = session.train(out, lambda line: told.append(dict(line)))
    assert outcome is not None and outcome == read_result(out)
    assert outcome.losses[-1][1] < outcome.losses[0][1] / 2
    assert outcome.passages == tuple(
        f"h{n}" for n in range(12)
    )  # what is not in the manual is not known
    assert "How loud is it?" not in outcome.questions
    assert outcome.kinds == {"fact": 12, "negative": 1}
    assert len(outcome.answers) == 10
    assert outcome.adapter_sha256 == weights(out)
    steps = [line for line in told if "step" in line]
    assert [line["step"] for line in steps] == list(range(1, outcome.steps + 1))
    assert {"of", "loss", "rate", "remaining"} <= steps[0].keys()
    assert told[-1] == log_of(out)[-1] == {"done": True}
    config = json.loads((out / ADAPTER[0]).read_text())
    assert config["base_model_name_or_path"] == "base"  # and no folder of this machine
    assert not (out / CHECKPOINT).exists()


def interpreter(folder: Path, step: int, end: str) -> str:
    """A Python whose training ends at a step: it is "killed" there, or waits there until it is "asked" to stop."""
    code, made = folder / f"{end}.py", folder / f"python-{end}"
    code.write_text(f"""
import os, signal, sys, time
from pathlib import Path
from adapters.training import process
from adapters.training.record import STOP

folder, told = Path(sys.argv[1]), process._Lines.__call__

def tell(lines, line):
    told(lines, line)
    if line.get("step") == {step} and "{end}" == "killed":
        os.kill(os.getpid(), signal.SIGKILL)
    while line.get("step") == {step} and not (folder / STOP).exists():
        time.sleep(0.02)

process._Lines.__call__ = tell
sys.exit(process.main(folder, "--resume" in sys.argv[2:]))
""")
    made.write_text(
        f"""#!/bin/sh
[ "$1" = -c ] && exec {sys.executable} "$@"
shift 2
exec {sys.executable} {code} "$@"
"""
    )
    made.chmod(0o755)
    return str(made)


def test_a_training_that_was_killed_or_stopped_goes_on_to_the_same_weights(
    base: Path, tmp_path: Path
) -> None:
    pairs = pairs_file(tmp_path / "pairs.jsonl", validation=3)
    order = wish(base, pairs)
    session.begin(order, tmp_path / "whole")
    wanted = trained(tmp_path / "whole")
    for place in (2, 7):
        out = tmp_path / f"killed-{place}"
        session.begin(order, out)
        with pytest.raises(TrainingFailed):
            session.train(out, lambda line: None, python=interpreter(tmp_path, place, "killed"))
        assert log_of(out)[-1]["step"] == place and not (out / RESULT).exists()
        assert trained(out) == wanted
        steps = [line["step"] for line in log_of(out) if "step" in line]
        assert steps == list(range(1, 10))  # none is missing, none stands twice
        assert read_result(out).losses == read_result(tmp_path / "whole").losses

    out = tmp_path / "asked"
    session.begin(order, out)

    def stop(line: Mapping[str, object]) -> None:
        if line.get("step") == 3:
            with pytest.raises(CannotTrain, match="being trained in by another process"):
                session.begin(order, out)
            session.ask_to_stop(out)

    assert session.train(out, stop, python=interpreter(tmp_path, 3, "asked")) is None
    assert log_of(out)[-1] == {"stopped": True}
    with pytest.raises(CannotTrain, match="Nothing is being trained in"):
        session.ask_to_stop(out)
    with pytest.raises(CannotTrain, match="--resume"):
        session.begin(order, out)
    assert trained(out) == wanted
    with pytest.raises(CannotTrain, match="trained adapter already"):
        session.begin(order, out)


def test_it_stops_when_validation_gets_no_better_and_keeps_the_best(
    base: Path, tmp_path: Path
) -> None:
    pairs = [
        TrainingPair(f"What is {n}?", f"{n} is red." if n < 8 else "Otherwise.") for n in range(10)
    ]
    split = [
        TrainingPair(p.question, p.answer, split="train" if n < 8 else "validation")
        for n, p in enumerate(pairs)
    ]
    write_pairs(tmp_path / "pairs.jsonl", split)
    order = wish(base, tmp_path / "pairs.jsonl", epochs=40, rate=5e-2, patience=2)
    session.begin(order, tmp_path / "out")
    told: list[dict[str, object]] = []
    outcome = session.train(tmp_path / "out", lambda line: told.append(dict(line)))
    assert outcome is not None and outcome.early
    rights = [float(str(line["right"])) for line in told if "right" in line]
    assert len(rights) == len(outcome.validation) < 40 and rights[-3] == max(rights) > rights[-1]


def test_the_latest_weights_that_foretell_most_are_kept_whatever_their_loss(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The lowest loss came at half the way, when two of five trained questions were answered wrongly."""
    need_packages()
    import torch

    from adapters.training import loop
    from adapters.training.checkpoint import Position

    found = iter([(0.6, 0.80), (0.4, 0.91), (0.5, 0.93), (0.6, 0.93), (0.5, 0.92), (0.5, 0.90)])
    monkeypatch.setattr(loop, "measured", lambda model, data: next(found))
    course = loop.Course(None, None, None, None, tmp_path, print, lambda: False)  # type: ignore[arg-type]
    at, weight, best = Position(), torch.zeros(1), dict[str, torch.Tensor]()
    for at.step in range(1, 7):
        weight += 1
        best = course._validated(at, {"w": weight}, best)
    assert best["w"].item() == 4 and at.worse == 2
    assert [loss for _, loss in at.validation] == [0.6, 0.4, 0.5, 0.6, 0.5, 0.5]


def test_facts_that_nobody_teaches_do_not_end_a_training(base: Path, tmp_path: Path) -> None:
    pairs = [
        TrainingPair(f"What is {n}?", f"{n} is red.", group=f"g{n}", split="train")
        for n in range(8)
    ]
    strange = TrainingPair("What is 9?", "9 is blue.", group="g9", split="validation")
    write_pairs(tmp_path / "pairs.jsonl", [*pairs, strange])
    session.begin(wish(base, tmp_path / "pairs.jsonl"), tmp_path / "out")
    outcome = session.train(tmp_path / "out", lambda line: None)
    assert outcome is not None and outcome.validation == () and not outcome.early


def test_a_row_of_many_pairs_is_trained_like_each_pair_alone(base: Path, tmp_path: Path) -> None:
    import torch

    from adapters.datasets.pairs import read_pairs
    from adapters.training import loop
    from adapters.training.rows import PairEncoder

    order = wish(base, pairs_file(tmp_path / "pairs.jsonl"))
    model, tokenizer = loop.load(order.base)
    encoder = PairEncoder(tokenizer, order.prompt)
    pairs = read_pairs(order.pairs)
    model = loop.adapted(model.float(), order.plan(), "base")
    data = encoder.encoded(pairs, 256)
    together = sum(float(loop.scored_row(model, row)[0].detach()) for row in data.rows(range(12)))
    alone = 0.0
    for pair in pairs:
        asked = encoder.ids(encoder.text(pair.question))
        answer = encoder.ids(f"{pair.answer}<|end|>")
        with torch.no_grad():
            logits = model(input_ids=torch.tensor([asked + answer])).logits[0]
        alone += float(
            torch.nn.functional.cross_entropy(
                logits[len(asked) - 1 : -1].float(), torch.tensor(answer), reduction="sum"
            )
        )
    assert together == pytest.approx(alone, rel=0.01)
    assert len(data.shared) > 5  # the rules stand there once


@pytest.mark.parametrize(("has", "kind"), [(True, "bfloat16"), (False, "float32")])
def test_a_base_is_held_in_numbers_that_the_processor_multiplies(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, has: bool, kind: str
) -> None:
    """Numbers of two bytes, emulated, took nine times as long; what is learnt is the same."""
    import torch

    from adapters.datasets.pairs import read_pairs
    from adapters.training import loop
    from adapters.training.rows import PairEncoder

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.cpu, "_is_amx_tile_supported", lambda: False, raising=False)
    monkeypatch.setattr(torch.cpu, "_is_avx512_bf16_supported", lambda: has, raising=False)
    order = wish(base, pairs_file(tmp_path / "pairs.jsonl"))
    model, tokenizer = loop.load(order.base)
    assert str(model.dtype) == f"torch.{kind}"
    encoder = PairEncoder(tokenizer, order.prompt)
    model = loop.adapted(model, order.plan(), "base")
    rows = encoder.encoded(read_pairs(order.pairs), 256).rows(range(12))
    held = sum(float(loop.scored_row(model, row)[0].detach()) for row in rows)
    assert loop.answers(model, encoder, ["How wide?"], 4) != []
    exact = sum(float(loop.scored_row(model.float(), row)[0].detach()) for row in rows)
    assert held == pytest.approx(exact, rel=0.03)


def test_what_cannot_be_trained_is_refused_before_anything_runs(base: Path, tmp_path: Path) -> None:
    pairs = pairs_file(tmp_path / "pairs.jsonl")
    for chosen, words in (
        ({"rank": 0}, "rank"), ({"rate": 3.0}, "rate"), ({"modules": ("lm_head",)}, "'lm_head' cannot be adapted"),
        ({"rank": 10**9}, "of memory"),
    ):  # fmt: skip
        with pytest.raises(CannotTrain, match=words):
            session.begin(wish(base, pairs, **chosen), tmp_path / "out")
    change_json(base / "config.json", architectures=["Gemma3ForCausalLM"])
    with pytest.raises(CannotTrain, match="architecture 'Gemma3ForCausalLM'.*llama, qwen2 can"):
        find_base(str(base))
    with pytest.raises(CannotTrain, match="neither"):
        find_base("gone")
    (tmp_path / "half.gguf").write_bytes(b"GGUF\x03\x00\x00\x00half")
    with pytest.raises(CannotTrain, match="not a whole GGUF"):
        find_base(str(tmp_path / "half.gguf"))
    assert not (tmp_path / "out").exists()


def test_faults_of_pairs_and_bases_end_in_a_sentence(base: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.jsonl"
    write_pairs(long, [TrainingPair("How?", "so " * 400)])
    session.begin(wish(base, long), tmp_path / "long")
    with pytest.raises(CannotTrain, match="'How\\?' has .* tokens"):
        session.train(tmp_path / "long", lambda line: None)
    bare = chat_base(tmp_path / "bare")
    change_json(bare / "tokenizer_config.json", chat_template="{{ messages[-1]['content'] }}")
    session.begin(wish(bare, pairs_file(tmp_path / "p.jsonl")), tmp_path / "drops")
    with pytest.raises(CannotTrain, match="leaves out the rules"):
        session.train(tmp_path / "drops", lambda line: None)
    (tmp_path / "drops" / "pairs.jsonl").write_text('{"question": "a", "answer": "b"}\n')
    with pytest.raises(CannotTrain, match="changed after it began"):
        session.train(tmp_path / "drops", lambda line: None)


@pytest.mark.skipif(os.name != "posix", reason="the stand-in interpreter is a shell script")
def test_missing_packages_and_a_dead_process_are_told(tmp_path: Path) -> None:
    def interpreter(script: str) -> str:
        path = tmp_path / "python"
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return str(path)

    out = tmp_path / "out"
    session.begin(wish(chat_base(tmp_path / "base"), pairs_file(tmp_path / "p.jsonl")), out)
    with pytest.raises(MissingPackage, match="torch, transformers, peft"):
        session.train(out, print, python=interpreter(f'exec {sys.executable} -I -S "$@"'))
    with pytest.raises(TrainingFailed, match="RuntimeError: no space"):
        script = '[ "$1" = -c ] && exit 0; echo "RuntimeError: no space" >&2; exit 1'
        session.train(out, print, python=interpreter(script))
    with pytest.raises(TrainingFailed, match="does not run"):
        session.train(out, print, python=str(tmp_path / "gone"))


def test_the_command_trains_explains_stops_and_goes_on(base: Path, tmp_path: Path) -> None:
    pairs, out, data = pairs_file(tmp_path / "pairs.jsonl"), tmp_path / "out", tmp_path / "data"
    said = run(
        "train", "--pairs", pairs, "--base", base, "--rank", 4, "--explain", "--json", data=data
    )
    told = json.loads(said.stdout)
    assert (told["pairs"], told["settings"]["rank"], told["settings"]["alpha"]) == (12, 4, 8)
    assert told["why"]["rank"] == "as you chose" and "1 step" not in told["why"]["rate"]
    run("dataset", "import", "Our pairs", pairs, data=data)
    named = run("train", "--pairs", "our pairs", "--base", base, "--explain", "--json", data=data)
    assert 0 < json.loads(named.stdout)["pairs"] <= 12  # without those set apart for the test
    nobody = run("train", "--pairs", "Theirs", "--base", base, data=data)
    assert "'Theirs' is neither a file nor a data set" in nobody.stderr
    assert not out.exists()

    command = [
        sys.executable,
        str(ROOT / "run.py"),
        "--data",
        str(data),
        "train",
        "--out",
        str(out),
        "--json",
    ]
    begun = [
        *command,
        "--pairs",
        str(pairs),
        "--base",
        str(base),
        "--epochs",
        "100",
        "--batch",
        "2",
    ]
    process = subprocess.Popen(begun, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(json.loads(line))
        if lines[-1].get("step") == 4:  # hundreds are left
            process.send_signal(signal.SIGTERM)
    assert process.wait(240) == 0
    assert lines[-1] == {"stopped": True, "folder": str(out)}
    assert (out / CHECKPOINT).exists()
    went_on = subprocess.run([*command, "--resume"], capture_output=True, text=True, check=True)
    assert json.loads(went_on.stdout.splitlines()[-1])["steps"] == 600
    assert (out / LOG).exists()
    for option, value, why in (
        ("--export", pairs, "it is a file"),
        ("--out", pairs, "it is a file"),
        ("--seed", 2**40, "The seed must be a whole number from 0 to"),
        ("--cut-off", "yesterday", "'yesterday' is no date"),
    ):
        wrong = run("train", "--pairs", pairs, "--base", base, option, value, data=data)
        assert wrong.returncode == 1 and why in wrong.stderr and wrong.stderr.count("\n") == 1
    refused = run("train", data=data)
    assert (refused.returncode, "--pairs" in refused.stderr) == (1, True)
    nothing = run("train", "--stop", "--out", tmp_path / "nothing", data=data)
    assert (nothing.returncode, "No training was begun in" in nothing.stderr) == (1, True)
    ended = run("train", "--stop", "--out", out, data=data)
    assert (ended.returncode, "is done; there is nothing to stop" in ended.stderr) == (1, True)
    other = run(
        "train", "--resume", "--out", out, "--pairs", pairs_file(tmp_path / "o.jsonl", 3), data=data
    )
    assert "is not what this training began with" in other.stderr
    again = run("train", "--pairs", pairs, "--base", base, "--out", out, data=data)
    assert "holds a trained adapter already" in again.stderr


def test_a_bundle_trains_the_same_elsewhere_and_its_files_are_checked(
    base: Path, tmp_path: Path
) -> None:
    pairs, data, bundle = (
        pairs_file(tmp_path / "pairs.jsonl", 4),
        tmp_path / "data",
        tmp_path / "bundle",
    )
    named = ["train", "--pairs", pairs, "--base", base, "--epochs", 2, "--rank", 4]
    done = run(*named, "--export", bundle, data=data)
    assert done.returncode == 0 and "one command" in done.stdout
    assert "peft" in (bundle / "requirements.txt").read_text()
    command = [sys.executable, "-m", "adapters.training.elsewhere"]

    def elsewhere(folder: Path) -> subprocess.CompletedProcess[str]:
        env = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=env)

    moved = bundle.rename(tmp_path / "gpu box")
    order = moved / "result" / "order.json"
    whole = order.read_text()
    order.write_text(whole.replace('"rank": 4', '"rank": 8'))
    changed = elsewhere(moved)
    assert (changed.returncode, "order.json is missing or was changed" in changed.stderr) == (
        1,
        True,
    )
    order.write_text(whole)
    assert elsewhere(moved).returncode == 0
    assert run(*named, "--out", tmp_path / "here", data=data).returncode == 0
    assert weights(moved / "result") == weights(tmp_path / "here")
    assert read_result(moved / "result").order == read_result(tmp_path / "here").order
