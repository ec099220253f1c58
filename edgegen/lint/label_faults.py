"""What is wrong with each label of a project, computed once. Pure.

A stack of a thousand services has a few dozen shapes of labels: a shape without a fault is judged once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from edgegen.lint.labelled import is_of_version_1, is_whole, provider_of
from edgegen.lint.model import Project, Service, Value
from edgegen.traefik.label_words import Fault, faults
from edgegen.traefik.version import Version

__all__ = ["OfLabel", "faults_by_service", "label_faults"]

_FREE = frozenset(
    ("rule", "middlewares", "service", "entrypoints", "certresolver", "users", "main", "sans", "prefixes")
)
"""Last words of labels that hold any text: it makes no difference to the label itself."""


_NUMBER = re.compile(r"[2-9]|[1-9][0-9]{1,3}").fullmatch
"""Numbers like ports: to the label itself one is as good as another. `1` is a boolean, too."""


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
    for service in project.services.values():
        labels = service.routing_labels(project.mode)
        known = {key: value.text for key, value in labels.items() if value.known and is_whole(key, value)}
        if known and not _is_sound(_shape(known), provider, version):
            for fault in faults(known, provider, version):
                yield OfLabel(service, fault.label, labels[fault.label], fault)


def _shape(labels: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The labels with numbers in place of the names that they define, and without free texts."""
    names: dict[str, str] = {}
    shape = []
    for label, value in labels.items():
        words = label.split(".")
        if len(words) > 4 and words[0] == "traefik" and words[3].isascii() and words[3].replace("-", "").isalnum():
            words[3] = names.setdefault(words[3].lower(), f"n{len(names)}")
            label = ".".join(words)  # noqa: PLW2901  # from here on only its shape counts
        shape.append((label, "x" if value and words[-1].lower() in _FREE else "7" if _NUMBER(value) else value))
    return tuple(shape)


@lru_cache(maxsize=4096)
def _is_sound(shape: tuple[tuple[str, str], ...], provider: str, version: Version | None) -> bool:
    return not faults(dict(shape), provider, version)
