"""The manuals page as HTML: figures, drop zone, files on their way, the list of manuals.

Pure functions: values of ``knowledge.types`` in, escaped HTML out. Knows nothing of Gradio or the library.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from markupsafe import Markup

from knowledge.parsing.formats import SUFFIXES
from knowledge.types import Counts, Job, Manual
from ui.text.english import count, say
from ui.web.html import attributes, icon, icon_button, join, text_button, when
from ui.web.templates import render

RUNNING = frozenset({"queued", "reading", "indexing"})
FAULTS = frozenset({"failed", "set aside"})
COLUMNS = ("name", "product", "version", "pages", "passages", "added", "state")
NUMBERS = frozenset({"version", "pages", "passages"})
# What a file dialog offers; what is accepted is decided by the reader, from the bytes.
OFFERED = ",".join((*SUFFIXES, ".zip"))


def manuals_page(max_upload_mb: int) -> Markup:
    """Return the frame of the manuals page; scripts fill the figures, the files and the list."""
    return render("manuals/frame.html", limit=max_upload_mb, offered=OFFERED)


def figures(counts: Counts, manuals: Sequence[Manual]) -> Markup:
    """Return the four figures at the top."""
    newest = max((manual.added for manual in manuals), default="")
    attention = say("figure.attention.some" if counts.attention else "figure.attention.none")
    link = Markup('<a href="#t-jobs">{}</a>').format(attention) if counts.attention else attention
    cells = (
        _figure(say("figure.manuals"), f"{counts.manuals:,}"),
        _figure(say("figure.passages"), f"{counts.passages:,}"),
        _figure(
            say("figure.changed"),
            when(newest) if newest else say("figure.changed.never"),
            small=True,
        ),
        _figure(
            say("figure.attention"), f"{counts.attention:,}", link, warn=bool(counts.attention)
        ),
    )
    return Markup('<dl class="t-figures">{}</dl>').format(join(cells))


def _figure(
    name: str,
    value: str | Markup,
    note: str | Markup = "",
    *,
    small: bool = False,
    warn: bool = False,
) -> Markup:
    kind = "warn" if warn else ("small" if small else "")
    return Markup('<div class="{}"><dt>{}</dt><dd>{}</dd><dd class="t-dim">{}</dd></div>').format(
        kind, name, value, note
    )


def jobs(listed: Sequence[Job]) -> Markup:
    """Return one line for each file: name, phase in words, bar, and what can be done about it.

    ``listed`` is newest first; those on their way are shown in the order in which they are worked on.
    """
    if not listed:
        return Markup("")
    running = [job for job in reversed(listed) if job.state in RUNNING]
    ended = [job for job in listed if job.state not in RUNNING]
    return Markup('<section class="t-card"><h2>{}</h2><ul class="t-jobs">{}</ul></section>').format(
        say("job.title"), join(_job(job) for job in running + ended)
    )


def _job(job: Job) -> Markup:
    running = job.state in RUNNING
    tool = ("job.cancel", "cancel-job") if running else ("job.dismiss", "dismiss-job")
    sign = "alert" if job.state in FAULTS else ("clock" if running else "check")
    return Markup(
        '<li class="t-job {kind}" data-job="{id}"><span class="t-job-sign">{sign}</span><div class="t-job-text">'
        "<b>{name}</b><span>{phase}</span>{bar}{question}</div>{tool}</li>"
    ).format(
        kind="fault"
        if job.state in FAULTS
        else ("running" if running else "asks" if job.doubt_name else "ended"),
        question=_question(job) if job.doubt_name else "",
        id=job.id,
        sign=icon(sign),
        name=job.file_name,
        phase=phase(job),
        bar=_progress(job) if running else "",
        tool=icon_button("close", say(tool[0], name=job.file_name), tool[1], job=job.id),
    )


def _question(job: Job) -> Markup:
    """Return the question whether a file is a new version of a manual or one of its own, with a button for each."""
    return Markup('<p class="t-job-question">{}</p><p class="t-job-question">{}{}</p>').format(
        say("job.doubt", name=job.doubt_name),
        text_button(say("job.doubt.version"), "same-manual", "main", job=job.id),
        text_button(say("job.doubt.own"), "own-manual", job=job.id),
    )


def phase(job: Job) -> str:
    """Return what is being done with a file, or what came of it, in words."""
    if job.state == "reading":
        return (
            say("job.reading", done=job.done, total=job.total)
            if job.total
            else say("job.reading.start")
        )
    if job.state in RUNNING or not job.message:
        return say(f"job.{job.state}")
    return job.message


def _progress(job: Job) -> Markup:
    """Return a bar: reading is the first nine tenths, indexing the rest."""
    share = {"queued": 0.0, "reading": 0.9 * job.done / job.total if job.total else 0.05}.get(
        job.state, 0.95
    )
    return Markup(
        '<span class="t-progress" role="progressbar" aria-label="{}" aria-valuemin="0" aria-valuemax="100" '
        'aria-valuenow="{:.0f}"><i style="width:{:.0f}%"></i></span>'
    ).format(job.file_name, share * 100, share * 100)


def table(manuals: Sequence[Manual]) -> Markup:
    """Return the list of manuals; each heading sorts, each row opens."""
    heads = join(
        Markup(
            '<th scope="col" class="{}"><button type="button" data-do="sort" data-by="{}">{}</button></th>'
        ).format("n" if name in NUMBERS else "", name, say(f"manuals.table.{name}"))
        for name in COLUMNS
    )
    return Markup(
        '<table class="t-table"><thead><tr>{}<th scope="col"><span class="t-hidden">{}</span></th></tr></thead>'
        '<tbody>{}</tbody></table><p class="t-dim" id="t-list-none" hidden>{}</p>'
    ).format(
        heads,
        say("manuals.table.actions"),
        join(_row(manual) for manual in manuals),
        say("manuals.none"),
    )


def _row(manual: Manual) -> Markup:
    cells = (
        ("name", manual.name, _name_cell(manual)),
        ("product", manual.product, manual.product),
        ("version", manual.version, str(manual.version)),
        ("pages", manual.pages, f"{manual.pages:,}" if manual.paged else "–"),
        ("passages", manual.passages, f"{manual.passages:,}"),
        ("added", manual.added, when(manual.added)),
        ("state", manual.state, _state(manual)),
    )
    return Markup('<tr data-id="{}">{}<td class="t-tools">{}</td></tr>').format(
        manual.id,
        join(
            Markup('<td class="{}" data-label="{}" data-value="{}">{}</td>').format(
                f"c-{name}{' n' if name in NUMBERS else ''}",
                say(f"manuals.table.{name}"),
                value,
                shown,
            )
            for name, value, shown in cells
        ),
        _row_tools(manual),
    )


def _name_cell(manual: Manual) -> Markup:
    return Markup(
        '<details><summary title="{}">{}</summary><div class="t-details"><p>{}: {}</p>{}<p><a href="/?product={}">{}</a>'
        "</p></div></details>"
    ).format(
        say("manuals.open", name=manual.name),
        manual.name,
        say("manuals.file"),
        manual.file_name,
        join(
            Markup('<p class="t-notice">{}{}</p>').format(icon("alert"), text)
            for text in manual.warnings
        ),
        quote(manual.product),
        say("manuals.try"),
    )


def _state(manual: Manual) -> Markup:
    notes = count("manuals.warnings", len(manual.warnings)) if manual.warnings else ""
    kind = "good" if manual.state == "live" else "idle"
    return Markup('<span class="t-light {}"><i></i>{}</span>{}').format(
        kind,
        say(f"manuals.state.{manual.state}"),
        Markup('<span class="t-dim t-notes">{}</span>').format(notes) if notes else "",
    )


def _row_tools(manual: Manual) -> Markup:
    about = {"id": manual.id, "name": manual.name, "product": manual.product, "size": _size(manual)}
    return Markup("{}{}").format(
        _tool("edit", say("manuals.edit", name=manual.name), "edit-manual", about),
        _tool("bin", say("manuals.remove", name=manual.name), "remove-manual", about),
    )


def _size(manual: Manual) -> str:
    return count("pages", manual.pages) if manual.paged else count("passages", manual.passages)


def _tool(sign: str, label: str, action: str, about: dict[str, str]) -> Markup:
    return Markup(
        '<button type="button" class="t-tool" title="{}" aria-label="{}" data-do="{}"{}>{}</button>'
    ).format(label, label, action, attributes(**about), icon(sign))


def empty() -> Markup:
    """Return what stands in place of the list while there are no manuals: the three steps, and the samples."""
    steps = join(
        Markup('<li><span class="t-step">{}{}</span><h3>{}</h3><p>{}</p></li>').format(
            Markup("<b>{}</b>").format(number), icon(sign), say(f"manuals.empty.step{number}"),
            say(f"manuals.empty.step{number}.lead"),
        )
        for number, sign in ((1, "upload"), (2, "ask"), (3, "book"))
    )  # fmt: skip
    return Markup(
        '<section class="t-none"><h2>{}</h2><p>{}</p><ol class="t-steps">{}</ol>{}</section>'
    ).format(
        say("manuals.empty.title"),
        say("manuals.empty.lead"),
        steps,
        text_button(say("start.empty.samples"), "samples", "main"),
    )
