"""What runs a rendered stack: one backend for each target. The steps around it (`steps.py`) are the same for all."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from edgegen.core.errors import OutsideError, Problem, UsageError
from edgegen.core.suggest import did_you_mean
from edgegen.deploy.command import Command, Result, failure
from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.docker_words import known_hint
from edgegen.deploy.health import Standing
from edgegen.deploy.model import Project
from edgegen.deploy.preflight import Preflight
from edgegen.deploy.runner import Executor
from edgegen.deploy.shared_edge import Wish
from edgegen.deploy.terminal_text import printable, tail

if TYPE_CHECKING:
    from edgegen.deploy.remote.folder import FarFolder

WAIT_TIMEOUT = 180
"""Seconds that `up` waits for health. Images are pulled and built before that."""

_LAST_LINES = 10
"""Of what a program has written: its error is at the end. A build that fails has said a lot before."""

LOG_LINES = 20
"""Of the log of what made a start fail."""

MOST_SHOWN = 5
"""Of many failing services, the logs of the first few are enough."""

MOST_LINES = 100_000
"""Lines of a log in one JSON object."""


class Reporter(Protocol):
    """Where remarks go: stderr, or nowhere."""

    def note(self, text: str, /) -> None:
        """Report one remark."""

    def tick(self, text: str, /) -> None:
        """Report something that was checked and is in order."""


@dataclass(frozen=True, slots=True)
class Place:
    """A rendered project: its folder, the file of its target, and what runs commands for it."""

    folder: Path
    file: Path
    runner: Executor
    quiet: bool = False
    """Whether the output of programs is shown only if they fail."""
    name: str = ""
    """The project's name; "" where nothing says so. A swarm's file does not hold it."""
    values: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The values of variables, for programs that do not read `.env` themselves. They may be secret."""
    far: FarFolder | None = None
    """Where its files go if the engine is that of another host and opens them there."""
    host: str = ""
    """What `--host` says."""
    names: Callable[[], Collection[str]] = tuple
    """The names that its environments give the project."""
    owner: str | None = None
    """What tells the project from another one of its name, as it was rendered last, or ""; None: it is not known."""

    def carry_out(self, command: Command) -> None:
        """Run a command that changes something. Its progress goes to stderr unless `quiet`. Raises OutsideError."""
        result = self.runner.run(command) if self.quiet else self.runner.stream(command, to_stderr=True)
        if not result.ok:
            shown = result if self.quiet else Result(result.returncode)  # what was passed on is not said twice
            raise OutsideError(failure(command, shown), hint=known_hint(tail(result.stderr, _LAST_LINES)))


@dataclass(frozen=True, slots=True)
class Start:
    """How `up` starts. `present` are all containers of the engine before it."""

    wait: int = WAIT_TIMEOUT
    build: bool = True
    prune: bool = False
    """Whether secrets and configs that no service uses are removed, the last generation included."""
    present: tuple[ContainerSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """What a start is checked against: the engine's host, what the spec wants of its edge, which nodes are named."""

    host: str = ""
    wish: Wish = field(default_factory=Wish)
    edge_node: str = ""
    volume_nodes: Mapping[str, str] = field(default_factory=dict)
    remote_dir: str = ""
    """The project's folder on another host; "" for the usual one."""


@dataclass(frozen=True, slots=True)
class LogsWanted:
    """Which logs: all services where none is named. `tail` is a number of lines or `all`, `since` a time or `10m`."""

    services: Sequence[str] = ()
    follow: bool = False
    tail: str = ""
    since: str = ""
    color: bool = True

    def options(self, *, timestamps: bool = False) -> list[str]:
        """As options of a `logs` command."""
        return [
            *(["--timestamps"] if timestamps else []),
            *(["--follow"] if self.follow else []),
            *([f"--tail={self.tail}"] if self.tail else []),
            *([f"--since={self.since}"] if self.since else []),
        ]

    def refuse_unknown(self, known: Sequence[str]) -> None:
        """Raises UsageError for a service that is named and is none of the `known`."""
        if unknown := [_unknown(word, known) for word in self.services if word not in known]:
            raise UsageError(unknown)


def refuse_many_lines(count: int) -> None:
    """Raises OutsideError for a log that is too long for one JSON object."""
    if count > MOST_LINES:
        raise OutsideError(
            f"the logs have {count:,} lines, and at most {MOST_LINES:,} fit into one JSON object",
            hint="ask for fewer with `--tail 1000` or `--since 1h`, or leave out --json",
        )


def _unknown(word: str, known: Sequence[str]) -> Problem:
    hint = did_you_mean(word, known, f"the services are {', '.join(sorted(known)) or 'none'}")
    return Problem(f"there is no service `{printable(word)}`", hint=hint)


@dataclass(slots=True)
class Changes:
    """What the engine had of the project before, and what has certainly been changed since."""

    before: frozenset[str]
    made: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What the user should know once it is done."""

    @property
    def had_containers(self) -> bool:
        """Whether the project had containers before, or services of a swarm."""
        return any(part.startswith(("container ", "service ")) for part in self.before)

    def ran(self, what: str) -> None:
        """Record that a command that changes things has succeeded, whatever the engine's lists show now."""
        self.made.append(what)


class Backend(Protocol):
    """One way to run the stack of one `Place`. Every method raises OutsideError if its programs fail."""

    place: Place

    def read(self) -> Project:
        """The project as the programs read it: merged, and with variables replaced by their values.

        Raises SpecError if they refuse the files, RefusedError if a required variable has no value.
        """

    def preflight(self, project: Project, asked: Asked) -> Preflight:
        """Look for everything that would make a start fail; changes nothing. Raises RefusedError, OutsideError."""

    def others(self, project: Project) -> Iterator[Problem]:
        """Why what runs under this project's name is not this project's."""

    def instead(self, project: Project) -> Iterator[Problem]:
        """Where the project runs, if not under this name and on this engine."""

    def strangers(self) -> Iterator[Problem]:
        """Why the containers that are shown are not this folder's."""

    def up(self, project: Project, how: Start, changes: Changes, reporter: Reporter) -> Standing:
        """Start everything and wait until it is healthy. Raises OutsideError if something is not."""

    def down(self, changes: Changes, *, volumes: bool) -> None:
        """Stop and remove it; with `volumes` its own volumes too."""

    def status(self, project: Project, host: str = "") -> Standing:
        """Its present state."""

    def logs(self, wanted: LogsWanted) -> None:
        """Stream what the services write. Raises UsageError for an unknown one, KeyboardInterrupt when interrupted."""

    def log_lines(self, wanted: LogsWanted) -> list[dict[str, str]]:
        """The same as data: container, time and text of each line."""

    def left_behind(self, name: str) -> Iterator[Problem]:
        """What is still there after `down`."""

    def snapshot(self, name: str) -> frozenset[str]:
        """What the engine has of a project, each part as `container …`, `network …` or `volume …`.

        If two snapshots differ, something was changed between them.
        """

    def running(self, name: str) -> tuple[str, ...]:
        """The names of everything of a project that is running or left over."""

    def volumes(self, name: str) -> tuple[str, ...]:
        """The names of the volumes that `down` would delete: those that the project has created, and those that its
        file names, whoever has created them."""

    def up_commands(
        self, text: str, wait: int, *, build: bool = True, values: Mapping[str, str] | None = None
    ) -> list[Command]:
        """What `up` would run, without asking any program. `text` is the rendered file's, `values` its variables'."""

    def unlisted(self, text: str) -> Iterator[str]:
        """What else `up` may do, depending on what runs: a dry run asks nobody."""

    def down_commands(self, *, volumes: bool = False) -> list[Command]:
        """What `down` would run, without asking any program."""
