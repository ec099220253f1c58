"""`edgegen cert list` with live hosts: what they send beside what the store has."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.test_cert import MIDDLE, ROOT, SPEC, House, verdicts
from tests.conftest import Edgegen
from tests.fakes.authority_of_tests import Issued, traefik_default
from tests.fakes.dns_server import FakeDns
from tests.fakes.tls_servers import Server, Servers, Site

Start = Callable[[dict[str, Site]], Server]


@pytest.fixture
def house(tmp_path: Path, edgegen: Edgegen) -> House:
    (tmp_path / "edge.yaml").write_text(SPEC.format(address="127.0.0.1"))
    found = House(tmp_path, edgegen)
    for host in ("www.example.com", "hub.example.com"):
        found.issue(host)
    return found


@pytest.fixture
def live(house: House) -> Iterator[Start]:
    """Both hosts at one loopback address, found through a DNS of our own."""
    zone = "".join(f"{host}. 60 IN A 127.0.0.1\n" for host in house.issued)
    ca = house.folder / "ca.pem"
    ca.write_bytes(ROOT.pem)
    with FakeDns(zone) as dns, Servers() as servers:

        def start(sites: dict[str, Site]) -> Server:
            server = servers.tls(sites)
            house.live = (
                "--resolver", f"127.0.0.1:{dns.port}", "--authority-port", str(dns.port), "--timeout", "5",
                "--ca-file", str(ca), "--connect-to", f":443:127.0.0.1:{server.port}",
                "--connect-to", f":80:127.0.0.1:{servers.closed_port()}",
            )  # fmt: skip
            return server

        yield start


def sites(house: House, **other: Issued) -> dict[str, Site]:
    """What the store has, or another in its place: `www=` and `hub=`."""
    return {
        host: Site(other.get(host.partition(".")[0], house.issued[host]))
        for host in ("www.example.com", "hub.example.com")
    }


def test_stored_and_sent_agree(house: House, live: Start) -> None:
    live(sites(house))
    ran = house.list()
    assert (ran.code, ran.err) == (0, "")
    assert [line.split()[-1] for line in ran.out.splitlines()[1:]] == ["www.example.com", "hub.example.com"]


@pytest.mark.slow
def test_no_password_goes_anywhere(house: House, live: Start) -> None:
    server = live(sites(house))
    assert house.list().code == 0
    assert server.requests
    assert not [
        request for request in server.requests if request.headers.get("authorization", "").startswith("Basic Y2k")
    ]


@pytest.mark.slow
def test_another_is_sent_than_stored(house: House, live: Start) -> None:
    live(sites(house, www=MIDDLE.issue("www.example.com", days=(-60, 60))))
    code, result = house.json()
    assert (code, verdicts(result)) == (0, {("www.example.com", "older")})
    assert [item["stored"] for item in result["certificates"]] == [True, True, False]


@pytest.mark.slow
def test_one_that_is_sent_alone_is_judged_too(house: House, live: Start) -> None:
    live(sites(house, www=MIDDLE.issue("www.example.com", days=(-80, 5))))
    code, result = house.json()
    assert (code, verdicts(result)) == (1, {("www.example.com", "older"), ("www.example.com", "ending")})


@pytest.mark.slow
def test_traefiks_default_certificate(house: House, live: Start) -> None:
    live(sites(house, hub=traefik_default()))
    code, result = house.json()
    assert (code, verdicts(result)) == (1, {("hub.example.com", "default-certificate")})


@pytest.mark.slow
def test_a_host_that_can_not_be_seen_is_not_good(house: House, live: Start) -> None:
    live({"www.example.com": Site(house.issued["www.example.com"])})
    code, result = house.json()
    assert (code, verdicts(result)) == (4, {("hub.example.com", "not-seen")})
    assert result["ok"] is False
