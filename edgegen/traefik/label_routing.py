"""What labels define for Traefik: routers, services and middlewares, each word with the label that says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from edgegen.traefik.go_values import is_number
from edgegen.traefik.label_tree import FOR_ROUTING, Node, tree

Section = Literal["http", "tcp", "udp"]
SECTIONS: tuple[Section, ...] = ("http", "tcp", "udp")
Kind = Literal["routers", "services", "middlewares"]


@dataclass(frozen=True, slots=True)
class Item:
    """A router, a service or a middleware: option in lower case -> (value, label)."""

    section: Section
    kind: Kind
    name: str
    options: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    def get(self, option: str, default: str = "") -> str:
        """The value of an option."""
        return self.options.get(option, (default, ""))[0]

    def label(self, *options: str) -> str:
        """The label that says the first of these that is there, else the item's first label."""
        found = (self.options[option][1] for option in options if option in self.options)
        return next(found, next(iter(self.options.values()))[1])

    def words(self, option: str) -> tuple[str, ...]:
        """The value of an option as a list."""
        return tuple(word.strip() for word in self.get(option).split(",") if word.strip())

    @property
    def has_tls(self) -> bool:
        """Whether a router speaks TLS: any word below `tls` says so, unless `tls` itself is not true."""
        own = self.get("tls", "true").lower()
        return any(option.split(".")[0] == "tls" for option in self.options) and own in ("", "true")

    @property
    def priority(self) -> int:
        """Of a router; without one, or with 0, it is the length of its rule."""
        said = self.get("priority", "0")
        return (int(said) if is_number(said) else 0) or len(self.get("rule"))


def items(labels: Mapping[str, str]) -> list[Item]:
    """Everything that labels define. Labels that Traefik can't read say nothing here."""
    root, _ = tree(labels, FOR_ROUTING)
    found: list[Item] = []
    for section in SECTIONS:
        for kind in ("routers", "services", "middlewares"):
            group = (node.child(kind) if (node := root.child(section)) else None) or Node(kind)
            found += [
                Item(section, kind, named.name, dict(_options(named, ""))) for named in group.children if named.origins
            ]
    return found


def _options(node: Node, before: str) -> Iterator[tuple[str, tuple[str, str]]]:
    if node.ends:
        yield before, (node.value or "", node.ends[-1])
    for child in node.children:
        mark = "" if child.name.startswith("[") or not before else "."
        yield from _options(child, f"{before}{mark}{child.name.lower()}")
