"""What customers say in words that mean something else one by one, and products that no manual is about."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chatbot.assistant import Assistant, ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from knowledge.search.asking import Questions
from knowledge.search.products.names import deciding
from knowledge.search.ranking import Candidate
from knowledge.search.wording.asked_for import contenders_of
from knowledge.search.wording.things import as_called, named_things
from tests.support.manuals import put

PHONE = """# Lyra {n} user guide

## Take a screenshot

Press the Side key and the Volume down key at the same time. The screenshot is kept in the album.

## Configure shooting mode

Let the camera find the right mode for your picture, or swipe the screen to choose how the picture is taken.

## Voicemail

Hold the 1 key to listen to your voicemail.

## Answer a call

Drag the green circle to answer a call. The washing machine of the neighbour may be louder than the call.

## Turn on Wi-Fi

Tap Settings > Connections > Wi-Fi, and tap the switch to turn on Wi-Fi.

## Charge wirelessly

Put another phone on the back of the phone to charge it wirelessly. At least 30 % of charge is needed.
"""


@pytest.fixture
def phone(assistant: Assistant) -> Assistant:
    put(assistant.catalog, "lyra-l7.md", PHONE.format(n="L7"), product="Lyra L7")
    return assistant


@pytest.mark.parametrize(
    ("question", "section"),
    [
        ("How do I take a picture of the screen on the Lyra L7?", "Take a screenshot"),
        ("how do i make a photo of my display lyra l7", "Take a screenshot"),
        ("Lyra L7: how do I capture what's on the screen?", "Take a screenshot"),
        ("take a pic of my screen on the Lyra L7", "Take a screenshot"),
        ("How do I listen to the answering machine on the Lyra L7?", "Voicemail"),
        ("How do I listen to voice mail on the Lyra L7?", "Voicemail"),
        ("lyra l7 shootingmode", "Configure shooting mode"),
    ],
)
def test_a_set_phrase_is_searched_as_the_manual_calls_it(
    phone: Assistant, question: str, section: str
) -> None:
    answer = ask_once(phone, Question(question))
    assert answer.outcome == "answered"
    assert {citation.section[-1] for citation in answer.citations} == {section}


def test_what_a_manual_itself_calls_so_is_left_as_it_is() -> None:
    known = {"hotspot", "hot", "spot", "contact", "screenshot", "setup", "set"}
    hot_spot = {("hot", "spot")}
    assert as_called("a hot spot for me", known, lambda _: False) == "a hotspot for me"
    assert as_called("a hot spot for me", known, hot_spot.__contains__) == "a hot spot for me"
    assert as_called("open the phone book", known, lambda _: False) == "open the contacts"
    assert as_called("open the phone book", known, lambda _: True) == "open the phone book"
    assert as_called("a picture of the screen", {"screen"}, bool) == "a picture of the screen"
    rings = {"someon", "ring"}  # "someonerings" has the stem "someon"
    assert as_called("someone rings", rings, lambda _: False) == "someone rings"
    dark = {"dark", "mode"}
    assert (
        as_called("use darkmode now", dark, {("dark", "mode")}.__contains__) == "use dark mode now"
    )
    assert as_called("use darkmode now", dark, lambda _: False) == "use darkmode now"
    assert as_called("use darkmode now", {*dark, "darkmod"}, bool) == "use darkmode now"


@pytest.mark.parametrize(
    "question",
    [
        "How do I turn on Wi-Fi on the iPhone 12?",
        "My Quasar 40 has no Wi-Fi, how do I turn on Wi-Fi?",
        "what about a quasar 40, how do I turn on Wi-Fi there",
    ],
)
def test_a_product_that_no_manual_is_about_is_not_answered_from_another(
    phone: Assistant, question: str
) -> None:
    """Nor in a conversation on a product that there is a manual of."""
    talk = new_conversation()
    first = Question("How do I turn on Wi-Fi on the Lyra L7?", conversation=talk)
    assert ask_once(phone, first, "ana").outcome == "answered"
    for asked in (Question(question), Question(question, conversation=talk)):
        answer = ask_once(phone, asked, "ana" if asked.conversation else "")
        assert answer.outcome == "unanswered"
        assert any("There is no manual for the" in told for told in answer.notices)


@pytest.mark.parametrize(
    "question",
    [
        "On channel 12, how do I turn on Wi-Fi on the Lyra L7?",
        "For 30 % of the charge, can I charge another phone wirelessly?",
    ],
)
def test_what_is_counted_is_no_other_product(phone: Assistant, question: str) -> None:
    assert ask_once(phone, Question(question)).outcome == "answered"


def test_what_is_done_to_a_product_that_no_manual_is_about_is_refused(phone: Assistant) -> None:
    for question in (
        "How do I reset the Pixelor 6 to factory settings?",
        "how to charge my Pixelor 6",
    ):
        answer = ask_once(phone, Question(question))
        assert answer.outcome == "unanswered" and "Pixelor" in answer.notices[0]
    beside = ask_once(phone, Question("How do I charge my Pixelor 6 with the Lyra L7?"))
    assert beside.notices[:1] != ("No manual mentions “Pixelor”.",) or beside.outcome != "answered"


def test_other_products_with_the_same_words_are_named_where_none_was_asked_about(
    phone: Assistant,
) -> None:
    put(phone.catalog, "lyra-l8.md", PHONE.format(n="L8"), product="Lyra L8")
    put(
        phone.catalog, "lyra-l9.md", "# Lyra L9\n\n## Camera\n\nTap the shutter.", product="Lyra L9"
    )
    answer = ask_once(phone, Question("Which phones can charge another phone wirelessly?"))
    assert answer.outcome == "answered"
    own = answer.citations[0].product
    other = {"Lyra L7": "Lyra L8", "Lyra L8": "Lyra L7"}[own]
    told = f"The manual of the {own} is quoted. The same words stand in the manuals of: {other}."
    assert answer.notices == (told,)
    asked = "How do I charge another phone wirelessly with the Lyra L8?"
    assert ask_once(phone, Question(asked)).notices == (), "the product was named"


PENCIL = """# Vega V{n} user guide

## {thing}

{thing} lies in the slot at the lower edge. Press it to take it out.

## Touch screen

A touch screen responds best to the light touch of a finger or a capacitive stylus pen. Take it out of the box with care.
"""


def test_what_only_another_product_has_by_that_name_is_not_answered(assistant: Assistant) -> None:
    for n, thing in (("1", "The Q Pen"), ("2", "The battery lid")):
        text = PENCIL.format(n=n, thing=thing.removeprefix("The "))
        put(assistant.catalog, f"vega-{n}.md", text, product=f"Vega V{n}")
    lacks = ask_once(assistant, Question("How do I take the Q Pen out of my Vega V2?"))
    assert lacks.outcome == "unanswered"
    assert lacks.notices == (
        "The Vega V2 manual does not mention “Q Pen”; the Vega V1 manual does.",
    )
    has = ask_once(assistant, Question("How do I take the Q Pen out of my Vega V1?"))
    assert has.outcome == "answered" and has.citations[0].section[-1] == "Q Pen"


@pytest.mark.parametrize(
    "question",
    ["How do I take the Q Lens out of my Vega V2?", "Where is the K Band on the Vega V2?"],
)
def test_a_thing_by_a_name_that_no_manual_has_is_refused_by_its_name(
    assistant: Assistant, question: str
) -> None:
    """Whatever is near: a lens may be called a glass, and that is not the Q Lens."""
    text = (
        PENCIL.format(n="2", thing="Battery lid") + "\n## Glass\n\nTake the glass out with care.\n"
    )
    put(assistant.catalog, "vega-2.md", text, product="Vega V2")
    answer = ask_once(assistant, Question(question))
    assert answer.outcome == "unanswered"
    name = "Q Lens" if "Lens" in question else "K Band"
    assert answer.notices == (f"No manual mentions “{name}”.",)


def test_where_a_manual_has_the_noun_alone_nothing_is_answered_by_itself(
    assistant: Assistant,
) -> None:
    put(
        assistant.catalog, "vega-2.md", PENCIL.format(n="2", thing="Battery lid"), product="Vega V2"
    )
    answer = ask_once(assistant, Question("How do I take the Q Lid out of my Vega V2?"))
    assert answer.outcome in ("choose", "unanswered")


def test_a_thing_may_be_named_the_other_way_round(assistant: Assistant) -> None:
    text = "# Otter filter\n\n## Fitting\n\nSide B of the filter shows upward. Press it down.\n"
    put(assistant.catalog, "filter.md", text)
    assert (
        "Side B"
        in ask_once(assistant, Question("Which way does the B side of the filter show?")).text
    )


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Where is the S Pen?", ["S Pen"]),
        ("How do I turn on Dark Mode here?", []),  # "Night mode", in another manual
        ("M or G for moving a part?", []),
        ("Where is Tandem?", []),
        ("My Galaxy is hot.", []),
    ],
)
def test_a_letter_and_a_word_are_a_name_where_they_are_written_so(
    text: str, names: list[str]
) -> None:
    assert named_things(text) == names


def _found(version: int, score: float) -> Candidate:
    held = Candidate(
        version, version, (f"S{version}",), f"h{version}", 1, 1, 1, 1, 1, 1, 1, True, ("words",)
    )
    return replace(held, plain=0.8, score=score)


@pytest.mark.parametrize(
    ("products", "asked"),
    [
        (("Heron A1", "Heron B2"), ("Heron A1", "Heron B2")),
        (("Heron A1", "Kettle K3"), ()),
    ],
)
def test_products_of_another_house_are_told_apart_by_the_whole_meaning(
    assistant: Assistant, products: tuple[str, ...], asked: tuple[str, ...]
) -> None:
    """Manuals of one house say the same in like words; of two houses only one may be near in meaning."""
    for product in products:
        put(assistant.catalog, f"{product}.md", f"# {product}\n\nPress it.\n", product=product)
    held = assistant.catalog.manuals()
    versions = {manual.version_id: manual for manual in held}
    first, other = (one.version_id for one in held)
    question = Questions("How do I press it hard?", (), assistant.search.vocabulary()).asked("en")
    found = contenders_of(question, [_found(first, 0.8), _found(other, 0.5)], versions)
    assert found == asked


def test_a_vague_question_is_asked_back_over_houses_too(assistant: Assistant) -> None:
    for product in ("Heron A1", "Kettle K3"):
        put(assistant.catalog, f"{product}.md", f"# {product}\n\nPress it.\n", product=product)
    held = assistant.catalog.manuals()
    versions = {manual.version_id: manual for manual in held}
    first, other = (one.version_id for one in held)
    question = Questions("How do I press it hard?", (), assistant.search.vocabulary()).asked("en")
    found = contenders_of(question, [_found(first, 0.8), _found(other, 0.7)], versions)
    assert set(found) == {"Heron A1", "Kettle K3"}


def test_no_words_are_joined_to_what_is_no_word() -> None:
    """A manual's identifiers and run-together words are none: "offspindle", "newentry"."""
    known = {"offspindl", "newentri", "showinform", "off", "spindl", "new", "entri"}
    for text in ("turn off spindle now", "add a new entry to it", "show information on it"):
        assert as_called(text, known, lambda _: False) == text


@pytest.mark.parametrize(
    "text",
    [
        "How do I delete a picture of the screen?",
        "How do I take a picture of the screen protector?",
        "Can I make the picture of the screen bigger?",
        "I need a copy of my display warranty",
        "Where do I put the phone book case?",
        "Where is the under tap icon?",
    ],
)
def test_what_only_looks_like_a_set_phrase_stays(text: str) -> None:
    known = {"screenshot", "take", "contact", "water", "in"}
    assert as_called(text, known, lambda _: False) == text


SERIES = """# Otter pumps T7 and T9

## T7

### Reset

Hold the key for 5 seconds.

### Fuse

The fuse is T 2.5 A.

## T9

### Reset

Hold the key for 12 seconds.

### Fuse

The fuse is T 4 A.
"""


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do I reset the T9?", "Hold the key for 12 seconds."),
        ("How do I reset the T7?", "Hold the key for 5 seconds."),
        ("Which fuse does the T7 have?", "The fuse is T 2.5 A."),
        ("Which fuse does the T9 have?", "The fuse is T 4 A."),
    ],
)
def test_the_model_decides_within_a_manual_of_several(
    assistant: Assistant, question: str, answer: str
) -> None:
    """The words of a product's name are no words of the question, but those that tell its models apart are."""
    put(assistant.catalog, "pumps.md", SERIES, product="Otter pumps T7 and T9")
    assert ask_once(assistant, Question(question)).text.startswith(answer)


@pytest.mark.parametrize(
    ("question", "product", "words"),
    [
        ("How do I reset the K9?", "Pumps K7 and K9", {"k9"}),
        ("How do I reset the K7 and the K9?", "Pumps K7 and K9", set()),
        ("How do I reset it?", "Pumps K7 and K9", set()),
        ("Reset the S20+", "Galaxy S20+ 5G", set()),
        ("Reset the Tab A 10.1", "Galaxy Tab A 10.1 2019", set()),
    ],
)
def test_what_tells_the_models_of_a_product_apart(
    question: str, product: str, words: set[str]
) -> None:
    assert deciding(question, product) == words
