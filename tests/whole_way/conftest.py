"""The lab as fixtures: one engine and one authority for all tests, started when they are first asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.whole_way.authority import Authority, authority
from tests.whole_way.engine import engine


@pytest.fixture(scope="session")
def lab_engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A Docker Engine that answers."""
    with engine(tmp_path_factory.mktemp("engine")):
        yield


@pytest.fixture(scope="session")
def lab_authority(lab_engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """An ACME authority, and a DNS in which every name is this host."""
    with authority(tmp_path_factory.mktemp("authority")) as found:
        yield found
