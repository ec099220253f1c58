"""Which middlewares see Cloudflare's address instead of the client's."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.traefik.middlewares import Middleware, passed


def behind_proxy(spec: Spec) -> Iterator[tuple[str, str, Path, Middleware]]:
    """(service, its first host, place, middleware) of each that a service uses whose hosts are all proxied. Chains are
    followed; a middleware with a name is given once, for its first use."""
    seen: set[Path] = set()
    for name, service in spec.services.items():
        if not service.speaks_http or not service.own_hosts or not all(map(spec.is_proxied, service.own_hosts)):
            continue
        for index, use in enumerate(service.uses):
            for named, item in passed([use], spec.middlewares):
                place: Path = ("middlewares", named) if named else ("services", name, "middlewares", index)
                if place not in seen:
                    seen.add(place)
                    yield name, service.own_hosts[0], place, item
