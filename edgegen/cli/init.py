"""`edgegen init`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from msgspec import Struct

from edgegen.cli import complete
from edgegen.cli.chance import random_letters
from edgegen.cli.commands import option
from edgegen.cli.console import json_result, note, out, shown_once, warn
from edgegen.cli.options import HERE, Environment, Force, Printing
from edgegen.core.errors import UsageError
from edgegen.target_names import DEFAULT, TARGETS

if TYPE_CHECKING:
    from edgegen.cli.report.next_steps import Step
    from edgegen.project.init import Answers, Initialised


def _checked_target(name: str) -> str:
    if name not in TARGETS:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(map(repr, TARGETS))}.")
    return name


ListThem = Annotated[bool, option("--list", "List the starter projects.")]


class Wanted(Struct, frozen=True):
    """The project that is wanted."""

    template: Annotated[
        str | None,
        typer.Argument(metavar="TEMPLATE", help="Starter project: see --list.", autocompletion=complete.template),
    ] = None
    domain: Annotated[
        str | None, typer.Argument(metavar="DOMAIN", help="Your domain or a name in it, e.g. r.commenthouse.com.")
    ] = None
    directory: Annotated[Path, option("-C --dir --directory", "Folder of the project.", "DIR")] = HERE
    email: Annotated[str | None, option("--email", "Contact address of the ACME account.", "E")] = None
    address: Annotated[list[str] | None, option("--address", "Address of this server; may be repeated.", "IP")] = None
    target: Annotated[
        str,
        option(
            "--target",
            "Where the stack runs.",
            f"<{'|'.join(TARGETS)}>",
            callback=_checked_target,
            autocompletion=complete.target,
        ),
    ] = DEFAULT
    user: Annotated[list[str] | None, option("--user", "User of the registry; may be repeated.", "NAME")] = None
    environment: Environment = None

    def chosen(self) -> tuple[str, Answers]:
        """The template, and what it is filled with. Raises UsageError where one is missing."""
        from edgegen.project.init import DEFAULT_USER, Answers
        from edgegen.render.starters import refuse_unknown, refuse_users

        if self.template is None or self.domain is None:
            raise _missing(self.template)
        if self.user:
            refuse_unknown(self.template)
            refuse_users(self.template)
        addresses, users = tuple(self.address or ()), tuple(self.user or (DEFAULT_USER,))
        return self.template, Answers(self.domain, self.email, addresses, self.target, users, random_letters(8))


def init(wanted: Wanted, list_: ListThem = False, force: Force = False, *, printing: Printing) -> int:
    """Write a starter project: edge.yaml and everything rendered from it.

    Passwords are generated and shown once. Existing files are not overwritten.

    Example: `edgegen init registry r.example.com --email ops@example.com`
    """
    from edgegen.cli.report.next_steps import next_steps
    from edgegen.project import init as project

    if list_:
        _list(as_json=printing.json)
        return 0
    template, answers = wanted.chosen()
    directory, environment = wanted.directory, wanted.environment
    done = project.init(directory, template, answers, environ=os.environ, environment=environment, force=force)
    steps = next_steps(done.prepared.loaded.spec, directory, answers.users, os.environ)
    warn(done.prepared.warnings)
    if printing.json:
        with shown_once(done.prepared.lost_credentials()):
            _show_json(directory, done, steps)
    else:
        _show(directory, done, steps)
    return 0


def _missing(template: str | None) -> UsageError:
    """An example with the template that was named. UsageError of its own if there is no such template."""
    from edgegen.render.starters import has_domain, refuse_unknown

    if template is None:
        return UsageError("TEMPLATE and DOMAIN are missing", hint="e.g. `edgegen init registry commenthouse.com`")
    refuse_unknown(template)
    example = "commenthouse.com" if has_domain(template) else "registry.localhost"
    about = "" if has_domain(template) else ", of which only the project's name is made"
    return UsageError("DOMAIN is missing", hint=f"e.g. `edgegen init {template} {example}`{about}")


def _list(*, as_json: bool) -> None:
    from edgegen.render.starters import starters

    if as_json:
        json_result("init", True, templates=[{"name": item.name, "about": item.about} for item in starters()])
        return
    width = max(len(item.name) for item in starters())
    for item in starters():
        out(f"{item.name:<{width}}  {item.about}")


def _show(directory: Path, done: Initialised, steps: list[Step]) -> None:
    from edgegen.cli.render import show_credentials, show_report, show_trust
    from edgegen.cli.report.next_steps import steps_text

    for path in done.written:
        note(f"wrote {path}")
    show_report(done.report)
    show_trust(directory, done.prepared)
    show_credentials(done.prepared)
    out(steps_text(steps))


def _show_json(directory: Path, done: Initialised, steps: list[Step]) -> None:
    from edgegen.cli.render import trust_json

    json_result(
        "init",
        True,
        written=[*done.written, *done.report.written],
        warnings=[*map(str, done.prepared.warnings), *done.report.warnings],
        credentials=[item.as_json() for item in done.prepared.credentials],
        local_ca=trust_json(directory, done.prepared),
        next=[step.command for step in steps],
    )
