"""What is wrong with each label of a project, computed once. Pure.

A stack of a thousand services has a few dozen shapes of labels: a shape without a fault is judged once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from edgegen.lint.labelled import is_of_version_1, provider_of, whole
from edgegen.lint.model import Project, Service, Value
from edgegen.traefik.label_words import Fault, faults

_FREE = frozenset(
    ("rule", "middlewares", "service", "entrypoints", "certresolver", "users", "main", "sans", "prefixes")
)
"""Last words of labels that hold any text: it makes no difference to the label itself."""


_NUMBER = re.compile(r"[2-9]|[1-9][0-9]{1,3}").fullmatch
"""Numbers like ports: to the label itself one is as good as another. `1` is a boolean, too."""


_Shape = tuple[tuple[object, ...], ...]


class OfLabel(NamedTuple):
    """A fault of one label of a service."""

    service: Service
    label: str
    value: Value
    fault: Fault


def label_faults(project: Project) -> tuple[OfLabel, ...]:
    """Every fault of every label that Traefik reads, or was meant to."""
    found: tuple[OfLabel, ...] | None = project.__dict__.get("_label_faults")
    if found is None:
        found = project.__dict__["_label_faults"] = tuple(_faults(project))
    return found


def faults_by_service(project: Project) -> Mapping[str, list[Fault]]:
    """Service -> the faults of its labels; nothing for one without faults."""
    found: dict[str, list[Fault]] = {}
    for item in label_faults(project):
        found.setdefault(item.service.name, []).append(item.fault)
    return found


def _faults(project: Project) -> Iterator[OfLabel]:
    if is_of_version_1(project):
        return
    provider, version = provider_of(project), project.version
    sound: set[_Shape] = {()}
    for service in project.services.values():
        labels = service.routing_labels(project.mode)
        known = {key: value.text for key, value in whole(labels).items() if not value.unset}
        shape = _shape(known)
        if shape in sound:
            continue
        found = faults(known, provider, version)
        if not found:
            sound.add(shape)
        for fault in found:
            yield OfLabel(service, fault.label, labels[fault.label], fault)


def _shape(labels: Mapping[str, str]) -> _Shape:
    """The labels with numbers in place of the names that they define, and without free texts."""
    names: dict[str, int] = {}
    shape: list[tuple[object, ...]] = []
    for label, value in labels.items():
        words = label.split(".", 4)
        last = label.rpartition(".")[2].lower()
        meant = "x" if value and last in _FREE else "7" if _NUMBER(value) else value
        if len(words) == 5 and words[0] == "traefik" and words[3].isascii() and words[3].replace("-", "").isalnum():
            shape.append((words[1], words[2], names.setdefault(words[3].lower(), len(names)), words[4], meant))
        else:
            shape.append((label, meant))
    return tuple(shape)
