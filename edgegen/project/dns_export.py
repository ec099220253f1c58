"""The wanted records of a spec as zone files."""

from __future__ import annotations

from pathlib import Path

from edgegen.core.errors import UsageError
from edgegen.core.suggest import did_you_mean
from edgegen.dns.marker import marker
from edgegen.dns.plan import Existing
from edgegen.dns.planning import spelled
from edgegen.dns.zonefile import ZoneText, record_id, render
from edgegen.project.checked import checked
from edgegen.project.dns import wanted_records
from edgegen.project.dns_owner import owner_for
from edgegen.project.sights import Asked
from edgegen.records import Record
from edgegen.spec.load import load


def export(project: Path, environment: str | None, zone: str | None, asked: Asked) -> dict[str, str]:
    """Zone -> its file with every wanted record. Raises UsageError for a domain that the spec does not have."""
    loaded = load(project, environment)
    spec = loaded.spec
    if zone is not None and zone not in spec.domains:
        raise UsageError(f"the spec has no domain `{zone}`", hint=did_you_mean(zone, spec.domains))
    if zone is not None and not spec.domains[zone].is_planned:
        raise UsageError(f"`{zone}` has `provider: none`: its records are kept elsewhere")
    checked(loaded)
    wanted = wanted_records(loaded, asked)
    owner = owner_for(project, spec).owner
    return {
        name: render(
            name, ZoneText((), (), None, 0), [_item(r, owner) for r in spelled(r for r in wanted if r.zone == name)]
        ).decode()
        for name in ([zone] if zone else [name for name, domain in spec.domains.items() if domain.is_planned])
    }


def _item(record: Record, owner: str) -> Existing:
    return Existing(record_id(record), record, marker(owner, record))
