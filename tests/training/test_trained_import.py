"""From the training folder to a served adapter, on a real Ollama: the base made by itself, and answers like the trainer's."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest

from adapters.datasets.pairs import TrainingPair, write_pairs
from adapters.errors import CannotConvert, CannotTrain, ModelMissing
from adapters.publishing.gguf import kind_of
from adapters.publishing.publish import PublishRequest, import_adapter
from adapters.publishing.trained import EQUAL, completed, in_words, outcome_of
from adapters.registry import CPU_MINUTES, Registry
from adapters.servers.ollama import Ollama
from adapters.training import session
from adapters.training.bases import SERVED_AS, find_base
from adapters.training.record import ADAPTER, Prompt, read_result
from adapters.training.rows import PairEncoder
from tests.support.command import run
from tests.support.ollama_server import running_ollama, tiny_adapter, tiny_base
from tests.support.training import need_wheel

RULES = Prompt("You are a support assistant. Answer shortly.", "Question: {question}")
PAIRS = [
    TrainingPair("What does error E04 mean?", "The cutter is jammed.", passage_hash="h1"),
    TrainingPair("What is E04?", "The cutter is jammed.", passage_hash="h1"),
    TrainingPair("How heavy is it?", "It weighs 2400 grams.", passage_hash="h2"),
    TrainingPair("What is its weight?", "It weighs 2400 grams.", passage_hash="h2"),
    TrainingPair("How loud is it?", "I am not sure.", "negative", passage_hash="h3"),
]

# an Ollama that was built without vectors takes a minute for each answer
pytestmark = [pytest.mark.built, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with running_ollama(tmp_path_factory.mktemp("ollama") / "models") as url:
        yield url


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real LoRA of a few steps on the real small model."""
    need_wheel()
    folder = tmp_path_factory.mktemp("trained")
    write_pairs(folder / "pairs.jsonl", PAIRS)
    chosen = {"epochs": 12, "batch": 5, "rate": 2e-3, "rank": 8}
    wish = session.Wish(folder / "pairs.jsonl", find_base(""), RULES, chosen, "2026-11-01")
    session.begin(wish, folder / "out")
    assert session.train(folder / "out", lambda line: None) is not None
    return folder / "out"


def test_a_trained_folder_is_imported_with_all_that_training_knew(
    trained: Path, url: str, tmp_path: Path
) -> None:
    ollama, registry = Ollama(url), Registry(tmp_path / "cards")
    with pytest.raises(ModelMissing):
        ollama.model(SERVED_AS)
    card = import_adapter(trained, PublishRequest("x200"), ollama, registry)
    assert (card.base, card.trained_on, card.cut_off) == (SERVED_AS, ("h1", "h2"), "2026-11-01")
    assert "How loud is it?" not in card.questions and len(card.questions) == 4
    result = read_result(trained)
    assert dict(result.answers)["What is E04?"] == "The cutter is jammed."
    assert card.scores[EQUAL] >= 0.8
    assert card.scores[CPU_MINUTES] == round(result.cpu_seconds / 60, 1)
    assert registry.card("x200") == card
    assert f"of {len(PAIRS)} answers equal the trainer's own" in in_words(result, card.scores)
    said = ollama.generate(card.model, "hello")
    assert said  # the base came with its own template, so it ends by itself
    assert ollama.blob(SERVED_AS).name.endswith(result.order.base.sha256)


def test_training_sees_the_very_string_that_the_server_renders(trained: Path, url: str) -> None:
    """The server itself says what it makes of the messages."""
    from transformers import AutoTokenizer

    base = read_result(trained).order.base
    tokenizer = AutoTokenizer.from_pretrained(base.path.parent, gguf_file=base.path.name)
    if not any(model.name == SERVED_AS for model in Ollama(url).models()):
        pytest.fail("the import above makes the base")
    messages = [
        {"role": "system", "content": RULES.system},
        {"role": "user", "content": RULES.asked("How wide?")},
    ]
    body = {"model": SERVED_AS, "messages": messages, "stream": False, "_debug_render_only": True}
    rendered = httpx.post(f"{url}/api/chat", json=body, timeout=120).json()["_debug_info"]
    assert PairEncoder(tokenizer, RULES).text("How wide?") == rendered["rendered_template"]


def test_a_served_base_is_read_back_for_training(trained: Path, url: str) -> None:
    base = read_result(trained).order.base
    served = find_base(SERVED_AS, Ollama(url))
    assert (served.sha256, served.parameters, served.name) == (
        base.sha256,
        base.parameters,
        SERVED_AS,
    )


def test_an_adapter_is_no_base_to_train_on(trained: Path, url: str, tmp_path: Path) -> None:
    server = Ollama(url)
    if not any(model.name == "desk:latest" for model in server.models()):
        import_adapter(trained, PublishRequest("desk"), server, Registry(tmp_path / "cards"))
    with pytest.raises(CannotTrain, match="'desk' is an adapter on .*; train on its base"):
        find_base("desk", server)


def test_the_folder_is_taken_whole_or_not_at_all(trained: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(trained, other)
    with (other / ADAPTER[1]).open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"\x01")
    with pytest.raises(CannotConvert, match="is not what training.json speaks of"):
        outcome_of(other)
    (other / "training.json").write_text("{")
    with pytest.raises(CannotConvert, match="training.json"):
        outcome_of(other)
    # Where the base no longer lies as it did, the wheel's is as good; another one is none.
    result = read_result(trained)
    assert completed(PublishRequest("x"), result).base_folder is not None
    with pytest.raises(CannotTrain):
        find_base(str(trained / "adapter_config.json"))


def test_versions_of_a_served_adapter_stand_beside_each_other(url: str, tmp_path: Path) -> None:
    """`support:v1.6` once became `support-v1`, as `support:v1.5` had."""
    ollama, registry = Ollama(url), Registry(tmp_path / "cards")
    base = tiny_base(tmp_path / "base")
    for number, tag in enumerate(("support:v1.5", "support:v1.6")):
        adapter = tiny_adapter(tmp_path / tag.replace(":", "-"), seed=number)
        order = PublishRequest(f"a{number}", base="tiny:base", base_folder=base, model=tag)
        import_adapter(adapter, order, ollama, registry)
    data, env = tmp_path / "data", {"TANDEM_MODEL_SERVERS": f"ollama+{url}"}
    for tag in ("support:v1.5", "support:v1.6"):
        assert run("import", tag, data=data, env=env).returncode == 0
    listed = json.loads(run("models", "--json", data=data, env=env).stdout)["adapters"]
    assert [(card["name"], card["model"]) for card in listed] == [
        ("support-v1.5", "support:v1.5"), ("support-v1.6", "support:v1.6"),
    ]  # fmt: skip
    assert ollama.model("support:v1.5").digest != ollama.model("support:v1.6").digest
    ollama.copy("support:v1.5", "org/support:v1")
    ollama.copy("support:v1.6", "org-support:v1")
    assert run("import", "org/support:v1", data=data, env=env).returncode == 0
    taken = run("import", "org-support:v1", data=data, env=env)
    assert taken.returncode == 1 and "name of another adapter (org/support:v1)" in taken.stderr


def test_merged_fine_tunes_become_models_of_their_own(url: str, tmp_path: Path) -> None:
    ollama, registry = Ollama(url), Registry(tmp_path / "cards")
    folder = import_adapter(
        tiny_base(tmp_path / "merged-v1.2", seed=5), PublishRequest("whole"), ollama, registry
    )
    assert (folder.model, folder.base, ollama.show("whole").adapter) == ("whole:latest", "", False)
    blob = ollama.blob("whole")
    assert blob is not None and kind_of(blob) == "model"
    shutil.copyfile(blob, tmp_path / "merged.gguf")
    again = import_adapter(tmp_path / "merged.gguf", PublishRequest("file"), ollama, registry)
    assert ollama.blob(again.model) == blob
    (tmp_path / "half.gguf").write_bytes(b"GGUF" + np.arange(40, dtype=np.uint8).tobytes())
    with pytest.raises(CannotConvert, match="not a whole GGUF"):
        import_adapter(tmp_path / "half.gguf", PublishRequest("half"), ollama, registry)
