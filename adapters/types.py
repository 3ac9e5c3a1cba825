"""The values that cross adapters' border. Plain data: nothing here talks to a server."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["system", "user", "assistant"]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """How long to wait for a server, in seconds, and how much to take from it.

    ``first_byte`` is long because a server may have to load the model first. ``total`` is the deadline of
    the whole call, however lively it is. ``most_bytes`` bounds what one answer may weigh.
    """

    connect: float = 3.0
    first_byte: float = 120.0
    between_bytes: float = 30.0
    total: float = 600.0
    most_bytes: int = 64 << 20


# For questions that a healthy server answers at once.
QUICK = Timeouts(connect=2.0, first_byte=5.0, between_bytes=3.0, total=8.0)
# For creating models: gigabytes are copied and converted without a sign of life.
LONG = Timeouts(first_byte=1800.0, between_bytes=1800.0, total=7200.0)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat."""

    role: Role
    content: str


@dataclass(frozen=True, slots=True)
class Options:
    """How to generate. The defaults are greedy: the same question gets the same answer.

    Ollama's own defaults (temperature 0.8, repeat_penalty 1.1) are not: with them, codes and numbers suffer.
    ``num_ctx`` 0 keeps the model's own context length; changing it between calls reloads the model. ``think`` False asks
    a thinking model not to, "low" to be short about it; None says nothing of thinking.
    """

    temperature: float = 0.0
    repeat_penalty: float = 1.0
    seed: int = 1
    num_predict: int = 512
    num_ctx: int = 0
    stop: tuple[str, ...] = ()
    think: bool | Literal["low"] | None = None


@dataclass(frozen=True, slots=True)
class ChatEnd:
    """How an answer ended: ``cut`` at its length limit or not. Tokens as the server counted them, and the seconds that it
    read the prompt, 0 where it does not say."""

    cut: bool
    prompt_tokens: int = 0
    answer_tokens: int = 0
    prompt_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Model:
    """A model as the server lists it. ``digest`` names its content; ``size`` is in bytes.

    ``remote`` is the host that it really runs on, "" when it runs on the server itself. A server that says less leaves
    texts empty and ``size`` 0.
    """

    name: str
    digest: str
    size: int
    family: str
    parameters: str
    quantization: str
    remote: str = ""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a server says about one model. ``context_length`` 0 means that it does not say.

    ``parent`` is the model that it was made from, "" if none; ``adapter`` whether it has an adapter of its own.
    ``chats`` is False where its template drops the rules, as that of a model without instruction tuning does. ``numbers`` are the sizes of its architecture under GGUF's names, such as "attention.head_count".
    """

    architecture: str
    context_length: int
    template: str
    parent: str
    adapter: bool
    capabilities: tuple[str, ...]
    numbers: Mapping[str, int] = field(default_factory=dict)
    chats: bool = True


@dataclass(frozen=True, slots=True)
class CreateStep:
    """A sign of life while a model is made. ``done`` of ``total`` bytes, or 0 of 0."""

    status: str
    done: int = 0
    total: int = 0
