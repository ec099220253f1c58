"""`doctor`: examines this machine, and the project in a folder if there is one. A new check is one line in CHECKS."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from edgegen.core.finding import Finding
from edgegen.project.doctor import clock, engine, names, ports, storage, token
from edgegen.project.doctor.patient import Patient

Check = Callable[[Patient], Iterator[Finding]]

CHECKS: tuple[Check, ...] = (
    engine.engine,
    engine.others,
    engine.compose,
    ports.ports,
    clock.clock,
    names.resolver,
    names.hosts,
    engine.traefik,
    token.token,
    storage.disk,
    storage.certificates,
    names.ipv6,
)


def examine(patient: Patient) -> tuple[Finding, ...]:
    """What every check says, in their order."""
    return tuple(finding for check in CHECKS for finding in check(patient))


__all__ = ["CHECKS", "Check", "Patient", "examine"]
