"""The Docker socket in a service that the proxy publishes.

What it does
    Reports a service with a route, other than Traefik, that mounts the Docker socket.

Why
    A fault in a published application is then a fault of the whole host: through the socket it can start a container
    with every right. `:ro` does not change that.

Example
    `volumes: ["/var/run/docker.sock:/var/run/docker.sock"]` with `traefik.enable=true`

Instead
    A socket proxy that allows what the application needs, and a login before the route.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.routed import routed
from edgegen.lint.views.sockets import sockets

RULE = Rule("EL065", "docker-socket-in-routed-service", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each of them."""
    proxies = {service.name for _, service in project.proxies}
    for name, service in project.services.items():
        if name in proxies:
            continue
        for mount in sockets(service):
            if name in routed(project):
                message = f"`{name}` has a route and the Docker socket: a fault in it gives away the host"
                yield Found(name, message, mount.spot, "put a socket proxy between them, and a login before the route")
