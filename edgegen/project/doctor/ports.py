"""The ports of the edge are free, or held by this project's own containers."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Finding
from edgegen.deploy.engine import Engine
from edgegen.deploy.host import is_far
from edgegen.deploy.model import Project, Published
from edgegen.deploy.ports import Answer, probe
from edgegen.deploy.preflight import overlaps, port_problems
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said
from edgegen.spec.shared import EdgeSettings

PORTS = Said("EM003", "ports")


def ports(patient: Patient) -> Iterator[Finding]:
    """One finding for each port of the edge."""
    spec = patient.spec
    if spec is not None and not spec.has_own_edge:
        return
    if elsewhere := _elsewhere(patient):
        yield PORTS.unknown(f"the engine is on another machine ({elsewhere})", "run `edgegen doctor` there")
        return
    edge = spec.edge if spec else EdgeSettings()
    for number in (edge.ports.web, edge.ports.websecure):
        yield _port(patient, Published(number, address=edge.bind or ""))


def _elsewhere(patient: Patient) -> str:
    """The other machine that has the engine, whether or not it answers; "" for this one."""
    if isinstance(patient.engine, Engine):
        return "" if patient.engine.is_local else patient.engine.host
    host = patient.host or patient.environ.get("DOCKER_HOST", "")
    return host if is_far(host) else ""


def _port(patient: Patient, port: Published) -> Finding:
    name = str(patient.spec.name) if patient.spec else ""
    problems = list(port_problems(Project(name, published=(port,)), patient.containers))
    if problems:
        return PORTS.bad(problems[0].message, problems[0].hint)
    own = [item.name for item in patient.containers if any(overlaps(port, held) for held in item.ports)]
    if own:
        return PORTS.good(f"{port} is held by this project's own `{own[0]}`")
    if probe(port) is Answer.UNKNOWN:
        return PORTS.good(f"{port}: nothing listens there")
    return PORTS.good(f"{port} is free")
