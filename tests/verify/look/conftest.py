"""What tests of the probes share: an authority that the run trusts, one that it doesn't, and fake servers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from msgspec.structs import replace

from edgegen.endpoints import Endpoint
from edgegen.net.deadline import Deadline
from edgegen.net.tls import Line
from edgegen.verify.look.address import look_at_address
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import AddressSeen
from edgegen.verify.settings import Settings
from tests.fakes.authority_of_tests import Authority
from tests.fakes.tls_servers import Servers

HOST = "a.test"


@dataclass(frozen=True)
class Pki:
    """`middle` is an intermediate of `root`, which the run trusts; `stranger` of a root that it doesn't."""

    root: Authority
    middle: Authority
    stranger: Authority
    ca_file: str


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    root = Authority.root()
    stranger = Authority.root("Strange Root").intermediate("Strange R1")
    return Pki(root, root.intermediate(), stranger, root.write(tmp_path_factory.mktemp("pki")))


@pytest.fixture
def trust(pki: Pki) -> Trust:
    """A new one for each test: it remembers what it saw."""
    return Trust.load(pki.ca_file)


@pytest.fixture
def servers() -> Iterator[Servers]:
    with Servers() as running:
        yield running


def line(port: int, *, host: str = HOST, address: str = "127.0.0.1", seconds: float = 60.0) -> Line:
    """Where a name is dialled, within so many seconds."""
    return Line(host, address, port, Deadline.after(seconds))


def look(trust: Trust, endpoint: Endpoint, *, settings: Settings | None = None, seconds: float = 60.0) -> AddressSeen:
    """All of one address of loopback, `seconds` being the whole time that it has."""
    settings = replace(settings or Settings(), timeout=seconds)
    return look_at_address(endpoint, "127.0.0.1", settings, trust, seconds)
