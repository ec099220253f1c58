"""A limit for each client that counts Cloudflare's addresses instead.

What it does
    Reports a `rate-limit` without `source_criterion`, and one or an `in-flight-req` whose `ip_strategy` has neither a
    `depth` nor `excluded_ips`, before a service whose hosts are all proxied. The spec is rendered all the same.

Why
    Traefik then counts the address that has connected to it, which is Cloudflare's: all visitors who come through one
    of its servers share one limit, and get 429 because of each other.

Example
    `domains: {example.com: {proxied: true}}` with `{kind: rate-limit, average: 10}`

Instead
    `source_criterion: {ip_strategy: {depth: 1}}`: the last address of `X-Forwarded-For`, which Cloudflare has added.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.proxied import behind_proxy
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares.in_flight_req import InFlightReq
from edgegen.traefik.middlewares.rate_limit import RateLimit

ID = "ER033"
_LIMITS = (RateLimit, InFlightReq)


def check(spec: Spec) -> Iterator[Violation]:
    """Each such limit, once."""
    for name, host, path, item in behind_proxy(spec):
        if isinstance(item, _LIMITS) and _counts_the_proxy(item):
            yield Violation(
                (*path, "source_criterion") if "source_criterion" in item.model_fields_set else path,
                f"this limit counts Cloudflare's address, because `{host}` of {name} is proxied: its visitors share "
                "one limit, and get 429 because of each other",
                "add `source_criterion: {ip_strategy: {depth: 1}}`",
                refused=False,
                severity=Severity.MEDIUM,
            )


def _counts_the_proxy(item: RateLimit | InFlightReq) -> bool:
    """Whether it counts the address of the connection. Without a source, `in-flight-req` counts for each host."""
    source = item.source_criterion
    if source is None or (source.ip_strategy is None and not source.request_header_name and not source.request_host):
        return item.kind == "rate-limit"
    strategy = source.ip_strategy
    return strategy is not None and not strategy.depth and not strategy.excluded_ips
