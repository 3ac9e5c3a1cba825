"""The meaning of whole passages: the encoder in its wheel, vectors stored after a manual is searchable, ranking by them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from knowledge.ingestion.meanings import BATCH, fill
from knowledge.library import Library
from knowledge.search import sentence_encoder
from knowledge.search.asking import Questions
from knowledge.search.ranking import SENTENCES
from knowledge.search.retriever import Search
from knowledge.search.sentence_encoder import SIZE, load_sentence_encoder
from knowledge.types import MeaningsHeld
from tests.support.manuals import PUMP, put
from tests.support.waiting import wait_for

MANUAL = """# Phone

## Loudness

Press the upper key on the side to make what you hear stronger. The ring follows the same key.

## Battery

Charge the battery before the first use. A full charge takes 90 minutes.

## Screen brightness

Drag the slider to make the display lighter or darker.
"""


@pytest.fixture
def without_sentences(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine without the model: its file is another one than was measured."""
    monkeypatch.setattr(sentence_encoder, "MODEL", (sentence_encoder.MODEL[0], "0" * 64))
    sentence_encoder._load.cache_clear()
    yield
    sentence_encoder._load.cache_clear()


def cosine(a: str, b: str) -> float:
    encoder = load_sentence_encoder()
    assert encoder is not None
    return float(encoder.encode(a) @ encoder.encode(b))


def test_texts_that_mean_the_same_are_near_without_a_common_word() -> None:
    encoder = load_sentence_encoder()
    assert encoder is not None
    vector = encoder.encode("I cannot hear anything")
    assert vector.shape == (SIZE,) and abs(float(np.linalg.norm(vector)) - 1) < 1e-5
    near = cosine("I cannot hear anything", "Raise the volume of the speaker")
    assert near > cosine("I cannot hear anything", "Charge the battery with the cable") + 0.1


@pytest.mark.parametrize("text", ["", " ", "\x00", "ß" * 5_000, "word " * 3_000, "日本語 עברית"])
def test_any_text_has_a_vector(text: str) -> None:
    encoder = load_sentence_encoder()
    assert encoder is not None
    assert np.isfinite(encoder.encode(text)).all()


def test_threads_get_the_same_vectors() -> None:
    encoder = load_sentence_encoder()
    assert encoder is not None
    texts = [f"Replace the filter {n} of the pump." for n in range(8)]
    alone = [encoder.encode(text) for text in texts]
    made: dict[str, np.ndarray] = {}
    threads = [
        threading.Thread(target=lambda t=text: made.update({t: encoder.encode(t)}))
        for text in texts
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.allclose(made[t], v) for t, v in zip(texts, alone, strict=True))


def test_another_file_than_was_measured_is_not_used(without_sentences: None) -> None:
    assert load_sentence_encoder() is None


def test_a_library_without_the_model_works_as_before(
    library: Library, without_sentences: None
) -> None:
    put(library, "phone.md", MANUAL)
    search = Search(library, library.index)
    best = search.find("How long does charging the battery take?").evidence[0]
    assert best.passage.section[-1] == "Battery"
    assert fill(library.connections) == 0
    assert library.meanings_held() == MeaningsHeld(0, 3)


def test_what_is_stored_changes_no_answer_of_few_passages(library: Library) -> None:
    """The best few passages have their vectors made for the question; there stored ones only save the time."""
    put(library, "phone.md", MANUAL)
    questions = ("It is too quiet, what can I do?", "How long does charging take?", "too dark")
    before = [Search(library, library.index).find(question) for question in questions]
    library.fill_meanings()
    assert library.meanings_held() == MeaningsHeld(3, 3)
    after = [Search(library, library.index).find(question) for question in questions]
    assert before == after


def test_a_question_waits_for_few_vectors_and_uses_all_that_are_stored(library: Library) -> None:
    sections = "".join(f"## Screw {n}\n\nTighten screw {n} by hand.\n\n" for n in range(40))
    put(library, "long.md", f"# Long\n\n{sections}")
    search = Search(library, library.index, made=5)
    compared = [one for one in search.looked_at("tighten the screw")[0] if one.sentence is not None]
    assert len(compared) == 5
    library.fill_meanings()
    compared = [one for one in search.looked_at("tighten the screw")[0] if one.sentence is not None]
    assert len(compared) == SENTENCES > 5


@pytest.mark.parametrize(
    ("named", "plain"),
    [
        ("How do I restart the Galaxy S9?", "How do I restart"),
        ("On my Galaxy S9, where are the ringtones?", "where are the ringtones?"),
        ("How do I pair it with the Galaxy S9 at home?", "How do I pair it at home?"),
        ("Galaxy S9", "Galaxy S9"),
    ],
)
def test_the_meaning_of_a_question_is_without_the_name_of_its_product(
    library: Library, named: str, plain: str
) -> None:
    encoder = load_sentence_encoder()
    assert encoder is not None
    vocabulary = Search(library, library.index).vocabulary()
    asked = Questions(named, ("Galaxy S9",), vocabulary).asked("en")
    assert asked.sentence is not None and np.allclose(asked.sentence, encoder.encode(plain))


def test_a_manual_is_searchable_before_its_vectors_are_made(library: Library) -> None:
    put(library, "phone.md", MANUAL)
    assert library.meanings_held() == MeaningsHeld(0, 3)
    found = Search(library, library.index).find("How do I make the display lighter?")
    assert found.evidence[0].passage.section[-1] == "Screen brightness"


def test_filling_goes_on_where_it_stopped_and_ends(library: Library) -> None:
    sections = "".join(
        f"## Part {n}\n\nTighten screw {n} by hand.\n\n" for n in range(2 * BATCH + 5)
    )
    put(library, "long.md", f"# Long\n\n{sections}")
    assert fill(library.connections) == BATCH
    told: list[tuple[int, int]] = []
    library.fill_meanings(lambda held, total: told.append((held, total)))
    assert told[-1] == (2 * BATCH + 5, 2 * BATCH + 5)
    assert fill(library.connections) == 0


def test_the_server_fills_by_itself(library: Library) -> None:
    put(library, "phone.md", MANUAL)
    library.start_worker()
    wait_for(lambda: library.meanings_held().held == 3)
    assert library.meanings_held() == MeaningsHeld(3, 3)
    put(library, "pump.md", PUMP)  # also what comes after it had found nothing more to do
    wait_for(lambda: library.meanings_held().held > 3)
    library.stop_worker()
    held = library.meanings_held()
    assert held.held == held.passages > 3
    assert library.filling() is None


def test_a_passage_that_stays_keeps_its_vector_in_the_next_version(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(library, "phone.md", MANUAL)
    library.fill_meanings()
    put(library, "phone.md", MANUAL.replace("90 minutes", "70 minutes"), manual="Phone")
    encoded: list[str] = []
    encoder = load_sentence_encoder()
    assert encoder is not None
    whole = encoder.encode
    encoder.of_passage.cache_clear()
    monkeypatch.setattr(encoder, "encode", lambda text: encoded.append(text) or whole(text))
    library.fill_meanings()
    assert len(encoded) == 1 and "70 minutes" in encoded[0]
    assert library.meanings_held() == MeaningsHeld(3, 3)


def test_a_vector_stands_for_headings_and_text() -> None:
    encoder = load_sentence_encoder()
    assert encoder is not None
    here = encoder.of_passage(("Phone", "Sound", "Volume"), "Press it.")
    assert len(here) == SIZE
    assert here == encoder.of_passage(("Tablet", "Sound", "Volume"), "Press it.")
    assert here != encoder.of_passage(("Phone", "Sound", "Ring"), "Press it.")
    assert here != encoder.of_passage(("Phone", "Sound", "Volume"), "Leave it.")


def test_a_data_folder_from_before_gets_its_vectors(tmp_path: Path, library: Library) -> None:
    """A library that was made without the table is searched at once, and filled later."""
    put(library, "phone.md", MANUAL)
    with library.connections.writing() as db:
        db.execute("DROP TABLE meanings")
        db.execute("DELETE FROM _sqlite_migrations WHERE name = 'm004_meanings'")
    from knowledge.library import open_library

    again = open_library(library.data)
    assert Search(again, again.index).find("How long does charging take?").evidence
    again.fill_meanings()
    assert again.meanings_held() == MeaningsHeld(3, 3)
    again.close()


PARTS = """# Pump

## Mounting

The weight of the pump is borne by the wall; {weight}. Hang it by its strap.

## Cleaning

Clean the tank with water.
"""


def test_a_section_that_lacks_the_number_asked_for_matches_less(tmp_path: Path) -> None:
    from knowledge.library import open_library

    matches = []
    for weight in ("ask the dealer how much", "it weighs 12 kilograms"):
        library = open_library(tmp_path / weight)
        put(library, "pump.md", PARTS.format(weight=weight))
        search = Search(library, library.index)
        matches.append(search.find("How much does the pump weigh?").match)
        assert search.find("How do I hang up the pump?").evidence
        library.close()
    lacking, holding = matches
    assert lacking < holding - 0.1


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How many watts does it use?", True),
        ("how long is the warranty", True),
        ("What does a new pen cost?", True),
        ("What is the maximum pressure?", True),
        ("How do I clean the pump?", False),
        ("Where is the longer cable?", False),
    ],
)
def test_questions_for_a_number(library: Library, question: str, asked: bool) -> None:
    put(library, "pump.md", PARTS.format(weight="it is heavy"))
    search = Search(library, library.index)
    assert Questions(question, (), search.vocabulary()).asked("en").quantity is asked
