"""A key of a dynamic file that Traefik accepts and silently loses.

What it does
    Reports keys that are read as something else than they seem to say: a list where one value belongs, one value where
    a list of mappings belongs, a name that YAML reads as a number, `tls: yes`, or `docker:` with nothing behind it.

Why
    Nothing complains. A service has no server, a router no TLS, or its name is `<int Value>`.

Example
    `servers: [http://app:80]`

Instead
    `servers: [{url: http://app:80}]`
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.core.finding import Severity
from edgegen.core.location import Path, path_text
from edgegen.core.pattern import late_pattern
from edgegen.core.show import shown
from edgegen.lint.dynamics import file_faults, of_fault, version_for
from edgegen.lint.model import Dynamic, Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.sources import Document
from edgegen.lint.static_words import static_words
from edgegen.lint.statics import judged
from edgegen.traefik.file_fault import FileEffect
from edgegen.traefik.grammar import Type, dynamic_type, static_file_type

RULE = Rule("EL057", "key-lost", Severity.HIGH)
_NUMBER = late_pattern(r"[-+]?(?:0|[1-9][0-9_]*|0[xob]?[0-9a-fA-F_]+)(?:\.[0-9]*)?|true|false|True|False|TRUE|FALSE")


def check(project: Project) -> Iterator[Found]:
    """Keys of dynamic and static files, and static options."""
    for dynamic in project.dynamic:
        if dynamic.named:
            yield from _dynamic(project, dynamic)
    for item, fault in static_words(project):
        if not fault.stops and not fault.gone and fault.known:
            message = f"`{fault.written}`: {fault.why}; Traefik silently ignores it"
            yield Found(item.subject, message, fault.spot, fault.hint, Severity.MEDIUM)
    for item in judged(project):
        if item.static.document is not None:
            yield from _anywhere(item.static.document, static_file_type(item.version))


def _dynamic(project: Project, dynamic: Dynamic) -> Iterator[Found]:
    for fault in file_faults(project, dynamic):
        if fault.effect is FileEffect.REFUSES or len(fault.path) == 1:
            continue  # EL056, EL045
        is_off = fault.effect is FileEffect.OFF
        yield of_fault(dynamic, fault, "Traefik reads it as off" if is_off else "Traefik silently ignores it")
    if dynamic.document is not None:
        yield from _anywhere(dynamic.document, dynamic_type(version_for(project, dynamic)))


def _anywhere(document: Document, kind: Type) -> Iterator[Found]:
    """What is lost in static and dynamic files alike."""
    file = document.file
    for path in _numbers(document.data, file.language):
        if file.text[file.places.index(path, key=True)] not in "\"'":
            yield _numbered(file.name, Spot(file, path, True))
    for path in _empty(document.data, kind):
        message = f"`{shown(path_text(path), 120)}` has nothing behind it, and Traefik silently ignores it"
        hint = f"write `{shown(str(path[-1]))}: {{}}` to turn it on, or remove it"
        yield Found(file.name, message, Spot(file, path, True), hint, Severity.MEDIUM)


def _empty(data: Any, kind: Type | None, path: Path = ()) -> Iterator[Path]:
    """Keys that turn something on by themselves, and are null."""
    if kind is None:
        return
    if isinstance(data, Mapping):
        for key, value in data.items():
            below = kind.item if kind.kind == "mapping" else kind.word(str(key))
            if value is not None:
                yield from _empty(value, below, (*path, key))
            elif below is not None and below.kind == "struct" and below.may_be_empty:
                yield (*path, key)
    elif isinstance(data, list) and kind.kind == "structs":
        for index, value in enumerate(data):
            yield from _empty(value, kind, (*path, index))


def _numbered(file: str, spot: Spot) -> Found:
    name = shown(str(spot.path[-1]))
    message = (
        f"YAML reads the key `{name}` as something else than a text, and Traefik calls it `<int Value>` or the like"
    )
    return Found(file, message, spot, f'write `"{name}"`', Severity.MEDIUM)


def _numbers(data: Any, language: str, path: Path = ()) -> Iterator[Path]:
    """Keys of YAML that look like numbers. Whether one has quotes only its place shows."""
    if language == "toml":
        return
    if isinstance(data, Mapping):
        for key, value in data.items():
            if _NUMBER.fullmatch(str(key)):
                yield (*path, key)
            yield from _numbers(value, language, (*path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _numbers(value, language, (*path, index))
