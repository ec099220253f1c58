"""What `doctor` examines: this machine, and the project in a folder if there is one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from edgegen.core.errors import OutsideError
from edgegen.deploy.containers import ContainerSeen, containers
from edgegen.deploy.engine import Engine, inspect_engine
from edgegen.deploy.runner import Executor
from edgegen.lookup import Reply, Server, ask_any, parse_server, system_servers
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec
from edgegen.system.waiting import waiting_for

CLOCKS = ("http://1.1.1.1/", "http://[2606:4700:4700::1111]/")
"""Sites that answer over plain HTTP with their time: with a wrong clock, no certificate can be trusted."""


KNOWN = "example.com"
"""A name that always exists."""


@dataclass(frozen=True)
class Patient:
    """The machine and the project. What several checks need is asked once."""

    folder: Path
    loaded: LoadedSpec | None
    runner: Executor
    environ: Mapping[str, str]
    environment: str | None = None
    host: str = ""
    clocks: Sequence[str] = CLOCKS
    resolvers: Sequence[str] = ()

    @property
    def spec(self) -> Spec | None:
        """The project's spec, if there is one."""
        return self.loaded.spec if self.loaded else None

    @cached_property
    def engine(self) -> Engine | OutsideError:
        """The engine, or why it does not answer."""
        try:
            return inspect_engine(self.runner, self.host)
        except OutsideError as error:
            return error

    @cached_property
    def servers(self) -> tuple[Server, ...]:
        """The resolvers to ask: those that are named, else the machine's own. Raises OutsideError without any."""
        return tuple(map(parse_server, self.resolvers)) or system_servers()

    @cached_property
    def resolved(self) -> Reply | OutsideError:
        """What the resolvers answer for a name that always exists, or why none could be asked."""
        try:
            with waiting_for(f"asking the resolver {', '.join(map(str, self.servers))} for {KNOWN}"):
                return ask_any(self.servers, KNOWN, "A")
        except OutsideError as error:
            return error

    @cached_property
    def containers(self) -> tuple[ContainerSeen, ...]:
        """Those of the engine; none if it does not answer."""
        try:
            return tuple(containers(self.runner)) if isinstance(self.engine, Engine) else ()
        except OutsideError:
            return ()
