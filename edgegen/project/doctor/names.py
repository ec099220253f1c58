"""The DNS: a resolver answers, and the project's hosts lead here. And IPv6, where a host has such an address."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence

from edgegen.certificates.held import held
from edgegen.core.errors import OutsideError
from edgegen.core.finding import Finding
from edgegen.desired.endpoints import endpoints
from edgegen.lookup import Reply, ask_through
from edgegen.project.doctor.patient import KNOWN, Patient
from edgegen.project.doctor.said import Said
from edgegen.project.hosts_seen import HostSeen, joined
from edgegen.system.internet import is_public
from edgegen.system.waiting import waiting_for

RESOLVER, HOSTS, IPV6 = Said("EM005", "resolver"), Said("EM006", "hosts"), Said("EM011", "ipv6")
_FAR_AWAY = ("2606:4700:4700::1111", 53)


def resolver(patient: Patient) -> Iterator[Finding]:
    """Whether a resolver of this machine answers."""
    reply = patient.resolved
    if isinstance(reply, OutsideError):
        yield RESOLVER.error(reply)
        return
    if reply.status.tells:
        yield RESOLVER.good(f"the resolver {reply.server} answers")
        return
    names = ", ".join(map(str, patient.servers))
    yield RESOLVER.bad(
        f"no resolver answers for {KNOWN} ({names}: {reply.detail or reply.status})",
        "name one that works in /etc/resolv.conf, and see whether a firewall keeps port 53 closed",
    )


def hosts(patient: Patient) -> Iterator[Finding]:
    """What DNS answers for each public host of the project, and what the spec publishes."""
    if patient.loaded is None:
        return
    holdings = held(endpoints(patient.loaded.spec, patient.loaded.locate), None, None)
    if not holdings.hosts:
        return
    if isinstance(patient.resolved, OutsideError) or not patient.resolved.status.tells:
        yield HOSTS.unknown("the project's hosts were not looked up: no resolver answers")
        return

    def ask(wanted: Sequence[tuple[str, str]]) -> list[Reply]:
        return ask_through(patient.servers, wanted)

    with waiting_for(f"asking the resolver for {len(holdings.hosts)} hosts"):
        seen = joined(holdings, ask)
    yield from (_host(item) for item in seen)


def _host(seen: HostSeen) -> Finding:
    words = f"{seen.host.partition(':')[0]}: {seen.dns_text()}"
    if seen.dns == "ok":
        expected = "" if seen.expected is None else ", as edge.yaml says"
        return HOSTS.good(f"{words}{expected}")
    if seen.dns == "unknown":
        return HOSTS.unknown(words)
    return HOSTS.bad(
        words, "`edgegen dns sync` writes the records; with `provider: none`, write them where they are kept"
    )


def ipv6(patient: Patient) -> Iterator[Finding]:
    """Where a host is published with an IPv6 address, this machine must have one; else clients run into a time-out."""
    own = _own_ipv6()
    spec = patient.loaded
    published = {address for item in (endpoints(spec.spec, spec.locate) if spec else ()) for address in item.ipv6 or ()}
    if published and not own:
        yield IPV6.bad(
            f"this machine has no public IPv6 address, and the spec publishes {', '.join(sorted(published))}",
            "remove the IPv6 address from `addresses:`, or give this machine one",
        )
    elif own:
        yield IPV6.good(f"this machine has the public IPv6 address {own}")
    else:
        yield IPV6.good("this machine has no public IPv6 address, and the spec publishes none")


def _own_ipv6() -> str:
    """The public IPv6 address that this machine would use, or "". Nothing is sent."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as probing:
            probing.connect(_FAR_AWAY)
            address = str(probing.getsockname()[0])
    except OSError:
        return ""
    return address if is_public(address) else ""
