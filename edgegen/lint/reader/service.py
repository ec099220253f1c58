"""One service. What a rule asks for is read when it is asked for: most of a large file is never looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from msgspec import Struct, field

from edgegen.core.data import mapping
from edgegen.lint.model import Disk, Gap, Lossy, Mount, Port, Service, Spot, Value
from edgegen.lint.reader.commands import words
from edgegen.lint.reader.env_files import EnvFiles, missing
from edgegen.lint.reader.mounts import mounts
from edgegen.lint.reader.origin import Node, child
from edgegen.lint.reader.pairs import values_of
from edgegen.lint.reader.ports import ports
from edgegen.lint.reader.values import items, plain, text_of, value


class Context(Struct, frozen=True):
    """What all services of a project share."""

    env_files: EnvFiles
    values: Mapping[str, str] = field(default_factory=dict)
    """The project's own variables: the values of an `env_file` may use them, those of an included file too."""


class ReadService(Service):
    """A service whose parts are read on demand. Every attribute is the one that `Service` describes."""

    def __init__(self, name: str, node: Node, context: Context, *, partial: bool = False) -> None:
        data, origin = node
        if not isinstance(data, dict):
            data = {}
        own = self.__dict__
        own["name"] = name
        own["data"] = data
        own["partial"] = partial
        own["_node"] = (data, origin)
        own["_context"] = context

    def __repr__(self) -> str:
        return f"<service {self.name}>"

    _node: Node
    _context: Context

    def _part(self, key: str) -> Node | None:
        return child(self._node, key) if self.data.get(key) is not None else None

    def _text(self, key: str) -> Value | None:
        part = self._part(key)
        return None if part is None or isinstance(part[0], (dict, list)) else value(*part)

    @cached_property
    def spot(self) -> Spot:
        return self._node[1].spot.of_key

    @cached_property
    def image(self) -> Value | None:
        found = self._text("image")
        return found if found and (found.text or found.unset) else None

    @cached_property
    def labels(self) -> Mapping[str, Value]:
        own = _texts(self._part("labels"))
        files = self._part("label_file")
        return {**self._context.env_files.labels(files), **own} if files else own

    @cached_property
    def deploy_labels(self) -> Mapping[str, Value]:
        deploy = self._part("deploy")
        if deploy is None or not isinstance(deploy[0], dict) or deploy[0].get("labels") is None:
            return {}
        return _texts(child(deploy, "labels"))

    @cached_property
    def environment(self) -> Mapping[str, Value | None]:
        part = self._part("environment")
        own = values_of(part) if part else {}
        for name in [name for name, item in own.items() if item is None]:
            assert part is not None  # noqa: S101  # where the names come from
            at = part[1].at(name)
            if (given := at.layer.values.get(name)) is not None:
                own[name] = Value(given, at.spot)
        files = self._part("env_file")
        if not files:
            return own
        return {**self._context.env_files.environment(files, own, self._context.values), **own}

    @cached_property
    def lossy(self) -> tuple[Lossy, ...]:
        parts = [part for key in ("env_file", "label_file") if key in self.data and (part := self._part(key))]
        if not parts:
            return ()
        own = {name: item.text for name, item in self.environment.items() if item is not None}
        known = {**own, **self._context.values}
        return tuple(item for part in parts for item in self._context.env_files.lossy(part, known))

    @cached_property
    def command(self) -> tuple[Value, ...]:
        part = self._part("command")
        return words(part) if part else ()

    @cached_property
    def entrypoint(self) -> tuple[Value, ...]:
        part = self._part("entrypoint")
        return words(part) if part else ()

    @cached_property
    def networks(self) -> tuple[str, ...]:
        if self.data.get("network_mode") is not None:
            return ()
        part = self._part("networks")
        named = () if part is None else part[0] if isinstance(part[0], dict) else map(text, items(part))
        return tuple(str(name) for name in named) or ("default",)

    @cached_property
    def network_mode(self) -> Value | None:
        return self._text("network_mode")

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        part = self._part("ports")
        return ports(part) if part else ()

    @cached_property
    def expose(self) -> tuple[Value, ...]:
        part = self._part("expose")
        found = [value(item, at) for item, at in items(part)] if part else []
        return tuple({item.text: item for item in found}.values())

    @cached_property
    def mounts(self) -> tuple[Mount, ...]:
        return mounts(self._node)

    @cached_property
    def replicas(self) -> int | None:
        for path in (("deploy", "replicas"), ("scale",)):
            found = self._at(*path)
            if isinstance(found, str) and found.isascii() and found.isdecimal():
                found = int(found[:9])
            if isinstance(found, int) and not isinstance(found, bool):
                return int(found)
        return None

    @cached_property
    def is_global(self) -> bool:
        return self._at("deploy", "mode") in ("global", "global-job")

    @cached_property
    def built(self) -> bool:
        return self.data.get("build") is not None

    @cached_property
    def profiles(self) -> tuple[str, ...]:
        part = self._part("profiles")
        return tuple(dict.fromkeys(map(text, items(part)))) if part else ()

    def gaps(self, disk: Disk) -> Iterator[Gap]:
        """What of it could not be seen."""
        for key, what in (("env_file", "variables"), ("label_file", "labels")):
            if key in self.data and (part := self._part(key)):
                yield from missing(part, disk, what)
        if self.partial and not self.built and "image" not in self.data and "extends" not in self._written:
            yield Gap(
                f"the service {self.name} has neither an image nor a build here: its base is in another file",
                self.spot,
                "name all files of the project: `edgegen lint -f BASE -f THIS`",
            )

    @property
    def _written(self) -> Mapping[str, Any]:
        """As written in its own file, before anything was laid over or below it."""
        return mapping(self._node[1].layer.data, *self._node[1].path)

    def _at(self, *path: str) -> Any:
        """A scalar below the service, as Compose types it; None where it is not there."""
        node: Node = self._node
        for key in path:
            if not isinstance(node[0], dict) or key not in node[0]:
                return None
            node = child(node, key)
        return plain(*node)


def text(node: Node) -> str:
    """A scalar with the values of its variables."""
    return text_of(plain(*node))


def _texts(node: Node | None) -> dict[str, Value]:
    """Labels: one without a value is empty."""
    if node is None:
        return {}
    found = values_of(node).items()
    return {name: item if item is not None else Value("", _spot(node, name)) for name, item in found}


def _spot(node: Node, name: str) -> Spot:
    """Where a label without a value is."""
    data, origin = node
    return origin.at(data.index(name) if isinstance(data, list) and name in data else name).spot
