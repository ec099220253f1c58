"""A challenge whose port is not published.

What it does
    Reports `httpchallenge` where port 80 of the host does not lead to its entrypoint, and `tlschallenge` where port
    443 leads to no entrypoint. A Traefik without published ports may be behind another proxy, and is skipped.

Why
    The authority connects to port 80 for the one and to 443 for the other, and never to another port. Unless a router
    or another host forwards that port, no certificate is ever issued.

Example
    `httpchallenge.entrypoint=web` with `ports: ["443:443"]`

Instead
    `ports: ["80:80", "443:443"]`, or `dnschallenge`, which needs no port.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Port, Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.acme import Resolver, resolvers
from edgegen.lint.views.entrypoints import entrypoints_of
from edgegen.lint.views.published import Reach, covers, reach_of

RULE = Rule("EL080", "acme-challenge-port", Severity.MEDIUM, Confidence.MEDIUM)

PORTS = {"httpchallenge": 80, "tlschallenge": 443}


def check(project: Project) -> Iterator[Found]:
    """Each challenge by the ports that are published."""
    for resolver in resolvers(project):
        traefik = resolver.traefik.service
        if traefik is None or traefik.network_mode or not traefik.ports or traefik.partial:
            continue
        if all(reach_of(port, project.mode) is Reach.LOOPBACK for port in traefik.ports):
            continue  # another proxy is in front
        if len(resolver.challenges) != 1 or (challenge := resolver.challenges[0]) not in PORTS:
            continue
        wanted = PORTS[challenge]
        targets = _targets(project, resolver)
        if targets is None or any(_leads(port, wanted, targets) for port in traefik.ports):
            continue
        yield Found(
            traefik.name,
            f"`{challenge}` of `{resolver.name}` needs port {wanted} of the host, which is not published to "
            + (f"port {next(iter(targets))} of Traefik" if len(targets) == 1 else "any of its entrypoints"),
            resolver.place("httpchallenge.entrypoint" if wanted == 80 else challenge),
            f'publish it, like `"{wanted}:{next(iter(sorted(targets)), wanted)}"`, or use `dnschallenge`',
        )


def _targets(project: Project, resolver: Resolver) -> set[int] | None:
    """The ports of Traefik that the challenge may arrive at; None where they are not known."""
    found = entrypoints_of(project, resolver.traefik)
    if resolver.challenges == ("httpchallenge",):
        named = resolver.get("httpchallenge.entrypoint")
        entrypoint = found.get(named.text.lower()) if named and named.known else None
        return {entrypoint.port} if entrypoint and entrypoint.port else None
    ports = {item.port for name, item in found.items() if name != "traefik"}
    return {port for port in ports if port} if ports and None not in ports else None


def _leads(port: Port, wanted: int, targets: set[int]) -> bool:
    """Whether this published port is, or may be, the wanted one."""
    if port.unset or not port.published:
        return True
    return covers(port.published, wanted) and any(covers(port.target, target) for target in targets)
