"""What is rendered for Traefik: routers, middlewares and services, from labels and dynamic files alike. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct, field

from edgegen.compose.emit import Interpolation
from edgegen.core.data import mapping
from edgegen.traefik.label_routing import items
from edgegen.traefik.middlewares import KINDS_OF_LABELS
from edgegen.traefik.named import enabled

FILE = "file"


class Thing(Struct, frozen=True):
    """A router, middleware or service: option in lower case -> value. `owner`: the container with its labels, or ""."""

    section: str
    kind: str
    name: str
    provider: str
    owner: str
    options: Mapping[str, str] = field(default_factory=dict)

    @property
    def full(self) -> str:
        """`web@docker`."""
        return f"{self.name}@{self.provider}"

    def get(self, option: str) -> str:
        """The value of an option, or ""."""
        return self.options.get(option, "")

    def words(self, option: str) -> tuple[str, ...]:
        """The value of an option as a list."""
        return tuple(word.strip() for word in self.get(option).split(",") if word.strip())

    def named(self, name: str) -> str:
        """A reference in it as a full name: a bare one means its own provider."""
        return name if "@" in name else f"{name}@{self.provider}"

    @property
    def middleware(self) -> str:
        """The kind of a middleware, as the spec spells it."""
        word = next(iter(self.options), "").partition(".")[0].partition("[")[0]
        return KINDS_OF_LABELS.get(word, word)


def things(services: Mapping[str, Any], provider: str, dynamic: Mapping[str, Any]) -> list[Thing]:
    """Everything that labels of containers and dynamic files define. `provider`: of the labels."""
    return [*_of_labels(services, provider), *_of_files(dynamic)]


def labels_of(service: Mapping[str, Any]) -> dict[str, str]:
    """A container's labels as Traefik gets them."""
    return {str(name): text(value) for name, value in mapping(service.get("labels")).items()}


def text(value: Any) -> str:
    """A value as its reader gets it: Compose makes one dollar of two."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).replace("$$", "$") if isinstance(value, Interpolation) else str(value)


def _of_labels(services: Mapping[str, Any], provider: str) -> Iterator[Thing]:
    for owner, service in services.items():
        labels = labels_of(service)
        for item in items(labels) if enabled(labels) else ():
            options = {option: value for option, (value, _) in item.options.items()}
            yield Thing(item.section, item.kind, item.name, provider, owner, options)


def _of_files(dynamic: Mapping[str, Any]) -> Iterator[Thing]:
    for data in dynamic.values():
        for section in ("http", "tcp"):
            for kind in ("routers", "middlewares", "services"):
                for name, options in mapping(mapping(data.get(section)).get(kind)).items():
                    yield Thing(section, kind, name, FILE, "", dict(_flat("", options)))


def _flat(prefix: str, value: Any) -> Iterator[tuple[str, str]]:
    """Options by their path in lower case, as labels have them; a list of values is joined by commas."""
    if isinstance(value, dict):
        if not value:
            yield prefix, ""
        for key, item in value.items():
            yield from _flat(f"{prefix}.{key}".lower().removeprefix("."), item)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, item in enumerate(value):
            yield from _flat(f"{prefix}[{index}]", item)
    else:
        yield prefix, ",".join(map(text, value)) if isinstance(value, list) else text(value)
