"""Data sets on disk: a folder each, with the pairs, the passages' texts, what was found, and a manifest.

A set is written beside its place and moved there whole, and is never changed afterwards: what an adapter was trained on
can be looked up for as long as the set is kept. Knows no server and no manual.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from adapters.datasets.pairs import TrainingPair, lines_of, read_pairs
from adapters.errors import BadTrainingList, DataSetNotKept, NoSuchDataSet

PAIRS, CONTEXTS, NOTES, MANIFEST = "pairs.jsonl", "passages.json", "notes.json", "manifest.json"
_ID = re.compile(r"[0-9a-f]{16}")
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class DataSetNote:
    """What happened to a row on its way into a set: removed, warned of, unreadable, left out, moved; and why."""

    what: str
    where: str
    why: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is known of a data set. ``made_at`` is UTC in ISO 8601; ``digest`` is the SHA-256 of its pairs' file.

    ``sources`` says where pairs came from, in words, with how many came from there before anything was removed;
    ``after`` is the id of the set that it was made from anew, "" for none.
    """

    id: str
    name: str
    made_by: str
    made_at: str
    pairs: int
    digest: str
    sources: Mapping[str, int] = field(default_factory=dict)
    product: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class DataSetContent:
    """What a set is made of: its pairs, the texts of their passages by hash, and the notes on what was left out."""

    pairs: Sequence[TrainingPair]
    contexts: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[DataSetNote] = ()
    sources: Mapping[str, int] = field(default_factory=dict)


class DataSets:
    """The data sets under one folder, which is made when the first is kept. Safe for threads and processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def keep(
        self,
        name: str,
        content: DataSetContent,
        *,
        made_by: str = "",
        product: str = "",
        after: str = "",
    ) -> Manifest:
        """Keep a set. Raises BadTrainingList for one without a pair or a name, DataSetNotKept where it cannot be written."""
        named = "".join(filter(str.isprintable, " ".join(name.split())))[:LONGEST_NAME]
        if not named:
            raise BadTrainingList("The data set needs a name.")
        if not content.pairs:
            raise BadTrainingList("No pair is left for this data set.")
        key = secrets.token_hex(8)
        text = lines_of(content.pairs).encode("utf-8")
        manifest = Manifest(
            key, named, made_by, datetime.now(UTC).isoformat(timespec="milliseconds"), len(content.pairs),
            hashlib.sha256(text).hexdigest(), dict(content.sources), product, after,
        )  # fmt: skip
        used = {pair.passage_hash for pair in content.pairs}
        contexts = {held: words for held, words in content.contexts.items() if held in used}
        partial = self.folder / f".{key}.partial"
        try:
            partial.mkdir(parents=True)
            (partial / PAIRS).write_bytes(text)
            _write(partial / CONTEXTS, contexts)
            _write(partial / NOTES, [asdict(note) for note in content.notes])
            _write(partial / MANIFEST, asdict(manifest))
            for path in partial.iterdir():
                with path.open("rb") as file:
                    os.fsync(file.fileno())
            partial.rename(self.folder / key)
        except OSError as error:
            shutil.rmtree(partial, ignore_errors=True)
            raise DataSetNotKept(
                f"The data set cannot be kept: {error.strerror or 'the disk refuses'}."
            ) from error
        return manifest

    def listed(self) -> tuple[Manifest, ...]:
        """The sets that can be read, the newest first."""
        found = []
        for path in self.folder.glob(f"*/{MANIFEST}"):
            with suppress(NoSuchDataSet):
                found.append(self.one(path.parent.name))
        return tuple(sorted(found, key=lambda one: (one.made_at, one.id), reverse=True))

    def one(self, key: str) -> Manifest:
        """What is known of one set. Raises NoSuchDataSet, also where its manifest cannot be read."""
        try:
            held = json.loads((self._place(key) / MANIFEST).read_text(encoding="utf-8"))
            return Manifest(**held)
        except (OSError, ValueError, TypeError) as error:
            raise NoSuchDataSet(f"There is no data set '{key[:40]}'.") from error

    def find(self, wanted: str) -> Manifest:
        """A set by its id, or the newest by its name. Raises NoSuchDataSet."""
        if _ID.fullmatch(wanted):
            with suppress(NoSuchDataSet):
                return self.one(wanted)
        named = wanted.casefold()
        found = next((one for one in self.listed() if one.name.casefold() == named), None)
        if found is None:
            raise NoSuchDataSet(f"There is no data set '{' '.join(wanted.split())[:200]}'.")
        return found

    def path(self, key: str) -> Path:
        """The file of its pairs, as training reads it. Raises NoSuchDataSet."""
        self.one(key)
        return self._place(key) / PAIRS

    def file_of(self, which: str) -> tuple[Path, str]:
        """The file of pairs that is meant, and a name for what comes of it: a file, or a set by its id or name.

        Raises NoSuchDataSet where it is neither.
        """
        path = Path(which)
        if path.is_file():
            return path, path.stem
        try:
            found = self.find(which)
        except NoSuchDataSet as error:
            raise NoSuchDataSet(
                f"'{which[:200]}' is neither a file nor a data set; run.py dataset list shows the sets."
            ) from error
        return self.path(found.id), "-".join(re.findall(r"\w+", found.name.lower())) or found.id

    def content(self, key: str) -> DataSetContent:
        """All of a set. Raises NoSuchDataSet, BadTrainingList where its files were changed or are gone."""
        manifest, place = self.one(key), self._place(key)
        try:
            digest = hashlib.sha256((place / PAIRS).read_bytes()).hexdigest()
            contexts = json.loads((place / CONTEXTS).read_text(encoding="utf-8"))
            notes = json.loads((place / NOTES).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise BadTrainingList(f"The files of '{manifest.name}' cannot be read.") from error
        if digest != manifest.digest:
            raise BadTrainingList(f"The pairs of '{manifest.name}' were changed on disk.")
        pairs = read_pairs(place / PAIRS)
        return DataSetContent(
            pairs, contexts, [DataSetNote(**note) for note in notes], manifest.sources
        )

    def remove(self, key: str) -> Manifest:
        """Remove a set with all of its files. Raises NoSuchDataSet, DataSetNotKept where that fails."""
        manifest = self.one(key)
        gone = self.folder / f".{key}.{secrets.token_hex(4)}.removed"
        try:
            self._place(key).rename(gone)
            shutil.rmtree(gone)
        except OSError as error:
            raise DataSetNotKept(
                f"'{manifest.name}' cannot be removed: {error.strerror or 'the disk refuses'}."
            ) from error
        return manifest

    def _place(self, key: str) -> Path:
        if not _ID.fullmatch(key):
            raise NoSuchDataSet(f"There is no data set '{' '.join(key.split())[:40]}'.")
        return self.folder / key


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1), encoding="utf-8")
