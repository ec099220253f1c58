"""Keys of a service that mean nothing without a `host`.

What it does
    Reports `port` and `middlewares` of a service that has no `host`, no `hosts` and no `traefik_labels`; the spec is
    rendered all the same. Where an environment gives the service a host or removes it, nothing is reported, and the
    `port` of a service that has the error pages of others is used.

Why
    `port` is where Traefik finds the application, and middlewares are what a request from outside passes. Traefik does
    not know a service without a host: it is reachable from inside only, and its password protects nothing.

Example
    `web: {image: "ghcr.io/acme/web:1.4", port: 3000}`

Instead
    `host: www.example.com` next to it. For a service that is to stay inside, remove the key: other services reach every
    port of it by its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.hosts_of_environments import renamed_services
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER039"


def check(spec: Spec) -> Iterator[Violation]:
    """Each key once."""
    idle = [name for name, item in spec.services.items() if not item.own_hosts and not item.labels_by_hand]
    if not idle or spec.edge.is_none:
        return
    renamed = renamed_services(spec)
    for name in idle:
        service = spec.services[name]
        container = service.as_container
        has_pages = name in spec.page_servers
        keys = {"port": container.port if container and not has_pages else None, "middlewares": service.uses}
        for key in (key for key, value in keys.items() if value and name not in renamed):
            message = f"`{key}` does nothing without a `host`: `{name}` can't be reached from outside"
            hint = "add `host`; or remove it if the service is to stay inside"
            yield Violation(("services", name, key), message, hint, refused=False, severity=Severity.MEDIUM)
