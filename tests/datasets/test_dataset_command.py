"""`run.py dataset` as scripts use it: build, check, split, export, import, remove."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from tests.support.command import out, run
from tests.support.manuals import FAN, PUMP


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("command")
    for name, text in (("pump.md", PUMP), ("fan.md", FAN)):
        (folder / name).write_text(text, "utf-8")
        product = "Pump P-200" if name == "pump.md" else "Fan F-100"
        out("add", folder / name, "--product", product, data=folder / "data")
    return folder / "data"


def test_a_set_goes_to_instructlab_and_back(data: Path, tmp_path: Path) -> None:
    made = out("dataset", "build", "Pumps", data=data)
    assert made["pairs"] > 80 and made["sources"]["Templates"] > 60
    assert set(made["splits"]) <= {"train", "validation", "test", "reworded"}
    listed = out("dataset", "list", data=data)["data_sets"]
    assert [one["name"] for one in listed] == ["Pumps"] and listed[0]["id"] == made["id"]
    exported = out("dataset", "export", "Pumps", tmp_path / "tree", "--form", "instructlab", "--repository", "https://git.example/pumps.git", data=data)  # fmt: skip
    leaf = yaml.safe_load((tmp_path / "tree" / exported["leaves"][0]).read_text("utf-8"))
    assert leaf["document"]["repo"] == "https://git.example/pumps.git"
    back = out("dataset", "import", "Back", tmp_path / "tree", data=data)
    assert (back["pairs"], back["digest"]) == (made["pairs"], made["digest"])
    chat = out("dataset", "export", "Back", tmp_path / "chat.jsonl", "--form", "chat", data=data)
    row = json.loads((tmp_path / "chat.jsonl").read_text("utf-8").split("\n")[0])
    assert [m["role"] for m in row["messages"]] == ["user", "assistant"]
    apart = sum(
        n
        for name in ("validation", "test", "reworded")
        for kind, n in made["splits"].get(name, {}).items()
        if kind != "groups"
    )
    assert chat["pairs"] == made["pairs"] - apart and apart > 0, (
        "what tests an adapter is not trained elsewhere"
    )
    test = out(
        "dataset",
        "export",
        "Back",
        tmp_path / "t.jsonl",
        "--form",
        "alpaca",
        "--split",
        "test",
        data=data,
    )
    assert (
        0 < test["pairs"] < apart
        and len((tmp_path / "t.jsonl").read_text("utf-8").splitlines()) == test["pairs"]
    )
    said = run("dataset", "export", "Back", tmp_path / "chat.jsonl", "--form", "chat", data=data)
    assert "Set apart and not in it:" in said.stdout
    again = run("dataset", "export", "Back", tmp_path / "tree", "--form", "instructlab", data=data)
    assert again.returncode == 1 and "is not empty" in again.stderr
    assert out("dataset", "remove", back["id"], data=data)["name"] == "Back"


def test_a_set_is_built_anew_and_says_what_that_changes(data: Path) -> None:
    made = out("dataset", "build", "Anew", data=data)
    same = out("dataset", "again", "Anew", data=data)
    assert same["after"] == made["id"] and same["digest"] == made["digest"]
    assert (same["entering"], same["leaving"], same["changed"]) == ([], [], [])
    newer = PUMP.replace("12 Nm", "14 Nm").replace(" Never run the pump dry.", "")
    (data.parent / "pump.md").write_text(newer, "utf-8")
    out("add", data.parent / "pump.md", "--product", "Pump P-200", data=data)
    said = run("dataset", "again", "Anew", data=data).stdout
    assert "Beside the set before:" in said and "the same." in said
    (data.parent / "pump.md").write_text(PUMP, "utf-8")
    out("add", data.parent / "pump.md", "--product", "Pump P-200", data=data)
    back = out("dataset", "again", "Anew", data=data)
    now = {row["before"]["answer"]: row["now"]["answer"] for row in back["changed"]}
    assert now["Tighten the screws to 14 Nm."] == "Tighten the screws to 12 Nm."
    assert "Never run the pump dry." in [row["answer"] for row in back["entering"]]
    assert run("dataset", "again", "Nobody", data=data).returncode == 1


def test_a_file_is_checked_before_it_is_imported(data: Path, tmp_path: Path) -> None:
    rows = [{"question": f"How tight is bolt {n}?", "answer": f"{n} Nm."} for n in range(30)]
    rows += [{"question": "How tight is bolt 3?", "answer": "9 Nm."}, {"question": "Q?"}]
    path = tmp_path / "own.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), "utf-8")
    found = out("dataset", "check", path, data=data)
    assert found["not_read"] == ["own.jsonl, line 32 has no answer."]
    assert [one["kind"] for one in found["findings"]] == ["contradiction"]
    domain = next(one for one in found["presets"] if one["preset"] == "domain")
    assert not domain["fits"]
    said = run("dataset", "check", path, data=data).stdout
    assert "look at pair 31" in said and "Domain knowledge: does not fit." in said
    made = out("dataset", "import", "Bolts", path, data=data)
    assert [note["what"] for note in made["notes"]] == ["not read", "to look at"]
    other = out("dataset", "split", "Bolts", "Bolts 2", "--shares", "50/25/25", data=data)
    assert other["pairs"] == 31 and other["splits"]["test"]["fact"] > made["splits"].get("test", {}).get("fact", 0)  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["check", "nowhere"], 1, "There is no data set 'nowhere'."),
        (["build", "X", "--product", "Kettle"], 1, "No manual is about 'Kettle'."),
        (["build", "X", "--teacher"], 1, "No chat model can be asked"),
        (["import", "X", "none.jsonl"], 1, "none.jsonl cannot be read"),
        (["split", "nowhere", "--shares", "80/10"], 1, "no data set"),
        (["build"], 2, "dataset build needs a NAME"),
        (["export", "X"], 2, "needs a SET and a TARGET"),
        (["list", "X"], 2, "needs nothing more"),
    ],
)
def test_what_cannot_be_done_is_said(
    data: Path, arguments: list[str], code: int, said: str
) -> None:
    done = run("dataset", *arguments, data=data)
    assert (done.returncode, said in done.stderr) == (code, True), done.stderr


def test_files_of_one_name_are_all_read_and_the_new_folder_is_nobody_elses(tmp_path: Path) -> None:
    for n in (1, 2):
        (tmp_path / str(n)).mkdir()
        row = json.dumps({"question": f"How tight is bolt {n}?", "answer": f"{n} Nm."})
        (tmp_path / str(n) / "pairs.jsonl").write_text(row, "utf-8")
    files = [tmp_path / str(n) / "pairs.jsonl" for n in (1, 2)]
    made = out("dataset", "import", "Both", *files, data=tmp_path / "data")
    assert made["pairs"] == 2 and len(made["sources"]) == 2
    assert (tmp_path / "data").stat().st_mode & 0o077 == 0
    assert out("manuals", data=tmp_path / "data")["manuals"] == []


def test_a_hint_speaks_of_what_was_asked(data: Path, tmp_path: Path) -> None:
    (tmp_path / "chat.jsonl").write_text('{"messages": []}', "utf-8")
    lines = run("train", "--pairs", tmp_path / "chat.jsonl", "--explain", data=data).stderr
    assert "line 1 has no question." in lines and "dataset import NAME FILE" in lines
    assert run("dataset", "import", "X", tmp_path / "none.csv", data=data).stderr.endswith(
        "directory.\n"
    )
