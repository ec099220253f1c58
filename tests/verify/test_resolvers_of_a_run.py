"""Which resolvers a run asks: those that are named, else this machine's own, and none where every host has a detour."""

from __future__ import annotations

import pytest

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.lookup import Server
from edgegen.verify import engine
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import CaaSeen
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes.authority_of_tests import self_signed
from tests.fakes.dns_server import FakeDns
from tests.fakes.tls_servers import Servers, Site

HOST = "www.example.com"


def none_at_all() -> tuple[Server, ...]:
    raise OutsideError("this machine has no resolver")


def detour(port: int) -> Settings:
    return Settings(timeout=60, connect_to=(ConnectTo(HOST, None, "127.0.0.1", port),))


def endpoint() -> Endpoint:
    return Endpoint(HOST, HOST, web_port=None)


def test_this_machines_own_are_asked_where_none_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeDns(f"{HOST}. 60 IN A 10.1.2.3") as dns:
        monkeypatch.setattr(engine, "system_servers", lambda: (Server("127.0.0.1", dns.port),))
        (seen,) = engine.look([endpoint()], Settings(timeout=60), trust=Trust.load(None))
    assert seen.names.addresses == ("10.1.2.3",)


def test_a_machine_without_any_can_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "system_servers", none_at_all)
    with pytest.raises(OutsideError, match="no resolver"):
        engine.look([endpoint()], Settings(timeout=60), trust=Trust.load(None))


def test_with_a_detour_for_every_host_nobody_is_missed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even by the question who may issue a certificate: it stays open."""
    monkeypatch.setattr(engine, "system_servers", none_at_all)
    with Servers() as servers:
        server = servers.tls(Site(self_signed(HOST)))
        (seen,) = engine.look([endpoint()], detour(server.port), trust=Trust.load(None))
    assert (seen.names.detour, seen.caa, seen.incomplete) == ("127.0.0.1", CaaSeen(), False)
    assert seen.addresses[0].tls is not None
    assert seen.addresses[0].tls.certificate is not None
