"""What the library holds, read only: manuals, versions, pages, sections, passages, counts. Safe for many threads.

Whatever searches, quotes, cites or draws takes a catalog; only those who change manuals take the whole library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import knowledge.storage.rows as rows
from knowledge.errors import NoSuchManual
from knowledge.search.products.names import by_product_name
from knowledge.storage.database import Connections, generation
from knowledge.storage.files import Files
from knowledge.types import (
    Counts,
    HeldVersion,
    Manual,
    Page,
    Passage,
    SectionText,
    StoredPassage,
)


class Catalog:
    """The read side of the manuals under one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.connections = Connections(data / "knowledge.db")
        self.stored_files = Files(data / "files")

    # Manuals

    def manuals(self) -> tuple[Manual, ...]:
        """The manuals that are searched, by name."""
        return rows.live_manuals(self.connections.db)

    def manual(self, manual_id: str) -> Manual:
        """A manual in its live version, or its newest. Raises NoSuchManual."""
        found = rows.manual_by(self.connections.db, "m.id = ?", manual_id)
        if found is None:
            raise NoSuchManual(f"There is no manual '{manual_id}'.")
        return found

    def find(self, wanted: str) -> Manual:
        """A manual by its id, or by its name if only one is called so. Raises NoSuchManual."""
        db = self.connections.db
        found = rows.manual_by(db, "m.id = ?", wanted) or rows.manual_by(
            db, "m.removed IS NULL AND m.name = ? COLLATE NOCASE", wanted
        )
        if found is None:
            raise NoSuchManual(f"There is no manual '{' '.join(wanted.split())[:200]}'.")
        return found

    def version(self, version_id: int) -> Manual:
        """A manual in a given version, live or not. Raises NoSuchManual."""
        return rows.version(self.connections.db, version_id)

    def versions_of(self, manual_id: str) -> tuple[Manual, ...]:
        """Every version of a manual, the newest first; none of an unknown one."""
        return rows.versions_of(self.connections.db, manual_id)

    def before(self, manual: Manual) -> Manual | None:
        """The version that is searched again where the searched one is taken away, or None."""
        return rows.searched_before(self.connections.db, manual)

    def published_since(self, moment: str) -> tuple[Manual, ...]:
        """Every version that was last published at a moment (UTC, ISO 8601) or later."""
        return rows.published_since(self.connections.db, moment)

    def drafts(self) -> tuple[Manual, ...]:
        """Versions that wait to be published."""
        return rows.drafts(self.connections.db)

    def removed(self) -> tuple[Manual, ...]:
        """Manuals that were removed and can be restored, those removed last first."""
        return rows.removed_manuals(self.connections.db)

    def versions_held(self) -> tuple[HeldVersion, ...]:
        """The versions of all manuals that were not removed, with the hashes of their passages."""
        return rows.versions_held(self.connections.db)

    def products(self) -> tuple[str, ...]:
        """The products of the live manuals, by name."""
        return tuple(sorted(rows.products(self.connections.db), key=str.casefold))

    def other_names(self) -> dict[str, str]:
        """What customers call products beside their names: the product by each name."""
        return rows.other_names(self.connections.db)

    def synonyms(self) -> tuple[tuple[str, str], ...]:
        """Customers' words, each with the manual's word for it, as an admin has said."""
        return rows.synonyms(self.connections.db)

    def by_product_name(self, text: str) -> str:
        """A text with what customers call a product replaced by the product's name."""
        return by_product_name(text, self.other_names(), self.products())

    def counts(self) -> Counts:
        """Figures for the status line."""
        return rows.counts(self.connections.db)

    # Text

    def page(self, version_id: int, number: int) -> Page:
        """A stored page. Raises NoSuchPage."""
        return rows.page(self.connections.db, version_id, number)

    def beginning(self, version_id: int, pages: int, characters: int) -> tuple[str, ...]:
        """The text that each of a version's first pages begins with."""
        begins = "SELECT substr(text, 1, ?) FROM pages WHERE version_id = ? AND number <= ? ORDER BY number"
        found = self.connections.db.execute(begins, [characters, version_id, pages])
        return tuple(text for (text,) in found)

    def read_by_ocr(self, version_id: int, number: int) -> bool:
        """Say whether OCR has read a page."""
        return rows.read_by_ocr(self.connections.db, version_id, number)

    def section(self, version_id: int, page: int, start: int) -> SectionText:
        """The section round a position, cut to its page. Raises NoSuchPage."""
        return rows.section_text(self.connections.db, version_id, page, start)

    def section_passages(self, passage_id: int) -> tuple[Passage, ...]:
        """The passages of the section that holds this one, in reading order."""
        return rows.section_passages(self.connections.db, passage_id)

    def neighbours(self, passage_id: int, limit: int = 3) -> tuple[Passage, ...]:
        """The first passage of each section beside that of a passage in its chapter, those after it first."""
        return rows.neighbours(self.connections.db, passage_id, limit)

    def passages(self, ids: Sequence[int]) -> dict[int, Passage]:
        """Passages by id; unknown ids are left out."""
        return rows.passages(self.connections.db, ids)

    def passage_at(self, version_id: int, page: int, start: int) -> Passage | None:
        """The passage that holds a position of a page, None where none does."""
        return rows.passage_at(self.connections.db, version_id, page, start)

    def measured(self, ids: Collection[int]) -> tuple[StoredPassage, ...]:
        """What ranking needs of these passages; unknown ids are left out."""
        return rows.measured(self.connections.db, ids)

    def meanings(self, ids: Collection[int], model: str) -> dict[int, bytes]:
        """The stored vectors of these passages by a sentence encoder, int8; those without one are left out."""
        return rows.meanings(self.connections.db, ids, model)

    def passages_of(self, version_id: int) -> tuple[Passage, ...]:
        """All passages of a version, in reading order."""
        return rows.passages_of(self.connections.db, version_id)

    def headings(self, version_id: int, least: int, limit: int) -> tuple[tuple[str, ...], ...]:
        """Section paths whose passages have more than ``least`` characters, at most ``limit``, long ones first."""
        return rows.headings(self.connections.db, version_id, least, limit)

    def headed(self, word: str) -> tuple[str, ...]:
        """The products of live manuals with a short heading that has a word, or two in a row, in any case."""
        return rows.headed(self.connections.db, word)

    def word_counts(self) -> dict[tuple[str, ...], dict[str, int]]:
        """How many passages of what is live hold a word, by word, for the manuals of the same languages."""
        return rows.word_counts(self.connections.db)

    def hashes_of(self, version_id: int) -> frozenset[str]:
        """The hashes of the passages of a version."""
        return rows.hashes_of(self.connections.db, version_id)

    def shared_passages(self) -> list[tuple[int, int, int]]:
        """Pairs of searched versions with the number of passages that stand in both, word for word."""
        return rows.shared_passages(self.connections.db)

    def gone(self, hashes: Collection[str]) -> int:
        """How many of these passage hashes no live manual has any more."""
        return len(set(hashes).difference(*self.holders(hashes).values()))

    def holders(self, hashes: Collection[str]) -> dict[str, frozenset[str]]:
        """Which of these passage hashes the searched manuals of each product have; "" stands for those without a product."""
        return rows.holders(self.connections.db, hashes)

    def texts_of(self, hashes: Collection[str]) -> tuple[str, ...]:
        """The texts of the passages of these content hashes, also of versions that are not searched any more."""
        return rows.texts_of(self.connections.db, hashes)

    def file(self, version_id: int) -> Path:
        """The stored bytes of a version. Raises NoSuchManual."""
        return self.stored_files.path(self.version(version_id).sha256)

    # The database

    def generation(self) -> int:
        """A number that grows with every change of what is searched."""
        return generation(self.connections.db)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Everything read in this block is of one moment."""
        with self.connections.reading():
            yield

    def check(self) -> None:
        """Raises DataFolder where ``fault`` has something to say."""
        self.connections.place.check()

    def fault(self) -> str:
        """A sentence when the data folder is gone or another one since it was opened, else ""."""
        return self.connections.place.fault()

    def close(self) -> None:
        """Close this thread's connection, and leave the file whole for a copy."""
        self.connections.fold_in()
        self.connections.close()
