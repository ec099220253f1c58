"""A Docker Engine of the lab's own: its images are kept from one session to the next, nothing else is.

It is started even where the machine has an engine: that one's containers, ports, hosts and trusted certificates are
somebody's, and the lab needs all four.
"""

from __future__ import annotations

import http.client
import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.lab.ground import ADDRESS, Ground
from tests.lab.parts import cache_folder, program
from tests.lab.place import Place, control_group, control_groups, end, first_process, own_place, start, wait_until
from tests.sizes import sized

__all__ = ["cache_folder", "control_groups", "docker", "dockerd", "running_engine", "said", "sweep", "wait_for_ping"]

_DEADLINE = 60.0
_ALL_CALLS = Path(__file__).parent / "data" / "all-calls.json"
"""Each look at a container's health compiles the filter of system calls anew, and that is a third of what it takes."""


@contextmanager
def running_engine() -> Iterator[Ground]:
    """The ground with an engine that answers; taken down with everything in it."""
    with own_place() as place:
        process = start(place, dockerd(place), name="lab", address=ADDRESS, resolver=ADDRESS)
        try:
            ground = Ground(place.folder, first_process(place, process))
            wait_for_ping(place, process)
            sweep(ground)
            try:
                yield ground
            finally:
                sweep(ground)
        finally:
            end(process)


def dockerd(place: Place) -> list[str | Path]:
    """The engine's command line. Its socket is where every client looks for it.

    Each health check is a process in a container, which crun starts for half of what runc takes; the proof has runc.
    """
    cheap = ["--seccomp-profile", _ALL_CALLS, "--add-runtime", f"crun={program('crun')}", "--default-runtime", "crun"]
    return [
        program("dockerd"), "--host", "unix:///run/docker.sock", "--data-root", place.data,
        "--exec-root", "/run/docker-exec", "--pidfile", "/run/docker.pid",
        "--cgroup-parent", f"/{control_group(place.folder)}", *sized(cheap, []),
    ]  # fmt: skip


def wait_for_ping(place: Place, process: subprocess.Popen[bytes]) -> None:
    """Until the engine answers."""
    wait_until(lambda: _pings(place.folder / "run" / "docker.sock"), place, process, "the Docker Engine")


def sweep(ground: Ground) -> None:
    """Leave the swarm, if it is in one, and remove all containers, networks and volumes; images stay."""
    if said(ground, "/info")["Swarm"]["LocalNodeState"] != "inactive":
        _empty_swarm_of_one(ground)
        docker(ground, "swarm", "leave", "--force")
    _remove(ground, _containers(), ["rm", "-fv"])
    _remove(ground, _networks(type=["custom"]), ["network", "rm"])
    _remove(ground, "/volumes", ["volume", "rm", "-f"])


def _empty_swarm_of_one(ground: Ground) -> None:
    """An engine that leaves while tasks are on their networks may keep a network for ever, with its addresses: nobody
    can remove it outside of the swarm, and the networks of the next one get the same addresses."""
    nodes = _client(ground, "node", "ls", "-q")
    if nodes.returncode or len(nodes.stdout.split()) != 1:
        return
    if services := docker(ground, "service", "ls", "-q").split():
        docker(ground, "service", "rm", *services)
    _remove(ground, _containers(label=["com.docker.swarm.task.id"]), ["rm", "-fv"])
    _remove(ground, _networks(label=["com.docker.stack.namespace"]), ["network", "rm"])


def _containers(**filters: list[str]) -> str:
    return f"/containers/json?all=1&{_filtered(filters)}"


def _networks(**filters: list[str]) -> str:
    return f"/networks?{_filtered(filters)}"


def _filtered(filters: dict[str, list[str]]) -> str:
    return urlencode({"filters": json.dumps(filters)})


def _remove(ground: Ground, listing: str, removal: list[str]) -> None:
    """An engine that has just left a swarm removes its tasks by itself, so what was listed may be on its way out."""
    deadline = time.monotonic() + _DEADLINE
    complaint = ""
    while found := _listed(ground, listing):
        assert time.monotonic() < deadline, f"{listing} of the lab's engine still shows {found}: {complaint}"
        complaint = _client(ground, *removal, *found).stderr
        if complaint:
            time.sleep(0.1)


def _listed(ground: Ground, listing: str) -> list[str]:
    """Ids, or the names of volumes."""
    answer = said(ground, listing)
    items = answer["Volumes"] or [] if isinstance(answer, dict) else answer
    return [item.get("Id") or item["Name"] for item in items]


def docker(ground: Ground, *words: str) -> str:
    """What the docker client says to the lab's engine, asked from outside. Fails with its complaint."""
    result = _client(ground, *words)
    assert result.returncode == 0, f"docker {' '.join(words)}: {result.stderr}"
    return result.stdout


def _client(ground: Ground, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(program("docker")), "-H", ground.docker_host, *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        text=True,
    )


def said(ground: Ground, path: str) -> Any:
    """What the engine's API answers to a GET. A start of its client takes ten times as much of a processor."""
    with _asked(ground.folder / "run" / "docker.sock", path, seconds=_DEADLINE) as answer:
        assert answer.status == 200, f"{path}: {answer.status} {answer.read()!r}"
        return json.load(answer)


def _pings(path: Path) -> bool:
    try:
        with _asked(path, "/_ping", seconds=5) as answer:
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False


@contextmanager
def _asked(place: Path, path: str, *, seconds: float) -> Iterator[http.client.HTTPResponse]:
    connection = http.client.HTTPConnection("docker", timeout=seconds)
    try:
        connection.sock = socket.socket(socket.AF_UNIX)
        connection.sock.settimeout(seconds)
        connection.sock.connect(str(place))
        connection.request("GET", path)
        yield connection.getresponse()
    finally:
        connection.close()
