"""Whether Cloudflare's token may do what is needed: proved zone by zone, without writing anything."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.cloudflare import NEEDED_RIGHTS, RIGHTS_PAGE
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.dns.provider import ErrorKind, ProviderError
from edgegen.dns.providers.cloudflare import Cloudflare


def check(provider: Cloudflare, zones: Mapping[str, str | None]) -> list[Finding]:
    """A finding for the token itself, one for each zone (name -> its id, where it is known), and one for what the
    token may do too much."""
    found: set[str] = set()
    findings = [_token(provider)]
    findings += [_zone(provider, name, zone_id, found) for name, zone_id in zones.items()]
    return [*findings, *_too_wide(provider, found)]


def _token(provider: Cloudflare) -> Finding:
    try:
        status = provider.token_status()
    except ProviderError as error:
        return _finding("token", error, "the token itself")
    good = status.status == "active"
    ends = f", until {status.expires}" if status.expires else ""
    return Finding(
        "DN001", "token", Severity.CRITICAL, Outcome.PASS if good else Outcome.FAIL, "token",
        f"is {status.status}{ends}", hint="" if good else f"make a new one at {RIGHTS_PAGE}",
    )  # fmt: skip


def _zone(provider: Cloudflare, name: str, zone_id: str | None, found: set[str]) -> Finding:
    """Whether the zone of a domain can be read; its name at the provider goes into `found`."""
    try:
        zone = provider.find_zone(name, zone_id)
        found.add(zone.name)
        held = len(provider.list_zone(zone))
    except ProviderError as error:
        return _finding(name, error, NEEDED_RIGHTS)
    within = "" if zone.name == name else f" in {zone.name}"
    return Finding(
        "DN002", "zone", Severity.HIGH, Outcome.PASS, name,
        f"can be read ({held} records{within}); that it can be written shows only at the first write",
    )  # fmt: skip


def _too_wide(provider: Cloudflare, needed: set[str]) -> Iterator[Finding]:
    try:
        others = sorted({zone.name for zone in provider.zones()} - needed)
    except ProviderError:
        return
    if others and needed:
        yield Finding(
            "DN003", "token-too-wide", Severity.LOW, Outcome.PASS, "token",
            f"may also see {', '.join(others[:5])}{' …' if len(others) > 5 else ''}",
            hint=f"a token for {', '.join(sorted(needed))} is enough",
        )  # fmt: skip


def _finding(subject: str, error: ProviderError, needed: str) -> Finding:
    known = error.failure in (ErrorKind.DENIED, ErrorKind.ABSENT, ErrorKind.REFUSED)
    problem = error.problems[0]
    return Finding(
        "DN002", "permission", Severity.HIGH, Outcome.FAIL if known else Outcome.UNKNOWN, subject, problem.message,
        hint=problem.hint or f"needed: {needed}",
    )  # fmt: skip
