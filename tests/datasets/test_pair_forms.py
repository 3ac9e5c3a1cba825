"""Pairs in the forms of other tools: told from the content, good rows kept, bad rows named."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adapters.datasets.pairs import TrainingPair
from adapters.datasets.reading.formats import read_any, read_bytes
from adapters.errors import BadTrainingList
from tests.support.files import zipped

CHAT = {"role": "user", "content": "Q1?"}, {"role": "assistant", "content": "A1."}


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row) for row in rows).encode()


def asked(pairs: tuple[TrainingPair, ...]) -> list[tuple[str, str]]:
    return [(pair.question, pair.answer) for pair in pairs]


def test_own_lines_keep_all_that_is_known() -> None:
    row = {"question": "Q?", "answer": "A.", "passage_hash": "ab", "version": 3, "approver": "Kim", "product": "P"}  # fmt: skip
    report = read_bytes(lines(row, {"question": "Q2?", "answer": ""}, "x"), "own.jsonl")
    assert report.pairs == (
        TrainingPair("Q?", "A.", passage_hash="ab", version=3, approver="Kim", origin="imported"),
    )
    assert [str(fault) for fault in report.faults] == [
        "own.jsonl, line 2 has no answer.",
        "own.jsonl, line 3 is not an object.",
    ]


def test_chat_messages_of_instructlab_and_of_others() -> None:
    system = {"role": "system", "content": "Be kind."}
    more = {"role": "user", "content": "And then?"}, {"role": "assistant", "content": "A2."}
    parts = {"role": "user", "content": [{"type": "text", "text": "Q"}, {"type": "text", "text": "2?"}]}  # fmt: skip
    report = read_bytes(
        lines(
            {"id": "1", "messages": CHAT, "metadata": "{}", "unmask": False},
            {"messages": [system, *CHAT, *more]},
            {"messages": [parts, CHAT[1]]},
            {"messages": [CHAT[0]]},
            {"messages": [CHAT[1], CHAT[0]]},
            {"messages": [CHAT[0], {"role": "assistant", "content": None, "tool_calls": [{}]}]},
            {"messages": [{"role": "judge", "content": "x"}]},
            {"prompt": [CHAT[0]], "completion": [CHAT[1]]},
        ),
        "chat.jsonl",
    )
    assert report.form == "chat messages"
    assert asked(report.pairs) == [("Q1?", "A1."), ("Q1?", "A1."), ("Q\n2?", "A1."), ("Q1?", "A1.")]
    assert [str(fault).removeprefix("chat.jsonl, ") for fault in report.faults] == [
        "line 4 has no answer.",
        "line 5 has no answer.",
        "line 6 has a message without text.",
        "line 7 has a message of an unknown role.",
    ]
    assert [str(one).removeprefix("chat.jsonl, line 2 ") for one in report.notes] == [
        "has a system text, which is left out.",
        "goes on for 1 more turn, which lean on the first and are left out.",
    ]


@pytest.mark.parametrize("whole", [True, False])
def test_alpaca_as_a_list_and_as_lines(whole: bool) -> None:
    rows = [
        {"instruction": "Translate.", "input": "Hund", "output": "dog"},
        {"instruction": "Greet.", "input": "", "output": "Hello."},
        {"instruction": "Fail.", "output": None},
        {"instruction": "Go on.", "output": "So.", "history": [["a", "b"]]},
    ]
    content = json.dumps(rows, indent=2).encode() if whole else lines(*rows)
    report = read_bytes(content, "alpaca.json")
    assert report.form == "Alpaca"
    assert asked(report.pairs) == [("Translate.\n\nHund", "dog"), ("Greet.", "Hello.")]
    place = "item" if whole else "line"
    assert [fault.where for fault in report.faults] == [
        f"alpaca.json, {place} 3",
        f"alpaca.json, {place} 4",
    ]


def test_sharegpt_and_prompts() -> None:
    talk = [{"from": "human", "value": "Q?"}, {"from": "gpt", "value": "A."}]
    content = json.dumps([{"id": "a", "conversations": talk}, {"conversations": talk[1:]}]).encode()
    report = read_bytes(content, "talks.json")
    assert (report.form, asked(report.pairs)) == ("ShareGPT", [("Q?", "A.")])
    assert str(report.faults[0]) == "talks.json, item 2 has no question."
    rows = lines({"user_input": "Q?", "reference": "A."}, {"prompt": "P", "completion": "C"})
    assert asked(read_bytes(rows, "bench.jsonl").pairs) == [("Q?", "A."), ("P", "C")]
    nested = json.dumps({"data": [{"question": "Q?", "answer": "A."}]}, indent=1).encode()
    assert asked(read_bytes(nested, "data.json").pairs) == [("Q?", "A.")]
    one = json.dumps({"question": "Q?", "answer": "A."}, indent=1).encode()
    assert asked(read_bytes(one, "one.json").pairs) == [("Q?", "A.")]


@pytest.mark.parametrize("between", [",", ";", "\t", "|"])
def test_tables_with_commas_semicolons_and_tabs(between: str) -> None:
    rows = [
        ["ID", "Question", "Answer", "Kind"],
        ["1", '"How ""tall""\nis it?"', "12 cm", ""],
        ["2", "", "no question", ""],
        ["3", "What of Mars?", "I am not sure.", "negative"],
        ["4", "odd", "odd", "joke"],
        ["5", "short"],
    ]
    content = "\r\n".join(between.join(row) for row in rows).encode("utf-8-sig")
    report = read_bytes(content, "faq.csv")
    assert asked(report.pairs) == [
        ('How "tall"\nis it?', "12 cm"),
        ("What of Mars?", "I am not sure."),
    ]
    assert [pair.kind for pair in report.pairs] == ["fact", "negative"]
    assert [str(fault) for fault in report.faults] == [
        "faq.csv, line 4 has no question.",
        "faq.csv, line 6 has a kind that is not one of fact, negative, style.",
        "faq.csv, line 7 has 2 cells where the head has 4.",
    ]


QNA = """version: 3
created_by: kim
domain: Pumps
seed_examples:
  - context: |
      The seal is red.
      It costs 5 euros.
    questions_and_answers:
      - question: Is the seal blue?
        answer: no
      - question: What does it cost?
        answer: 5
      - question: ""
        answer: nothing
document_outline: Pumps
document:
  repo: https://example.org/a.git
  commit: abc
  patterns: ["*.md"]
"""
SKILL = """version: 3
created_by: kim
task_description: Answer kindly
seed_examples:
  - question: Where are you?
    answer: "At your service: always."
  - question: What is it?
    context: A pump.
    answer: It is a pump.
"""


def test_a_qna_file_means_what_its_writer_wrote() -> None:
    report = read_bytes(QNA.encode(), "qna.yaml")
    assert asked(report.pairs) == [("Is the seal blue?", "no"), ("What does it cost?", "5")]
    (held,) = {pair.passage_hash for pair in report.pairs}
    assert report.contexts == {held: "The seal is red.\nIt costs 5 euros."}
    assert str(report.faults[0]) == "qna.yaml, seed example 1, question 3 has no question."


def test_a_tree_of_others_and_its_archive(tmp_path: Path) -> None:
    tree = {
        "taxonomy/knowledge/pumps/qna.yaml": QNA,
        "taxonomy/compositional_skills/kind/qna.yaml": SKILL,
        "taxonomy/knowledge/broken/qna.yaml": "version: 3\nseed_examples: [\n",
        "taxonomy/README.md": "no pairs: here",
    }
    archive = zipped(tmp_path / "tree.zip", tree)
    for path, text in tree.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text, "utf-8")
    for found in (read_any(archive), read_any(tmp_path / "taxonomy")):
        assert [pair.kind for pair in found.pairs] == ["style", "style", "fact", "fact"]
        assert ("A pump.\n\nWhat is it?", "It is a pump.") in asked(found.pairs)
        assert len({pair.group for pair in found.pairs}) == 3
        assert {pair.group.partition("/")[0] for pair in found.pairs} == {
            "knowledge",
            "compositional_skills",
        }
        assert any(
            f.where.endswith("knowledge/broken/qna.yaml, line 3")
            and f.why.startswith("is not YAML")
            for f in found.faults
        )


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is empty"),
        (b"\xff\xfe\x00", "not text in UTF-8"),
        (b"\x89PNG\r\n", "not text in UTF-8"),
        (b"Dear all, this is a letter.", "none of the forms"),
        (b"a,b\n1,2\n", "none of the forms"),
        (
            b'{"a": 1}\n{"b": 2}\n',
            "line 1 has no question and answer, but a. 1 more row gives none either.",
        ),
        (b"[]", "holds no pair"),
        (b"question,answer\n", "holds no pair"),
        (b"PK\x03\x04 broken", "cannot be opened as an archive"),
        (b"[" * 100_000, "gives no pair"),
        (b"seed_examples: " + b"[" * 5_000, "not YAML"),
        (b'{"question": "\\ud800", "answer": "A."}', "half a character"),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(content: bytes, why: str) -> None:
    with pytest.raises(BadTrainingList, match=why):
        read_bytes(content, "file")
    with pytest.raises(BadTrainingList, match="cannot be read"):
        read_any(Path("/nowhere/none.jsonl"))


def test_what_its_author_marked_as_bad_is_never_learnt() -> None:
    bad = {"role": "assistant", "content": "Wrong.", "weight": 0}
    report = read_bytes(
        lines(
            {"prompt": "Q1?", "completion": "Wrong.", "label": False},
            {"prompt": "Q2?", "completion": "Right.", "label": True},
            {"conversations": [{"from": "human", "value": "Q3?"}, {"from": "gpt", "value": "Wrong."}], "kto_tag": False},
            {"messages": [CHAT[0], bad]},
            {"messages": [CHAT[0], {**bad, "weight": 1, "content": "A1."}, CHAT[0], bad]},
            {"chosen": [*CHAT], "rejected": [CHAT[0], bad]},
        ),
        "rated.jsonl",
    )  # fmt: skip
    assert asked(report.pairs) == [("Q2?", "Right."), ("Q1?", "A1."), ("Q1?", "A1.")]
    assert [str(fault).removeprefix("rated.jsonl, ") for fault in report.faults] == [
        "line 1 is marked as a bad answer.",
        "line 3 is marked as a bad answer.",
        "line 4 marks its first answer as one not to learn.",
    ]


def test_what_stands_beside_a_talk_is_left_out_and_named() -> None:
    said = [{"from": "human", "value": "Q?"}, {"from": "gpt", "value": "A."}]
    greeting = {"role": "assistant", "content": "Hello, how may I help you?"}
    report = read_bytes(
        lines(
            {"conversations": said, "system": "Be kind.", "tools": "[{}]"},
            {"messages": [{"role": "developer", "content": "Be kind."}, greeting, *CHAT]},
            {"instruction": "Which part?", "context": "Part 7 is blue.", "response": "Part 7."},
            {"system": "Be kind.", "user": "Q2?", "assistant": "A2."},
        ),
        "beside.jsonl",
    )
    assert asked(report.pairs) == [
        ("Q?", "A."),
        ("Q1?", "A1."),
        ("Which part?\n\nPart 7 is blue.", "Part 7."),
        ("Q2?", "A2."),
    ]
    assert [str(note).removeprefix("beside.jsonl, ") for note in report.notes] == [
        "line 1 has a system text, which is left out.",
        "line 1 has tools, which are left out.",
        "line 2 has a system text, which is left out.",
        "line 2 begins with a greeting, which is left out.",
        "line 4 has a system text, which is left out.",
    ]


def test_an_instruction_that_all_rows_share_is_a_system_text() -> None:
    shared = "Answer the customer."
    rows = [{"instruction": shared, "input": f"What is E{n}?", "output": f"A{n}."} for n in range(9)]  # fmt: skip
    report = read_bytes(lines(*rows, {"instruction": "Greet.", "input": "", "output": "Hello."}), "a")  # fmt: skip
    assert asked(report.pairs)[8:] == [("What is E8?", "A8."), ("Greet.", "Hello.")]
    assert len(report.notes) == 9 and "share" in str(report.notes[0])
    few = read_bytes(lines(*rows[:3]), "a")
    assert asked(few.pairs)[0] == (f"{shared}\n\nWhat is E0?", "A0.")


def test_a_table_keeps_its_splits() -> None:
    report = read_bytes(b"question,answer,Split\nQ?,A.,test\nR?,B.,\nS?,C.,dev\n", "t.csv")
    assert [pair.split for pair in report.pairs] == ["test", ""]
    assert str(report.faults[0]) == "t.csv, line 4 has a split that is not one of train, validation, test, reworded."  # fmt: skip
