"""Findings about a project's certificates: how long they are valid, and whether the store and the hosts agree."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime

from msgspec import Struct

from edgegen.certificates.certificate import lateness
from edgegen.certificates.held import Holdings, Listed, Served, label
from edgegen.certificates.issuers import is_staging, is_traefik_default, wants_staging
from edgegen.certificates.names import covers
from edgegen.core.cloudflare import RANGES, is_cloudflares
from edgegen.core.finding import Finding, Outcome, Severity
from edgegen.endpoints import LOCAL, Aspect, Endpoint, Kind

RENEWAL = "Traefik renews by itself: `edgegen logs traefik` says why it did not, `edgegen explain` why it could not"
LOCAL_RENEWAL = "`edgegen up` renews it; on Compose `edgegen render` is enough, and Traefik reloads it by itself"
RESTART = "restart Traefik if this is its store (`{restart}`); otherwise find out what answers at that address"

_NAMES = {
    "store": ("EC001", "certificate-store"),
    "life": ("EC002", "certificate-life"),
    "stored": ("EC003", "certificate-stored"),
    "served": ("EC004", "certificate-served"),
    "unused": ("EC005", "certificate-unused"),
}
_OUTCOMES = {
    ("store", "broken"): (Severity.HIGH, Outcome.FAIL),
    ("store", "mode"): (Severity.HIGH, Outcome.FAIL),
    ("store", "entry"): (Severity.MEDIUM, Outcome.FAIL),
    ("life", "ok"): (Severity.INFO, Outcome.PASS),
    ("life", "expired"): (Severity.HIGH, Outcome.FAIL),
    ("life", "ending"): (Severity.HIGH, Outcome.FAIL),
    ("life", "overdue"): (Severity.LOW, Outcome.FAIL),
    ("life", "not-yet-valid"): (Severity.MEDIUM, Outcome.FAIL),
    ("stored", "ok"): (Severity.INFO, Outcome.PASS),
    ("stored", "not-stored"): (Severity.MEDIUM, Outcome.FAIL),
    ("stored", "staging"): (Severity.MEDIUM, Outcome.FAIL),
    ("stored", "elsewhere"): (Severity.LOW, Outcome.FAIL),
    ("stored", "not-seen"): (Severity.INFO, Outcome.UNKNOWN),
    ("served", "ok"): (Severity.INFO, Outcome.PASS),
    ("served", "proxied"): (Severity.INFO, Outcome.PASS),
    ("served", "elsewhere"): (Severity.INFO, Outcome.PASS),
    ("served", "not-seen"): (Severity.INFO, Outcome.UNKNOWN),
    ("served", "default-certificate"): (Severity.HIGH, Outcome.FAIL),
    ("served", "older"): (Severity.LOW, Outcome.FAIL),
    ("served", "newer"): (Severity.LOW, Outcome.FAIL),
    ("served", "other"): (Severity.LOW, Outcome.FAIL),
    ("unused", "unused"): (Severity.LOW, Outcome.FAIL),
}
"""The closed list of verdicts. LOW and INFO are remarks and never change the exit code."""


class Rules(Struct, frozen=True):
    """How certificates are judged. `warn_days` None: each by the share of its life that is left."""

    now: datetime
    warn_days: int | None = None
    cloudflare: tuple[str, ...] = RANGES


def findings(held: Holdings, rules: Rules) -> list[Finding]:
    """All findings: the store's, then each certificate's life, then each host's."""
    return [
        *_store(held),
        *(_life(item, held, rules) for item in held.listed if not item.is_default),
        *(finding for host in held.hosts for finding in _host(host, held, rules)),
        *(_unused(item) for item in held.listed if item.resolver and not item.hosts and not item.served),
    ]


def _store(held: Holdings) -> Iterator[Finding]:
    store = held.store
    if store is None:
        return
    if store.trouble:
        yield _finding("store", "broken", store.shown, store.trouble)
    elif store.mode & 0o077:
        message = (
            f"it has mode {store.mode:04o}: Traefik refuses a store that others can read, and issues no certificates"
        )
        yield _finding("store", "mode", store.shown, message, hint=f"`chmod 600 {store.shown}`")
    for entry in held.unreadable:
        name = ", ".join(entry.names) or "an entry without a name"
        hint = "stop Traefik, delete the entry and start Traefik again: it issues a new certificate"
        yield _finding("store", "entry", name, f"{store.shown}: {entry.trouble}", hint=hint)


def _life(item: Listed, held: Holdings, rules: Rules) -> Finding:
    own, days = item.certificate, item.days_left(rules.now)
    subject, end = item.names[0], f"{own.not_after:%Y-%m-%d}"
    left = f"{math.floor(days)} days ({own.share_left(rules.now):.0%} of its life) are left, until {end}"
    if days < 0:
        return _ends(item, held, rules, "expired", f"it expired on {end}")
    if own.not_before > rules.now:
        message = f"it is not valid before {own.not_before:%Y-%m-%d %H:%M} UTC"
        return _finding("life", "not-yet-valid", subject, message, hint="check the clock of this machine")
    late = lateness(own, rules.now)
    if late not in (None, Severity.LOW) if rules.warn_days is None else days < rules.warn_days:
        return _ends(item, held, rules, "ending", left, severity=late if rules.warn_days is None else None)
    if late:
        return _finding("life", "overdue", subject, f"it should have been renewed: {left}", hint=_renewal(item))
    return _finding("life", "ok", subject, left)


def _ends(
    item: Listed, held: Holdings, rules: Rules, verdict: str, message: str, *, severity: Severity | None = None
) -> Finding:
    """Bad, unless nobody will miss it: no host sends it, and no host needs it or every one has a better one.

    With a number of days every certificate counts.
    """
    missed = rules.warn_days is not None or bool(item.served) or _is_best(item, held)
    return _finding(
        "life", verdict, item.names[0], message, hint=_renewal(item), severity=severity if missed else Severity.LOW
    )


def _renewal(item: Listed) -> str:
    return LOCAL_RENEWAL if item.resolver == LOCAL else RENEWAL


def _is_best(item: Listed, held: Holdings) -> bool:
    """Whether a host depends on it: Traefik would send it rather than the others that are stored for the host."""
    mine = (host for host in held.hosts if label(host) in item.hosts)
    return any(held.stored_for(host.host)[:1] == (item,) for host in mine)


def _host(host: Endpoint, held: Holdings, rules: Rules) -> Iterator[Finding]:
    if host.kind is Kind.TCP:  # its service has its own certificate
        return
    served = held.served_at(host)
    stored = held.stored_for(host.host)
    if held.unseen:
        yield _finding("stored", "not-seen", label(host), f"not checked: {held.unseen}", host)
    known = not (held.store and held.store.trouble) and not held.kept_by  # another project's store can't be read here
    if known and not held.unseen and (stored or not any(map(_is_default, served))):
        yield _is_stored(host, stored, served)  # the default certificate already shows that there is none
    if held.served is not None:
        yield from _is_served(host, stored, served, rules, known=not held.unseen)


def _is_stored(host: Endpoint, stored: Sequence[Listed], served: Sequence[Served]) -> Finding:
    subject = label(host)
    if stored and is_staging(stored[0].certificate) and not wants_staging(host.ca):
        message = (
            "the stored one is from the staging authority, which no browser trusts: Traefik keeps it until it expires"
        )
        hint = "stop Traefik, delete the entry from the store and start Traefik again"
        return _finding("stored", "staging", subject, message, host, hint=hint, aspect=Aspect.ACME)
    if stored:
        return _finding("stored", "ok", subject, f"it is in the store (resolver {stored[0].resolver})", host)
    if served and all(_has_one(item, host) for item in served):
        message = "the store has no certificate for it; what it sends comes from elsewhere"
        hint = "another edge answers for it, or the edge runs from another folder"
        return _finding("stored", "elsewhere", subject, message, host, hint=hint)
    if host.ca == LOCAL:
        message = "the local authority has issued no certificate for it"
        return _finding("stored", "not-stored", subject, message, host, hint="run `edgegen render`", aspect=Aspect.ACME)
    message = "the store has no certificate for it: Traefik has not issued one"
    hint = f"`edgegen explain {host.url}` says why"
    return _finding("stored", "not-stored", subject, message, host, hint=hint, aspect=Aspect.ACME)


def _has_one(item: Served, host: Endpoint) -> bool:
    return item.certificate is not None and covers(item.certificate.names, host.host)


def _is_default(item: Served) -> bool:
    return item.certificate is not None and is_traefik_default(item.certificate)


def _is_served(
    host: Endpoint, stored: Sequence[Listed], served: Sequence[Served], rules: Rules, *, known: bool
) -> Iterator[Finding]:
    """One finding for each relation between what is sent and what is stored."""
    if not served:
        yield _finding("served", "not-seen", label(host), "not checked: there was no address to look at", host)
    groups: dict[str, list[Served]] = {}
    for item in served:
        groups.setdefault(_relation(item, host, stored, rules), []).append(item)
    for verdict, items in groups.items():
        places = "" if len(items) == len(served) else f" ({', '.join(item.address for item in items)})"
        message, hint = _WORDS["unknown" if verdict == "elsewhere" and not known else verdict]
        said = message.format(why=items[0].why) + places
        yield _finding("served", verdict, label(host), said, host, hint=hint.format(restart=host.restart))


_WORDS = {
    "ok": ("it sends the certificate of the store", ""),
    "not-seen": ("not checked: {why}", "use `--offline` to check only the store"),
    "default-certificate": (
        "sends Traefik's default certificate: Traefik has no certificate for this host, or could not read it",
        "`edgegen logs traefik` says why; a store that was replaced while Traefik ran is read at its next start",
    ),
    "proxied": ("Cloudflare's proxy answers with its own certificate", ""),
    "elsewhere": ("it sends a certificate that the store does not have", ""),
    "unknown": ("it sends a certificate that could not be compared with the store", ""),
    "older": ("it sends an older certificate than the store has: Traefik has not read it, or another edge answers",
              RESTART),
    "newer": ("it sends a newer certificate than the store has: another edge issued it, or this store is a copy",
              "find out which machine answers at that address"),
    "other": ("it sends a different certificate from the one in the store: another edge or server answers", RESTART),
}  # fmt: skip


def _relation(item: Served, host: Endpoint, stored: Sequence[Listed], rules: Rules) -> str:
    """How what an address sends relates to what is stored for its host."""
    own = item.certificate
    if own is None:
        return "not-seen"
    if _is_default(item):
        return "default-certificate"
    if any(own.fingerprint == one.certificate.fingerprint for one in stored):
        return "ok"
    if is_cloudflares(item.address, rules.cloudflare):
        return "proxied"
    return _age(item, host, stored)


def _age(item: Served, host: Endpoint, stored: Sequence[Listed]) -> str:
    if item.certificate is None or not stored:
        return "elsewhere"
    if not _has_one(item, host):
        return "other"
    mine, theirs = item.certificate.not_before, stored[0].certificate.not_before
    return "older" if mine < theirs else "newer" if mine > theirs else "other"


def _unused(item: Listed) -> Finding:
    message = (
        "it is stored, but no host of the spec needs it: Traefik keeps renewing it, which fails once its DNS is gone"
    )
    hint = "stop Traefik, delete the entry from the store and start Traefik again"
    return _finding("unused", "unused", item.names[0], message, hint=hint)


def _finding(
    kind: str, verdict: str, subject: str, message: str, host: Endpoint | None = None, *, hint: str = "",
    aspect: str = Aspect.HOST, severity: Severity | None = None,
) -> Finding:  # fmt: skip
    identity, name = _NAMES[kind]
    usual, outcome = _OUTCOMES[kind, verdict]
    where = host.place(aspect) if host is not None else None
    return Finding(identity, name, severity or usual, outcome, subject, message, where, hint, verdict)
