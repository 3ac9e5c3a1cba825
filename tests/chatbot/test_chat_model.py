"""Which model writes from passages: by what it can do, never one that runs elsewhere unasked, and always said why."""

from __future__ import annotations

from pathlib import Path

import pytest

from chatbot.assistant import ask_once
from chatbot.conversations.keeping import new_conversation
from chatbot.conversations.types import Question
from chatbot.models.choice import ListedModel, choose, in_billions
from chatbot.operations.doctor import examine
from tests.support.model_server import SEAL, ModelServer, assistant_with
from ui.chat.status_line import line

WRITER = ListedModel("zephyr:latest", 4 << 30, "llama", ("completion",))
SMALL = ListedModel("smol:latest", 1 << 30, "llama", ("completion", "tools"))
HUGE = ListedModel("big:70b", 40 << 30, "llama", ("completion",))
EMBEDDER = ListedModel("embeddinggemma:latest", 1 << 29, "gemma3", ("embedding",))
NO_WORD = ListedModel("bge-reranker:latest", 1 << 29, "llama")
CLOUD = ListedModel("gpt-oss:120b-cloud", 400, "gptoss", ("completion",), "https://ollama.com:443")
TINY = ListedModel("tiny:135m", 1 << 27, "llama", ("completion",), billions=0.13452)
GEMMA = ListedModel("gemma3:1b", 1 << 29, "gemma3", ("completion",), billions=0.99989)
SEES = ListedModel("llava:13b", 8 << 30, "llama", ("completion", "vision"))
BARE = ListedModel("pretrained:7b", 4 << 30, "llama", ("completion",), chats=False)
NO_SIZE = ListedModel("org/a")  # an OpenAI-compatible server says no more
ADAPTER = ListedModel("a-desk:v2", 4 << 30, "llama", ("completion",), adapter=True)


@pytest.mark.parametrize(
    ("wanted", "base", "models", "model", "why"),
    [
        ("", "", [ADAPTER, NO_WORD, EMBEDDER, CLOUD, WRITER], "zephyr:latest", "the one model here"),
        ("", "", [SMALL, WRITER, HUGE], "zephyr:latest", "largest of 3"),
        ("", "", [HUGE], "big:70b", "the one model"),
        ("", "", [NO_SIZE, ListedModel("org/b")], "org/a", "the first of 2"),
        ("", "smol", [SMALL, WRITER], "smol:latest", "base of the served adapter"),
        ("", "gpt-oss:120b-cloud", [CLOUD, SMALL], "smol:latest", "the one model"),
        ("", "", [EMBEDDER, NO_WORD, CLOUD, ADAPTER], "", "no model that writes answers"),
        ("", "", [], "", "no model that writes answers"),
        ("", "", [TINY], "", "Too small to answer from passages (under 1 billion parameters): tiny:135m."),
        ("", "", [TINY, GEMMA], "gemma3:1b", "the one model"),
        ("", "tiny:135m", [TINY, SMALL], "smol:latest", "the one model"),
        ("tiny:135m", "", [TINY, SMALL], "tiny:135m", "rarely answer from passages"),
        ("", "", [SEES, SMALL], "smol:latest", "the one model"),
        ("", "", [SEES], "llava:13b", "the one model"),
        ("", "", [BARE, SMALL], "smol:latest", "the one model"),
        ("pretrained:7b", "", [BARE], "", "its template passes on no rules"),
        ("zephyr", "smol", [SMALL, WRITER], "zephyr:latest", "TANDEM_CHAT_MODEL names it"),
        ("gone", "smol", [SMALL, WRITER], "", "'gone', which is not on the model server"),
        ("embeddinggemma", "", [EMBEDDER, WRITER], "", "it makes vectors"),
        ("gpt-oss:120b-cloud", "", [CLOUD, WRITER], "gpt-oss:120b-cloud", "It runs at https://ollama.com:443: questions and passages are sent there"),
    ],
)  # fmt: skip
def test_a_model_is_chosen_by_what_it_can_do(
    wanted: str, base: str, models: list[ListedModel], model: str, why: str
) -> None:
    choice = choose(wanted, base, models)
    assert choice.model == model
    assert why in choice.why and choice.why.endswith(".")


def test_the_base_that_was_trained_for_it_may_be_small() -> None:
    assert choose("", "tiny:135m", [TINY, SMALL], trained=True).model == "tiny:135m"


@pytest.mark.parametrize(
    ("said", "billions"),
    [("134.52M", 0.13452), ("3.2B", 3.2), ("1T", 1000.0), ("8.0 B", 8.0), ("", None), ("7", None), (".B", None)],
)  # fmt: skip
def test_parameters_are_read_as_servers_write_them(said: str, billions: float | None) -> None:
    assert in_billions(said) == (billions if billions is None else pytest.approx(billions))


def test_a_model_whose_template_drops_the_rules_is_said_and_not_asked(tmp_path: Path) -> None:
    server = ModelServer(said="Never.", template="{{ .Prompt }}")
    with assistant_with(tmp_path, server, chat_model="") as assistant:
        assert assistant.models.status().chat is None
        answer = ask_once(assistant, Question(SEAL, "documents"))
    assert not answer.model and answer.outcome == "answered" and server.asked == []


def test_a_small_model_is_not_asked_for_documents(tmp_path: Path) -> None:
    server = ModelServer(
        said="Never.",
        models=[{"name": "tiny:135m", "size": 1, "details": {"parameter_size": "134.52M"}}],
    )
    with assistant_with(tmp_path, server, chat_model="") as assistant:
        serving = assistant.models.status()
        answer = ask_once(assistant, Question(SEAL))
    assert serving.chat is None and "Too small" in serving.why
    assert not answer.model and answer.outcome == "answered" and server.asked == []


LISTED: list[dict[str, object]] = [
    {"name": "a-embedder:latest", "size": 1},
    {"name": "b-cloud:latest", "size": 1, "remote_host": "https://ollama.example:443"},
    {"name": "c:latest", "size": 1},
]
ABLE = {
    "a-embedder:latest": ["embedding"],
    "b-cloud:latest": ["completion"],
    "c:latest": ["completion"],
}


def test_a_servers_own_words_decide(tmp_path: Path) -> None:
    """The first by name is an embedder, the second would send the question away: the third is asked."""
    server = ModelServer(said="Tighten the screws to 12 Nm. [1]", models=LISTED, able=ABLE)
    with assistant_with(tmp_path, server, chat_model="") as assistant:
        assert ask_once(assistant, Question(SEAL)).model == "c:latest"
        assert {chat["model"] for chat in server.asked} == {"c:latest"}
        serving = assistant.models.status()
        assert "the one model here that can write" in serving.why
        assert serving.why in line(assistant.catalog.counts(), serving)
        (told,) = (
            check.text
            for check in examine(assistant.settings).checks
            if check.name == "model server"
        )
        assert "documents are answered by c:latest" in told and serving.why in told


def test_a_set_model_that_is_missing_is_said_and_not_replaced(tmp_path: Path) -> None:
    server = ModelServer(said="Tighten the screws to 12 Nm. [1]", models=LISTED, able=ABLE)
    with assistant_with(tmp_path, server, chat_model="llama9") as assistant:
        answer = ask_once(assistant, Question(SEAL))
        serving = assistant.models.status()
        assert (answer.model, server.asked) == ("", [])
        assert answer.sentences and all(
            sentence.state == "verified" for sentence in answer.sentences
        )
        assert (
            "TANDEM_CHAT_MODEL names &#39;llama9&#39;, which is not on the model server."
            in line(assistant.catalog.counts(), serving)
        )
        (told,) = (
            check.text
            for check in examine(assistant.settings).checks
            if check.name == "model server"
        )
        assert "'llama9', which is not on the model server" in told


@pytest.mark.parametrize(
    ("architecture", "asked", "least"), [("qwen3", False, 300), ("gptoss", "low", 1500)]
)
def test_a_thinking_model_is_asked_not_to_think(
    tmp_path: Path, architecture: str, asked: object, least: int
) -> None:
    """Ollama turns thinking on by itself, and the thoughts take the answer's tokens."""
    able = {"m:latest": ["completion", "thinking"]}
    server = ModelServer(
        said="Tighten the screws to 12 Nm. [1]", able=able, architecture=architecture, context=8192
    )
    with assistant_with(tmp_path, server, context=8192) as assistant:
        assert ask_once(assistant, Question(SEAL)).model == "m:latest"
    assert server.asked[0]["think"] == asked
    assert server.asked[0]["options"]["num_predict"] >= least


def test_a_thinking_model_rewrites_a_follow_up_without_thinking(tmp_path: Path) -> None:
    """Eighty tokens are enough for a question, and not for thoughts before it."""
    rewritten = "How often do I clean the filter of the pump?"
    said = ["Use water, not solvent. [1]", rewritten, "Clean the filter every 500 hours. [1]"]
    server = ModelServer(said=said, able={"m:latest": ["completion", "thinking"]})
    with assistant_with(tmp_path, server, seconds=30) as assistant:
        talk = new_conversation()
        ask_once(
            assistant, Question("How do I clean the filter of the pump?", conversation=talk), "ana"
        )
        assert (
            ask_once(assistant, Question("And how often?", conversation=talk), "ana").asked
            == rewritten
        )
    assert [chat["think"] for chat in server.asked] == [False, False, False]


def test_a_model_that_spends_its_answer_on_thoughts_is_not_the_manuals_fault(
    tmp_path: Path,
) -> None:
    able = {"m:latest": ["completion", "thinking"]}
    with assistant_with(
        tmp_path, ModelServer(said="", able=able, thought="Hmm, the seal. " * 50, ends="length")
    ) as assistant:
        answer = ask_once(assistant, Question(SEAL))
    assert answer.outcome == "answered" and answer.citations
    assert any(
        "The model gave no answer. This answer quotes the manuals instead." in notice
        for notice in answer.notices
    )


def test_a_plain_model_is_told_nothing_of_thinking(tmp_path: Path) -> None:
    server = ModelServer(said="Tighten the screws to 12 Nm. [1]", able={"m:latest": ["completion"]})
    with assistant_with(tmp_path, server) as assistant:
        ask_once(assistant, Question(SEAL))
    assert server.asked[0].get("think") is None
