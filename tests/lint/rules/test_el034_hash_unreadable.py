"""Users that Traefik can't read: what is caught, and what is not."""

from __future__ import annotations

import re

import pytest

from edgegen.lint.rules import el034_hash_unreadable as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack

CAUGHT = [
    (
        stack("traefik.http.middlewares.auth.basicauth.users=admin"),
        ["5 medium an entry of `auth` has no colon, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.users=admin", "traefik.http.routers.w.middlewares=auth"),
        ["5 high an entry of `auth` has no colon, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:secret"),
        ["5 medium the password of `a` in `auth` is not a hash that Traefik knows: nobody can log in with it"],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/,b:$$6$$x$$y"),
        ["5 medium the password of `b` in `auth` is not a hash that Traefik knows: nobody can log in with it"],
    ),
    (
        stack("traefik.http.middlewares.auth.digestauth.users=a:b", "traefik.http.routers.w.middlewares=auth"),
        ["5 high an entry of `auth` is not `name:realm:hash`, and Traefik disables every router that uses it"],
    ),
    (
        stack("traefik.http.middlewares.auth.digestauth.users=a:r:short"),
        ["5 medium the hash of `a` in `auth` is not 32 hexadecimal digits: nobody can log in"],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/"),
    stack(
        "traefik.http.middlewares.auth.basicauth.users=a:$$2y$$05$$ghZJqJbGB0DMFxFzkxOcpeWjFZPmHxsXu3NzsmaTUWZMJaXI54GHe"
    ),
    stack("traefik.http.middlewares.auth.basicauth.users=a:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="),
    stack("traefik.http.middlewares.auth.basicauth.users=${USERS}"),
    stack("traefik.http.middlewares.auth.digestauth.users=a:r:0123456789abcdef0123456789abcdef"),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL034") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL034") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_KNOWN", re.compile(".*"))
    assert differences("EL034", CAUGHT, PASSED)
