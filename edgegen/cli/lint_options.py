"""The options of `lint`, and what they ask for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from msgspec import Struct

from edgegen.cli.commands import option
from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from edgegen.cli.options import Project
    from edgegen.project.lint_answer import Choice
    from edgegen.traefik.version import Version

Form = Literal["text", "github", "sarif", "junit"]
FailOn = Literal["critical", "high", "medium", "low", "info", "never"]


class Wanted(Struct, frozen=True):
    """What is looked at, how it is judged, and what becomes of the findings."""

    files: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="FILE",
            help="Compose, stack or Traefik files; "
            "by default what Compose would take, or edge.yaml and what was rendered.",
        ),
    ] = None
    together: Annotated[
        list[str] | None, option("-f --file", "Files of one project, laid over each other; may be repeated.", "FILE")
    ] = None
    form: Annotated[Form, option("--format", "Output format; github prints annotations.")] = "text"
    fix: Annotated[bool, option("--fix", "Change the files where the fix is certain.")] = False
    diff: Annotated[bool, option("--diff", "Show what --fix would change; write nothing.")] = False
    fail_on: Annotated[FailOn, option("--fail-on", "Exit 1 from this severity on; `never` for 0.", "SEVERITY")] = (
        "medium"
    )
    strict: Annotated[bool, option("--strict", "Exit 4 if something could not be seen.")] = False
    version: Annotated[
        str | None, option("--traefik-version", "Judge for this Traefik, e.g. 3.6; by default the image's.", "V")
    ] = None
    config: Annotated[Path | None, option("--config", "Read this instead of .edgegen-lint.yml.", "FILE")] = None
    init: Annotated[bool, option("--init", "Write .edgegen-lint.yml with today's findings as its baseline.")] = False
    with_traefik: Annotated[
        bool, option("--with-traefik", "Ask the real Traefik too, on the loopback; exit 4 if it can't be asked.")
    ] = False
    upgrade: Annotated[
        str | None, option("--upgrade", "Report what changes on the way to this Traefik, e.g. 3.7.", "V")
    ] = None

    def check(self, *, as_json: bool) -> None:
        """Raises UsageError for options that exclude each other."""
        if as_json and self.form != "text":
            raise UsageError(
                f"--json and --format {self.form} are two formats of one output", hint="leave one of them out"
            )
        if self.files and self.together:
            raise UsageError("FILE and -f are two ways to name files", hint="for one project of several files use -f")
        if (self.fix or self.diff) and self.init:
            raise UsageError("--init accepts the findings, and --fix fixes them", hint="run --fix first, then --init")

    def choice(self, project: Project) -> Choice:
        """What is looked at, and how it is judged. Raises UsageError for what is not a version."""
        from edgegen.project.lint_answer import Choice

        if not project.directory.is_dir():
            raise UsageError(f"there is no folder `{project.directory}`", hint="`-C` names the folder to lint")
        files, together, version = tuple(self.files or ()), tuple(self.together or ()), _version(self.version)
        return Choice(
            files, together, project.directory, project.environment, version, self.fail_on, self.strict, self.config,
            **_judge(self.upgrade),
        )  # fmt: skip


def _judge(upgrade: str | None) -> dict[str, Any]:
    """What finds things: the rules unless the way to another Traefik is asked for."""
    goal = _version(upgrade, "--upgrade")
    if goal is None:
        return {}
    from edgegen.project.lint_upgrade import Upgrading

    return {"judge": Upgrading(goal)}


def _version(text: str | None, option: str = "--traefik-version") -> Version | None:
    if text is None:
        return None
    from edgegen.traefik.version import version_of

    found = version_of(f"traefik:{text}")
    if found is None:
        raise UsageError(f"{option} {text[:40]}: this is not a version of Traefik", hint="write it like 3.6")
    return found
