"""This machine's public address: asked from DNS, and over HTTPS where DNS has no answer."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable

from edgegen.core.errors import OutsideError
from edgegen.lookup import Server, Status, ask

# Source: Cloudflare's resolver answers `whoami.cloudflare` in class CHAOS with the asker's address.
DNS_SERVERS = {4: ("1.1.1.1", "1.0.0.1"), 6: ("2606:4700:4700::1111", "2606:4700:4700::1001")}
DNS_NAME = "whoami.cloudflare"
HTTPS_URLS = {4: "https://1.1.1.1/cdn-cgi/trace", 6: "https://[2606:4700:4700::1111]/cdn-cgi/trace"}
TIMEOUT = 5.0
Fetch = Callable[[str], str]


def own_addresses(
    versions: Iterable[int], *, servers: dict[int, tuple[Server, ...]] | None = None, fetch: Fetch | None = None
) -> dict[int, str]:
    """IP version -> this machine's public address. Raises OutsideError where one can't be found out.

    `servers` and `fetch` stand in for the public ones in tests and closed networks.
    """
    asked = servers or {version: tuple(Server(a) for a in addresses) for version, addresses in DNS_SERVERS.items()}
    return {version: _own(version, asked.get(version, ()), fetch or _fetch) for version in sorted(set(versions))}


def _own(version: int, servers: Iterable[Server], fetch: Fetch) -> str:
    for server in servers:
        reply = ask(server, DNS_NAME, "TXT", chaos=True)
        if reply.status is Status.ANSWER:
            for value in reply.values:
                if address := _public(value.strip('"'), version):
                    return address
    try:
        text = fetch(HTTPS_URLS[version])
    except OSError as error:
        raise _unknown(version, str(error)) from None
    for line in text.splitlines():
        if line.startswith("ip=") and (address := _public(line[3:], version)):
            return address
    raise _unknown(version, "no answer names one")


def _public(text: str, version: int) -> str | None:
    """The address in its one spelling, if it is one of this version that the internet can reach."""
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return str(address) if address.version == version and address.is_global else None


def _unknown(version: int, why: str) -> OutsideError:
    return OutsideError(
        f"this machine's own IPv{version} address can't be found out: {why[:120]}",
        hint="write it into `addresses:` instead of `auto`",
    )


def _fetch(url: str) -> str:
    import requests

    session = requests.Session()
    session.trust_env = False  # a proxy would tell its own address
    answer = session.get(url, timeout=TIMEOUT, allow_redirects=False)
    answer.raise_for_status()
    return answer.text[:4096]
