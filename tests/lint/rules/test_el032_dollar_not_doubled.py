"""A hash whose dollar signs Compose takes for variables: what is caught, and what is not."""

from __future__ import annotations

import re

import pytest

from edgegen.lint.fixing import patch
from edgegen.lint.rules import el032_dollar_not_doubled as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, swarm

CAUGHT = [
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$apr1$ruca84Hq$mbjdMZBAG.KWn7vfN/SNK/"),
        [
            "5 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
    (
        stack("traefik.http.middlewares.auth.basicauth.users=a:$2y$05$abc"),
        [
            "5 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
]
PASSED = [
    stack("traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/"),
    stack("traefik.http.middlewares.auth.basicauth.users=${USERS}"),
    stack("traefik.http.routers.web.rule=HostRegexp(`^a$`)"),
]
PORT = "traefik.http.services.web.loadbalancer.server.port=80"
USERS = "traefik.http.middlewares.auth.basicauth.users="
AS_IT_IS = "`docker stack` takes a default as it is: the hash of `{}` arrives with `$$`, and nobody can log in"
CAUGHT += [
    (
        stack(f"{USERS}a:${{HASH:-$2y$05$abcdef}}"),
        [
            "5 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
    (
        swarm(f"{USERS}a:${{HASH:-$$2y$$05$$abcdef}}", PORT),
        [f"6 medium {AS_IT_IS.format(USERS[:-1])}"],
    ),
    (
        swarm(PORT, more='environment: ["HASH=${HASH-$$apr1$$ruca84Hq$$mbjd}"]'),
        [f"8 medium {AS_IT_IS.format('HASH')}"],
    ),
    (
        swarm(f"{USERS}${{NAME:-a}}:$2y$05$abcdef", PORT),
        [
            "6 high Compose takes the `$` in the hash of `traefik.http.middlewares.auth.basicauth.users` for variables, and Traefik gets a broken hash"
        ],
    ),
]
PASSED += [
    swarm(f"{USERS}${{NAME:-a}}:${{HASH:-$2y$05$abcdef}}", PORT),
    swarm(f"{USERS}a:${{HASH-$apr1$ruca84Hq$mbjd}}", PORT),
    swarm(PORT, more='environment: ["HASH=${HASH:-$2y$05$abcdef}"]'),
    swarm(f"{USERS}${{NAME:-a}}:$$2y$$05$$abcdef", PORT),
    stack(f"{USERS}a:${{HASH:-$$2y$$05$$abcdef}}"),
]


ARGON = "$argon2id$v=19$m=65540,t=3,p=4$bXBGMENBZUVzT3U$T9m73OdD2mz9"
HASH = "4 high Compose takes the `$` in the hash of `{}` for variables, and the container gets a broken hash"
LEFT = "{} high Compose takes the `$` in the hash of `{}` for variables, and a broken hash is left"
PART = "{} medium Compose takes a `$` in the value of `{}` for a variable, which has no value: that part is lost"
HELD = "services:\n  web:\n    environment:\n      {}\n    image: app:1\n"
ENVIRONMENTS = [
    (f"ADMIN_TOKEN: {ARGON}", [HASH.format("ADMIN_TOKEN")]),
    (f"- ADMIN_TOKEN={ARGON}", [HASH.format("ADMIN_TOKEN")]),
    ("PASSWORD_HASH: $2a$12$hBCoykrB95WSzuV4fafBzO", [HASH.format("PASSWORD_HASH")]),
    ("- DB_PASS=p4ss$word", [PART.format(4, "DB_PASS")]),
    ("DB_PASS: $wordp4ss!", [PART.format(4, "DB_PASS")]),
    ("PASSWORD_HASH: $2a$12$.BCoykrB95WSzuV4fafBzO", []),
    (f"ADMIN_TOKEN: {ARGON.replace('$', '$$')}", []),
    ("DB_PASS: p4ss$$word", []),
    ("DB_PASS: $OTHER_PASS", []),
    ("DB_PASS: $other", []),
    ("DB_PASS: ${OTHER_PASS}", []),
    ("API_TOKEN: Bearer $OTHER", []),
    ("DATA: x$ROOT", []),
]
ENV_FILES = [
    (f"A={ARGON}\n", [LEFT.format(1, "A")], f"A='{ARGON}'\n"),
    (f'# why\nA="{ARGON}" # why\n', [LEFT.format(2, "A")], f"# why\nA='{ARGON}' # why\n"),
    ("export A=a:$apr1$ruca84Hq$mbjd\r\nB=1\r\n", [LEFT.format(1, "A")], "export A='a:$apr1$ruca84Hq$mbjd'\r\nB=1\r\n"),
    (f"A={ARGON}'\n", [LEFT.format(1, "A")], None),
    ("DB_PASS=p4ss$word\n", [PART.format(1, "DB_PASS")], None),
    (f"A='{ARGON}'\n", [], None),
    ("word=x\nDB_PASS=p4ss$word\n", [], None),
    ("DB_PASS=p4ss$$word\nDATA=$ROOT/data\n", [], None),
    ("DB_PASS=$OTHER\n", [], None),
]


@pytest.mark.parametrize(("line", "messages"), ENVIRONMENTS)
def test_variables(line: str, messages: list[str]) -> None:
    item = project(HELD.format(line))
    assert found(item, "EL032") == messages
    if messages:
        assert not item.gaps, "a part of a secret is not the name of a variable"


@pytest.mark.parametrize(("text", "messages", "fixed"), ENV_FILES)
@pytest.mark.parametrize("key", ["", "env_file", "label_file"])
def test_env_files(key: str, text: str, messages: list[str], fixed: str | None) -> None:
    name = f"web.{key}" if key else ".env"
    compose = f"services:\n  web:\n    image: app:1\n{f'    {key}: {name}' if key else ''}\n"
    item = project(compose, files={name: text})
    assert found(item, "EL032") == messages
    fixes = patch((one.fix for one in rule.check(item) if one.fix), lambda file: file.name)
    assert fixes.text(f"site/{name}" if f"site/{name}" in fixes.edits else name, text) == (fixed or text)


def test_a_swarm_takes_an_env_file_as_it_is() -> None:
    compose = swarm("traefik.http.services.web.loadbalancer.server.port=80", more="env_file: web.env")
    assert found(project(compose, files={"web.env": f"A={ARGON}\n", ".env": f"A={ARGON}\n"}), "EL032") == []


def test_the_hash_of_a_label_file_is_doubled_there_or_not() -> None:
    label = "traefik.http.middlewares.auth.basicauth.users=a:$$apr1$$ruca84Hq$$mbjdMZBAG.KWn7vfN/SNK/\n"
    assert found(project("services: {web: {image: a, label_file: l}}\n", files={"l": label}), "EL032") == []


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL032") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL032") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "HASH", re.compile("nothing"))
    assert differences("EL032", CAUGHT, PASSED)
