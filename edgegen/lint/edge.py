"""What Traefik gets to know of a project: entrypoints, resolvers, routers, services, middlewares, TLS options. Pure.

Names are complete, `auth@docker`: each has every place that defines it. Where a Traefik reads labels of other
projects, too, a container elsewhere may define a name that is missing here: rules choose their confidence by that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from edgegen.lint.defined import Defined, Labels, full_name
from edgegen.lint.dynamics import file_faults
from edgegen.lint.label_faults import faults_by_service
from edgegen.lint.labelled import as_meant, is_of_version_1, provider_of, whole
from edgegen.lint.model import Project, Service, Spot, Traefik, Value
from edgegen.traefik.file_fault import FileEffect
from edgegen.traefik.go_values import FALSE, TRUE
from edgegen.traefik.label_routing import Item, items

__all__ = ["Defined", "Edge", "Labels", "edge_of", "is_of_version_1"]

_WORDS = 3
"""Labels of fewer dots are for the provider itself, and name nothing."""


class Edge(Struct, frozen=True, eq=False, dict=True):
    """Everything that can be referred to."""

    project: Project
    labelled: tuple[tuple[Service, Labels], ...]
    """Each service that has labels for Traefik, with them."""
    defined: tuple[Defined, ...]

    @cached_property
    def by_name(self) -> Mapping[tuple[str, str, str], list[Defined]]:
        """(section, kind, full name) -> its definitions. Case counts in references."""
        found: dict[tuple[str, str, str], list[Defined]] = {}
        for item in self.defined:
            found.setdefault((item.section, item.kind, item.full), []).append(item)
        return found

    @cached_property
    def by_service(self) -> Mapping[str, list[Defined]]:
        """Name of a Compose service -> what its labels define."""
        found: dict[str, list[Defined]] = {}
        for item in self.defined:
            if item.service is not None:
                found.setdefault(item.service.name, []).append(item)
        return found

    @cached_property
    def by_kind(self) -> Mapping[str, list[Defined]]:
        """Kind -> all that is of it."""
        found: dict[str, list[Defined]] = {}
        for item in self.defined:
            found.setdefault(item.kind, []).append(item)
        return found

    @cached_property
    def traefik(self) -> Traefik | None:
        """The project's Traefik, where there is exactly one and its static configuration was read whole.

        One that reads no labels says nothing about those that are here: some other Traefik must read them.
        """
        if not self.project.has_one_traefik:
            return None
        found = self.project.traefiks[0]
        reads = found.static.has("providers.docker") or found.static.has("providers.swarm")
        return found if reads or not self.labelled else None

    @cached_property
    def provider(self) -> str:
        """Traefik's provider of labels in this project. That of version 2 has one for both."""
        return provider_of(self.project)

    def find(self, section: str, kind: str, name: str, provider: str) -> list[Defined]:
        """Who defines a name that something of `provider` uses: a bare one is its own provider's."""
        return self.by_name.get((section, kind, full_name(name, provider)), [])

    def of(self, kind: str, section: str | None = None) -> Iterator[Defined]:
        """All definitions of a kind."""
        found = self.by_kind.get(kind, [])
        return iter(found) if section is None else (item for item in found if item.section == section)

    @property
    def api_routers(self) -> list[Defined]:
        """The routers that lead to Traefik's API and dashboard."""
        return [item for item in self.of("routers", "http") if item.text("service").lower() == "api@internal"]

    def of_service(self, name: str, kind: str, section: str | None = None) -> list[Defined]:
        """What the labels of a Compose service define of a kind."""
        found = self.by_service.get(name, ())
        return [item for item in found if item.kind == kind and section in (None, item.section)]

    def provider_option(self, option: str) -> Value | None:
        """An option of Traefik's provider of labels; None where nobody sets it, or that can't be seen."""
        return self.traefik.static.get(f"providers.{self.provider}.{option}") if self.traefik else None

    def middlewares_of(self, router: Defined) -> list[Defined]:
        """The definitions of the HTTP middlewares that a router names."""
        names = router.words("middlewares")
        return [item for name in names for item in self.find("http", "middlewares", name, router.provider)]

    def label(self, service: Service, *names: str) -> tuple[str, Value] | None:
        """The first of these labels (`traefik.enable`, `traefik.docker.network`, …) that a service has, as written."""
        own = self._short.get(service.name)
        if own:
            for name in names:
                if name in own:
                    return own[name]
        return None

    def shown(self, service: Service) -> bool | None:
        """Whether Traefik looks at a service; None where that can't be seen."""
        said = self.label(service, "traefik.enable")
        if said is None:
            return self.exposed_by_default
        return (said[1].text in TRUE) if said[1].known else None

    def takes(self, item: Defined) -> bool:
        """Whether Traefik takes a definition, as far as can be seen: not one of a service that it does not look at."""
        return item.service is None or self.shown(item.service) is not False

    @cached_property
    def _short(self) -> Mapping[str, Mapping[str, tuple[str, Value]]]:
        """Service -> its labels of at most three words, in lower case."""
        return {
            service.name: {key.lower(): (key, value) for key, value in labels.items() if key.count(".") < _WORDS}
            for service, labels in self.labelled
        }

    @cached_property
    def exposed_by_default(self) -> bool | None:
        """Whether Traefik routes to what has no `traefik.enable`; None where its configuration was not seen."""
        if self.traefik is None:
            return None
        said = self.provider_option("exposedbydefault")
        if said is not None and not said.known:
            return None
        return said is None or said.text not in FALSE

    @property
    def only_this_project(self) -> bool:
        """Whether its Traefik surely reads no labels of other projects: a constraint names the project's."""
        said = self.provider_option("constraints")
        return said is not None and ("com.docker.compose.project" in said.text or "stack.namespace" in said.text)

    @property
    def may_have_certificates(self) -> bool:
        """Whether a dynamic file, or a store that labels fill, may have one for any host."""
        in_files = any("tls" in (str(key).lower() for key in item.data) for item in self.project.dynamic)
        return in_files or any("traefik.tls.stores" in label.lower() for _, labels in self.labelled for label in labels)

    @property
    def files_are_sure(self) -> bool:
        """Whether all dynamic files were seen: a Traefik is here, and whatever its file provider reads."""
        if self.traefik is None or self.traefik.files_hidden:
            return False
        return all(item.seen for item in self.project.dynamic)

    @cached_property
    def entrypoints(self) -> Mapping[str, Spot] | None:
        """Name as it is written -> place; None where they are not all known."""
        return self.traefik.static.names("entrypoints") if self.traefik else None

    @cached_property
    def resolvers(self) -> Mapping[str, Spot] | None:
        """Certificates resolvers: name as it is written -> place; None where they are not all known."""
        return self.traefik.static.names("certificatesresolvers") if self.traefik else None


def edge_of(project: Project) -> Edge:
    """Everything that a project defines. Computed once for each project."""
    found: Edge | None = project.__dict__.get("_edge")
    if found is None:
        labelled = () if is_of_version_1(project) else tuple(_labelled(project))
        found = Edge(project, labelled, (*_of_labels(project, labelled), *_of_files(project)))
        project.__dict__["_edge"] = found
    return found


def _labelled(project: Project) -> Iterator[tuple[Service, Labels]]:
    for service, labels in project.labelled:
        if named := whole(labels):
            yield service, named


def _first(item: Item, labels: Labels) -> str:
    """The label of an item that the file has first."""
    own = {label for _, label in item.options.values()}
    return next(label for label in labels if label in own)


def _of_labels(project: Project, labelled: tuple[tuple[Service, Labels], ...]) -> Iterator[Defined]:
    provider, faults = provider_of(project), faults_by_service(project)
    for service, written in labelled:
        labels = as_meant(written, faults.get(service.name, ()))
        if (enable := labels.get("traefik.enable")) and enable.text in FALSE:
            continue
        for item in items({key: value.text for key, value in labels.items()}):
            spot = labels[_first(item, labels)].spot.of_key
            yield Defined(item.section, item.kind, item.name, provider, spot, service, item, labels=labels)


_SECTIONS = ("http", "tcp", "udp", "tls")


def _of_files(project: Project) -> Iterator[Defined]:
    for dynamic in project.dynamic:
        refused = {fault.path[:3] for fault in file_faults(project, dynamic) if fault.effect is FileEffect.REFUSES}
        for section, groups in dynamic.data.items():
            if not isinstance(groups, Mapping) or str(section).lower() not in _SECTIONS:
                continue
            for kind, named in groups.items():
                if not isinstance(named, Mapping):
                    continue
                for name, data in named.items():
                    path = (section, kind, name)
                    yield Defined(
                        str(section).lower(), str(kind).lower(), str(name), "file", Spot(dynamic.file, path, True),
                        data=data if isinstance(data, Mapping) else {}, refused=path in refused,
                    )  # fmt: skip
