"""`env_file` and `label_file` of services, `.env` of a project: read once each, with the place of every name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from edgegen.core.errors import SpecError
from edgegen.core.lines import line_starts
from edgegen.core.location import Location, Path
from edgegen.core.pattern import late_pattern
from edgegen.lint.model import Character, Disk, File, Gap, Lossy, Remark, Spot, Value
from edgegen.lint.reader.disk import LIMIT
from edgegen.lint.reader.mounts import based
from edgegen.lint.reader.origin import Node
from edgegen.lint.reader.values import items, replaced, text_of
from edgegen.spec.dotenv import expansions, parse

_NAME = late_pattern(r"^[ \t]*(?:export[ \t]+)?([^\s=:#]+)[ \t]*(?:[=:]|$)", re.MULTILINE)


class EnvPlaces:
    """Where the names of an env file are. See `edgegen.lint.places.Places`."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._starts: dict[str, int] | None = None

    def index(self, path: Path, *, key: bool = False) -> int:  # noqa: ARG002  # a line is found by its name
        """Where the line of a name starts."""
        if self._starts is None:
            self._starts = {match[1]: match.start(1) for match in _NAME.finditer(self._text)}
        return self._starts.get(str(path[0]), 0) if path else 0


class EnvFiles:
    """The env files of a project."""

    def __init__(self, disk: Disk) -> None:
        self._disk = disk
        self._files: dict[str, File | None] = {}

    def variables(self, paths: Iterable[str], before: Mapping[str, str]) -> dict[str, str]:
        """The values of `.env` files, later ones over earlier; what is not there or can't be read gives none."""
        found: dict[str, str] = {}
        for path in paths:
            if file := self.file(path):
                found |= self._texts_of(file, before, found)
        return found

    def environment(
        self, node: Node, own: Mapping[str, Value | None], values: Mapping[str, str]
    ) -> dict[str, Value | None]:
        """What a service's `env_file` gives it. Their values may use those of its `environment`, `own`, and of the
        project's variables, `values`, which come first.
        """
        known = {name: item.text for name, item in own.items() if item is not None}
        found: dict[str, Value | None] = {}
        for path, raw in _paths(node):
            file = self.file(path)
            if file is None:
                continue
            before = {name: item.text for name, item in found.items() if item is not None}
            found |= self._values_of(file, {**known, **values}, before, raw=raw)
        return found

    def labels(self, node: Node) -> dict[str, Value]:
        """What a service's `label_file` gives it."""
        found: dict[str, Value] = {}
        for path, _ in _paths(node):
            if file := self.file(path):
                found |= self._values_of(file, {}, {name: item.text for name, item in found.items()})
        return found

    def lossy(self, node: Node, own: Mapping[str, str]) -> Iterator[Lossy]:
        """The values of an `env_file` or `label_file` that lose a part. `own` is what they may use besides."""
        for path, raw in _paths(node):
            if not raw:
                yield from self.lossy_of(path, own)

    def lossy_of(self, path: str, values: Mapping[str, str]) -> Iterator[Lossy]:
        """The values of one file that lose a part."""
        file = self.file(path)
        if file is None or "$" not in file.text:
            return
        for name, start, end, unset in expansions(file.text, values):
            yield Lossy(name, file.text[start:end], Spot(file, (name,)), start, unset)

    def refused(self, path: str, values: Mapping[str, str]) -> Iterator[Remark]:
        """Why Compose refuses a file, and with it the whole project."""
        if file := self.file(path):
            try:
                parse(file.text, values, file.name)
            except SpecError as error:
                problem = error.problems[0]
                yield Remark(problem.message, _line(file, problem.where), subject=file.name)

    def file(self, path: str) -> File | None:
        """A file that was read; None where it isn't there."""
        if path not in self._files:
            content = self._disk.read(path, LIMIT)
            self._files[path] = None if content is None else _file(self._disk.shown(path), path, content)
        return self._files[path]

    def _values_of(
        self, file: File, values: Mapping[str, str], earlier: Mapping[str, str], *, raw: bool = False
    ) -> dict[str, Value]:
        texts = _raw(file.text) if raw else self._texts_of(file, values, earlier)
        return {name: Value(text, Spot(file, (name,)), text) for name, text in texts.items()}

    def _texts_of(self, file: File, values: Mapping[str, str], earlier: Mapping[str, str]) -> dict[str, str]:
        try:
            return parse(file.text, values, file.name, earlier=earlier)
        except SpecError:
            return {}


def missing(node: Node, disk: Disk, what: str) -> Iterator[Gap]:
    """The files of an `env_file` or `label_file` that are not there, or that Compose can't read."""
    data, origin = node
    for item, at in items(node) if not isinstance(data, dict) else [(data, origin)]:
        for path, _ in _paths((item, at)):
            is_optional = isinstance(item, dict) and item.get("required") in (False, "false")
            if disk.kind(path) not in ("file", "unknown") and not is_optional:
                yield Gap(f"{disk.shown(path)} is not there, so the {what} in it are unknown", at.spot)


def _paths(node: Node) -> Iterator[tuple[str, bool]]:
    """The path of each file, relative to the project's folder, and whether its values are taken as they are."""
    data, origin = node
    for item, at in items(node) if not isinstance(data, dict) else [(data, origin)]:
        raw = item.get("path") if isinstance(item, dict) else item
        text, unset = replaced(text_of(raw), at.layer.values)
        if text and not unset:
            yield based(text, at), isinstance(item, dict) and item.get("format") == "raw"


def _line(file: File, where: Location | None) -> Spot:
    starts = line_starts(file.text)
    return Character(file, character=starts[where.line - 1] if where and 0 < where.line <= len(starts) else 0)


def _file(name: str, path: str, content: bytes) -> File:
    text = content.decode("utf-8", "replace").removeprefix("\ufeff")
    return File(name, path, text, EnvPlaces(text), "env")


def _raw(text: str) -> dict[str, str]:
    """As `docker run --env-file` reads it: no quotes, no variables."""
    pairs = (line.lstrip().partition("=") for line in text.splitlines() if line.strip() and line.lstrip()[0] != "#")
    return {name: value for name, equals, value in pairs if equals}
