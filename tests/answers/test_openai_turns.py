"""Whole turns over OpenAI-compatible servers: documents, adapter, both, what fails, and what is said of the server."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.publishing.publish import make_base
from adapters.servers.ollama import Ollama
from chatbot.assistant import ask_once
from chatbot.conversations.types import Question
from chatbot.errors import BadSetting
from chatbot.models.chains import warm
from chatbot.operations.doctor import examine
from chatbot.settings import Settings
from tests.support.command import run
from tests.support.model_server import SEAL, ModelServer
from tests.support.ollama_server import TEMPLATE, running_ollama, tiny_base
from tests.support.openai_server import assistant_over, openai_server

warm()  # the first import of LangChain would take more than these tests' deadlines
SAID = "Tighten the screws to 12 Nm. [1]"


def test_documents_are_answered_with_a_checked_citation(tmp_path: Path) -> None:
    with (
        openai_server(said=SAID, thought="Let me look.") as server,
        assistant_over(tmp_path, f"openai+{server.url}") as assistant,
    ):
        answer = ask_once(assistant, Question(SEAL, mode="documents"))
        status = assistant.models.status()
    assert (answer.outcome, answer.model, answer.route.mode) == (
        "answered",
        "org/base",
        "documents",
    )
    assert answer.text == SAID and "look" not in answer.text
    (sentence,) = answer.sentences
    assert sentence.state == "verified"
    assert "12 Nm" in answer.citations[0].quote
    (asked,) = server.asked
    system, user = asked["messages"]
    assert (system["role"], user["role"]) == ("system", "user")
    assert "Tighten the screws to 12 Nm." in user["content"] and SEAL in user["content"]
    assert status.chat and status.chat.context == 2048  # vLLM's max_model_len wins
    assert status.why == "It is the base of the served adapter."


def test_the_adapter_is_the_lora_that_the_server_lists(tmp_path: Path) -> None:
    with (
        openai_server(said="Tighten the screws to 12 Nm.") as server,
        assistant_over(tmp_path, f"openai+{server.url}") as assistant,
    ):
        alone = ask_once(assistant, Question(SEAL, mode="adapter"))
        both = ask_once(assistant, Question(SEAL, mode="both"))
    assert (alone.model, alone.route.mode) == ("desk", "adapter")
    assert (both.model, both.route.mode) == ("desk", "both")
    assert {asked["model"] for asked in server.asked} == {"desk"}
    assert "passage [" not in server.asked[0]["messages"][1]["content"]


def test_an_answer_that_was_cut_says_so(tmp_path: Path) -> None:
    said = f"{SAID} Remove the four screws of the cover. [1] Then take the"
    with (
        openai_server(said=said, ends="length") as server,
        assistant_over(tmp_path, f"openai+{server.url}") as assistant,
    ):
        answer = ask_once(assistant, Question(SEAL, mode="documents"))
    assert "Then take the" not in answer.text
    assert answer.text.startswith(SAID)
    assert answer.notices


@pytest.mark.parametrize("fault", ["500", "mid-stream cut", "bad JSON", "another program", "reset"])
def test_a_server_that_fails_leads_to_quotes_and_says_why(tmp_path: Path, fault: str) -> None:
    with (
        openai_server(fault) as server,
        assistant_over(tmp_path, f"openai+{server.url}", answer_seconds=20) as assistant,
    ):
        answer = ask_once(assistant, Question(SEAL, mode="documents"))
    assert answer.outcome == "answered" and answer.citations and answer.model == ""
    assert any("quotes the manuals" in notice for notice in answer.notices)
    assert not any("Ollama" in notice or "ollama" in notice for notice in answer.notices)


def test_the_kind_is_said_and_the_key_is_not(tmp_path: Path) -> None:
    with openai_server(said=SAID, key="k-12345") as server:
        env = {"TANDEM_MODEL_SERVERS": f"openai+{server.url}", "TANDEM_API_KEY": "k-12345"}
        told = run("doctor", data=tmp_path, env=env)
        assert f"OpenAI-compatible server at {server.url}" in told.stdout
        assert "api_key = (set)" in told.stdout
        listed = run("models", data=tmp_path, env=env)
        assert f"model server: up, OpenAI-compatible server at {server.url}" in listed.stdout
        wrong = run("doctor", data=tmp_path, env={**env, "TANDEM_API_KEY": "k-99999"})
        assert "does not accept the API key" in wrong.stdout
        as_json = run("doctor", "--json", data=tmp_path, env=env)
    for said in (told, listed, wrong, as_json):
        assert "k-12345" not in said.stdout + said.stderr
        assert "k-99999" not in said.stdout + said.stderr


def test_ollama_is_called_ollama_and_the_new_setting_wins(tmp_path: Path) -> None:
    server = ModelServer(said=SAID)
    try:
        settings = Settings.load(
            {
                "TANDEM_MODEL_SERVERS": f"ollama+{server.url}",
                "TANDEM_OLLAMA_URL": "http://127.0.0.1:9",
                "TANDEM_DATA": str(tmp_path),
            }
        )
        (told,) = (c.text for c in examine(settings).checks if c.name == "model server")
        assert told.startswith(f"Ollama at {server.url}: ")
    finally:
        server.close()


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("http://127.0.0.1:8000/v1", "does not say which kind of model server it is"),
        ("openai+http://me:secret@host/v1", "must not hold a name or a password"),
        ("ollama+localhost:11434", "is not the address of a model server"),
    ],
)
def test_a_bad_server_is_one_sentence_at_the_start(tmp_path: Path, value: str, words: str) -> None:
    with pytest.raises(BadSetting, match=words):
        Settings.load({"TANDEM_MODEL_SERVERS": value})
    told = run("models", data=tmp_path, env={"TANDEM_MODEL_SERVERS": value})
    assert told.returncode != 0 and "TANDEM_MODEL_SERVERS" in told.stderr
    assert "Traceback" not in told.stderr and "secret" not in told.stderr + told.stdout


def test_the_demonstration_says_at_once_that_it_needs_a_server_that_makes_models(
    tmp_path: Path,
) -> None:
    with openai_server() as server:
        told = run("demo", data=tmp_path, env={"TANDEM_MODEL_SERVERS": f"openai+{server.url}"})
    assert told.returncode != 0 and "cannot make one there" in told.stderr
    assert not (tmp_path / "adapters" / "demo").exists()


@pytest.mark.built
def test_a_turn_over_ollamas_own_v1_streams_what_the_model_says(tmp_path: Path) -> None:
    """Random weights say nothing that a manual holds; that they were asked and heard is what counts."""
    with running_ollama(tmp_path / "models") as url:
        base = tiny_base(tmp_path / "base", max_position_embeddings=2048)
        make_base("desk", base, Ollama(url), template=TEMPLATE)
        with assistant_over(tmp_path, f"openai+{url}/v1", answer_seconds=120) as assistant:
            status = assistant.models.status()
            answer = ask_once(assistant, Question(SEAL, mode="adapter"))
    assert status.state == "up" and status.adapter and status.adapter.model == "desk:latest"
    assert answer.outcome == "answered"
    heard = answer.model == "desk:latest"
    assert heard or any("repeated itself" in notice for notice in answer.notices), answer.notices
    log = (tmp_path / "models.log").read_text(encoding="utf-8")
    assert '"/v1/chat/completions"' in log and '"/api/chat"' not in log.split("/v1/models")[-1]
