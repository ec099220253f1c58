"""One run of a command that changes a swarm's nodes: the engines it speaks to, and what it has changed so far."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from msgspec import Struct, field

from edgegen.core.errors import OutsideError, UsageError
from edgegen.deploy.command import MOST_BYTES, Command, Result
from edgegen.deploy.host import host_environment, is_ssh
from edgegen.deploy.runner import Executor
from edgegen.deploy.swarm.talk import Talk
from edgegen.deploy.terminal_text import tail
from edgegen.system.clock import Clock, WallClock
from edgegen.system.stop import partial_if

WAIT = 120.0
"""Seconds that a node gets to reach the state that was ordered."""
_PAUSE = 0.5


class Order(Struct, frozen=True):
    """A command for the engine of one host. `reads` describes its standard input, which is never shown itself."""

    host: str
    command: Command
    reads: str = ""

    def line(self) -> str:
        """The command as a line for sh."""
        text = self.command.line(host_environment(self.host))
        return f"{text}  # reads {self.reads}" if self.reads else text


class Session(Struct):
    """`engines` gives what runs commands on a host's engine; `manager` is the host of one that manages the swarm.

    A dry run keeps the orders and runs none of them.
    """

    engines: Callable[[str], Executor]
    manager: str = ""
    dry_run: bool = False
    clock: Clock = field(default_factory=WallClock)
    orders: list[Order] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    under_way: str = ""
    """The order that is being carried out."""
    lines: list[str] = field(default_factory=list)
    """What was done or found, for the user."""

    @property
    def managing(self) -> Talk:
        """What runs commands on the manager's engine, again while the swarm has no leader."""
        return Talk(self.engines(self.manager), self.clock)

    def order(
        self,
        host: str,
        *argv: str,
        stdin: str | None = None,
        reads: str = "",
        timeout: float = WAIT,
        most: int = MOST_BYTES,
    ) -> Result:
        """Run a command that changes something, again while the swarm has no leader; a dry run only keeps it."""
        self.orders.append(Order(host, Command(argv, timeout), reads))
        if self.dry_run:
            return Result(0)
        self.under_way = self.orders[-1].line()
        result = Talk(self.engines(host), self.clock).run(Command(argv, timeout, stdin=stdin, most=most))
        self.under_way = ""
        return result

    def change(self, host: str, what: str, *argv: str) -> None:
        """The same for one that must succeed; `what` is then said to be done. Raises OutsideError."""
        result = self.order(host, *argv)
        if not result.ok:
            raise OutsideError(f"`{self.orders[-1].line()}` failed: {tail(result.stderr, 2)}")
        self.done(what)

    def begin(self, what: str) -> None:
        """Something may be half done from now on: a failure is no longer one that changed nothing."""
        if not self.dry_run:
            self.changed.append(what)

    def done(self, what: str) -> None:
        """Something was changed."""
        if not self.dry_run:
            self.changed.append(what)
            self.lines.append(what)

    def found(self, what: str) -> None:
        """Nothing has to be changed."""
        self.lines.append(what)

    def until(self, ready: Callable[[], bool], what: str, wait: float = WAIT) -> None:
        """Wait until something is so. Raises OutsideError that `what` was not seen in time."""
        end = self.clock.now() + wait
        while not self.dry_run and not ready():
            if self.clock.now() > end:
                raise OutsideError(f"{what} within {wait:g} seconds", hint="run the same command again: it continues")
            self.clock.sleep(_PAUSE)

    def honest(self) -> AbstractContextManager[None]:
        """An OutsideError after a change becomes a PartialError, and an interrupt says what was changed."""

        def so_far() -> str:
            done = f"changed: {'; '.join(self.changed)}" if self.changed else "no node was changed"
            if not self.under_way:
                return done
            return f"`{self.under_way}` may have been done" + (f"; {done}" if self.changed else "")

        return partial_if(lambda: self.changed, so_far)


def checked_host(host: str) -> str:
    """A host's `ssh://` address. Raises UsageError for anything else."""
    if not is_ssh(host):
        raise UsageError(f"`{host}` is not the address of a host", hint="write it like ssh://me@server.example.com")
    host_environment(host)
    return host
