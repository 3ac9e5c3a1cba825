"""InstructLab's taxonomy: what is written validates against the published schema, and comes back without loss."""

from __future__ import annotations

import io
import json
import subprocess
import zipfile
from collections.abc import Sequence
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from adapters.datasets.instructlab.export import (
    Taxonomy,
    TaxonomyDocument,
    TaxonomyOrder,
    taxonomy_of,
    write_taxonomy,
    zipped_taxonomy,
)
from adapters.datasets.instructlab.yaml_text import from_yaml, to_yaml
from adapters.datasets.pairs import TrainingPair
from adapters.datasets.reading.formats import read_any, read_bytes
from adapters.datasets.reading.report import ReadReport
from adapters.errors import BadTrainingList
from tests.support.training_pairs import ODD, PAIRS, pump_contexts, pump_pairs


def _validator(name: str) -> Draft202012Validator:
    folder = files("instructlab.schema") / "v3"
    held = {
        one: json.loads((folder / one).read_text("utf-8"))
        for one in ("knowledge.json", "compositional_skills.json", "version.json")
    }
    registry: Registry[Any] = Registry().with_resources(
        (uri, Resource.from_contents(content, default_specification=_DRAFT))
        for one, content in held.items()
        for uri in (one, f"./{one}")
    )
    return Draft202012Validator(held[name], registry=registry)


from referencing.jsonschema import DRAFT202012 as _DRAFT  # noqa: E402

KNOWLEDGE, SKILLS = _validator("knowledge.json"), _validator("compositional_skills.json")
ORDER = TaxonomyOrder(
    "kim",
    pump_contexts(),
    [TaxonomyDocument("Pump P-200", "# Pump P-200\n\nTighten part A0 to 3 Nm.\n", "Pump", "version 2")],
    moment=1_700_000_000,
)  # fmt: skip


def checked(taxonomy: Taxonomy) -> dict[str, dict[str, Any]]:
    """Every qna.yaml, which another reader than ours finds valid."""
    held = {path: yaml.safe_load(taxonomy.files[path].decode()) for path in taxonomy.leaves}
    for path, content in held.items():
        validator = KNOWLEDGE if path.startswith("knowledge/") else SKILLS
        assert [error.message for error in validator.iter_errors(content)] == [], path
        assert path.replace("qna.yaml", "attribution.txt") in taxonomy.files
    return held


def back(taxonomy: Taxonomy) -> ReadReport:
    report = read_bytes(zipped_taxonomy(taxonomy), "taxonomy.zip")
    assert report.faults == () and report.notes == ()
    return report


@settings(max_examples=60)
@given(st.lists(PAIRS, min_size=1, max_size=25), st.booleans())
def test_any_pairs_come_back_as_they_were(pairs: list[TrainingPair], known: bool) -> None:
    contexts = {f"{n:032x}": f"{ODD[n]} context {n}" for n in range(8)} if known else {}
    taxonomy = taxonomy_of(pairs, TaxonomyOrder("", contexts))
    checked(taxonomy)
    report = back(taxonomy)
    assert report.pairs == tuple(pairs) and report.contexts == contexts


@settings(max_examples=30)
@given(
    st.lists(PAIRS, min_size=9, max_size=9, unique_by=lambda pair: (pair.question, pair.answer)),
    st.sampled_from(["fact", "negative", "style"]),
)
def test_awkward_texts_stand_in_valid_leaves(pairs: list[TrainingPair], kind: Any) -> None:
    """The same, for pairs that all belong into one leaf."""
    made = [replace(pair, kind=kind, split="train", manual="Pump P-200") for pair in pairs]
    facts = [replace(p, group="", passage_hash=f"{n:032x}") for n, p in enumerate(made)]
    order = TaxonomyOrder("k", {f"{n:032x}": f"{n} {ODD[n]}" for n in range(9)})
    extra = pump_pairs() if kind == "fact" else []
    taxonomy = taxonomy_of([*facts, *extra], replace(order, contexts={**pump_contexts(), **order.contexts}))  # fmt: skip
    assert len(checked(taxonomy)) == 1
    assert taxonomy.placed + sum(taxonomy.left.values()) == len(facts) + len(extra)
    assert back(taxonomy).pairs == (*facts, *extra)


@pytest.mark.parametrize("odd", ODD)
def test_every_text_is_the_same_for_another_reader_of_yaml(odd: str) -> None:
    text = to_yaml({"a": odd, "list": [odd, f"x {odd}"], "number": 3})
    assert yaml.safe_load(text) == {"a": odd, "list": [odd, f"x {odd}"], "number": 3}
    assert from_yaml(text, "it") == {"a": odd, "list": [odd, f"x {odd}"], "number": "3"}


def test_passages_become_contexts_with_three_questions_each() -> None:
    pairs = pump_pairs()
    taxonomy = taxonomy_of(pairs, ORDER)
    (leaf,) = taxonomy.leaves
    held = checked(taxonomy)[leaf]
    assert leaf == "knowledge/pump_p_200/qna.yaml" and taxonomy.placed == 24
    assert held["domain"] == "Pump" and len(held["seed_examples"]) == 8
    assert held["seed_examples"][0]["context"] == pump_contexts()[f"{0:032x}"]
    attribution = taxonomy.files["knowledge/pump_p_200/attribution.txt"].decode()
    assert attribution.splitlines()[0] == "Title of work: Pump P-200"
    assert "Revision: version 2" in attribution


def test_passages_with_fewer_questions_share_a_context() -> None:
    pairs = pump_pairs(11, 1)  # one question each: three passages a context, the rest with the last
    taxonomy = taxonomy_of(pairs, replace(ORDER, contexts=pump_contexts(11)))
    assert taxonomy.leaves == ()  # three contexts are too few
    assert taxonomy.left == {"too few beside it: a leaf needs 5 contexts with 3 questions each": 11}
    pairs = pump_pairs(17, 1)
    (held,) = checked(taxonomy_of(pairs, replace(ORDER, contexts=pump_contexts(17)))).values()
    assert [len(seed["questions_and_answers"]) for seed in held["seed_examples"]] == [3, 3, 3, 3, 5]


def test_what_tests_an_adapter_is_not_shown_to_the_teacher() -> None:
    pairs = [replace(pair, split="test" if "A0" in pair.question else "train") for pair in pump_pairs()]  # fmt: skip
    taxonomy = taxonomy_of(pairs, ORDER)
    written = taxonomy.files[taxonomy.leaves[0]].decode()
    assert "part A1" in written and "A0" not in written
    assert taxonomy.left == {"kept for validation and test": 3}
    assert back(taxonomy).pairs == tuple(pairs)


def test_skills_need_five_examples() -> None:
    negatives = [
        TrainingPair(f"What does part B{n} cost?", "I am not sure.", "negative") for n in range(5)
    ]
    style = [TrainingPair("Hello?", "Good morning.", "style")]
    taxonomy = taxonomy_of([*negatives, *style], TaxonomyOrder("kim"))
    assert taxonomy.leaves == ("compositional_skills/support/not_in_the_manual/qna.yaml",)
    assert taxonomy.left == {"fewer than 5 examples of this kind": 1}
    checked(taxonomy)
    assert back(taxonomy).pairs == (*negatives, *style)


def test_the_documents_are_a_repository_that_git_clones(tmp_path: Path) -> None:
    taxonomy = taxonomy_of(pump_pairs(), ORDER)
    write_taxonomy(taxonomy, tmp_path / "out")
    document = checked(taxonomy)[taxonomy.leaves[0]]["document"]
    assert document["repo"] == "documents.git"

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout

    git("-C", "out/documents.git", "fsck", "--strict")
    git("clone", "-q", "out/documents.git", "clone")
    git("-C", "clone", "checkout", "-q", document["commit"])
    (name,) = document["patterns"]
    assert (tmp_path / "clone" / name).read_text("utf-8") == ORDER.documents[0].text
    assert taxonomy_of(pump_pairs(), ORDER).files == taxonomy.files
    with pytest.raises(BadTrainingList, match="is not empty"):
        write_taxonomy(taxonomy, tmp_path / "out")


def test_instructlabs_own_parser_finds_no_fault(tmp_path: Path) -> None:
    from instructlab.schema.taxonomy import TaxonomyParser

    taxonomy = taxonomy_of(pump_pairs(), ORDER)
    write_taxonomy(taxonomy, tmp_path)
    found = TaxonomyParser(schema_version=0).parse(tmp_path / taxonomy.leaves[0])
    assert (found.errors, found.warnings) == (0, 0)


def test_what_people_change_in_the_tree_counts(tmp_path: Path) -> None:
    pairs = pump_pairs()
    taxonomy = taxonomy_of(pairs, ORDER)
    write_taxonomy(taxonomy, tmp_path)
    path = tmp_path / taxonomy.leaves[0]
    text = path.read_text("utf-8")
    assert text.count(pairs[0].question) == text.count(pairs[4].question) == 1
    path.write_text(text.replace(pairs[0].question, "How tight is A0?"), "utf-8")
    report = read_any(tmp_path)
    assert report.pairs[: len(pairs) - 1] == tuple(pairs[1:])
    assert (report.pairs[-1].question, report.pairs[-1].origin) == ("How tight is A0?", "imported")
    (note,) = report.notes
    assert "tandem.jsonl, line 1 stands no more in knowledge/pump_p_200/qna.yaml" in str(note)


def test_a_tree_in_an_archive_has_one_folder() -> None:
    def names(taxonomy: Taxonomy) -> Sequence[str]:
        return zipfile.ZipFile(io.BytesIO(zipped_taxonomy(taxonomy))).namelist()

    found = names(taxonomy_of(pump_pairs(), ORDER))
    assert {name.split("/")[0] for name in found} == {"taxonomy"}
    assert "taxonomy/documents.git/HEAD" in found and "taxonomy/README.md" in found
