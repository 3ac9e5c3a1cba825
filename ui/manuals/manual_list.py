"""The manuals page as HTML: figures, drop zone, files on their way, the list of manuals.

Pure functions: values of ``knowledge.types`` in, escaped HTML out. Knows nothing of Gradio or the library.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType
from urllib.parse import quote

from markupsafe import Markup

from knowledge.parsing.formats import PICTURES, SUFFIXES
from knowledge.search.languages import name_of
from knowledge.types import Counts, Job, Manual, MeaningsHeld
from ui.text.english import count, say
from ui.web.html import in_order
from ui.web.templates import render

NO_DRAFTS: Mapping[str, str] = MappingProxyType({})
RUNNING = frozenset({"queued", "reading", "indexing"})
FAULTS = frozenset({"failed", "set aside"})
COLUMNS = ("name", "product", "language", "version", "pages", "passages", "added", "state")
NUMBERS = frozenset({"version", "pages", "passages"})
# What a file dialog offers; what is accepted is decided by the reader, from the bytes.
OFFERED = ",".join((*SUFFIXES, *PICTURES, ".zip"))


def manuals_page(max_upload_mb: int) -> Markup:
    """Return the frame of the manuals page; scripts fill the figures, the files and the list."""
    return render("manuals/frame.html", limit=max_upload_mb, offered=OFFERED)


def figures(
    counts: Counts, manuals: Sequence[Manual], filling: MeaningsHeld | None = None
) -> Markup:
    """Return the four figures at the top; ``filling`` is how far the vectors of passages are, while they are made."""
    newest = max((manual.published or manual.added for manual in manuals), default="")
    return render("manuals/figures.html", counts=counts, newest=newest, filling=filling)


def jobs(listed: Sequence[Job], drafts: Mapping[str, str] = NO_DRAFTS) -> Markup:
    """Return one line for each file: name, phase in words, bar, and what can be done about it.

    ``drafts`` are the addresses at which waiting versions are compared, by their manuals' ids. ``listed`` is newest first; those on their way are shown in the order in which they are worked on. Those that are done, with nothing to decide, stand last, in a fold.
    """
    if not listed:
        return Markup("")
    running = [job for job in reversed(listed) if job.state in RUNNING]
    ended = [job for job in listed if job.state not in RUNNING]
    newest = {job.manual_id: job.id for job in reversed(ended)}
    waiting = {newest.get(manual_id, 0): address for manual_id, address in drafts.items()}
    shown = [_job(job) for job in running + ended]
    done = [each for each in shown if each[2] == "ended" and each[0].id not in waiting]
    left = [each for each in shown if each not in done]
    return render("manuals/jobs.html", jobs=left, done=done, waiting=waiting, ended=len(ended))


def _job(job: Job) -> tuple[Job, bool, str, str, str, str]:
    """Return a file with whether it is on its way, its kind, sign and phase, and how much is done in per cent."""
    if job.state in RUNNING:
        kind, sign = "running", "clock"
    elif job.state in FAULTS:
        kind, sign = "fault", "alert"
    else:
        kind, sign = "asks" if job.doubt_name else "ended", "check"
    return job, job.state in RUNNING, kind, sign, phase(job), f"{_share(job) * 100:.0f}"


def phase(job: Job) -> str:
    """Return what is being done with a file, or what came of it, in words."""
    if job.state == "reading":
        return (
            say("job.reading", done=min(job.done + 1, job.total), total=job.total)
            if job.total
            else say("job.reading.start")
        )
    if job.state in RUNNING or not job.message:
        return say(f"job.{job.state}")
    return job.message


def _share(job: Job) -> float:
    """Return how much is done: reading is the first nine tenths, indexing the rest."""
    reading = 0.9 * job.done / job.total if job.total else 0.05
    return {"queued": 0.0, "reading": reading}.get(job.state, 0.95)


def table(
    manuals: Sequence[Manual], other_names: Mapping[str, str], waiting: Collection[str] = ()
) -> Markup:
    """Return the list of manuals; each heading sorts, each row opens. ``other_names``: the product by each other name.

    ``waiting`` are the ids of those of which a draft waits.
    """
    called: dict[str, list[str]] = {}
    for name, product in other_names.items():
        called.setdefault(product, []).append(name)
    return render(
        "manuals/table.html",
        columns=COLUMNS,
        numbers=NUMBERS,
        manuals=[
            (manual, _size(manual), ", ".join(called.get(manual.product, ())), _languages(manual))
            for manual in sorted(manuals, key=lambda manual: in_order(manual.name))
        ],
        quote=quote,
        waiting=waiting,
    )


def _languages(manual: Manual) -> list[str]:
    """Return the names of a manual's languages, the main one first; none where they cannot be told."""
    return [name for code in manual.languages if (name := name_of(code))]


def _size(manual: Manual) -> str:
    return count("pages", manual.pages) if manual.paged else count("passages", manual.passages)


def removed(manuals: Sequence[Manual]) -> Markup:
    """Return the list of removed manuals, folded, each with a button that restores it; nothing where there are none."""
    return render("manuals/removed.html", manuals=manuals) if manuals else Markup("")


def drafts(manuals: Sequence[tuple[Manual, str]], names: Mapping[int, str]) -> Markup:
    """Return the drafts, each with the address at which it is compared; nothing where there are none.

    ``names`` says by the version's id who added it, "" where that is nobody's account.
    """
    return render("manuals/drafts.html", manuals=manuals, names=names) if manuals else Markup("")


def empty() -> Markup:
    """Return what stands in place of the list while there are no manuals: the three steps, and the samples."""
    return render("manuals/empty.html")
