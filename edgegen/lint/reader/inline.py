"""A file whose content is in the Compose file: `configs: {x: {content: …}}`."""

from __future__ import annotations

from edgegen.core.location import Path
from edgegen.lint.places import File, Places
from edgegen.lint.reader.documents import read_document
from edgegen.lint.sources import Document, Place


def inline_document(path: str, place: Place, *, templates: bool = False) -> Document | None:
    """The content as the container's file `path`, with places in the Compose file. None where these are unknown."""
    if place.spot is None:
        return None
    text = place.text
    inner = read_document(path, path, text.encode(), templates=templates)
    outer = place.spot.at("content").file
    start = outer.places.index(place.spot.at("content").path)
    file = File(outer.name, outer.path, outer.text, _Moved(inner.file.places, text, outer.text, start), outer.language)
    return Document(file, inner.data, inner.problem, inner.unsure, inner.template, inner.more)


class _Moved:
    """Places of a text that is a literal block (`|`) of another; in another style all of it is one place."""

    def __init__(self, inner: Places, text: str, outer: str, start: int) -> None:
        self._inner = inner
        self._text = text
        self._outer = outer
        self._start = start

    def index(self, path: Path, *, key: bool = False) -> int:
        """See `edgegen.lint.places.Places`."""
        if not self._outer.startswith("|", self._start):
            return self._start
        index = self._inner.index(path, key=key)
        before = self._text[:index]
        line = self._outer.find("\n", self._start) + 1
        indent = self._indent(line)
        for _ in range(before.count("\n")):
            line = self._outer.find("\n", line) + 1
        return line + indent + index - (before.rfind("\n") + 1)

    def _indent(self, start: int) -> int:
        for line in self._outer[start:].split("\n"):
            if line.strip():
                return len(line) - len(line.lstrip(" "))
        return 0
