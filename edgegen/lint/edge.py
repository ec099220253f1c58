"""What Traefik gets to know of a project: entrypoints, resolvers, routers, services, middlewares, TLS options. Pure.

Names are complete, `auth@docker`: each stands with every place that defines it. Where a Traefik reads labels of other
projects, too, a container elsewhere may define a name that is missing here: rules choose their confidence by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from edgegen.lint.model import Dynamic, Mode, Project, Service, Spot, Value
from edgegen.traefik.label_routing import Item, items

__all__ = ["Defined", "Edge", "edge_of"]


@dataclass(frozen=True, eq=False)
class Defined:
    """A router, service, middleware, … by one place that defines it."""

    section: str
    """`http`, `tcp`, `udp`, or `tls`."""
    kind: str
    """`routers`, `services`, `middlewares`, `serverstransports`, `options`."""
    name: str
    provider: str
    """`docker`, `swarm`, or `file`."""
    spot: Spot
    service: Service | None = None
    """Whose labels define it."""
    item: Item | None = None
    """For labels: options with their values and labels."""
    data: Mapping[str, Any] = field(default_factory=dict)
    """For a file: its options, keys as written."""
    labels: Mapping[str, Value] = field(default_factory=dict)
    """All labels of the service."""

    @property
    def full(self) -> str:
        """`auth@docker`."""
        return f"{self.name}@{self.provider}"

    def words(self, option: str) -> tuple[str, ...]:
        """A list-valued option, from labels or a file; empty where it is unknown or not there."""
        if self.item is not None:
            return self.item.words(option)
        value = next((value for key, value in self.data.items() if key.lower() == option), None)
        return tuple(str(word) for word in value) if isinstance(value, list) else ()

    def text(self, option: str) -> str:
        """A single-valued option by its path in lower case (`tls.certresolver`); empty where it is not there."""
        if self.item is not None:
            return self.item.get(option)
        value: Any = self.data
        for word in option.split("."):
            if not isinstance(value, Mapping):
                return ""
            value = next((item for key, item in value.items() if str(key).lower() == word), None)
        return "" if value is None or isinstance(value, (Mapping, list)) else str(value)

    def place(self, option: str) -> Spot:
        """Where an option is written; the item's own place where it is not."""
        if self.item is not None:
            label = self.item.label(option)
            return self.labels[label].spot if label in self.labels else self.spot
        path: list[str] = []
        value: Any = self.data
        for word in option.split("."):
            keys = [key for key in value if str(key).lower() == word] if isinstance(value, Mapping) else []
            if not keys:
                break
            path.append(keys[0])
            value = value[keys[0]]
        return self.spot.at(*path)


@dataclass(frozen=True, eq=False)
class Edge:
    """Everything that can be referred to."""

    project: Project
    defined: tuple[Defined, ...]

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str, str], list[Defined]]:
        """(section, kind, full name in lower case) -> its definitions."""
        found: dict[tuple[str, str, str], list[Defined]] = {}
        for item in self.defined:
            found.setdefault((item.section, item.kind, item.full.lower()), []).append(item)
        return found

    @property
    def provider(self) -> str:
        """Traefik's provider of labels in this project."""
        return "swarm" if self.project.mode is Mode.SWARM else "docker"

    def find(self, section: str, kind: str, name: str, provider: str) -> list[Defined]:
        """Who defines a name that something of `provider` uses: a bare one is its own provider's."""
        full = name if "@" in name else f"{name}@{provider}"
        return self.by_name.get((section, kind, full.lower()), [])

    def of(self, kind: str, section: str | None = None) -> Iterator[Defined]:
        """All definitions of a kind."""
        return (item for item in self.defined if item.kind == kind and section in (None, item.section))

    @property
    def files_are_sure(self) -> bool:
        """Whether all dynamic files were seen: a Traefik is here, and whatever its file provider reads."""
        if not self.project.has_one_traefik or self.project.traefiks[0].files_hidden:
            return False
        return all(item.seen for item in self.project.dynamic)

    @property
    def entrypoints(self) -> Mapping[str, Spot] | None:
        """Name as it is written -> place; None where they are not all known."""
        if not self.project.has_one_traefik:
            return None
        return self.project.traefiks[0].static.names("entrypoints")

    @property
    def resolvers(self) -> Mapping[str, Spot] | None:
        """Certificates resolvers: name as it is written -> place; None where they are not all known."""
        if not self.project.has_one_traefik:
            return None
        return self.project.traefiks[0].static.names("certificatesresolvers")


def edge_of(project: Project) -> Edge:
    """Everything that a project defines. Computed once for each project."""
    found: Edge | None = project.__dict__.get("_edge")
    if found is None:
        found = Edge(project, (*_of_labels(project), *_of_files(project.dynamic)))
        project.__dict__["_edge"] = found
    return found


def _of_labels(project: Project) -> Iterator[Defined]:
    provider = "swarm" if project.mode is Mode.SWARM else "docker"
    for service, labels in project.labelled():
        if (enable := labels.get("traefik.enable")) and enable.text.lower() in ("false", "0", "f"):
            continue
        for item in items(project.texts(labels)):
            label = item.label("")
            yield Defined(
                item.section, item.kind, item.name, provider, labels[label].spot.of_key, service, item, labels=labels
            )


def _of_files(files: tuple[Dynamic, ...]) -> Iterator[Defined]:
    for dynamic in files:
        for section, groups in dynamic.data.items():
            if not isinstance(groups, Mapping):
                continue
            for kind, named in groups.items():
                if not isinstance(named, Mapping):
                    continue
                for name, data in named.items():
                    spot = Spot(dynamic.file, (section, kind, name), True)
                    options = data if isinstance(data, Mapping) else {}
                    yield Defined(section.lower(), kind.lower(), str(name), "file", spot, data=options)
