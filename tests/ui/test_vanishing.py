"""The data folder of a running server is deleted or replaced: it is said within seconds, and nothing is made there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.serving import ask, client_of, running_site, upload, wait_until_read

PUMP = b"# Pump P-200 manual\n\n## Seal\n\nTo replace the seal of the pump, close both valves.\n"


@pytest.mark.parametrize("replaced", [False, True])
def test_a_folder_that_is_gone_is_said_everywhere(tmp_path: Path, replaced: bool) -> None:
    data = tmp_path / "data"
    with running_site(data) as site, client_of(site) as client:
        upload(client, "pump.md", PUMP)
        wait_until_read(client)
        assert "data folder" not in client.get("/status").json()["html"]
        shutil.move(data, tmp_path / "away")
        if replaced:
            shutil.copytree(tmp_path / "away", data)
        word = "replaced by another one" if replaced else "is gone"
        before = sorted(path.name for path in data.rglob("*")) if replaced else []
        assert word in client.get("/status").json()["html"]
        refused = client.post(
            "/manuals/upload", params={"name": "big.md"}, content=b"x" * (2 << 20)
        )
        assert refused.status_code >= 400 and word in refused.json()["error"]
        updates, _ = ask(client, "How do I replace the seal of the pump?")
        told = str(updates)
        assert "This answer is not kept: " in told and word in told
        # A thread that has read the library answers from it; one that would open it now says why it does not.
        last = str(updates[-1])
        assert "close both valves" in last or (word in last and "not kept" not in last)
        assert "There are no manuals" not in told and "The manuals do not answer" not in told
        assert (sorted(path.name for path in data.rglob("*")) if replaced else data.exists()) == (
            before if replaced else False
        )
