"""`--connect-to`: where it leads. A name as its target is looked up once, so that all after it deal in addresses."""

from __future__ import annotations

import ipaddress
from dataclasses import replace

from edgegen.core.errors import OutsideError
from edgegen.endpoints import Endpoint
from edgegen.verify.look.tcp import looked_up_here
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
        return replace(rule, to_host=looked_up_here(rule.to_host))
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not a name"
        raise OutsideError(
            f"--connect-to: `{rule.to_host}` has no address: {reason}", hint="write an address in its place"
        ) from None
