"""A model's opinion on a sentence that no rule finds: when it is asked for, what of it counts, and that it is off."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from chatbot.assistant import Assistant
from chatbot.errors import BadSetting
from chatbot.grounding.model_verifier import MOST, deciding, may_be_asked
from chatbot.grounding.reply_check import Checked, check_draft
from chatbot.operations.deployment import open_assistant
from chatbot.settings import Settings
from run import main
from tests.support.manuals import put
from tests.support.writing_server import WritingServer, writing_server
from ui.reply_check import results

PHONE = "# Aurora P1 user manual\n\n## Voicemail\n\nYou can access voicemail through the Phone app. Hold 1 for 10 seconds to call it. Do not share the code.\n"
HELD = "You can access voicemail through the Phone app."
SAID = "The Phone app gives access to your voicemail."


def desk_of(folder: Path, server: WritingServer, **chosen: object) -> Assistant:
    assistant = open_assistant(
        Settings.load(
            {}, data=folder / "data", ollama_url=server.url, **{"verifier": "model", **chosen}
        )
    )
    put(assistant.catalog, "phone.md", PHONE)
    return assistant


def checked(assistant: Assistant, text: str = SAID) -> Checked:
    (one,) = check_draft(assistant.catalog, assistant.search, text, "", assistant.second_opinion())
    return one


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ("yes\naccess voicemail through the Phone app", "supported"),
        ("Yes.\nDeciding words: “You can access voicemail through the Phone app.”", "supported"),
        ("yes, access voicemail through the Phone app", "supported"),
        ("yes", "unsupported"),
        ("yes\nThe Phone app gives access to your voicemail.", "unsupported"),
        ("yes\nvoicemail", "unsupported"),
        ("no\nYou can access voicemail through the Phone app.", "unsupported"),
        ("Yesterday you can access voicemail through the Phone app.", "unsupported"),
        ("I think so: access voicemail through the Phone app", "unsupported"),
        ("", "unsupported"),
    ],
)
def test_a_yes_counts_with_words_that_stand_in_the_passage(
    tmp_path: Path, answer: str, state: str
) -> None:
    with writing_server(answer) as server:
        assistant = desk_of(tmp_path, server)
        one = checked(assistant)
        assistant.close()
    assert one.sentence.state == state
    (asked,) = server.asked
    texts = " ".join(message["content"] for message in asked["messages"])  # type: ignore[attr-defined]
    assert HELD in texts and SAID in texts
    if state == "supported":
        assert one.sentence.by == "model" and [source.quote for source in one.sources] == [HELD]
        assert "says the model" in results.ReplyReport().row(one)
    else:
        assert one.sentence.by == "rules" and not one.sources and one.sentence.near is not None


def test_it_is_off_and_needs_a_model(tmp_path: Path) -> None:
    with writing_server("yes\naccess voicemail through the Phone app") as server:
        assistant = desk_of(tmp_path, server, verifier=None)
        assert assistant.second_opinion() is None
        assert checked(assistant).sentence.state == "unsupported"
        assert server.asked == []
        assistant.close()
    alone = open_assistant(
        Settings.load({}, data=tmp_path / "data", ollama_url="none", verifier="model")
    )
    assert alone.second_opinion() is None
    alone.close()
    with pytest.raises(BadSetting, match="TANDEM_VERIFIER must be rules or model"):
        Settings.load({"TANDEM_VERIFIER": "both"})


@pytest.mark.parametrize(
    ("claim", "held"),
    [
        (
            "Voicemail is called when you hold 1 for 15 seconds.",
            "Hold 1 for 10 seconds to call it.",
        ),
        ("Take part KF-11 for it.", "Take part KF-10 for it."),
        ("The code is shared.", "Do not share the code."),
        ("Only the Phone app gives access to voicemail.", HELD),
        ("If you are at home, the Phone app gives access to voicemail.", HELD),
        ("The Phone app must give access to voicemail.", HELD),
        ("All apps give access to voicemail.", "Some apps give access to voicemail."),
        ("The left door is opened.", "Open the right door."),
        ("Type tar -c for it.", "Use tar -x for it."),
        ("The Phone S10e gives access to voicemail.", HELD),
        (
            "Das Gerät darf mit Wasser gereinigt werden.",
            "Das Gerät darf nicht mit Wasser gereinigt werden.",
        ),
        ("x" * 700, HELD),
    ],
)
def test_a_model_is_never_asked_where_numbers_codes_or_negations_differ(
    claim: str, held: str
) -> None:
    assert not may_be_asked(claim, held)
    assert may_be_asked(SAID, HELD)


def test_what_the_rules_deny_or_find_is_not_asked_about(tmp_path: Path) -> None:
    with writing_server("yes\nShare the code.") as server:
        assistant = desk_of(tmp_path, server)
        for text, state in (("Share the code.", "contradicted"), (HELD, "verified"), ("You can access the voicemail through", "unsupported"),
                            ("Hold 1 for 15 seconds to call it.", "contradicted")):  # fmt: skip
            assert checked(assistant, text).sentence.state == state
        assistant.close()
    assert server.asked == []


def test_a_model_is_asked_so_often_and_no_more(tmp_path: Path) -> None:
    with writing_server("no") as server:
        assistant = desk_of(tmp_path, server)
        text = " ".join(
            f"The Phone app {verb} your voicemail."
            for verb in "shows plays keeps reads sorts holds tells moves".split()
        )
        states = [
            one.sentence.state
            for one in check_draft(
                assistant.catalog, assistant.search, text, "", assistant.second_opinion()
            )
        ]
        assistant.close()
    assert states == ["unsupported"] * 8 and len(server.asked) == MOST


def test_a_model_server_that_goes_away_leaves_the_rules(tmp_path: Path) -> None:
    with writing_server("yes\naccess voicemail through the Phone app") as server:
        assistant = desk_of(tmp_path, server, answer_seconds=2)
        second_opinion = assistant.second_opinion()
        assert second_opinion is not None
        server.write("yes", ends="stall")
        begun = time.monotonic()
        assert second_opinion.words(SAID, HELD) == ""
        assert time.monotonic() - begun < 60, "it does not wait for ever"
        assert second_opinion.words(SAID, HELD) == "", "nor past the deadline"
        assistant.close()


def test_the_command_line_says_who_found_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with writing_server("yes\naccess voicemail through the Phone app") as server:
        desk_of(tmp_path, server).close()
        (tmp_path / "draft.txt").write_text(f"{SAID} {HELD}")
        monkeypatch.setenv("TANDEM_OLLAMA_URL", server.url)
        monkeypatch.setenv("TANDEM_VERIFIER", "model")
        assert (
            main(["--data", str(tmp_path / "data"), "--json", "check", str(tmp_path / "draft.txt")])
            == 0
        )
    rows = json.loads(capsys.readouterr().out)["sentences"]
    assert [(row["state"], row["by"]) for row in rows] == [
        ("supported", "model"),
        ("verified", "rules"),
    ]


def test_the_words_are_those_of_the_passage() -> None:
    assert deciding("YES\n- access  VOICEMAIL", HELD) == "access voicemail"
    assert (
        deciding("yes\n", HELD) == deciding("no", HELD) == deciding("yes: through it", HELD) == ""
    )
