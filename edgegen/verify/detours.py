"""`--connect-to`: where it leads. A name as its target is looked up once; everything else works with addresses."""

from __future__ import annotations

from msgspec.structs import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.net.tcp import looked_up
from edgegen.system.internet import literal
from edgegen.verify.settings import ConnectTo, Settings


def resolved(settings: Settings) -> Settings:
    """The settings with an address in place of each name. This machine's own resolver is asked, as curl does.

    Raises OutsideError for a name that has no address.
    """
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
    if address := literal(host):
        return address
    try:
        return looked_up(host)[0]
    except (OSError, UnicodeError):
        return host


def _resolved(rule: ConnectTo) -> ConnectTo:
    # "" means "unchanged".
    if not rule.to_host or literal(rule.to_host):
        return rule
    try:
        return replace(rule, to_host=looked_up(rule.to_host)[0])
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a name"
        raise OutsideError(
            f"--connect-to: `{rule.to_host}` has no address: {reason}", hint="write an address in its place"
        ) from None
