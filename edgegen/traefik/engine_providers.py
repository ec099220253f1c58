"""Traefik's two providers that read labels. Only targets know them: each is one target's. Source: as in `static.py`."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class DockerProvider(Struct, frozen=True):
    """Routes from containers' labels."""

    endpoint: str
    network: str | None = None
    """The network's real name: a wrong one is only a warning, and then a 504."""
    constraints: str | None = None
    """Which containers it sees, as an expression; all of the engine without one."""
    exposed_by_default: bool = False
    allow_empty_services: bool = True
    """An unhealthy service answers with its own error (500 was seen on 3.7.15); without this its router vanishes,
    and the answer is a nameless 404, as it is for a container that is stopped."""

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield from _flags("docker", self)


class SwarmProvider(Struct, frozen=True):
    """Routes from services' labels (`deploy.labels`). Needs the socket of a manager."""

    endpoint: str
    network: str | None = None
    """The network's real name, `<stack>_<network>`."""
    constraints: str | None = None
    """Which services it sees, as an expression; all of the swarm without one."""
    exposed_by_default: bool = False
    allow_empty_services: bool = True
    refresh_seconds: int | None = None
    """Time between two looks, 15 by default: changed labels are seen no sooner."""

    def flags(self) -> Iterator[str]:
        """The provider's flags."""
        yield from _flags("swarm", self)
        if self.refresh_seconds is not None:
            yield f"--providers.swarm.refreshseconds={self.refresh_seconds}"


def _flags(kind: str, provider: DockerProvider | SwarmProvider) -> Iterator[str]:
    prefix = f"--providers.{kind}"
    yield f"{prefix}=true"
    yield f"{prefix}.endpoint={provider.endpoint}"
    yield f"{prefix}.exposedbydefault={str(provider.exposed_by_default).lower()}"
    yield f"{prefix}.allowemptyservices={str(provider.allow_empty_services).lower()}"
    if provider.network:
        yield f"{prefix}.network={provider.network}"
    if provider.constraints:
        yield f"{prefix}.constraints={provider.constraints}"
