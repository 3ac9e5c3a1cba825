"""A reply that is about to go out, checked sentence by sentence: in the library, against given passages, on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from chatbot.assistant import Assistant
from chatbot.errors import BadDraft, BadPassages
from chatbot.grounding.reply_check import LONGEST, check_against, check_draft, read_passages
from run import main
from tests.support.manuals import FAN, PUMP, put

DRAFT = """Hello Ms Keller,

thank you for writing. Close both valves to replace the seal of the pump [1]. Tighten the screws to 14 Nm.
- Clean the filter every 500 hours.
The pump can swim.

Kind regards
"""


def test_each_sentence_says_what_the_manuals_hold_of_it(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    checked = list(check_draft(assistant.catalog, assistant.search, DRAFT))
    states = {one.sentence.text: one.sentence.state for one in checked}
    assert states["Hello Ms Keller,"] == "none"
    assert states["Tighten the screws to 14 Nm."] == "contradicted"
    assert states["The pump can swim."] == "unsupported"
    assert states["Close both valves to replace the seal of the pump."] == "supported"
    (filter_,) = [one for one in checked if "500 hours" in one.sentence.text]
    assert filter_.line and filter_.sentence.item
    quote = filter_.sources[0].quote if filter_.sources else filter_.sentence.near.quote  # type: ignore[union-attr]
    assert "500 hours" in quote
    (wrong,) = [one for one in checked if one.sentence.state == "contradicted"]
    assert (
        wrong.sentence.near is not None
        and wrong.sentence.near.quote == "Tighten the screws to 12 Nm."
    )
    assert wrong.sentence.against == (("14 Nm", "12 Nm"),)


def test_who_signs_a_reply_claims_nothing_but_a_postscript_does(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP)
    text = "Close both valves.\n\nWith kind regards,\nTom Baker\nSupport Team, Pumps & Co.\nTel. 555 0199\n\nP.S. Tighten the screws to 14 Nm.\n- Run the pump dry"
    states = [
        (one.sentence.text, one.sentence.state)
        for one in check_draft(assistant.catalog, assistant.search, text)
    ]
    assert [
        state for words, state in states if "Baker" in words or "Team" in words or "0199" in words
    ] == ["none"] * 3
    assert dict(states)["P.S. Tighten the screws to 14 Nm."] != "none"
    assert states[-1][1] != "none"
    assert [verdict.state for _, verdict in check_against((PUMP,), "Kind regards\nTom")] == [
        "none",
        "none",
    ]
    thanks = "Thanks for your message,\nthe pump can swim"
    assert [verdict.state for _, verdict in check_against((PUMP,), thanks)][-1] == "unsupported"


def test_another_manual_that_says_otherwise_in_two_places_is_told_once_with_what_is_counted(
    assistant: Assistant,
) -> None:
    put(assistant.catalog, "a.md", "# Pump\n\nClean the filter every 14 days.\n", product="Pump")
    put(
        assistant.catalog,
        "b.md",
        "# Fan\n\nClean the filter every 30 days.\n\n# Care\n\nClean the filter every 30 days.\n",
        product="Fan",
    )
    (checked,) = check_draft(assistant.catalog, assistant.search, "Clean the filter every 14 days.")
    assert [(other.citation.product, other.figures) for other in checked.others] == [
        ("Fan", (("14 days", "30 days"),))
    ]


def test_the_product_that_the_draft_names_is_what_it_is_about(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    put(assistant.catalog, "fan.md", FAN, product="Fan F-100")
    about = "This is about the Fan F-100. Tighten the screws to 12 Nm."
    assert [one.sentence.state for one in check_draft(assistant.catalog, assistant.search, about)][
        1
    ] == "contradicted"
    assert [
        one.sentence.state
        for one in check_draft(
            assistant.catalog, assistant.search, about.replace("Fan F-100", "Pump P-200")
        )
    ][1] == "verified"
    unnamed = "Tighten the screws to 12 Nm."
    assert (
        next(check_draft(assistant.catalog, assistant.search, unnamed, "Fan F-100")).sentence.state
        == "contradicted"
    )
    (other,) = next(check_draft(assistant.catalog, assistant.search, unnamed)).others
    assert (other.citation.product, other.figures) == ("Fan F-100", (("12 Nm", "4 Nm"),))


def test_given_passages_are_named_by_their_index(tmp_path: Path) -> None:
    passages = ("Nothing here.", "Do not use solvent. Tighten the screws to 12 Nm.")
    (first, one), (_, two) = check_against(passages, "Tighten the screws to 12 Nm. Use solvent.")
    assert (first, one.state, two.state) == (
        "Tighten the screws to 12 Nm.",
        "verified",
        "contradicted",
    )
    (place,) = one.places
    assert passages[place.source][place.start : place.end] == first


def test_the_command_line_keeps_its_contract(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TANDEM_OLLAMA_URL", "none")
    data = ["--data", str(tmp_path / "data"), "--json"]
    (tmp_path / "pump.md").write_text(PUMP)
    (tmp_path / "draft.txt").write_text(DRAFT)
    assert main([*data, "add", str(tmp_path / "pump.md")]) == 0
    capsys.readouterr()
    assert main([*data, "check", str(tmp_path / "draft.txt")]) == 0
    rows = json.loads(capsys.readouterr().out)["sentences"]
    assert all(set(row) >= {"text", "state", "sources", "why"} for row in rows)
    (torque,) = [row for row in rows if "14 Nm" in row["text"]]
    assert torque["why"].startswith(
        "The manual says “12 Nm” where this says “14 Nm” (Pump P-200 user manual"
    )
    (valves,) = [row for row in rows if "valves" in row["text"]]
    assert {"manual", "version", "page", "section", "start", "end", "quote"} <= set(
        valves["sources"][0]
    )

    (tmp_path / "passages.json").write_text(
        json.dumps({"passages": [{"text": "Tighten the screws to 12 Nm."}]})
    )
    monkeypatch.setattr("sys.stdin", io.StringIO("Tighten the screws to 12 Nm."))
    assert main(["check", "-", "--passages", str(tmp_path / "passages.json"), "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["sentences"]
    assert row["sources"] == [
        {"passage": 0, "start": 0, "end": 28, "quote": "Tighten the screws to 12 Nm."}
    ]
    assert main(["check", str(tmp_path / "draft.txt"), "--data", str(tmp_path / "data")]) == 0
    assert "contradicted  Tighten the screws to 14 Nm." in capsys.readouterr().out


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (LONGEST + 1)])
def test_a_draft_that_cannot_be_checked_says_why(assistant: Assistant, text: str) -> None:
    with pytest.raises(BadDraft):
        list(check_draft(assistant.catalog, assistant.search, text))


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        "{}",
        '{"passages": []}',
        '{"passages": [{"txt": "a"}]}',
        '{"passages": [3]}',
        "\ud800".encode("utf-8", "surrogatepass"),
    ],
)
def test_a_passages_file_that_cannot_be_used_says_how_it_should_look(
    tmp_path: Path, content: str | bytes
) -> None:
    path = tmp_path / "p.json"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(BadPassages) as fault:
        read_passages(path)
    assert "passages" in fault.value.hint


def test_a_missing_draft_is_one_sentence_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(tmp_path / "none.txt"), "--data", str(tmp_path / "data")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_without_manuals_it_is_said_that_there_is_nothing_to_check_against(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "draft.txt").write_text("The pump can swim.", encoding="utf-8")
    assert (
        main(["check", str(tmp_path / "draft.txt"), "--data", str(tmp_path / "data"), "--json"])
        == 0
    )
    shown = capsys.readouterr()
    assert json.loads(shown.out)["sentences"][0]["state"] == "unsupported"
    assert shown.err.strip() == "There are no manuals yet, so there is nothing to check against."
