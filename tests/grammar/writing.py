"""The rows of all versions as one indented text: each word once, with the versions that know it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from tests.grammar.rows import Rows
from tests.grammar.versions import Numbers, marks

Names = Mapping[tuple[str, ...], Iterable[str]]


def text(grammars: Mapping[Numbers, Rows]) -> str:
    """What is put into the file."""
    return "".join(f"{line}\n" for line in _lines(grammars, _names(grammars), (), tuple(sorted(grammars))))


def _lines(
    grammars: Mapping[Numbers, Rows], names: Names, path: tuple[str, ...], known: Sequence[Numbers]
) -> Iterator[str]:
    """Those below a path; `known`: the versions that have the path."""
    for name in names.get(path, ()):
        here = (*path, name)
        forms: dict[str, list[Numbers]] = {}
        for version in known:
            if form := grammars[version].get(here):
                forms.setdefault(form, []).append(version)
        for form, having in forms.items():
            yield " " * len(path) + " ".join([name, form, *marks(having, known)])
            yield from _lines(grammars, names, here, having)


def _names(grammars: Mapping[Numbers, Rows]) -> Names:
    """What is below each path, in the order of the newest; what it lacks comes last."""
    found: dict[tuple[str, ...], dict[str, None]] = {}
    for version in sorted(grammars, reverse=True):
        for *path, name in grammars[version]:
            found.setdefault(tuple(path), {})[name] = None
    return found
