"""The image registries of a project: services that run the distribution registry."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from edgegen.lint.edge import Defined
from edgegen.lint.model import Mount, Project, Service
from edgegen.lint.views.hidden import environment_is_hidden
from edgegen.lint.views.image import Image, image_of, may_be_registry
from edgegen.lint.views.paths import Place, place_of
from edgegen.lint.views.routed import routed

CONFIG = {2: "/etc/docker/registry/config.yml", 3: "/etc/distribution/config.yml"}
"""Where each version reads its configuration, unless its command names another file."""
_LIMIT = 1 << 20


class Registry(Struct, frozen=True, eq=False):
    """One of them. `version` is 2 or 3."""

    project: Project
    service: Service
    image: Image
    version: int
    routers: tuple[Defined, ...]
    is_routed: bool

    @property
    def variables(self) -> Mapping[str, str]:
        """Its REGISTRY_ variables in upper case; the value of one that comes from elsewhere is empty."""
        return {
            name.upper(): value.text if value else ""
            for name, value in self.service.environment.items()
            if name.upper().startswith("REGISTRY_")
        }

    @property
    def config_path(self) -> str:
        """The file that it reads."""
        named = [word.text for word in self.service.command if word.text.endswith((".yml", ".yaml"))]
        return named[-1] if named else CONFIG[self.version]

    @property
    def config(self) -> Place | None:
        """What is mounted over its configuration."""
        return place_of(self.project, self.service, self.config_path)

    def configured(self, *sections: str) -> bool | None:
        """Whether its configuration file, or its environment, has one of these sections; None if unclear."""
        starts = tuple(f"REGISTRY_{section.upper()}" for section in sections)
        if any(name.startswith(starts) for name in self.variables):
            return True
        if environment_is_hidden(self.project, self.service):
            return None
        if self.config is None:
            return None if self.service.built else False
        data = self._read(self.config)
        return None if data is None else any(section in data for section in sections)

    def _read(self, place: Place) -> Mapping[str, Any] | None:
        if place.host is None or self.project.disk is None:
            return None
        content = self.project.disk.read(place.host, _LIMIT)
        return _top_keys(content.decode("utf-8", "replace")) if content is not None else None

    def mount(self, path: str) -> Mount | None:
        """What is mounted at a path of the container."""
        place = place_of(self.project, self.service, path)
        return place.mount if place else None


def _top_keys(text: str) -> Mapping[str, Any]:
    """The sections of a configuration: its keys at the start of a line."""
    lines = (line for line in text.splitlines() if line[:1].isalpha() and ":" in line)
    return {line.partition(":")[0].strip(): None for line in lines}


def registries(project: Project) -> Iterator[Registry]:
    """Each service whose image is the distribution registry."""
    known = None
    for service in project.services.values():
        image = image_of(service) if may_be_registry(service) else None
        if image is None or not _is_registry(image):
            continue
        known = known if known is not None else routed(project)
        found = known.get(service.name)
        version = 3 if (image.major or 0) >= 3 else 2
        yield Registry(project, service, image, version, found.routers if found else (), found is not None)


def _is_registry(image: Image) -> bool:
    return (image.name == "registry" and image.is_official) or image.repository.lower().endswith(
        ("distribution/distribution", "distribution/registry", "/library/registry")
    )
