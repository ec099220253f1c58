"""The addresses are public.

What it does
    Looks at each address that the DNS answers. It does not connect to an address that is not public (private, loopback,
    link-local, carrier-grade NAT, or an IPv6 address that maps to one of these), unless the spec names it, or
    `--connect-to` or `--allow-private` allows it.

Why
    Such an address leads every visitor to a machine in their own network: nobody outside sees the edge, and whoever
    controls the zone could make this check talk to an internal service, or to a cloud's metadata service.

Example
    `A 10.0.0.5`, copied from the server's list of interfaces instead of its public address.

Instead
    Put the server's public address into the record. For an edge in a private network, name the address in the spec
    (`addresses: [10.0.0.5]`), or check with `--allow-private`.

Verdicts
    non-public-address: the DNS answers an address that is not public, and it was not connected to. A remark if EV002 or
        EV004 already reports that another address is wanted.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import first_few, shown
from edgegen.endpoints import Aspect
from edgegen.system.internet import is_public, special
from edgegen.verify.checks.addresses import no_address
from edgegen.verify.checks.check import Check, Context, Fault, Good, Hop, Judgement, Unseen, Verdict
from edgegen.verify.checks.expected import Expected
from edgegen.verify.observation import Observation

NON_PUBLIC_ADDRESS = Verdict("non-public-address", Severity.HIGH)


def judge(seen: Observation, context: Context) -> Iterator[Judgement]:
    """All addresses of a host together."""
    if not seen.addresses:
        yield Unseen(no_address(seen))
        return
    refused = [item.address for item in seen.addresses if item.not_public]
    if refused:
        expected = Expected(seen.endpoint, context.cloudflare)
        told = all(expected.told_elsewhere(address, seen.names) for address in refused)
        said = first_few(f"{shown(address)} ({special(address) or 'not public'})" for address in refused)
        yield Fault(
            NON_PUBLIC_ADDRESS,
            f"{said}: not public, so it was not connected to",
            hint="put the public address into the DNS; if it is meant, name it in the spec or use `--allow-private`",
            aspect=Aspect.DNS,
            severity=Severity.LOW if told else None,
        )
        return
    yield Good(_meant(seen), aspect=Aspect.DNS)


def _meant(seen: Observation) -> str:
    meant = [item.address for item in seen.addresses if not is_public(item.address)]
    if meant:
        return f"{first_few(meant)}: not public, on purpose"
    return f"{first_few(item.address for item in seen.addresses)}: public"


CHECK = Check("EV005", "address-scope", Hop.DNS, (NON_PUBLIC_ADDRESS,), judge)
