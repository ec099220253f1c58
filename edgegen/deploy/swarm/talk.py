"""Questions and orders to a swarm, asked again while it elects a leader."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Command, Result, failure
from edgegen.deploy.engine import LEADERLESS, QUORUM
from edgegen.deploy.runner import Executor
from edgegen.system.clock import Clock, WallClock

_PASSING = (LEADERLESS, "update out of sequence")
"""What passes by itself; the second: the swarm itself has changed the service at the same moment."""
PATIENCE = 30.0
PAUSE = 1.0


class Talk(Struct, frozen=True):
    """What runs commands against a manager."""

    runner: Executor
    clock: Clock = field(default_factory=WallClock)

    def run(self, command: Command) -> Result:
        """Run to the end with both outputs captured; again for 30 seconds while the swarm has no leader."""
        end = self.clock.now() + PATIENCE
        while True:
            result = self.runner.run(command)
            if result.ok or not any(words in result.stderr for words in _PASSING) or self.clock.now() >= end:
                return result
            self.clock.sleep(PAUSE)

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        """Run to the end, with the outputs passed to this process's own."""
        return self.runner.stream(command, to_stderr=to_stderr)

    def stream_all(self, commands: Sequence[Command]) -> list[Result]:
        """Run all of them at once, each to its end."""
        return self.runner.stream_all(commands)

    def order(self, command: Command) -> Result:
        """Run a command that changes something. Raises OutsideError if it fails."""
        return self.checked(command, self.run(command))

    def checked(self, command: Command, result: Result) -> Result:
        """The result of a command that changes something. Raises OutsideError if it failed."""
        if not result.ok:
            raise OutsideError(failure(command, result), hint=QUORUM if LEADERLESS in result.stderr else "")
        return result
