"""Brings an adapter onto the model server, proves that it loads, and writes its card.

Knows the forms an adapter comes in; nothing of questions, routes or manuals.
"""

from __future__ import annotations

import logging
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.base_files import for_ollama
from adapters.errors import AdapterError, CannotConvert, CannotLoad, CannotMerge, ModelMissing, ServerError, ServerRefused
from adapters.gguf import Shape, convert, shape_of_folder, shape_of_model
from adapters.merge import merge
from adapters.ollama import Ollama, full_name
from adapters.peft import CONFIG
from adapters.registry import Card, Registry
from adapters.training import UNKNOWN, Training, read_training
from adapters.types import CreateStep, Model, Options

log = logging.getLogger(__name__)

Progress = Callable[[CreateStep], None]
Parameters = Mapping[str, float | int | tuple[str, ...]]
# One word is enough to know that a model runs.
PROOF = Options(num_predict=4)


@dataclass(frozen=True, slots=True)
class Order:
    """What to make of an adapter.

    ``name`` is the card's, and the model's name on the server unless ``model`` is given. ``base`` is the base's name
    there; where the server lacks it, it is made from ``base_folder`` (transformers' form), which is also what merging
    needs. ``template`` and ``parameters`` go with a base that is made.
    """

    name: str
    base: str = ""
    base_folder: Path | None = None
    model: str = ""
    style: str = "standard"
    training: Training = UNKNOWN
    scores: Mapping[str, float] = field(default_factory=dict)
    template: str = ""
    parameters: Parameters = field(default_factory=dict)


def quiet(step: CreateStep) -> None:
    """Shows nobody any progress."""


def import_adapter(
    source: str | Path,
    order: Order,
    ollama: Ollama,
    registry: Registry,
    *,
    training: Path | None = None,
    progress: Progress = quiet,
) -> Card:
    """Takes in an adapter that was made elsewhere: a PEFT folder, a GGUF file, or a model that the server has.

    ``training`` is the list of what it was trained on; without one, that is unknown. Raises AdapterError.
    """
    if training is not None:
        order = replace(order, training=read_training(training, order.training.cut_off))
    return publish(source, order, ollama, registry, progress=progress)


def publish(source: str | Path, order: Order, ollama: Ollama, registry: Registry, *, progress: Progress = quiet) -> Card:
    """Makes the model, has it generate once, and writes the card; the adapter is not served yet. Raises AdapterError.

    A model of the same name keeps working until the new one is proved. Where the server refuses the adapter as such,
    it is merged into its base, if the base's weights are at hand.
    """
    registry.check(order.name)
    path = Path(source)
    if path.is_dir() and (path / CONFIG).is_file():
        model, base = _from_peft(path, order, ollama, progress)
    elif path.is_file():
        model, base = _from_gguf(path, order, ollama, progress)
    elif path.exists():
        raise CannotConvert(f"{path.name} is neither a PEFT folder (it has no {CONFIG}) nor a GGUF file.")
    else:
        model, base = _from_server(str(source), order, ollama)
    card = Card(
        order.name, model.name, base, model.digest, order.training.passages, order.training.questions, order.training.cut_off,
        dict(order.scores), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), order.style,
    )  # fmt: skip
    registry.save(card)
    return card


def make_base(
    name: str,
    folder: Path,
    ollama: Ollama,
    *,
    template: str = "",
    parameters: Parameters | None = None,
    progress: Progress = quiet,
) -> Model:
    """Makes a base on the server from a folder in transformers' form, and proves that it loads. Raises AdapterError."""
    with tempfile.TemporaryDirectory(prefix="tandem-") as work:
        files = for_ollama(folder, Path(work))
        made = ollama.create(name, files=files, template=template, parameters=parameters, progress=progress)
    _prove(made.name, ollama)
    return made


def _from_server(name: str, order: Order, ollama: Ollama) -> tuple[Model, str]:
    found = ollama.model(name)
    _prove(found.name, ollama, keep=True)
    return found, order.base or ollama.show(name).parent


def _from_gguf(path: Path, order: Order, ollama: Ollama, progress: Progress) -> tuple[Model, str]:
    with path.open("rb") as file:
        if file.read(4) != b"GGUF":
            raise CannotConvert(f"{path.name} is not a GGUF file.")
    base = _base(order, ollama, progress)
    return _made(order, ollama, lambda name: ollama.create(name, base=base, adapter=path, progress=progress)), base


def _from_peft(folder: Path, order: Order, ollama: Ollama, progress: Progress) -> tuple[Model, str]:
    base = _base(order, ollama, progress)
    with tempfile.TemporaryDirectory(prefix="tandem-") as work:
        try:
            path = convert(folder, _shape(order, base, ollama), Path(work) / "adapter.gguf")
            return _made(order, ollama, lambda name: ollama.create(name, base=base, adapter=path, progress=progress)), base
        except (CannotConvert, CannotLoad, ServerRefused) as refused:
            log.info("the adapter %s cannot be served as such: %s", order.name, refused)
            return _merged(folder, order, Path(work), ollama, refused, progress), base


def _merged(folder: Path, order: Order, work: Path, ollama: Ollama, refused: AdapterError, progress: Progress) -> Model:
    """The adapter merged into its base, as a model of its own. Raises CannotMerge, which says why neither way works."""
    if order.base_folder is None:
        raise CannotMerge(f"{refused} It could be merged into its base, but the base's weights are not at hand.") from refused
    progress(CreateStep("merging the adapter into its base"))
    try:
        whole = merge(folder, order.base_folder, work / "merged")
        template = order.template or ollama.show(order.base).template
        files = for_ollama(whole, work / "changed")
        return _made(
            order, ollama,
            lambda name: ollama.create(name, files=files, template=template, parameters=order.parameters, progress=progress),
        )  # fmt: skip
    except (CannotMerge, CannotConvert, ServerRefused) as error:
        raise CannotMerge(f"{refused} Merged into its base it cannot be served either: {error}") from error


def _base(order: Order, ollama: Ollama, progress: Progress) -> str:
    """The base's name on the server, made from the folder if the server lacks it. Raises ModelMissing."""
    if not order.base:
        raise ModelMissing("Which base the adapter belongs to was not said.")
    try:
        return ollama.model(order.base).name
    except ModelMissing:
        if order.base_folder is None:
            raise
    made = make_base(
        order.base, order.base_folder, ollama, template=order.template, parameters=order.parameters, progress=progress
    )
    return made.name


def _shape(order: Order, base: str, ollama: Ollama) -> Shape:
    """The base's shape: what is on the server decides; the folder is asked where the server does not say."""
    try:
        return shape_of_model(ollama.show(base))
    except CannotConvert:
        if order.base_folder is None:
            raise
        return shape_of_folder(order.base_folder)


def _made(order: Order, ollama: Ollama, create: Callable[[str], Model]) -> Model:
    """Makes a candidate, proves it, and only then gives it its name."""
    wanted = full_name(order.model or order.name)
    candidate = f"{wanted.rpartition(':')[0]}:candidate"
    try:
        create(candidate)
        _prove(candidate, ollama)
        return ollama.copy(candidate, wanted)
    finally:
        with suppress(ServerError):
            ollama.delete(candidate)


def _prove(model: str, ollama: Ollama, keep: bool = False) -> None:
    """Generates once: that a server made a model does not mean that it can load it. Raises ServerError."""
    try:
        ollama.generate(model, "Hello", PROOF)
    except ServerError:
        if not keep:
            with suppress(ServerError):
                ollama.delete(model)
        raise
