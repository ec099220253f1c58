"""An anonymous registry that other containers can reach.

What it does
    Refuses further networks, published ports and a network mode on a registry with `anonymous: pull`, and another
    service on the registry's own network. With S3 storage a further network is only reported: the S3 server may be on
    it.

Why
    Traefik asks for the passwords of such a registry; the registry itself doesn't. Anyone who reaches it by another
    way can push any image under your name.

Example
    `hub: {kind: registry, host: r.commenthouse.com, anonymous: pull, networks: [backend]}`

Instead
    Let containers use `https://HOST` like everyone else; or remove `anonymous: pull`, so that the registry asks for
    passwords itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER007"

if TYPE_CHECKING:
    from edgegen.spec.registry import RegistryBase

_WAYS_IN = ("networks", "network_mode", "ports")


def check(spec: Spec) -> Iterator[Violation]:
    """Ways to an anonymous registry that bypass Traefik."""
    for name, registry in spec.registries.items():
        private = registry.private_network(name)
        if private is None:
            continue
        yield from _further_networks(spec, name, registry)
        for path, extra in _extras(spec, name):
            for key in _WAYS_IN:
                if key in extra:
                    yield _violation((*path, key), f"`{key}` opens another way to the registry `{name}`", registry)
        for other in dict.fromkeys([*spec.services, *spec.extra.get("services", {})]):
            for path, extra in _extras(spec, other):
                if other != name and _joins(extra, private):
                    message = f"`{other}` would be on `{private}`, the registry's own network"
                    yield _violation((*path, "networks"), message, registry)


def _further_networks(spec: Spec, name: str, registry: RegistryBase) -> Iterator[Violation]:
    on_s3 = registry.storage is not None and registry.storage.s3 is not None
    for index, network in enumerate(registry.networks):
        message = f"every container of `{network}` reaches the registry `{name}`"
        refused = network == spec.edge.network or not on_s3
        yield _violation(("services", name, "networks", index), message, registry, refused=refused)


def _extras(spec: Spec, name: str) -> Iterator[tuple[Path, dict[str, Any]]]:
    own = spec.services[name].extra if name in spec.services else {}
    top = spec.extra.get("services", {}).get(name, {})
    yield ("services", name, "extra"), own
    yield ("extra", "services", name), top


def _joins(extra: dict[str, Any], network: str) -> bool:
    networks = extra.get("networks")
    return isinstance(networks, list | dict) and network in networks


def _violation(path: Path, message: str, registry: RegistryBase, *, refused: bool = True) -> Violation:
    told = f"{message}, and can push without a password: with `anonymous: pull` only Traefik asks for one"
    way_out = f"remove it: containers use https://{registry.host} too; or remove `anonymous: pull`"
    hint = way_out if refused else f"only the S3 server should be on it; otherwise {way_out}"
    return Violation(path, told, hint, refused=refused, severity=Severity.HIGH if refused else Severity.MEDIUM)
