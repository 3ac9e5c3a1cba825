"""What many tests share: the real manuals' folder, a library, a desk; and the rule that CI skips nothing."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from chatbot.desk import Desk, open_desk  # noqa: E402
from chatbot.settings import Settings  # noqa: E402
from knowledge.library import Library, open_library  # noqa: E402
from knowledge.types import Job, Manual  # noqa: E402

DATA = ROOT.parent / "shared" / "data"

PUMP = """# Pump P-200 user manual

## Safety

Switch the pump off before you open the cover. Never run the pump dry.

## Maintenance

### Replace the seal

To replace the seal, close both valves. Remove the four screws of the cover. Tighten the screws to 12 Nm.

### Clean the filter

Clean the filter every 500 hours of operation. Use water, not solvent.

## Specifications

The motor takes 230 V and 450 W. The largest pressure is 6 bar at 40 °C.
"""
FAN = PUMP.replace("Pump P-200", "Fan F-100").replace("pump", "fan").replace("12 Nm", "4 Nm").replace("500 hours", "200 hours")


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    outcome = yield
    report = outcome.get_result()
    if report.skipped and os.environ.get("TANDEM_NO_SKIP") and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where nothing may be skipped: {report.longrepr}"


@pytest.fixture(scope="session")
def manuals_folder() -> Path:
    """The real manuals; they come with a workplace, not with the project."""
    if not DATA.is_dir():
        pytest.skip(f"the real manuals are not at {DATA}")
    return DATA


def put(
    library: Library, file_name: str, content: str | bytes, *, manual: str = "", product: str = "", draft: bool = False
) -> Job:
    """Adds a file from memory and waits for the end of its job."""
    data = content.encode() if isinstance(content, str) else content
    return library.run(library.accept(io.BytesIO(data), file_name, name=manual, product=product, draft=draft).id)


def only(library: Library) -> Manual:
    (manual,) = library.manuals()
    return manual


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    made = open_library(tmp_path / "data")
    yield made
    made.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = open_desk(Settings.load({}, data=tmp_path / "data", ollama_url="none"))
    yield made
    made.close()
