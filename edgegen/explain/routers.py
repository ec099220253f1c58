"""What Traefik's API says about a host's routers, as reasons. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from edgegen.core.names import seconds_of
from edgegen.core.show import shown
from edgegen.endpoints import Endpoint, Kind
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.wanted import Wanted
from edgegen.traefik.errors import meaning
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State
from edgegen.verify.look.traefik_api import RouterSeen, TraefikSeen

_LONG_ENOUGH = 600.0
"""Seconds: what a layer of a few hundred megabytes takes on a slow line."""


def api_reasons(seen: TraefikSeen, endpoint: Endpoint, wanted: Wanted | None) -> Iterator[Reason]:
    """Routers that are missing or off, servers that are down, uploads that are cut."""
    where = wanted.where if wanted else endpoint.place()
    if not seen.routers:
        sentence = f"Traefik's API has no router for {endpoint.host}"
        yield Reason(Hop.ROUTER, Weight.CAUSE, sentence, "`edgegen logs traefik` says why", where, drops=True)
    for router in seen.routers:
        yield from (replace(reason, where=where) for reason in _of_router(router))
    if endpoint.kind is Kind.REGISTRY:
        yield from (replace(reason, where=where) for reason in _read_timeouts(seen))


def enabled(seen: TraefikSeen) -> str:
    """The router that serves the host, or "" where none is on."""
    return next((router.name for router in seen.routers if router.status != "disabled"), "")


def with_router(link: Link, seen: TraefikSeen) -> Link:
    """A router that was not seen from the outside, but that exists according to the API."""
    if link.hop is not Hop.ROUTER or link.state is not State.NOT_SEEN or not (name := enabled(seen)):
        return link
    return replace(link, state=State.GOOD, message=f"Traefik's API: the router {shown(name)} is on")


def _of_router(router: RouterSeen) -> Iterator[Reason]:
    name = shown(router.name)
    for error in router.errors:
        found = meaning(error)
        said, hint = (found.sentence, found.hint) if found else (error, "`edgegen logs traefik` has more")
        off = router.status == "disabled"
        sentence = f"Traefik's router {name} {'is off' if off else 'has an error'}: {shown(said, 300)}"
        yield Reason(Hop.ROUTER, Weight.CAUSE if off else Weight.REMARK, sentence, hint, drops=off)
    down = [shown(url) for url, word in router.servers.items() if word != "UP"]
    if down and len(down) == len(router.servers):
        sentence = f"all servers of the router {name} are down by Traefik's own health check: {', '.join(down[:3])}"
        yield Reason(Hop.SERVICE, Weight.CAUSE, sentence, "`edgegen status`, and `edgegen logs` of the service")


def _read_timeouts(seen: TraefikSeen) -> Iterator[Reason]:
    for name in sorted({name for router in seen.routers for name in router.entrypoints}):
        limit = seen.read_timeouts.get(name, "")
        if 0 < seconds_of(limit) < _LONG_ENOUGH:
            sentence = f"readTimeout of the entrypoint {shown(name)} is {limit}: an upload that takes longer is cut"
            yield Reason(
                Hop.ENTRYPOINT, Weight.FAULT, sentence, "`edgegen up` starts Traefik with the flags of edge.yaml"
            )
