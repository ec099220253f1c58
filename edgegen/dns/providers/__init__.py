"""Providers: where a zone is kept. One file each; `edgegen.provider_names` lists them."""

from __future__ import annotations

import pkgutil

from edgegen.dns.provider import Given, Provider
from edgegen.provider_names import PROVIDERS


def open_provider(name: str, given: Given) -> Provider:
    """The provider of that name. Raises what it says when it is opened: UsageError, SpecError, LocalIOError …"""
    found: Provider = pkgutil.resolve_name(PROVIDERS[name].opened)(given)
    return found
