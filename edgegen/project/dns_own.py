"""`dns own`: a project that owns its DNS records by its name gets an owner that no other project has.

The choice is kept in the folder's state before the first record has it, and written into edge.yaml after the last: if
a run ends in between, the next one continues with the same owner.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import SpecError, UsageError
from edgegen.dns.jobs import Choices, PlannedZone, Surroundings, SyncResult
from edgegen.dns.marker import owner_of, with_tail
from edgegen.dns.owning import own_plan
from edgegen.dns.plan import Action, Change
from edgegen.dns.sync import sync
from edgegen.files import lock, read_project_file, rewrite_file
from edgegen.project.dns import Tasks, is_in_a_zone
from edgegen.project.dns_owner import keep_owner, kept_owner
from edgegen.spec import SPEC_FILE
from edgegen.spec.add_key import with_section
from edgegen.spec.load import load
from edgegen.system.clock import Clock
from edgegen.system.stop import Stop, when_stopped

SECTION = "dns"
COMMENT = (
    "The owner of this project's DNS records. Keep and commit it: without it, edgegen treats the records as another "
    "project's."
)


class Owned(Struct, frozen=True):
    """What `dns own` did."""

    owner: str
    result: SyncResult | None
    """None where edge.yaml names an owner that this command did not choose: no provider was contacted."""
    is_written: bool
    """Whether the key was written into edge.yaml just now."""

    @property
    def left(self) -> tuple[Change, ...]:
        """Records marked with the name that this folder does not know."""
        planned = self.result.planned if self.result is not None else ()
        return tuple(change for item in planned for change in item.plan.of(Action.STALE))


def own(
    project: Path,
    found: Tasks,
    tail: str,
    surroundings: Surroundings,
    *,
    adopt: Sequence[str] = (),
    clock: Clock | None = None,
    stop: Stop | None = None,
) -> Owned:
    """Re-mark every record of this project, then write the key. `tail` is random; a run before this one may have
    chosen another. Raises what `sync` raises; SpecError, RefusedError where edge.yaml can't take the key."""
    named = owner_of(found.loaded.spec.name)
    if found.loaded.spec.dns.owner is not None and found.owner.named is None:
        return Owned(found.loaded.spec.dns.owner, None, is_written=False)
    _refuse_other_name(project, found)
    owner = kept_owner(project, named) or with_tail(found.loaded.spec.name, tail)
    _with_key(project, found, owner)  # what can't be written is found before the first record is changed
    choices = Choices(owner, named, adopt=_adopted(found, adopt))

    def keep(_planned: Sequence[PlannedZone]) -> None:
        keep_owner(project, named, owner)

    result = sync(found.zones, choices, surroundings, clock=clock, stop=stop, judge=keep, planner=own_plan)
    return Owned(owner, result, is_written=_write_key(project, found, owner))


def _refuse_other_name(project: Path, found: Tasks) -> None:
    """An environment with its own name is a separate project: the key at the top level would join the two."""
    loaded = found.loaded
    if loaded.environment is None or load(project).spec.name == loaded.spec.name:
        return
    raise SpecError(
        f"the environment `{loaded.environment}` has its own name: its owner can't be at the top level of the file",
        where=loaded.locate(("name",)),
        hint=f"write it yourself, under environments.{loaded.environment}.dns.owner",
    )


def _adopted(found: Tasks, adopt: Sequence[str]) -> frozenset[str]:
    names = frozenset(name.lower().removesuffix(".") for name in adopt)
    for name in sorted(names):
        if not is_in_a_zone(found, name):
            raise UsageError(f"--adopt {name}: the spec has no domain that holds it")
    return names


def _with_key(project: Path, found: Tasks, owner: str) -> bytes | None:
    """The spec with the key; None where it has it already."""
    if found.loaded.spec.dns.owner is not None:
        return None
    text = read_project_file(project, SPEC_FILE)
    if text is None:
        raise SpecError(f"`{SPEC_FILE}` no longer exists")
    return with_section(text, SPEC_FILE, SECTION, {"owner": owner}, COMMENT)


def _write_key(project: Path, found: Tasks, owner: str) -> bool:
    said = "the records have their owner; edge.yaml may have it too: the same command completes it"
    with lock(project), when_stopped(said) as ended:
        text = _with_key(project, found, owner)
        if text is None:
            return False
        rewrite_file(project, SPEC_FILE, text)
        ended("the records and edge.yaml have their owner")
    return True
