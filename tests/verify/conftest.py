"""A fake registry behind TLS, for tests of pushes and of looks at a registry."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.fakes.registry import FakeRegistry
from tests.verify.push.ground import CANARY, Ground


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def fake(ground: Ground) -> Iterator[FakeRegistry]:
    """A registry that is right, until a test says otherwise."""
    with FakeRegistry(ground.certificate, password=CANARY) as there:
        yield there
