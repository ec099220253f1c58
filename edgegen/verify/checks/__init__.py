"""The closed list of checks of `verify`. Pure; one file each, and one line here."""

from __future__ import annotations

from edgegen.verify.checks import (
    address_scope,
    certificate_everywhere,
    certificate_expiry,
    certificate_issuance,
    certificate_issuer,
    certificate_name,
    certificate_trust,
    clock,
    connection,
    dns_addresses,
    dns_consistency,
    dns_resolution,
    exposed_dashboard,
    hsts,
    http_answer,
    https_redirect,
    redirect_target,
    registry_auth,
    registry_behind_proxy,
    registry_push,
    tls_handshake,
    tls_strength,
)
from edgegen.verify.checks.check import Check, Context

CHECKS: tuple[Check, ...] = (
    dns_resolution.CHECK,
    dns_addresses.CHECK,
    certificate_expiry.CHECK,
    dns_consistency.CHECK,
    address_scope.CHECK,
    connection.CHECK,
    tls_handshake.CHECK,
    certificate_trust.CHECK,
    certificate_name.CHECK,
    certificate_everywhere.CHECK,
    tls_strength.CHECK,
    clock.CHECK,
    http_answer.CHECK,
    https_redirect.CHECK,
    hsts.CHECK,
    exposed_dashboard.CHECK,
    redirect_target.CHECK,
    registry_auth.CHECK,
    registry_behind_proxy.CHECK,
    registry_push.CHECK,
    certificate_issuance.CHECK,
    certificate_issuer.CHECK,
)

__all__ = ["CHECKS", "Check", "Context"]
