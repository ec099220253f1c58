"""A container's labels as the tree that Traefik builds of them before it looks at a single word.

Source: paerser 0.2, parser/labels_decode.go.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct, field

ROOT = "traefik"
FOR_PROVIDER = ("traefik.docker.", "traefik.enable")
FOR_PROVIDER_OF_SWARM = ("traefik.docker.", "traefik.swarm.", "traefik.enable")
FOR_ROUTING = ("traefik.http", "traefik.tcp", "traefik.udp", "traefik.tls.stores.default")
"""How a label begins that Traefik reads. Case does not count here, and a longer word begins so too."""


class Origin(Struct, frozen=True):
    """A label, and which of its words between the dots a node is."""

    label: str
    at: int


class Node(Struct):
    """One word, what is below it, and the value where a label ends here."""

    name: str
    children: list[Node] = field(default_factory=list)
    value: str | None = None
    origins: list[Origin] = field(default_factory=list)
    """Every label that passes through here or ends here."""
    ends: list[str] = field(default_factory=list)
    """The labels that end here; the last one's value counts."""

    def child(self, name: str) -> Node | None:
        """The child of this name, in whatever case."""
        folded = name.lower()
        return next((node for node in self.children if node.name.lower() == folded), None)


class Misshapen(Struct, frozen=True):
    """A label that is not a path of words."""

    label: str
    why: str
    stops: bool = False
    """Traefik does not survive it: the routes of every container are gone."""


def read_by(label: str, beginnings: tuple[str, ...]) -> bool:
    """Whether Traefik reads a label among those that begin so."""
    return label.lower().startswith(beginnings)


def tree(labels: Mapping[str, str], beginnings: tuple[str, ...]) -> tuple[Node, list[Misshapen]]:
    """The labels that begin so as one tree, and those that have no place in it."""
    root, bad = Node(ROOT), []
    for label in sorted(name for name in labels if read_by(name, beginnings)):
        if found := misshapen(label):
            bad.append(found)
        else:
            _grow(root, label, labels[label])
    return root, bad


def misshapen(label: str) -> Misshapen | None:
    """What keeps a label from being read as a path of words; None where nothing does. The first fault counts."""
    words = label.split(".")
    if words[0] != ROOT:
        return Misshapen(label, f"it must begin with `{ROOT}` in lower case")
    for word in words:
        if not word:
            return Misshapen(label, "it has a dot too many")
        if word.startswith("["):
            return Misshapen(label, "an index like `[0]` comes right after a word, without a dot")
        if word.endswith("]") and "[" not in word:
            return Misshapen(label, "it has a `]` without a `[`", stops=True)
    return None


def _grow(root: Node, label: str, value: str) -> None:
    node = root
    node.origins.append(Origin(label, 0))
    for at, name in _steps(label):
        node = _child(node, name)
        node.origins.append(Origin(label, at))
    node.value = value
    node.ends.append(label)


def _steps(label: str) -> Iterator[tuple[int, str]]:
    for at, word in enumerate(label.split(".")[1:], 1):
        if word.endswith("]"):
            name, bracket, index = word.partition("[")
            yield at, name
            yield at, bracket + index
        else:
            yield at, word


def _child(node: Node, name: str) -> Node:
    found = node.child(name)
    if found is None:
        node.children.append(found := Node(name))
    return found
