"""A file of users that Traefik does not have: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el104_users_file_missing as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

RULE = "traefik.http.routers.web.rule=Host(`a.test`)"
USE = "traefik.http.routers.web.middlewares=auth"
FILE = "traefik.http.middlewares.auth.{}.usersfile={}"
SECRETS = "secrets: {users: {file: ./users}}\n"
MESSAGE = "nothing is mounted at `{}` into `traefik`, which reads it: Traefik disables every router that uses `auth`"


def guarded(path: str = "/run/secrets/users", kind: str = "basicauth", more: str = "", own: str = "") -> str:
    """A router with a file of users, and a Traefik with these mounts."""
    web = stack(RULE, USE, FILE.format(kind, path), more=own)
    return web + traefik("--providers.file.directory=/dyn", more=more) + SECRETS


CAUGHT = [
    (guarded(), [f"7 high {MESSAGE.format('/run/secrets/users')}"]),
    (guarded(own="secrets: [users]"), [f"7 high {MESSAGE.format('/run/secrets/users')}"]),
    (guarded(kind="digestauth"), [f"7 high {MESSAGE.format('/run/secrets/users')}"]),
    (guarded("/auth/users", more='volumes: ["./x:/other"]'), [f"7 high {MESSAGE.format('/auth/users')}"]),
    (guarded("auth/users", more='volumes: ["./x:/other"]'), [f"7 high {MESSAGE.format('auth/users')}"]),
    (
        stack(RULE, FILE.format("basicauth", "/users")) + traefik(),
        [f"6 medium {MESSAGE.format('/users')}"],
    ),
]
PASSED = [
    guarded(more="secrets: [users]"),
    guarded("/auth/users", more='volumes: ["./auth:/auth"]'),
    guarded("auth/users", more='volumes: ["auth:/auth"]'),
    guarded("/auth/users", more='volumes: ["$AUTH:/auth"]'),
    guarded(more='volumes: ["./x:$WHERE"]'),
    guarded(more="working_dir: /auth"),
    guarded(more="build: ."),
    guarded(more="volumes_from: [web]"),
    guarded("${FILE}"),
    guarded().replace("image: traefik:v3.7.15", "image: registry.example.com/traefik:v3.7.15"),
    stack(RULE, USE, FILE.format("basicauth", "/users")),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL104") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL104") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "holds_only_mounts", lambda _: False)
    assert differences("EL104", CAUGHT, PASSED)
