"""How the section of a cited sentence has changed, as HTML: what was taken out and what came in, word by word.

Pure; knows nothing of routes, databases or Gradio.
"""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from knowledge.versions.citation_status import SectionDiff
from knowledge.versions.diff import Piece
from ui.text.english import say
from ui.web.html import day, icon, icon_button, join, text_button, where

_TAGS = {"removed": ("del", "changes.removed"), "added": ("ins", "changes.added")}


def changes(manual: str, old: int, made: SectionDiff, back: str) -> Markup:
    """Return the inside of the panel: the difference from version ``old``; ``back`` is the address of the source."""
    live = made.live
    shown = Markup('<div class="t-changes" dir="auto" tabindex="0">{}</div>').format(
        words_of(made.pieces)
    )
    gone = Markup('<p class="t-notice">{}{}</p>').format(
        icon("alert"), say("changes.gone", version=live.version)
    )
    return Markup(
        '<header class="t-panel-head"><div><h2 id="panel-title" tabindex="-1">{title}</h2><p>{place}</p>'
        '<p class="t-dim">{versions}</p></div>{close}</header><div class="t-panel-body"><p>{back}</p>{shown}</div>'
    ).format(
        title=manual, place=where(made.section, ""), close=icon_button("close", say("panel.close"), "close"),
        versions=say("changes.versions", old=old, new=live.version, day=day(live.added)),
        back=text_button(say("changes.back"), "turn", url=back), shown=shown if made.pieces else gone,
    )  # fmt: skip


def words_of(pieces: Sequence[Piece], without: str = "") -> Markup:
    """Return pieces of a difference in their order, those of the kind ``without`` left out."""
    return join(_piece(piece) for piece in pieces if piece.kind != without)


def _piece(piece: Piece) -> Markup:
    text = Markup("<b>{}</b>").format(piece.text) if piece.cited else piece.text
    if piece.kind == "same":
        return Markup("{} ").format(text)
    tag, word = _TAGS[piece.kind]
    return Markup('<{0}><span class="t-hidden">{1} </span>{2}</{0}> ').format(
        Markup(tag), say(word), text
    )
