"""Which labels of a project Traefik reads, by which provider, and what each was meant to be. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from edgegen.lint.model import Mode, Project, Value
from edgegen.traefik.label_words import Fault

_TEMPLATE = re.compile(r"\(@|\{[{%]|<%|%\(")
"""A file that another program makes a Compose file of. Compose itself has none of these."""


def is_whole(label: str, value: Value) -> bool:
    """Whether the label's own name is all there: no variable without a value, and no mark of another template."""
    marked = "{" in label or "<" in label or "(" in label
    return value.name_known and not (marked and _TEMPLATE.search(label))


def whole(labels: Mapping[str, Value]) -> Mapping[str, Value]:
    """Those whose own names are all there: usually all of them."""
    names = "".join(labels)
    if "{" in names or "<" in names or "(" in names or not all(value.name_known for value in labels.values()):
        return {label: value for label, value in labels.items() if is_whole(label, value)}
    return labels


def is_of_version_1(project: Project) -> bool:
    """Whether its Traefik is a Traefik 1, which has other labels for everything."""
    return project.version is not None and project.version.major < 2


def provider_of(project: Project) -> str:
    """Traefik's provider of labels in this project. That of version 2 has one for both."""
    if project.mode is not Mode.SWARM or (project.version and project.version.major < 3):
        return "docker"
    return "swarm"


def as_meant(labels: Mapping[str, Value], faults: Iterable[Fault]) -> Mapping[str, Value]:
    """The labels with misspelt ones as they were meant: one letter too many is one fault, and not three."""
    meant = {
        fault.label: fault.meant
        for fault in faults
        if fault.drops_container and fault.meant and fault.meant not in labels
    }
    return {meant.get(label, label): value for label, value in labels.items()} if meant else labels
