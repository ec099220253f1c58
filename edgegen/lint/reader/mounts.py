"""What is mounted in a service: volumes in both syntaxes, tmpfs, secrets, configs. Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from edgegen.lint.model import Mount
from edgegen.lint.reader.origin import Node, Origin, child
from edgegen.lint.reader.values import is_true, items, replaced, text_of, texts


def mounts(service: Node) -> tuple[Mount, ...]:
    """Those of a service. Of two with one target the later one counts."""
    data, _ = service
    found: dict[tuple[str, str], Mount] = {}
    for mount in _all(service, data):
        group = mount.kind if mount.kind in ("secret", "config", "tmpfs-short") else "volume"
        found[group, mount.target] = mount
    return tuple(found.values())


def _all(service: Node, data: dict[str, Any]) -> Iterator[Mount]:
    if "volumes" in data:
        for node in items(child(service, "volumes")):
            yield _long(node) if isinstance(node[0], dict) else _short(text_of(node[0]), node[1])
    if "tmpfs" in data:
        for item, origin in items(child(service, "tmpfs")):
            text, unset = replaced(text_of(item), origin.layer.values)
            yield Mount("tmpfs", "", text.partition(":")[0], False, origin.spot, unset)
    for key, kind, folder in (("secrets", "secret", "/run/secrets/"), ("configs", "config", "/")):
        if key in data:
            for node in items(child(service, key)):
                yield _file(node, kind, folder)


def _short(raw: str, origin: Origin) -> Mount:
    text, unset = replaced(raw, origin.layer.values)
    # A variable without a value leaves a `:` at the beginning: what it would name is unknown.
    source, target, options = fields(text)
    kind = "bind" if source and is_path(source) else "volume"
    where = based(source, origin) if kind == "bind" else source
    return Mount(kind, where, clean(target), "ro" in options.split(","), origin.spot, unset)


def fields(text: str) -> tuple[str, str, str]:
    """Source, target and options of the short syntax. A single letter before a `:` is a drive of Windows."""
    if len(text) <= 2:
        return "", text, ""
    parts = text.split(":")
    if any(len(part) == 1 and part.isalpha() for part in parts):
        parts = _with_drives(text)
    if len(parts) == 1:
        return "", parts[0], ""
    return parts[0], parts[1], ":".join(parts[2:])


def _with_drives(text: str) -> list[str]:
    parts, part = [], ""
    for character in text:
        if character == ":" and not (len(part) == 1 and part.isalpha()):
            parts.append(part)
            part = ""
        else:
            part += character
    parts.append(part)
    return parts


def is_path(source: str) -> bool:
    """Whether the short syntax takes this for a path of the host, and not for a volume's name."""
    return source[0] in "./~" or source.startswith("\\\\") or (source[1:2] == ":" and source[0].isalpha())


def based(source: str, origin: Origin) -> str:
    """A path as written; that of a file in another folder relative to the project's."""
    base = origin.layer.base
    if not base or source.startswith(("/", "~", "\\\\")) or source[1:2] == ":":
        return source
    return posixpath.normpath(posixpath.join(base, source))


def clean(target: str) -> str:
    """As Go's path.Clean: `/a//b/` -> `/a/b`."""
    if not target:
        return ""
    cleaned = posixpath.normpath(target)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _long(node: Node) -> Mount:
    data, origin = node
    given, missing = texts(node, ("type", "source", "target"))
    kind, source = given["type"] or "volume", given["source"]
    if kind == "bind":
        source = based(source, origin.at("source"))
    read_only = "read_only" in data and is_true(*child(node, "read_only"))
    return Mount(kind, source, clean(given["target"]), read_only, origin.spot, missing)


def _file(node: Node, kind: str, folder: str) -> Mount:
    data, origin = node
    if not isinstance(data, dict):
        source, unset = replaced(text_of(data), origin.layer.values)
        return Mount(kind, source, folder + source, True, origin.spot, unset)
    given, missing = texts(node, ("source", "target"))
    target = given["target"] or folder + given["source"]
    if kind == "secret" and not target.startswith("/"):
        target = folder + target
    return Mount(kind, given["source"], target, True, origin.spot, missing)
