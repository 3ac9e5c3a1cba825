"""Questions and answers in JSON: answers in parts, groups as headings, and what such a file calls itself."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from knowledge.errors import UnknownFormat
from knowledge.parsing.titles import product_of, says_only_kind
from knowledge.types import Document
from tests.parsing.test_markup import blocks, read, section_paths

RESET = {"question": "How do I reset it?", "answer": "Hold the key."}
FUSE = {"question": "Which fuse?", "answer": "T 2 A"}
OIL = {"question": "Which oil?", "answer": "15W"}


def faq(tmp_path: Path, data: Any, name: str = "faq.json") -> Document:
    return read(tmp_path, json.dumps(data), name)


@pytest.mark.parametrize(
    ("record", "lines"),
    [
        ({"question": "How?", "answers": ["Open it.", "Close it."]}, ["How?", "Open it.", "Close it."]),
        ({"question": "Hot?", "answers": [{"text": "For 30 min.", "votes": 3}]}, ["Hot?", "For 30 min.", "Votes: 3"]),
        ({"questions": ["Why?", "What for?"], "answer": "For safety."}, ["Why?", "What for?", "For safety."]),
        ({"frage": "Wie laut?", "antwort": "41 dB"}, ["Wie laut?", "41 dB"]),
        ({"How loud?": "41 dB", "Which oil?": "15W"}, ["How loud?", "41 dB", "Which oil?", "15W"]),
    ],
)  # fmt: skip
def test_answers_in_parts_and_by_other_names(
    tmp_path: Path, record: dict[str, Any], lines: list[str]
) -> None:
    assert [text for _, text in blocks(faq(tmp_path, record))] == lines
    several = "\n".join([json.dumps(record)] * 2)
    assert [text for _, text in blocks(read(tmp_path, several, "faq.jsonl"))] == 2 * lines


@pytest.mark.parametrize(
    ("data", "paths"),
    [
        ([{"category": "Power", "questions": [RESET, FUSE]}, {"category": "Care", "questions": [OIL]}],
            ["Power > How do I reset it?", "Power > Which fuse?", "Care > Which oil?"]),
        ({"sections": [{"name": "Power", "faqs": [RESET], "sections": [{"name": "Mains", "faqs": [FUSE]}]}, {"name": "Care", "faqs": [OIL]}]},
            ["Power > How do I reset it?", "Power > Mains > Which fuse?", "Care > Which oil?"]),
        ({"power": {"battery": [RESET], "mains": [FUSE]}, "daily_care": [OIL]},
            ["Power > Battery > How do I reset it?", "Power > Mains > Which fuse?", "Daily care > Which oil?"]),
        ({"data": [{"title": "Pump", "paragraphs": [{"context": "It is hot.", "qas": [RESET]}]}]}, ["Pump > How do I reset it?"]),
    ],
    ids=["list", "nested", "names", "paragraphs"],
)  # fmt: skip
def test_groups_are_headings(tmp_path: Path, data: Any, paths: list[str]) -> None:
    found = section_paths(faq(tmp_path, data))
    assert [path for path in found if path.endswith("?")] == paths


def test_what_a_group_says_of_itself_stands_below_its_heading(tmp_path: Path) -> None:
    data = [
        {"category": "Power", "warning": "Unplug it first", "questions": [RESET, "Call us."]},
        OIL,
    ]
    assert [text for _, text in blocks(faq(tmp_path, data))] == [
        "Which oil?", "15W", "Power", "Warning: Unplug it first", "Call us.", "How do I reset it?", "Hold the key.",
    ]  # fmt: skip


def test_a_file_of_questions_names_its_product_and_no_form_of_a_file_is_one(tmp_path: Path) -> None:
    named = faq(tmp_path, {"title": "User manual", "product": "Lynx L5", "faq": [RESET]})
    assert (named.title, named.product) == ("Lynx L5 User manual", "Lynx L5")
    assert faq(tmp_path, [RESET], "faq-json.json").product == ""
    assert [product_of(f"{name} manual") for name in ("JSON", "P9 pdf", "PDF editor", "docx html")] == [
        "", "P9", "PDF editor", "",
    ]  # fmt: skip
    assert says_only_kind("FAQ json")


def test_deep_and_wide_files_end_in_time(tmp_path: Path) -> None:
    began = time.process_time()
    deep: Any = [RESET]
    for _ in range(60):
        deep = {"name": "a", "more": [deep] if isinstance(deep, dict) else deep}
    wide = [{"name": f"G{n}", "faqs": [RESET]} for n in range(5_000)]
    with pytest.raises(UnknownFormat):
        faq(tmp_path, deep)
    assert len(faq(tmp_path, wide).headings) == 10_000
    assert time.process_time() - began < 30
