"""The rules across several parts of a spec, applied with the line of each mistake."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from msgspec.structs import replace

from edgegen.core.errors import Problem, SpecError, at_most
from edgegen.core.location import Location, path_text
from edgegen.desired.clashes import clashes
from edgegen.files.last_run import has_synced
from edgegen.records import Record
from edgegen.rules import Inventory, Violation, violations, violations_on_disk
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec
from edgegen.target_names import TARGETS
from edgegen.targets import find_target


def checked(loaded: LoadedSpec, spec: Spec | None = None) -> list[Problem]:
    """Apply the cross-domain rules: raise SpecError with all refusals, return the warnings.

    `spec`: the loaded one, with the values that its variables have.
    """
    return _refuse(loaded, [*violations(spec or loaded.spec, loaded.spec), *record_violations(loaded)])


def checked_on_disk(loaded: LoadedSpec, inventory: Inventory, spec: Spec) -> list[Problem]:
    """The same for the rules that need to know what is on the disk."""
    return _refuse(loaded, violations_on_disk(spec, inventory))


def _refuse(loaded: LoadedSpec, found: Sequence[Violation]) -> list[Problem]:
    def problem(item: Violation) -> Problem:
        return Problem(item.message, loaded.locate(item.path), path_text(item.path), item.hint, item.rule)

    refused = [problem(item) for item in found if item.refused]
    if refused:
        raise SpecError(at_most(sorted(refused, key=lambda problem: problem.where or Location(loaded.file))))
    return at_most([problem(item) for item in found])


def record_violations(loaded: LoadedSpec) -> list[Violation]:
    """Records that can't exist together, each with the place of the other one."""
    services: dict[str, tuple[str | int, ...]] = {}
    for place, host in loaded.spec.host_places():
        services.setdefault(host, place)
    found = []
    for clash in clashes(loaded.spec):
        message = clash.message
        if clash.other is not None:
            message += f" ({_place(loaded, clash.other, services)})"
        found.append(Violation(clash.path, message, clash.hint, refused=clash.refused))
    return found


def _place(loaded: LoadedSpec, record: Record, services: dict[str, tuple[str | int, ...]]) -> str:
    """The line that asks for a record: of a host's address that is its service's."""
    follows = record.path[-2:-1] == ("addresses",)
    return str(loaded.locate(services.get(record.name, record.path) if follows else record.path))


def placed(loaded: LoadedSpec, records: Iterable[Record]) -> list[Record]:
    """Records with the lines of the spec that want them."""
    return [replace(record, where=loaded.locate(record.path)) for record in records]


def refuse_unrendered(loaded: LoadedSpec) -> None:
    """Raise SpecError for a target that this version does not render."""
    if find_target(loaded.spec.target) is None:
        raise SpecError(
            f"target `{loaded.spec.target}` is not rendered by this version of edgegen",
            where=loaded.locate(("target",)),
            hint=f"use `target: {' or '.join(name for name in TARGETS if find_target(name))}`",
        )


def unowned_remarks(project: Path, loaded: LoadedSpec) -> list[Problem]:
    """A warning for an old project with records that only its name owns."""
    if not loaded.spec.domains or loaded.spec.dns.owner is not None or not has_synced(project):
        return []
    from edgegen.project.dns_owner import owner_for, owner_remarks

    return owner_remarks(loaded, owner_for(project, loaded.spec))
