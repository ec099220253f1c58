"""pydantic's errors as problems of the spec: each at the user's path, and one for what is one mistake."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from msgspec import Struct, field
from pydantic import BaseModel, ValidationError

from edgegen.core.location import Path, has
from edgegen.core.show import shown
from edgegen.spec.base import HintedError
from edgegen.spec.sentences import did_you_mean, missing, sentence
from edgegen.spec.unknown_keys import hint_for_key


class Complaint(NamedTuple):
    """What is wrong at a path of the spec, and how to fix it."""

    path: Path
    message: str
    hint: str = ""
    at_key: bool = False
    """Whether it is the key itself that is wrong, not its value."""
    is_unknown: bool = False
    """Whether nothing has such a key."""


_EXPECTED = "expected "
"""How a sentence begins about a value of the wrong shape."""
MOST = 100
"""Mistakes of a spec that are looked into: a did-you-mean takes its time. The others are only counted."""


class Complaints(Struct):
    """What is wrong with a spec, up to a bound."""

    found: list[Complaint] = field(default_factory=list)
    more: int = 0
    """How many more there are, at least."""

    @property
    def room(self) -> int:
        """How many more are looked into."""
        return max(0, MOST - len(self.found))

    def take(self, items: Iterable[Complaint]) -> None:
        """Add them as they come, and stop asking where there is no more room."""
        for item in items:
            if not self.room:
                self.more += 1
                return
            self.found.append(item)

    def take_error(self, error: ValidationError, data: Any, model: type[BaseModel], prefix: Path = ()) -> None:
        """Add all that pydantic found in `data`, one complaint a mistake, in the order of the fields."""
        room = self.room
        entries = error.errors(include_url=False, include_input=True)
        self.more += max(0, len(entries) - room)
        self.found += _complaints(entries[:room], data, model, prefix)


def _complaints(entries: Iterable[Any], data: Any, model: type[BaseModel], prefix: Path) -> Iterator[Complaint]:
    by_path: dict[Path, Complaint] = {}
    for entry in entries:
        found = _complaint(entry, _user_path(entry, data), model)
        before = by_path.get(found.path)
        by_path[found.path] = _either(before, found) if before else found
    above = {path[:depth] for path in by_path for depth in range(len(path))}
    meant = {(path[:-1], found.hint) for path, found in by_path.items() if found.hint}
    for path, complaint in by_path.items():
        if not _is_explained_by_another(complaint, above, meant):
            yield complaint._replace(path=(*prefix, *path))


def _either(first: Complaint, second: Complaint) -> Complaint:
    """One sentence for the branches of a union: "expected text, or a list"."""
    return first._replace(message=_joined(first.message, second.message), hint=first.hint or second.hint)


def _joined(first: str, second: str) -> str:
    if second in first:
        return first
    if first.startswith(_EXPECTED) and second.startswith(_EXPECTED):
        return f"{first}, or {second.removeprefix(_EXPECTED)}"
    return second if first.startswith(_EXPECTED) else first


def _is_explained_by_another(
    complaint: Complaint, above: Collection[Path], meant: Collection[tuple[Path, str]]
) -> bool:
    """Whether it only follows from another mistake.

    A branch of a union that was not meant complains about the whole value, where the branch that was meant knows the
    part (`above` has the paths that another complaint is below of); and a key that is "missing" may be there
    misspelt (`meant`: the hint of each complaint, and where).
    """
    path, message = complaint.path, complaint.message
    if message.startswith(_EXPECTED) and path in above:
        return True
    return bool(path) and message == missing(path) and (path[:-1], did_you_mean(str(path[-1]))) in meant


def _user_path(entry: Any, data: Any) -> Path:
    """pydantic's `loc` without what is not in the user's data: union tags and `[key]` marks."""
    path: list[str | int] = []
    here = data
    for part in entry["loc"]:
        if has(here, part):
            here = here[part]
            path.append(part)
    if entry["type"] == "missing":
        path.append(entry["loc"][-1])
    return tuple(path)


def _complaint(entry: Any, path: Path, model: type[BaseModel]) -> Complaint:
    if entry["type"] == "extra_forbidden":
        hint = hint_for_key(path, entry["loc"], model)
        return Complaint(path, f"unknown key `{shown(path[-1])}`", hint, at_key=True, is_unknown=True)
    message, hint = sentence(entry, path, model)
    if isinstance(error := entry.get("ctx", {}).get("error"), HintedError) and error.key:
        path = (*path, error.key)
    return Complaint(path, message, hint, at_key=entry["loc"][-1:] == ("[key]",))
