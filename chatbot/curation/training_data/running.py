"""The build of a data set that this process works on: one at a time, in a thread, told how far it is, stopped at any time."""

from __future__ import annotations

import logging
import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from adapters.datasets.preparing import prepared
from adapters.datasets.store import DataSetContent, DataSets, Manifest
from adapters.errors import AdapterError, Stopped
from chatbot.assistant import Assistant
from chatbot.curation.training_data.again import order_again
from chatbot.curation.training_data.building import BuildOrder, build
from chatbot.errors import ChatError
from knowledge.errors import KnowledgeError

log = logging.getLogger(__name__)
BuildState = Literal["working", "stopped", "failed", "broke"]


class BuildBusy(ChatError):
    hint = "Wait until it has ended, or stop it."


@dataclass(frozen=True, slots=True)
class RunningBuild:
    """A build: ``phase`` is "templates" or "teacher", "" before either. ``why`` says why one has failed."""

    key: str
    name: str
    state: BuildState = "working"
    phase: str = ""
    done: int = 0
    total: int = 0
    why: str = ""


class RunningBuilds:
    """Builds data sets in the background. What has failed is told until somebody dismisses it. Thread-safe."""

    def __init__(self, assistant: Assistant, sets: DataSets) -> None:
        self._assistant, self._sets = assistant, sets
        self._lock = threading.Lock()
        self._shown: dict[str, RunningBuild] = {}
        self._stops: dict[str, threading.Event] = {}

    def shown(self) -> tuple[RunningBuild, ...]:
        """The build that is worked on, and those that ended without a set."""
        with self._lock:
            return tuple(self._shown.values())

    def again(self, before: Manifest, made_by: str, kept: Callable[[Manifest], None]) -> str:
        """Begin to make a set anew and return the build's key.

        Raises BuildBusy, and BadTrainingList where the files of the set before are damaged.
        """
        order = order_again(self._assistant.catalog, before, self._sets.content(before.id))
        return self._start(before.name, order, made_by, kept, after=before.id)

    def start(
        self, name: str, order: BuildOrder, made_by: str, kept: Callable[[Manifest], None]
    ) -> str:
        """Begin a build and return its key; ``kept`` is told of the set. Raises BuildBusy while another one runs."""
        return self._start(name, order, made_by, kept)

    def _start(
        self,
        name: str,
        order: BuildOrder,
        made_by: str,
        kept: Callable[[Manifest], None],
        after: str = "",
    ) -> str:
        key, stop = secrets.token_hex(8), threading.Event()
        with self._lock:
            if self._stops:
                raise BuildBusy("Something is being built already.")
            self._shown[key] = RunningBuild(key, name)
            self._stops[key] = stop

        def keep(content: DataSetContent) -> None:
            product = ", ".join(order.products)
            kept(self._sets.keep(name, content, made_by=made_by, product=product, after=after))

        arguments = (self._shown[key], order, keep, stop)
        threading.Thread(target=self._work, args=arguments, name="training-data", daemon=True).start()  # fmt: skip
        return key

    def stop(self, key: str) -> None:
        """End a build as soon as it can; nothing of it is kept. One that has ended is left alone."""
        with self._lock:
            stop = self._stops.get(key)
        if stop:
            stop.set()

    def dismiss(self, key: str) -> None:
        """Take what is said of a build that has ended off the list."""
        with self._lock:
            if key not in self._stops:
                self._shown.pop(key, None)

    def _work(
        self,
        begun: RunningBuild,
        order: BuildOrder,
        keep: Callable[[DataSetContent], None],
        stop: threading.Event,
    ) -> None:
        def progress(phase: str, done: int, total: int) -> None:
            with self._lock:
                self._shown[begun.key] = replace(begun, phase=phase, done=done, total=total)

        ended: RunningBuild | None = None
        try:
            made = build(self._assistant, order, progress, stop)
            content = prepared(DataSetContent(made.pairs, made.contexts, made.notes, made.sources))
            if stop.is_set():
                raise Stopped("The building of pairs was stopped.")
            keep(content)
        except Stopped:
            ended = replace(begun, state="stopped")
        except (ChatError, KnowledgeError, AdapterError) as error:
            log.warning("a data set was not built: %s", error)
            ended = replace(begun, state="failed", why=f"{error} {error.hint}".strip())
        except Exception:
            log.exception("the building of a data set broke")
            ended = replace(begun, state="broke")
        finally:
            with self._lock:
                self._stops.pop(begun.key, None)
                if ended:
                    self._shown[begun.key] = ended
                else:
                    self._shown.pop(begun.key, None)
