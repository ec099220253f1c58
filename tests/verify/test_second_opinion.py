"""sslyze, which shares no code with edgegen, looks at the same servers: same chains as sent, same names, same verdicts.

sslyze brings its own OpenSSL and judges chains by cryptography's verifier, which is stricter than OpenSSL; edgegen
judges by Python's ssl. What is a matter of taste (Ed25519, short RSA keys) is not in the set.

All of it is slow: sslyze judges every chain by five stores of its own as well, two CPU seconds before the first test.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from edgegen.endpoints import Endpoint
from edgegen.verify.engine import look
from edgegen.verify.look.trust import Trust
from edgegen.verify.observation import TlsSeen
from edgegen.verify.settings import ConnectTo, Settings
from tests.fakes.authority_of_tests import Authority, Issued, self_signed, traefik_default
from tests.fakes.tls_servers import Servers, Site

pytestmark = pytest.mark.slow
X509_V_ERR_HOSTNAME_MISMATCH = 62


class Shop:
    """The authorities that issue for the servers; only `root` is trusted."""

    def __init__(self) -> None:
        self.root = Authority.root("Second Root")
        self.middle = self.root.intermediate("Second R1")
        self.second = self.middle.intermediate("Second R2")
        self.rsa = self.root.intermediate("Second R3", key="rsa2048")
        self.old = self.root.intermediate("Second R4", days=(-400, -1))
        self.stranger = Authority.root("Second Stranger").intermediate("Second R5")

    def sends(self, host: str, *certificates: x509.Certificate) -> Issued:
        """A certificate of the second intermediate, with just these after it."""
        return self.second.issue(host).with_sent(*certificates)


@dataclass(frozen=True)
class Case:
    """What a server has for its host, and what both must say of it. `trusted`: but for its name."""

    make: Callable[[Shop], Issued]
    trusted: bool = True
    named: bool = True
    options: Mapping[str, str] = field(default_factory=dict)

    def site(self, shop: Shop) -> Site:
        return Site(self.make(shop), **self.options)


MANY = ("a.many.test", "b.many.test", "*.c.many.test", "192.0.2.7", "2001:db8::7")
CASES = {
    # keys
    "ec.test": Case(lambda shop: shop.middle.issue("ec.test")),
    "ec384.test": Case(lambda shop: shop.middle.issue("ec384.test", key="ec384")),
    "rsa.test": Case(lambda shop: shop.middle.issue("rsa.test", key="rsa2048")),
    "rsa3072.test": Case(lambda shop: shop.middle.issue("rsa3072.test", key="rsa3072")),
    "rsaca.test": Case(lambda shop: shop.rsa.issue("rsaca.test", key="rsa2048")),
    # names
    "sub.wild.test": Case(lambda shop: shop.middle.issue("*.wild.test")),
    "b.many.test": Case(lambda shop: shop.middle.issue(*MANY)),
    "upper.test": Case(lambda shop: shop.middle.issue("UPPER.test")),
    "xn--mnchen-3ya.test": Case(lambda shop: shop.middle.issue("xn--mnchen-3ya.test")),
    "wrong.test": Case(lambda shop: shop.middle.issue("right.test"), named=False),
    "a.b.deep.test": Case(lambda shop: shop.middle.issue("*.deep.test"), named=False),
    "apex.test": Case(lambda shop: shop.middle.issue("*.apex.test"), named=False),
    "bare.test": Case(lambda shop: shop.middle.issue(common_name="bare.test"), named=False),
    # dates
    "expired.test": Case(lambda shop: shop.middle.issue("expired.test", days=(-90, -1)), trusted=False),
    "future.test": Case(lambda shop: shop.middle.issue("future.test", days=(1, 90)), trusted=False),
    "oldca.test": Case(lambda shop: shop.old.issue("oldca.test"), trusted=False),
    # chains of one to four certificates, right, wrong and cut
    "one.test": Case(lambda shop: shop.root.issue("one.test")),
    "three.test": Case(lambda shop: shop.second.issue("three.test")),
    "order.test": Case(lambda shop: shop.sends("order.test", shop.middle.certificate, shop.second.certificate)),
    "extra.test": Case(lambda shop: shop.sends("extra.test", *shop.second.chain, shop.stranger.certificate)),
    "anchor.test": Case(lambda shop: shop.sends("anchor.test", *shop.second.chain, shop.root.certificate)),
    "alone.test": Case(lambda shop: shop.middle.issue("alone.test").alone(), trusted=False),
    "gap.test": Case(lambda shop: shop.sends("gap.test", shop.second.certificate), trusted=False),
    "self.test": Case(lambda _: self_signed("self.test"), trusted=False),
    "default.test": Case(lambda _: traefik_default(), trusted=False, named=False),
    "unknown.test": Case(lambda shop: shop.stranger.issue("unknown.test"), trusted=False),
    # protocols
    "twelve.test": Case(lambda shop: shop.middle.issue("twelve.test"), options={"maximum": "TLSv1.2"}),
    "thirteen.test": Case(lambda shop: shop.middle.issue("thirteen.test"), options={"minimum": "TLSv1.3"}),
}
HOSTS = list(CASES)


@dataclass(frozen=True)
class World:
    """All servers, and what both programs saw of them."""

    sites: dict[str, Site]
    seen: dict[str, TlsSeen]
    theirs: dict[str, Any]
    """Host -> sslyze's list of deployments."""
    authority: Path


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    shop = Shop()
    authority = tmp_path_factory.mktemp("authority") / "ca.pem"
    authority.write_bytes(shop.root.pem)
    sites = {host: case.site(shop) for host, case in CASES.items()}
    with Servers() as servers:
        ports = {host: servers.tls(site).port for host, site in sites.items()}
        yield World(sites, _ours(ports, authority), _theirs(ports, authority), authority)


def _ours(ports: dict[str, int], authority: Path) -> dict[str, TlsSeen]:
    detours = tuple(ConnectTo(host, port, "127.0.0.1", port) for host, port in ports.items())
    settings = Settings(ca_file=str(authority), connect_to=detours)
    endpoints = [Endpoint(host, host, port=port, web_port=None) for host, port in ports.items()]
    found = {}
    for seen in look(endpoints, settings, trust=Trust.load(settings.ca_file)):
        (address,) = seen.addresses
        assert address.tls is not None, (seen.endpoint.host, address)
        found[seen.endpoint.host] = address.tls
    return found


def _theirs(ports: dict[str, int], authority: Path) -> dict[str, Any]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the authorities in its own stores
        from sslyze import (
            ScanCommand,
            ScanCommandsExtraArguments,
            Scanner,
            ServerNetworkLocation,
            ServerScanRequest,
        )
        from sslyze.plugins.certificate_info.implementation import CertificateInfoExtraArgument

        scanner = Scanner()
        extra = ScanCommandsExtraArguments(certificate_info=CertificateInfoExtraArgument(authority))
        places = [ServerNetworkLocation(host, port, "127.0.0.1") for host, port in ports.items()]
        scanner.queue_scans([ServerScanRequest(place, None, {ScanCommand.CERTIFICATE_INFO}, extra) for place in places])
        results = {result.server_location.hostname: result.scan_result for result in scanner.get_results()}
    return {host: _deployments(host, result) for host, result in results.items()}


def _deployments(host: str, result: Any) -> Any:
    assert result is not None, f"sslyze could not connect to {host}"
    info = result.certificate_info
    assert info.result is not None, f"{host}: {info.error_reason} {info.error_trace}"
    return info.result.certificate_deployments


def _accepted(deployment: Any, authority: Path, name: str = "") -> bool:
    """Whether sslyze's verifier takes the chain with our authority: for its host, or for another name."""
    if not name:
        (own,) = (item for item in deployment.path_validation_results if "upplied" in item.trust_store.name)
        return bool(own.was_validation_successful)
    from sslyze.plugins.certificate_info.trust_stores.trust_store import TrustStore

    store = TrustStore(authority, "ours", "1")
    result = store.verify_certificate_chain(deployment.received_certificate_chain_as_pem, x509.DNSName(name))
    return bool(result.was_validation_successful)


def test_the_set_is_large_enough() -> None:
    assert len(HOSTS) >= 20


@pytest.mark.parametrize("host", HOSTS)
def test_the_same_chain_was_sent(world: World, host: str) -> None:
    (deployment,) = world.theirs[host]
    theirs = [item.fingerprint(hashes.SHA256()).hex() for item in deployment.received_certificate_chain]
    assert [item.fingerprint for item in world.seen[host].chain] == theirs
    assert len(theirs) == 1 + len(world.sites[host].certificate.sent)


@pytest.mark.parametrize("host", HOSTS)
def test_the_same_names(world: World, host: str) -> None:
    from sslyze.plugins.certificate_info._certificate_utils import parse_subject_alternative_name_extension

    (deployment,) = world.theirs[host]
    for ours, theirs in zip(world.seen[host].chain, deployment.received_certificate_chain, strict=True):
        names = parse_subject_alternative_name_extension(theirs)
        assert sorted(ours.names) == sorted(name.lower() for name in (*names.dns_names, *names.ip_addresses))


@pytest.mark.parametrize("host", HOSTS)
def test_the_same_verdict(world: World, host: str) -> None:
    """Trusted for this host, or not."""
    (deployment,) = world.theirs[host]
    case, ours = CASES[host], world.seen[host]
    assert ours.verified is _accepted(deployment, world.authority), (ours.verify_code, ours.verify_message)
    assert ours.verified is (case.trusted and case.named)


@pytest.mark.parametrize("host", HOSTS)
def test_the_same_reason(world: World, host: str) -> None:
    """Where the chain is good and the host is not among its names, both say that it is for the name alone."""
    (deployment,) = world.theirs[host]
    case, ours = CASES[host], world.seen[host]
    own = next((name.replace("*", "any") for name in ours.chain[0].names if ":" not in name), "")
    if case.trusted and own:  # the one without any name is refused by sslyze before its chain is looked at
        assert _accepted(deployment, world.authority, own)
    assert (ours.verify_code == X509_V_ERR_HOSTNAME_MISMATCH) is (case.trusted and not case.named)


def test_a_difference_would_be_seen(world: World) -> None:
    """The planted fault: another server's chain, and another authority."""
    (deployment,) = world.theirs["ec.test"]
    assert [item.fingerprint for item in world.seen["rsa.test"].chain] != [
        item.fingerprint(hashes.SHA256()).hex() for item in deployment.received_certificate_chain
    ]
    assert not _accepted(deployment, world.authority, "rsa.test")
