"""All files of a project -> one tree: `include` and `extends` followed, later files laid over earlier ones."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from edgegen.core.errors import SpecError
from edgegen.lint.model import Disk, File, Gap, Remark
from edgegen.lint.reader.env_files import EnvFiles
from edgegen.lint.reader.files import Read, read
from edgegen.lint.reader.merge import joined, laid_over, resource_over, service_over, without_tags
from edgegen.lint.reader.mounts import based
from edgegen.lint.reader.nowhere import Nowhere
from edgegen.lint.reader.origin import Layer, Node, Origin, child
from edgegen.lint.reader.values import items, replaced, text_of

_KINDS = ("services", "networks", "volumes", "secrets", "configs", "models")
_DEEPEST = 40
"""Files that include or extend each other in a chain."""


class Loader:
    """Reads files, and collects what was odd or not there on the way."""

    def __init__(self, disk: Disk, env_files: EnvFiles) -> None:
        self._disk = disk
        self._env_files = env_files
        self._files: dict[str, list[Read] | None] = {}
        self.layers: list[Layer] = []
        self.gaps: list[Gap] = []
        self.remarks: list[Remark] = []
        self.partial: set[str] = set()
        """Services with a part in a file that is missing."""
        self.hidden = False
        """Whether a whole file is missing."""

    def tops(self, names: Sequence[str]) -> list[Mapping[str, Any]]:
        """The top of each document as written in its file.

        Raises SpecError for what is not YAML, and for a file that is not there.
        """
        found: list[Mapping[str, Any]] = []
        for name in names:
            documents = self._read(name)
            if documents is None:
                raise SpecError(f"{self._disk.shown(name)} can't be read: it is not there, or it is not a regular file")
            found += [item.document.data for item in documents if isinstance(item.document.data, dict)]
        return found

    def load(self, names: Sequence[str], values: Mapping[str, str]) -> Node:
        """The files laid over each other. They have been read by `tops`."""
        found: Node | None = None
        for name in names:
            found = self._over(found, name, values, "", ())
        if found is None:
            if not self.layers:
                self.layers.append(Layer(self._disk_file(names), {}))
            found = {}, Origin(self.layers[0])
        if not found[0] and all(layer.data == {} for layer in self.layers):
            self._odd("there is nothing in this file, and Compose refuses an empty one", Origin(self.layers[0]))
        return without_tags(found) if self._tagged else found

    def _disk_file(self, names: Sequence[str]) -> File:
        """A file of no document: it is empty."""
        path = names[0] if names else ""
        return File(self._disk.shown(path), path, "", Nowhere())

    @property
    def files(self) -> tuple[File, ...]:
        """Every file that was read, in that order; one of several documents once for each."""
        return tuple(layer.file for layer in self.layers)

    @property
    def _tagged(self) -> bool:
        return any(item.document.tagged for read in self._files.values() for item in read or ())

    def _read(self, path: str) -> list[Read] | None:
        if path not in self._files:
            self._files[path] = found = read(path, self._disk)
            self.remarks += [remark for item in found or () for remark in item.remarks]
        return self._files[path]

    def _over(
        self, base: Node | None, path: str, values: Mapping[str, str], folder: str, chain: tuple[str, ...]
    ) -> Node | None:
        for layer in self._layers(path, values, folder):
            node: Node = (layer.data, Origin(layer))
            if isinstance(layer.data, dict):
                if layer.data.get("include") is not None:
                    node = self._with_included(node, (*chain, path))
                node = self._with_extended(node, path)
                base = node if base is None else laid_over(base, node)
            elif layer.data is not None:
                self._odd("a Compose file has `services:` and the like at its top, not a list or a text", Origin(layer))
        return base

    def _layers(self, path: str, values: Mapping[str, str], folder: str) -> Iterator[Layer]:
        for item in self._read(path) or ():
            layer = Layer(item.file, item.document.data, values, folder)
            if all(known.file is not item.file for known in self.layers):
                self.layers.append(layer)
            yield layer

    def _odd(self, message: str, origin: Origin) -> None:
        self.remarks.append(Remark(message, origin.spot, subject=origin.spot.shown))

    def _missing(self, message: str, origin: Origin) -> None:
        self.gaps.append(Gap(message, origin.spot))

    # include

    def _with_included(self, node: Node, chain: tuple[str, ...]) -> Node:
        own = {key: child(node, key) for key in node[0] if key != "include"}
        for entry in items(child(node, "include")):
            found = self._included(entry, chain)
            if found is None:
                continue
            for kind in _KINDS:
                if isinstance(found[0].get(kind), dict):
                    own[kind] = _imported(kind, child(found, kind), own.get(kind))
        return joined(node[1], own)

    def _included(self, entry: Node, chain: tuple[str, ...]) -> Node | None:
        data, origin = entry
        options = data if isinstance(data, dict) else {"path": data}
        paths = self._paths(options, "path", origin)
        if not paths or len(chain) > _DEEPEST:
            self.hidden = True
            return None
        if paths[0] in chain:
            self._odd(f"{paths[0]} includes itself: {' -> '.join((*chain, paths[0]))}", origin)
            return None
        folders = self._paths(options, "project_directory", origin)
        folder = folders[0] if folders else posixpath.dirname(paths[0])
        values = self._included_values(options, folder, origin)
        found: Node | None = None
        for path in paths:
            if self._read(path) is None:
                self.hidden = True
                what = "is not on this machine" if "://" in path or path.startswith("git@") else "is not there"
                self._missing(f"the included file {path} {what}, so what it defines is unknown", origin)
            else:
                found = self._over(found, path, values, folder, chain)
        return found

    def _included_values(self, options: Mapping[str, Any], folder: str, origin: Origin) -> dict[str, str]:
        """The variables that included files see: those of the file that includes them, then of their own env files."""
        before = origin.layer.values
        named = self._paths(options, "env_file", origin)
        for path in named:
            if self._disk.kind(path) in ("none", "folder"):
                self._missing(f"{self._disk.shown(path)} is not there, so the variables in it are unknown", origin)
        paths = named or [posixpath.join(folder, ".env")]
        self.remarks += [remark for path in paths for remark in self._env_files.refused(path, before)]
        return {**self._env_files.variables(paths, before), **before}

    def _paths(self, options: Mapping[str, Any], key: str, origin: Origin) -> list[str]:
        part = (options[key], origin.at(key)) if options.get(key) is not None else None
        found = []
        for item, at in items(part) if part else ():
            text, unset = replaced(text_of(item), at.layer.values)
            if unset:
                self._missing(f"which file this is depends on {unset[0]}, which has no value", at)
            elif "://" in text or text.startswith("git@"):
                found.append(text)
            else:
                found.append(based(text, at))
        return found

    # extends

    def _with_extended(self, node: Node, path: str) -> Node:
        services = node[0].get("services")
        if not isinstance(services, dict):
            return node
        names = [name for name, item in services.items() if isinstance(item, dict) and item.get("extends") is not None]
        if not names:
            return node
        whole = child(node, "services")
        parts = {key: child(whole, key) for key in services}
        for name in names:
            found, complete = self._extended(parts[name], whole, path, ((path, name),))
            parts[name] = found
            if not complete:
                self.partial.add(name)
        merged, inner = joined(whole[1], parts)
        return {**node[0], "services": merged}, Origin(
            node[1].layer, node[1].path, {**(node[1].parts or {}), "services": inner}
        )

    def _extended(
        self, service: Node, siblings: Node, path: str, chain: tuple[tuple[str, str], ...]
    ) -> tuple[Node, bool]:
        """A service with what it extends below it, and whether all of that was there."""
        extends = service[0].get("extends") if isinstance(service[0], dict) else None
        if extends is None:
            return service, True
        origin = service[1].at("extends")
        data = extends if isinstance(extends, dict) else {"service": extends}
        name, unset = replaced(text_of(data.get("service")), origin.layer.values)
        if data.get("file") is not None:
            files = self._paths(data, "file", origin)
            if not files:
                return _without_extends(service), False
            path = files[0]
            if (there := self._services_of(path, origin)) is None:
                return _without_extends(service), False
            siblings = there
        if unset or not isinstance(siblings[0], dict) or not isinstance(siblings[0].get(name), dict):
            if not unset and name not in siblings[0]:
                self._odd(f"there is no service `{name}` in {self._disk.shown(path)} to extend", origin)
            return _without_extends(service), False
        if (path, name) in chain or len(chain) > _DEEPEST:
            self._odd(f"`{name}` extends itself", origin)
            return _without_extends(service), True
        base, complete = self._extended(child(siblings, name), siblings, path, (*chain, (path, name)))
        return _without_extends(service_over(without_tags(base), service)), complete

    def _services_of(self, path: str, origin: Origin) -> Node | None:
        if self._read(path) is None:
            self._missing(f"{path} is not there, so the service that this one extends is unknown", origin)
            return None
        found: Node | None = None
        for layer in self._layers(path, origin.layer.values, posixpath.dirname(path)):
            if isinstance(layer.data, dict):
                node: Node = (layer.data, Origin(layer))
                found = node if found is None else laid_over(found, node)
        if found is None or not isinstance(found[0].get("services"), dict):
            self._odd(f"{path} has no services to extend", origin)
            return None
        return child(found, "services")


def _imported(kind: str, found: Node, own: Node | None) -> Node:
    """The services, networks, … of an included file, with those of the file that includes it laid over them."""
    parts = {key: child(found, key) for key in found[0]}
    origin = found[1]
    if own is not None and isinstance(own[0], dict):
        origin = own[1]
        for key in own[0]:
            over = child(own, key)
            parts[key] = resource_over(kind, parts[key], over) if key in parts else over
    return joined(origin, parts)


def _without_extends(service: Node) -> Node:
    data, origin = service
    return {key: item for key, item in data.items() if key != "extends"}, origin
