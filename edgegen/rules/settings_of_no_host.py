"""Settings of a host that no service has.

What it does
    Reports an entry of `domains.DOMAIN.hosts` whose name is none of the spec's hosts, aliases and its dashboard; the
    spec is rendered all the same. Where the names depend on the environment, nothing is reported.

Why
    An entry there says what differs for a host. It does not create a record: with a typing error the host keeps the
    settings of its domain, for example Cloudflare's proxy, and `dns plan` shows nothing for the other name.

Example
    `hosts: {registery.example.com: {proxied: false}}` with a service whose host is `registry.example.com`

Instead
    The name as the service has it. A name that leads elsewhere is a record:
    `records: [{type: A, name: mail, content: 192.0.2.7}]`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from edgegen.core.dns_names import full_name
from edgegen.core.finding import Severity
from edgegen.core.suggest import suggest
from edgegen.rules.hosts_of_environments import names_vary
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER040"
_OF_RECORD = "write `ttl` and `proxied` into the record itself, under `records`"


def check(spec: Spec) -> Iterator[Violation]:
    """Each entry once."""
    entries = [(zone, host) for zone, domain in spec.domains.items() for host in domain.hosts]
    known = {host for _, host in spec.public_hosts()} if entries else set()
    idle = [(zone, host) for zone, host in entries if host not in known]
    if not idle or names_vary(spec):
        return
    declared = {full_name(item.name, zone) for zone, domain in spec.domains.items() for item in domain.records}
    for zone, host in idle:
        message = f"no service has the host `{host}`: these settings do nothing, and don't create a record"
        hint = _OF_RECORD if host in declared else _instead(host, zone, known)
        yield Violation(("domains", zone, "hosts", host), message, hint, refused=False, severity=Severity.MEDIUM)


def _instead(host: str, zone: str, known: Collection[str]) -> str:
    """All of them end in the zone: only what is before it can be alike."""
    end = f".{zone}"
    near = suggest(host.removesuffix(end), sorted(name.removesuffix(end) for name in known if name.endswith(end)))
    return f"did you mean `{near}{end}`?" if near else f"a separate record belongs under `domains.{zone}.records`"
