"""Conventions that would be wishes without a test: direction of imports, who owns which library, sizes, README."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from chatbot.settings import table
from run import parser

ROOT = Path(__file__).parents[1]
BELOW = {
    "knowledge": set(),
    "adapters": set(),
    "chatbot": {"knowledge", "adapters"},
    "ui": {"chatbot", "knowledge", "adapters"},
}
OWNERS = {
    "gradio": {"ui"}, "fastapi": {"ui"}, "llama_index": {"knowledge"}, "sqlite_utils": {"knowledge"},
    "pypdf": {"knowledge"}, "pypdfium2": {"knowledge"}, "sqlalchemy": {"chatbot"}, "sacrebleu": {"chatbot"},
    "ollama": {"adapters"}, "langchain": {"chatbot"}, "langchain_core": {"chatbot"}, "langchain_ollama": {"chatbot"}, "langchain_community": {"chatbot"},
    "weaviate": {"knowledge"},
}  # fmt: skip
HEAVY = (
    "gradio",
    "llama_index",
    "langchain",
    "pypdfium2",
    "sqlalchemy",
    "pptx",
    "openpyxl",
    "mammoth",
    "weaviate",
)
MODULES = [path for package in BELOW for path in sorted((ROOT / package).rglob("*.py"))]


def imported(path: Path) -> set[str]:
    """Top-level names that a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_go_one_way_and_libraries_have_owners(path: Path) -> None:
    package = path.relative_to(ROOT).parts[0]
    names = imported(path)
    assert not names & (set(BELOW) - BELOW[package] - {package})
    assert not {name for name in names if package not in OWNERS.get(name, {package})}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_modules_are_small_and_say_what_they_are(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    assert ast.get_docstring(tree)
    assert source.count("\n") <= 400
    functions = [
        node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert not [node.name for node in functions if (node.end_lineno or 0) - node.lineno >= 60]


def test_the_command_line_starts_light() -> None:
    """`run.py ask` must not pay for the browser's packages."""
    import subprocess
    import sys

    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run, chatbot.assistant; print([m for m in {HEAVY} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_readme_has_the_settings_the_commands_and_a_true_map() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert table() in readme
    commands = next(action.choices for action in parser()._actions if action.dest == "command")
    assert not [name for name in commands if f"run.py {name}" not in readme]
    paths = re.findall(r"^\| .+ \| `([\w./-]+\.(?:py|css|js))`", readme, re.M)
    assert len(paths) >= 8
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_every_text_a_database_reads_is_bound() -> None:
    """SQL is made of constants and numbers; what a person typed is a bound parameter."""
    allowed = {
        "_MANUAL",
        "_PASSAGE",
        "where",
        "wanted",
        "joined",
        "marks",
        "chosen",
        "_OPEN",
        "_COLUMNS",
        "which",
        "change",
        "DIMENSIONS",
        "pragma",
        "SCHEMA_VERSION",
    }
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.JoinedStr):
                continue
            text = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
            if re.search(r"\b(SELECT .* FROM|INSERT INTO|UPDATE \w+ SET|DELETE FROM)\b", text):
                names = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}
                assert names <= allowed, (
                    f"{path.name}:{node.lineno} puts {names - allowed} into SQL"
                )


def test_nothing_evaluates_or_unpickles() -> None:
    for path in MODULES:
        source = path.read_text(encoding="utf-8")
        assert not re.search(
            r"(?<![\w.])(eval|exec|__import__)\(|\bpickle\b|yaml\.load\(|shell=True", source
        ), path
