"""Conversion and merging: exact where it works, one clear sentence where it cannot."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from adapters.errors import CannotConvert, CannotMerge
from adapters.publishing.base_files import for_ollama
from adapters.publishing.gguf import convert, permuted, shape_of_folder, shape_of_model
from adapters.publishing.merge import merge
from adapters.publishing.safetensors_file import Weights
from adapters.types import ModelInfo
from tests.support.ollama_server import (
    HEAD,
    HEADS,
    KV_HEADS,
    RANK,
    SIDES,
    change_json,
    tiny_adapter,
    tiny_base,
)

CONFIG, TENSORS = "adapter_config.json", "adapter_model.safetensors"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return tiny_base(tmp_path / "base")


@pytest.fixture
def adapter(tmp_path: Path) -> Path:
    return tiny_adapter(tmp_path / "adapter")


def read_gguf(path: Path) -> tuple[dict[str, object], dict[str, np.ndarray]]:
    import gguf

    reader = gguf.GGUFReader(path)
    fields = {
        name: field.contents()
        for name, field in reader.fields.items()
        if not name.startswith("GGUF.")
    }
    return fields, {tensor.name: np.array(tensor.data) for tensor in reader.tensors}


def rotary_order(heads: int) -> list[int]:
    """Which row of transformers' order stands where in llama.cpp's: 0, half, 1, half + 1, ... within each head."""
    half = HEAD // 2
    return [
        head * HEAD + part * half + row
        for head in range(heads)
        for row in range(half)
        for part in range(2)
    ]


def test_every_tensor_is_where_llama_cpp_looks_for_it(
    base: Path, adapter: Path, tmp_path: Path
) -> None:
    fields, tensors = read_gguf(convert(adapter, shape_of_folder(base), tmp_path / "a.gguf"))
    assert (fields["general.type"], fields["adapter.type"], fields["general.architecture"]) == (
        "adapter",
        "lora",
        "llama",
    )
    assert fields["adapter.lora.alpha"] == 2 * RANK
    trained = load_file(adapter / TENSORS)
    names = dict(
        zip(
            SIDES,
            ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down"),
            strict=True,
        )
    )
    assert len(tensors) == len(trained) == 28
    for layer in range(2):
        for module, name in names.items():
            stem = f"base_model.model.model.layers.{layer}.{module}"
            down, up = (trained[f"{stem}.lora_{half}.weight"].astype(np.float16) for half in "AB")
            if name in ("attn_q", "attn_k"):
                up = up[rotary_order(HEADS if name == "attn_q" else KV_HEADS)]
            assert np.array_equal(tensors[f"blk.{layer}.{name}.weight.lora_a"], down)
            assert np.array_equal(tensors[f"blk.{layer}.{name}.weight.lora_b"], up)


def test_rs_lora_is_folded_into_alpha(base: Path, tmp_path: Path) -> None:
    adapter = tiny_adapter(tmp_path / "rs", use_rslora=True)
    fields, _ = read_gguf(convert(adapter, shape_of_folder(base), tmp_path / "a.gguf"))
    assert fields["adapter.lora.alpha"] == pytest.approx(2 * RANK / RANK**0.5 * RANK)


def test_permuting_keeps_every_row() -> None:
    up = np.arange(HEADS * HEAD * 3, dtype=np.float32).reshape(-1, 3)
    assert sorted(map(tuple, permuted(up, HEADS))) == sorted(map(tuple, up))


def test_shapes_from_folder_and_from_server_agree(base: Path) -> None:
    shown = ModelInfo("llama", 256, "", "", False, (), {
        "attention.head_count": 4, "attention.head_count_kv": 2, "attention.key_length": 16,
        "block_count": 2, "embedding_length": 64, "feed_forward_length": 96,
    })  # fmt: skip
    one, other = shape_of_folder(base), shape_of_model(shown)
    assert [one.sides(name) for name in ("attn_k", "ffn_down")] == [
        other.sides(name) for name in ("attn_k", "ffn_down")
    ]
    with pytest.raises(CannotConvert, match="architecture 'gemma3'"):
        shape_of_model(ModelInfo("gemma3", 0, "", "", False, ()))
    with pytest.raises(CannotConvert, match="does not say"):
        shape_of_model(ModelInfo("llama", 0, "", "", False, ()))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"use_dora": True}, "DoRA"),
        ({"bias": "lora_only"}, "biases"),
        ({"lora_bias": True}, "bias"),
        ({"modules_to_save": ["lm_head"]}, "whole modules"),
        ({"alpha_pattern": {"q_proj": 3}}, "different alpha"),
        ({"rank_pattern": {"q_proj": 3}}, "different rank"),
        ({"trainable_token_indices": [3]}, "trained tokens"),
        ({"use_qalora": True}, "QALoRA"),
        ({"alora_invocation_tokens": [3, 4]}, "activated LoRA"),
        ({"layer_replication": [[0, 2], [0, 2]]}, "repeated layers"),
        ({"fan_in_fan_out": True}, "transposed"),
        ({"peft_type": "IA3"}, "IA3"),
        ({"init_lora_weights": "pissa_niter_4"}, "pissa_niter_4"),
        ({"r": 8}, "says rank 8"),
        ({"r": None}, "sound 'r'"),
        ({"lora_alpha": "16"}, "sound 'lora_alpha'"),
        ({"lora_alpha": float("nan")}, "sound 'lora_alpha'"),
    ],
)
def test_what_a_server_cannot_load_is_refused_and_so_is_merging_it(
    base: Path, adapter: Path, tmp_path: Path, changed: dict[str, object], said: str
) -> None:
    change_json(adapter / CONFIG, **changed)
    with pytest.raises(CannotConvert, match=said) as caught:
        convert(adapter, shape_of_folder(base), tmp_path / "a.gguf")
    assert str(caught.value).count("\n") == 0
    with pytest.raises(CannotMerge, match=said):
        merge(adapter, base, tmp_path / "merged")
    assert not (tmp_path / "a.gguf").exists()
    assert not (tmp_path / "merged").exists()


def changed_tensors(adapter: Path, **changed: np.ndarray | None) -> None:
    tensors = load_file(adapter / TENSORS) | {
        name: value for name, value in changed.items() if value is not None
    }
    save_file(
        {
            name: value
            for name, value in tensors.items()
            if name not in changed or changed[name] is not None
        },
        adapter / TENSORS,
    )


Q = "base_model.model.model.layers.0.self_attn.q_proj"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {
                "base_model.model.lm_head.lora_A.weight": (RANK, 64),
                "base_model.model.lm_head.lora_B.weight": (307, RANK),
            },
            "lm_head",
        ),
        ({"base_model.model.model.embed_tokens.lora_embedding_A": (RANK, 64)}, "not a LoRA layer"),
        ({f"{Q}.lora_magnitude_vector": (64,)}, "not a LoRA layer"),
        ({f"{Q}.lora_B.weight": None}, "not whole"),
        ({f"{Q}.lora_B.weight": (32, RANK)}, "another base"),
        ({f"{Q}.lora_A.weight": (RANK, 128)}, "another base"),
        ({f"{Q}.lora_A.weight": (7, 64)}, "says rank 4"),
        (
            {
                f"{Q.replace('0', '9')}.lora_A.weight": (RANK, 64),
                f"{Q.replace('0', '9')}.lora_B.weight": (64, RANK),
            },
            "layer 9",
        ),
        (
            {
                f"{Q[:-6]}z_proj.lora_A.weight": (RANK, 64),
                f"{Q[:-6]}z_proj.lora_B.weight": (64, RANK),
            },
            "z_proj",
        ),
    ],
)
def test_layers_that_do_not_fit_are_refused(
    base: Path, adapter: Path, tmp_path: Path, changed: dict[str, tuple[int, ...] | None], said: str
) -> None:
    changed_tensors(
        adapter, **{name: shape and np.ones(shape, np.float32) for name, shape in changed.items()}
    )
    with pytest.raises(CannotConvert, match=said):
        convert(adapter, shape_of_folder(base), tmp_path / "a.gguf")


@pytest.mark.parametrize(
    "damage",
    [
        "missing",
        "empty",
        "cut off",
        "not safetensors",
        "huge header",
        "no config",
        "config is a list",
    ],
)
def test_broken_files_are_refused_in_words(
    base: Path, adapter: Path, tmp_path: Path, damage: str
) -> None:
    path = adapter / TENSORS
    whole = path.read_bytes()
    match damage:
        case "missing":
            path.rename(adapter / "adapter_model.bin")
        case "empty":
            path.write_bytes(b"")
        case "cut off":
            path.write_bytes(whole[:-100])
        case "not safetensors":
            path.write_bytes(b"PK\x03\x04" + bytes(100))
        case "huge header":
            path.write_bytes(struct.pack("<Q", 1 << 60) + whole[8:])
        case "no config":
            (adapter / CONFIG).unlink()
        case _:
            (adapter / CONFIG).write_text("[]")
    with pytest.raises(CannotConvert) as caught:
        convert(adapter, shape_of_folder(base), tmp_path / "a.gguf")
    assert str(caught.value).endswith(".")


def test_a_base_of_another_kind_is_refused(base: Path, adapter: Path, tmp_path: Path) -> None:
    change_json(base / "config.json", architectures=["GPT2LMHeadModel"])
    with pytest.raises(CannotConvert, match="GPT2LMHeadModel"):
        convert(adapter, shape_of_folder(base), tmp_path / "a.gguf")
    change_json(base / "config.json", architectures=["LlamaForCausalLM"], tie_word_embeddings=True)
    head = {
        f"base_model.model.lm_head.lora_{half}.weight": np.ones(shape, np.float32)
        for half, shape in (("A", (RANK, 64)), ("B", (307, RANK)))
    }
    changed_tensors(adapter, **head)
    with pytest.raises(CannotConvert, match="output layer is its embedding"):
        convert(adapter, shape_of_folder(base), tmp_path / "a.gguf")


def test_merging_adds_the_change_and_leaves_the_base_alone(base: Path, tmp_path: Path) -> None:
    adapter = tiny_adapter(tmp_path / "adapter", modules=("self_attn.q_proj",))
    before = (base / "model.safetensors").read_bytes()
    merged = load_file(merge(adapter, base, tmp_path / "merged") / "model.safetensors")
    plain, lora = load_file(base / "model.safetensors"), load_file(adapter / TENSORS)
    wanted = (
        plain[f"{Q[17:]}.weight"] + 2.0 * lora[f"{Q}.lora_B.weight"] @ lora[f"{Q}.lora_A.weight"]
    )
    assert np.allclose(merged[f"{Q[17:]}.weight"], wanted, atol=1e-6)
    changed = [name for name in plain if not np.array_equal(plain[name], merged[name])]
    assert changed == [f"model.layers.{layer}.self_attn.q_proj.weight" for layer in range(2)]
    assert (base / "model.safetensors").read_bytes() == before


def test_a_quantized_base_is_not_merged_into(base: Path, adapter: Path, tmp_path: Path) -> None:
    change_json(base / "config.json", quantization_config={"bits": 4})
    with pytest.raises(CannotMerge, match="quantized"):
        merge(adapter, base, tmp_path / "merged")


def test_bf16_weights_are_read_and_rounded_to_nearest(tmp_path: Path) -> None:
    """bfloat16 keeps 8 bits of a fraction: 1 + 2^-8 lies between two values, and even wins."""
    path = tmp_path / "w.safetensors"
    header = json.dumps({"w": {"dtype": "BF16", "shape": [2, 2], "data_offsets": [0, 8]}}).encode()
    path.write_bytes(struct.pack("<Q", len(header)) + header + bytes(8))
    weights = Weights(path)
    assert not weights.tensor("w").any()
    weights.overwrite("w", np.array([[1.0, -2.5], [1 + 2**-8, 1 + 3 * 2**-8]], np.float32))
    assert weights.tensor("w").tolist() == [[1.0, -2.5], [1.0, 1 + 2**-6]]


def test_settings_move_to_where_the_converter_reads_them(base: Path, tmp_path: Path) -> None:
    rope = {"rope_type": "llama3", "rope_theta": 500_000.0, "factor": 8.0}
    change_json(base / "config.json", rope_parameters=rope)
    (base / "chat_template.jinja").write_text("{{ messages }}", encoding="utf-8")
    (base / "pytorch_model.bin").write_bytes(b"pickle")
    before = (base / "config.json").read_bytes()
    files = for_ollama(base, tmp_path / "work")
    config = json.loads(files["config.json"].read_text(encoding="utf-8"))
    assert (config["rope_theta"], config["rope_scaling"]) == (
        500_000.0,
        {"rope_type": "llama3", "factor": 8.0},
    )
    assert (
        json.loads(files["tokenizer_config.json"].read_text(encoding="utf-8"))["chat_template"]
        == "{{ messages }}"
    )
    assert set(files) == {
        "config.json",
        "generation_config.json",
        "tokenizer.json",
        "tokenizer_config.json",
        "model.safetensors",
    }
    assert (base / "config.json").read_bytes() == before
