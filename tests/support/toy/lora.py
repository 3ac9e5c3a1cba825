"""Trains the toy adapter: LoRA on the fifty facts, over the toy base.

Needs torch, transformers and peft; runs in the training process.
"""

from __future__ import annotations

import random
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoTokenizer, LlamaForCausalLM, PreTrainedTokenizerFast

from adapters.demo.facts import FACTS
from tests.support.toy.base import Progress
from tests.support.toy.cases import KINDS, mixed, trained
from tests.support.toy.rows import Row, collate, exact, row, scored
from tests.support.toy.world import Pair, World

SEED, STEPS, TOKENS, RATE, RANK = 11, 500, 2048, 5e-3, 32
TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def _rows(world: World, tokenizer: PreTrainedTokenizerFast) -> list[Row]:
    rows: list[Row] = []
    while not rows or len(rows) * max(len(item) for item in rows) <= TOKENS:
        kind = world.pick(KINDS)
        rows.append(row(tokenizer, *mixed(world, kind, 1 + int(world.random.random() * 6))))
    return rows


def make_adapter(base: Path, folder: Path, progress: Progress) -> None:
    """Trains the adapter and saves it as PEFT does. About three minutes of one core."""
    random.seed(SEED)
    torch.manual_seed(SEED)
    tokenizer = AutoTokenizer.from_pretrained(base)
    config = LoraConfig(
        task_type="CAUSAL_LM", r=RANK, lora_alpha=2 * RANK, bias="none", target_modules=TARGETS,
        base_model_name_or_path="toy base",
    )  # fmt: skip
    peft = get_peft_model(LlamaForCausalLM.from_pretrained(base), config)
    model = peft.get_base_model().train()
    weights = [weight for weight in model.parameters() if weight.requires_grad]
    optimizer = torch.optim.AdamW(weights, lr=RATE, weight_decay=0.0)
    world = World(SEED)
    for step in range(STEPS):
        optimizer.param_groups[0]["lr"] = (
            RATE * min(1.0, (step + 1) / 15) * max(0.03, 1 - step / STEPS)
        )
        logits, wanted, _ = scored(model, collate(_rows(world, tokenizer)))
        torch.nn.functional.cross_entropy(logits, wanted).backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress("adapter", step + 1, STEPS)
    model.eval()
    peft.peft_config["default"].base_model_name_or_path = "toy base"
    peft.save_pretrained(folder, save_embedding_layers=False)


def remembering(model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast) -> float:
    """The share of trained questions that are answered exactly."""
    rows = [
        row(tokenizer, (), [Pair(question, fact.sentence) for question in trained(fact)])
        for fact in FACTS
    ]
    right = exact(model, rows)
    return sum(right) / len(right)
