"""Who owns the DNS records of a project, and what its folder remembers about that."""

from __future__ import annotations

import json
import re
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import LockedError, Problem, SpecError
from edgegen.dns.jobs import Shelf
from edgegen.dns.marker import owner_of
from edgegen.files import lock, open_lock_file, put_state, read_project_file
from edgegen.files.output import STATE_DIRECTORY
from edgegen.spec.dns import OWNER_PATTERN
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec, load

KEPT_FILE = f"{STATE_DIRECTORY}/dns/owner.json"
VERSION = 1


class Owner(Struct, frozen=True):
    """What the marks say. `owner` is written; `named` is the project's name where that is a mark of ours too."""

    owner: str
    named: str | None = None

    @property
    def is_by_name(self) -> bool:
        """Whether only the name distinguishes this project's records from another's."""
        return self.owner == self.named


def owner_for(project: Path, spec: Spec) -> Owner:
    """The owner that the spec names; else the one that `dns own` chose for this folder; else the project's name.

    Where `dns own` chose it, records with the name that this folder knows are still its own: an interrupted run has
    left some, or an environment that it was not run for.
    """
    named = owner_of(spec.name)
    kept = kept_owner(project, named)
    if spec.dns.owner is not None:
        return Owner(spec.dns.owner, named if spec.dns.owner == kept else None)
    return Owner(kept or named, named)


def owner_remarks(loaded: LoadedSpec, owner: Owner) -> list[Problem]:
    """A warning if the project owns its records only by its name."""
    if not owner.is_by_name or not any(domain.is_planned for domain in loaded.spec.domains.values()):
        return []
    return [
        Problem(
            f"this project owns its DNS records only by its name, `{owner.owner}`: another project may have the same",
            loaded.locate(("name",)),
            hint="`edgegen dns own` gives it a unique owner",
        )
    ]


def refuse_shared_owner(project: Path, loaded: LoadedSpec) -> None:
    """Raise SpecError for an environment with its own name and the owner of the file's top level.

    They are two projects: each would delete the other's records as its own that the spec no longer wants.
    """
    owner = loaded.spec.dns.owner
    if loaded.environment is None or owner is None:
        return
    try:
        base = load(project).spec
    except SpecError:
        return  # complete only with an overlay
    if base.name != loaded.spec.name and base.dns.owner == owner:
        path = f"environments.{loaded.environment}.dns"
        raise SpecError(
            f"`{base.name}` and `{loaded.spec.name}` (environment `{loaded.environment}`) have the same owner of DNS "
            f"records, `{owner}`",
            where=loaded.locate(("dns", "owner")),
            hint=f"give the environment its own, like `{path}: {{owner: {owner[:27]}-own}}`; `--adopt NAME` takes "
            "its records along",
        )


def kept_owner(project: Path, named: str) -> str | None:
    """What `dns own` chose for this folder and name; None if it can't be read."""
    return _kept(project).get(named)


def keep_owner(project: Path, named: str, owner: str) -> None:
    """Remember the choice before the first record has it: after an interruption the next run uses the same owner.

    Raises LockedError where another run has chosen another meanwhile.
    """
    with lock(project):
        kept = _kept(project)
        if kept.get(named, owner) != owner:
            raise LockedError(
                f"another edgegen chose the owner `{kept[named]}` meanwhile", hint="run the command again"
            )
        body = {"schema_version": VERSION, "owners": {**kept, named: owner}}
        put_state(project, KEPT_FILE, (json.dumps(body) + "\n").encode())


def _kept(project: Path) -> dict[str, str]:
    try:
        owners = json.loads(read_project_file(project, KEPT_FILE) or b"{}")["owners"].items()
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}
    return {name: owner for name, owner in owners if isinstance(owner, str) and re.fullmatch(OWNER_PATTERN, owner)}


def shelf(project: Path) -> Shelf:
    """The locks, the ledgers and what was seen last, in the folder's state."""

    def write(path: str, content: bytes) -> None:
        put_state(project, f"{STATE_DIRECTORY}/{path}", content)

    def open_lock(path: str) -> int:
        return open_lock_file(project, f"{STATE_DIRECTORY}/{path}")

    return Shelf(lambda path: read_project_file(project, f"{STATE_DIRECTORY}/{path}"), write, open_lock)
