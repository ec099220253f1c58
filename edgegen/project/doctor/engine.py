"""The engine answers, is new enough, and is rootless or not; its Compose; the Traefik that is to talk to it."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.errors import OutsideError
from edgegen.core.finding import Finding
from edgegen.deploy.backends.compose_version import compose_version
from edgegen.deploy.engine import Engine, ask
from edgegen.deploy.model import ServiceModel
from edgegen.deploy.preflight import old_traefik
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said
from edgegen.spec.shared import EdgeSettings
from edgegen.traefik.version import version_of

ENGINE, COMPOSE, TRAEFIK = Said("EM001", "engine"), Said("EM002", "compose"), Said("EM007", "traefik")


def engine(patient: Patient) -> Iterator[Finding]:
    """Whether an engine answers."""
    found = patient.engine
    if isinstance(found, OutsideError):
        yield ENGINE.error(found)
        return
    words = f"Docker Engine {found.version} answers{f' at {found.host}' if found.host else ''}"
    if not _is_rootless(patient):
        yield ENGINE.good(f"{words}, and runs as root")
        return
    yield ENGINE.remark(
        f"{words}, and is rootless: it may not publish ports below 1024 unless the kernel allows it",
        "`sudo sysctl net.ipv4.ip_unprivileged_port_start=80`, or set `edge: {ports: {web: 8080, websecure: 8443}}`",
    )


def _is_rootless(patient: Patient) -> bool:
    try:
        return "name=rootless" in ask(patient.runner, "docker", "info", "--format", "{{.SecurityOptions}}")
    except OutsideError:
        return False


def compose(patient: Patient) -> Iterator[Finding]:
    """Whether there is a Compose that is new enough. A swarm needs none."""
    if patient.spec is not None and patient.spec.target == "swarm":
        return
    try:
        how, version = compose_version(patient.runner)
    except OutsideError as error:
        yield COMPOSE.error(error)
    else:
        yield COMPOSE.good(f"Compose {version} is installed (`{how}`)")


def traefik(patient: Patient) -> Iterator[Finding]:
    """Whether the Traefik of the project, or edgegen's own default, can talk to the engine."""
    if patient.spec is not None and not patient.spec.has_own_edge:
        return
    edge = patient.spec.edge if patient.spec else EdgeSettings()
    version = version_of(edge.image)
    if version is None:
        yield TRAEFIK.unknown(
            f"`{edge.image}` does not say its version", 'pin one, like `edge: {image: "traefik:v3.7"}`'
        )
        return
    if not isinstance(patient.engine, Engine):
        yield TRAEFIK.unknown(f"{edge.image} was not compared with the engine, which does not answer")
        return
    problems = list(old_traefik((ServiceModel("traefik", edge.image),), patient.engine))
    for problem in problems:
        yield TRAEFIK.bad(problem.message, f"set `edge: {{image: …}}`: {problem.hint}")
    if not problems:
        yield TRAEFIK.good(f"{edge.image} speaks the API of Docker Engine {patient.engine.version}")
