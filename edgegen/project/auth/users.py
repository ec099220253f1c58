"""`auth add|passwd|rm`: the new edge.yaml, checked as a whole."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from edgegen.core.errors import RefusedError, SpecError, UsageError, words_checked
from edgegen.core.location import path_text
from edgegen.core.secret import Secret
from edgegen.core.suggest import did_you_mean
from edgegen.lint.edits.blocks import with_block
from edgegen.project.adding.edit import Edit, Present, checked_edit, present
from edgegen.project.adding.pieces import of_value
from edgegen.project.auth.guards import Guard, chosen, guards, new_guard, refuse_second, uses
from edgegen.project.auth.places import (
    in_environments,
    list_for_more,
    list_of,
    overlay_of,
    refuse_new_in_overlay,
    with_other_users,
)
from edgegen.secrets.htpasswd import PASSWORD_LENGTH, bcrypt_hash, random_text
from edgegen.spec import SPEC_FILE
from edgegen.spec.base import check_user
from edgegen.spec.list_item import replaced, value_at, with_item, without_item
from edgegen.spec.source import first_that_reads


class Changed(Struct, frozen=True):
    """The new edge.yaml, and the password that works after the next `up`."""

    guard: str
    edit: Edit
    password: Secret | None = None
    added: tuple[str, ...] = ()
    """What is new besides the user: the middleware, and its use by the service."""


def added(
    project: Path, user: str, given: Secret | None, *, environment: str | None, middleware: str | None,
    service: str | None,
) -> Changed:  # fmt: skip
    """A new user. Raises RefusedError if there is one of that name."""
    with words_checked():
        check_user(user)
    now = present(project, environment)
    guard = chosen(now, middleware, service)
    if guard is not None and guard.line_of(user):
        raise RefusedError(
            f"{user} exists already in `{guard.name}`",
            where=now.loaded.locate((*guard.path, "users", guard.names.index(user))),
            hint=f"use `edgegen auth passwd {user} --middleware {guard.name}{_option(now)}`",
        )
    if guard is not None and (other := overlay_of(now, user, guard.name)):
        raise RefusedError(f"with this change, `{guard.name}` would have two users {user}", hint=other)
    password = given or random_text(PASSWORD_LENGTH)
    line = _line(user, password)
    new = guard is None
    if guard is None:
        assert service is not None  # noqa: S101  # without one `chosen` has raised
        guard = new_guard(now, middleware, service)
    joining = service if service is not None and not uses(now.loaded.spec, service, guard) else None
    if joining:
        refuse_new_in_overlay(now)
        refuse_second(now, joining, guard)
    parts = [f"middlewares.{guard.name}"] if new else []
    if new:
        source = _with_guard(now, guard, line)
    else:
        source = _must(now, guard, with_item(now.text, SPEC_FILE, list_for_more(now, guard), line))
    if not joining:
        return Changed(guard.name, checked_edit(now, source), password, tuple(parts))
    source = _must(
        now, guard, with_item(now.encoded(source), SPEC_FILE, ("services", joining, "middlewares"), guard.name)
    )
    edit = checked_edit(now, source)
    edit = replace(edit, warnings=[*edit.warnings, *in_environments(edit, joining, guard)])
    return Changed(guard.name, edit, password, (*parts, f"services.{joining}.middlewares"))


def changed(
    project: Path, user: str, given: Secret | None, *, environment: str | None, middleware: str | None,
    service: str | None,
) -> Changed:  # fmt: skip
    """Another password for a user."""
    now = present(project, environment)
    guard, old = _found(now, user, middleware, service)
    at = list_of(now, guard, user)
    password = given or random_text(PASSWORD_LENGTH)
    new = _line(user, password)
    users = [new if line == old else line for line in value_at(now.data, at)]
    # The line may be written for other middlewares, too. Where they share one by an alias, no candidate fits.
    places = re.finditer(re.escape(old), now.source)
    candidates = (f"{now.source[: at.start()]}{new}{now.source[at.end() :]}" for at in places)
    source = _must(now, guard, first_that_reads(candidates, SPEC_FILE, replaced(now.data, at, users)))
    return Changed(guard.name, checked_edit(now, source), password)


def removed(
    project: Path, user: str, *, environment: str | None, middleware: str | None, service: str | None
) -> Changed:
    """The spec without a user. Raises RefusedError for the last one: nobody could log in, and Traefik would drop it."""
    now = present(project, environment)
    guard, line = _found(now, user, middleware, service)
    if len(guard.users) == 1:
        raise RefusedError(
            f"{user} is the only user of `{guard.name}`: a basic-auth middleware without users is invalid",
            where=now.loaded.locate((*guard.path, "users")),
            hint="add another user first, or remove the middleware and its uses",
        )
    at = list_of(now, guard, user)
    if value_at(now.data, at) == [line]:
        raise RefusedError(
            f"{user} is the only user that `{path_text(at)}` has, and an empty list is invalid",
            where=now.loaded.locate((*guard.path, "users", guard.names.index(user))),
            hint="remove that key yourself",
        )
    source = _must(now, guard, without_item(now.text, SPEC_FILE, at, line))
    return Changed(guard.name, checked_edit(now, source))


def _found(now: Present, user: str, middleware: str | None, service: str | None) -> tuple[Guard, str]:
    try:
        guard = chosen(now, middleware, service)
    except UsageError as error:
        if hint := overlay_of(now, user, middleware):
            raise UsageError(error.problems[0].message, hint=hint) from None
        raise
    if guard is None:
        raise UsageError(f"`{service}` uses no basic-auth middleware", hint=overlay_of(now, user, middleware))
    line = guard.line_of(user)
    if line is None:
        raise RefusedError(
            f"there is no user {user} in `{guard.name}`",
            hint=overlay_of(now, user, guard.name)
            or did_you_mean(user, guard.names, f"`edgegen auth list{_option(now)}` shows who is there"),
        )
    return guard, line


def _option(now: Present) -> str:
    return f" -e {now.loaded.environment}" if now.loaded.environment else ""


def _line(user: str, password: Secret) -> str:
    with words_checked():
        return f"{user}:{bcrypt_hash(password)}"


def _with_guard(now: Present, guard: Guard, line: str) -> str:
    value = {"kind": "basic-auth", "users": [line]}
    new = of_value("middlewares", guard.name, value).block
    data = {**now.data, "middlewares": {**(now.data.get("middlewares") or {}), guard.name: value}}
    return _must(now, guard, first_that_reads(with_block(now.source, "middlewares", new), SPEC_FILE, data))


def _must(now: Present, guard: Guard, source: bytes | None) -> str:
    if source is None:
        raise SpecError(
            f"the users of `{guard.name}` can't be changed in this file: other places use the same lines (anchors, "
            "aliases)",
            where=now.loaded.locate(guard.path),
            hint="write the line yourself, as `htpasswd -nB USER` prints it",
        )
    return source.decode().removeprefix("\ufeff")


def listed(project: Path, environment: str | None) -> tuple[list[dict[str, Any]], list[str]]:
    """Every user of every basic-auth middleware, and the services that ask for the password; and the environments
    that have others."""
    now = present(project, environment)
    spec = now.loaded.spec
    rows = [
        {
            "middleware": guard.name,
            "user": name,
            "services": [item for item in spec.services if uses(spec, item, guard)],
        }
        for guard in guards(spec)
        for name in guard.names or [f"(in {guard.elsewhere})"]
    ]
    return rows, with_other_users(now)
