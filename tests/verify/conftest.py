"""A fake registry behind TLS, for tests of pushes and of looks at a registry; a machine that trusts one authority."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.authority_of_tests import Authority
from tests.fakes.registry import FakeRegistry
from tests.verify.push.ground import CANARY, Ground


@pytest.fixture(scope="session")
def system_authority(tmp_path_factory: pytest.TempPathFactory) -> str:
    return Authority.root("The System's").write(tmp_path_factory.mktemp("system"))


@pytest.fixture(scope="module", autouse=True)
def small_system(system_authority: str) -> Iterator[None]:
    """Reading this machine's 140 authorities takes 15 ms for each of hundreds of tests, and none needs them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", system_authority)
        patch.setenv("SSL_CERT_DIR", str(Path(system_authority).parent))
        yield


@pytest.fixture(scope="session")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground.make(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def fake(ground: Ground) -> Iterator[FakeRegistry]:
    """A registry that is right, until a test says otherwise."""
    with FakeRegistry(ground.certificate, password=CANARY) as there:
        yield there
