"""The engine answers, is new enough, and is rootless or not; its Compose; the Traefik that is to talk to it."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.errors import OutsideError
from edgegen.core.finding import Finding
from edgegen.core.plural import plural
from edgegen.deploy.backends.compose_version import compose_version
from edgegen.deploy.engine import Engine, ask
from edgegen.deploy.host import is_far
from edgegen.deploy.model import ServiceModel
from edgegen.deploy.preflight import old_traefik
from edgegen.deploy.whereabouts import is_there, other_engines
from edgegen.project.doctor.patient import Patient
from edgegen.project.doctor.said import Said
from edgegen.spec.shared import EdgeSettings
from edgegen.traefik.version import version_of

ENGINE, COMPOSE, TRAEFIK = Said("EM001", "engine"), Said("EM002", "compose"), Said("EM007", "traefik")
OTHERS = Said("EM012", "other-engines")


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


def others(patient: Patient) -> Iterator[Finding]:
    """Other engines of this machine, e.g. a rootless one next to root's: what runs there is not seen from here."""
    if patient.host or not isinstance(patient.engine, Engine) or is_far(patient.engine.host):
        return  # whoever names an engine means that one
    for host, containers in other_engines(patient.runner):
        spec = patient.spec
        if spec is not None and is_there(spec.name, patient.folder, containers):
            yield OTHERS.bad(
                f"project `{spec.name}` of this folder runs on another engine of this machine, {host}",
                f"use `--host {host}`, or let DOCKER_HOST or `docker context use` name that one",
            )
        elif count := len({item.project for item in containers}):
            yield OTHERS.remark(
                f"another engine of this machine answers at {host}, and runs {count} {plural(count, 'project')} of"
                " Compose: edgegen does not see them, and both share the ports of this host",
                f"if that is the one to use: `--host {host}`, DOCKER_HOST, or `docker context use`",
            )


def compose(patient: Patient) -> Iterator[Finding]:
    """Whether there is a Compose that is new enough. A swarm needs none."""
    if patient.spec is not None and patient.spec.target == "swarm":
        return
    try:
        how, version, passed_over = compose_version(patient.runner)
    except OutsideError as error:
        yield COMPOSE.error(error)
    else:
        yield COMPOSE.good(f"Compose {version} is installed (`{how}`)")
        if passed_over:
            yield COMPOSE.remark(passed_over)


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
