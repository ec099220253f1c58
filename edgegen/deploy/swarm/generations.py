"""Old secrets and configs of a stack: every change makes a new one under a new name, and the swarm keeps them all."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from edgegen.deploy.answers import Reader
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.asking import inspected, listed, of_stack

_FORMAT = '{"id":{{json .ID}},"name":{{json .Spec.Name}},"created":{{json .CreatedAt}}}'


class Kept(Struct, frozen=True):
    """One secret or config of the stack."""

    kind: str
    """`secret` or `config`."""
    id: str
    name: str
    created: str

    @property
    def thing(self) -> str:
        """What it is a generation of: the name without its hash."""
        return self.name.rpartition("-")[0] or self.name


def kept(runner: Executor, stack: str) -> tuple[Kept, ...]:
    """The secrets and configs that the stack has made, the newest first. Raises OutsideError."""
    found = [item for kind in ("secret", "config") for item in _kept(runner, kind, stack)]
    return tuple(sorted(found, key=lambda item: item.created, reverse=True))


def old(found: Iterable[Kept], current: Collection[str], used: Collection[str], *, everything: bool) -> list[Kept]:
    """Those to remove: not in the file, used by no service, and not the last generation before the present one.

    `everything`: the last generation too.
    """
    spare = set() if everything else {(item.kind, item.name) for item in _last(found, current)}
    return [
        item
        for item in found
        if item.name not in current and item.name not in used and (item.kind, item.name) not in spare
    ]


def remove_command(item: Kept) -> Command:
    """Remove one; the swarm itself refuses what is still used."""
    return Command(("docker", item.kind, "rm", item.id))


def _last(found: Iterable[Kept], current: Collection[str]) -> Iterator[Kept]:
    seen: set[tuple[str, str]] = set()
    for item in found:
        if item.name not in current and (item.kind, item.thing) not in seen:
            seen.add((item.kind, item.thing))
            yield item


def _kept(runner: Executor, kind: str, stack: str) -> Iterator[Kept]:
    reader = Reader(f"docker {kind} inspect")
    ids = listed(runner, kind, "ls", "--quiet", *of_stack(stack))
    for row in inspected(runner, ids, _FORMAT, reader, kind, "inspect"):
        yield Kept(kind, *(reader.text(row.get(key), key) for key in ("id", "name", "created")))
