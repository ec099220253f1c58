"""A secret file in a build context or in a bind mount.

What it does
    Refuses a build context or a bind mount that exposes a file with a secret, a key or a password's hash:
    `acme/`, `secrets/`, a registry's `htpasswd`, the users of Traefik, `.edgegen/`, and every file that
    `secrets:` names. What the Dockerfile copies doesn't matter: its next line may be `COPY . .`.
    `Dockerfile.dockerignore` replaces `.dockerignore` in BuildKit, and the classic builder ignores it, so both must
    exclude a file.

Why
    `build: .` and `COPY . /app` put every private key of the edge into the image. Anyone who can pull it has them
    all, and so has anyone who can read files through a fault of the application.

Example
    `services: {web: {build: ., image: web:1}}` with a `.dockerignore` that only has `node_modules`

Instead
    The lines of edgegen's own `.dockerignore`, or a folder without secrets: `build: ./web`, `volumes: [./web:/app]`.
    A container gets a secret by `secrets: [NAME]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from edgegen.dockerignore import BadPatternError, Builder, line_for, parse, reaches_builder
from edgegen.rules.exposure import Exposure, Kind, exposures
from edgegen.rules.inventory import IgnoreFile, Inventory, ignore_paths
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.targets import find_target

ID = "ER029"

_SHOWN = 4


def check(spec: Spec, inventory: Inventory) -> Iterator[Violation]:
    """Contexts and mounts with secrets in them."""
    for exposure in exposures(spec):
        place = inventory.places[exposure]
        held = [secret for secret in inventory.secrets if _is_within(secret, place)]
        if not held:
            continue
        if exposure.kind is Kind.MOUNT:
            if place not in inventory.mounted_by_edgegen:
                yield _mount(exposure, held, inventory, spec.target)
        else:
            for leak in _leaks(exposure, place, held, inventory):
                yield _context(exposure, place, leak, inventory)


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


def _leaks(exposure: Exposure, context: str, held: Sequence[str], inventory: Inventory) -> list[_Leak]:
    """One for each ignore file that lacks lines."""
    found: dict[str, _Leak] = {}
    for reading in _readings(exposure, context, inventory):
        leak = _leak(exposure, context, held, reading, inventory)
        if leak and (leak.ignore not in found or len(leak.files) > len(found[leak.ignore].files)):
            found[leak.ignore] = leak
    return list(found.values())


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
    shown = _shown(reading.path, inventory)
    if reading.file.fault:
        return _Leak(held, f"`{shown}` {reading.file.fault}", shown)
    try:
        patterns = parse(reading.file.content)
        if reading.builder is Builder.CLASSIC and exposure.dockerfile:
            # The client includes its own files again, and may then enter a folder that it skipped before.
            patterns += parse(f"!.dockerignore\n!{exposure.dockerfile}".encode(errors="surrogateescape"))
        files = [secret for secret in held if reaches_builder(_below(secret, context), patterns, reading.builder)]
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


def _context(exposure: Exposure, context: str, leak: _Leak, inventory: Inventory) -> Violation:
    lines = dict.fromkeys(line_for(_below(_folder(file, inventory), context)) for file in leak.files)
    written = ", ".join(f"`{line}`" for line in lines)
    many = "these lines" if len(lines) > 1 else "the line"
    how = f"add {many} to the end of `{leak.ignore}`: {written}"
    if leak.is_link:
        how = f"replace the link `{leak.ignore}` by a file"
    return Violation(
        exposure.path,
        f"the build context `{exposure.source}` sends secret files to the builder: "
        f"{_list(leak.files, inventory)}; {leak.reason}",
        f"{how}; or build from a folder without them",
    )


def _mount(exposure: Exposure, held: Sequence[str], inventory: Inventory, target: str) -> Violation:
    hint = "mount a folder without them (`secrets: [NAME]` gives a container one secret)"
    found = find_target(target)
    if found and found.overrides:
        hint += f"; a container that really needs them gets its mount in {found.overrides[0]}"
    return Violation(
        exposure.path,
        f"the mount of `{exposure.source}` shows secret files to the container: {_list(held, inventory)}",
        hint,
    )


def _list(files: Sequence[str], inventory: Inventory) -> str:
    names = ", ".join(f"`{_shown(file, inventory)}`" for file in files[:_SHOWN])
    return f"{names} and {len(files) - _SHOWN} more" if len(files) > _SHOWN else names


def _folder(file: str, inventory: Inventory) -> str:
    """The private folder that the file is in, or the file."""
    return next((folder for folder in inventory.private if _is_within(file, folder)), file)


def _shown(path: str, inventory: Inventory) -> str:
    return _below(path, inventory.project) if _is_within(path, inventory.project) else path


def _is_within(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder.rstrip('/')}/")


def _below(path: str, folder: str) -> str:
    return path[len(folder.rstrip("/")) + 1 :] or "."
