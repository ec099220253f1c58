"""The last link: the container behind the host, and how its state affects the links before it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from edgegen.core.location import Location
from edgegen.deploy.containers import ContainerSeen
from edgegen.explain.engine_view import Inside
from edgegen.explain.insight import unseen_link
from edgegen.explain.wanted import Wanted
from edgegen.verify.checks.check import Hop
from edgegen.verify.diagnosis import Link, State


def container_link(inside: Inside, wanted: Wanted | None, links: Iterable[Link], where: Location | None) -> Link:
    """The container behind the host; `links` are those before it."""
    if inside.trouble or (wanted and wanted.without_container):
        return unseen_link(wanted, inside.trouble, inside.hint, where)
    if not inside.behind:
        name = f"service `{wanted.service}`" if wanted else "the host"
        return Link(Hop.CONTAINER, State.BROKEN, f"{name} has no container", where, "`edgegen up` starts it")
    good = [container for container in inside.behind if container.serves]
    also = tuple(f"{item.name} {item.standing}" for item in inside.behind if good and not item.serves)
    if good:
        return Link(Hop.CONTAINER, State.GOOD, f"{good[0].name} {good[0].standing}", where, also=also)
    return _ill(inside.behind[0], links, where)


def _ill(container: ContainerSeen, links: Iterable[Link], where: Location | None) -> Link:
    said = f", and says: {container.complaint}" if container.complaint else ""
    sentence = f"{container.name} {container.standing}{said}"
    if any(link.hop is Hop.SERVICE and link.state is State.GOOD for link in links):
        return Link(Hop.CONTAINER, State.NOT_SEEN, f"{sentence}, but the service answers: is this its engine?", where)
    service = container.service or container.name
    hint = f"`edgegen logs {service} --tail 50` shows its output"
    if container.state == "running" and container.health == "starting":
        hint = "Traefik uses it as soon as it is healthy: wait, or see `edgegen status`"
    return Link(Hop.CONTAINER, State.BROKEN, sentence, where, hint)


def asked_and_broken(links: Iterable[Link]) -> Iterator[Link]:
    """A container that Traefik asks by a URL keeps its router and its certificate: only its answer is missing."""
    for link in links:
        if link.hop is Hop.SERVICE and link.state is State.BROKEN:
            yield replace(link, state=State.NOT_SEEN, message="the container that Traefik asks does not serve", hint="")
        else:
            yield link


def behind_broken(links: Iterable[Link], container: Link, dropped: str) -> Iterator[Link]:
    """Traefik drops the routers of what does not serve, and requests no certificates for them. `dropped` says so."""
    for link in links:
        if link.hop in (Hop.ROUTER, Hop.SERVICE) and link.state is State.BROKEN:
            yield replace(link, state=State.NOT_SEEN, message=dropped, hint="")
        elif link.hop is Hop.TLS and link.state is State.BROKEN:
            yield link.because(f"{container.message}, and requests no certificate for it", container.hint)
        else:
            yield link
