"""The rows of all versions as one indented text: each word once, with the versions that know it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tests.grammar.rows import Rows
from tests.grammar.versions import Numbers, marks


def text(grammars: Mapping[Numbers, Rows]) -> str:
    """What is put into the file."""
    return "".join(f"{line}\n" for line in _lines(grammars, (), tuple(sorted(grammars))))


def _lines(grammars: Mapping[Numbers, Rows], path: tuple[str, ...], known: Sequence[Numbers]) -> Iterator[str]:
    """Those below a path; `known`: the versions that have the path."""
    for name in _names(grammars, path):
        here = (*path, name)
        forms: dict[str, list[Numbers]] = {}
        for version in known:
            if form := grammars[version].get(here):
                forms.setdefault(form, []).append(version)
        for form, having in forms.items():
            yield " " * len(path) + " ".join([name, form, *marks(having, known)])
            yield from _lines(grammars, here, having)


def _names(grammars: Mapping[Numbers, Rows], path: tuple[str, ...]) -> list[str]:
    """In the order of the newest; what it lacks comes last."""
    depth = len(path)
    newest_first = sorted(grammars, reverse=True)
    return list(
        dict.fromkeys(
            key[depth]
            for version in newest_first
            for key in grammars[version]
            if len(key) == depth + 1 and key[:depth] == path
        )
    )
