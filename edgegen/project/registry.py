"""The users of one registry of a project."""

from __future__ import annotations

from pathlib import Path

from edgegen.core.errors import RefusedError, SpecError, UsageError, words_checked
from edgegen.core.secret import Secret
from edgegen.core.suggest import did_you_mean
from edgegen.files import lock, put_file, read_project_file
from edgegen.files.output import PRIVATE
from edgegen.kinds.parts import users_path
from edgegen.secrets.declared_users import Registry
from edgegen.secrets.htpasswd import PASSWORD_LENGTH, Users, random_text
from edgegen.secrets.reload import reload_file
from edgegen.spec.base import check_user
from edgegen.spec.load import load
from edgegen.targets import find_target


def find_registry(project: Path, environment: str | None, service: str | None) -> Registry:
    """The registry of that name, or the only one. Raises SpecError and UsageError where it is not clear which."""
    spec = load(project, environment).spec
    registries = spec.registries
    if not registries:
        raise SpecError("the spec has no registry", hint="add a service with `kind: registry`")
    if service is None:
        if len(registries) > 1:
            raise UsageError(f"the spec has several registries: {', '.join(registries)}", hint="say --service NAME")
        service = next(iter(registries))
    if service not in registries:
        raise UsageError(f"there is no registry `{service}`", hint=did_you_mean(service, registries))
    found = registries[service]
    target = find_target(spec.target)
    is_copied = target is not None and target.files_are_sent
    return Registry(service, users_path(service), tuple(found.users), found.edge_asks, is_copied)


def set_password(project: Path, registry: Registry, user: str, given: Secret | None, *, new: bool) -> Secret:
    """Add a user (`new`) or change a password; gives the password. Raises RefusedError where that can't be."""
    with words_checked():
        check_user(user)
    password = given or random_text(PASSWORD_LENGTH)
    with lock(project):
        users = _read(project, registry)
        if new and user in users.hashes:
            raise RefusedError(f"{user} exists already", hint=f"use `edgegen registry user passwd {user}`")
        if not new:
            _require(users, user)
        with words_checked():
            users = users.with_user(user, password)
        _write(project, registry, users)
    return password


def remove_user(project: Path, registry: Registry, user: str) -> None:
    """Remove a user. Raises RefusedError if there is none of that name, here or in edge.yaml."""
    with lock(project):
        users = _read(project, registry)
        if user not in registry.declared:
            _require(users, user)
        if user in users.hashes:
            _write(project, registry, users.without(user))


def listed(project: Path, registry: Registry) -> list[dict[str, str]]:
    """Every user with its state: `ready`, `ready, not in edge.yaml`, or `no password yet`."""
    users = _read(project, registry)
    rows = [
        {"user": name, "state": "ready" if name in registry.declared else "ready, not in edge.yaml"}
        for name in users.hashes
    ]
    rows += [{"user": name, "state": "no password yet"} for name in registry.declared if name not in users.hashes]
    return rows


def _require(users: Users, user: str) -> None:
    if user not in users.hashes:
        raise RefusedError(
            f"there is no user {user}",
            hint=did_you_mean(user, users.hashes, "`edgegen registry user list` shows who is there"),
        )


def _read(project: Path, registry: Registry) -> Users:
    return Users.parse(read_project_file(project, registry.path) or b"", registry.path)


def _write(project: Path, registry: Registry, users: Users) -> None:
    put_file(project, registry.path, users.content(), mode=PRIVATE, existing="replace")
    if registry.by_traefik and not registry.is_copied:
        reload = reload_file(registry.service, users.content())
        put_file(project, reload.path, reload.content, mode=reload.mode, existing="replace")
