"""Pairs as tokens: the very string that the model server's template renders, and how many pairs share one row.

The rules at the head are the same for every pair, so a row holds them once and the pairs behind them as branches that
do not see each other: less than half the tokens of one row a pair, and the same gradients. Needs torch.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from adapters.datasets.pairs import TrainingPair
from adapters.errors import CannotTrain
from adapters.training.record import Prompt

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerFast

# Where the question stands while the template is taken apart; no template changes it.
_MARK = "\ufff9"
ROW = 512


@dataclass(frozen=True, slots=True)
class Encoded:
    """One pair: the tokens of its question (from where the pairs differ), and those of its answer."""

    question: tuple[int, ...]
    answer: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.question) + len(self.answer)


@dataclass(frozen=True, slots=True)
class Data:
    """Pairs, and the tokens that all of them begin with."""

    shared: tuple[int, ...]
    pairs: tuple[Encoded, ...]

    def rows(self, chosen: Sequence[int]) -> list[PackedRow]:
        """Some of the pairs, by their place, in as few rows as hold them, in this order."""
        groups: list[list[Encoded]] = []
        room = 0
        for pair in (self.pairs[index] for index in chosen):
            if not groups or len(pair) > room:
                groups.append([])
                room = ROW - len(self.shared)
            groups[-1].append(pair)
            room -= len(pair)
        return [row(self.shared, group) for group in groups]


@dataclass(frozen=True, slots=True)
class PackedRow:
    """Some pairs as tensors for one pass; shapes (1, tokens), the mask (1, 1, tokens, tokens): 0 where a token may look,
    else the lowest number of the type.

    ``places`` are the positions that predict a token of an answer, ``wanted`` those tokens.
    """

    ids: Tensor
    positions: Tensor
    mask: Tensor
    places: Tensor
    wanted: Tensor


class PairEncoder:
    """Renders pairs with the base's own chat template and the rules that the served adapter will meet."""

    def __init__(self, tokenizer: PreTrainedTokenizerFast, prompt: Prompt) -> None:
        """Raises CannotTrain when the base has no chat template, or one that drops the rules."""
        self.tokenizer, self.prompt = tokenizer, prompt
        asked, answered = self._rendered(_MARK, None), self._rendered(_MARK, _MARK)
        if prompt.system not in asked:
            raise CannotTrain("The base's chat template leaves out the rules (the system message).")
        if not answered.startswith(asked):
            raise CannotTrain("The base's chat template puts something else before an answer.")
        self._head, _, self._behind = asked.partition(_MARK)
        # What ends an answer: the template's own end of a turn, without what would only begin the next line.
        self._before, _, end = answered[len(asked) :].partition(_MARK)
        self.end = end.rstrip("\n")
        if not self.end:
            raise CannotTrain("The base's chat template does not say how an answer ends.")

    def _rendered(self, question: str, answer: str | None) -> str:
        messages = [
            {"role": "system", "content": self.prompt.system},
            {"role": "user", "content": self.prompt.asked(question)},
        ]
        if answer is not None:
            messages.append({"role": "assistant", "content": answer})
        try:
            text = self.tokenizer.apply_chat_template(
                messages, tokenize=False, add_generation_prompt=answer is None
            )
        except Exception as error:  # a template is a program of somebody else's
            raise CannotTrain(
                "The base has no chat template that takes rules and a question; train an instruction-tuned base."
            ) from error
        return str(text)

    def text(self, question: str) -> str:
        """What the server sends to the model for a question."""
        return f"{self._head}{question}{self._behind}"

    def ids(self, text: str) -> list[int]:
        """The tokens of a rendered text; what the template wrote at its head is all there is."""
        found: list[int] = self.tokenizer(text, add_special_tokens=False).input_ids
        return found

    def encoded(self, pairs: Sequence[TrainingPair], most: int) -> Data:
        """Raises CannotTrain for a pair of more than ``most`` tokens: a cut answer would be learnt as it is."""
        asked = [self.ids(self.text(pair.question)) for pair in pairs]
        learnt = [self.ids(f"{self._before}{pair.answer}{self.end}") for pair in pairs]
        for pair, question, answer in zip(pairs, asked, learnt, strict=True):
            if (length := len(question) + len(answer)) > most:
                raise CannotTrain(
                    f"The pair '{pair.question[:60]}' has {length} tokens, more than the {most} that a pair may have."
                )
        # one token at least is left to each question: its last one predicts the answer
        same = len(os.path.commonprefix([question[:-1] for question in asked]))
        found = [Encoded(tuple(q[same:]), tuple(a)) for q, a in zip(asked, learnt, strict=True)]
        return Data(tuple(asked[0][:same]) if asked else (), tuple(found))


def row(shared: Sequence[int], pairs: Sequence[Encoded]) -> PackedRow:
    """Some pairs behind the head that they share."""
    ids, positions, branches = list(shared), list(range(len(shared))), [0] * len(shared)
    places: list[int] = []
    wanted: list[int] = []
    for number, pair in enumerate(pairs, 1):
        begin = len(ids) + len(pair.question)
        # The token before the answer predicts its first one.
        places += range(begin - 1, begin - 1 + len(pair.answer))
        wanted += pair.answer
        ids += [*pair.question, *pair.answer]
        positions += range(len(shared), len(shared) + len(pair))
        branches += [number] * len(pair)
    part = torch.tensor(branches)
    earlier = torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
    seen = (part[None, :] == 0) | (part[:, None] == part[None, :])
    mask = torch.zeros(len(ids), len(ids), dtype=torch.bfloat16)
    mask.masked_fill_(~(earlier & seen), torch.finfo(mask.dtype).min)
    return PackedRow(
        torch.tensor([ids]), torch.tensor([positions]), mask[None, None],
        torch.tensor(places), torch.tensor(wanted),
    )  # fmt: skip
