"""The client and publishing against a real Ollama, with tiny models of random weights."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from adapters.datasets.training_list import Training
from adapters.errors import (
    BadTrainingList,
    CannotConvert,
    CannotLoad,
    CannotMerge,
    CardError,
    ModelMissing,
    ServerRefused,
    Stopped,
)
from adapters.publishing import full_weights
from adapters.publishing.gguf import convert, shape_of_folder
from adapters.publishing.merge import merge
from adapters.publishing.publish import PublishRequest, import_adapter, make_base, publish
from adapters.registry import Registry
from adapters.servers.ollama import Ollama
from adapters.types import CreateStep, Message, Options, Timeouts
from tests.support.ollama_server import (
    RANK,
    SIDES,
    TEMPLATE,
    change_json,
    running_ollama,
    tiny_adapter,
    tiny_base,
)

ASKED = [Message("user", "How do I reset the printer?")]
pytestmark = pytest.mark.built
# The models say random words: let nothing but the length end them.
SHORT = Options(num_predict=16, stop=("§",))
LONG = Options(num_predict=100_000, temperature=1.0, num_ctx=8192, stop=("§",))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_base(tmp_path_factory.mktemp("made") / "base")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the server keeps its models, beside its log."""
    return tmp_path_factory.mktemp("ollama") / "models"


@pytest.fixture(scope="module")
def ollama(models: Path, base: Path) -> Iterator[Ollama]:
    with running_ollama(models) as url:
        server = Ollama(url)
        make_base("tiny:base", base, server, template=TEMPLATE, parameters={"num_thread": 1})
        yield server


@pytest.fixture(scope="module")
def endless(tmp_path_factory: pytest.TempPathFactory, ollama: Ollama) -> str:
    """The name of a model that goes on for minutes when asked with LONG."""
    folder = tmp_path_factory.mktemp("endless") / "base"
    tiny_base(folder, endless=True, max_position_embeddings=8192)
    make_base("endless:base", folder, ollama, template=TEMPLATE, parameters={"num_thread": 1})
    return "endless:base"


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "adapters")


def names(ollama: Ollama) -> set[str]:
    return {model.name for model in ollama.models()}


def said(ollama: Ollama, model: str) -> str:
    return "".join(ollama.chat(model, ASKED, SHORT))


def test_a_server_says_what_it_has(ollama: Ollama) -> None:
    model = ollama.model("tiny:base")
    assert len(model.digest) == 64
    assert (model.family, model.quantization) == ("llama", "F16")
    assert model.size > 100_000
    shown = ollama.show("tiny:base")
    assert (shown.architecture, shown.context_length, shown.template) == ("llama", 256, TEMPLATE)
    assert (shown.parent, shown.adapter) == ("", False)
    assert "completion" in shown.capabilities
    # transformers 5 keeps theta where Ollama's converter does not look
    assert shown.numbers["rope.freq_base"] == 50_000


def test_the_same_question_gets_the_same_answer(ollama: Ollama) -> None:
    pieces = list(ollama.chat("tiny:base", ASKED, SHORT))
    assert len(pieces) > 3
    assert (
        "".join(pieces)
        == said(ollama, "tiny:base")
        == "".join(ollama.chat("tiny:base", ASKED, SHORT))
    )


def test_what_is_missing_is_said_and_never_downloaded(
    ollama: Ollama, models: Path, registry: Registry
) -> None:
    adapter = tiny_adapter(registry.folder / "peft")
    before = (models.parent / "models.log").read_text(encoding="utf-8")
    for call in (
        lambda: ollama.show("gone"),
        lambda: ollama.delete("gone"),
        lambda: ollama.copy("gone", "there"),
        lambda: ollama.generate("gone", "hello"),
        lambda: ollama.embed("gone", ["hello"]),
        lambda: ollama.create("new", base="llama3:8b"),
        lambda: publish(adapter, PublishRequest("new", base="llama3:8b"), ollama, registry),
        lambda: publish("gone", PublishRequest("new"), ollama, registry),
    ):
        with pytest.raises(ModelMissing, match="gone|llama3"):
            call()
    assert registry.cards() == ()
    log = (models.parent / "models.log").read_text(encoding="utf-8")[len(before) :]
    assert "/api/show" in log and "/api/pull" not in log and "/api/create" not in log


def test_vectors_come_in_the_order_of_the_texts(ollama: Ollama) -> None:
    one, two, again = ollama.embed("tiny:base", ["the seal", "the cover", "the seal"])
    assert one == pytest.approx(again)
    assert one != pytest.approx(two)
    assert sum(number**2 for number in one) == pytest.approx(1, abs=1e-3)
    assert ollama.embed("tiny:base", []) == ()


def test_closing_a_stream_lets_the_next_question_go_at_once(ollama: Ollama, endless: str) -> None:
    pieces = ollama.chat(endless, ASKED, LONG)
    next(pieces)
    pieces.close()
    waits = Timeouts(first_byte=60, total=60)  # the answer that was closed takes minutes
    assert "".join(ollama.chat(endless, ASKED, SHORT, timeouts=waits))


def test_stop_from_another_thread_ends_a_stream(ollama: Ollama, endless: str) -> None:
    stop = threading.Event()
    waits = Timeouts(first_byte=60, total=60)
    pieces = ollama.chat(endless, ASKED, LONG, stop=stop, timeouts=waits)
    next(pieces)
    threading.Timer(0.3, stop.set).start()
    with pytest.raises(Stopped):  # and not TooSlow
        for _ in pieces:
            pass


def test_a_copy_has_the_same_content_and_goes_alone(ollama: Ollama) -> None:
    copied = ollama.copy("tiny:base", "second")
    assert copied.name == "second:latest"
    assert copied.digest == ollama.model("tiny:base").digest
    ollama.delete("second")
    assert "second:latest" not in names(ollama)
    assert "tiny:base" in names(ollama)


@pytest.mark.parametrize(
    ("modules", "config"),
    [
        (tuple(SIDES), {}),
        (("self_attn.q_proj", "self_attn.k_proj"), {}),
        (("self_attn.v_proj", "mlp.down_proj"), {}),
        (tuple(SIDES), {"use_rslora": True}),
        (tuple(SIDES), {"lora_alpha": 6.0}),
    ],
    ids=["all", "q and k", "v and down", "rsLoRA", "alpha 6.0"],
)
def test_an_adapter_on_the_server_is_the_adapter_that_was_trained(
    ollama: Ollama,
    base: Path,
    registry: Registry,
    modules: tuple[str, ...],
    config: dict[str, object],
) -> None:
    """The base's weights plus the adapter's, added by arithmetic, say the same: so rows, names and scale are right."""
    adapter = tiny_adapter(registry.folder / "peft", modules=modules, **config)
    card = publish(adapter, PublishRequest("x", base="tiny:base"), ollama, registry)
    merged = make_base(
        "tiny:merged", merge(adapter, base, registry.folder / "merged"), ollama, template=TEMPLATE
    )
    answer = said(ollama, card.model)
    assert answer == said(ollama, merged.name)
    assert answer != said(ollama, "tiny:base")


def test_qwen2_adapters_are_right_too(ollama: Ollama, registry: Registry) -> None:
    base = tiny_base(registry.folder / "base", architecture="Qwen2ForCausalLM")
    adapter = tiny_adapter(registry.folder / "peft")
    card = publish(
        adapter,
        PublishRequest("q", base="qwen:base", base_folder=base, template=TEMPLATE),
        ollama,
        registry,
    )
    merged = make_base(
        "qwen:merged", merge(adapter, base, registry.folder / "merged"), ollama, template=TEMPLATE
    )
    assert ollama.show("qwen:base").architecture == "qwen2"
    assert said(ollama, card.model) == said(ollama, merged.name) != said(ollama, "qwen:base")


def test_publishing_writes_a_card_and_leaves_nothing_else(
    ollama: Ollama, registry: Registry
) -> None:
    steps: list[CreateStep] = []
    training = Training(("h1",), ("How wide?",), "2026-11-01")
    order = PublishRequest(
        "x200",
        base="tiny:base",
        model="shop/x200:v1",
        style="plain",
        training=training,
        scores={"exact": 1.0},
    )
    card = publish(
        tiny_adapter(registry.folder / "peft"), order, ollama, registry, progress=steps.append
    )
    assert registry.card("x200") == card
    assert (card.model, card.base, card.style) == ("shop/x200:v1", "tiny:base", "plain")
    assert (card.trained_on, card.questions, card.cut_off, card.scores) == (
        ("h1",),
        ("How wide?",),
        "2026-11-01",
        {"exact": 1.0},
    )
    assert card.digest == ollama.model(card.model).digest
    assert card.created.endswith("Z")
    assert registry.serving() is None
    assert steps[-1].status == "success"
    assert not [name for name in names(ollama) if "candidate" in name]
    assert ollama.show(card.model).adapter
    assert ollama.show(card.model).parent == "tiny:base"


def test_an_adapter_that_cannot_load_is_taken_back_and_the_old_one_stays(
    ollama: Ollama, registry: Registry
) -> None:
    good = publish(
        tiny_adapter(registry.folder / "good"),
        PublishRequest("kept", base="tiny:base"),
        ollama,
        registry,
    )
    before = said(ollama, good.model)
    other = tiny_base(registry.folder / "other")
    change_json(other / "config.json", num_hidden_layers=5)
    peft = registry.folder / "deeper"
    tiny_adapter(peft)
    deeper = convert_to_layer(peft, registry.folder / "deeper.gguf", other)
    with pytest.raises((CannotLoad, ServerRefused)) as caught:
        publish(deeper, PublishRequest("kept", base="tiny:base"), ollama, registry)
    assert len(str(caught.value)) < 500
    assert said(ollama, good.model) == before
    assert registry.card("kept") == good
    assert not [name for name in names(ollama) if "candidate" in name]


def convert_to_layer(peft: Path, out: Path, base: Path) -> Path:
    """A GGUF adapter for layers that the tiny base does not have."""
    import gguf
    import numpy as np

    writer = gguf.GGUFWriter(out, "llama")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", 8.0)
    for half, shape in (("a", (RANK, 64)), ("b", (64, RANK))):
        writer.add_tensor(f"blk.4.attn_q.weight.lora_{half}", np.ones(shape, np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return out


def test_what_can_neither_be_loaded_nor_merged_is_said_once(
    ollama: Ollama, registry: Registry
) -> None:
    adapter = tiny_adapter(registry.folder / "peft", use_dora=True)
    for folder in (None, registry.folder):
        order = PublishRequest("dora", base="tiny:base", base_folder=folder)
        with pytest.raises(CannotMerge) as caught:
            publish(adapter, order, ollama, registry)
        assert str(caught.value) == "The adapter uses DoRA (use_dora), which model servers cannot load."  # fmt: skip


def test_a_whole_model_is_whole_and_not_quantized(ollama: Ollama, registry: Registry) -> None:
    from safetensors.numpy import load_file, save_file

    folder = tiny_base(registry.folder / "merged")
    held = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    parts = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    places = {name: parts[n % 2] for n, name in enumerate(held)}
    for part in parts:
        save_file({name: held[name] for name in held if places[name] == part}, folder / part)
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"metadata": {}, "weight_map": places}))
    card = publish(folder, PublishRequest("parts"), ollama, registry)
    assert card.base == "" and ollama.show(card.model).parent == "", (
        "a file of the server is no base"
    )
    (folder / parts[1]).unlink()
    with pytest.raises(CannotConvert, match="not whole: model-00002-of-00002.safetensors is miss"):
        publish(folder, PublishRequest("half"), ollama, registry)
    index.unlink()
    save_file({"model.norm.weight": held["model.norm.weight"].astype("u1")}, folder / parts[1])
    with pytest.raises(CannotConvert, match=r"quantized \(.* holds U8\); merge it at 16 bits"):
        publish(folder, PublishRequest("four-bits"), ollama, registry)
    outer = registry.folder / "run"
    tiny_adapter(outer / "checkpoint-30")
    with pytest.raises(CannotConvert, match="It holds checkpoint-30: import that"):
        publish(outer, PublishRequest("run"), ollama, registry)


def test_what_cannot_be_an_adapter_is_merged_into_its_base(
    ollama: Ollama, base: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """lm_head cannot be adapted by a server, but it can be merged."""
    adapter = tiny_adapter(registry.folder / "peft")
    add_head(adapter)
    with monkeypatch.context() as elsewhere:
        elsewhere.setattr(ollama, "blob", lambda name: None)
        with pytest.raises(CannotMerge, match="lm_head.*weights are not at hand: name the folder"):
            publish(adapter, PublishRequest("head", base="tiny:base"), ollama, registry)
    with monkeypatch.context() as bare:
        bare.setattr(full_weights, "NEEDED", ("no_such_package",))
        with pytest.raises(CannotMerge, match="lm_head.*GGUF file alone.*requirements-train.txt"):
            publish(adapter, PublishRequest("head", base="tiny:base"), ollama, registry)
    card = publish(
        adapter, PublishRequest("head", base="tiny:base", base_folder=base), ollama, registry
    )
    assert not ollama.show(card.model).adapter
    assert ollama.show(card.model).template == TEMPLATE
    assert said(ollama, card.model) != said(ollama, "tiny:base")
    change_json(adapter / "adapter_config.json", use_dora=True)
    with pytest.raises(CannotMerge, match="DoRA.*, which model servers cannot load.$"):
        publish(
            adapter, PublishRequest("head", base="tiny:base", base_folder=base), ollama, registry
        )


@pytest.mark.skipif(find_spec("torch") is None, reason="the training packages are missing")
def test_it_is_merged_into_the_gguf_file_that_the_server_keeps(
    ollama: Ollama, base: Path, registry: Registry
) -> None:
    adapter = tiny_adapter(registry.folder / "peft")
    add_head(adapter)
    folder = publish(
        adapter, PublishRequest("of-folder", base="tiny:base", base_folder=base), ollama, registry
    )
    steps: list[str] = []
    kept = publish(
        adapter, PublishRequest("of-gguf", base="tiny:base"), ollama, registry, progress=lambda step: steps.append(step.status)
    )  # fmt: skip
    assert "reading the base's weights out of its GGUF file" in steps
    assert said(ollama, kept.model) == said(ollama, folder.model) != said(ollama, "tiny:base")
    broken = registry.folder / "broken.gguf"
    broken.write_bytes(b"GGUF nothing else")
    with pytest.raises(CannotMerge, match="lm_head.*cannot be read as full weights.*--base-folder"):
        publish(
            adapter, PublishRequest("no", base="tiny:base", base_folder=broken), ollama, registry
        )


def add_head(adapter: Path) -> None:
    import numpy as np
    from safetensors.numpy import load_file, save_file

    path = adapter / "adapter_model.safetensors"
    tensors, draw = load_file(path), np.random.default_rng(9)
    vocabulary = 307
    tensors["base_model.model.lm_head.lora_A.weight"] = draw.standard_normal((RANK, 64)).astype(
        np.float32
    )
    tensors["base_model.model.lm_head.lora_B.weight"] = draw.standard_normal(
        (vocabulary, RANK)
    ).astype(np.float32)
    save_file(tensors, path)


def test_adapters_made_elsewhere_come_in_three_forms(
    ollama: Ollama, base: Path, registry: Registry, tmp_path: Path
) -> None:
    peft = tiny_adapter(tmp_path / "peft")
    file = convert(peft, shape_of_folder(base), tmp_path / "a.gguf")
    listed = tmp_path / "training.jsonl"
    rows = [
        {"question": "How wide?", "answer": "6 mm", "passage_hash": "h2"},
        {"question": "How wide?", "answer": "6 mm"},
    ]
    listed.write_text("\n".join(map(json.dumps, rows)) + "\n\n", encoding="utf-8")
    folder = import_adapter(peft, PublishRequest("folder", base="tiny:base"), ollama, registry)
    from_file = import_adapter(
        file, PublishRequest("file", base="tiny:base"), ollama, registry, training=listed
    )
    present = import_adapter("folder", PublishRequest("present"), ollama, registry)
    assert (folder.trained_on, folder.questions) == (None, ())
    assert (from_file.trained_on, from_file.questions) == (("h2",), ("How wide?",))
    assert (present.model, present.base, present.trained_on) == ("folder:latest", "tiny:base", None)
    assert (
        said(ollama, folder.model) == said(ollama, from_file.model) == said(ollama, present.model)
    )


def test_what_is_no_adapter_is_refused_before_the_server_is_asked(
    ollama: Ollama, registry: Registry, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.gguf").write_text("not a model")
    for source in (tmp_path / "empty", tmp_path / "notes.gguf"):
        with pytest.raises(CannotConvert):
            publish(source, PublishRequest("x", base="tiny:base"), ollama, registry)
    with pytest.raises(CardError):
        publish(
            tiny_adapter(tmp_path / "peft"),
            PublishRequest("../x", base="tiny:base"),
            ollama,
            registry,
        )
    with pytest.raises(
        ModelMissing, match="Which model on the server is the adapter.s base was not said"
    ):
        publish(tmp_path / "peft", PublishRequest("x"), ollama, registry)


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("", "is empty"),
        ("{", "line 1 is not JSON"),
        ('{"question": "a"}\n[]', "line 2 is not an object"),
        ('{"answer": "a"}', "has no question"),
    ],
)
def test_a_bad_training_list_names_the_line(
    ollama: Ollama, registry: Registry, tmp_path: Path, text: str, where: str
) -> None:
    path = tmp_path / "list.jsonl"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadTrainingList, match=where):
        import_adapter("tiny:base", PublishRequest("x"), ollama, registry, training=path)


def test_questions_are_read_from_chat_messages(
    ollama: Ollama, registry: Registry, tmp_path: Path
) -> None:
    path = tmp_path / "train.jsonl"
    row = {
        "messages": [
            {"role": "system", "content": "s"},
            {"role": "user", "content": "Why?"},
            {"role": "assistant", "content": "So."},
        ]
    }
    path.write_text(json.dumps(row), encoding="utf-8")
    card = import_adapter("tiny:base", PublishRequest("x"), ollama, registry, training=path)
    assert (card.questions, card.trained_on) == (("Why?",), None)
