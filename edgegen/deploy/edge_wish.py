"""What a spec wants of its edge, for `up` to compare with what runs. Pure."""

from __future__ import annotations

from edgegen.core.cloudflare import RANGES
from edgegen.deploy.shared_edge import Wish
from edgegen.kinds.parts import RESOLVER, Context
from edgegen.spec.edge import Spec
from edgegen.targets import target_of


def edge_wish(spec: Spec) -> Wish:
    """The wish of one spec."""
    hosts = [host for _, host in spec.public_hosts()]
    return Wish(
        serves=spec.edge.serves if "serves" in spec.edge.model_fields_set else None,
        use=spec.edge.use,
        network="" if spec.edge.is_none else Context(spec, target_of(spec.target)).edge_network,
        resolver=RESOLVER,
        uploads=bool(spec.registries),
        wildcard=next((host for host in hosts if host.startswith("*.")), ""),
        proxied=next((host for host in hosts if spec.is_proxied(host)), ""),
        ranges=tuple(RANGES),
        alone=not any(overlay and "name" in overlay for overlay in spec.environments.values()),
        owner=spec.dns.owner or "",
    )
