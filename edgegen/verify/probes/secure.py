"""All that is looked at on one address of one endpoint, under one total deadline."""

from __future__ import annotations

from edgegen.endpoints import Endpoint
from edgegen.verify.observation import AddressSeen
from edgegen.verify.probes.tls import Trust
from edgegen.verify.settings import Settings


def look_at_address(endpoint: Endpoint, address: str, settings: Settings, trust: Trust, timeout: float) -> AddressSeen:
    """TLS, HTTP, registry, exposed paths and weak TLS of the TLS port, and the web port, within `timeout` seconds.

    Connects to `address` (or where `--connect-to` says) and to nothing else; redirects to other hosts are not
    followed. The caller has made sure that `address` may be connected to. Never raises.
    """
    raise NotImplementedError
