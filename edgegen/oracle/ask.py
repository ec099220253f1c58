"""One question to the real Traefik, and its answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path

from msgspec import Struct

from edgegen.oracle import certificate, decoded, dynamic, sentinel, static
from edgegen.oracle.answer import Answer, Data
from edgegen.oracle.aside import Aside, level, own
from edgegen.oracle.disk import Disk
from edgegen.oracle.flow import flow
from edgegen.oracle.offered import offered
from edgegen.oracle.options import tree_of
from edgegen.oracle.process import Running, free_port, running
from edgegen.oracle.question import Question
from edgegen.oracle.short_folder import short_folder
from edgegen.system.child import has_ended

PATIENCE = 20.0
"""Seconds in which all providers must have delivered."""
PASSED_ON = ("DOCKER_API_VERSION", "LEGO_CA_CERTIFICATES", "LEGO_CA_SERVER_NAME", "LEGO_CA_SYSTEM_CERT_POOL")
"""Variables of the stack that this Traefik gets: no proxies, and no credentials."""
_STARTS = 3
"""Another process can take a port between its choice and its use."""
_SILENCE, _MOST_SILENCES = 0.1, 50
"""Seconds without a line after which the last line has been read, and how many times as long it waits at most."""
_PORT_TAKEN = "address already in use"
_NO_RESOLVER = re.compile(r"non-?existent certificate resolver")
Look = Callable[[Mapping[str, int]], None]


def ask(
    question: Question,
    binary: Path,
    *,
    seconds: float = PATIENCE,
    lines: Sequence[str] = (),
    look: Look | None = None,
    check: Callable[[], None] | None = None,
) -> Answer:
    """Traefik's answer, not before each of `lines` is a part of its log.

    `look` is called with the entrypoints' ports while Traefik still serves. `check` may raise to end it.
    Raises OutsideError where Traefik can't be started.
    """
    for _ in range(_STARTS):
        with short_folder("oracle-") as folder:
            answer = _asked(question, binary, Path(folder), _Patience(seconds, tuple(lines), look, check))
        if not _lost_a_port(answer):
            break
    return answer


class _Patience(Struct, frozen=True):
    """How long to wait and for what."""

    seconds: float
    lines: tuple[str, ...]
    look: Look | None
    check: Callable[[], None] | None


def _lost_a_port(answer: Answer) -> bool:
    """Not where two entrypoints of the stack itself have one port."""
    ports = list(answer.ports.values())
    taken = any(_PORT_TAKEN in line for line in answer.log_lines)
    return answer.exit_code is not None and taken and len(set(ports)) == len(ports)


def _asked(question: Question, binary: Path, folder: Path, patience: _Patience) -> Answer:
    if faults := decoded.faults(question.static, binary, folder):
        return Answer(log_lines=faults, errors=faults, exit_code=1)
    disk = Disk(folder, question.mounts)
    left_out = dynamic.put(question.dynamic, disk)
    certificate.put(question, disk)
    closed = free_port()
    directory = f"https://127.0.0.1:{question.acme_port or closed}/directory"
    with offered(question, disk) as engine:
        configured = static.safe(tree_of(question.static), question.provider, engine.endpoint, directory, disk)
        file = folder / "traefik.yml"
        file.write_text(flow(configured.tree))
        aside = Aside(configured, disk, closed, left_out)
        argv: list[str | Path] = [binary, f"--configfile={file}"]
        with running(argv, folder, api_port=configured.api_port, environment=_environment(question)) as traefik:
            data, is_complete = _waited(traefik, question.provider, patience)
            if patience.look is not None and "routers" in data:
                patience.look(configured.ports)
            code = traefik.process.returncode if has_ended(traefik.process) else None
    return _heard(data, traefik.log, aside, code, is_complete=is_complete)


def _environment(question: Question) -> dict[str, str]:
    return {name: question.environment[name] for name in PASSED_ON if question.environment.get(name)}


def _waited(traefik: Running, provider: str, patience: _Patience) -> tuple[Data, bool]:
    def is_there(data: Data) -> bool:
        return all(_delivered(traefik.log, data, name) for name in (provider, "file")) and all(
            any(part in line for line in traefik.log) for part in patience.lines
        )

    data = traefik.until(is_there, seconds=patience.seconds, check=patience.check)
    traefik.until_silent(_SILENCE, at_most=_MOST_SILENCES * _SILENCE)  # it names routers in any order: one may follow
    # Routers are judged between the moment they are there and the last line about them: look again.
    with suppress(OSError, HTTPException, ValueError):
        data = traefik.rawdata()
    return data, has_ended(traefik.process) or is_there(data)


def _delivered(log: Sequence[str], data: Data, provider: str) -> bool:
    """Whether a provider's routers are in force, or it failed as a whole (one bad file is enough) and said so."""
    name = f"{sentinel.NAME}@{provider}"
    if name in data.get("routers", {}):
        return any(name in line and _NO_RESOLVER.search(line) for line in log)
    failed = ("Error while building configuration",) if provider == "file" else ("Provider error", "panic in operation")
    return any(level(line) in ("ERR", "PNC", "FTL") and any(part in line for part in failed) for line in log)


def _heard(data: Data, log: Sequence[str], aside: Aside, code: int | None, *, is_complete: bool) -> Answer:
    """What counts of what Traefik said. `code`: the exit code of one that ended."""
    disk = aside.disk
    found = [disk.undone(line) for line in log if not aside.drops(line)]
    return Answer(
        http_routers=own(data.get("routers"), aside),
        tcp_routers=own(data.get("tcpRouters"), aside),
        udp_routers=own(data.get("udpRouters"), aside),
        middlewares=own(data.get("middlewares"), aside) | own(data.get("tcpMiddlewares"), aside),
        services=own(data.get("services"), aside)
        | own(data.get("tcpServices"), aside)
        | own(data.get("udpServices"), aside),
        internal_routers={key: item for key, item in data.get("routers", {}).items() if key.endswith("@internal")},
        log_lines=tuple(disk.undone(line) for line in log),
        errors=tuple(line for line in found if level(line) in ("ERR", "FTL", "PNC")),
        warnings=tuple(line for line in found if level(line) == "WRN"),
        exit_code=code,
        is_complete=is_complete,
        unasked=(*aside.static.unasked, *(f"file {name}" for name in aside.left_out)),
        ports=aside.static.ports,
    )
