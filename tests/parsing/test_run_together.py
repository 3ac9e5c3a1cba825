"""Markdown that was made from pages: menus and headings that run together with the text get their structure back."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest

from knowledge.library import Library, open_library
from knowledge.parsing.converted.run_together import headings_restored
from knowledge.search.retriever import Search

FILLED = (
    "Only a person who has read this guide may work with it, and nobody else may stand beside it as long as it is hot inside "
    "with the lid closed, the fan on and the red lamp above it lit by day and by night."
)
MENU = f"""# Kiln K9

## Daily use

{FILLED} | | | Control panel Shelves Kiln log Cool down Control panel Use the control panel to start a program. Press and hold \
Program for two seconds. Shelves Put the shelves in before the ware. Tap Shelves to light the chamber. Cool down Wait until \
the display shows 60. Open the lid then.

## Kiln log

The log keeps the last ninety firings.
"""
CONTENTS = """# Kiln K9

## Settings

Set how the kiln behaves. | | | Firing programs Alarm tones Child lock

### Firing programs

Choose one of nine programs.

### Alarm tones

Choose how the kiln sounds.

### Child lock

Hold both keys to lock the panel.
"""
RUN_IN = f"""# Kiln K9

## Elements

{FILLED} Replace an element The element is behind the rear wall. Switch the kiln off and pull the plug. Check the resistance \
NOTE A cold element has 14 ohms. Measure it with the plug pulled. Order number Find the number on the type plate. Tap Add \
element to list to keep it. For more information, see . Daily care Element spacers The spacers keep the coils apart.

## Daily care

Brush the chamber.
"""


def sections(library: Library, text: str) -> dict[tuple[str, ...], str]:
    """The passages of a Markdown file, by the headings that they stand under."""
    library.run(library.accept(BytesIO(text.encode()), "kiln.md").id)
    (manual,) = library.manuals()
    return {one.section: one.text for one in library.passages_of(manual.version_id)}


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return open_library(tmp_path)


def test_the_parts_that_a_menu_names_get_their_headings(library: Library) -> None:
    found = sections(library, MENU)
    assert found["Daily use", "Control panel"].startswith("Use the control panel to start")
    assert found["Daily use", "Shelves"] == (
        "Put the shelves in before the ware. Tap Shelves to light the chamber."
    )
    assert found["Daily use", "Cool down"].endswith("Open the lid then.")
    assert found[("Daily use",)] == FILLED
    assert found[("Kiln log",)] == "The log keeps the last ninety firings."


def test_an_answer_is_the_part_and_not_the_whole_chapter(library: Library) -> None:
    sections(library, MENU)
    found = Search(library, library.index).find("How do I cool down the kiln?")
    assert found.evidence[0].passage.section[-1] == "Cool down"


def test_a_menu_of_sections_says_nothing_beside_their_headings(library: Library) -> None:
    found = sections(library, CONTENTS)
    assert found[("Settings",)] == "Set how the kiln behaves."
    assert found["Settings", "Child lock"] == "Hold both keys to lock the panel."


def test_a_menu_that_names_something_else_is_kept(library: Library) -> None:
    found = sections(library, CONTENTS.replace("tones Child lock\n", "tones Fuse rating\n"))
    assert "Fuse rating" in found[("Settings",)]


def test_headings_that_run_together_with_the_text_are_headings(library: Library) -> None:
    found = sections(library, RUN_IN)
    assert found["Elements", "Replace an element"].startswith("The element is behind the rear")
    assert "A cold element has 14 ohms." in found["Elements", "Check the resistance"]
    assert "Tap Add element to list to keep it." in found["Elements", "Order number"]
    assert found["Elements", "Element spacers"] == "The spacers keep the coils apart."


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Status lamp", "The status lamp shows what the kiln does."),
        ("Glaze alarms", "Glaze alarms tell you of a fault."),
        ("Quiet hours", "From Settings, tap Sound and choose the hours."),
        ("Delete a program", "Delete programs that you do not need."),
        ("Manage a PIN", "Set the PIN that locks the panel."),
    ],
)
def test_what_a_heading_runs_together_with(library: Library, name: str, said: str) -> None:
    found = sections(
        library, f"# Kiln K9\n\n## Panel\n\n{FILLED} {name} {said}\n\n## Lid\n\nA lid.\n"
    )
    assert found["Panel", name] == said
    assert found[("Panel",)] == FILLED


def test_words_that_repeat_without_end_are_soon_read() -> None:
    text = "# Kiln\n\n# A a\n\nx " + "| " * 40 + "A a " * 20_000
    assert headings_restored(text) == text


@pytest.mark.parametrize(
    "text",
    [
        f"{FILLED} Use Kiln Link to move programs. Kiln Link needs a cable. Get Kiln Link Use it daily, and keep Kiln Link Use logs.",
        f"{FILLED} Tap Reset The kiln starts anew.",
        f"{FILLED} Enable Show hidden programs. Status icons Lamp Open lid Fan Mute Full power Alarm Low power.",
        f"{FILLED} Press and hold Start To begin at once.",
        "Fuses The fuses are in the lid.",
        "| Part | | |\n| --- | --- | --- |\n| Lid | | Part Lid The lid |",
        "```\nrun | | | Part Lid Part The part\n```",
    ],
)
def test_other_text_stays_as_it_is(library: Library, text: str) -> None:
    found = sections(library, f"# Kiln K9\n\n## Lid\n\n{text}\n\n## Part\n\nA part.\n")
    assert {section[-1] for section in found} == {"Lid", "Part"}
