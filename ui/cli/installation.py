"""The commands on an installation: serve, doctor."""

from __future__ import annotations

import argparse
import threading
from dataclasses import asdict

from ui.cli.session import settings_for, show
from ui.cli.users import link_text

# Vectors of passages that a question waits for, a fifth of a second: the worker makes all of them.
AT_ONCE = 8
WATCHED = "watched folder"  # as the audit log names it


def serve(args: argparse.Namespace) -> int:
    settings = settings_for(args, host=args.host, port=args.port)
    from chatbot.accounts.personal_data import erase_daily
    from chatbot.operations.deployment import open_assistant, open_library_for
    from knowledge.ingestion.memory import few_arenas
    from knowledge.ingestion.watching import FolderWatch
    from ui.app import serve as serve_pages

    few_arenas()
    library = open_library_for(settings)
    assistant = open_assistant(settings, library, AT_ONCE)
    # A server that could keep nothing must not say that it is ready
    first = "" if assistant.accounts.any() else assistant.accounts.first_link()

    stop = threading.Event()
    if settings.keep_days:
        what = (assistant.journal.file, settings.keep_days, stop)
        threading.Thread(target=erase_daily, args=what, name="retention", daemon=True).start()

    deeds = {"uploaded": "manual.uploaded", "removed": "manual.removed"}
    watch = FolderWatch(
        library,
        settings.watched,
        lambda deed, name: assistant.audit.note(WATCHED, deeds[deed], name),
    )

    def ready(url: str) -> None:
        print(f"Tandem is ready at {url} (stop with Ctrl+C)", flush=True)
        if first:
            link = link_text(url, first)
            print(f"For a team: make the first admin at {link} (works once)", flush=True)

    try:
        if settings.watched:
            watch.start()
        serve_pages(
            assistant,
            library,
            settings.host,
            settings.port,
            open_browser=not args.no_browser,
            ready=ready,
        )
    finally:
        stop.set()
        watch.stop()
    return 0


def doctor(args: argparse.Namespace) -> int:
    from chatbot.operations.doctor import examine

    report = examine(settings_for(args))
    lines = [f"{check.state:7} {check.name}: {check.text}" for check in report.checks]
    lines += ["", *(f"{s.name} = {s.value}  ({s.origin})" for s in report.settings)]
    show(args, asdict(report), "\n".join(lines))
    return 1 if any(check.state == "fault" for check in report.checks) else 0
