"""Several hosts in the machine: each with its engine, its address, its host name and its sshd, on one bridge.

The bridge is in namespaces of their own, the street: clients run there, and Pebble and DNS listen on its address. So
a host is another machine for everyone who speaks to it, and nothing of it is in the machine's own network.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.lab import ssh
from tests.lab.engine import docker, dockerd, sweep, wait_for_ping
from tests.lab.ground import ADDRESS, Ground, stop
from tests.lab.images import ensure, ensure_images, image_for
from tests.lab.parts import program
from tests.lab.place import end, first_process, own_place, start
from tests.sizes import is_proof

BRIDGE = "lab0"
_NETWORK = ADDRESS.rpartition(".")[0]
_DEADLINE = 60.0


@dataclass(frozen=True, slots=True)
class Host:
    """One host. Its ground's home folder is that of who logs in, so nothing gets into the machine's."""

    name: str
    ground: Ground

    @property
    def address(self) -> str:
        return self.ground.address

    @property
    def url(self) -> str:
        """What docker and edgegen take as a host, on the street."""
        return f"ssh://root@{self.address}"

    @property
    def home(self) -> Path:
        """root's home on this host."""
        return ssh.home(self.ground.folder)

    def docker(self, *words: str) -> str:
        """What the docker client says to this host's engine."""
        return docker(self.ground, *words)


@dataclass(frozen=True, slots=True)
class Hosts:
    """All hosts, and the street on which their clients are."""

    street: Ground
    all: tuple[Host, ...]

    def __getitem__(self, index: int) -> Host:
        return self.all[index]

    def __iter__(self) -> Iterator[Host]:
        return iter(self.all)

    def ensure(self, name: str, ports: Iterable[int] = ()) -> None:
        """Provide one image on every host."""
        image_for(name, ports).digest()  # once, and not on each at the same time
        _on_each(self.all, lambda host: ensure(host.ground, name, ports))

    def ensure_images(self, file: Mapping[str, Any]) -> None:
        """Provide every image of a Compose or stack file on every host."""
        _on_each(self.all, lambda host: ensure_images(host.ground, file))

    def ssh(self, host: Host, *words: str, check: bool = True) -> CompletedProcess[str]:
        """Run a command line on a host as its user would, from the street."""
        return self.street.run("ssh", f"root@{host.address}", *words, check=check)

    def form(self, managers: int = 3) -> None:
        """One swarm of all hosts, by hand: the first `managers` are managers."""
        first, *others = self.all
        first.docker("swarm", "init", "--advertise-addr", first.address)
        for number, host in enumerate(others, start=2):
            role = "manager" if number <= managers else "worker"
            token = first.docker("swarm", "join-token", "-q", role).strip()
            host.docker("swarm", "join", "--token", token, "--advertise-addr", host.address, f"{first.address}:2377")

    @contextmanager
    def cut(self, host: Host) -> Iterator[None]:
        """Take the link of a host down for as long as the block runs."""
        self.link(host, "down")
        try:
            yield
        finally:
            self.link(host, "up")

    def link(self, host: Host, state: str) -> None:
        """Set the link of a host `up` or `down`."""
        self.street.run("ip", "link", "set", host.name, state)

    def sweep(self) -> None:
        """No swarm, container, network or volume on any host; links are up, homes as they were."""
        for host in self.all:
            self.link(host, "up")
        _on_each(self.all, lambda host: sweep(host.ground))
        for host in self.all:
            ssh.clear_home(host.ground.folder)


@contextmanager
def running_hosts(number: int = 3) -> Iterator[Hosts]:
    """Hosts whose engines and sshds answer; taken down with everything in them."""
    with ExitStack() as stack:
        places = [stack.enter_context(own_place()) for _ in range(number + 1)]
        processes = []
        stack.callback(lambda: end(*processes))
        for seat, place in enumerate(places):
            name = f"host{seat}" if seat else "street"
            ssh.write_users(place.folder)
            engine = dockerd(place) if seat else ["sleep", "infinity"]
            processes.append(start(place, engine, name=name, address="", resolver=ADDRESS))
        pids = [first_process(place, process) for place, process in zip(places, processes, strict=True)]
        street = Ground(places[0].folder, pids[0])
        hosts = tuple(
            Host(f"host{seat}", Ground(places[seat].folder, pids[seat], f"{_NETWORK}.{10 + seat}"))
            for seat in range(1, number + 1)
        )
        found = Hosts(street, hosts)
        _connect(found)
        ssh.trust(street.folder, {host.address: host.ground.folder for host in hosts})
        ssh.share_connections(street.folder, not is_proof())
        for host in hosts:
            stack.callback(stop, ssh.serve(host.ground))
        for place, process in list(zip(places, processes, strict=True))[1:]:
            wait_for_ping(place, process)
        for host in hosts:
            _wait_for_ssh(street, host)
        found.sweep()
        yield found


def _connect(hosts: Hosts) -> None:
    """A bridge on the street, and a cable from it to each host."""
    street = hosts.street
    street.run("ip", "link", "add", BRIDGE, "type", "bridge")
    street.run("ip", "address", "add", f"{street.address}/24", "dev", BRIDGE)
    street.run("ip", "link", "set", BRIDGE, "up")
    for host in hosts:
        _cable(street, host)
        host.ground.run("ip", "address", "add", f"{host.address}/24", "dev", "eth0")
        host.ground.run("ip", "link", "set", "eth0", "up")
        host.ground.run("ip", "route", "add", "default", "via", street.address)
        street.run("ip", "link", "set", host.name, "master", BRIDGE, "up")


def _cable(street: Ground, host: Host) -> None:
    """Only the network of the street is entered: the host's first process has its number in the machine's /proc."""
    ip = [str(program("nsenter")), "-t", str(street.pid), "-n", str(program("ip"))]
    pair = ["link", "add", host.name, "type", "veth", "peer", "name", "eth0", "netns", str(host.ground.pid)]
    subprocess.run([*ip, *pair], check=True)


def _wait_for_ssh(street: Ground, host: Host) -> None:
    deadline = time.monotonic() + _DEADLINE
    while True:
        try:
            street.connect(22, host.address).close()
            return
        except OSError:
            if time.monotonic() > deadline:
                log = (host.ground.folder / "sshd.log").read_text(errors="replace")
                pytest.fail(f"sshd of {host.name} does not answer:\n{log}", pytrace=False)
            time.sleep(0.02)  # a port that is not open yet can't be waited for


def _on_each(hosts: Iterable[Host], work: Callable[[Host], object]) -> None:
    with ThreadPoolExecutor() as pool:
        list(pool.map(work, hosts))
