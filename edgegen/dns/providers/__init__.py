"""Providers: where a zone is kept. One file each; `edgegen.provider_names` lists them."""

from __future__ import annotations

import importlib

from edgegen.dns.provider import Given, Provider
from edgegen.provider_names import PROVIDERS


def open_provider(name: str, given: Given) -> Provider:
    """The provider of that name. Raises what it says when it is opened: UsageError, SpecError, LocalIOError …"""
    module, _, function = PROVIDERS[name].opened.partition(":")
    found: Provider = getattr(importlib.import_module(module), function)(given)
    return found
