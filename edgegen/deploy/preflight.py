"""Everything that is known to fail, found before anything is started. All of it is reported at once."""

from __future__ import annotations

import stat
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.core.errors import Problem
from edgegen.core.show import shown
from edgegen.deploy.acme import check_storage
from edgegen.deploy.bind_mounts import left_folders, missing_files
from edgegen.deploy.command import Command
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.engine import Engine
from edgegen.deploy.holders import Holder, find_holders
from edgegen.deploy.model import Project, Published, ServiceModel
from edgegen.deploy.passed import engine_passed, ports_passed, traefik_passed
from edgegen.deploy.ports import Answer, probe
from edgegen.traefik import store
from edgegen.traefik.docker_api import FIRSTS
from edgegen.traefik.label_words import faults
from edgegen.traefik.version import version_of

ACME = Path(store.PATH)

_OLD_API = (1, 24)
_START_INTERVAL = (1, 44)


Holding = Callable[[Published], Iterable[Problem]]
"""The problems of a port that no container holds."""


class Preparation(Struct, frozen=True):
    """Something that is missing and is made right before the start; `told` says so in a sentence."""

    kind: str
    """`network`, `volume` or `label`."""
    name: str
    command: Command
    told: str


class Preflight(Struct, frozen=True):
    """Obstacles to a start, and remarks."""

    problems: tuple[Problem, ...] = ()
    notices: tuple[str, ...] = ()
    missing: tuple[Preparation, ...] = ()
    present: tuple[ContainerSeen, ...] = ()
    """All containers of the engine, where the backend wants to know them again."""
    passed: tuple[str, ...] = ()
    """What is in order, each in a few words."""


def look(
    project: Project, folder: Path, engine: Engine, containers: Sequence[ContainerSeen], holding: Holding | None = None
) -> Preflight:
    """All checks. With another machine's engine, those of this machine's files and sockets are skipped.

    `holding` answers who listens on a port; without it, this machine's kernel is asked.
    """
    ports = list(port_problems(project, containers, local=engine.is_local, holding=holding))
    old = list(old_traefik(project.services, engine))
    services = project.services
    notices = (
        *label_notices(services),
        *shared_ports(project.published),
        *network_notices(services),
        *interval_notices(services, engine),
    )
    passed = [engine_passed(engine), *ports_passed(project.published, ports), *traefik_passed(project, engine, old)]
    held = list(name_problems(project, containers))
    if not engine.is_local:
        return Preflight((*ports, *held, *old), notices, passed=tuple(passed))
    storage = check_storage(folder / ACME)
    passed += [storage.passed] if storage.passed else []
    problems = [*ports, *held, *old, *socket_problems(project, engine), *missing_files(project.host_files, folder)]
    problems += [storage.problem] if storage.problem else []
    notices = (*notices, *left_folders(project.host_files, folder))
    return Preflight(tuple(problems), (*((storage.notice,) if storage.notice else ()), *notices), passed=tuple(passed))


def interval_notices(services: Iterable[ServiceModel], engine: Engine) -> Iterator[str]:
    """An older engine takes `start_interval`, and does not have it."""
    if engine.api < _START_INTERVAL:
        for service in services:
            if service.has_start_interval:
                yield (
                    f"`healthcheck.start_interval` of `{service.name}` has no effect: Docker Engine {engine.version} "
                    "ignores it, 25.0 is the first that knows it. Until then `interval` decides how soon it is healthy"
                )


def label_notices(services: Iterable[ServiceModel]) -> Iterator[str]:
    """Labels that Traefik does not read as intended: of an override, an `extends`, an `include`, a file of labels."""
    for service in services:
        for fault in faults(service.labels):
            meant = f"; did you mean `{shown(fault.meant, 120)}`?" if fault.meant else ""
            said = (
                f"the label `{shown(fault.label, 120)}` of `{service.name}`: {fault.why}. Traefik {fault.effect.value}"
            )
            yield f"{said}{meant}"


def shared_ports(published: Iterable[Published]) -> Iterator[str]:
    """Ports that two services of the project want. One that ends may leave its port to the next, so it is a remark."""
    by_number: dict[tuple[int, str], list[Published]] = {}
    for port in published:
        others = by_number.setdefault((port.port, port.protocol), [])
        other = next((item for item in others if item.service != port.service and overlaps(item, port)), None)
        if other:
            number = f"{port.port}/{port.protocol}"
            yield (
                f"`{other.service}` and `{port.service}` both publish port {number}: only one of them can run at a time"
            )
        others.append(port)


def network_notices(services: Sequence[ServiceModel]) -> Iterator[str]:
    """Services that an override, or `extra`, has taken off the network on which Traefik looks for them."""
    traefiks = {name for service in services if version_of(service.image) for name in service.networks}
    for service in services:
        wanted = service.labels.get("traefik.docker.network", "")
        is_read = service.labels.get("traefik.enable", "").lower() == "true"
        if wanted and is_read and service.networks and not {wanted, *traefiks} & {*service.networks}:
            yield (
                f"`{service.name}` is not on the network `{shown(wanted)}`, where its label tells Traefik to look for "
                "it: requests end in 504. Its `networks` replace edgegen's in an override, or under `extra`"
            )


def port_problems(
    project: Project, containers: Sequence[ContainerSeen], *, local: bool = True, holding: Holding | None = None
) -> Iterator[Problem]:
    """Every published port that is held by anything but this project's own containers."""
    ask = holding or (ask_the_kernel if local else lambda _: ())
    for port in project.published:
        owners = [container for container in containers if any(overlaps(port, held) for held in container.ports)]
        strangers = [owner for owner in owners if owner.project != project.name]
        if strangers:
            yield held_by_container(port, strangers[0])
        elif not owners:
            yield from ask(port)


def name_problems(project: Project, containers: Sequence[ContainerSeen]) -> Iterator[Problem]:
    """Every `container_name` that another project's container has: a stopped one keeps its name as well."""
    strangers = {container.name: container for container in containers if container.project != project.name}
    for service in project.services:
        if service.container_name and (other := strangers.get(service.container_name)):
            of = f" of compose project `{other.project}`" if other.project else ""
            yield Problem(
                f"the name `{other.name}` is that of a container{of} already",
                path=f"services.{service.name}.container_name",
                hint=f"`docker rm -f {other.name}` stops and removes that one, and leaves its volumes; or remove "
                "`container_name`",
            )  # fmt: skip


def overlaps(one: Published, other: Published) -> bool:
    """Whether the engine could not publish both: same port and protocol, and addresses that overlap."""
    if (one.port, one.protocol) != (other.port, other.protocol):
        return False
    wild = ("", "0.0.0.0", "::")  # noqa: S104 - compared with, never bound
    return one.address in wild or other.address in wild or one.address == other.address


def ask_the_kernel(port: Published) -> Iterator[Problem]:
    """The problem of a port that anything on this machine holds."""
    answer = probe(port)
    if answer is Answer.FREE:
        return
    if answer is Answer.FOREIGN:
        yield _problem(port, f"{port} can't be published: {answer}", "`ip address` lists the addresses of this host")
        return
    holders = find_holders(port)
    # A user without the right to bind low ports learns only from /proc: if no process is listed, none holds the port.
    if holders or answer is Answer.BUSY:
        yield held_by_process(port, holders)


def held_by_container(port: Published, container: ContainerSeen) -> Problem:
    """The problem of a port that another container publishes."""
    of = f" of compose project `{container.project}`" if container.project else ""
    return _problem(
        port,
        f"{port} is held by container `{container.name}`{of}",
        f"`docker stop {container.name}`, or let one edge serve both",
    )


def held_by_process(port: Published, holders: tuple[Holder, ...]) -> Problem:
    """The problem of a port that a program of the host listens on."""
    if not holders:
        flag = "u" if port.protocol == "udp" else "t"
        return _problem(port, f"{port} is in use", f"`sudo ss -ln{flag}p 'sport = :{port.port}'` names the holder")
    names = ", ".join(map(str, holders))
    if not holders[0].pid:
        return _problem(port, f"{port} is held by {names}", f"`sudo ss -lnp 'sport = :{port.port}'` names it")
    return _problem(port, f"{port} is held by {names}", f"stop {holders[0].name}, or let it listen elsewhere")


def socket_problems(project: Project, engine: Engine) -> Iterator[Problem]:
    """Mounted sockets that don't exist: Docker would create empty folders, and Traefik's provider would see nothing."""
    for file in project.host_files:
        if file.source.endswith(".sock") and not _is_socket(Path(file.source)):
            where = f"the engine listens on {engine.host}" if engine.host else "the engine listens elsewhere"
            yield Problem(
                f"mounts {file.source}, which is not a socket here",
                path=file.owner,
                hint=f"{where}; mount that socket, or let the engine listen at {file.source}",
            )


def old_traefik(services: tuple[ServiceModel, ...], engine: Engine) -> Iterator[Problem]:
    """A Traefik that insists on API 1.24, with an engine that no longer has it, answers 404 on every route."""
    if engine.oldest_api <= _OLD_API:
        return
    for service in services:
        first = _first_that_negotiates(service.image)
        if first:
            yield Problem(
                f"{service.image} can't talk to Docker Engine {engine.version} (traefik#12253)",
                path=f"services.{service.name}.image",
                hint=f"use {first} or newer",
            )


def _first_that_negotiates(image: str) -> str:
    """The oldest usable version, or "" if `image` is not older, or is not a Traefik."""
    version = version_of(image)
    needed = FIRSTS.get(version.major) if version else None
    return str(needed) if version and needed and version < needed else ""


def _is_socket(path: Path) -> bool:
    try:
        return stat.S_ISSOCK(path.stat().st_mode)
    except PermissionError:
        return True  # it exists, but this user may not see it; the engine runs as root
    except OSError:
        return False


def _problem(port: Published, message: str, hint: str) -> Problem:
    return Problem(message, path=f"services.{port.service}.ports" if port.service else "", hint=hint)
