"""Data sets on disk: kept whole, found again, never half there."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.datasets.pairs import read_pairs
from adapters.datasets.store import DataSetContent, DataSetNote, DataSets
from adapters.errors import BadTrainingList, DataSetNotKept, NoSuchDataSet
from tests.support.training_pairs import pump_contexts, pump_pairs

NOTE = DataSetNote("removed", "pair 3", "Pair 1 says the same.")


@pytest.fixture
def sets(tmp_path: Path) -> DataSets:
    return DataSets(tmp_path / "adapters" / "datasets")


def content(passages: int = 2) -> DataSetContent:
    return DataSetContent(pump_pairs(passages), pump_contexts(), [NOTE], {"templates": 6})


def test_a_set_comes_back_as_it_was_kept(sets: DataSets) -> None:
    made = sets.keep(" Pump \n set ", content(), made_by="Kim", product="Pump")
    assert (made.name, made.pairs, made.made_by) == ("Pump set", 6, "Kim")
    assert sets.listed() == (made,) and sets.one(made.id) == made
    held = sets.content(made.id)
    assert held.pairs == tuple(pump_pairs(2)) == read_pairs(sets.path(made.id))
    assert held.contexts == pump_contexts(2)  # only those that its pairs rest on
    assert (list(held.notes), held.sources) == ([NOTE], {"templates": 6})
    assert sorted(path.name for path in sets.folder.iterdir()) == [made.id]


def test_the_newest_of_a_name_is_meant(sets: DataSets) -> None:
    first, second = sets.keep("Pump", content()), sets.keep("Pump", content(3))
    newest = sets.listed()[0]
    assert newest in (first, second)  # made within one second, either may come first
    assert sets.find("PUMP") == newest and sets.find(first.id) == first
    for wrong in ("Fan", "../pump", "0" * 16, ""):
        with pytest.raises(NoSuchDataSet):
            sets.find(wrong)
    assert sets.remove(first.id) == first
    assert sets.listed() == (second,)
    with pytest.raises(NoSuchDataSet):
        sets.remove(first.id)


def test_a_file_or_a_set_is_trained_by_what_it_is_called(sets: DataSets, tmp_path: Path) -> None:
    made = sets.keep("Pump: our pairs", content())
    for called in (made.id, "pump: our pairs"):
        assert sets.file_of(called) == (sets.path(made.id), "pump-our-pairs")
    (tmp_path / "own.jsonl").write_text("{}", "utf-8")
    assert sets.file_of(str(tmp_path / "own.jsonl")) == (tmp_path / "own.jsonl", "own")
    odd = sets.keep("♥", content())
    assert sets.file_of("♥")[1] == odd.id
    with pytest.raises(NoSuchDataSet, match="neither a file nor a data set"):
        sets.file_of(str(tmp_path / "gone.jsonl"))


def test_what_cannot_be_a_set_is_refused(sets: DataSets) -> None:
    with pytest.raises(BadTrainingList, match="needs a name"):
        sets.keep(" \x00 ", content())
    with pytest.raises(BadTrainingList, match="No pair is left"):
        sets.keep("Pump", DataSetContent([]))
    assert sets.listed() == () and not sets.folder.exists()


def test_a_set_that_was_changed_on_disk_is_not_trained(sets: DataSets) -> None:
    made = sets.keep("Pump", content())
    path = sets.path(made.id)
    path.write_text(path.read_text("utf-8").replace("3 Nm", "4 Nm"), "utf-8")
    with pytest.raises(BadTrainingList, match="changed on disk"):
        sets.content(made.id)
    (path.parent / "manifest.json").write_text("{", "utf-8")
    assert sets.listed() == ()


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(DataSetNotKept, match="cannot be kept"):
        DataSets(tmp_path / "file" / "datasets").keep("Pump", content())
