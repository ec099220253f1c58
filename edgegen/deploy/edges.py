"""The Traefiks of an engine, including one that is about to start, and the containers that each one sees. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgegen.compose.model import PROJECT_LABEL
from edgegen.deploy.containers import WORKING_DIR, ContainerSeen
from edgegen.deploy.model import Project, ServiceModel
from edgegen.traefik.constraints import lets_through
from edgegen.traefik.named import enabled
from edgegen.traefik.settings import Settings, settings

_DOCKER = "providers.docker"


class Edge(Struct, frozen=True):
    """One Traefik."""

    name: str
    """Its container's name, or its service's."""
    project: str
    static: Settings
    networks: frozenset[str] = frozenset()
    """Real names."""
    folder: str = ""
    """Where its project was started, if it runs."""
    provider: str = _DOCKER
    """What reads the labels: of containers, or of a swarm's services."""

    @property
    def constraint(self) -> str | None:
        """The expression; "" if there is none, None if it could not be read."""
        option = f"{self.provider}.constraints"
        return None if option in self.static.hidden else self.static.get(option)

    def sees(self, labels: Mapping[str, str]) -> bool | None:
        """Whether it reads these labels of a container or service; None if that can't be determined."""
        if not self.static.seen:
            return None
        if not self.static.has(self.provider) or self.static.get(self.provider) == "false":
            return False
        by_default = self.static.get(f"{self.provider}.exposedbydefault", "true").lower() != "false"
        if not enabled(labels, by_default=by_default):
            return False
        return None if self.constraint is None else lets_through(self.constraint, labels)


def running_edges(containers: Iterable[ContainerSeen]) -> Iterator[Edge]:
    """The Traefiks that run."""
    for item in containers:
        if item.is_traefik and item.state == "running":
            yield Edge(item.name, item.project, item.static, frozenset(item.networks), item.labels.get(WORKING_DIR, ""))


def planned_edge(project: Project) -> Edge | None:
    """The project's own Traefik as it will be started, an override's flags included."""
    for service in project.services:
        static = settings(service.command, service.environment, service.environment)
        if static.seen and static.has(_DOCKER):
            return Edge(service.name, project.name, static, frozenset(service.networks))
    return None


def planned_labels(project: Project, service: ServiceModel) -> Mapping[str, str]:
    """A service's labels as its container will have them."""
    return {**service.labels, PROJECT_LABEL: project.name}
