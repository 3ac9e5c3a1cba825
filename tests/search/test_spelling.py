"""One spelling fix, from the library's own words."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest

from knowledge.library import Library
from knowledge.search.languages import LANGUAGES, is_word
from knowledge.search.retriever import Search
from knowledge.search.wording.spelling import corrected, lacking_letter, other_english
from tests.support.manuals import put

COUNTS = {
    "bluetooth": 40,
    "battery": 90,
    "batteries": 4,
    "calibration": 7,
    "connect": 30,
    "fuse": 5,
    "pressure": 9,
}
ENGLISH = {"bread", "passport", "confuse"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("blutooth", "bluetooth"),
        ("batery", "battery"),
        ("abttery", "battery"),
        ("connct", "connect"),
        ("calibraation", "calibration"),
    ],
)
def test_a_typing_error_is_put_right(typed: str, meant: str) -> None:
    assert corrected([typed], COUNTS, tuple(COUNTS), ENGLISH.__contains__) == {typed: meant}


@pytest.mark.parametrize(
    "typed", ["battery", "bread", "x200", "fus", "passport", "tomatoes", "12v"]
)
def test_right_foreign_and_short_words_are_left_alone(typed: str) -> None:
    assert corrected([typed], COUNTS, tuple(COUNTS), ENGLISH.__contains__) == {}


@pytest.mark.parametrize(
    ("typed", "held"),
    [("dept", "depth"), ("crypto", "crypt"), ("vlogs", "vlog"), ("pubs", "pub")],
)
def test_a_word_that_no_dictionary_has_is_not_made_another(typed: str, held: str) -> None:
    assert corrected([typed], {held: 9}, (held,), set().__contains__) == {}


@pytest.mark.parametrize(
    ("typed", "held"),
    [
        ("wfii", "wifi"),
        ("resset", "reset"),
        ("screenn", "screen"),
        ("chargin", "charging"),
        ("alrm", "alarm"),
        ("fomt", "font"),
        ("simm", "simm"[:3]),
    ],
)
def test_slips_of_the_finger_are_still_put_right(typed: str, held: str) -> None:
    assert corrected([typed], {held: 9}, (held,), set().__contains__) == {typed: held}


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("Does it take an eSIMa card?", "Does it take an eSIMa card?"),
        ("Where is the IMEI?", "Where is the IMEI?"),
        ("where is the IMEII", "where is the imei"),
        ("where is the imeii", "where is the imei"),
    ],
)
def test_capitals_make_a_name_and_names_stay(library: Library, question: str, asked: str) -> None:
    put(
        library,
        "a.md",
        "# Phone\n\n## Card\n\nThe imei, an esima.\n\n## Two\n\nimei esima esimo.\n",
    )
    put(library, "b.md", "# Tab\n\n## Card\n\nThe imei of the tab.\n")
    assert Search(library, library.index).find(question).asked == asked


def test_another_form_of_a_word_of_the_library_is_no_misspelling(library: Library) -> None:
    put(
        library,
        "phone.md",
        "# Phone\n\n## Care\n\nScreen protectors must be clear.\n\n## Case\n\nUse protectors.\n",
    )
    asked = Search(library, library.index).find("Which screen protector may I use?").asked
    assert asked == "Which screen protector may I use?"


def test_a_misspelt_word_of_a_products_name_names_the_product(library: Library) -> None:
    for name in ("Galaxy Fit", "Galaxy Tab"):
        text = f"# {name} user manual\n\n## Reset\n\nTo reset the {name}, tap About and Reset.\n"
        put(library, f"{name}.md", text)
    search = Search(library, library.index)
    found = search.find("galxy fit reset")
    assert (found.product, found.asked) == ("Galaxy Fit", "galaxy fit reset")
    assert search.find("glaaxy tab reset").product == "Galaxy Tab"
    for other in ("tap fit reset", "gala fit dinner", "galleys fit reset"):
        assert search.find(other).asked == other


@pytest.mark.parametrize(
    "question",
    ["Which truck carries it?", "How many watts?", "It slipped on straw", "Do the hoses fit?"],
)
def test_a_right_word_about_something_else_stays(library: Library, question: str) -> None:
    text = "# Pump\n\n## Track\n\nThe track wants a strap; it is skipped by hosts.\n"
    put(library, "pump.md", text + "\n## Two\n\nTrack, wants, strap, skipped, hosts.\n")
    assert Search(library, library.index).find(question).asked == question


def test_right_words_of_another_language_stay(library: Library) -> None:
    text = "# Pumpe\n\n## Wartung\n\nDie Schraube der Pumpe wird gelöst und die Klappe der Klasse wird gewechselt.\n"
    put(library, "pumpe.md", text + "\n## Zwei\n\nDie Schraube und die Klappe der Klasse.\n")
    search = Search(library, library.index)
    asked = "Welche Kappe hat die Kasse der Pumpe?"
    assert search.find(asked).asked == asked
    assert search.find("Welche Schrube hat die Pumpe?").asked == "Welche schraube hat die Pumpe?"


@pytest.mark.parametrize(
    ("british", "american"),
    [
        ("centimetres", "centimeters"),
        ("licence", "license"),
        ("colours", "colors"),
        ("labelled", "labeled"),
        ("organise", "organize"),
        ("catalogue", "catalog"),
        ("aluminium", "aluminum"),
        ("fibre", "fiber"),
    ],
)
def test_english_is_read_in_both_spellings(british: str, american: str) -> None:
    assert other_english(british, {american}) == american
    assert other_english(american, {british}) == british


@pytest.mark.parametrize("word", ["forth", "filled", "four", "rise"])
def test_other_words_have_one_spelling(word: str) -> None:
    assert other_english(word, {"fourth", "filed", "for", "rize"}) == ""


def test_a_british_question_finds_the_american_manual(library: Library) -> None:
    text = "# Reel\n\n## Length\n\nThe fiber is 40 centimeters long.\n\n## Color\n\nIts color is gray.\n"
    put(library, "reel.md", text)
    found = Search(library, library.index).find("How many centimetres of fibre?")
    assert found.asked == "How many centimetres of fibre?"
    assert found.evidence[0].passage.section[-1] == "Length"


def test_a_small_manual_is_enough_for_a_misspelt_word_and_a_swapped_stop_word(
    library: Library,
) -> None:
    text = "# Pump\n\n## Factory reset\n\nHold the key.\n\n## Leaks\n\nThe gaskte was a misprint here.\n"
    put(library, "pump.md", text)
    search = Search(library, library.index)
    found = search.find("hwo do i reset teh pump to factroy state")
    assert found.asked == "hwo do i reset teh pump to factory state"
    assert found.evidence[0].passage.section == ("Factory reset",) and found.match > 0.5
    assert search.find("change the gasket").asked == "change the gasket", (
        "no misprint is taken over"
    )


def test_both_spellings_are_found_in_one_library(library: Library) -> None:
    for name, spelt in (("Heron H1", "centimetres"), ("Heron H2", "centimeters")):
        put(
            library,
            f"{name}.md",
            f"# {name} manual\n\n## Cable\n\nThe cable has 40 {spelt}.\n",
            product=name,
        )
    search = Search(library, library.index)
    for name in ("Heron H1", "Heron H2"):
        for spelt in ("centimetres", "centimeters"):
            found = search.find(f"How many {spelt} does the cable of the {name} have?")
            assert found.evidence[0].manual.product == name and found.match > 0.5, (name, spelt)


def test_each_list_of_words_is_read_once_however_many_languages_a_library_holds(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    opened: list[Path] = []
    usual = gzip.open

    def counted(path: Path, *told: Any, **more: Any) -> Any:
        opened.append(path)
        return usual(path, *told, **more)

    monkeypatch.setattr(gzip, "open", counted)
    for _ in range(2):
        for language in LANGUAGES:
            is_word("gesperrt", language)
    assert len(opened) == len(set(opened))
    assert is_word("gesperrt", "de") and not is_word("gesperrt", "fr")


def test_a_right_word_may_lack_a_letter() -> None:
    library = ("reset", "rests", "crest", "filter", "seal")
    assert lacking_letter("rest", library) == {"reset"}
    assert lacking_letter("filer", library) == {"filter"}
    assert lacking_letter("seals", library) == frozenset(), "nothing is taken away"


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("how do i rest teh timer", True),
        ("how do i rest the tmier", True),
        ("how do i rest the timer now", False),  # the one word may be meant
    ],
)
def test_beside_a_slip_a_right_word_that_no_manual_has_is_searched_with_a_letter_more(
    library: Library, question: str, found: bool
) -> None:
    text = "# Timer\n\n## Factory reset\n\nHold RESET for ten seconds to reset the timer.\n"
    put(library, "timer.md", text + "\n## Bell\n\nThe bell of the timer rings.\n")
    search = Search(library, library.index)
    assert (search.unknown(question) == ()) is found


def test_the_only_word_with_a_letter_more_is_asked_for_in_its_place(library: Library) -> None:
    """Factory reset was only offered, as the meaning of "rest" drew away from it."""
    text = "# Timer\n\n## Factory reset\n\nHold RESET for ten seconds to reset the timer.\n"
    put(library, "timer.md", text + "\n## Bell\n\nThe bell of the timer rings.\n")
    found = Search(library, library.index).find("how do i rest teh timer")
    assert found.asked == "how do i reset teh timer" and found.match > 0.5
