"""`edgegen registry user add|rm|passwd|list`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from edgegen.cli import complete
from edgegen.cli.commands import Commands, option
from edgegen.cli.console import json_result, note, out, show, shown_once
from edgegen.cli.options import Printing, Project
from edgegen.cli.password_stdin import Stdin, password_from_stdin
from edgegen.system.stop import unseen, when_stopped

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from edgegen.project.registry_login import Snippet
    from edgegen.secrets.declared_users import Registry

app = Commands("Manage the users of a private registry, and log in to it.")
user = Commands("Add, remove and list users, and change their passwords.")
app.add_typer(user, name="user")

Name = Annotated[str, typer.Argument(metavar="NAME", autocompletion=complete.user, help="The user's name.")]
Service = Annotated[
    str | None,
    option("--service", "Name of the registry, if the spec has several.", "NAME", autocompletion=complete.registry),
]
Tool = Annotated[
    str | None,
    option(
        "--for", "Only this tool: docker, buildkit, containerd, kamal, kubernetes or podman.", "TOOL",
        autocompletion=complete.tool,
    ),
]  # fmt: skip
LoginAs = Annotated[str | None, option("--user", "Who logs in. Default: the first user in edge.yaml.", "NAME")]


@app.command()
def login(
    tool: Tool = None, login_as: LoginAs = None, service: Service = None, *, project: Project, printing: Printing
) -> int:
    """Show how to log in to the registry from Docker, Podman, containerd, BuildKit, Kamal and Kubernetes.

    Nothing is run, and no password is printed: each tool asks for it, or takes it from a variable.
    """
    from edgegen.project.registry_login import snippets

    found = snippets(project.directory, project.environment, tool=tool, service=service, user=login_as)
    if printing.json:
        rows = [{"tool": item.tool, "language": item.language, "text": item.text} for item in found]
        json_result("registry login", True, snippets=rows)
        return 0
    out("\n".join(_sections(found, titled=tool is None)))
    return 0


def _sections(found: Sequence[Snippet], *, titled: bool) -> Iterator[str]:
    """The snippets, under a title for each tool where there are several."""
    for index, item in enumerate(found):
        is_first = index == 0 or found[index - 1].tool != item.tool
        if index:
            yield ""
        if titled and is_first:
            yield f"## {item.about}"
            yield ""
        yield item.text


@user.command()
def add(
    name: Name, service: Service = None, password_stdin: Stdin = False, *, project: Project, printing: Printing
) -> int:
    """Add a user, also to edge.yaml. The password is generated and shown once."""
    return _set(name, service, project, new=True, from_stdin=password_stdin, as_json=printing.json)


@user.command()
def passwd(
    name: Name, service: Service = None, password_stdin: Stdin = False, *, project: Project, printing: Printing
) -> int:
    """Change a user's password. The old one stops working with the next request; on a swarm, with the next `up`."""
    return _set(name, service, project, new=False, from_stdin=password_stdin, as_json=printing.json)


@user.command()
def rm(name: Name, service: Service = None, *, project: Project, printing: Printing) -> int:
    """Remove a user, also from edge.yaml."""
    from edgegen.project.registry import remove_user
    from edgegen.secrets.declared_users import forget

    registry = _registry_to_change(project, service)
    with when_stopped(_again(registry)):
        remove_user(project.directory, registry, name)
        kept = forget(project.directory, registry, name, project.environment)
    if kept.advice:
        note(f"warning: {kept.advice}")
    if printing.json:
        json_result(
            "registry user rm", True, removed=name, service=registry.service, spec_written=kept.is_written,
            needs_up=registry.is_copied,
        )  # fmt: skip
    else:
        note(f"removed {name} from {registry.path}{' and edge.yaml' if kept.is_written else ''}")
        _remind(registry, f"{name} can still log in")
    return 0


@user.command("list")
def list_users(service: Service = None, *, project: Project, printing: Printing) -> int:
    """List the users.

    Shows those that can log in, and those in edge.yaml that have no password yet.
    """
    from edgegen.project.registry import find_registry, listed

    registry = find_registry(project.directory, project.environment, service)
    rows = listed(project.directory, registry)
    if printing.json:
        json_result("registry user list", True, service=registry.service, users=rows)
        return 0
    for row in rows:
        show(f"{row['user']}\t{row['state']}")
    return 0


def _registry_to_change(project: Project, service: str | None) -> Registry:
    """Raises RefusedError if the folder was rendered for another environment and none is named."""
    from edgegen.files.last_run import refuse_unnamed
    from edgegen.project.registry import find_registry

    refuse_unnamed(project.directory, project.environment)
    return find_registry(project.directory, project.environment, service)


def _set(name: str, service: str | None, project: Project, *, new: bool, from_stdin: bool, as_json: bool) -> int:
    from edgegen.project.registry import set_password
    from edgegen.secrets.declared_users import Kept, declare
    from edgegen.secrets.users import Credential

    registry = _registry_to_change(project, service)
    given = password_from_stdin() if from_stdin else None
    with when_stopped(_again(registry)):
        password = set_password(project.directory, registry, name, given, new=new)
        made = [] if given else [Credential(registry.service, name, password, registry.path)]
        lost = [item.lost(several=service is not None) for item in made]
        unseen(lost)
        kept = declare(project.directory, registry, name, project.environment) if new else Kept()
    if kept.advice:
        note(f"warning: {kept.advice}")
    if as_json:
        shown = [item.as_json() for item in made]
        with shown_once(lost):
            json_result(
                f"registry user {'add' if new else 'passwd'}", True, service=registry.service, user=name,
                credentials=shown, spec_written=kept.is_written, needs_up=registry.is_copied,
            )  # fmt: skip
        return 0
    also = " and edge.yaml" if kept.is_written else ""
    note(f"{'added' if new else 'changed'} {name} in {registry.path}{also}")
    _remind(registry, f"{name} can't log in yet" if new else "the old password still works")
    with shown_once(lost):
        for item in made:
            out(item.line())
    return 0


def _remind(registry: Registry, until_then: str) -> None:
    """On a swarm nobody reads this file: a secret is made of it."""
    if registry.is_copied:
        note(f"run `edgegen up`: until then {until_then}, because the swarm has a copy of the users")


def _again(registry: Registry) -> str:
    return f"{registry.path} or edge.yaml may have been changed: `edgegen registry user list` shows the users"
