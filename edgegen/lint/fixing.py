"""Fixes put together: those that don't touch each other's characters, each whole or not at all. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import combinations

from msgspec import Struct, field

from edgegen.lint.model import File
from edgegen.lint.rule import Edit, Fix

Key = Callable[[File], str]
"""Which file on the disk it is: two projects may read the same one."""


class Patch(Struct, frozen=True):
    """Edits of several files that can be made together."""

    edits: Mapping[str, tuple[Edit, ...]] = field(default_factory=dict)
    """By file, in the order of their places."""
    taken: tuple[Fix, ...] = ()

    def text(self, key: str, before: str) -> str:
        """A file's text after the edits."""
        parts, at = [], 0
        for edit in self.edits.get(key, ()):
            parts += [before[at : edit.start], edit.text]
            at = edit.end
        return "".join([*parts, before[at:]])


def patch(fixes: Iterable[Fix], key: Key) -> Patch:
    """The fixes in their order; one that overlaps an earlier one waits for the next round."""
    edits: dict[str, list[Edit]] = {}
    taken = []
    for fix in fixes:
        new = [(key(edit.file), edit) for edit in fix.edits]
        new = [(name, edit) for name, edit in new if not any(_same(edit, other) for other in edits.get(name, ()))]
        if any(_clash(edit, other) for name, edit in new for other in edits.get(name, ())) or _clash_within(new):
            continue
        for name, edit in new:
            edits.setdefault(name, []).append(edit)
        taken.append(fix)
    ordered = {name: tuple(sorted(group, key=lambda edit: (edit.start, edit.end))) for name, group in edits.items()}
    return Patch(ordered, tuple(taken))


def _same(one: Edit, other: Edit) -> bool:
    return (one.start, one.end, one.text) == (other.start, other.end, other.text)


def _clash(one: Edit, other: Edit) -> bool:
    return one.start == other.start or (one.start < other.end and other.start < one.end)


def _clash_within(new: list[tuple[str, Edit]]) -> bool:
    return any(name == where and _clash(edit, other) for (name, edit), (where, other) in combinations(new, 2))
