"""Where each definition of the schema is explained: its page, its place in edge.yaml, and its anchor."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docs.tools.schema_words import reference, references, type_words

Schema = dict[str, Any]
TOP = "Spec"
"""The whole file, as a definition like the others."""


@dataclass(frozen=True)
class Place:
    """A part of a page: the keys of one definition."""

    page: str
    definition: str
    path: str
    """Where it is in the file, such as `services.NAME.build`."""
    name: str = ""
    """What it is called where its path says too little."""

    def anchor(self, key: str = "") -> str:
        """The id of its heading, or that of a key."""
        parts = [part for part in (self.name or self.path).split(".") if part not in ("", "NAME")]
        return "-".join([*parts, key] if key else parts).lower().replace("_", "-")


SECTIONS = (
    Place("acme", "Acme", "acme"),
    Place("domains", "Domain", "domains.NAME"),
    Place("domains", "DnsSettings", "dns"),
    Place("edge", "EdgeSettings", "edge"),
    Place("secrets", "SecretSource", "secrets.NAME"),
    Place("secrets", "SecretUse", "{secret: NAME}", "secret-use"),
    Place("secrets", "ConfigSource", "configs.NAME"),
    Place("volumes", "Volume", "volumes.NAME"),
    Place("volumes", "Network", "networks.NAME"),
    Place("services", "Service", "services.NAME"),
    Place("middlewares", "Middleware", "middlewares.NAME"),
)
UNIONS = {"Service": "kind", "Middleware": "kind"}
"""Definitions that are one of several, by a key."""


@dataclass
class Places:
    """All of them, in reading order."""

    schema: Schema
    of: dict[str, Place] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.of[TOP] = Place("index", TOP, "")
        for place in (*SECTIONS, *self._kinds("Service"), *self._kinds("Middleware")):
            self._add(place)

    def definition(self, name: str) -> Schema:
        found: Schema = self.schema if name == TOP else self.schema["$defs"][name]
        return found

    def on(self, page: str) -> Iterator[Place]:
        """Those of a page."""
        return (place for place in self.of.values() if place.page == page)

    def link(self, name: str, page: str) -> str:
        """A definition in words, with a link from a page if it has a place."""
        if name == "MiddlewareUse":
            return f"{self.link('Middleware', page)} or its name"
        if name not in self.of:
            return type_words(self.definition(name), lambda other: self.link(other, page))
        place = self.of[name]
        return f"[{_words(name)}]({'' if place.page == page else f'{place.page}.md'}#{place.anchor()})"

    def _kinds(self, union: str) -> Iterator[Place]:
        """Services have a page for each kind, middlewares have one page."""
        for option in self.definition(union)["allOf"]:
            name = reference(option["then"])
            kind = option["if"]["properties"]["kind"]["pattern"].strip("^$")
            if union == "Service":
                yield Place(kind, name, "services.NAME")
            else:
                yield Place("middlewares", name, "middlewares.NAME", kind)

    def _add(self, place: Place) -> None:
        """The definition and those that only it leads to, in reading order."""
        if place.definition in self.of:
            return
        self.of[place.definition] = place
        if place.definition in UNIONS:
            return
        for key, value in self.definition(place.definition).get("properties", {}).items():
            for name in references(value):
                if "properties" in self.definition(name):
                    self._add(
                        Place(place.page, name, f"{place.path}.{key}", f"{place.name}.{key}" if place.name else "")
                    )


def _words(name: str) -> str:
    """`RateLimit` as a reader says it."""
    return {"SecretUse": "`{secret: NAME}`"}.get(
        name, "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
    )
