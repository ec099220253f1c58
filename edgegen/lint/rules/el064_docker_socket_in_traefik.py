"""The Docker socket in the proxy that faces the internet.

What it does
    Reports a Traefik that mounts `/var/run/docker.sock`, read-only or not.

Why
    Whoever takes over Traefik can use the socket to start a container that owns the host. `:ro` protects the file and
    not the API behind it: requests to create containers go through just the same.

Example
    `- /var/run/docker.sock:/var/run/docker.sock:ro`

Instead
    A socket proxy on an internal network that allows the few reads that Traefik needs: `/_ping`, `/version`,
    `/events`, `/containers/json`, `/containers/ID/json`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.sockets import sockets

RULE = Rule("EL064", "docker-socket-in-traefik", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each Traefik with a socket."""
    for _, service in project.proxies:
        for mount in sockets(service):
            extra = "; `read-only` does not change that" if mount.read_only else ""
            message = "Traefik has the Docker socket: anyone who takes over Traefik owns the host" + extra
            hint = "put a socket proxy between them that allows only the reads that Traefik needs"
            yield Found(service.name, message, mount.spot, hint)
