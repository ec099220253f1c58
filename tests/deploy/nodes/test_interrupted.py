"""Ctrl-C at each command of a run about nodes: the last line never claims less than was changed."""

from __future__ import annotations

import signal
from dataclasses import dataclass, field
from typing import Any

import pytest

from edgegen.deploy.command import Command, Result
from edgegen.deploy.nodes.carry import Move
from edgegen.deploy.nodes.move_edge import move_edge as moving
from edgegen.deploy.nodes.session import Session
from edgegen.project import swarm_nodes
from edgegen.system.stop import words_of
from tests.deploy.nodes.test_move_edge import shop
from tests.fakes.swarm_hosts import FakeHosts, FakeNode

MANY = 60
"""More commands than any of these runs has."""


@dataclass
class Interrupting:
    """The engines of fake hosts; SIGINT comes before the command with this number, or right after it."""

    hosts: FakeHosts
    at: int
    after: bool
    ran: list[str] = field(default_factory=list)

    def engine(self, host: str) -> Any:
        return _Engine(self, self.hosts.engine(host))


@dataclass
class _Engine:
    of: Interrupting
    inner: Any

    def run(self, command: Command) -> Result:
        self.of.ran.append(command.line())
        is_it = len(self.of.ran) == self.of.at
        if is_it and not self.of.after:
            signal.raise_signal(signal.SIGINT)
        result: Result = self.inner.run(command)
        if is_it:
            signal.raise_signal(signal.SIGINT)
        return result


def move_edge(session: Session, move: Move, wait: float) -> None:
    with session.honest():
        moving(session, move, wait)


def state(hosts: FakeHosts) -> str:
    """All that a command may change. What opens a volume is removed again, also after Ctrl-C."""
    nodes = [
        (node.name, node.swarm, node.role, node.availability, sorted(node.labels), sorted(node.volumes.items()))
        for node in hosts.nodes.values()
    ]
    return repr((nodes, hosts.containers))


def two() -> FakeHosts:
    return FakeHosts.of(FakeNode("one", "of one", "manager"), FakeNode("two", "of one"))


RUNS = {
    "drain": (two, lambda session: swarm_nodes.drain(session, "two", force=False, wait=1)),
    "init": (lambda: FakeHosts.of(FakeNode("one")), lambda session: swarm_nodes.init(session, "ssh://one", "")),
    "join": (
        lambda: FakeHosts.of(FakeNode("one", "of one", "manager"), FakeNode("two")),
        lambda session: swarm_nodes.join(session, ["ssh://two"], manager=False),
    ),
    "activate": (
        lambda: FakeHosts.of(FakeNode("one", "of one", "manager"), FakeNode("two", "of one", availability="drain")),
        lambda session: swarm_nodes.activate(session, "two"),
    ),
    "move-edge": (
        shop, lambda session: move_edge(session, Move("shop", "ssh://two"), 1.0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("name", RUNS)
def test_no_change_is_left_out(name: str, after: bool) -> None:
    make, run = RUNS[name]
    said: set[str] = set()
    for at in range(1, MANY):
        hosts = make()
        before = state(hosts)
        engines = Interrupting(hosts, at, after)
        try:
            run(Session(engines.engine, "" if name == "init" else "ssh://one"))
        except KeyboardInterrupt as stop:
            words = words_of(stop, "nothing was changed")
            was_changed = state(hosts) != before
            claims = words.startswith("changed: ") or "may have been done" in words
            assert claims or not was_changed, (at, engines.ran[-1], words, hosts.changes())
            said.add(words.split("`")[0].split(":")[0])
        else:
            break
    else:
        raise AssertionError("it never ends")
    assert at > 1
    assert said >= {"no node was changed", ""}  # "" begins with the command that was under way
