"""Forms of variables that Compose knows and `docker stack` does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from edgegen.compose.model import SERVICE_KEYS
from edgegen.core.location import Path
from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.stack_variables import misread_form, refused_form
from edgegen.spec.variables import has_variables

_HANDED_ON = frozenset({*SERVICE_KEYS, "labels", "traefik_labels", "extra"}) - {"build"}
"""Keys of a service whose variables `docker stack` replaces. What is built, Compose builds."""


def check(spec: Spec) -> Iterator[Complaint]:
    """Variables that would keep the stack from being deployed, or have another value than in Compose."""
    for name, service in spec.services.items():
        for key in sorted(service.model_fields_set & _HANDED_ON - service.other_meanings):
            yield from _of(getattr(service, key), ("services", name, key))
    for section in ("extra", "volumes", "networks"):
        yield from _of(getattr(spec, section), (section,))


def _of(value: Any, at: Path) -> Iterator[Complaint]:
    for path, text in _texts(value, at):
        if "${" in text and has_variables(text) and (fault := _fault(text)):
            yield Complaint(path, fault, "give a variable the whole value: `${NAME}`")


def _fault(text: str) -> str:
    if form := refused_form(text):
        return f"`docker stack` does not know the form `{form}`, and refuses the file"
    return misread_form(text)


def _texts(value: Any, at: Path) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, BaseModel):
        for key in value.model_fields_set:
            yield from _texts(getattr(value, key), (*at, key))
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _texts(item, (*at, key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, (*at, index))
