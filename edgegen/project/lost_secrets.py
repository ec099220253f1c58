"""A folder that has never rendered a project which runs: a clone, or one that was restored without its secrets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from edgegen.compose.swarm_names import OWNER_LABEL, in_stack
from edgegen.core.errors import RefusedError
from edgegen.core.location import Path as At
from edgegen.deploy.runner import Executor
from edgegen.files.manifest import last_render
from edgegen.project.naming import KEY
from edgegen.secrets.generated import path as secret_path
from edgegen.spec.edge import Spec
from edgegen.spec.load import LoadedSpec
from edgegen.spec.service import ServiceBase

_AGAIN = "for new values run `edgegen render` first"


class _Lost(Struct, frozen=True):
    """A file whose values only the folder has that made them: a generated secret, or the passwords of users."""

    path: str
    at: At
    key: str
    """Its name in a stack, without that of the stack and the hash."""
    is_secret: bool = True


def refuse_lost_secrets(project: Path, loaded: LoadedSpec, runner: Executor, host: str = "") -> None:
    """Before anything is rendered: what is generated a second time is another value. A database that exists goes on
    with the first, and nobody knows the new passwords of a registry. Git has none of these files.

    Raises RefusedError for a project that runs with such files. Nobody is asked where nothing is missing, or where
    the folder has been rendered before: whoever removes a file there wants another value.
    """
    lost = [item for item in _generated(loaded.spec) if not (project / item.path).exists()]
    if not lost:
        return
    if loaded.spec.target == "swarm":
        _refuse_in_stack(project, loaded, runner, lost)
    elif not last_render(project).generation:
        _refuse_in_containers(project, loaded, runner, host, lost)


def _generated(spec: Spec) -> Iterator[_Lost]:
    for name, source in spec.secrets.items():
        if source.generate:
            yield _Lost(secret_path(name), ("secrets", name), name)
    users = [(name, ("services", name, "users")) for name, service in spec.services.items() if service.password_users]
    if users or (spec.edge.dashboard and spec.edge.dashboard.users):
        from edgegen.desired.edge import DASHBOARD_AUTH
        from edgegen.kinds.parts import users_path

        files: list[tuple[str, At]] = [(users_path(name), at) for name, at in users]
        if spec.edge.dashboard and spec.edge.dashboard.users:
            files.append((f"{DASHBOARD_AUTH}/htpasswd", ("edge", "dashboard", "users")))
        yield from (_Lost(path, at, path.replace("/", "-"), False) for path, at in files)


def _refuse_in_stack(project: Path, loaded: LoadedSpec, runner: Executor, lost: list[_Lost]) -> None:
    spec = loaded.spec
    if (project / KEY).exists():
        return
    from edgegen.deploy.swarm.nodes import membership
    from edgegen.deploy.swarm.services import services
    from edgegen.deploy.swarm.talk import Talk

    talk = Talk(runner)
    if not membership(talk).is_manager:
        return  # the preflight says so
    own = (None, "", spec.dns.owner)
    running = [one for one in services(talk, spec.name) if one.labels.get(OWNER_LABEL) in own]
    mounted = {secret.rpartition("-")[0] for service in running for secret in service.secrets}
    variables = {(service.name, variable) for service in running for variable in service.variables}
    passed = {
        secret
        for name, service in spec.services.items()
        for secret, variable in _as_variables(service)
        if (in_stack(spec.name, name), variable) in variables
    }
    found = [item for item in lost if f"{spec.name}-{item.key}" in mounted or (item.is_secret and item.key in passed)]
    if found:
        raise RefusedError(
            f"the stack `{spec.name}` runs with {_named(found)} of another folder, and this one, which has no `{KEY}` "
            f"either, would generate other values: {_consequence(found)}",
            where=loaded.locate(found[0].at),
            hint=f"copy {_folders(found)} and `{KEY}` from the folder that deployed the stack; {_shown(found)}{_AGAIN}",
        )


def _as_variables(service: ServiceBase) -> Iterator[tuple[str, str]]:
    """Its secrets that are values of variables."""
    for use in service.names_used():
        if use.what == "secret" and use.at[0] == "environment":
            yield use.name, str(use.at[1])


def _refuse_in_containers(project: Path, loaded: LoadedSpec, runner: Executor, host: str, lost: list[_Lost]) -> None:
    """One of another folder is refused by the preflight, and so is a copy of the folder on another host."""
    from edgegen.deploy.containers import WORKING_DIR
    from edgegen.deploy.engine import engine_host
    from edgegen.deploy.host import is_far
    from edgegen.deploy.neighbours import is_same
    from edgegen.deploy.whereabouts import started_by_compose

    spec = loaded.spec
    if is_far(host or engine_host(runner)):
        return
    there = {
        item.service
        for item in started_by_compose(runner)
        if item.project == spec.name and is_same(item.labels.get(WORKING_DIR, ""), project)
    }
    secrets = {
        use.name
        for name in there & spec.services.keys()
        for use in spec.services[name].names_used()
        if use.what == "secret"
    }
    found = [item for item in lost if (item.key in secrets if item.is_secret else _asks(item, there))]
    if found:
        raise RefusedError(
            f"project `{spec.name}` runs with {_named(found)} of an earlier state of this folder, which would generate "
            f"other values now: {_consequence(found)}",
            where=loaded.locate(found[0].at),
            hint=f"restore {_folders(found)} from a backup; {_shown(found)}{_AGAIN}",
        )


def _asks(item: _Lost, there: set[str]) -> bool:
    """Whether who asks for these passwords runs: Traefik does for the dashboard."""
    return item.at[1] in there if item.at[0] == "services" else bool(there)


def _named(found: list[_Lost]) -> str:
    return " and ".join(f"`{item.path}`" for item in found)


def _folders(found: list[_Lost]) -> str:
    return " and ".join(dict.fromkeys(f"`{item.path.rpartition('/')[0]}/`" for item in found))


def _consequence(found: list[_Lost]) -> str:
    if any(item.is_secret for item in found):
        return "a database that exists does not take a new password"
    return "nobody could log in with the passwords that are in use"


def _shown(found: list[_Lost]) -> str:
    """Where a value can still be read. Of the passwords of users there are only hashes."""
    secret = next((item.key for item in found if item.is_secret), "")
    if not secret:
        return ""
    return f"what runs has it: `cat /run/secrets/{secret}` where it is mounted, `docker inspect` for a variable; "
