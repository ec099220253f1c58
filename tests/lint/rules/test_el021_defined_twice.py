"""One name with two meanings: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el021_defined_twice as rule
from tests.lint.cases import Case
from tests.lint.cases import differences as case_differences
from tests.lint.support import found, project
from tests.lint.table import differences, service, stack, traefik

CAUGHT = [
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service(
            "two",
            "traefik.http.routers.web.rule=Host(`b.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
        ),
        ["12 high the router `web` is also in the labels of `web`, with other options: Traefik drops both"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service("two", "traefik.http.routers.web.rule=Host(`a.test`)"),
        ["12 high the router `web` is also in the labels of `web`, with other options: Traefik drops both"],
    ),
    (
        stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
        + service("two", "traefik.http.services.web.loadbalancer.passhostheader=false"),
        [
            "12 high the service `web` is also in the labels of `web`, with other options: Traefik drops both, and disables every router that leads to them"
        ],
    ),
    (
        stack("traefik.http.middlewares.a.compress=true")
        + service("two", "traefik.http.middlewares.a.addprefix.prefix=/x"),
        [
            "11 high the middleware `a` is also in the labels of `web`, with other options: Traefik drops both, and disables every router that uses them"
        ],
    ),
]
PASSED = [
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service(
        "two", "traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80"
    ),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service(
        "two", "traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=81"
    ),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service("two", "traefik.http.routers.two.rule=Host(`b.test`)"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="profiles: [a]",
    )
    + service(
        "two",
        "traefik.http.routers.web.rule=Host(`b.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        more="profiles: [b]",
    ),
    stack("traefik.http.middlewares.a.basicauth.removeheader=1")
    + service("two", "traefik.http.middlewares.a.basicauth.removeheader=true"),
    stack("traefik.http.routers.web.rule=Host(`a.test`)", "traefik.http.services.web.loadbalancer.server.port=80")
    + service(
        "two", "traefik.http.routers.web.rule=Host(`${B}`)", "traefik.http.services.web.loadbalancer.server.port=80"
    ),
]


FOLDER = "services:\n" + traefik("--providers.file.directory=/rules", more='volumes: ["./rules:/rules:ro"]')
A = "http: {middlewares: {login: {basicAuth: {usersFile: /a}}}}\n"
B = "http:\n  middlewares:\n    login:\n      basicAuth: {usersFile: /b}\n"
PASSED_OVER = (
    "the middleware `login` is also in rules/a.yml, with other options: Traefik takes that one, whose name comes "
    "first, and passes over this one"
)
CASES = [
    Case(FOLDER, (f"3 medium {PASSED_OVER}",), files={"rules/b.yml": B, "rules/a.yml": A}),
    Case(FOLDER, (f"3 medium {PASSED_OVER}",), files={"rules/b/0.yml": B, "rules/a.yml": A}),
    Case(FOLDER, files={"rules/b.yml": A, "rules/a.yml": A}),
    Case(FOLDER, files={"rules/b.yml": B.replace("login", "other"), "rules/a.yml": A}),
    Case(FOLDER, files={"rules/b.yml": B.replace("http", "tcp"), "rules/a.yml": A}),
    Case(FOLDER.replace("directory=/rules", "filename=/rules/a.yml"), files={"rules/b.yml": B, "rules/a.yml": A}),
]


@pytest.mark.parametrize("case", CASES)
def test_files(case: Case) -> None:
    assert case_differences(rule, [case]) == []


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL021") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL021") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_content", lambda *_: {})
    assert differences("EL021", CAUGHT, PASSED)
