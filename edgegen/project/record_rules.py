"""Records of the spec with their lines, and what can't stand together of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from edgegen.desired.clashes import clashes
from edgegen.records import Record
from edgegen.rules import Violation
from edgegen.spec.load import LoadedSpec


def record_violations(loaded: LoadedSpec) -> list[Violation]:
    """Records that can't stand together, each with the place of the other one."""
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
