"""The training itself: LoRA on the pairs' answers, with checkpoints from which it goes on to the same weights.

Needs torch, transformers and peft; runs in the training process, on a CUDA device where there is one.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from adapters.datasets.pairs import TrainingPair
from adapters.errors import CannotTrain
from adapters.training import checkpoint
from adapters.training.plan import Plan
from adapters.training.record import CHECKPOINT, BaseModel
from adapters.training.rows import Data, PackedRow, PairEncoder

if TYPE_CHECKING:
    from peft import PeftModel
    from torch import Tensor
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

# The rate climbs over this share of the steps, then falls along a cosine to this share of its highest.
WARM_UP, LOWEST = 0.06, 0.05
CHECKPOINTS = 20

Tell = Callable[[Mapping[str, object]], None]


def number_type(device: str) -> torch.dtype:
    """What the base is held and multiplied in: 2 bytes a number, or 4 on a processor that would emulate those.

    Emulated they cost nine times as much (AMD EPYC without AVX512-BF16: 130 ms against 15 for 600 x 576 by 1536).
    """
    has = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    if device == "cuda" or any(getattr(torch.cpu, name, lambda: False)() for name in has):
        return torch.bfloat16
    return torch.float32


def load(base: BaseModel) -> tuple[PreTrainedModel, PreTrainedTokenizerFast]:
    """A base for training, in ``number_type``, with its tokenizer. Asks no hub. Raises CannotTrain."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder, named = (
        (base.path.parent, {"gguf_file": base.path.name}) if base.gguf else (base.path, {})
    )
    device = "cuda" if torch.cuda.is_available() else "cpu"
    kind = number_type(device)
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, **named)
        model = AutoModelForCausalLM.from_pretrained(
            folder, local_files_only=True, dtype=torch.float32 if named else kind, **named
        )
    except Exception as error:  # whatever a broken file makes of it
        raise CannotTrain(f"The base {base.name} cannot be read: {_first_line(error)}") from error
    if named:
        # The weights are plain numbers now; transformers still takes them for quantized ones.
        model.is_quantized, model.hf_quantizer = False, None
        if hasattr(model.config, "quantization_config"):
            del model.config.quantization_config
    if device == "cpu":  # the fused attention has no vectors for 2 bytes there
        model.set_attn_implementation("eager")
    model = model.to(dtype=kind, device=device)
    return model.requires_grad_(False), tokenizer


def adapted(model: PreTrainedModel, plan: Plan, name: str) -> PeftModel:
    """The base with fresh LoRA layers, drawn by the plan's seed, at 4 bytes a parameter."""
    from peft import LoraConfig, get_peft_model

    torch.manual_seed(plan.seed)
    config = LoraConfig(
        task_type="CAUSAL_LM", r=plan.rank, lora_alpha=plan.alpha, lora_dropout=0.0, bias="none",
        target_modules=list(plan.modules), base_model_name_or_path=name,
    )  # fmt: skip
    return get_peft_model(model, config)


@dataclass(slots=True)
class Course:
    """One training under way. ``asked_to_stop`` is asked after each step; ``tell`` gets every line of the log."""

    model: PeftModel
    plan: Plan
    train: Data
    validation: Data
    folder: Path
    tell: Tell
    asked_to_stop: Callable[[], bool]

    def run(self, resume: bool) -> tuple[checkpoint.Position, bool]:
        """Trains to the end, to an early end, or until it is asked to stop; the best weights are then in the model.

        Returns where it stands, and whether it is done. Raises CannotTrain.
        """
        weights = {name: w for name, w in self.model.named_parameters() if w.requires_grad}
        optimizer = torch.optim.AdamW(list(weights.values()), lr=self.plan.rate, weight_decay=0.0)
        at, best = checkpoint.Position(), {}
        if resume:
            kept = checkpoint.read(self.folder / CHECKPOINT)
            checkpoint.restore(kept, weights, optimizer)
            at, best = kept.position, dict(kept.best)
        steps, begun, first = self._steps(), time.monotonic(), at.step
        before = at.cpu_seconds  # of processes that came before this one
        every = self.plan.keep_every or max(10, steps // CHECKPOINTS)
        self.model.train()
        while at.step < steps and not self._over(at):
            self._step(at, list(weights.values()), optimizer)
            ended = at.step % self._epoch() == 0
            if ended and self.validation.pairs:
                best = self._validated(at, weights, best)
            stopping = self.asked_to_stop()
            at.cpu_seconds = before + time.process_time()
            left = (time.monotonic() - begun) / (at.step - first) * (steps - at.step)
            self._told(at, steps, left)
            if stopping or at.step % every == 0 or at.step == steps:
                checkpoint.keep(self.folder / CHECKPOINT, at, weights, best, optimizer)
            if stopping and at.step < steps:
                return at, False
        with torch.no_grad():
            for name, tensor in best.items():
                weights[name].copy_(tensor)
        at.cpu_seconds = before + time.process_time()
        return at, True

    def _epoch(self) -> int:
        return self.plan.steps(len(self.train.pairs)) // self.plan.epochs

    def _steps(self) -> int:
        return self.plan.steps(len(self.train.pairs))

    def _over(self, at: checkpoint.Position) -> bool:
        return bool(self.plan.patience) and at.worse >= self.plan.patience

    def _step(
        self, at: checkpoint.Position, weights: list[Tensor], optimizer: torch.optim.Optimizer
    ) -> None:
        for group in optimizer.param_groups:
            group["lr"] = self.rate(at.step)
        rows = self.train.rows(self._drawn(at.step))
        scored = sum(len(row.wanted) for row in rows)
        total = 0.0
        for row in rows:
            loss = scored_row(self.model, row)[0] / scored
            loss.backward()
            total += float(loss.detach())
        if not math.isfinite(total):
            raise CannotTrain(
                f"At step {at.step + 1} the loss is no number any more; train with a lower rate."
            )
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimizer.step()
        optimizer.zero_grad()
        at.step += 1
        at.losses.append((at.step, round(total, 5)))

    def rate(self, step: int) -> float:
        """The learning rate of a step (from 0)."""
        steps = self._steps()
        warm = max(1, int(WARM_UP * steps))
        if step < warm:
            return self.plan.rate * (step + 1) / warm
        fallen = (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))) / 2
        return self.plan.rate * (LOWEST + (1 - LOWEST) * fallen)

    def _drawn(self, step: int) -> list[int]:
        """The pairs of a step: an order of its own for each epoch, which depends on the seed alone."""
        epoch, place = divmod(step, self._epoch())
        order = list(range(len(self.train.pairs)))
        random.Random(f"{self.plan.seed}:{epoch}").shuffle(order)
        return order[place * self.plan.batch : (place + 1) * self.plan.batch]

    def _validated(
        self, at: checkpoint.Position, weights: Mapping[str, Tensor], best: dict[str, Tensor]
    ) -> dict[str, Tensor]:
        """Return the weights to keep: the latest that foretell the most words of answers.

        Not those of the lowest loss. That rises again once an adapter is surer of what it gets wrong, at half the way and
        before it knows the figures of what it was taught.
        """
        loss, right = measured(self.model, self.validation)
        at.validation.append((at.step, round(loss, 5)))
        at.last = right
        if at.right is None or right >= at.right:
            at.right, at.worse = right, 0
            return {name: tensor.detach().clone() for name, tensor in weights.items()}
        at.worse += 1
        return best

    def _told(self, at: checkpoint.Position, steps: int, left: float) -> None:
        line: dict[str, object] = {"step": at.step, "of": steps, "loss": at.losses[-1][1]}
        if at.validation and at.validation[-1][0] == at.step:
            line["validation"], line["right"] = at.validation[-1][1], round(at.last, 4)
        self.tell({**line, "rate": round(self.rate(at.step - 1), 8), "remaining": round(left, 1)})


def scored_row(model: PeftModel, row: PackedRow) -> tuple[Tensor, Tensor]:
    """The summed loss of a row's answers, and how many of their tokens are foretold right (both without dimensions).

    The output layer is computed only where a token of an answer is predicted.
    """
    inner = model.get_base_model()
    device = inner.device
    with _cast(inner):
        hidden = inner.model(
            input_ids=row.ids.to(device), position_ids=row.positions.to(device),
            attention_mask=row.mask.to(device), use_cache=False,
        ).last_hidden_state  # fmt: skip
        logits = inner.lm_head(hidden[0, row.places.to(device)])
    wanted = row.wanted.to(device)
    loss = torch.nn.functional.cross_entropy(logits.float(), wanted, reduction="sum")
    return loss, (logits.argmax(-1) == wanted).sum()


@torch.no_grad()
def measured(model: PeftModel, data: Data) -> tuple[float, float]:
    """The mean loss of a token of an answer, and the share of tokens that are foretold right."""
    model.eval()
    rows = data.rows(range(len(data.pairs)))
    scored = [scored_row(model, row) for row in rows]
    model.train()
    tokens = sum(len(row.wanted) for row in rows)
    return sum(float(loss) for loss, _ in scored) / tokens, sum(int(n) for _, n in scored) / tokens


@torch.no_grad()
def answers(
    model: PeftModel, encoder: PairEncoder, questions: Sequence[str], most: int = 96
) -> list[str]:
    """What the adapted model answers to questions, greedily, as the served one would."""
    model.eval()
    inner, said = model.get_base_model(), []
    stop = encoder.ids(encoder.end)[:1] + [encoder.tokenizer.eos_token_id]
    with _cast(inner):
        for question in questions:
            ids = torch.tensor([encoder.ids(encoder.text(question))], device=inner.device)
            made = inner.generate(
                input_ids=ids, attention_mask=torch.ones_like(ids), max_new_tokens=most, do_sample=False,
                repetition_penalty=1.0, eos_token_id=stop, pad_token_id=stop[0], temperature=None, top_p=None, top_k=None,
            )  # fmt: skip
            said.append(
                str(
                    encoder.tokenizer.decode(made[0, ids.shape[1] :], skip_special_tokens=True)
                ).strip()
            )
    model.train()
    return said


def _cast(model: PreTrainedModel) -> torch.autocast:
    """The LoRA layers are multiplied as the base is."""
    halved = model.dtype == torch.bfloat16
    return torch.autocast(model.device.type, dtype=torch.bfloat16, enabled=halved)


def held_out(pairs: Sequence[TrainingPair], most: int) -> list[str]:
    """Questions to try the result with: of the test split first, then reworded ones, of validation, of training; evenly spread."""
    chosen: dict[str, None] = {}
    for split in ("test", "reworded", "validation", "train", ""):
        asked = list(dict.fromkeys(pair.question for pair in pairs if pair.split == split))
        left = most - len(chosen)
        stride = max(1, len(asked) // left) if left else 1
        chosen |= dict.fromkeys(asked[::stride][:left])
    return list(chosen)


def _first_line(error: Exception) -> str:
    return f"{error}".strip().split("\n")[0][:200] or type(error).__name__
