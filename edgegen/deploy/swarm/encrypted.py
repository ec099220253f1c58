"""A proof that an encrypted network carries packets between two nodes, before a stack relies on it.

A kernel without ESP drops everything that such a network sends to another node, and only the engine's own log says so.
The stack's Traefik is both ends of the proof: its image is needed anyway, and has a server and a client in it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from msgspec import Struct

from edgegen.core.errors import OutsideError, Problem, RefusedError
from edgegen.deploy.command import Command
from edgegen.deploy.swarm.asking import network_names
from edgegen.deploy.swarm.nodes import NodeSeen
from edgegen.deploy.swarm.services import services
from edgegen.deploy.swarm.stack_file import Network, StackFile
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.swarm.tasks import TaskSeen, tasks
from edgegen.deploy.terminal_text import printable

PATIENCE = 120.0
"""Seconds: the image may have to be pulled on both nodes."""
_NAME, _HASH = "_edgegen-proof", 8
_LONGEST = 63 - len(f"{_NAME}-server")
"""Swarm takes 63 characters for the name of a service."""
_PORT = 8080
_NO_START = "starting container failed"
_TRIES = "2"
"""Further tries of the client: the first packet may come before the keys."""


class Proof(Struct, frozen=True):
    """The names of what is made for it, and removed again."""

    talk: Talk
    stack: str
    image: str

    @property
    def name(self) -> str:
        """The name of the network; both services have it too, with an ending."""
        stack = self.stack
        if len(stack) > _LONGEST:
            whole = hashlib.sha256(stack.encode()).hexdigest()[:_HASH]
            stack = f"{stack[: _LONGEST - _HASH - 1]}-{whole}"
        return f"{stack}{_NAME}"

    def holds(self, one: NodeSeen, other: NodeSeen) -> bool:
        """Whether a task on one node reaches a task on the other. Raises OutsideError if one of them can't start."""
        with self._network():
            self.talk.order(self._service("server", one, "--ping=true", f"--entrypoints.traefik.address=:{_PORT}"))
            address = self._address(self._wait("server", "running"), one)
            where = f"--entrypoints.traefik.address={address}:{_PORT}"
            self.talk.order(self._service("client", other, "healthcheck", "--ping=true", where))
            client = self._wait("client", "complete")
            if client is None or not _has_run(client):
                raise self._not_started("client", other, client)
            return client.state == "complete"

    def _address(self, server: TaskSeen | None, node: NodeSeen) -> str:
        """Where the client finds the server. Raises OutsideError if it does not run, or has no address."""
        address = server.networks.get(self.name, "") if server and server.state == "running" else ""
        if not address:
            raise self._not_started("server", node, server)
        return address

    def _not_started(self, part: str, node: NodeSeen, task: TaskSeen | None) -> OutsideError:
        """This tells nothing about the network."""
        why = (task.error or task.message or f"its task is {task.state}") if task else "it has no task"
        return OutsideError(
            f"the encrypted networks could not be tested: the {part} of the test ({self.image}) did not start on node "
            f"`{node.hostname}`: {printable(why)}",
            hint=f"`docker pull {self.image}` on that node shows more; a private image needs `docker login` here first",
        )

    @contextmanager
    def _network(self) -> Iterator[None]:
        self._clear()
        self.talk.order(
            Command(("docker", "network", "create", "--driver", "overlay", "--opt", "encrypted", self.name))
        )
        try:
            yield
        finally:
            self._clear()

    def _service(self, part: str, node: NodeSeen, *args: str) -> Command:
        return Command(
            (
                *("docker", "service", "create", "--detach", "--quiet", "--with-registry-auth", "--no-resolve-image"),
                *("--name", f"{self.name}-{part}", "--network", self.name, "--endpoint-mode", "dnsrr"),
                *("--constraint", f"node.id=={node.id}", "--restart-condition", "on-failure"),
                *("--restart-max-attempts", _TRIES, "--restart-delay", "2s", self.image, *args),
            )
        )

    def _wait(self, part: str, state: str) -> TaskSeen | None:
        """The task once it is in a state; the newest one if none gets there, or not in time; None without any."""
        end = self.talk.clock.now() + PATIENCE
        found: tuple[TaskSeen, ...] = ()
        while self.talk.clock.now() < end:
            own = [one for one in services(self.talk) if one.name == f"{self.name}-{part}"]
            found = tasks(self.talk, own)
            if there := [task for task in found if task.state == state]:
                return there[0]
            if found and not any(task.is_wanted for task in found):
                break
            self.talk.clock.sleep(1.0)
        return next((task for task in found if _has_run(task)), found[0] if found else None)

    def _clear(self) -> None:
        """Also what an interrupted proof has left. A network goes after the last task on it, node by node."""
        parts = (f"{self.name}-server", f"{self.name}-client")
        self.talk.run(Command(("docker", "service", "rm", *parts)))
        end = self.talk.clock.now() + PATIENCE
        while self.name in network_names(self.talk).values() and self.talk.clock.now() < end:
            self.talk.run(Command(("docker", "network", "rm", self.name)))
            self.talk.clock.sleep(0.5)


def _has_run(task: TaskSeen) -> bool:
    """Whether its program ran. Without its image a task is rejected; one that fails later has had its try."""
    return task.state in ("running", "complete") or (task.state == "failed" and _NO_START not in task.error)


def own_encrypted(stack: StackFile) -> tuple[Network, ...]:
    """The encrypted networks that a stack makes."""
    return tuple(one for one in stack.networks if one.encrypted and not one.external)


def prove(talk: Talk, stack: StackFile, wanted: Sequence[Network], nodes: Sequence[NodeSeen], image: str) -> None:
    """Raises RefusedError if encrypted networks carry nothing between two nodes. A single node needs no proof."""
    ready = [node for node in nodes if node.takes_tasks]
    if not wanted or len(ready) < 2:
        return
    one, other = ready[0], ready[1]
    if Proof(talk, stack.name, image).holds(one, other):
        return
    raise RefusedError(
        [
            Problem(
                f"the encrypted network `{network.key}` would carry nothing: a packet from node `{other.hostname}` did "
                f"not reach node `{one.hostname}`",
                path=f"networks.{network.key}.encrypted",
                hint="the kernels need ESP (`modprobe esp4`; the engine's log shows what fails), and firewalls must "
                "let IP protocol 50 pass; or leave out `encrypted: true`",
            )
            for network in wanted
        ]
    )
