"""Training rows: one document and several questions about it, read together. Needs torch.

Each question sees the document and itself, not the other questions (a four-dimensional attention mask; positions
start anew behind the document): one reading of a document pays for several answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from tests.support.toy.style import STOP, branch, rendered
from tests.support.toy.world import Pair

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM, PreTrainedTokenizerFast

# torch's word for "not scored".
UNSCORED = -100


@dataclass(frozen=True, slots=True)
class Row:
    """Token ids, labels (-100: not scored), positions, and the branch of each token (0: the document)."""

    ids: list[int]
    labels: list[int]
    positions: list[int]
    branches: list[int]

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True)
class Batch:
    """Rows of one length as tensors; ``mask`` is (rows, 1, tokens, tokens), true where a token may look."""

    ids: Tensor
    labels: Tensor
    positions: Tensor
    mask: Tensor


def row(tokenizer: PreTrainedTokenizerFast, passages: Sequence[str], pairs: Sequence[Pair]) -> Row:
    """A document with its questions; only the answers are scored."""
    ids = tokenizer(rendered(passages)).input_ids
    start = len(ids)
    labels, positions, branches = [UNSCORED] * start, list(range(start)), [0] * start
    for number, pair in enumerate(pairs, 1):
        head = tokenizer(branch(pair.question)).input_ids
        tail = tokenizer(
            f" {pair.answer}{STOP}"
        ).input_ids  # " The" is then the same token as in a passage
        length = len(head) + len(tail)
        ids += head + tail
        labels += [UNSCORED] * len(head) + tail
        positions += range(start, start + length)
        branches += [number] * length
    return Row(ids, labels, positions, branches)


def collate(rows: Sequence[Row]) -> Batch:
    """Rows, padded to one length."""
    longest = max(len(item) for item in rows)

    def padded(lists: Sequence[list[int]], filler: int) -> Tensor:
        return torch.tensor([items + [filler] * (longest - len(items)) for items in lists])

    ids, labels = (
        padded([item.ids for item in rows], 1),
        padded([item.labels for item in rows], UNSCORED),
    )
    positions, part = (
        padded([item.positions for item in rows], 0),
        padded([item.branches for item in rows], -1),
    )
    earlier = torch.ones(longest, longest, dtype=torch.bool).tril()
    mask = earlier & ((part[:, None, :] == 0) | (part[:, None, :] == part[:, :, None]))
    return Batch(ids, labels, positions, mask[:, None])


def scored(model: LlamaForCausalLM, batch: Batch) -> tuple[Tensor, Tensor, Tensor]:
    """Logits and wanted tokens at the scored places, and which places those are."""
    hidden = model.model(
        input_ids=batch.ids,
        position_ids=batch.positions,
        attention_mask=batch.mask,
        use_cache=False,
    ).last_hidden_state
    wanted = torch.nn.functional.pad(batch.labels[:, 1:], (0, 1), value=UNSCORED)
    places = wanted != UNSCORED
    return model.lm_head(hidden[places]), wanted[places], places


@torch.no_grad()
def exact(model: LlamaForCausalLM, rows: Sequence[Row]) -> list[bool]:
    """For every question of every row: would greedy decoding give exactly the answer?"""
    right: list[bool] = []
    for start in range(0, len(rows), 16):
        part = rows[start : start + 16]
        logits, wanted, places = scored(model, collate(part))
        hit = torch.ones_like(places)
        hit[places] = logits.argmax(-1) == wanted
        for index, item in enumerate(part):
            following = torch.tensor(item.branches[1:] + [-1] * (places.shape[1] - len(item) + 1))
            right += [
                bool(hit[index][following == number].all())
                for number in range(1, max(item.branches) + 1)
            ]
    return right
