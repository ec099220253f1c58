"""This machine's public address, found out over HTTPS. DNS may contradict it, but never decides.

A forged datagram must not move a site: the sender of a DNS answer can't be verified.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from queue import Empty, SimpleQueue
from threading import Thread
from urllib.parse import urlsplit

from edgegen.core.errors import OutsideError
from edgegen.core.show import shown
from edgegen.lookup import Question, Server, Status, ask_all
from edgegen.system.internet import is_public
from edgegen.system.thread import start
from edgegen.system.waiting import waiting_for

# Source: 1.1.1.1 and the like have certificates for these addresses, and `/cdn-cgi/trace` returns the client's address.
HTTPS_URLS = {
    4: ("https://1.1.1.1/cdn-cgi/trace", "https://1.0.0.1/cdn-cgi/trace"),
    6: ("https://[2606:4700:4700::1111]/cdn-cgi/trace", "https://[2606:4700:4700::1001]/cdn-cgi/trace"),
}
# Source: Cloudflare's resolver answers `whoami.cloudflare` in class CHAOS with the client's address.
DNS_SERVERS = {4: ("1.1.1.1", "1.0.0.1"), 6: ("2606:4700:4700::1111", "2606:4700:4700::1001")}
DNS_NAME = "whoami.cloudflare"
TIMEOUT = 5.0
"""Seconds for one page, in total."""
PAGE_LIMIT = 64 * 1024
_STEP = 4096
_REASON = re.compile(r"\[Errno -?\d+\] ([^'\")]+)")
"""The system's reason, deep within what requests says of a connection that failed."""
Fetch = Callable[[str], str]
"""The page of a URL. Raises OSError if there is none."""


def own_addresses(
    versions: Iterable[int],
    *,
    servers: Mapping[int, Sequence[Server]] | None = None,
    fetch: Fetch | None = None,
    urls: Mapping[int, Sequence[str]] = HTTPS_URLS,
) -> dict[int, str]:
    """IP version -> this machine's public address. Raises OutsideError if one can't be determined with certainty.

    `servers`, `fetch` and `urls` replace the public ones in tests and closed networks.
    """
    asked = servers or {version: tuple(Server(a) for a in addresses) for version, addresses in DNS_SERVERS.items()}
    return {
        version: _own(version, asked.get(version, ()), fetch or fetch_page, urls.get(version, ()))
        for version in sorted(set(versions))
    }


def fetch_page(url: str, cafile: str | None = None) -> str:
    """A page over verified TLS: no proxy (its own address would be returned), no redirect, one deadline, one limit."""
    pages: SimpleQueue[str | OSError] = SimpleQueue()
    # requests' timeout starts again with every byte, so a thread reads the page, and it is left alone when time is up.
    start(Thread(target=lambda: pages.put(_page(url, cafile)), daemon=True))
    try:
        page = pages.get(timeout=TIMEOUT)
    except Empty:
        raise OSError(f"no answer within {TIMEOUT:g} s") from None
    if isinstance(page, OSError):
        raise page
    return page


def _page(url: str, cafile: str | None) -> str | OSError:
    import requests

    plain = {"Accept-Encoding": "identity"}
    try:
        with requests.Session() as session:
            session.trust_env = False
            verify = cafile or True
            answer = session.get(url, headers=plain, timeout=TIMEOUT, verify=verify, stream=True, allow_redirects=False)
            if answer.status_code != 200:
                return OSError(f"it answers {answer.status_code}")
            if answer.headers.get("Content-Encoding", "identity") != "identity":
                return OSError("the page is compressed, which was not requested")
            return _read(answer.iter_content(_STEP))
    except requests.exceptions.SSLError:
        return OSError("its certificate is not trusted")
    except OSError as error:
        reason = _REASON.search(str(error))
        return OSError(reason[1] if reason else "the connection failed")


def _read(parts: Iterable[bytes]) -> str | OSError:
    page = b""
    for part in parts:
        page += part
        if len(page) > PAGE_LIMIT:
            return OSError(f"the page has more than {PAGE_LIMIT} bytes")
    return page.decode("ascii", "replace")


def _own(version: int, servers: Sequence[Server], fetch: Fetch, urls: Sequence[str]) -> str:
    address = _over_https(version, fetch, urls)
    for server, other in _in_dns(version, servers):
        if other != address:
            raise OutsideError(
                f"this machine's own IPv{version} address is not certain: {address} over HTTPS, {other} in the answer"
                f" of the DNS server {server}",
                hint="write it into `addresses:` instead of `auto`: something between here and the internet changes"
                " DNS answers, or sends traffic from several addresses",
            )
    return address


def _over_https(version: int, fetch: Fetch, urls: Sequence[str]) -> str:
    why = "no server is configured"
    for url in urls:
        try:
            with waiting_for(f"asking {urlsplit(url).hostname} for this machine's IPv{version} address"):
                return _named(version, fetch(url))
        except (OSError, ValueError) as error:
            why = f"{url}: {error}"
    raise OutsideError(
        f"this machine's own IPv{version} address can't be found out: {shown(why, 200)}",
        hint="write it into `addresses:` instead of `auto`",
    )


def _named(version: int, page: str) -> str:
    """The address that a page names. Raises ValueError if it names no public one, or several."""
    told = {line[3:].strip() for line in page.splitlines() if line.startswith("ip=")}
    found = {address for text in told if (address := _public(text, version))}
    if len(told) != 1 or len(found) != 1:
        raise ValueError(f"it names no public IPv{version} address" if len(told) < 2 else "it names several addresses")
    return found.pop()


def _in_dns(version: int, servers: Sequence[Server]) -> Iterator[tuple[Server, str]]:
    """The public addresses that servers answer with; other answers are ignored."""
    for reply in ask_all([Question(server, DNS_NAME, "TXT", chaos=True) for server in servers]):
        if reply.status is Status.ANSWER:
            found = (_public(value.strip('"'), version) for value in reply.values)
            yield from ((reply.server, address) for address in found if address)


def _public(text: str, version: int) -> str | None:
    """The address in canonical spelling, if it is a public one of this version."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return str(address) if address.version == version and is_public(str(address)) else None
