"""What many tests share: a library, an assistant; and the rule that CI skips nothing."""

from __future__ import annotations

import faulthandler
import os
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

hypothesis_settings.register_profile("tandem", deadline=None)  # a busy machine is no fault
hypothesis_settings.load_profile("tandem")
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from chatbot.assistant import Assistant  # noqa: E402
from chatbot.operations.deployment import open_assistant  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from knowledge.library import Library, open_library  # noqa: E402
from tests.support.manuals import texts_read_once  # noqa: E402

TRAINING = 3600  # seconds for a test that may be the first to need the toy models
MAKING = {"": (), "built": ("ollama", "weaviate"), "demo": ("ollama", "weaviate", "models")}
BUILDING = os.environ.get("TANDEM_BUILDING")  # a file in it for each thing that is being made


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules that need a built server come late, the toy models last: `.ci/run` makes both beside other tests.

    Whichever test asks first for the toy models waits for their training, alone or in a whole run.
    """
    for item in items:
        if item.get_closest_marker("demo"):
            item.add_marker(pytest.mark.timeout(TRAINING))
    needs: dict[Path, int] = {}
    for item in items:
        needs[item.path] = max(needs.get(item.path, 0), list(MAKING).index(_need(item)))
    # A module stays whole: its tests share servers, and one process takes it.
    items.sort(key=lambda item: needs[item.path])


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Waits for what is still being made; this is before the time of the test is taken."""
    for name in MAKING[_need(item)]:
        while BUILDING and Path(BUILDING, name).exists():
            time.sleep(1)
    yield


def _need(item: pytest.Item) -> str:
    return next((name for name in ("demo", "built") if item.get_closest_marker(name)), "")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("TANDEM_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"
    # pytest-xdist sends it as UTF-8; a test may print a file's name that is in no encoding.
    report.sections = [
        (name, text.encode(errors="backslashreplace").decode()) for name, text in report.sections
    ]


@pytest.fixture(scope="session", autouse=True)
def _no_thread_is_left() -> Iterator[None]:
    """A thread that a test left running keeps pytest from ending, after its summary and without a word."""
    yield
    left = [one for one in threading.enumerate() if one is not threading.main_thread() and not one.daemon]  # fmt: skip
    for thread in left:
        thread.join(10)
    if names := sorted(one.name for one in left if one.is_alive()):
        faulthandler.dump_traceback_later(30, exit=True)
        pytest.fail(f"Tests left these threads running: {', '.join(names)}")


@pytest.fixture(scope="session", autouse=True)
def _texts_read_once() -> Iterator[None]:
    with texts_read_once():
        yield


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = open_library(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def assistant(tmp_path: Path) -> Iterator[Assistant]:
    made = open_assistant(Settings.load({}, data=tmp_path / "data", ollama_url="none"))
    yield made
    made.close()
