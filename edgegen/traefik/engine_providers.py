"""Traefik's two providers that read labels. Only targets know them: each is one target's. Source: as in `static.py`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from msgspec import Struct


class _Provider(Struct, frozen=True):
    """Routes from labels."""

    kind: ClassVar[str]
    endpoint: str
    network: str | None = None
    """The network's real name, on a swarm `<stack>_<network>`: a wrong one is only a warning, and then a 504."""
    constraints: str | None = None
    """Which containers or services it sees, as an expression; all of the engine without one."""
    exposed_by_default: bool = False
    allow_empty_services: bool = True
    """An unhealthy service answers with its own error (500 was seen on 3.7.15); without this its router vanishes,
    and the answer is a nameless 404, as it is for a container that is stopped."""

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        prefix = f"--providers.{self.kind}"
        yield f"{prefix}=true"
        yield f"{prefix}.endpoint={self.endpoint}"
        yield f"{prefix}.exposedbydefault={str(self.exposed_by_default).lower()}"
        yield f"{prefix}.allowemptyservices={str(self.allow_empty_services).lower()}"
        if self.network:
            yield f"{prefix}.network={self.network}"
        if self.constraints:
            yield f"{prefix}.constraints={self.constraints}"


class DockerProvider(_Provider, frozen=True):
    """Routes from containers' labels."""

    kind: ClassVar[str] = "docker"


class SwarmProvider(_Provider, frozen=True):
    """Routes from services' labels (`deploy.labels`). Needs the socket of a manager."""

    kind: ClassVar[str] = "swarm"
    refresh_seconds: int | None = None
    """Time between two looks, 15 by default: changed labels are seen no sooner."""

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield from super().flags()
        if self.refresh_seconds is not None:
            yield f"--providers.swarm.refreshseconds={self.refresh_seconds}"
