"""Which files are which projects.

Without files: what Compose would take, `compose.yaml` with its override, here or in the nearest folder above, or what
COMPOSE_FILE names; and each stack file of this folder as a separate project, as `docker stack` would take it.
With `-f`: one project, in the folder of its first file, as with Compose.
Otherwise each named file is a separate project, but `NAME.override.yml` belongs to a named `NAME.yml`, and Traefik's
own files to a Compose file of their folder. Two Compose files of a folder are alternatives more often than layers.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.compose.model import OVERRIDES
from edgegen.core.pattern import late_pattern
from edgegen.lint.reader.disk import FolderDisk, Reads
from edgegen.lint.reader.env_files import EnvFiles
from edgegen.lint.reader.environment import chosen, project_values
from edgegen.lint.reader.kinds import looks_composed

DEFAULTS = ("compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml")
"""What Compose looks for, in this order."""
_STACK = late_pattern(r"(?:.+[-_.])?(?:stack|swarm)\.ya?ml\Z|(?:stack|swarm)[-_.].+\.ya?ml\Z", re.IGNORECASE)
_OVERRIDE = late_pattern(r"(.+)\.override(\.ya?ml)\Z", re.IGNORECASE)
_TRAEFIK = late_pattern(rb"image:[^\n]*traefik", re.IGNORECASE)
_LOOKED_AT = 1 << 20


class Selected(Struct, frozen=True):
    """The files of one project. `folder` is as the user names it; names are relative to it."""

    folder: str
    names: tuple[str, ...]
    values: Mapping[str, str] = {}
    """Variables of the `.env` where Compose is started, if that is another folder: they count before the project's."""


def one(names: Sequence[str]) -> Selected:
    """Files of `-f`."""
    folder = posixpath.dirname(names[0])
    return Selected(folder, tuple(posixpath.relpath(name, folder or ".") for name in names))


def named(names: Sequence[str], here: Path, reads: Reads | None = None) -> list[Selected]:
    """Files that were named without `-f`; for a folder, what Compose would take there."""
    found: list[Selected] = []
    by_folder: dict[str, list[str]] = {}
    for name in dict.fromkeys(posixpath.normpath(name) for name in names):
        if (here / name).is_dir():
            found += taken(here / name, {}, reads, shown=name)
        else:
            by_folder.setdefault(posixpath.dirname(name), []).append(posixpath.basename(name))
    for folder, inside in by_folder.items():
        found += [Selected(folder, group) for group in _groups(inside, FolderDisk(here / folder, reads=reads))]
    return found


def taken(here: Path, environ: Mapping[str, str], reads: Reads | None = None, shown: str = "") -> list[Selected]:
    """What Compose and `docker stack` would take in a folder."""
    disk = FolderDisk(here, reads=reads)
    values = project_values(EnvFiles(disk), environ)
    own = {name: value for name, value in values.items() if name not in environ}
    told = chosen(values).files
    if told:
        first = posixpath.dirname(told[0])
        folder = posixpath.normpath(posixpath.join(shown, first)) if shown or first else ""
        names = tuple(posixpath.relpath(name, first or ".") for name in told)
        return [Selected(folder, names, own if folder != shown else {})]
    found = _composed(here, own, shown)
    known = set(found[0].names) if found and found[0].folder == shown else set()
    stacks = [name for name in disk.listing(".") if _STACK.match(name) and name not in known]
    return [*found, *(Selected(shown, (name,)) for name in stacks if disk.kind(name) == "file")]


def composed(here: Path) -> list[str]:
    """Compose files of a folder that nothing takes by their names."""
    disk = FolderDisk(here)
    names = [name for name in sorted(disk.listing(".")) if name.lower().endswith((".yml", ".yaml"))]
    return [name for name in names if looks_composed(disk.read(name, _LOOKED_AT) or b"")]


def _composed(here: Path, own: Mapping[str, str], shown: str) -> list[Selected]:
    folder = here.absolute()
    for steps, parent in enumerate((folder, *folder.parents)):
        disk = FolderDisk(parent)
        found = [name for name in DEFAULTS if disk.kind(name) == "file"][:1]
        if found:
            found += [name for name in OVERRIDES if disk.kind(name) == "file"][:1]
            above = "/".join([".."] * steps)
            if above:
                return [Selected(posixpath.normpath(posixpath.join(shown, above)), tuple(found), own)]
            return [Selected(shown, tuple(found))]
        if shown:
            break
    return []


def _groups(names: Sequence[str], disk: FolderDisk) -> list[tuple[str, ...]]:
    """The files of one folder as projects."""
    composed: dict[str, list[str]] = {}
    traefik: list[str] = []
    overrides: list[tuple[str, str]] = []
    for name in names:
        match = _OVERRIDE.match(name)
        if not _is_compose(name, disk):
            traefik.append(name)
        elif match and any(base in names for base in _bases(match)):
            overrides.append((next(base for base in _bases(match) if base in names), name))
        else:
            composed[name] = [name]
    for base, name in overrides:
        composed.setdefault(base, [base]).append(name)
    if not traefik:
        return [tuple(group) for group in composed.values()]
    owner = next((name for name in composed if _TRAEFIK.search(disk.read(name, _LOOKED_AT) or b"")), None)
    owner = owner if owner is not None or len(composed) != 1 else next(iter(composed))
    groups = [(*group, *traefik) if name == owner else tuple(group) for name, group in composed.items()]
    return groups if owner is not None else [*groups, tuple(traefik)]


def _bases(match: re.Match[str]) -> tuple[str, ...]:
    return (match[1] + match[2], match[1] + ".yml", match[1] + ".yaml")


def _is_compose(name: str, disk: FolderDisk) -> bool:
    """Whether it is a Compose file, as far as one sees at once; what can't be read counts as one."""
    content = disk.read(name, _LOOKED_AT)
    if content is None or not name.lower().endswith((".yml", ".yaml")):
        return content is None or not name.lower().endswith((".toml", ".yml", ".yaml"))
    return looks_composed(content) or not content.strip()
