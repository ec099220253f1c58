"""`addresses: [auto]`: HTTPS decides, DNS may contradict, and nothing but an address of the internet is believed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError
from edgegen.dns import own_address
from edgegen.dns.own_address import fetch_page, own_addresses
from edgegen.lookup import Server
from tests.fakes.authority_of_tests import Authority
from tests.fakes.dns_server import FakeDns
from tests.fakes.tls_scripts import Answer, Handler, drip, endless, redirect
from tests.fakes.tls_servers import Servers, Site
from tests.properties.test_mutated import called

OWN, OWN_6 = "157.245.51.137", "2a03:b0c0::1"
SILENT = lambda name, kind: ("REFUSED", [])  # noqa: E731 - a behaviour like the others
URLS = {4: ("https://one.test/", "https://two.test/"), 6: ("https://six.test/",)}


def saying(*addresses: str) -> Callable[[str, str], tuple[str, list[str]]]:
    return lambda name, kind: ("NOERROR", [f'{name} 60 IN TXT "{address}"' for address in addresses])


def own(pages: dict[str, str], *behaviours: Callable[[str, str], tuple[str, list[str]]], version: int = 4) -> str:
    """The address, found with these pages and DNS servers. A page that is not there is an OSError."""

    def fetch(url: str) -> str:
        if url not in pages:
            raise OSError("no route")
        return pages[url]

    with ExitStack() as stack:
        fakes = [stack.enter_context(FakeDns(behave=behave)) for behave in behaviours]
        servers = {version: tuple(Server("127.0.0.1", fake.port) for fake in fakes)}
        return own_addresses({version}, servers=servers, fetch=fetch, urls=URLS)[version]


def page(address: str, url: str = URLS[4][0]) -> dict[str, str]:
    return {url: f"fl=1\nip={address}\nts=1\n"}


def test_https_decides_and_dns_confirms() -> None:
    assert own(page(OWN), saying(OWN)) == OWN
    assert own(page(OWN), SILENT) == OWN
    assert own(page(OWN)) == OWN
    assert own(page(OWN, URLS[4][1]), saying(OWN), SILENT) == OWN  # the first page was not there
    assert own(page("2A03:B0C0:0::1", URLS[6][0]), saying(OWN_6), version=6) == OWN_6


@pytest.mark.parametrize("address", [OWN, "8.8.8.8", "224.0.0.1"])
def test_dns_alone_is_not_believed(address: str) -> None:
    """8.8.8.8 and 224.0.0.1 were both taken out of one datagram that anybody could send."""
    with pytest.raises(
        OutsideError, match=r"own IPv4 address can't be found out: https://two\.test/: no route"
    ) as told:
        own({}, saying(address))
    assert told.value.exit_code == 4


@pytest.mark.parametrize("answers", [(saying("8.8.8.8"),), (saying(OWN), saying("8.8.8.8")), (saying(OWN, "8.8.8.8"),)])
def test_sources_that_disagree_give_no_address(answers: tuple[Callable[..., tuple[str, list[str]]], ...]) -> None:
    with pytest.raises(OutsideError, match=rf"{OWN} over HTTPS, 8\.8\.8\.8 in the answer of the DNS server") as told:
        own(page(OWN), *answers)
    assert told.value.exit_code == 4


NOT_OF_THE_INTERNET = [
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "10.0.0.1", "100.64.0.1", "127.0.0.1", "0.0.0.0",
    "169.254.169.254", "192.0.2.1", "198.51.100.7", "203.0.113.9", "198.18.0.1", "2a03:b0c0::1", "x", "", "1.2.3",
]  # fmt: skip


@pytest.mark.quick(6)
@pytest.mark.parametrize("address", NOT_OF_THE_INTERNET)
def test_only_addresses_of_the_internet_are_believed(address: str) -> None:
    with pytest.raises(OutsideError, match="no public IPv4 address"):
        own(page(address) | page(address, URLS[4][1]))
    assert own(page(OWN), saying(address)) == OWN  # and such an answer of DNS says nothing


@pytest.mark.parametrize("address", ["ff02::1", "fe80::1", "fd00::1", "2001:db8::1", "::1", "::ffff:10.0.0.1", OWN])
def test_the_same_for_ipv6(address: str) -> None:
    with pytest.raises(OutsideError, match="no public IPv6 address"):
        own(page(address, URLS[6][0]), version=6)


def test_a_page_with_two_addresses_names_none() -> None:
    with pytest.raises(OutsideError, match="several addresses"):
        own({URLS[4][1]: f"ip={OWN}\nip=8.8.8.8\n"})


PAGE = f"ip={OWN}\n".encode()
UNUSABLE: dict[str, tuple[Handler, str]] = {
    "an error": (lambda _: Answer(500, body=PAGE), "500"),
    "a redirect": (lambda _: redirect("https://elsewhere.test/"), "301"),
    "endless": (lambda _: endless(b"HTTP/1.1 200 OK\r\n\r\n", b"x" * 65536), "more than"),
    "drips": (lambda _: drip(PAGE, b"HTTP/1.1 200 OK\r\n\r\n", every=0.05), "no answer within"),
    "compressed": (lambda _: Answer(200, (("Content-Encoding", "gzip"),), PAGE), "compressed"),
}


@pytest.fixture(scope="module")
def root() -> Authority:
    return Authority.root()


@pytest.fixture
def servers() -> Iterator[Servers]:
    with Servers() as there:
        yield there


def test_a_page_over_real_tls(
    servers: Servers, root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = servers.tls(Site(root.issue("127.0.0.1"), lambda _: Answer(200, body=PAGE)))
    for variable in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(variable, f"http://127.0.0.1:{servers.closed_port()}")
    url = f"https://127.0.0.1:{there.port}/cdn-cgi/trace"
    assert fetch_page(url, root.write(tmp_path)) == PAGE.decode()
    with pytest.raises(OSError, match="certificate is not trusted"):
        fetch_page(url)  # an authority that this machine does not trust
    assert len(there.requests) == 1


@pytest.mark.slow
@pytest.mark.parametrize("name", UNUSABLE)
def test_a_page_that_is_none(
    servers: Servers, root: Authority, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    handler, why = UNUSABLE[name]
    monkeypatch.setattr(own_address, "TIMEOUT", 2.0 if name == "drips" else 50.0)
    there = servers.tls(Site(root.issue("127.0.0.1"), handler))
    began = time.monotonic()
    with pytest.raises(OSError, match=why):
        fetch_page(f"https://127.0.0.1:{there.port}/", root.write(tmp_path))
    assert time.monotonic() - began < 40


@pytest.mark.slow
def test_nothing_is_changed_where_the_sources_disagree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "edge.yaml").write_text(
        "name: a\ndomains: {example.com: {provider: zonefile, addresses: [auto]}}\n"
        "services: {web: {image: x:1, port: 80, host: example.com}}\n"
    )
    monkeypatch.setattr(own_address, "fetch_page", lambda url: PAGE.decode())
    with FakeDns(behave=saying("8.8.8.8")) as fake, FakeDns(behave=saying(OWN)) as honest:
        for port, code in ((fake.port, 4), (honest.port, 0)):
            monkeypatch.setattr(own_address, "DNS_SERVERS", {4: ("127.0.0.1",)})
            monkeypatch.setattr(own_address, "Server", lambda address, port=port: Server(address, port))
            for words in (["sync"], ["plan"], ["export"]):
                before = {path.name for path in tmp_path.rglob("*") if path.is_file()}
                done, out, err = called(["dns", *words, "-C", str(tmp_path)])
                assert done == code, (words, out, err)
                if code:
                    assert "is not certain" in err
                    assert {path.name for path in tmp_path.rglob("*") if path.is_file()} == before
