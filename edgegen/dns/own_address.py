"""This machine's public address: asked over HTTPS. DNS may contradict, and decides nothing.

One forged datagram must not move a site: an answer of DNS has no sender that can be checked.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from urllib.parse import urlsplit

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.lookup import Question, Server, Status, ask_all
from edgegen.net.answer import in_words
from edgegen.net.client import Client
from edgegen.system.internet import is_public

# Source: 1.1.1.1 and its like have certificates for these addresses, and `/cdn-cgi/trace` names the asker's.
HTTPS_URLS = {
    4: ("https://1.1.1.1/cdn-cgi/trace", "https://1.0.0.1/cdn-cgi/trace"),
    6: ("https://[2606:4700:4700::1111]/cdn-cgi/trace", "https://[2606:4700:4700::1001]/cdn-cgi/trace"),
}
# Source: Cloudflare's resolver answers `whoami.cloudflare` in class CHAOS with the asker's address.
DNS_SERVERS = {4: ("1.1.1.1", "1.0.0.1"), 6: ("2606:4700:4700::1111", "2606:4700:4700::1001")}
DNS_NAME = "whoami.cloudflare"
TIMEOUT = 5.0
"""Seconds for one page, in total."""
PAGE_LIMIT = 64 * 1024
Fetch = Callable[[str], str]
"""A URL's page. Raises OSError where there is none."""


def own_addresses(
    versions: Iterable[int],
    *,
    servers: Mapping[int, Sequence[Server]] | None = None,
    fetch: Fetch | None = None,
    urls: Mapping[int, Sequence[str]] = HTTPS_URLS,
) -> dict[int, str]:
    """IP version -> this machine's public address. Raises OutsideError where one can't be found out for certain.

    `servers`, `fetch` and `urls` stand in for the public ones in tests and closed networks.
    """
    asked = servers or {version: tuple(Server(a) for a in addresses) for version, addresses in DNS_SERVERS.items()}
    return {
        version: _own(version, asked.get(version, ()), fetch or fetch_page, urls.get(version, ()))
        for version in sorted(set(versions))
    }


def fetch_page(url: str, cafile: str | None = None) -> str:
    """A page over verified TLS: no proxy (it would tell its own address), no redirect, one deadline, one limit."""
    with closing(Client(url, total=TIMEOUT, limit=PAGE_LIMIT, cafile=cafile)) as client:
        answer = client.ask("GET", urlsplit(url).path, {})
    if answer.failure is not None:
        raise OSError(in_words(answer.failure))
    if answer.status != 200:
        raise OSError(f"it answers {answer.status}")
    return answer.body.decode("ascii", "replace")


def _own(version: int, servers: Sequence[Server], fetch: Fetch, urls: Sequence[str]) -> str:
    address = _over_https(version, fetch, urls)
    for server, other in _in_dns(version, servers):
        if other != address:
            raise OutsideError(
                f"this machine's own IPv{version} address is not certain: {address} over HTTPS, {other} in the answer"
                f" of the DNS server {server}",
                hint="write it into `addresses:` instead of `auto`: something between here and the internet changes"
                " answers of DNS, or sends traffic out by several addresses",
            )
    return address


def _over_https(version: int, fetch: Fetch, urls: Sequence[str]) -> str:
    why = "there is nobody to ask"
    for url in urls:
        try:
            return _named(version, fetch(url))
        except (OSError, ValueError) as error:
            why = f"{url}: {error}"
    raise OutsideError(
        f"this machine's own IPv{version} address can't be found out: {shown(why, 200)}",
        hint="write it into `addresses:` instead of `auto`",
    )


def _named(version: int, page: str) -> str:
    """The address that a page names. Raises ValueError where it names none of the internet, or several."""
    told = {line[3:].strip() for line in page.splitlines() if line.startswith("ip=")}
    found = {address for text in told if (address := _public(text, version))}
    if len(told) != 1 or len(found) != 1:
        raise ValueError(f"it names no public IPv{version} address" if len(told) < 2 else "it names several addresses")
    return found.pop()


def _in_dns(version: int, servers: Sequence[Server]) -> Iterator[tuple[Server, str]]:
    """The public addresses that servers answer with; what is none says nothing."""
    for reply in ask_all([Question(server, DNS_NAME, "TXT", chaos=True) for server in servers]):
        if reply.status is Status.ANSWER:
            found = (_public(value.strip('"'), version) for value in reply.values)
            yield from ((reply.server, address) for address in found if address)


def _public(text: str, version: int) -> str | None:
    """The address in its one spelling, if it is one of this version that belongs to the internet."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return str(address) if address.version == version and is_public(str(address)) else None
