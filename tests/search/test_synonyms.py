"""Customers' words find the manual's; a code that stands nowhere keeps a section from answering."""

from __future__ import annotations

import pytest

from knowledge.library import Library
from knowledge.search.retriever import Search
from knowledge.search.synonyms import LONGEST_PHRASE, _classes, alternatives, either
from knowledge.text import stem, stems
from tests.support.manuals import put

LAMP = """# Lumo L5 lamp manual

## Care

Keep the lamp away from moisture. It has no protection against water.

## Display

Press the Mode key for two seconds to capture the display.

## Error E-04

The fuse has blown. Put a fuse of 2 amperes into the holder.

## Error E-07

The lamp has become too hot. Let it cool for an hour.
"""


@pytest.mark.parametrize(
    ("question", "word", "other"),
    [
        ("Is it waterproof?", "waterproof", ("water", "resist")),
        ("How do I wipe everything?", "wipe", ("eras",)),
        ("It will not turn on", "turn", ("power", "on")),
        ("The strap is torn", "strap", ("band",)),
        ("Does it run on a notebook?", "notebook", ("laptop",)),
        ("The harddisk is full", "harddisk", ("hard", "disk")),
        ("It leaks", "leaks", ("drip",)),
        ("It fell into a lake", "lake", ("water",)),
        ("The glass is shattered", "shattered", ("damag",)),
        ("I am colorblind", "colorblind", ("color", "correct")),
        ("Dropped in the toilet", "toilet", ("wet",)),
        ("How do I unscrew the lid?", "unscrew", ("loosen",)),
        ("Where is the cap of the tank?", "cap", ("lid",)),
        ("The pump needs a new gasket", "gasket", ("seal",)),
        ("The socket is dead after the blackout", "blackout", ("power", "failur")),
        ("It warms the wall outlet", "outlet", ("line", "voltag")),
        ("Put a rota on the fridge door", "put", ("insert",)),
        ("A new tune from scratch", "scratch", ("creat",)),
        ("Shears for a lefty", "lefty", ("left", "hand")),
        ("The radio came on in my handbag", "handbag", ("accident", "touch")),
        ("Is the time on the outer display?", "outer", ("cover", "screen")),
        ("Which phone company sells the router?", "company", ("carrier",)),
        ("Charging mat for the toothbrush", "mat", ("wireless", "charg")),
        ("A voucher for the kiosk", "voucher", ("gift", "card")),
        ("The label comes out as gibberish", "gibberish", ("charact", "set")),
        ("Does the crane have a handwheel?", "handwheel", ("jog", "wheel")),
    ],
)
def test_other_words_for_what_was_asked(question: str, word: str, other: tuple[str, ...]) -> None:
    found = alternatives(stems(question), frozenset(stems(question)))
    assert other in found[stem(word)]


@pytest.mark.parametrize(
    ("question", "word", "other"),
    [
        ("The doorbell rang twice", "rang", "ring"),
        ("Who wrote the label?", "wrote", "write"),
        ("The hose is torn", "torn", "tear"),
    ],
)
def test_a_form_that_its_stem_does_not_tell_stands_for_the_word(
    question: str, word: str, other: str
) -> None:
    found = alternatives(stems(question), frozenset(stems(question)))
    assert (stem(other),) in found[stem(word)]


@pytest.mark.parametrize(
    ("question", "word", "other"),
    [
        ("Pick up the intercom", "pick", ("answer",)),
        ("Answer a note of the tenant", "answer", ("repli",)),
    ],
)
def test_a_word_of_two_senses_stands_for_the_words_of_each(
    question: str, word: str, other: tuple[str, ...]
) -> None:
    assert other in alternatives(stems(question), frozenset(stems(question)))[stem(word)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("answer", "decline"),
        ("mute", "off"),
        ("page", "layer"),
        ("daily", "weekly"),
        ("see", "display"),
        ("wire", "ethernet"),
        ("width", "thickness"),
        ("descale", "zoom"),
        ("encoder", "charset"),
        ("swipe", "drag"),
    ],
)
def test_what_manuals_keep_apart_stays_apart(one: str, other: str) -> None:
    for word, instead in ((one, other), (other, one)):
        found = alternatives([stem(word)], frozenset([stem(word)]))
        assert (stem(instead),) not in found.get(stem(word), ())


def test_a_reset_is_not_a_restart() -> None:
    assert ("restart",) not in alternatives(["reset"], frozenset(["reset"]))["reset"]


def test_what_is_wiped_is_not_taken_out() -> None:
    assert ("remov",) not in alternatives(["wipe"], frozenset(["wipe"]))["wipe"]


def test_a_word_of_no_sense_has_no_other() -> None:
    assert alternatives(stems("sourdough zebra"), frozenset(stems("sourdough zebra"))) == {}


def test_customers_words_find_the_section_and_raise_the_match(library: Library) -> None:
    put(library, "lamp.md", LAMP)
    search = Search(library, library.index)
    found = search.find("Is the lamp waterproof?")
    assert found.evidence[0].passage.section == ("Care",)
    assert found.match > search.find("Is the lamp vegetarian?").match


@pytest.mark.parametrize("typed", ["E04", "E-04", "e04"])
def test_a_code_is_found_however_it_is_typed(library: Library, typed: str) -> None:
    put(library, "lamp.md", LAMP)
    found = Search(library, library.index).find(f"The lamp says error {typed}, what now?")
    assert found.evidence[0].passage.section[-1] == "Error E-04"


def test_a_code_of_no_section_is_not_answered_from_another(library: Library) -> None:
    put(library, "lamp.md", LAMP)
    search = Search(library, library.index)
    assert search.find("What does error E99 of the lamp mean?").match <= 0.2
    assert search.find("What does error E88 of the lamp mean?").match <= 0.2


def test_a_manual_without_a_product_answers_for_one_only_where_it_speaks_of_it(
    library: Library,
) -> None:
    put(library, "lamp.md", LAMP.replace("# Lumo L5 lamp manual", "# Lumo L5 user manual"))
    put(library, "editor.md", "# Drawing\n\n## Turn on the grid\n\nThe grid will turn on with G.\n")
    named = Search(library, library.index).find("lumo l5 won't turn on", "")
    assert {found.manual.name for found in named.evidence} <= {"Lumo L5 user manual"}


def test_a_code_that_is_also_a_word_keeps_its_other_words() -> None:
    one, other = (
        {"m": frozenset({("metr",)})},
        {"m": frozenset({("m5",)}), "5": frozenset({("m5",)})},
    )
    assert either(one, other) == {"m": {("metr",), ("m5",)}, "5": {("m5",)}}


@pytest.mark.parametrize(
    ("question", "word", "instead"),
    [
        ("Where do I plug in the charger?", "charger", "plug"),
        ("Can I delete the clear case?", "delete", "clear"),
    ],
)
def test_what_a_question_says_itself_stands_for_nothing_else_in_it(
    question: str, word: str, instead: str
) -> None:
    def stand_in(text: str) -> frozenset[tuple[str, ...]]:
        order = stems(text)
        return alternatives(order, frozenset(order))[stem(word)]

    assert (stem(instead),) in stand_in(word)
    assert (stem(instead),) not in stand_in(question)


@pytest.mark.parametrize(
    ("question", "heading"),
    [("Is the lamp water proof?", "Garden"), ("How does the blue tooth connect?", "Bluetooth")],
)
def test_a_word_that_is_written_as_two_is_found(
    library: Library, question: str, heading: str
) -> None:
    more = "## Bluetooth\n\nHold the key until the lamp blinks.\n\n## Garden\n\nIt is water resistant.\n"
    lamp = LAMP.replace(
        "Keep the lamp away from moisture. It has no protection against water.", "Dust it."
    )
    put(library, "lamp.md", f"{lamp}\n{more}")
    search = Search(library, library.index)
    found = search.find(question)
    assert found.evidence[0].passage.section[-1] == heading
    assert not {"proof", "blue", "tooth"}.intersection(search.unknown(question))


def test_every_sense_of_the_list_can_be_found() -> None:
    """A phrase longer than what is looked for, or a sense of one word, would stand there for nothing."""
    assert all(len(sense) > 1 for sense in _classes())
    assert not [
        term for sense in _classes() for term in sense if not 0 < len(term) <= LONGEST_PHRASE
    ]
