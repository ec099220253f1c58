"""The entrypoints of a Traefik, with their ports."""

from __future__ import annotations

from msgspec import Struct

from edgegen.lint.model import Project, Spot, Static, Traefik, Value
from edgegen.lint.statics import address_of
from edgegen.lint.views.published import Reach, reach
from edgegen.traefik.go_values import TRUE


class Entrypoint(Struct, frozen=True):
    """One of them. `port` is None where it can't be determined."""

    name: str
    port: int | None
    spot: Spot
    reach: Reach

    @property
    def is_public(self) -> bool:
        """Whether it answers on all addresses of the host."""
        return self.reach is Reach.ALL


def entrypoints_of(project: Project, traefik: Traefik) -> dict[str, Entrypoint]:
    """Name in lower case -> entrypoint, with `traefik`, which Traefik makes itself for its API, ping and metrics."""
    names = traefik.static.names("entrypoints")
    found = {name: _entrypoint(project, traefik, name, spot) for name, spot in names.items()}
    if "traefik" not in found:
        found["traefik"] = Entrypoint("traefik", 8080, traefik.spot, _reach(project, traefik, 8080))
    return found


def _entrypoint(project: Project, traefik: Traefik, name: str, spot: Spot) -> Entrypoint:
    address = traefik.static.get(f"entrypoints.{name}.address")
    found = address_of(address)
    port = found.port if found else None
    return Entrypoint(name, port, address.spot if address else spot, _reach(project, traefik, port))


def _reach(project: Project, traefik: Traefik, port: int | None) -> Reach:
    if traefik.service is None or port is None:
        return Reach.UNKNOWN
    return reach(project, traefik.service, port)


def switched_on(static: Static, name: str) -> Value | None:
    """A boolean option that is known to be on; None for any other."""
    value = static.get(name)
    return value if value is not None and value.known and value.text in TRUE else None
