"""What became of cited words when their manual has changed: unchanged elsewhere, changed here, gone, or removed."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.library import Library
from knowledge.versions.citation_status import PinnedCitation, changes, now, states
from knowledge.versions.diff import LONGEST, Piece, difference
from tests.support.manuals import PUMP, only, put

QUOTE = "Tighten the screws to 12 Nm."


def pin(library: Library, quote: str = QUOTE) -> PinnedCitation:
    """The citation of a sentence as it stands in the live version now."""
    manual = only(library)
    text = library.page(manual.version_id, 1).text
    start = text.index(quote)
    section = library.section(manual.version_id, 1, start).section
    row = library.connections.db.execute(
        'SELECT hash FROM passages WHERE version_id = ? AND start <= ? AND "end" > ?',
        [manual.version_id, start, start],
    ).fetchone()
    return PinnedCitation(manual.version_id, 1, start, start + len(quote), section, quote, row[0])


def words(pieces: tuple[Piece, ...], *kinds: str) -> str:
    return " ".join(piece.text for piece in pieces if piece.kind in kinds)


def test_nothing_changed_means_nothing_is_said(library: Library) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    assert states(library, [held]) == ("same",)
    assert changes(library, held) is None


def test_words_that_the_new_version_still_has_are_unchanged_wherever_they_stand_now(
    library: Library,
) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    put(
        library,
        "pump.md",
        PUMP.replace("## Safety", "## Before you begin\n\nRead this first.\n\n## Safety").replace(
            "500 hours", "300 hours"
        ),
    )
    found = now(library, held)
    assert (
        found.state == "moved"
        and found.place is not None
        and found.live is not None
        and found.live.version == 2
    )
    text = library.page(found.live.version_id, found.place.page).text
    assert text[found.place.start : found.place.end] == QUOTE


def test_a_passage_that_stayed_does_not_speak_for_words_beyond_it(library: Library) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    beyond = replace(
        held, quote=f"{QUOTE} Then oil the seal."
    )  # a quote may reach into the next passage, which is gone
    put(library, "pump.md", PUMP.replace("500 hours", "300 hours"))
    assert states(library, [held, beyond]) == ("moved", "changed")
    assert now(library, beyond).state == "changed"


def test_changed_words_show_the_difference_of_their_section(library: Library) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    put(library, "pump.md", PUMP.replace("12 Nm", "14 Nm"))
    assert states(library, [held]) == ("changed",) and now(library, held).place is None
    made = changes(library, held)
    assert made is not None and made.live.version == 2 and made.section[-1] == "Replace the seal"
    assert words(made.pieces, "removed") == "12" and words(made.pieces, "added") == "14"
    assert "close both valves" in words(made.pieces, "same")
    assert any(piece.cited for piece in made.pieces if piece.kind == "removed")


def test_a_section_that_is_gone_is_said_to_be_gone(library: Library) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    text = PUMP[: PUMP.index("### Replace the seal")] + PUMP[PUMP.index("### Clean the filter") :]
    put(library, "pump.md", text, manual=only(library).name)
    made = changes(library, held)
    assert made is not None and made.pieces == ()


def test_a_removed_manual_is_told_from_a_changed_one(library: Library) -> None:
    put(library, "pump.md", PUMP)
    held = pin(library)
    library.remove(only(library).id)
    assert states(library, [held, held]) == ("removed", "removed")
    assert changes(library, held) is None
    put(library, "pump.md", PUMP)
    assert states(library, [held])[0] in ("same", "moved")


@given(
    st.lists(st.sampled_from("the pump valve 12 Nm screw \n".split(" ")), max_size=60),
    st.lists(st.sampled_from("the pump valve 14 Nm lid \n".split(" ")), max_size=60),
)
def test_the_pieces_make_up_both_texts(old: list[str], new: list[str]) -> None:
    pieces = difference(" ".join(old), " ".join(new))
    assert words(pieces, "same", "removed").split() == " ".join(old).split()
    assert words(pieces, "same", "added").split() == " ".join(new).split()


def test_long_texts_are_cut_round_the_cited_words_and_end_in_time() -> None:
    filler = " ".join(f"word{i}" for i in range(20_000))
    old, new = f"{filler} hold it for 5 s. {filler}", f"{filler} hold it for 9 s. {filler}"
    at = old.index("hold it")
    begun = time.process_time()
    pieces = difference(old, new, (at, at + 16), (at, at + 16))
    assert time.process_time() - begun < 5
    assert words(pieces, "removed") == "5" and words(pieces, "added") == "9"
    assert sum(len(piece.text) for piece in pieces) < 2 * LONGEST
    assert pieces[0].text.startswith("…") and pieces[-1].text.endswith("…")


@pytest.mark.parametrize(("old", "new"), [("", ""), ("a", ""), ("", "a"), ("\n\n", " ")])
def test_empty_texts_have_a_difference_too(old: str, new: str) -> None:
    difference(old, new)
