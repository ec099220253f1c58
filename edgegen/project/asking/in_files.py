"""A place in the files, and where a dynamic file says something."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from edgegen.lint.model import Dynamic, Spot


class Place(Struct, frozen=True):
    """A place, who owns it, and whether all that is written there is known."""

    spot: Spot
    subject: str
    is_known: bool = True


def below(file: Dynamic, path: tuple[str | int, ...], words: Iterable[str]) -> Place:
    """The option of a router, middleware or service of a file that one of the words is."""
    inside = [item for item in paths(file.data) if item[: len(path)] == path and len(item) > len(path)]
    for word in words:
        for item in inside:
            if str(item[len(path)]).lower() == word.partition(".")[0].lower():
                return Place(Spot(file.file, item), file.file.name)
    return Place(Spot(file.file, path, True), file.file.name)


def paths(data: object, path: tuple[str | int, ...] = (), deepest: int = 12) -> Iterator[tuple[str | int, ...]]:
    """All keys of a file, from the top down."""
    if path:
        yield path
    if len(path) < deepest:
        items = data.items() if isinstance(data, Mapping) else enumerate(data) if isinstance(data, list) else ()
        for key, value in items:
            yield from paths(value, (*path, key), deepest)
