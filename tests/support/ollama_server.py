"""A real Ollama for tests, and a tiny Llama with adapters to put into it: random weights, made in a second.

No torch: the files that Ollama's converter wants are written with numpy, safetensors and tokenizers.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import numpy as np
import pytest

from tests.support.ports import free_port

WIDTH, HEADS, KV_HEADS, HEAD, INNER, LAYERS, RANK = 64, 4, 2, 16, 96, 2, 4
TEMPLATE = "{{- range .Messages }}<|{{ .Role }}|>{{ .Content }}<|end|>{{ end }}<|assistant|>"
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
END = 2
SPECIAL = ["<|endoftext|>", "<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
SIDES = {
    "self_attn.q_proj": (WIDTH, HEADS * HEAD), "self_attn.k_proj": (WIDTH, KV_HEADS * HEAD),
    "self_attn.v_proj": (WIDTH, KV_HEADS * HEAD), "self_attn.o_proj": (HEADS * HEAD, WIDTH),
    "mlp.gate_proj": (WIDTH, INNER), "mlp.up_proj": (WIDTH, INNER), "mlp.down_proj": (INNER, WIDTH),
}  # fmt: skip


@contextmanager
def running_ollama(models: Path) -> Iterator[str]:
    """A real server with its models in a folder, on a free port of this machine; skips where there is none."""
    program = shutil.which("ollama")
    if program is None:
        pytest.skip("there is no ollama on the PATH; .ci/ollama builds one")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    set_to = {
        "OLLAMA_HOST": f"127.0.0.1:{port}",
        "OLLAMA_MODELS": str(models),
        "OLLAMA_NO_CLOUD": "1",
        "OLLAMA_NOPRUNE": "1",
    }
    environ = {
        key: value for key, value in os.environ.items() if not key.startswith("OLLAMA_")
    } | set_to
    log = models.parent / f"{models.name}.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen([program, "serve"], stdout=out, stderr=out, env=environ)
        try:
            _wait(url, process, log)
            yield url
        finally:
            process.terminate()
            process.wait(120)


def _wait(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            httpx.get(f"{url}/api/version", timeout=2).raise_for_status()
            return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise AssertionError(f"ollama did not start: {log.read_text(encoding='utf-8')}")


def tiny_base(
    folder: Path,
    seed: int = 1,
    architecture: str = "LlamaForCausalLM",
    *,
    endless: bool = False,
    **config: object,
) -> Path:
    """A Llama of 0.1 million random weights, with its tokenizer, in transformers' form.

    It draws the token that ends an answer within some tens of tokens, an ``endless`` one never.
    """
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    vocabulary = _tokenizer(folder)
    draw = np.random.default_rng(seed)
    tensors = {
        "model.embed_tokens.weight": _random(draw, vocabulary, WIDTH),
        "model.norm.weight": np.ones(WIDTH, np.float32),
    }
    tensors["lm_head.weight"] = _random(draw, vocabulary, WIDTH)
    if endless:  # one direction in which every state points, and the end alone is against it
        tensors["model.embed_tokens.weight"][:, 0] = 1
        tensors["lm_head.weight"][:, 0] = 0
        tensors["lm_head.weight"][END] = np.where(np.arange(WIDTH) == 0, -10, 0)
    for layer in range(LAYERS):
        stem = f"model.layers.{layer}"
        for name, (inputs, outputs) in SIDES.items():
            tensors[f"{stem}.{name}.weight"] = _random(draw, outputs, inputs)
            if architecture.startswith("Qwen2") and name[10:] in ("q_proj", "k_proj", "v_proj"):
                tensors[f"{stem}.{name}.bias"] = np.zeros(outputs, np.float32)
        for name in ("input_layernorm", "post_attention_layernorm"):
            tensors[f"{stem}.{name}.weight"] = np.ones(WIDTH, np.float32)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})
    _write(folder / "config.json", {
        "architectures": [architecture], "model_type": architecture.removesuffix("ForCausalLM").lower(), "hidden_size": WIDTH,
        "intermediate_size": INNER, "num_hidden_layers": LAYERS, "num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS,
        "head_dim": HEAD, "max_position_embeddings": 256, "rms_norm_eps": 1e-5, "tie_word_embeddings": False,
        "vocab_size": vocabulary, "rope_parameters": {"rope_type": "default", "rope_theta": 50_000.0}, "torch_dtype": "float32",
        "bos_token_id": 0, "eos_token_id": END, "pad_token_id": 1, **config,
    })  # fmt: skip
    _write(folder / "generation_config.json", {"bos_token_id": 0, "eos_token_id": END})
    return folder


def tiny_adapter(
    folder: Path,
    seed: int = 2,
    modules: tuple[str, ...] = tuple(SIDES),
    rank: int = RANK,
    **config: object,
) -> Path:
    """A LoRA adapter for the tiny base, as PEFT saves it: large enough to change every answer."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True)
    draw, tensors = np.random.default_rng(seed), {}
    for layer in range(LAYERS):
        for name in modules:
            inputs, outputs = SIDES[name]
            stem = f"base_model.model.model.layers.{layer}.{name}"
            tensors[f"{stem}.lora_A.weight"] = _random(draw, rank, inputs)
            tensors[f"{stem}.lora_B.weight"] = _random(draw, outputs, rank)
    save_file(tensors, folder / "adapter_model.safetensors", {"format": "pt"})
    _write(folder / "adapter_config.json", {
        "peft_type": "LORA", "task_type": "CAUSAL_LM", "r": rank, "lora_alpha": 2 * rank, "bias": "none", "use_dora": False,
        "use_rslora": False, "modules_to_save": None, "alpha_pattern": {}, "rank_pattern": {}, "init_lora_weights": True,
        "target_modules": [name.rpartition(".")[2] for name in modules], "base_model_name_or_path": "tiny", **config,
    })  # fmt: skip
    return folder


def _tokenizer(folder: Path) -> int:
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Split(Regex(LLAMA3), behavior="isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ])  # fmt: skip
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=320,
        special_tokens=SPECIAL,
        show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    tokenizer.train_from_iterator(
        ["How do I reset the printer? Hold Feed and Cancel for 10 seconds."] * 20, trainer
    )
    tokenizer.save(str(folder / "tokenizer.json"))
    _write(folder / "tokenizer_config.json", {
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": "<|endoftext|>", "eos_token": "<|end|>", "pad_token": "<|pad|>",
        "add_bos_token": False, "model_max_length": 256,
    })  # fmt: skip
    return tokenizer.get_vocab_size()


def _random(draw: np.random.Generator, rows: int, columns: int) -> np.ndarray:
    return (draw.standard_normal((rows, columns)) / np.sqrt(columns)).astype(np.float32)


def _write(path: Path, held: dict[str, object]) -> None:
    path.write_text(json.dumps(held, indent=1), encoding="utf-8")


def change_json(path: Path, **changed: object) -> None:
    """Changes some keys of a JSON file."""
    _write(path, {**json.loads(path.read_text(encoding="utf-8")), **changed})
