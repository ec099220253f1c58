"""An allow list that checks Cloudflare's addresses instead of the client's.

What it does
    Reports an `ip-allow-list` without `ip_strategy` before a service whose hosts are all proxied, if the list has
    public addresses and none of Cloudflare's. The spec is rendered all the same.

Why
    Without `ip_strategy` Traefik compares the address that has connected to it, which is Cloudflare's: the clients
    that the list names get 403.

Example
    `domains: {example.com: {proxied: true}}` with `{kind: ip-allow-list, source_range: [198.51.100.0/24]}`

Instead
    `ip_strategy: {depth: 1}`: the last address of `X-Forwarded-For`, which Cloudflare has added.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.cloudflare import RANGES
from edgegen.core.finding import Severity
from edgegen.rules.proxied import behind_proxy
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.system.allowed import means_clients, networks
from edgegen.traefik.middlewares.ip_allow_list import IpAllowList

ID = "ER031"


def check(spec: Spec) -> Iterator[Violation]:
    """Each such list, once."""
    for name, host, path, item in behind_proxy(spec):
        if isinstance(item, IpAllowList) and _names_only_clients(item):
            message = (
                f"this list checks Cloudflare's address, because `{host}` of {name} is proxied: the clients that it "
                "names get 403"
            )
            hint = "add `ip_strategy: {depth: 1}`"
            yield Violation((*path, "source_range"), message, hint, refused=False, severity=Severity.MEDIUM)


def _names_only_clients(item: IpAllowList) -> bool:
    return item.ip_strategy is None and means_clients(item.source_range, networks(RANGES))
