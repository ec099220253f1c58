"""The reference of edge.yaml, from the models: every key with its type, default, example and first version."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from docs.tools.markdown import block, code, prose, table
from docs.tools.schema_words import default_words, example, reference, references, type_words
from docs.tools.since import since
from edgegen.spec.schema import json_schema

Schema = dict[str, Any]
TOP = "Spec"
"""The whole file, as a definition like the others."""


@dataclass(frozen=True)
class Root:
    """A definition that begins a page, or a part of one, and where it is in the file."""

    page: str
    definition: str
    path: str


PAGES = {
    "acme": ("acme", "Certificates: how Traefik gets them."),
    "domains": ("domains and dns", "DNS zones, their records, and who owns them."),
    "edge": ("edge", "Traefik and what belongs to it."),
    "secrets": ("secrets and configs", "Files and values for containers."),
    "volumes": ("volumes and networks", "What containers share. `data:` without a value takes all defaults."),
    "container": ("kind: container", "The default kind of service: an image or a build."),
    "registry": ("kind: registry", "A private image registry."),
    "registry-cache": ("kind: registry-cache", "A pull-through cache."),
    "redirect": ("kind: redirect", "A host that only redirects."),
    "external": ("kind: external", "A server outside Docker."),
    "tcp": ("kind: tcp", "A TCP service behind TLS."),
    "middlewares": (
        "middlewares",
        "Named once under `middlewares:` and used by name, or written in place in a service's list. "
        "Their kinds are Traefik's names in kebab-case, their options Traefik's in snake_case.",
    ),
}  # fmt: skip
SECTIONS = (
    Root("acme", "Acme", "acme"),
    Root("domains", "Domain", "domains.NAME"),
    Root("domains", "DnsSettings", "dns"),
    Root("edge", "EdgeSettings", "edge"),
    Root("secrets", "SecretSource", "secrets.NAME"),
    Root("secrets", "ConfigSource", "configs.NAME"),
    Root("volumes", "Volume", "volumes.NAME"),
    Root("volumes", "Network", "networks.NAME"),
)


@dataclass
class Reference:
    """Every definition with its place: the page, and the path in the file."""

    schema: Schema
    places: dict[str, Root] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.places[TOP] = Root("index", TOP, "")
        for root in self._roots():
            self._place(root)

    def definition(self, name: str) -> Schema:
        found: Schema = self.schema if name == TOP else self.schema["$defs"][name]
        return found

    def _roots(self) -> Iterator[Root]:
        yield from SECTIONS
        for name in _of_union(self.schema, "Service"):
            yield Root(_const(self.definition(name), "kind"), name, "services.NAME")
        for name in _of_union(self.schema, "Middleware"):
            yield Root("middlewares", name, "middlewares.NAME")

    def _place(self, root: Root) -> None:
        """The definition and those that only it leads to, in reading order."""
        if root.definition in self.places:
            return
        self.places[root.definition] = root
        for key, value in self.definition(root.definition).get("properties", {}).items():
            for name in references(value):
                if "properties" in self.schema["$defs"][name]:
                    self._place(Root(root.page, name, f"{root.path}.{key}"))

    def link(self, name: str, page: str) -> str:
        """A definition in words, linked if it has a section."""
        title = TITLES.get(name, name)
        if name in UNIONS:
            return f"[{UNIONS[name][0]}]({UNIONS[name][1]})"
        if name not in self.places:
            return type_words(self.definition(name), lambda other: self.link(other, page))
        place = self.places[name]
        return f"[{title}]({'' if place.page == page else place.page + '.md'}#{anchor(place)})"


TITLES = {"SecretUse": "{secret: NAME}"}
UNIONS = {
    "Service": ("service", "index.md#services"),
    "Middleware": ("middleware", "middlewares.md"),
    "MiddlewareUse": ("middleware or its name", "middlewares.md"),
}
"""Definitions that are one of several, with where those are."""


def anchor(place: Root, key: str = "") -> str:
    """The id of a section or a key: its path, or the kind and the key for middlewares."""
    path = place.path.replace("middlewares.NAME", place.definition) if place.page == "middlewares" else place.path
    return "-".join([part for part in (*path.split("."), key) if part and part != "NAME"]).lower().replace("_", "-")


def spec_pages() -> Iterator[tuple[str, str]]:
    """Path and text of each."""
    made = Reference(json_schema())
    yield "reference/spec/index.md", _index(made)
    for page, (title, about) in PAGES.items():
        yield f"reference/spec/{page}.md", f"# {title}\n\n{about}\n\n{_sections(made, page)}"


def _index(made: Reference) -> str:
    pages = table(["page", "about"], ([f"[{title}]({page}.md)", about] for page, (title, about) in PAGES.items()))
    head = (
        "# edge.yaml\n\nEvery key of the spec. Unknown keys are errors. "
        "Editors complete from `.edgegen/schema.json`, which `edgegen init` and `edgegen render` keep up to date.\n"
    )
    keys = "\n".join(_keys(made, made.places[TOP], 2))
    return f"{head}\n{pages}\n{keys}"


def _sections(made: Reference, page: str) -> str:
    parts = []
    for name, place in made.places.items():
        if place.page == page:
            definition = made.definition(name)
            parts.append(f"## {_title(place, definition)} {{#{anchor(place)}}}\n")
            parts.append(f"{prose(definition.get('description', ''))}\n")
            parts += _keys(made, place, 3)
    return "\n".join(parts)


def _title(place: Root, definition: Schema) -> str:
    if place.page == "middlewares" and place.path == "middlewares.NAME":
        return _const(definition, "kind")
    return code(place.path)


def _keys(made: Reference, place: Root, level: int) -> Iterator[str]:
    definition = made.definition(place.definition)
    for key, value in definition.get("properties", {}).items():
        twin = _twin(made, place, key, value)
        if not twin:
            yield _key(made, place, key, value, level)
    shared = [key for key, value in definition.get("properties", {}).items() if _twin(made, place, key, value)]
    if shared:
        links = ", ".join(f"[{code(key)}](container.md#{anchor(made.places['Container'], key)})" for key in shared)
        yield f"As for a container: {links}.\n"


def _twin(made: Reference, place: Root, key: str, value: Schema) -> bool:
    """Whether a TCP service has the key as a container has it: it is explained there."""
    return place.definition == "Tcp" and made.definition("Container")["properties"].get(key) == value


def _key(made: Reference, place: Root, key: str, value: Schema, level: int) -> str:
    definition = made.definition(place.definition)
    words = type_words(value, lambda name: made.link(name, place.page))
    default = "required" if key in definition.get("required", ()) else f"default {default_words(value)}"
    facts = f"{words} · {default} · since {since(place.definition, key)}"
    shown = example(key, value)
    return (
        f"{'#' * level} {code(key)} {{#{anchor(place, key)}}}\n\n{prose(value.get('description', ''))}\n\n"
        f"{facts}\n{{.facts}}\n" + (f"\n{block('yaml', shown)}" if shown else "")
    )


def _of_union(schema: Schema, name: str) -> list[str]:
    return [reference(item) for item in schema["$defs"][name]["oneOf"]]


def _const(definition: Schema, key: str) -> str:
    value: str = definition["properties"][key]["const"]
    return value
