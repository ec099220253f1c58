"""What a target (Compose on one host, a Swarm) decides for every service."""

from __future__ import annotations

from typing import Any, Protocol

from edgegen.compose.model import Service


class Target(Protocol):
    """One way of running the stack."""

    name: str
    """`compose` or `swarm`."""
    file_name: str
    """The file that is rendered for it."""
    provider: str
    """Traefik's provider: `docker` or `swarm`; also the suffix of names (`https-only@docker`)."""
    project_label: str
    """The label in which the engine itself keeps the project of each container or service."""

    def real_name(self, project: str, name: str) -> str:
        """The name that the engine gives to a network or volume of the project."""

    def labelled(self, service: Service, labels: Any) -> Service:
        """The service with the labels where this target's Traefik provider reads them."""
