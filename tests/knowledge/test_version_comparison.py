"""Two versions held against each other: sections paired, words marked, nothing cut."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from knowledge.library import Library
from knowledge.versions.comparison import VersionComparison, compare, paragraph_difference
from knowledge.versions.diff import LONGEST
from tests.support.manuals import FAN, PUMP, only, put


def compared(library: Library, new: str, old: str = PUMP) -> VersionComparison:
    """Hold a manual against a draft of it."""
    put(library, "pump.md", old, manual="Pump")
    put(library, "pump.md", new, manual="Pump", draft=True)
    (draft,) = library.drafts()
    return compare(library, only(library).version_id, draft.version_id)


def said(made: VersionComparison) -> list[tuple[str, str]]:
    """Each change with the last heading of its section."""
    places = [(change.kind, change.after or change.before) for change in made.changes]
    return [(kind, place.path[-1] if place and place.path else "") for kind, place in places]


def test_a_changed_figure_is_marked_in_its_section(library: Library) -> None:
    made = compared(library, PUMP.replace("12 Nm", "14 Nm"))
    assert said(made) == [("changed", "Replace the seal")]
    assert [(p.kind, p.text) for p in made.changes[0].pieces if p.kind != "same"] == [
        ("removed", "12"), ("added", "14"),
    ]  # fmt: skip
    assert (made.old.version, made.new.version, made.same) == (1, 2, 3)


def test_new_gone_and_renamed_sections_stand_in_the_order_of_the_new_version(
    library: Library,
) -> None:
    new = (
        PUMP.replace("## Safety\n\nSwitch", "## Warnings\n\nSwitch")
        .replace("### Clean the filter\n\nClean the filter every 500 hours of operation. Use water, not solvent.\n\n", "")
        .replace("## Specifications", "## Storage\n\nStore it dry.\n\n## Specifications")
    )  # fmt: skip
    assert said(compared(library, new)) == [
        ("renamed", "Warnings"), ("removed", "Clean the filter"), ("added", "Storage"),
    ]  # fmt: skip


def test_a_section_that_was_renamed_and_changed_is_one_change(library: Library) -> None:
    new = PUMP.replace("### Clean the filter", "### Cleaning").replace("500 hours", "250 hours")
    made = compared(library, new)
    assert said(made) == [("changed", "Cleaning")]
    before = made.changes[0].before
    assert before is not None and before.path[-1] == "Clean the filter"


def test_a_section_under_another_chapter_with_its_own_name_is_the_same(library: Library) -> None:
    made = compared(library, PUMP.replace("## Maintenance", "## Care"))
    assert said(made) == [("renamed", "Care")]


def test_manuals_of_two_products_can_be_held_against_each_other(library: Library) -> None:
    put(library, "pump.md", PUMP)
    put(library, "fan.md", FAN)
    fan, pump = library.manuals()
    made = compare(library, pump.version_id, fan.version_id)
    marked = " ".join(p.text for change in made.changes for p in change.pieces if p.kind == "added")
    assert "4" in marked and "200" in marked
    assert (made.old.name, made.new.name) == (pump.name, fan.name)


def test_a_version_held_against_itself_does_not_differ(library: Library) -> None:
    put(library, "pump.md", PUMP)
    live = only(library).version_id
    made = compare(library, live, live)
    assert not made.changes and made.same


def test_twenty_sections_in_another_order_are_the_same_sections_moved(library: Library) -> None:
    parts = [f"## Part {n}\n\nTurn the wheel {n} times to the left.\n" for n in range(20)]
    other = parts.copy()
    random.Random(7).shuffle(other)
    head = "# Wheel\n\n"
    made = compared(library, head + "\n".join(other), head + "\n".join(parts))
    kinds = {change.kind for change in made.changes}
    assert kinds == {"moved"} and len(made.changes) + made.same == 20


def test_a_section_that_changes_its_model_is_shown(library: Library) -> None:
    models = "# Amp\n\n## Model A\n\n### Fuse\n\n10 amps.\n\n## Model B\n\n### Lamp\n\n5 watts.\n"
    swapped = "# Amp\n\n## Model A\n\n### Lamp\n\n5 watts.\n\n## Model B\n\n### Fuse\n\n10 amps.\n"
    assert said(compared(library, swapped, models)) == [("moved", "Lamp"), ("moved", "Fuse")]


def test_a_section_that_goes_to_the_end_is_shown_alone(library: Library) -> None:
    parts = [f"## Part {n}\n\nTurn the wheel {n} times.\n" for n in range(6)]
    head = "# Wheel\n\n"
    last = [*parts[:2], *parts[3:], parts[2]]
    made = compared(library, head + "\n".join(last), head + "\n".join(parts))
    assert said(made) == [("moved", "Part 2")]


def test_a_heading_without_text_is_shown(library: Library) -> None:
    made = compared(library, PUMP.replace("## Safety", "## DANGER: 400 V inside\n\n## Safety"))
    assert said(made) == [("added", "DANGER: 400 V inside")]


def test_blanks_of_a_program_count(library: Library) -> None:
    code = "# Job\n\n## Script\n\n```\nif x:\n    run()\n    stop()\n```\n"
    made = compared(library, code.replace("    stop()", "stop()"), code)
    assert [p.kind for p in made.changes[0].pieces] == ["removed", "added"]


def test_equal_paragraphs_far_from_a_change_are_left_out_and_counted() -> None:
    old = [f"Paragraph {n}." for n in range(10)]
    new = [*old[:5], "Another one.", *old[6:]]
    pieces, left_out = paragraph_difference(old, new)
    shown = " ".join(piece.text for piece in pieces)
    assert "Paragraph 4." in shown and "Paragraph 6." in shown and "Paragraph 1." not in shown
    assert left_out == 4 + 3


def test_of_a_very_long_change_nothing_is_cut() -> None:
    old = " ".join(f"old{n}" for n in range(LONGEST // 4))
    new = " ".join(f"new{n}" for n in range(LONGEST // 4))
    pieces, _ = paragraph_difference([old], [new])
    assert "".join(p.text for p in pieces if p.kind == "removed").strip() == old
    assert "".join(p.text for p in pieces if p.kind == "added").strip() == new


PARAGRAPHS = st.lists(st.text("ab c", min_size=1, max_size=8).filter(str.strip), max_size=8)


@given(PARAGRAPHS, PARAGRAPHS)
def test_the_words_of_both_sides_are_all_there(old: list[str], new: list[str]) -> None:
    """But for equal paragraphs that are left out, which are counted."""
    pieces, left_out = paragraph_difference(old, new)
    for kind, whole in (("removed", old), ("added", new)):
        shown = [w for p in pieces if p.kind in ("same", kind) for w in p.text.split() if w != "…"]
        wanted = [word for text in whole for word in text.split()]
        if not left_out:
            assert shown == wanted
        else:
            assert len(shown) < len(wanted)
