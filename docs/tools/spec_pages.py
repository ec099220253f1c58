"""The reference of edge.yaml, from the models: every key with its type, default, example and first version."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from docs.tools.markdown import block, code, prose, table
from docs.tools.places import TOP, UNIONS, Place, Places
from docs.tools.schema_words import default_words, example, type_words
from docs.tools.since import since
from edgegen.spec.schema import json_schema

PAGES = {
    "acme": ("acme", "Certificates: how Traefik gets them."),
    "domains": ("domains and dns", "DNS zones, their records, and who owns them."),
    "edge": ("edge", "Traefik and what belongs to it."),
    "services": ("services", "What runs. The key `kind` decides which other keys a service has."),
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
    "secrets": ("secrets and configs", "Files and values for containers."),
    "volumes": ("volumes and networks", "What containers share. `data:` without a value takes all defaults."),
}
"""Page -> its title, and what it is about; in the order of the menu."""


def spec_pages() -> Iterator[tuple[str, str]]:
    """Path and text of each."""
    places = Places(json_schema())
    yield "reference/spec/index.md", _index(places)
    for page, (title, about) in PAGES.items():
        parts = [part for place in places.on(page) for part in _part(places, place)]
        yield f"reference/spec/{page}.md", "\n".join([f"# {title}\n", f"{about}\n", *parts])


def _index(places: Places) -> str:
    pages = table(["page", "about"], ([f"[{title}]({page}.md)", about] for page, (title, about) in PAGES.items()))
    about = (
        "Every key of the spec. Unknown keys are errors. Editors complete from `.edgegen/schema.json`, which "
        "`edgegen init` and `edgegen render` keep up to date."
    )
    return "\n".join(["# edge.yaml\n", f"{about}\n", pages, *_keys(places, places.of[TOP], 2)])


def _part(places: Places, place: Place) -> Iterator[str]:
    """One definition with its keys."""
    definition = places.definition(place.definition)
    title = place.name if "." not in place.name and place.name and place.page == "middlewares" else code(place.path)
    yield f"## {title} {{#{place.anchor()}}}\n"
    yield f"{prose(definition.get('description', ''))}\n"
    if place.definition in UNIONS:
        yield _kinds(places, place)
    yield from _keys(places, place, 3)


def _kinds(places: Places, place: Place) -> str:
    """The table of what it can be."""
    names = [option["then"]["$ref"].rpartition("/")[2] for option in places.definition(place.definition)["allOf"]]
    rows = []
    for name in names:
        found = places.of[name]
        kind = found.name or found.page
        where = f"#{kind}" if found.page == place.page else f"{found.page}.md"
        rows.append([f"[{code(kind)}]({where})", prose(places.definition(name).get("description", ""))])
    return table(["kind", "what it is"], rows)


def _keys(places: Places, place: Place, level: int) -> Iterator[str]:
    properties = places.definition(place.definition).get("properties", {})
    shared = [key for key, value in properties.items() if _is_of_container(places, place, key, value)]
    for key, value in properties.items():
        if key not in shared:
            yield _key(places, place, key, value, level)
    if shared:
        container = places.of["Container"]
        links = ", ".join(f"[{code(key)}](container.md#{container.anchor(key)})" for key in shared)
        yield f"As for a container: {links}.\n"


def _is_of_container(places: Places, place: Place, key: str, value: Any) -> bool:
    """Whether a TCP service has the key as a container has it: it is explained there."""
    return place.definition == "Tcp" and places.definition("Container")["properties"].get(key) == value


def _key(places: Places, place: Place, key: str, value: Any, level: int) -> str:
    required = key in places.definition(place.definition).get("required", ())
    facts = [
        type_words(value, lambda name: places.link(name, place.page)),
        "required" if required else f"default {default_words(value)}",
        f"since {since(place.definition, key)}",
    ]
    parts = [
        f"{'#' * level} {code(key)} {{#{place.anchor(key)}}}\n",
        f"{prose(value.get('description', ''))}\n",
        f"{' · '.join(facts)}\n{{.facts}}\n",
        block("yaml", shown) if (shown := example(key, value)) else "",
    ]
    return "\n".join(parts)
