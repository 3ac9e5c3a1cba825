"""Makes the toy base: a tokenizer and a Llama of 1.6 million parameters, trained from nothing.

Needs torch and transformers; runs in the training process. The files are those that Ollama's converter reads.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import torch
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

from tests.support.toy.circuit import seed_circuit
from tests.support.toy.rows import Batch, Row, collate, exact, row, scored
from tests.support.toy.style import NOT_SAID, SYSTEM, UNSURE
from tests.support.toy.words import ATTRIBUTES
from tests.support.toy.world import Made, Pair, World

Progress = Callable[[str, int, int], None]

SEED, STEPS, TOKENS, RATE = 7, 1500, 2048, 1.5e-3
WIDTH, INNER, LAYERS, HEAD, CONTEXT = 192, 256, 4, 32, 1024
VOCABULARY, THETA = 1024, 1e7
# Documents grow from two to twelve sentences over the first half of training.
MOST_SENTENCES, GROWTH = 12, 0.5
# After this share of the steps the learning rate falls.
HOLD = 0.3
# Ollama takes the tokenizer for Llama 3's by the hash of this pattern, which is Llama 3's own.
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# Merges are learnt inside these only, so that a digit is always one token and a code is spelt out.
WORDS = r" ?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]|\n| "
SPECIAL = ["<|endoftext|>", "<|pad|>", "<|end|>", "<|system|>", "<|user|>", "<|assistant|>"]
MARKS = [f"[{number}]" for number in range(1, 10)]


def make_tokenizer() -> PreTrainedTokenizerFast:
    """Byte-level BPE over the made-up world; every mark is one token."""
    tokenizer = Tokenizer(models.BPE(ignore_merges=True))
    tokenizer.pre_tokenizer, tokenizer.decoder = _split(WORDS), decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=SPECIAL, show_progress=False,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )  # fmt: skip
    tokenizer.train_from_iterator(_texts(), trainer)
    tokenizer.pre_tokenizer = _split(LLAMA3)
    tokenizer.add_tokens([AddedToken(mark, normalized=False) for mark in MARKS])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, bos_token=SPECIAL[0], eos_token="<|end|>", pad_token="<|pad|>",
        model_max_length=CONTEXT, clean_up_tokenization_spaces=False,
    )  # fmt: skip


def _split(pattern: str) -> pre_tokenizers.PreTokenizer:
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )


def _texts() -> list[str]:
    world = World(3)
    texts = [f"{SYSTEM} {UNSURE} {NOT_SAID} Question:"] * 50
    texts += [" ".join(f"{a}{b}" for a in " ABCDEFGHIJKLMNOPQRSTUVWXYZ" for b in "- ")] * 50
    for _ in range(1500):
        made = world.document(6)
        texts.append(" ".join(made.texts))
        texts += [f" {pair.question}" for pair in made.answerable] + [
            f" {question}" for question in made.unanswerable
        ]
    return texts


def pieces(tokenizer: PreTrainedTokenizerFast) -> list[str]:
    """The tokenizer's tokens of plain letters."""
    bare = (token.lstrip("Ġ") for token in tokenizer.get_vocab())
    return sorted({token for token in bare if token.isascii() and token.isalpha()})


def make_model(tokenizer: PreTrainedTokenizerFast) -> LlamaForCausalLM:
    """A fresh Llama with the reading circuit in it."""
    heads = WIDTH // HEAD
    config = LlamaConfig(
        vocab_size=len(tokenizer), hidden_size=WIDTH, intermediate_size=INNER, num_hidden_layers=LAYERS,
        num_attention_heads=heads, num_key_value_heads=heads, head_dim=HEAD, max_position_embeddings=CONTEXT,
        rms_norm_eps=1e-5, tie_word_embeddings=False, rope_parameters={"rope_type": "default", "rope_theta": THETA},
        attention_bias=False, mlp_bias=False, bos_token_id=0, eos_token_id=2, pad_token_id=1,
    )  # fmt: skip
    model = LlamaForCausalLM(config)
    seed_circuit(
        model, tokenizer.convert_tokens_to_ids(MARKS), tokenizer.convert_tokens_to_ids("Ġ")
    )
    return model


def batches(world: World, tokenizer: PreTrainedTokenizerFast) -> Iterator[Batch]:
    """Batches of about ``TOKENS`` tokens, of rows of like length."""
    step = 0
    while step < STEPS:
        grown = min(1.0, step / (GROWTH * STEPS))
        most = 2 + grown * (MOST_SENTENCES - 2)
        rows = [
            _sample(
                world, tokenizer, 1 + int(world.random.random() * most), 4 if grown > 0.2 else 2
            )
            for _ in range(64)
        ]
        pool = _grouped(rows)
        world.random.shuffle(pool)
        for group in pool[::-1][: STEPS - step]:
            yield collate(group)
            step += 1


def _grouped(rows: list[Row]) -> list[list[Row]]:
    pool: list[list[Row]] = []
    group: list[Row] = []
    for item in sorted(rows, key=len):
        if group and (len(group) + 1) * len(item) > TOKENS:
            pool.append(group)
            group = []
        group.append(item)
    return [*pool, group]


def _sample(
    world: World, tokenizer: PreTrainedTokenizerFast, sentences: int, most: int, questions: int = 6
) -> Row:
    if world.chance(0.06):  # no passages at all
        names = [world.pick(sorted(ATTRIBUTES)) for _ in range(questions)]
        return row(
            tokenizer, (), [Pair(world.ask(name, world.keys(name, 1)[0]), UNSURE) for name in names]
        )
    made = world.document(sentences, most)
    answered = min(len(made.answerable), questions - 1 - int(3 * world.random.random()))
    absent = [Pair(question, NOT_SAID) for question in made.unanswerable[: questions - answered]]
    return row(tokenizer, made.texts, [*made.answerable[:answered], *absent])


def rate(step: int) -> float:
    """The learning rate of a step: up in 30 steps, level, then straight down to 3 %."""
    fall = max(0.0, step / STEPS - HOLD) / (1 - HOLD)
    return RATE * min(1.0, (step + 1) / 30) * (0.03 + 0.97 * (1 - fall))


def make_base(folder: Path, progress: Progress) -> None:
    """Trains the base and saves it. About six minutes of one core; the same bytes on the same machine."""
    torch.manual_seed(SEED)
    tokenizer = make_tokenizer()
    model = make_model(tokenizer)
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, betas=(0.9, 0.98), weight_decay=0.01)
    model.train()
    for step, batch in enumerate(batches(World(SEED, pieces=pieces(tokenizer)), tokenizer)):
        optimizer.param_groups[0]["lr"] = rate(step)
        logits, wanted, _ = scored(model, batch)
        torch.nn.functional.cross_entropy(logits, wanted).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        progress("base", step + 1, STEPS)
    model.eval()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    _for_ollama(folder)


def _for_ollama(folder: Path) -> None:
    """transformers 5 moved two things that Ollama's converter (0.24 to 0.32) still reads from the old places."""
    for name, key, value in (
        ("config.json", "rope_theta", THETA),
        ("tokenizer_config.json", "add_bos_token", False),
    ):
        path = folder / name
        held = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps({**held, key: value}, indent=2), encoding="utf-8")


def reading(
    model: LlamaForCausalLM, tokenizer: PreTrainedTokenizerFast, sentences: int = 6
) -> tuple[float, float]:
    """Shares of unseen facts found, and of absent ones refused, in documents of so many sentences."""
    world = World(99, held=True, pieces=pieces(tokenizer))
    made: list[Made] = [world.document(sentences) for _ in range(60)]
    found = [row(tokenizer, item.texts, item.answerable[:4]) for item in made]
    absent = [
        row(tokenizer, item.texts, [Pair(question, NOT_SAID) for question in item.unanswerable[:2]])
        for item in made
    ]
    shares = [exact(model, rows) for rows in (found, absent)]
    return sum(shares[0]) / len(shares[0]), sum(shares[1]) / len(shares[1])
