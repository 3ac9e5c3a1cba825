"""The command line as scripts use it: real processes, exit codes, JSON fields."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from chatbot.conversations.types import Conflict
from chatbot.errors import BadSetting
from chatbot.settings import Settings, fields, table
from tests.support.command import out, run
from tests.support.manuals import FAN, PUMP
from tests.support.scans import needs_tesseract
from tests.support.ui_values import answer, citation
from ui.cli.output import answer_lines


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "pump.md").write_text(PUMP, encoding="utf-8")
    return tmp_path / "data"


def test_add_list_search_ask_remove(data: Path) -> None:
    added = out("add", data.parent / "in", data=data)
    assert [(file["state"], file["message"]) for file in added["files"]] == [
        ("done", "Ready: 4 passages. New manual 'Pump P-200 user manual'")
    ]
    (manual,) = out("manuals", data=data)["manuals"]
    assert {
        "id",
        "name",
        "product",
        "version",
        "pages",
        "passages",
        "state",
        "added",
    } <= manual.keys()
    found = out("search", "clean the filter", "--limit", 2, data=data)
    assert 0 <= found["match"] <= 1
    assert len(found["passages"]) == 2
    assert found["passages"][0]["section"] == "Maintenance > Clean the filter"
    fields_of_passage = {
        "id",
        "text",
        "score",
        "manual",
        "product",
        "version",
        "page",
        "label",
        "section",
        "start",
        "end",
        "hash",
    }
    assert fields_of_passage <= found["passages"][0].keys()
    answer = out(
        "ask",
        "How do I replace the seal?",
        "--mode",
        "documents",
        "--product",
        "Pump P-200",
        data=data,
    )
    assert {
        "text",
        "route",
        "citations",
        "sentences",
        "evidence",
        "notices",
        "seconds",
        "model",
        "signals",
    } <= answer.keys()
    assert answer["route"] == {"mode": "documents", "reason": "You chose the documents."}
    citation = answer["citations"][0]
    assert {
        "n",
        "manual",
        "version",
        "page",
        "section",
        "quote",
        "start",
        "end",
        "hash",
        "state",
    } <= citation.keys()
    assert answer["sentences"][0] == {"text": citation["quote"], "state": "verified", "n": [1]}
    assert run("remove", manual["name"], data=data).returncode == 0
    assert out("manuals", data=data) == {"manuals": []}


def test_what_was_noticed_while_reading_is_told_where_a_manual_is_added(tmp_path: Path) -> None:
    page = "<h1>Lamp L1</h1><p>Press ON.</p><p style='display:none'>Old: turn the wheel.</p>"
    file = tmp_path / "lamp.html"
    file.write_text(page + "<p>The lamp shines for ten hours with a full battery.</p>")
    told = run("add", file, data=tmp_path / "data").stdout.splitlines()
    (manual,) = out("manuals", data=tmp_path / "data")["manuals"]
    assert manual["warnings"], "a hidden paragraph is said to be left out"
    assert told[1:] == [f"  Note: {one}" for one in manual["warnings"]]
    assert "1 passage, 1 note" in run("manuals", data=tmp_path / "data").stdout
    (again,) = out("add", file, data=tmp_path / "other")["files"]
    assert again["warnings"] == manual["warnings"]


def test_plain_output_is_for_people(data: Path) -> None:
    assert "pump.md  Ready: 4 passages" in run("add", data.parent / "in" / "*.md", data=data).stdout
    answer = run("ask", "How do I replace the seal?", data=data).stdout
    assert "Tighten the screws to 12 Nm. [" in answer
    assert (
        "Pump P-200 user manual, Maintenance > Replace the seal" in answer
    )  # Markdown has no pages


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes with a name")
def test_a_pipe_or_device_is_refused_and_not_waited_for(data: Path) -> None:
    os.mkfifo(data.parent / "pipe.md")
    done = run("add", data.parent / "pipe.md", "/dev/zero", data=data)
    assert done.returncode == 1
    assert "pipe.md is not a file that can be read, but a pipe" in done.stdout
    assert "zero is not a file that can be read, but a device" in done.stdout


def test_names_are_printed_without_control_characters(data: Path) -> None:
    (data.parent / "in" / "\x1b[31mred\x07.md").write_text(
        "# Red\n\nIt is red.\n", encoding="utf-8"
    )
    done = run(
        "add", data.parent / "in", data.parent / "\x1b2Jgone.md", "--product", "P\x1b[1m", data=data
    )
    done.stdout += run("manuals", data=data).stdout
    done.stderr += (
        run("remove", "\x1b[2Jnone", data=data).stderr
        + run("add", data.parent / "\x1b*.pdf", data=data).stderr
    )
    assert "red.md" in done.stdout and "gone.md" in done.stdout
    assert not [char for char in done.stdout + done.stderr if ord(char) < 32 and char != "\n"]


def test_a_removed_manual_is_listed_and_restored(data: Path) -> None:
    run("add", data.parent / "in" / "pump.md", data=data)
    assert run("manuals", "removed", data=data).stdout.strip() == "No manual was removed."
    run("manuals", "remove", "Pump P-200 user manual", data=data)
    assert "Pump P-200 user manual" in run("manuals", "removed", data=data).stdout
    done = run("manuals", "restore", "pump p-200 user manual", data=data)
    assert "'Pump P-200 user manual', version 1, is searched again." in done.stdout
    again = run("manuals", "restore", "Pump P-200 user manual", data=data)
    assert again.returncode == 1 and "There is no removed manual" in again.stderr


def test_versions_on_the_command_line(data: Path) -> None:
    run("add", data.parent / "in", data=data)
    (data.parent / "in" / "pump.md").write_text(PUMP.replace("12 Nm", "14 Nm"), encoding="utf-8")
    run("add", "--draft", data.parent / "in" / "pump.md", data=data)
    live, draft = sorted(out("manuals", data=data)["manuals"], key=lambda manual: manual["version"])
    assert (live["state"], draft["state"]) == ("live", "draft")
    assert out("manuals", "publish", draft["version_id"], data=data)["manuals"][0]["version"] == 2
    assert "14 Nm" in out("ask", "How do I replace the seal?", data=data)["text"]
    assert out("manuals", "rollback", live["id"], data=data)["manuals"][0]["version"] == 1
    assert "12 Nm" in out("ask", "How do I replace the seal?", data=data)["text"]


def test_one_bad_file_fails_the_command_but_not_the_others(data: Path) -> None:
    (data.parent / "in" / "bad.pdf").write_bytes(b"%PDF-1.7 broken")
    done = run("add", data.parent / "in", data.parent / "none.md", data=data)
    assert done.returncode == 1
    assert "pump.md  Ready: 4 passages" in done.stdout
    assert "2 of 3 files could not be added." in done.stderr
    assert "Traceback" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["remove", "nothing"], 1, "There is no manual 'nothing'. List the manuals"),
        (["ask", " "], 1, "The question is empty. Type a question."),
        (["evaluate", "--cases", "none.jsonl"], 1, "cannot be read"),
        (["serve", "--host", "0.0.0.0", "--no-browser"], 1, "nobody has an account yet"),
        (["serve", "--port", "99999"], 1, "--port must lie between 0 and 65535"),
        (["search", "seal", "--limit", "-1"], 2, "'-1' is not a number of 1 or more"),
        (["search", "seal", "--limit", "0"], 2, "'0' is not a number of 1 or more"),
        (["frobnicate"], 2, "invalid choice"),
        (["ask"], 2, "ask needs a question, or --batch FILE"),
        (["ask", "x", "--batch", "y"], 2, "ask needs a question, or --batch FILE"),
        (["ask", "--batch", "none.jsonl"], 1, "cannot be read: no such file"),
        (["manuals", "publish"], 2, "needs a manual"),
        (["manuals", "publish", "x"], 1, "'x' is no version"),
        (["ask", "x", "--mode", "magic"], 2, "invalid choice"),
    ],
)
def test_faults_are_one_sentence_and_an_exit_code(
    data: Path, arguments: list[str], code: int, words: str
) -> None:
    done = run(*arguments, data=data)
    assert done.returncode == code
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    if code == 1:
        assert done.stderr.count("\n") == 1


def test_a_file_is_no_data_folder(data: Path) -> None:
    done = run("manuals", data=data.parent / "in" / "pump.md")
    assert done.returncode == 1
    assert "pump.md cannot be used: it is a file and no folder." in done.stderr


def test_a_batch_of_conversations_is_answered_line_by_line_and_not_kept(data: Path) -> None:
    out("add", data.parent / "in", data=data)
    cases = [
        {"id": "a", "turns": ["How do I replace the seal of the P-200?", "And clean the filter?"]},
        {"id": "b", "turns": ["How do I replace the seal?"], "product": "Pump P-200"},
        {"id": "c", "turns": [" "]},
    ]
    file = data.parent / "cases.jsonl"
    file.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    done = run("ask", "--batch", file, "--json", data=data)
    first, second, third = map(json.loads, done.stdout.splitlines())
    assert done.returncode == 1
    assert (first["id"], first["outcome"]) == ("a", "answered") and "P-200" in first["asked"]
    assert second["id"] == "b" and second["citations"] and second["sections"] == []
    assert third == {"id": "c", "error": "The question is empty. Type a question."}
    assert not (data / "journal.db").exists()
    file.write_text('{"id": "a", "turns": "How?"}', encoding="utf-8")
    assert '"turns" must be a list' in run("ask", "--batch", file, data=data).stderr


def test_evaluate_prints_and_writes(data: Path) -> None:
    run("add", data.parent / "in", data=data)
    cases = data.parent / "cases.jsonl"
    cases.write_text(
        '{"question": "How do I clean the filter?", "sections": ["Maintenance > Clean the filter"]}',
        encoding="utf-8",
    )
    report = out("evaluate", "--cases", cases, data=data)
    assert report["modes"]["documents"]["retrieval"] == {
        "R@1": 1.0,
        "R@5": 1.0,
        "R@10": 1.0,
        "MRR": 1.0,
    }
    assert json.loads((data / "evaluations" / "cases.json").read_text()) == report
    assert "R@1" in run("evaluate", "--cases", cases, data=data).stdout


def test_doctor_says_what_is_there_and_where_settings_come_from(data: Path) -> None:
    done = run("doctor", data=data, env={"TANDEM_PORT": "8123"})
    assert done.returncode == 0, done.stdout
    assert "port = 8123  (TANDEM_PORT)" in done.stdout
    assert "SQLite" in done.stdout and "FTS5" in done.stdout
    (data / "knowledge.db").write_bytes(b"not a database" * 100)
    broken = run("doctor", data=data)
    assert broken.returncode == 1
    assert "fault   library" in broken.stdout


def test_doctor_says_what_to_install_for_scans_and_old_office_files(data: Path) -> None:
    lacking = run("doctor", data=data, env={"PATH": str(data)})
    assert lacking.returncode == 0, lacking.stdout
    assert "note    ocr: tesseract, which reads pictures of text, is not installed: apt install" in lacking.stdout  # fmt: skip
    assert "note    old office: LibreOffice, which reads the old Office" in lacking.stdout


@needs_tesseract
def test_doctor_says_in_which_languages_pictures_are_read(data: Path) -> None:
    assert "reads pictures of text in eng, deu" in run("doctor", data=data).stdout
    only = run("doctor", data=data, env={"TANDEM_OCR_LANGUAGES": "deu"})
    assert "reads pictures of text in deu\n" in only.stdout
    wrong = run("doctor", data=data, env={"TANDEM_OCR_LANGUAGES": "deu+tlh"})
    assert "TANDEM_OCR_LANGUAGES names tlh, which tesseract does not have here" in wrong.stdout


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("TANDEM_PORT", "many", "must be a number"),
        ("TANDEM_PORT", "70000", "between"),
        ("TANDEM_MIN_MATCH", "2", "between"),
        ("TANDEM_LOG_LEVEL", "loud", "debug"),
    ],
)
def test_bad_settings_are_refused(variable: str, value: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        Settings.load({variable: value})


def test_the_command_line_wins_over_the_environment() -> None:
    settings = Settings.load({"TANDEM_PORT": "8000", "TANDEM_HOST": "::1"}, port=9000)
    assert (settings.port, settings.host) == (9000, "::1")
    assert (settings.origin["port"], settings.origin["host"], settings.origin["data"]) == (
        "command line",
        "TANDEM_HOST",
        "default",
    )
    assert all(f"TANDEM_{item.name.upper()}" in table() for item in fields())


def test_two_manuals_in_one_go(data: Path) -> None:
    (data.parent / "in" / "fan.md").write_text(FAN, encoding="utf-8")
    out("add", data.parent / "in", data=data)
    answer = out("ask", "How often do I clean the filter?", data=data)
    assert answer["outcome"] == "which product"
    assert sorted(answer["products"]) == ["Fan F-100", "Pump P-200"]


def test_sections_to_choose_from_are_listed(data: Path) -> None:
    run("add", data.parent / "in" / "*.md", data=data)
    never_sure = {"TANDEM_MIN_MATCH": "1", "TANDEM_MIN_CHOICE": "0.01"}
    shown = run("ask", "How do I replace the seal?", data=data, env=never_sure).stdout
    assert "- Pump P-200 user manual, Maintenance > Replace the seal" in shown.splitlines()


def test_a_product_without_a_manual_is_said_with_status_1(tmp_path: Path) -> None:
    manual = tmp_path / "pump.md"
    manual.write_text(PUMP, encoding="utf-8")
    data = tmp_path / "data"
    assert run("add", manual, "--product", "Pump P-200", data=data).returncode == 0
    (draft := tmp_path / "draft.txt").write_text("Close both valves.", encoding="utf-8")
    for command in (("ask", "How?"), ("search", "How?"), ("check", draft)):
        wrong = run(*command, "--product", "Pump P-900", data=data)
        assert (wrong.returncode, wrong.stdout) == (1, "")
        assert "There is no manual for the product 'Pump P-900'." in wrong.stderr
        assert run(*command, "--product", "pump p-200", data=data).returncode == 0
    found = run("search", "How is the seal replaced?", data=data).stdout
    assert "page" not in found.splitlines()[2]  # Markdown has none


def test_a_wrong_batch_file_says_what_a_batch_file_is(tmp_path: Path) -> None:
    (batch := tmp_path / "batch.jsonl").write_text('{"question": "How?"}\n', encoding="utf-8")
    wrong = run("ask", "--batch", batch, data=tmp_path / "data")
    assert wrong.returncode == 1
    assert '{"id", "turns"' in wrong.stderr and '"sections"' not in wrong.stderr


def test_products_that_disagree_are_asked_about_below_the_answer() -> None:
    unlike = Conflict(1, 2, (("12 Nm", "4 Nm"),))
    said = answer_lines(answer(products=("Fan", "Pump"), conflicts=(unlike,)))
    assert "\n\nWhich product is it about?\n- Fan\n- Pump" in said
    assert "Which product" not in answer_lines(answer())


def test_a_place_is_named_once_for_all_its_sentences() -> None:
    here, same, there = citation(1), citation(2), citation(3, page=4, label="")
    lines = answer_lines(answer(citations=(here, same, there))).splitlines()
    (first, second) = [line for line in lines if line.startswith("[")]
    assert first.startswith("[1] [2] Aurora X200") and second.startswith("[3] Aurora X200")
