"""A reply that is about to go out, checked sentence by sentence: in the library, against given passages, on the command line."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from chatbot.assistant import Assistant
from chatbot.errors import BadDraft, BadPassages
from chatbot.grounding.figures import otherwise
from chatbot.grounding.letter import parts_of
from chatbot.grounding.reply_check import (
    LONGEST,
    check_against,
    check_draft,
    read_passages,
    sentences_of,
)
from run import main
from tests.support.manuals import FAN, PUMP, put

POWER = "Power sharing requires a minimum battery level of 30% in order to share."
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


MAIL = """Hi Ms Keller,

thanks! Please close both valves.

Replacing the seal
1. Tighten the screws to 14 Nm.
2. Run the pump dry

## The seal
| Part | Torque |
|------|--------|
| Cover | 12 Nm |

The pump can swim
You can also call us on 0800 123 4567. Run it for 1000 hours.
The pump can swim.

Thanks,
Tom Baker
Pump Desk

On 12 Nov 2026 at 14:02, Jim Keller wrote:
> The seal leaks. I tightened it to 20 Nm.
P.S. Tighten the screws to 15 Nm.

-----Original Message-----
From: jim@example.com
It broke at 30 bar.
"""


def test_what_stands_around_the_claims_of_a_mail_is_not_judged(assistant: Assistant) -> None:
    put(assistant.catalog, "pump.md", PUMP, product="Pump P-200")
    checked = list(check_draft(assistant.catalog, assistant.search, MAIL))
    judged = [one.sentence.text for one in checked if one.sentence.state != "none"]
    assert judged == [
        "Please close both valves.",
        "1. Tighten the screws to 14 Nm.",
        "2. Run the pump dry",
        "| Cover | 12 Nm |",
        "The pump can swim",
        "Run it for 1000 hours.",
        "The pump can swim.",
        "P.S. Tighten the screws to 15 Nm.",
    ]
    assert [one.sentence.text for one in checked if one.again] == ["The pump can swim."]
    against = [verdict.state for text, verdict in check_against((PUMP,), MAIL) if "20 Nm" in text]
    assert against == ["none"]


@pytest.mark.parametrize(
    "line",
    [
        "Do not shake it",
        "Torque: 14 Nm",
        "- Clean the filter",
        "Never oil it",
        "It holds 5 bar",
        "Order 4711 0815 2 first.",
        "Use part 0815-4711-22 only.",
        "It is valid until 05/12/2026.",
        "Keep it at +10 to +40 °C.",
        "The phone lasts 10 000 000 cycles.",
        "Use screw 00815-4711-11 and torque 9 Nm.",
        "The range of the mobile unit is 1000 - 20000 m.",
        "Call step 2024-11-26 10:20 again.",
        "Hello, the pressure is 9 bar.",
        "Dear Anna, from Phone, tap Recents.",
        "Best regards, your Galaxy S10 is rated for diving.",
        "Call us on 0800 123 4567 when it shows 9 bar.",
        "On page 3 of the manual the maker wrote:",
    ],
)
def test_a_line_that_claims_something_is_no_heading_and_no_number_to_call(line: str) -> None:
    ended = sentences_of(f"{line}\nSwitch the pump off before you open it.")
    assert parts_of(ended)[0] == "claim"


@pytest.mark.parametrize(
    "closing", ["Best regards,", "Thanks.", "Cheers", "Many thanks", "Mit freundlichen Grüßen"]
)
@pytest.mark.parametrize("line", ["Note: never exceed 9 bar", "Turn off", "Never exceed 9 bar."])
def test_what_is_said_behind_a_closing_is_judged(closing: str, line: str) -> None:
    ended = sentences_of(f"Switch the pump off.\n{closing}\n{line}")
    assert parts_of(ended)[-1] == "claim"


@pytest.mark.parametrize(
    "line",
    [
        "Call us on 0800 123 4567.", "Phone: 555-0199", "You reach Tom at +49 30 901820.", "Tel. 555 0199", "desk@example.com", "www.example.com/help", "Sehr geehrte Frau Keller,",
        "Dear Tom!", "> The seal leaks.", "On 12 Nov 2026, Jim wrote:", "-----Original Message-----",
    ],
)  # fmt: skip
def test_a_line_that_only_a_letter_has_is_not_judged(line: str) -> None:
    ended = sentences_of(f"{line}\n> Switch the pump off before you open it.")
    assert parts_of(ended)[0] == "around"


@pytest.mark.parametrize(
    ("said", "held", "figures"),
    [
        ("It requires minimum 20 % battery.", POWER, (("20 %", "30%"),)),
        ("Your phone needs at least 20% battery to use power sharing.", POWER, (("20%", "30%"),)),
        ("The filter wants cleaning each 14 days", "Clean the filter every 30 days.", (("14 days", "30 days"),)),
        ("Error E05 means the cutter is jammed.", "Error E04 means that the cutter is jammed, so remove the strip.", (("E05", "E04"),)),
        # The same, written otherwise; another matter; a figure that counts something else; two of a kind.
        ("It requires minimum thirty percent battery.", POWER, ()),
        ("The display shows 20 % at night.", POWER, ()),
        ("The battery level of power sharing lasts 20 hours at minimum.", POWER, ()),
        ("It requires minimum 20 % to 40 % battery.", POWER, ()),
        ("Error E11 means the battery is low.", "Error E10 means that the clock battery is empty.", ()),
    ],
)  # fmt: skip
def test_figures_in_free_wording_are_compared_with_the_nearest_sentence(
    said: str, held: str, figures: tuple[tuple[str, str], ...]
) -> None:
    assert otherwise(said, held) == figures
    assert otherwise(said, held, [said]) == ()  # another sentence gives that figure for the same


@pytest.mark.parametrize(
    ("said", "held", "called", "figures"),
    [
        ("Quick Relay on the Kestrel K7 requires minimum 20% battery to share.", "Requires minimum 30% battery", "Kestrel K7 Quick Relay", (("20%", "30%"),)),
        ("The Kestrel K7 filter must be cleaned every 14 days.", "Clean it every 30 days.", "Kestrel K7 Filter", (("14 days", "30 days"),)),
        # Another matter of the same section, and another product than the section's.
        ("Quick Relay on the Kestrel K7 drains 20% of the battery.", "Requires minimum 30% battery", "Kestrel K7 Quick Relay", ()),
        ("Quick Relay on the Merlin M5 requires minimum 20% battery.", "Requires minimum 30% battery", "Kestrel K7 Quick Relay", ()),
    ],
)  # fmt: skip
def test_figures_are_compared_though_the_section_and_product_are_named_beside_them(
    said: str, held: str, called: str, figures: tuple[tuple[str, str], ...]
) -> None:
    assert otherwise(said, held, called=called) == figures


def test_a_freely_worded_sentence_with_another_figure_is_contradicted(assistant: Assistant) -> None:
    put(assistant.catalog, "phone.md", f"# Phone P1\n\n## Power sharing\n\n{POWER}\n")
    said = "Your phone needs at least {} battery to use power sharing."
    (wrong,) = check_draft(assistant.catalog, assistant.search, said.format("20 %"))
    assert wrong.sentence.state == "contradicted"
    assert wrong.sentence.against == (("20 %", "30%"),)
    assert wrong.sentence.near is not None and wrong.sentence.near.quote == POWER
    (right,) = check_draft(assistant.catalog, assistant.search, said.format("30 %"))
    assert right.sentence.state != "contradicted"


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
