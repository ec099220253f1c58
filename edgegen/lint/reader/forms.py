"""Forms that Compose refuses in the parts that lint reads: `- name: value` in a list of labels, and the like. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from edgegen.core.data import items, mapping
from edgegen.core.location import Path
from edgegen.lint.model import Remark, Spot
from edgegen.lint.reader.origin import Layer
from edgegen.spec.lenient import Reset

_SECTIONS = ("services", "networks", "volumes", "secrets", "configs")


def forms(layers: Iterable[Layer]) -> Iterator[Remark]:
    """What is written in a form that Compose does not take."""
    for layer in layers:
        if layer.data is None:
            yield _remark(layer, (), "the document is empty: a Compose file has `services:` and the like at its top")
        data = layer.data if isinstance(layer.data, dict) else {}
        if "\xa0" in layer.file.text and (unbroken := next(_unbroken(data), None)):
            message = (
                f"a no-break space (U+00A0) is before `{str(unbroken[-1]).strip()}`: YAML takes it for a letter of it"
            )
            yield _remark(layer, unbroken, message, key=True, hint="write spaces, as in other lines")
            continue
        for section in _SECTIONS:
            if section in data and data[section] is None:
                hint = f"remove the key, or write `{section}: {{}}`"
                yield _remark(layer, (section,), f"`{section}` has no value here", key=True, hint=hint)
        services = data.get("services")
        if services is None or isinstance(services, Reset):
            continue
        if not isinstance(services, dict):
            yield _remark(layer, ("services",), "`services` is a mapping from names to services")
            continue
        for name, service in services.items():
            if isinstance(service, dict):
                yield from _of_service(layer, name, service)
            elif not isinstance(service, Reset):
                yield _remark(layer, ("services", name), f"the service `{name}` is not a mapping", key=True)


def _unbroken(data: dict[str, Any]) -> Iterator[tuple[str | int, ...]]:
    """Keys that begin with a space that is none: it was meant as indentation."""
    named = mapping(data, "services")
    paths: list[tuple[str | int, ...]] = [(key,) for key in data] + [("services", name) for name in named]
    paths += [("services", name, key) for name, item in named.items() if isinstance(item, dict) for key in item]
    return (path for path in paths if str(path[-1])[:1] == "\xa0")


def repeated(layers: Iterable[Layer]) -> Iterator[Remark]:
    """Labels for Traefik that are in a list twice: Compose takes the last. In a mapping it refuses that."""
    for layer in layers:
        for name in mapping(layer.data, "services"):
            yield from _repeated(layer, ("services", name, "labels"))
            yield from _repeated(layer, ("services", name, "deploy", "labels"))


def _repeated(layer: Layer, path: Path) -> Iterator[Remark]:
    last: dict[str, tuple[int, str]] = {}
    for index, item in enumerate(items(layer.data, *path)):
        label, _, value = item.partition("=") if isinstance(item, str) else ("", "", "")
        before = last.get(label)
        if before is not None and before[1] != value and label.startswith("traefik."):
            yield _remark(layer, (*path, before[0]), label)
        last[label] = (index, value)


def _of_service(layer: Layer, name: str, service: dict[str, Any]) -> Iterator[Remark]:
    path = ("services", name)
    if "labels" in service:
        yield from _pairs(layer, (*path, "labels"), service["labels"], "label")
    if "environment" in service:
        yield from _pairs(layer, (*path, "environment"), service["environment"], "variable")
    deploy = service.get("deploy")
    if isinstance(deploy, dict) and "labels" in deploy:
        yield from _pairs(layer, (*path, "deploy", "labels"), deploy["labels"], "label")


def _pairs(layer: Layer, path: tuple[str | int, ...], data: Any, what: str) -> Iterator[Remark]:
    if isinstance(data, list):
        for index, item in enumerate(data):
            if isinstance(item, dict):
                key = next(iter(item), "")
                yield _remark(layer, (*path, index), f"`- {key}: …` is a mapping inside a list, and no {what}",
                              hint=f"write `- {key}=…`, or leave out the `-` of each {what}")  # fmt: skip
            elif item is not None and not isinstance(item, (str, Reset)):
                hint = (
                    "a list can't hold another list: write mappings, and `<<: *name`" if isinstance(item, list) else ""
                )
                yield _remark(layer, (*path, index), f"a {what} of a list is a text: `- name=value`", hint=hint)
    elif isinstance(data, dict):
        for key, item in data.items():
            if isinstance(item, (dict, list)):
                yield _remark(layer, (*path, key), f"the value of `{key}` is not a text", key=True)
    elif isinstance(data, str) and what == "label":
        yield _remark(layer, path, "labels are a list of `name=value` or a mapping, not a text")


def _remark(layer: Layer, path: tuple[str | int, ...], message: str, *, key: bool = False, hint: str = "") -> Remark:
    subject = str(path[1]) if len(path) > 1 else ""
    return Remark(message, Spot(layer.file, path, key), subject=subject, hint=hint)
