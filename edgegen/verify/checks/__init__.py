"""The closed list of checks of `verify`. Pure; one file each, and one line here."""

from __future__ import annotations

import importlib

from edgegen.verify.checks.check import Check, Context

CHECK_FILES = (
    "dns_resolution",
    "dns_addresses",
    "certificate_expiry",
    "dns_consistency",
    "address_scope",
    "connection",
    "tls_handshake",
    "certificate_trust",
    "certificate_name",
    "certificate_everywhere",
    "tls_strength",
    "clock",
    "http_answer",
    "https_redirect",
    "hsts",
    "exposed_dashboard",
    "redirect_target",
    "registry_auth",
    "registry_behind_proxy",
    "registry_push",
    "certificate_issuance",
    "certificate_issuer",
)
CHECKS: tuple[Check, ...] = tuple(importlib.import_module(f"{__name__}.{name}").CHECK for name in CHECK_FILES)

__all__ = ["CHECKS", "Check", "Context"]
