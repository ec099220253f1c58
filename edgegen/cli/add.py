"""`edgegen add`."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from edgegen.cli import complete
from edgegen.cli.commands import option
from edgegen.cli.console import json_result, note, out, warn
from edgegen.cli.options import Printing, Project
from edgegen.core.errors import UsageError

if TYPE_CHECKING:
    from edgegen.cli.report.next_steps import Step
    from edgegen.project.adding.add import Addition
    from edgegen.project.adding.wish import Wish


Diff = Annotated[bool, option("--diff --dry-run", "Write nothing; show what would change.")]


class Wanted(Struct, frozen=True):
    """The service that is wanted."""

    what: Annotated[
        str,
        typer.Argument(
            metavar="TEMPLATE|IMAGE",
            autocompletion=complete.template,
            help="A template of `edgegen init --list`, or an image with its tag, e.g. nginx:1.27.",
        ),
    ]
    host: Annotated[str, typer.Argument(metavar="HOST", help="The public name, e.g. www.commenthouse.com.")]
    name: Annotated[
        str | None, option("--name", "Name of the service. Default: the template's or image's.", "NAME")
    ] = None
    port: Annotated[int | None, option("--port", "Port that the image listens on, if it isn't known.", "PORT")] = None
    path: Annotated[str | None, option("--path", "Serve only this part of the host.", "/PREFIX")] = None
    middleware: Annotated[list[str] | None, option("--middleware", "Middleware to use; may be repeated.", "NAME")] = (
        None
    )
    user: Annotated[list[str] | None, option("--user", "User of a registry; may be repeated.", "NAME")] = None

    def wish(self) -> Wish:
        """In the words of the use case."""
        from edgegen.project.adding.wish import Wish

        users, middlewares = tuple(self.user or ()), tuple(self.middleware or ())
        return Wish(self.what, self.host, self.name, self.port, self.path, users, middlewares)


def add(wanted: Wanted, diff: Diff = False, *, project: Project, printing: Printing) -> int:
    """Add a service to edge.yaml: from a template, or from an image.

    Only new lines are written: comments, layout and order stay. The whole spec is checked first. A service that is
    there already, with the same content, is left alone (exit 0); a name or host that is taken is refused (exit 3).

    Examples: `edgegen add nginx:1.27 www.example.com`, `edgegen add wordpress blog.example.com`
    """
    from edgegen.cli.report.next_steps import steps_for
    from edgegen.project.adding.add import addition
    from edgegen.project.adding.edit import write_edit

    _refuse_environment(project.environment)
    found = addition(project.directory, wanted.wish())
    warn(found.edit.warnings)
    if found.edit.is_new and not diff:
        write_edit(project.directory, found.edit)
    steps: list[Step] = []
    if found.edit.is_new:
        steps = steps_for(found.edit.spec, found.service, found.host, project.directory, os.environ)
    _show(found, steps, diff=diff, as_json=printing.json)
    return 0


def _refuse_environment(environment: str | None) -> None:
    if environment not in (None, "base"):
        raise UsageError(
            "a service is added to edge.yaml itself, for all environments",
            hint=f"leave out -e; to have it in one only, move it to `environments.{environment}.services`",
        )


def _show(found: Addition, steps: list[Step], *, diff: bool, as_json: bool) -> None:
    from edgegen.cli.report.next_steps import steps_text
    from edgegen.files.difference import unified
    from edgegen.spec import SPEC_FILE

    if as_json:
        json_result(
            "add", True, service=found.service, host=found.host, added=list(found.places),
            written=found.edit.is_new and not diff, warnings=list(map(str, found.edit.warnings)),
            next=[step.command for step in steps],
        )  # fmt: skip
        return
    if not found.edit.is_new:
        note(f"edge.yaml already has `{found.service}` like this: nothing to do")
        return
    if diff:
        out("\n".join(unified(SPEC_FILE, found.edit.before, found.edit.after, sides=("now", "with this change"))))
        return
    note(f"added {', '.join(found.places)} to edge.yaml")
    out(steps_text(steps))
