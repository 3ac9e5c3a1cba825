"""The demonstration adapter on a real small base: SmolLM2-135M-Instruct out of a wheel, LoRA on facts of the sample manual.

Trains with ``adapters.training`` and publishes as any adapter is; what is its own are the pairs. Knows no manuals: which
passages hold the facts is told by the caller.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

from adapters.datasets.pairs import write_pairs
from adapters.demo import MODEL, NAME
from adapters.demo.wordings import taught
from adapters.errors import TrainingFailed
from adapters.publishing.publish import Progress as Publishing
from adapters.publishing.publish import PublishRequest, import_adapter, quiet
from adapters.registry import Card, Registry
from adapters.servers.base import ModelServer
from adapters.training import session
from adapters.training.bases import find_base
from adapters.training.record import CHECKPOINT, RESULT, Prompt

# Many wordings seen seldom rather than few seen often; small steps, as there are no more pairs than that.
CHOSEN: Mapping[str, object] = {"epochs": 2, "batch": 8}

# Told what is being done, how much of it is done, and of how much (0: unknown).
Progress = Callable[[str, int, int], None]


def build(
    folder: Path,
    prompt: Prompt,
    unsure: str,
    passages: Mapping[str, str],
    progress: Progress,
    *,
    cut_off: str = "",
    python: str = sys.executable,
) -> Path:
    """Trains the adapter into a folder below ``folder``, unless it is there; goes on where it was interrupted.

    ``unsure`` is what it shall answer when it was not taught; ``passages`` the hash of the passage of each sentence.
    Raises MissingPackage, CannotTrain, TrainingFailed.
    """
    session.check_packages(python)
    base = find_base("")
    with tempfile.TemporaryDirectory(prefix="tandem-") as work:
        pairs = Path(work) / "pairs.jsonl"
        write_pairs(pairs, taught(unsure, dict(passages)))
        wish = session.Wish(pairs, base, prompt, CHOSEN, cut_off)
        mark = hashlib.sha256(
            repr((pairs.read_bytes(), base.sha256, prompt, wish.plan(), cut_off)).encode()
        ).hexdigest()
        out = folder / f"aurora-{mark[:16]}"
        if not (out / RESULT).exists() and not (out / CHECKPOINT).exists():
            shutil.rmtree(out, ignore_errors=True)
            session.begin(wish, out)
    trained = session.train(out, lambda line: _told(line, progress), python=python)
    if trained is None:
        raise TrainingFailed("The training was stopped; run the command again to go on.")
    return out


def _told(line: Mapping[str, object], progress: Progress) -> None:
    if "step" in line:
        progress("training", int(str(line["step"])), int(str(line["of"])))


def publish(
    trained: Path, server: ModelServer, registry: Registry, *, progress: Publishing = quiet
) -> Card:
    """Puts base and adapter on a server and writes the card; it is not served yet. Raises AdapterError."""
    return import_adapter(
        trained, PublishRequest(NAME, model=MODEL), server, registry, progress=progress
    )
