"""The resolvers to ask: the user's, or this machine's own."""

from __future__ import annotations

import ipaddress
import re

from edgegen.core.errors import OutsideError, UsageError
from edgegen.lookup.model import DNS_PORT, Server


def parse_server(text: str) -> Server:
    """`IP`, `IP:PORT` or `[IP]:PORT`. Raises UsageError for anything else."""
    address, port = text, str(DNS_PORT)
    if match := re.fullmatch(r"\[([^\]]*)\](?::(\d+))?", text):
        address, port = match[1], match[2] or port
    elif text.count(":") == 1:
        address, _, port = text.partition(":")
    try:
        ipaddress.ip_address(address)
        number = int(port)
    except ValueError:
        raise UsageError(f"`{text}` is not a resolver like 192.0.2.53 or 127.0.0.1:5353") from None
    if not 0 < number < 65536:
        raise UsageError(f"`{text}`: a port is a number from 1 to 65535")
    return Server(address, number)


def system_servers() -> tuple[Server, ...]:
    """The resolvers that this machine is configured with. Raises OutsideError if there are none."""
    import dns.exception
    import dns.resolver

    try:
        found = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise OutsideError(f"this machine has no resolver: {error}", hint="name one: --resolver IP:PORT") from None
    return tuple(Server(str(address), found.port) for address in found.nameservers)
