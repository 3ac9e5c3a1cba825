"""A running server without manuals, and its people; one for each file of tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.people import Team, team_of
from tests.support.serving import Site, running_site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with running_site(tmp_path_factory.mktemp("team") / "data") as made:
        yield made


@pytest.fixture(scope="module")
def team(site: Site) -> Iterator[Team]:
    with team_of(site) as made:
        yield made
