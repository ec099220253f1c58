"""A service with `network_mode` and `networks`.

What it does
    Reports a service of a Compose file that has both. A swarm ignores `network_mode` (EL112).

Why
    Compose refuses the whole file: `service web declares mutually exclusive network_mode and networks`.

Example
    `torrent: {network_mode: "service:vpn", networks: [proxy]}`

Instead
    Remove `networks`. Traefik reaches a service with `network_mode: service:vpn` through the container of `vpn`: put
    its labels and networks there.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.model import Mode, Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL128", "network-mode-and-networks", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Each such service."""
    if project.mode is Mode.SWARM:
        return
    for service in project.services.values():
        mode = service.network_mode
        if mode is not None and mode.text and service.data.get("networks"):
            message = f"Compose refuses the file: `network_mode: {shown(mode.text)}` and `networks` exclude each other"
            yield Found(service.name, message, mode.spot, _instead(mode.text))


def _instead(mode: str) -> str:
    kind, colon, other = mode.partition(":")
    if kind in ("service", "container") and colon:
        return f"remove `networks`, and put the networks and the labels for Traefik on `{shown(other)}`"
    return "remove one of the two"
