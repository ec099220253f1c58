"""`--connect-to`: where it leads. A name as its target is looked up once, so that all after it deal in addresses."""

from __future__ import annotations

import ipaddress
import socket
from dataclasses import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.verify.settings import ConnectTo, Settings


def resolved(settings: Settings) -> Settings:
    """The settings with an address in place of each name. This machine's own resolver is asked, as curl does.

    Raises OutsideError for a name that has no address.
    """
    if all(_is_address(rule.to_host) for rule in settings.connect_to):
        return settings
    return replace(settings, connect_to=tuple(map(_resolved, settings.connect_to)))


def leads_to(endpoint: Endpoint, settings: Settings) -> str:
    """The one address that is dialled for an endpoint whatever the DNS says, or ""."""
    rule = settings.detour(endpoint.host, endpoint.port)
    return rule.to_host if rule else ""


def _is_address(text: str) -> bool:
    """ "" stands for "as it was" and needs no look-up either."""
    if not text:
        return True
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _resolved(rule: ConnectTo) -> ConnectTo:
    if _is_address(rule.to_host):
        return rule
    try:
        found = socket.getaddrinfo(rule.to_host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a name"
        raise OutsideError(
            f"--connect-to: `{rule.to_host}` has no address: {reason}", hint="write an address in its place"
        ) from None
    # IPv4 first: `localhost` is mostly ::1 as well, and what is started by hand mostly listens at 127.0.0.1 alone.
    first = next((one for one in found if one[0] is socket.AF_INET), found[0])
    return replace(rule, to_host=str(first[4][0]))
