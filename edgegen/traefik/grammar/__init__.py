"""What each Traefik from 2.11 on understands, as data: the words of labels, static options and dynamic files.

`version` is the one that reads them, as an image's tag says it: `Version(3, 6)` is the newest known 3.6, and None the
newest of all. The tables are written by `make grammar` and read when they are first asked for.

- `edgegen.traefik.label_words.faults(labels, provider, version)`: a container's labels.
- `edgegen.traefik.static_words.static_faults(options, version)`: static options, whatever way they are given.
- `edgegen.traefik.file_words.dynamic_faults(data, version)`: the parsed data of one dynamic file.
- `edgegen.traefik.rule_words.rule_fault(text, syntax, section)`: the rule of a router.
- the trees themselves, to ask for a word's type or to list what is known: the functions below.
"""

from __future__ import annotations

from edgegen.traefik.grammar.reading import grammar
from edgegen.traefik.grammar.type import Kind, Type
from edgegen.traefik.version import Version

__all__ = ["Kind", "Type", "dynamic_type", "provider_type", "routing_type", "static_file_type", "static_type"]


def routing_type(version: Version | None = None) -> Type:
    """What is below `traefik` in the labels that define routers, services and middlewares."""
    return grammar("dynamic", version, "label")


def provider_type(version: Version | None = None) -> Type:
    """What is below `traefik` in the labels for the docker and swarm providers themselves."""
    return grammar("provider", version, "label")


def static_type(version: Version | None = None) -> Type:
    """The static options as flags and variables: `static_type().at("entrypoints.web.address")`."""
    return grammar("static", version, "label")


def static_file_type(version: Version | None = None) -> Type:
    """The static options as keys of a file."""
    return grammar("static", version, "file")


def dynamic_type(version: Version | None = None) -> Type:
    """The keys of a dynamic file."""
    return grammar("dynamic", version, "file")
