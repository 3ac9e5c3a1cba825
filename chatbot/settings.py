"""Every setting, once: its name, default and help. Read from TANDEM_* variables; nothing else reads them."""

from __future__ import annotations

import dataclasses
import ipaddress
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from adapters.errors import BadAddress
from adapters.servers.base import addresses
from chatbot.errors import BadSetting

PREFIX = "TANDEM_"


def _setting(default: Any, help: str, secret: bool = False) -> Any:  # noqa: A002 - the word that argparse and others use
    return field(default=default, metadata={"help": help, "secret": secret}, repr=not secret)


def _default_data() -> Path:
    from platformdirs import user_data_dir

    return Path(user_data_dir("tandem", appauthor=False))


@dataclass(frozen=True, slots=True)
class Settings:
    """What can be set. ``origin`` says where each value came from: "default", "TANDEM_…" or "command line"."""

    data: Path | None = _setting(
        None, "folder for the database and the uploaded files; unset: a per-user folder"
    )
    host: str = _setting(
        "127.0.0.1",
        "address to serve on; one that other machines reach (`0.0.0.0`) only once somebody can sign in (`run.py users add`)",
    )
    port: int = _setting(7860, "port to serve on; 0 picks a free one")
    hosts: str = _setting(
        "",
        "names under which the pages may be opened besides this machine's own, separated by commas: `support.example.com`",
    )
    proxies: str = _setting(
        "",
        "addresses of the reverse proxies that are trusted to say who asks, and that it was over TLS, separated by commas",
    )
    session_days: int = _setting(
        14, "days after which somebody who did not come back signs in anew"
    )
    keep_days: int = _setting(
        0,
        "days after which a conversation that has not changed is erased, with its answers and votes; 0: never",
    )
    watch: str = _setting(
        "",
        "folders that the library is kept in step with, separated as in PATH: what is put there is added, what is taken away is removed",
    )
    oidc_issuer: str = _setting(
        "",
        "address of the team's OpenID Connect provider; whoever it vouches for can sign in, new people as agents",
    )
    oidc_domains: str = _setting(
        "",
        "e-mail domains whose people the provider may let in without an admin having added them, separated by commas: `example.com`; unset: everybody it vouches for",
    )
    oidc_client_id: str = _setting("", "the name under which the provider knows Tandem")
    oidc_client_secret: str = _setting(
        "", "the secret that goes with it; never shown and never logged", secret=True
    )
    max_upload_mb: int = _setting(200, "largest file that may be added, in MB")
    max_waiting: int = _setting(200, "how many uploads may wait at once")
    read_seconds: int = _setting(120, "longest time for reading one file")
    read_memory_mb: int = _setting(1024, "most memory for reading one file, in MB")
    ocr_languages: str = _setting(
        "",
        "languages in which pictures of text are read, as tesseract calls them: `eng+deu`; unset: all that it has here",
    )
    index: str = _setting(
        "sqlite:",
        "search engine, as a URL: `sqlite:`, or `weaviate+http://host:port` (`?grpc=50051`) for a Weaviate server;"
        " after a change, `run.py reindex` fills it",
    )
    min_match: float = _setting(
        0.5, "match probability (0 to 1) from which the manuals are taken to answer"
    )
    min_choice: float = _setting(
        0.24,
        "match probability (0 to 1) from which the nearest sections are offered to choose from; 1: never",
    )
    ollama_url: str = _setting(
        "http://127.0.0.1:11434",
        "Ollama servers, separated by commas; none: answers are always quotes",
    )
    model_servers: str = _setting(
        "",
        "model servers of any kind, separated by commas, in place of TANDEM_OLLAMA_URL: ollama+http://127.0.0.1:11434, openai+http://gpu-box:8000/v1 (vLLM, llama.cpp, LM Studio); the first that answers is used",
    )
    api_key: str = _setting(
        "", "key sent to the openai+ servers; never shown and never logged", secret=True
    )
    chat_model: str = _setting(
        "",
        "model that answers from passages; unset: the adapter's base, else the largest up to 10 GB that can write and runs on the server itself",
    )
    context: int = _setting(
        4096,
        "context length asked of the model server, in tokens; a model's own limit wins when it is lower",
    )
    answer_seconds: int = _setting(
        60, "deadline of an answer by a model; after it, the answer is quotes"
    )
    unsupported: str = _setting(
        "mark",
        "a written sentence that no passage supports: mark it, or quote the nearest passage in its place",
    )
    verifier: str = _setting(
        "rules",
        "who says that a passage holds a sentence in other words: rules, or rules and then the chat model",
    )
    at_once: int = _setting(
        1, "how many answers a model server writes at once; the others wait in line"
    )
    max_questions: int = _setting(200, "how many questions may wait at once")
    demo_cache: str = _setting(
        "", "folder in which `run.py demo` keeps what it trained; unset: in the data folder"
    )
    log_level: str = _setting("warning", "debug, info, warning or error; the log goes to stderr")
    origin: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def shared(self) -> bool:
        """Whether other machines than this one are let in."""
        return bool(self.hosts or self.proxies) or not is_loopback(self.host)

    @property
    def watched(self) -> tuple[Path, ...]:
        """The folders that the library is kept in step with."""
        return tuple(
            Path(part.strip()).expanduser() for part in self.watch.split(os.pathsep) if part.strip()
        )

    @property
    def folder(self) -> Path:
        """The data folder, whether set or not."""
        return self.data if self.data is not None else _default_data()

    @classmethod
    def load(cls, environ: Mapping[str, str], **chosen: Any) -> Settings:
        """Values from the command line (``chosen``, None means not given), else from TANDEM_*, else defaults.

        Raises BadSetting for a value that cannot be read or lies outside its range.
        """
        values: dict[str, Any] = {}
        origin: dict[str, str] = {}
        for item in fields():
            variable = PREFIX + item.name.upper()
            if chosen.get(item.name) is not None:
                values[item.name], origin[item.name] = chosen[item.name], "command line"
            elif environ.get(variable, "").strip():
                values[item.name], origin[item.name] = (
                    _read(item, variable, environ[variable].strip()),
                    variable,
                )
            else:
                origin[item.name] = "default"
        settings = cls(**values, origin=origin)
        _check(settings)
        return settings


def names_in(text: str) -> tuple[str, ...]:
    """Return the names in a setting that holds several, separated by commas."""
    return tuple(name.strip() for name in text.split(",") if name.strip())


def is_loopback(host: str) -> bool:
    """Say whether a host name or address can only be reached from this machine."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def shown(settings: Settings, item: dataclasses.Field[Any]) -> str:
    """A setting's value as it may be shown: of a secret, only whether it is set."""
    value = settings.folder if item.name == "data" else getattr(settings, item.name)
    if item.metadata["secret"]:
        return "(set)" if value else ""
    return str(value)


def fields() -> list[dataclasses.Field[Any]]:
    """The settings as dataclass fields, in order; ``metadata["help"]`` explains each."""
    return [item for item in dataclasses.fields(Settings) if item.name != "origin"]


def _read(item: dataclasses.Field[Any], variable: str, text: str) -> Any:
    kind: Callable[[str], Any] = Path if item.name == "data" else type(item.default)
    try:
        return kind(text)
    except ValueError as error:
        raise BadSetting(f"{variable} is '{text}', but must be a number.") from error


def _check(settings: Settings) -> None:
    bounds = {
        "port": (0, 65_535), "max_upload_mb": (1, 4_096), "max_waiting": (1, 100_000), "read_seconds": (1, 3_600),
        "read_memory_mb": (128, 65_536), "min_match": (0, 1), "min_choice": (0, 1), "max_questions": (1, 10_000),
        "context": (512, 1_048_576), "answer_seconds": (1, 3_600), "at_once": (1, 256),
        "session_days": (1, 365),
        "keep_days": (0, 36_500),
    }  # fmt: skip
    for name, (low, high) in bounds.items():
        if not low <= getattr(settings, name) <= high:
            typed = settings.origin.get(name) == "command line"
            called = f"--{name.replace('_', '-')}" if typed else f"{PREFIX}{name.upper()}"
            raise BadSetting(f"{called} must lie between {low} and {high}.")
    for proxy in names_in(settings.proxies):
        try:
            ipaddress.ip_network(proxy, strict=False)
        except ValueError as error:
            raise BadSetting(f"{PREFIX}PROXIES: '{proxy}' is no IP address or network.") from error
    if settings.unsupported not in ("mark", "quote"):
        raise BadSetting(f"{PREFIX}UNSUPPORTED must be mark or quote.")
    if settings.verifier not in ("rules", "model"):
        raise BadSetting(f"{PREFIX}VERIFIER must be rules or model.")
    if settings.log_level not in ("debug", "info", "warning", "error"):
        raise BadSetting(f"{PREFIX}LOG_LEVEL must be debug, info, warning or error.")
    _check_servers(settings)


def _check_servers(settings: Settings) -> None:
    try:
        addresses(settings.model_servers)
    except BadAddress as error:
        raise BadSetting(f"{PREFIX}MODEL_SERVERS: {error} {error.hint}") from error
    if not (settings.api_key.isascii() and settings.api_key.isprintable()):
        raise BadSetting(f"{PREFIX}API_KEY holds characters that no key has; set it again.")


def table() -> str:
    """The settings as the Markdown table of README.md."""
    rows = ["| variable | default | meaning |", "| --- | --- | --- |"]
    for item in fields():
        default = "" if item.default is None else f"`{item.default}`"
        rows.append(f"| `{PREFIX}{item.name.upper()}` | {default} | {item.metadata['help']} |")
    return "\n".join(rows)
