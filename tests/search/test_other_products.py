"""Products that no manual is about, sizes of one product, and what only another product of the family has."""

from __future__ import annotations

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.types import Question
from knowledge.library import Library
from knowledge.search.products.names import in_family
from knowledge.search.products.others import nearest_to
from knowledge.search.retriever import Search
from tests.support.manuals import put

PHONE = """# {name} user manual

## Take a screenshot

Press the Side key and the Volume down key of the phone. Each pixel of the screen is kept.

## Dark mode

Tap Settings > Display > Dark mode. Windows of other apps get dark, and so do those on Windows computers.

## Add an alarm

Tap Add to set an alarm. You can add as many alarms as you like.
"""
NAMES = ("Lyra L7", "Lyra L8+", "Lyra L8 Ultra", "Lyra Z Flap", "Lyra Fit", "Lyra Note 8", "Lyra Note 10", "Lyra Pad S6", "Lyra S7")  # fmt: skip


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Search:
    from knowledge.library import open_library

    library: Library = open_library(tmp_path_factory.mktemp("family"))
    for name in NAMES:
        put(library, f"{name}.md", PHONE.format(name=name), product=name)
    put(
        library,
        "chart.md",
        "# Chart\n\n## Draw\n\nChart 7 draws lines. Put in the SIM, an E27 bulb or a USB cable.\n",
        product="Chart",
    )
    put(library, "fit.md", "# Bands\n\n## Watch\n\nThe Lyra Watch can be paired.\n")
    return Search(library, library.index)


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Lyra Z Flap 3: is it waterproof?", "Lyra Z Flap 3"),
        ("how do I take a screenshot on the z flap 3", "z flap 3"),
        ("Lyra Pad S6 Lite: pen tip", "Lyra Pad S6 Lite"),
        ("Lyra Pad S7: how do I take a screenshot", "Lyra Pad S7"),
        ("L8 FE: dark mode", "L8 FE"),
        ("Lyra L12 dark mode", "Lyra L12"),
        ("how do I take a screenshot on the Note 20?", "Note 20"),
        ("Lyra Watch 4: battery", "Lyra Watch 4"),
        ("Lyra Fit 2: which strap?", "Lyra Fit 2"),
        ("customer with a Pixel 6 wants dark mode", "Pixel 6"),
        ("How do I reset the iPhone 12?", "iPhone 12"),
        ("my OnePlus 8 screen goes black", "OnePlus 8"),
        # ours, or no product
        ("How do I take a screenshot on the Lyra Z Flap?", ""),
        ("Z Flap 2 apps at the same time", ""),
        ("How do I add 2 alarms on the L7?", ""),
        ("L7 Pro mode: how do I set it", ""),
        ("Lyra L8 Ultra dark mode", ""),
        ("How do I pair the Lyra Watch 4 with the L7?", ""),
        ("How do I install Chart 11?", ""),
        ("dark mode on a Windows 10 computer", ""),
        ("please note 20 things", ""),
        ("my note 2 was deleted", ""),
        ("Lyra USB 3 cable", ""),
        ("Lyra lock 5 wrong attempts", ""),
        ("Lyra E27 bulb", ""),
        ("SIM 1 has no signal, what can I do?", ""),
        ("Z Flap 3 button navigation", ""),
        ("Lyra Z Flap 15 min timer", ""),
        ("Lyra Fit 5 ATM water resistance", ""),
        ("Can I pair my phone with my Mazda 3?", ""),
        ("How do I charge a Lyra Watch 4?", ""),
        ("Lyra Z Flap 1. how to mute 2. how to reset", ""),
        ("Each pixel 6 times", ""),
        ("The screen on page 12, step 3 and error 40", ""),
    ],
)
def test_a_name_that_is_ours_only_in_part_is_another_product(
    family: Search, question: str, other: str
) -> None:
    assert family.other_product(question) == other


def test_the_nearest_products_are_those_of_the_next_models() -> None:
    products = ("Lyra A20", "Lyra A50", "Lyra A51", "Lyra A71", "Lyra Z Flap", "Lyra Z Fold", "Lyra Fit")  # fmt: skip
    assert nearest_to("Lyra A52", products) == ("Lyra A51", "Lyra A50", "Lyra A71")
    assert nearest_to("Lyra Z Flap 3", products) == ("Lyra Z Flap", "Lyra Z Fold")
    assert nearest_to("Pixel 6", products) == ()
    assert in_family("Lyra A20", ("Orion", "Lyra Fit")) == "Lyra Fit"
    assert in_family("Lyra A20", ("Lyra A20", "Lyra Fit")) == in_family("Orion", products) == ""


@pytest.fixture
def tablets(assistant: Assistant) -> Assistant:
    for size, lines in (("8.4", "Children above 3 may use it."), ("10.5", "No children.")):
        extra = "\n## Daily board\n\nThe daily board shows photos.\n" if size == "10.5" else ""
        text = f"# Lyra Pad A {size} user manual\n\n## Small children\n\n{lines} It is no toy for small children.\n{extra}"
        put(assistant.catalog, f"pad-{size}.md", text, product="Lyra Pad A")
    other = PHONE.format(name="Lyra L7") + "\n## Fingerprint\n\nRegister your fingerprint.\n"
    put(assistant.catalog, "l7.md", other, product="Lyra L7")
    put(assistant.catalog, "l9.md", PHONE.format(name="Lyra L9"), product="Lyra L9")
    return assistant


@pytest.mark.parametrize(
    ("size", "said"), [("8.4", "Children above 3 may use it."), ("10.5", "No children.")]
)
def test_of_the_sizes_of_a_product_the_one_that_is_named_answers(
    tablets: Assistant, size: str, said: str
) -> None:
    """Each was answered from whichever manual came first."""
    for question in (f"Small children and the Lyra Pad A {size}", f"pad a {size}: small children?"):
        answer = ask_once(tablets, Question(question))
        assert answer.outcome == "answered" and said in answer.text
        assert {citation.manual for citation in answer.citations} == {f"Lyra Pad A {size} user manual"}  # fmt: skip


def test_what_only_another_size_has_is_not_told_of_the_one_that_is_named(
    tablets: Assistant,
) -> None:
    assert "shows photos" in ask_once(tablets, Question("Lyra Pad A 10.5: daily board")).text
    answer = ask_once(tablets, Question("Lyra Pad A 8.4: daily board"))
    assert answer.outcome != "answered" and "shows photos" not in answer.text


def test_what_a_manual_does_not_mention_and_its_sisters_do_is_said(tablets: Assistant) -> None:
    """It was answered from what is near, as face recognition is to a fingerprint."""
    assert ask_once(tablets, Question("Where do I register a fingerprint on the Lyra L7?")).outcome == "answered"  # fmt: skip
    answer = ask_once(tablets, Question("Where do I register a fingerprint on the Lyra L9?"))
    told = "The Lyra L9 manual does not mention “fingerprint”; the Lyra L7 manual does."
    assert answer.outcome != "answered" and told in answer.notices


@pytest.mark.parametrize(
    "question",
    [
        "I lost the fingerprint paper. How do I take a screenshot on the Lyra L9?",
        "How do I set dark mode with a fingerprint on the Lyra L9?",
    ],
)
def test_what_is_said_beside_what_is_asked_refuses_nothing(
    tablets: Assistant, question: str
) -> None:
    assert ask_once(tablets, Question(question)).outcome == "answered"


def test_a_product_that_no_manual_is_about_is_said_with_the_nearest(tablets: Assistant) -> None:
    answer = ask_once(tablets, Question("How do I take a screenshot on the Lyra L8?"))
    assert answer.outcome == "unanswered"
    assert answer.notices[0] == "There is no manual for the Lyra L8. Nearest: Lyra L7, Lyra L9."


TWO = """# {name} notes

## Error codes

| Code | Meaning |
|---|---|
| E-04 | {code} |
| E-05 | No water |

## Reset

{reset}

## Cleaning

{clean}
"""


@pytest.fixture
def without_products(assistant: Assistant) -> Assistant:
    washer = TWO.format(name="Washer W1", code="Door open", reset="Hold START for ten seconds.", clean="Rinse the drum.")  # fmt: skip
    dryer = TWO.format(name="Dryer D2", code="Motor hot", reset="Press STOP for two seconds.", clean="Brush the lint filter.")  # fmt: skip
    put(assistant.catalog, "w1.md", washer)
    put(assistant.catalog, "d2.md", dryer)
    return assistant


@pytest.mark.parametrize("question", ["What does E-04 mean?", "How do I reset it?"])
def test_of_manuals_without_a_product_neither_is_taken_in_silence(
    without_products: Assistant, question: str
) -> None:
    """The code of one machine was answered for another."""
    answer = ask_once(without_products, Question(question))
    assert answer.outcome == "choose"
    assert {found.manual.name for found in answer.evidence[:2]} == {"Washer W1 notes", "Dryer D2 notes"}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How do I reset the dryer?", "Press STOP"),
        ("What does E-04 mean on the W1?", "Door open"),
        ("How do I clean the lint filter?", "Brush"),
    ],
)
def test_what_says_which_manual_is_meant_is_answered_at_once(
    without_products: Assistant, question: str, told: str
) -> None:
    answer = ask_once(without_products, Question(question))
    assert answer.outcome == "answered" and told in answer.text
