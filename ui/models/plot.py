"""The losses of a training, drawn from zero as SVG; the last figures stand beside it in words."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from ui.models.overview import TrainingRun
from ui.text.english import say
from ui.trials.chart import FOOT, HEIGHT, LEFT, TOP, WIDTH, mark
from ui.web.html import join

POINTS = 240  # of a line; longer trainings are drawn by the means of neighbouring steps


def losses(run: TrainingRun) -> Markup:
    """Return the picture of a training; nothing before its second step."""
    if len(run.losses) < 2:
        return Markup("")
    train, validation = _thinned(run.losses), run.validation
    top = max(loss for _, loss in (*train, *validation)) or 1.0
    steps = max(run.of, run.step)
    marks = join(mark(share, f"{share * top:.2f}") for share in (0.0, 0.5, 1.0))
    lines = [_line("loss", train, top, steps)]
    if validation:
        lines.append(_line("validation", validation, top, steps))
    ends = Markup('<text x="{}" y="{}" text-anchor="end">{}</text>').format(
        WIDTH, HEIGHT - 6, say("models.run.steps", steps=f"{steps:,}")
    )
    told = [say("models.loss", loss=f"{run.losses[-1][1]:.3f}")]
    if validation:
        told.append(say("models.validation", loss=f"{validation[-1][1]:.3f}"))
    names = join(Markup("<i></i>{}").format(text) for text in told)
    return Markup(
        '<figure class="t-chart t-losses"><svg viewBox="0 0 {} {}" aria-hidden="true">{}{}{}</svg><figcaption>{}</figcaption></figure>'
    ).format(WIDTH, HEIGHT, marks, join(lines), ends, names)


def _thinned(points: Sequence[tuple[int, float]]) -> list[tuple[int, float]]:
    """Return at most POINTS points, each the mean of its neighbours at the last of their steps."""
    size = -(-len(points) // POINTS)
    groups = [points[i : i + size] for i in range(0, len(points), size)]
    return [(group[-1][0], sum(loss for _, loss in group) / len(group)) for group in groups]


def _line(kind: str, points: Sequence[tuple[int, float]], top: float, steps: int) -> Markup:
    room = HEIGHT - FOOT - TOP
    places = " ".join(
        f"{LEFT + (WIDTH - LEFT) * step / steps:.1f},{HEIGHT - FOOT - room * min(loss / top, 1):.1f}"
        for step, loss in points
    )
    return Markup('<polyline class="{}" points="{}"/>').format(kind, places)
