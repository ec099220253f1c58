"""Which domain of `domains:` holds a host. A host outside of all of them would silently be left out of DNS."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from edgegen.core.location import Path
from edgegen.core.reserved import is_reserved
from edgegen.core.show import shown
from edgegen.core.suggest import suggest
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint


def uncovered_hosts(spec: Spec) -> Iterator[Complaint]:
    """Public hosts outside of every domain, and settings under `domains.*.hosts` that no host can have.

    A spec without `domains` has no DNS at all, which is a choice: a rule remarks on it.
    """
    if not spec.domains:
        return
    for path, host in spec.host_places():
        if spec.zone_of(host) is None and not is_reserved(host):
            yield _outside(spec, path, host)
    for zone, domain in spec.domains.items():
        for host in domain.hosts:
            holder = spec.zone_of(host)
            if holder != zone:
                yield _elsewhere(("domains", zone, "hosts", host), host, zone, holder)


def _outside(spec: Spec, path: Path, host: str) -> Complaint:
    near = meant(host, spec.domains)
    add = "add its domain; with `provider: none` if its DNS is kept elsewhere"
    hint = f"did you mean `{near}`?" if near else add
    return Complaint(path, f"no domain of `domains:` covers `{shown(host)}`", hint)


def meant(host: str, domains: Iterable[str]) -> str | None:
    """The host with the end that most likely was meant."""
    labels = host.split(".")
    for first in range(len(labels)):
        end = ".".join(labels[first:])
        near = suggest(end, domains)
        if near and near.count(".") == end.count("."):
            return ".".join([*labels[:first], near])
    return None


def _elsewhere(path: Path, host: str, zone: str, holder: str | None) -> Complaint:
    message = f"`{shown(host)}` does not lie in `{zone}`"
    if holder:
        return Complaint(path, message, f"move it to `domains.{holder}.hosts`", at_key=True)
    near = meant(host, [zone])
    return Complaint(path, message, f"did you mean `{near}`?" if near else "remove it", at_key=True)
