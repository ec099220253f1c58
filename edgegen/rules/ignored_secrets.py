"""Which secret files of a context reach a builder, past its ignore files: part of `build_context_with_secrets`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.dockerignore import BadPatternError, Builder, line_for, parse, reaches_builder
from edgegen.rules.exposure import Exposure
from edgegen.rules.inventory import IgnoreFile, Inventory, below, folder_of, ignore_paths, listed, path_shown
from edgegen.rules.violation import Violation


class _Reading(Struct, frozen=True):
    """What one builder reads: a file, and its contents."""

    builder: Builder
    path: str
    file: IgnoreFile


class _Leak(Struct, frozen=True):
    """The files that a builder gets, and why."""

    files: Sequence[str]
    reason: str
    ignore: str
    is_link: bool = False


def leaks(exposure: Exposure, context: str, held: Sequence[str], inventory: Inventory) -> Iterator[Violation]:
    """One for each ignore file that lacks lines."""
    found: dict[str, _Leak] = {}
    for reading in _readings(exposure, context, inventory):
        leak = _leak(exposure, context, held, reading, inventory)
        if leak and (leak.ignore not in found or len(leak.files) > len(found[leak.ignore].files)):
            found[leak.ignore] = leak
    yield from (_violation(exposure, context, leak, inventory) for leak in found.values())


def _readings(exposure: Exposure, context: str, inventory: Inventory) -> Iterator[_Reading]:
    own, *beside_dockerfile = ignore_paths(exposure, context)
    file = inventory.ignores.get(own, IgnoreFile())
    yield _Reading(Builder.CLASSIC, own, file)
    instead = [path for path in beside_dockerfile if path in inventory.ignores and not inventory.ignores[path].leaves]
    for path in instead:
        yield _Reading(Builder.BUILDKIT, path, inventory.ignores[path])
    if not instead:
        yield _Reading(Builder.BUILDKIT, own, IgnoreFile(leaves=True) if file.leaves else file)


def _leak(
    exposure: Exposure, context: str, held: Sequence[str], reading: _Reading, inventory: Inventory
) -> _Leak | None:
    shown = path_shown(reading.path, inventory)
    if reading.file.fault:
        return _Leak(held, f"`{shown}` {reading.file.fault}", shown)
    try:
        patterns = parse(reading.file.content)
        if reading.builder is Builder.CLASSIC and exposure.dockerfile:
            # The client includes its own files again, and may then enter a folder that it skipped before.
            patterns += parse(f"!.dockerignore\n!{exposure.dockerfile}".encode(errors="surrogateescape"))
        files = [secret for secret in held if reaches_builder(below(secret, context), patterns, reading.builder)]
    except BadPatternError as error:
        return _Leak(held, f"Docker can't read `{shown}`: {error}", shown)
    is_link = reading.builder is Builder.BUILDKIT and reading.file.leaves
    return _Leak(files, _reason(reading, shown, inventory), shown, is_link) if files else None


def _reason(reading: _Reading, shown: str, inventory: Inventory) -> str:
    if reading.path not in inventory.ignores:
        return f"there is no `{shown}`"
    if reading.builder is Builder.CLASSIC:
        return f"`{shown}` does not exclude them"
    if reading.file.leaves:
        return f"BuildKit does not follow `{shown}`, a link that leaves the context"
    return f"`{shown}`, which BuildKit reads, does not exclude them"


def _violation(exposure: Exposure, context: str, leak: _Leak, inventory: Inventory) -> Violation:
    lines = dict.fromkeys(line_for(below(folder_of(file, inventory), context)) for file in leak.files)
    written = ", ".join(f"`{line}`" for line in lines)
    many = "these lines" if len(lines) > 1 else "the line"
    how = f"add {many} to the end of `{leak.ignore}`: {written}"
    if leak.is_link:
        how = f"replace the link `{leak.ignore}` by a file"
    return Violation(
        exposure.path,
        f"the build context `{exposure.source}` sends secret files to the builder: "
        f"{listed(leak.files, inventory)}; {leak.reason}",
        f"{how}; or build from a folder without them",
    )
