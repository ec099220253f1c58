"""A URL that leads Traefik to a service which it can't reach.

What it does
    Reports the `url` of `kind: external`, and the `address` of `forward-auth`, if it names a service of this project
    that is not on Traefik's network. A service with a `host` is there by itself. The same for `host.docker.internal`
    if `extra_hosts` under `edge.extra` takes that name away; on a swarm, which has no such name, it is refused.

Why
    Traefik does not even find its name: each request gets 502, and with `forward-auth` 500.

Example
    `console: {kind: external, url: "http://minio:9001", …}` where `minio` has only `networks: [backend]`

Instead
    `networks: [edge, backend]` of that service: `edge` is Traefik's network.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.spec.layers import EDGE, Layer, service_layers
from edgegen.spec.service import THE_HOST

ID = "ER035"
_ADDRESS = "write an address of the node on which it runs"


def check(spec: Spec) -> Iterator[Violation]:
    """Every such URL."""
    if not spec.has_own_edge:
        return  # another project's Traefik is on a network that this project only names
    named = [(path, urlsplit(url).hostname or "") for path, url in spec.asked_urls()]
    own = service_layers(spec, ()) if any(name == THE_HOST or name in spec.services for _, name in named) else {}
    traefik_is_elsewhere = any("networks" in layer.keys for layer in own.get(EDGE, ()))
    for path, name in named:
        if name == THE_HOST and spec.target != "compose":
            yield Violation(path, f"a stack has no `{THE_HOST}`: Swarm gives tasks no name for their node", _ADDRESS)
        elif name == THE_HOST and _loses_the_host(own[EDGE]):
            yield Violation(
                path, f"`extra_hosts` under `edge.extra` replaces edgegen's, so Traefik does not find `{THE_HOST}`",
                f"add `{THE_HOST}:host-gateway` to it", refused=False, severity=Severity.HIGH,
            )  # fmt: skip
        elif name in spec.containers and not traefik_is_elsewhere and not _is_on_edge(spec, name, own[name]):
            yield Violation(
                path, f"`{name}` is not on Traefik's network, so Traefik does not find it", _joined(spec, name),
                refused=False, severity=Severity.HIGH,
            )  # fmt: skip


def _loses_the_host(edge: Sequence[Layer]) -> bool:
    said = [layer.keys["extra_hosts"] for layer in edge if "extra_hosts" in layer.keys]
    return bool(said) and not any(THE_HOST in str(hosts) for hosts in said)


def _is_on_edge(spec: Spec, name: str, own: Sequence[Layer]) -> bool:
    """Services with a `host` or labels for Traefik are there, and those that say so or replace their networks."""
    container = spec.containers[name]
    return (
        bool(container.own_hosts or container.labels_by_hand)
        or spec.edge.network in container.networks
        or any(key in layer.keys for layer in own for key in ("networks", "network_mode"))
    )


def _joined(spec: Spec, name: str) -> str:
    networks = [spec.edge.network, *(spec.containers[name].networks or ("default",))]
    return f"write `networks: [{', '.join(networks)}]` under `{name}`"
