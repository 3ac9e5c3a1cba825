"""A starting point for the base's weights: a plain Llama whose first layers already look for repeated text.

Layer 0 writes, beside each token's own code, the codes of what stands before it: one token back, two back, the
nearest mark "[n]", the last dozen tokens together. Layer 1 looks for the place whose last tokens are the last tokens
here, and writes the code of what came next there where the output layer reads it. Layer 2 says the mark after ". ".
All else starts at random, and training may change everything. Without it, minutes of training teach no reading.
Needs torch; used in the training process only.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import LlamaForCausalLM

SEED = 5
# Width of a code of what stood before, and of one head's share of a token's code.
CODE = 24
# How sharply heads look: one and two back; at the nearest mark; over the last dozen; at equal text. Tried by hand.
BACK, NEAR, POOL, MATCH = 1.5, 2.0, 1.2, 1.2
# Rotary frequencies below this hardly turn over a document: heads that compare text use them.
SLOW = 0.005


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which columns of the residual stream hold what. Column 0 is the same for every token."""

    token: slice
    back1: slice
    back2: slice
    mark: slice
    bag: slice
    out: slice
    is_mark: int
    is_space: int

    @classmethod
    def of(cls, width: int) -> _Columns:
        code = (width - 3 - 4 * CODE) // 2
        edges = [
            1,
            1 + code,
            *(1 + code + step * CODE for step in (1, 2, 3, 4)),
            1 + 2 * code + 4 * CODE,
        ]
        return cls(
            *(slice(a, b) for a, b in zip(edges, edges[1:], strict=False)), width - 1, width - 2
        )


class _Layer:
    """One attention layer's weights by head."""

    def __init__(self, model: LlamaForCausalLM, number: int) -> None:
        config, attention = model.config, model.model.layers[number].self_attn
        heads, size, width = config.num_attention_heads, config.head_dim, config.hidden_size
        for weights in (attention.q_proj, attention.k_proj, attention.v_proj, attention.o_proj):
            weights.weight.mul_(0.3)
        self.q = attention.q_proj.weight.view(heads, size, width)
        self.k = attention.k_proj.weight.view(heads, size, width)
        self.v = attention.v_proj.weight.view(heads, size, width)
        self.o = attention.o_proj.weight.view(width, heads, size)
        self.size = size
        self.turn = config.rope_parameters["rope_theta"] ** (-torch.arange(size // 2) * 2.0 / size)
        self.slow = [row for row in range(size) if self.turn[row % (size // 2)] < SLOW]

    def look_back(
        self, head: int, rows: Iterable[int], distance: int, columns: tuple[int, int], gain: float
    ) -> None:
        """The score of a head peaks at a distance, between columns (asking, asked)."""
        asking, asked = columns
        for row in rows:
            angle = self.turn[row] * distance
            self.q[head, row, asking] += gain**0.5
            self.k[head, row, asked] += gain**0.5 * angle.cos()
            self.k[head, row + self.size // 2, asked] += gain**0.5 * angle.sin()

    def compare(
        self, head: int, rows: Sequence[int], here: slice, there: slice, code: Tensor
    ) -> None:
        """The score of a head is the likeness of two columns."""
        self.q[head, rows, here] += 2 * MATCH * code
        self.k[head, rows, there] += 2 * MATCH * code


class _Circuit:
    def __init__(self, model: LlamaForCausalLM) -> None:
        self.model, self.columns = model, _Columns.of(model.config.hidden_size)
        self.source = torch.Generator().manual_seed(SEED)
        self.eye = torch.eye(CODE)
        self.width = self.columns.token.stop - self.columns.token.start

    def orthonormal(self, rows: int, width: int) -> Tensor:
        return torch.linalg.qr(torch.randn(width, rows, generator=self.source))[0].T

    def codes(self, marks: Sequence[int], space: int) -> None:
        """A code of its own for every token, which the output layer reads elsewhere."""
        columns, count = self.columns, self.model.config.vocab_size
        drawn = torch.randn(count, self.width, generator=self.source)
        code = torch.nn.functional.normalize(drawn, dim=1) * 0.15 * self.width**0.5
        embedding, output = self.model.model.embed_tokens.weight, self.model.lm_head.weight
        embedding.mul_(0.5)
        embedding[:, columns.token] = code
        embedding[:, 0] = 0.6
        embedding[:, [columns.is_mark, columns.is_space]] = 0
        embedding[marks, columns.is_mark] = 0.6
        embedding[space, columns.is_space] = 0.6
        output.mul_(0.5)
        output[:, columns.out] += code

    def before(self) -> Tensor:
        """Layer 0. Returns the projection of a token's code to the shorter codes."""
        layer, columns = _Layer(self.model, 0), self.columns
        short = self.orthonormal(CODE, self.width)
        for head, (rows, distance, asked, gain, to) in enumerate(
            [
                (range(5), 1, 0, BACK, columns.back1),
                (range(5), 2, 0, BACK, columns.back2),
                (range(4, 7), 0, columns.is_mark, NEAR, columns.mark),
                (range(3, 5), 0, 0, POOL, columns.bag),
            ]
        ):
            layer.look_back(head, rows, distance, (0, asked), gain)
            layer.v[head, :CODE, columns.token] += short
            layer.o[to, head, :CODE] += (1.0 if to == columns.bag else 0.3) * self.eye
        return short

    def match(self, short: Tensor) -> None:
        """Layer 1: two heads match the last two tokens, two the last and the dozen before it; then two the dozen."""
        layer, columns = _Layer(self.model, 1), self.columns
        half = len(layer.slow) // 2
        first, second = layer.slow[:half], layer.slow[half:]
        for head in range(4):
            one, other = self.orthonormal(len(first), CODE), self.orthonormal(len(second), CODE)
            layer.q[head, first, columns.token] += MATCH * one @ short  # the token here ...
            layer.k[head, first, columns.back1] += 2 * MATCH * one  # ... is the one before there
            here, there = (columns.back1, columns.back2) if head < 2 else (columns.bag, columns.bag)
            layer.compare(head, second, here, there, other)
            self._carry(layer, head)
        for head in (4, 5):
            self.match_dozen(layer, head)

    def _carry(self, layer: _Layer, head: int) -> None:
        """Half of the token's code goes to the output; odd heads have room for the mark's code too."""
        columns = self.columns
        rows = torch.arange(CODE) if head % 2 == 0 else torch.arange(CODE, self.width)
        layer.v[head, rows - rows[0], columns.token.start + rows] += 1
        layer.o[columns.out.start + rows, head, rows - rows[0]] += 1
        if head % 2:
            free = torch.arange(layer.size - len(rows))[:CODE]
            layer.v[head, len(rows) + free, columns.mark.start + free] += 1
            layer.o[columns.mark.start + free, head, len(rows) + free] += 1

    def match_dozen(self, layer: _Layer, head: int) -> None:
        """Looks where the last dozen tokens are alike."""
        code = self.orthonormal(len(layer.slow), CODE)
        layer.compare(head, layer.slow, self.columns.bag, self.columns.bag, code)

    def say_mark(self, short: Tensor) -> None:
        """Layer 2: after ". ", the mark that layer 1 has carried here."""
        layer, columns = _Layer(self.model, 2), self.columns
        for head in (1, 2):
            self.match_dozen(layer, head)
        layer.look_back(0, range(5), 1, (columns.is_space, 0), BACK)
        layer.v[0, :CODE, columns.mark] += self.eye
        layer.o[columns.out, 0, :CODE] += short.T


@torch.no_grad()
def seed_circuit(model: LlamaForCausalLM, marks: Sequence[int], space: int) -> None:
    """Writes the circuit into a fresh model. ``marks`` are the ids of "[1]" to "[9]", ``space`` that of " "."""
    circuit = _Circuit(model)
    circuit.codes(marks, space)
    short = circuit.before()
    circuit.match(short)
    circuit.say_mark(short)
