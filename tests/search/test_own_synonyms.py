"""What an admin says that customers call something: found, taken back, refused, and never corrected as a misspelling."""

from __future__ import annotations

import pytest

from knowledge.errors import KnowledgeError
from knowledge.library import Library
from knowledge.search.retriever import Search
from tests.support.manuals import PUMP, put

DONGLE = "Where is the wobblifier?"
MANUAL = (
    PUMP + "\n## Impeller\n\nTo repair the impeller, pull it off the shaft and put a new one on.\n"
)


def sections(library: Library, question: str) -> list[str]:
    found = Search(library, library.index).find(question)
    return [evidence.passage.section[-1] for evidence in found.evidence]


def test_a_word_that_an_admin_adds_finds_the_manuals_word(library: Library) -> None:
    put(library, "pump.md", MANUAL)
    before = Search(library, library.index).find(DONGLE).match
    library.add_synonym("Wobblifier", "impeller")
    assert library.synonyms() == (("wobblifier", "impeller"),)
    found = Search(library, library.index).find(DONGLE)
    assert found.evidence[0].passage.section[-1] == "Impeller" and found.match > before
    library.remove_synonym("wobblifier", "Impeller")
    assert not library.synonyms()


def test_phrases_and_both_directions(library: Library) -> None:
    put(
        library,
        "pump.md",
        MANUAL.replace("impeller", "blade wheel").replace("Impeller", "Blade wheel"),
    )
    library.add_synonym("rotor", "blade wheel")
    assert sections(library, "How is the rotor repaired?")[0] == "Blade wheel"


def test_it_is_searched_at_once_by_a_search_that_is_open(library: Library) -> None:
    put(library, "pump.md", MANUAL)
    search = Search(library, library.index)
    search.find(DONGLE)
    library.add_synonym("wobblifier", "impeller")
    assert search.find(DONGLE).evidence[0].passage.section[-1] == "Impeller"


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("", "impeller"),
        ("impeller", " "),
        ("Impeller", "impeller"),
        ("one two three four five", "impeller"),
        ("?!", "impeller"),
    ],
)
def test_what_is_no_pair_of_words_is_refused(library: Library, word: str, means: str) -> None:
    with pytest.raises(KnowledgeError):
        library.add_synonym(word, means)
    assert not library.synonyms()
