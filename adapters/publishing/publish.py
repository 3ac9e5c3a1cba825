"""Brings an adapter onto the model server, proves that it loads, and writes its card.

Knows the forms an adapter comes in; nothing of questions, routes or manuals.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from adapters.datasets.training_list import UNKNOWN, Training, read_training
from adapters.errors import (
    AdapterError,
    CannotConvert,
    CannotMerge,
    ModelMissing,
    ServerError,
    ServerRefused,
)
from adapters.publishing.base_files import for_ollama, weight_files
from adapters.publishing.full_weights import full_weights
from adapters.publishing.gguf import Shape, convert, kind_of, shape_of_folder, shape_of_model
from adapters.publishing.merge import merge
from adapters.publishing.peft import CONFIG, Lora, read_json
from adapters.publishing.safetensors_file import QUANTIZED, Weights
from adapters.publishing.trained import EQUAL, completed, outcome_of, share_equal
from adapters.registry import CPU_MINUTES, Card, Registry
from adapters.servers.base import ModelServer, full_name, maker
from adapters.types import CreateStep, Message, Model, Options, Timeouts

log = logging.getLogger(__name__)

Progress = Callable[[CreateStep], None]
Parameters = Mapping[str, float | int | tuple[str, ...]]
# One word is enough to know that a model runs; but it may be large, and is loaded for the first time.
PROOF, LOADING = Options(num_predict=4), Timeouts(first_byte=900.0, total=900.0)


@dataclass(frozen=True, slots=True)
class PublishRequest:
    """What to make of an adapter.

    ``name`` is the card's, and the model's name on the server unless ``model`` is given. ``base`` is the base's name
    there; where the server lacks it, it is made from ``base_folder`` (transformers' form or a GGUF file; without one, merging
    takes the file that a server on this machine keeps). ``template`` and ``parameters`` go with a base that is made.
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
    request: PublishRequest,
    server: ModelServer,
    registry: Registry,
    *,
    training: Path | None = None,
    progress: Progress = quiet,
) -> Card:
    """Takes in an adapter that was made elsewhere: a PEFT folder, a GGUF file, or a model that the server has.

    A merged fine-tune (a GGUF file or a folder in transformers' form) becomes a model of its own, without a base. A folder
    that Tandem's training wrote says by itself what it was trained on and on which base, and its answers are compared.

    A server on which no models can be made takes the last alone: the name under which it lists the adapter.

    ``training`` is the list of what it was trained on; without one, that is unknown. Raises AdapterError.
    """
    outcome = outcome_of(source)
    if outcome is not None:
        request = completed(request, outcome)
    if training is not None:
        request = replace(request, training=read_training(training, request.training.cut_off))
    if outcome is not None and outcome.cpu_seconds:
        request = replace(
            request, scores={**request.scores, CPU_MINUTES: round(outcome.cpu_seconds / 60, 1)}
        )
    card = publish(source, request, server, registry, progress=progress)
    if outcome is not None and outcome.answers:
        progress(CreateStep("comparing with the trainer's own answers"))
        card = replace(
            card, scores={**card.scores, EQUAL: share_equal(outcome, card.model, server)}
        )
        registry.save(card)
    return card


def publish(
    source: str | Path,
    request: PublishRequest,
    server: ModelServer,
    registry: Registry,
    *,
    progress: Progress = quiet,
) -> Card:
    """Makes the model, has it generate once, and writes the card; the adapter is not served yet. Raises AdapterError.

    A model of the same name keeps working until the new one is proved. Where the server refuses the adapter as such,
    it is merged into its base, if the base's weights are at hand.
    """
    registry.check(request.name)
    model, base = _Publishing(request, server, progress).from_source(source)
    card = Card(
        request.name, model.name, base, model.digest, request.training.passages, request.training.questions, request.training.cut_off,
        dict(request.scores), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"), request.style,
    )  # fmt: skip
    registry.save(card)
    return card


def make_base(
    name: str,
    source: Path,
    server: ModelServer,
    *,
    template: str = "",
    parameters: Parameters | None = None,
    progress: Progress = quiet,
) -> Model:
    """Makes a base on the server from a folder in transformers' form, or a GGUF file, and proves that it loads.

    Raises AdapterError.
    """
    with tempfile.TemporaryDirectory(prefix="tandem-") as work:
        files = {"model.gguf": source} if source.is_file() else for_ollama(source, Path(work))
        made = maker(server).create(
            name, files=files, template=template, parameters=parameters, progress=progress
        )
    try:
        _prove(made.name, server)
    except ServerError:
        with suppress(ServerError):
            maker(server).delete(made.name)
        raise
    return made


def _prove(model: str, server: ModelServer) -> None:
    """Generates once: that a server made a model does not mean that it can load it. Raises ServerError."""
    for _ in server.chat(model, [Message("user", "Hello")], PROOF, timeouts=LOADING):
        pass


def _within(folder: Path) -> str:
    """What of a folder could be imported instead, as a sentence: checkpoints of other tools, GGUF files; "" for nothing."""
    held = sorted(path.parent for path in folder.glob(f"*/{CONFIG}")) + sorted(
        folder.glob("*.gguf")
    )
    names = [path.relative_to(folder).as_posix() for path in held]
    return f" It holds {', '.join(names[:5])}: import that." if names else ""


def _check_whole(folder: Path) -> None:
    for path in weight_files(folder):
        kinds = {place.kind for place in Weights(path).places.values()}
        if odd := sorted(kinds & QUANTIZED):
            raise CannotConvert(
                f"{folder.name} is quantized ({path.name} holds {', '.join(odd)}); merge it at 16 bits a number."
            )


@dataclass(frozen=True, slots=True)
class _Publishing:
    """One adapter on its way to the server. Each way returns the model and the name of its base."""

    request: PublishRequest
    server: ModelServer
    progress: Progress

    def from_source(self, source: str | Path) -> tuple[Model, str]:
        path = Path(source)
        if path.exists():
            maker(self.server)  # before anything is converted
        if path.is_dir() and (path / CONFIG).is_file():
            return self._from_peft(path)
        if path.is_file():
            return self._from_gguf(path)
        if path.is_dir() and (path / "config.json").is_file():
            return self._whole(path), ""
        if path.exists():
            raise CannotConvert(
                f"{path.name} is no PEFT folder (it has no {CONFIG}), no folder of a whole model and no GGUF file.{_within(path)}"
            )
        return self._from_server(str(source))

    def _from_server(self, name: str) -> tuple[Model, str]:
        found = self.server.model(name)
        _prove(found.name, self.server)
        return found, self.request.base or self.server.show(name).parent

    def _from_gguf(self, path: Path) -> tuple[Model, str]:
        if kind_of(path) != "adapter":
            return self._whole(path), ""
        base = self._base()
        return self._adapted(base, path), base

    def _from_peft(self, folder: Path) -> tuple[Model, str]:
        base = self._base(str(read_json(folder / CONFIG).get("base_model_name_or_path") or ""))
        with tempfile.TemporaryDirectory(prefix="tandem-") as work:
            try:
                return self._adapted(
                    base, convert(folder, self._shape(base), Path(work) / "adapter.gguf")
                ), base
            except (CannotConvert, ServerRefused) as refused:
                log.info("the adapter %s cannot be served as such: %s", self.request.name, refused)
                return self._merged(folder, Path(work), refused), base

    def _whole(self, source: Path) -> Model:
        """A merged fine-tune as a model of its own. Raises CannotConvert for one that is not whole, or quantized."""
        request = self.request
        if source.is_dir():
            _check_whole(source)

        def create(name: str) -> Model:
            return make_base(
                name, source, self.server, template=request.template, parameters=request.parameters, progress=self.progress
            )  # fmt: skip

        return self._made(create)

    def _adapted(self, base: str, adapter: Path) -> Model:
        return self._made(
            lambda name: maker(self.server).create(
                name, base=base, adapter=adapter, progress=self.progress
            )
        )

    def _merged(self, folder: Path, work: Path, refused: AdapterError) -> Model:
        """The adapter merged into its base, as a model of its own. Raises CannotMerge, which says why neither way works."""
        request, server = self.request, self.server
        try:
            Lora(folder)
        except CannotConvert as error:  # what it is made of can be merged here no more than loaded
            raise CannotMerge(str(error)) from error
        weights = request.base_folder or self._blob()
        if weights is None:
            raise CannotMerge(
                f"{refused} It could be merged into its base, but the base's weights are not at hand: name the folder or the GGUF"
                " file that holds them (--base-folder)."
            ) from refused
        self.progress(CreateStep("merging the adapter into its base"))
        try:
            if weights.is_file():
                self.progress(CreateStep("reading the base's weights out of its GGUF file"))
                weights = full_weights(weights, work / "base")
            files = for_ollama(merge(folder, weights, work / "merged"), work / "changed")
            template = request.template or server.show(request.base).template
            return self._made(
                lambda name: maker(server).create(
                    name,
                    files=files,
                    template=template,
                    parameters=request.parameters,
                    progress=self.progress,
                )
            )
        except (CannotMerge, CannotConvert, ServerRefused) as error:
            raise CannotMerge(
                f"{refused} Merged into its base it cannot be served either: {error}"
            ) from error

    def _blob(self) -> Path | None:
        """The GGUF file in which the server keeps the base, where that is on this machine and may be read."""
        blob = getattr(self.server, "blob", None)
        found: Path | None = blob(self.request.base) if blob else None
        return found if found is not None and os.access(found, os.R_OK) else None

    def _base(self, named: str = "") -> str:
        """The base's name on the server, made from the folder if the server lacks it. Raises ModelMissing.

        ``named`` is what training called it, which is no name on this server.
        """
        request = self.request
        if not request.base:
            of = f" It was trained on '{named[-200:]}'." if named else ""
            raise ModelMissing(
                f"Which model on the server is the adapter's base was not said (--base).{of}"
            )
        try:
            return self.server.model(request.base).name
        except ModelMissing:
            if request.base_folder is None:
                raise
        made = make_base(
            request.base, request.base_folder, self.server,
            template=request.template, parameters=request.parameters, progress=self.progress,
        )  # fmt: skip
        return made.name

    def _shape(self, base: str) -> Shape:
        """The shape of the base: what is on the server decides; the folder is asked where the server does not say."""
        try:
            return shape_of_model(self.server.show(base))
        except CannotConvert:
            if self.request.base_folder is None or self.request.base_folder.is_file():
                raise
            return shape_of_folder(self.request.base_folder)

    def _made(self, create: Callable[[str], Model]) -> Model:
        """Makes a candidate, proves it, and only then gives it its name."""
        wanted = full_name(self.request.model or self.request.name)
        candidate = f"{wanted.rpartition(':')[0]}:candidate"
        try:
            create(candidate)
            _prove(candidate, self.server)
            return maker(self.server).copy(candidate, wanted)
        finally:
            with suppress(ServerError):
                maker(self.server).delete(candidate)
