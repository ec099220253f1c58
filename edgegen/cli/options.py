"""Options that several commands take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from msgspec import Struct

from edgegen.cli import complete
from edgegen.cli.commands import option
from edgegen.cli.console import Console
from edgegen.core.errors import UsageError


def _given(context: typer.Context, parameter: typer.CallbackParam, value: str | None) -> str | None:
    """A script's variable that is not set must not mean this machine, or the spec without an overlay."""
    source = context.get_parameter_source(str(parameter.name))
    if value == "" and source is not None and source.name == "COMMANDLINE":
        option = parameter.opts[-1]
        raise UsageError(f"{option}: the value is empty", hint=f"leave {option} out if none is meant")
    return value


def _console(name: str) -> Callable[[bool], bool]:
    """Tells the console what an option says."""

    def told(value: bool) -> bool:
        setattr(Console, name, value)
        return value

    return told


Directory = Annotated[Path, option("-C --directory", "Project directory.", "DIR", show_default=True)]
Environment = Annotated[
    str | None,
    option(
        "-e --environment",
        "Environment (overlay of the spec); `base` for none.",
        "NAME",
        autocompletion=complete.environment,
        callback=_given,
    ),
]
Json = Annotated[bool, option("--json", "Print one JSON object.", callback=_console("as_json"))]
Quiet = Annotated[bool, option("-q --quiet", "Print only results and errors.", callback=_console("quiet"))]
Verbose = Annotated[bool, option("-v --verbose", "Print more.", callback=_console("verbose"))]
Templates = Annotated[Path | None, option("--templates", "Folder of templates that replace edgegen's own.", "DIR")]
Force = Annotated[bool, option("--force", "Replace files edited by hand (a .bak is kept).")]
Resolver = Annotated[list[str] | None, option("--resolver", "Ask this resolver; may be repeated.", "IP:PORT")]
Host = Annotated[
    str, option("--host", "Use the engine of another machine, e.g. ssh://me@example.com.", "URL", callback=_given)
]
AuthorityPort = Annotated[int, option("--authority-port", "Port of the authorities (tests).", hidden=True)]

HERE = Path()


class Project(Struct, frozen=True):
    """Which project is meant, and as which environment."""

    directory: Directory = HERE
    environment: Environment = None

    def words(self) -> list[str]:
        """The words that name the same project in another command."""
        return [
            *(["-C", str(self.directory)] if self.directory != HERE else []),
            *(["-e", self.environment] if self.environment else []),
        ]


class Printing(Struct, frozen=True):
    """What a command prints. `Console` hears of it before the command begins."""

    json: Json = False
    quiet: Quiet = False
    verbose: Verbose = False
