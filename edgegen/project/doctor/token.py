"""Cloudflare's token: it is there, only its owner can read it, and it may do what the spec needs."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.errors import EdgegenError, OutsideError
from edgegen.core.finding import Finding, Outcome
from edgegen.dns.api.token import TOKEN, TOKEN_FILE
from edgegen.dns.api.token import token as read_token
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said

SAID = Said("EM008", "token")


def token(patient: Patient) -> Iterator[Finding]:
    """Skipped where no domain is kept at Cloudflare and no token is set."""
    kept = (
        [zone for zone, domain in patient.spec.domains.items() if domain.keeper == "cloudflare"] if patient.spec else []
    )
    is_set = any(patient.environ.get(name) for name in (TOKEN, TOKEN_FILE))
    if not kept and not is_set:
        return
    try:
        read_token(patient.environ)
    except EdgegenError as error:
        yield SAID.error(error)
        return
    if not kept:
        yield SAID.good("a token for Cloudflare is set; no domain here needs it")
        return
    from edgegen.project.dns import check_token

    try:
        yield from check_token(patient.folder, patient.environment, environ=patient.environ)
    except EdgegenError as error:
        yield SAID.error(error, Outcome.UNKNOWN if isinstance(error, OutsideError) else Outcome.FAIL)
