"""`edgegen auth add|passwd|rm|list`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli import complete
from edgegen.cli.commands import Commands, option
from edgegen.cli.console import json_result, note, out, shown_once, warn
from edgegen.cli.options import Printing, Project
from edgegen.cli.password_stdin import Stdin, password_from_stdin
from edgegen.core.errors import Problem
from edgegen.spec import BASE

if TYPE_CHECKING:
    from edgegen.project.auth.users import Changed

app = Commands("Manage the users of basic-auth middlewares in edge.yaml.")

User = Annotated[str, typer.Argument(metavar="USER", help="The user's name.")]
Middleware = Annotated[
    str | None, option("--middleware", "The basic-auth middleware, if the spec has several.", "NAME")
]
Service = Annotated[
    str | None,
    option("--service", "The service whose basic-auth middleware is meant.", "NAME", autocompletion=complete.service),
]
Protected = Annotated[
    str | None,
    option(
        "--service",
        "The service to protect: gets a basic-auth middleware if it has none.",
        "NAME",
        autocompletion=complete.service,
    ),
]


@app.command()
def add(
    user: User, service: Protected = None, middleware: Middleware = None, password_stdin: Stdin = False, *,
    project: Project, printing: Printing,
) -> int:  # fmt: skip
    """Add a user to a basic-auth middleware. The password is generated and shown once.

    edge.yaml gets the bcrypt hash of the password. With --service, a service without basic-auth gets a middleware
    for it. It takes effect with the next `edgegen up`. With -e, the user is added to those that the environment's
    overlay has in edge.yaml.
    """
    from edgegen.project.auth.users import added

    given = password_from_stdin() if password_stdin else None
    done = added(
        project.directory, user, given, environment=project.environment, middleware=middleware, service=service
    )
    return _written(project, done, user, "added", made=given is None, as_json=printing.json)


@app.command()
def passwd(
    user: User, service: Service = None, middleware: Middleware = None, password_stdin: Stdin = False, *,
    project: Project, printing: Printing,
) -> int:  # fmt: skip
    """Change a user's password. The old one stops working with the next `edgegen up`."""
    from edgegen.project.auth.users import changed

    given = password_from_stdin() if password_stdin else None
    done = changed(
        project.directory, user, given, environment=project.environment, middleware=middleware, service=service
    )
    return _written(project, done, user, "changed", made=given is None, as_json=printing.json)


@app.command()
def rm(
    user: User, service: Service = None, middleware: Middleware = None, *, project: Project, printing: Printing
) -> int:
    """Remove a user. The password stops working with the next `edgegen up`."""
    from edgegen.project.auth.users import removed

    done = removed(project.directory, user, environment=project.environment, middleware=middleware, service=service)
    return _written(project, done, user, "removed", made=False, as_json=printing.json)


@app.command("list")
def list_users(project: Project, printing: Printing) -> int:
    """List the basic-auth middlewares, their users, and the services that use them."""
    from edgegen.project.auth.users import listed

    rows, others = listed(project.directory, project.environment)
    for name in others:
        note(f"the environment `{name}` has other users: `edgegen auth list -e {name}`")
    if printing.json:
        json_result("auth list", True, users=rows)
        return 0
    for row in rows:
        out(f"{row['middleware']}\t{row['user']}\t{', '.join(row['services'])}")
    return 0


def _written(project: Project, done: Changed, user: str, what: str, *, made: bool, as_json: bool) -> int:
    from edgegen.project.adding.edit import write_edit

    where = project.words()
    warn(done.edit.warnings)
    write_edit(project.directory, done.edit)
    another = shlex.join(["edgegen", "auth", "passwd", user, "--middleware", done.guard, *where])
    lost = [Problem(
        f"the new password of {user} ({done.guard}) is set, but could not be shown",
        hint=f"run `{another}` to set another",
    )] if made else []  # fmt: skip
    up = shlex.join(["edgegen", "up", *where])
    if as_json:
        shown = [_as_json(done, user)] if made else []
        with shown_once(lost):
            json_result(
                f"auth {_COMMANDS[what]}", True, middleware=done.guard, user=user, credentials=shown,
                added=list(done.added), warnings=list(map(str, done.edit.warnings)), next=[up],
            )  # fmt: skip
        return 0
    also = f" (new: {', '.join(done.added)})" if done.added else ""
    note(f"{what} {user} {_WHERE[what]} `{done.guard}` in edge.yaml{_overlay(project.environment)}{also}")
    with shown_once(lost):
        if made and done.password is not None:
            out(f"{done.guard}: user {user}, password {done.password.reveal()}   (shown only now)")
    note(f"run `{up}`: until then {_UNTIL[what].format(user=user)}")
    return 0


def _overlay(environment: str | None) -> str:
    return f", environment `{environment}`" if environment not in (None, BASE) else ""


_COMMANDS = {"added": "add", "changed": "passwd", "removed": "rm"}
_WHERE = {"added": "to", "changed": "in", "removed": "from"}
_UNTIL = {
    "added": "{user} can't log in yet",
    "changed": "the old password still works",
    "removed": "{user} can still log in",
}


def _as_json(done: Changed, user: str) -> dict[str, str]:
    assert done.password is not None  # noqa: S101  # one was made
    return {"middleware": done.guard, "user": user, "password": done.password.reveal()}
