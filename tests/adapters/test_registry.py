"""Cards survive crashes and corruption; serving, roll-back and removal do what an engineer expects."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.errors import CardError, NoSuchCard
from adapters.registry import Card, CardVerdict, Registry

CARD = Card(
    name="x200-3", model="x200:3", base="llama3:8b", digest="ab12", trained_on=("h1", "h2"), questions=("How wide?",),
    cut_off="2026-11-01", scores={"exact": 0.98}, created="2026-11-20T10:00:00Z", style="plain",
)  # fmt: skip


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "data" / "adapters")


def three(registry: Registry) -> Registry:
    for name in ("one", "two", "three"):
        registry.save(replace(CARD, name=name))
    return registry


def test_a_card_comes_back_as_it_was(registry: Registry) -> None:
    registry.save(CARD)
    assert registry.cards() == (CARD,)
    assert Registry(registry.folder).card("x200-3") == CARD


def test_a_verdict_comes_back_and_what_is_none_is_no_verdict(registry: Registry) -> None:
    verdict = CardVerdict("old", "d1", "Held back. So.", {"numbers": "So."}, "2026-11-20T10:00:00Z")
    registry.save(replace(CARD, verdict=verdict))
    assert registry.card("x200-3").verdict == verdict and not verdict.passed
    path = registry.folder / "x200-3.json"
    held = json.loads(path.read_text())
    for broken in (
        None,
        "yes",
        [],
        {},
        {**held["verdict"], "failed": "all"},
        {**held["verdict"], "at": 3},
    ):
        path.write_text(json.dumps({**held, "verdict": broken}))
        assert registry.card("x200-3") == CARD, broken
    del held["verdict"]  # a card of before
    path.write_text(json.dumps(held))
    assert registry.card("x200-3") == CARD


def test_unknown_training_is_not_no_training(registry: Registry) -> None:
    registry.save(replace(CARD, name="unknown", trained_on=None))
    registry.save(replace(CARD, name="nothing", trained_on=()))
    assert registry.card("unknown").trained_on is None
    assert registry.card("nothing").trained_on == ()


def test_an_empty_registry_serves_nothing(registry: Registry) -> None:
    assert (registry.cards(), registry.faults(), registry.serving(), registry.previous()) == (
        (),
        (),
        None,
        None,
    )
    with pytest.raises(NoSuchCard, match="There is no adapter 'x'"):
        registry.serve("x")
    with pytest.raises(NoSuchCard):
        registry.roll_back()


def test_serving_and_rolling_back(registry: Registry) -> None:
    three(registry)
    for name in ("one", "two", "two", "three"):
        registry.serve(name)
    assert registry.serving().name == "three"
    assert registry.previous().name == "two"
    assert registry.roll_back().name == "two"
    assert Registry(registry.folder).serving().name == "two"
    assert registry.roll_back().name == "one"
    with pytest.raises(NoSuchCard, match="No adapter was served before"):
        registry.roll_back()
    assert registry.serving().name == "one"


def test_roll_back_after_stop_serves_the_stopped_one_again(registry: Registry) -> None:
    three(registry).serve("one")
    registry.stop()
    assert registry.serving() is None
    assert registry.roll_back().name == "one"


def test_a_removed_adapter_is_neither_served_nor_rolled_back_to(registry: Registry) -> None:
    three(registry)
    for name in ("one", "two", "three"):
        registry.serve(name)
    registry.remove("two")
    assert registry.previous().name == "one"
    registry.remove("three")
    assert registry.serving() is None
    assert registry.roll_back().name == "one"
    with pytest.raises(NoSuchCard):
        registry.remove("two")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "cannot be read"),
        ("{", "cannot be read"),
        ("[]", "does not hold a card"),
        ("[" * 100_000, "cannot be read"),
        ('{"name": "bad"}', "'model' is missing"),
        ('{"name": "bad", "model": 7}', "should be a text"),
        ('{"name": "other", "model": "m"}', "another adapter"),
        ('{"name": "bad", "model": "m", "trained_on": "h1"}', "should be a list"),
        ('{"name": "bad", "model": "m", "scores": {"exact": "good"}}', "cannot be read"),
    ],
)
def test_a_bad_file_is_told_in_words_and_hides_no_other(
    registry: Registry, content: str, said: str
) -> None:
    registry.save(CARD)
    registry.serve(CARD.name)
    (registry.folder / "bad.json").write_text(content, encoding="utf-8")
    assert registry.cards() == (CARD,)
    assert registry.serving() == CARD
    (fault,) = registry.faults()
    assert "bad.json" in fault
    assert said in fault
    with pytest.raises(CardError):
        registry.serve("bad")


def test_bytes_that_are_no_text(registry: Registry) -> None:
    registry.save(CARD)
    (registry.folder / "bad.json").write_bytes(b"\xff\xfe\x00")
    assert len(registry.faults()) == 1


@pytest.mark.parametrize(
    "content",
    ["", "{", "[]", '{"now": "gone", "before": []}', '{"now": "../../etc/passwd", "before": [1]}'],
)
def test_a_bad_pointer_serves_nothing(registry: Registry, content: str) -> None:
    registry.save(CARD)
    (registry.folder / "serving").write_text(content, encoding="utf-8")
    assert registry.serving() is None
    registry.serve(CARD.name)
    assert registry.serving() == CARD


def test_a_served_card_that_breaks_serves_nothing(registry: Registry) -> None:
    registry.save(CARD)
    registry.serve(CARD.name)
    (registry.folder / f"{CARD.name}.json").write_text("{", encoding="utf-8")
    assert registry.serving() is None


@pytest.mark.parametrize("name", ["", "..", "../x", "a/b", ".hidden", "a" * 65, "a\nb", "con:aux"])
def test_names_stay_inside_the_folder(registry: Registry, name: str) -> None:
    with pytest.raises(CardError):
        registry.save(replace(CARD, name=name))
    with pytest.raises(CardError):
        registry.card(name)


def test_older_cards_lack_newer_fields(registry: Registry) -> None:
    registry.folder.mkdir(parents=True)
    (registry.folder / "old.json").write_text(
        json.dumps({"name": "old", "model": "m"}), encoding="utf-8"
    )
    card = registry.card("old")
    assert (card.trained_on, card.style) == (None, "standard")


def test_nobody_ever_sees_half_a_card(registry: Registry) -> None:
    registry.save(CARD)
    over = threading.Event()

    def write() -> None:
        for number in range(150):
            registry.save(replace(CARD, questions=("q" * number,) * 50))
            registry.serve(CARD.name)
        over.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not over.is_set():
        assert registry.faults() == ()
        assert len(registry.cards()) == 1
    writer.join()
    assert sorted(path.name for path in registry.folder.iterdir()) == ["serving", "x200-3.json"]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CardError, match="cannot be written"):
        Registry(tmp_path / "file" / "adapters").save(CARD)
