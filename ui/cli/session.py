"""What every command needs: its settings, the assistant, and how it prints."""

from __future__ import annotations

import argparse
import getpass
import json
import logging
import os
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chatbot.errors import ChatError
from chatbot.settings import Settings

if TYPE_CHECKING:
    from chatbot.assistant import Assistant
    from knowledge.library import Library


log = logging.getLogger(__name__)


def assistant_for(args: argparse.Namespace, **chosen: Any) -> Assistant:
    """The assistant on the data folder that the command line or the environment names."""
    from chatbot.operations.deployment import open_assistant

    return open_assistant(settings_for(args, **chosen))


def library_for(args: argparse.Namespace) -> Library:
    """The library of the data folder that the command line or the environment names."""
    from chatbot.operations.deployment import open_library_for

    return open_library_for(settings_for(args))


def settings_for(args: argparse.Namespace, **chosen: Any) -> Settings:
    """The settings; what the command line says wins."""
    settings = Settings.load(os.environ, data=Path(args.data) if args.data else None, **chosen)
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(asctime)s %(name)s %(levelname)s %(message)s"
    )
    return settings


def secured(folder: Path) -> Path:
    """The data folder, made where it is not there yet so that nobody else can look into it. Raises DataFolder."""
    from knowledge.storage.data_folder import secure

    secure(folder)
    return folder


def note(args: argparse.Namespace, deed: str, about: str) -> None:
    """Keep in the audit log what was done here, where there is a journal: without one nobody shares this folder yet."""
    path = settings_for(args).folder / "journal.db"
    if not path.exists():
        return
    from chatbot.accounts.audit import Audit
    from chatbot.conversations.journal_file import open_file

    try:
        file = open_file(path)
    except ChatError as error:
        log.error("not in the audit log: %s %s (%s)", deed, about, error)
        return
    try:
        Audit(file).note(whoami(), deed, about)
    finally:
        file.close()


def whoami() -> str:
    """Return who types commands here, as the audit log names them."""
    try:
        return f"{getpass.getuser()} (command line)"
    except (OSError, KeyError):  # in a container a user may have no name
        return "command line"


def show(args: argparse.Namespace, data: object, text: str) -> None:
    """Prints data with --json, else text."""
    print(json.dumps(data, ensure_ascii=False) if args.json else printable(text))


def printable(text: str) -> str:
    """Text that a terminal only shows: what would move its cursor or change its colours is left out."""
    return "".join(
        char
        for char in text
        if char in "\n\t"
        or unicodedata.category(char) not in ("Cc", "Cf", "Cs")
        or char == "\u00ad"
    )


def sentence(error: BaseException) -> str:
    """An error as one sentence, with what to do about it."""
    return printable(" ".join(f"{error} {getattr(error, 'hint', '')}".split()))
