"""`--connect-to`: where it leads. A name as its target is looked up once; everything else works with addresses."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.net.tcp import looked_up
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


def target(settings: Settings, host: str, port: int, address: str) -> tuple[str, int]:
    """Where to dial for `host:port` whose DNS says `address`: the first `--connect-to` that matches wins, as in curl.

    A name in `--connect-to` that was not `resolved` before is looked up here; one that has no address is returned as
    it is, and `dial` reports it.
    """
    rule = settings.detour(host, port)
    if rule is None:
        return address, port
    return (_address(rule.to_host) if rule.to_host else address), rule.to_port or port


def _address(host: str) -> str:
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return looked_up(host)[0]
    except (OSError, UnicodeError):
        return host


def _is_address(text: str) -> bool:
    """ "" means "unchanged" and needs no look-up either."""
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
        return replace(rule, to_host=looked_up(rule.to_host)[0])
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a name"
        raise OutsideError(
            f"--connect-to: `{rule.to_host}` has no address: {reason}", hint="write an address in its place"
        ) from None
