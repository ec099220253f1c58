"""Fake servers for the tests of the client."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.tls_servers import Servers


@pytest.fixture
def servers() -> Iterator[Servers]:
    with Servers() as running:
        yield running
