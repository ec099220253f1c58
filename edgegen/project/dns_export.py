"""The wanted records of a spec as zone files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import UsageError
from edgegen.core.suggest import did_you_mean
from edgegen.dns.marker import marker
from edgegen.dns.plan import Existing
from edgegen.dns.planning import spelled
from edgegen.dns.servers import DECLARE, crowded, placeholder, unserved
from edgegen.dns.zonefile import ZoneText, record_id, render
from edgegen.project.checked import checked
from edgegen.project.dns import wanted_records
from edgegen.project.dns_owner import owner_for
from edgegen.project.sights import Asked
from edgegen.records import Record
from edgegen.spec.load import load


class Exported(Struct, frozen=True):
    """Zone -> its file, and why a name server would not load one of them."""

    texts: dict[str, str]
    warnings: tuple[str, ...]


def export(project: Path, environment: str | None, zone: str | None, asked: Asked) -> Exported:
    """A file with every wanted record for each zone. Raises UsageError for a domain that the spec does not have."""
    loaded = load(project, environment)
    spec = loaded.spec
    if zone is not None and zone not in spec.domains:
        raise UsageError(f"the spec has no domain `{zone}`", hint=did_you_mean(zone, spec.domains))
    if zone is not None and not spec.domains[zone].is_planned:
        raise UsageError(f"`{zone}` has `provider: none`: its records are kept elsewhere")
    checked(loaded)
    wanted = wanted_records(loaded, asked)
    owner = owner_for(project, spec).owner
    zones = [zone] if zone else [name for name, domain in spec.domains.items() if domain.is_planned]
    records = {name: spelled(record for record in wanted if record.zone == name) for name in zones}
    return Exported(
        {name: _file(name, records[name], owner) for name in zones},
        tuple(
            line
            for name in zones
            for line in _faults(name, records[name], is_file=spec.domains[name].capabilities.is_file)
        ),
    )


def _faults(zone: str, records: Sequence[Record], *, is_file: bool) -> Iterator[str]:
    """Why a name server would not load the file. At a provider the zone has name servers that no spec knows."""
    how = DECLARE if is_file else f"write yours in place of {placeholder(zone)}"
    yield from unserved(zone, records, how)
    yield from crowded(zone, records)


def _file(zone: str, records: Sequence[Record], owner: str) -> str:
    return render(zone, ZoneText((), (), None, 0), [_item(record, owner) for record in records]).decode()


def _item(record: Record, owner: str) -> Existing:
    return Existing(record_id(record), record, marker(owner, record))
