"""A published port of a service that is on internal networks only.

What it does
    Reports `ports` of a service whose networks all have `internal: true`; the spec is rendered all the same. A service
    with a `host` is also on the edge's network, and is not reported.

Why
    Docker publishes no port of such a container, and says nothing: `docker ps` shows no port, and every connection is
    refused.

Example
    `db: {ports: ["127.0.0.1:5432:5432"], networks: [backend]}` with `networks: {backend: {internal: true}}`

Instead
    `networks: [backend, outside]` with `networks: {outside: {}}`, or no `ports`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import find_target

ID = "ER028"


def check(spec: Spec) -> Iterator[Violation]:
    """Services of Compose that publish a port, each once."""
    target = find_target(spec.target)
    if target is None or not target.publishes_on_addresses:
        return  # overlay networks, whose ports are the nodes', have not been measured
    internal = {name for name, network in spec.networks.items() if network is not None and network.internal}
    for name, service in spec.containers.items():
        on_the_edge = bool(service.own_hosts) and not spec.edge.is_none
        published = service.ports or service.extra.get("ports")
        if published and service.networks and not on_the_edge and {*service.networks} <= internal:
            names = ", ".join(service.networks)
            message = f"`{name}` is on internal networks only ({names}): Docker publishes none of its ports"
            hint = (
                "add a network that is not internal, e.g. `outside`, with `networks: {outside: {}}`; or remove `ports`"
            )
            yield Violation(("services", name, "ports"), message, hint, refused=False, severity=Severity.MEDIUM)
