"""Health checks that Docker takes, and that never pass."""

from __future__ import annotations

import pytest

from edgegen.core import health_command
from tests.lint.cases import Case, differences, module, with_fault

RULE = module(__name__)
ROUTED = "    labels: [traefik.enable=true, 'traefik.http.routers.web.rule=Host(`a.test`)']\n"
EDGE = "  edge: {image: 'traefik:v3.7', command: [--providers.docker]}\n"


def web(test: str, more: str = "") -> str:
    return f"services:\n  web:\n    image: app:1\n    healthcheck:\n      test: {test}\n{more}{EDGE}"


CASES = (
    Case(
        web('["CMD", "curl -f http://localhost/"]', ROUTED),
        [
            "5 high `CMD` looks for a program called `curl -f http://localhost/`: the container never becomes healthy",
        ],
    ),
    Case(web('["CMD", "pg_isready -U app"]'), ["5 medium `CMD` looks for a program called `pg_isready -U app`"]),
    Case(
        web("[CMD-SHELL, curl, -f, 'http://localhost/']", ROUTED),
        ["5 medium `CMD-SHELL` runs only `curl`, without the words after it"],
    ),
    Case(web("[CMD]"), ["5 medium the health check `CMD` has no command: the container never becomes healthy"]),
    Case(web('[CMD-SHELL, ""]'), ["5 medium the health check `CMD-SHELL` has no command: the container never"]),
    # They can pass.
    Case(web("[CMD, curl, -f, 'http://localhost/']", ROUTED)),
    Case(web("[CMD-SHELL, 'curl -f http://localhost/ || exit 1']", ROUTED)),
    Case(web("curl -f http://localhost/", ROUTED)),
    Case(web("[CMD, /healthcheck]", ROUTED)),
    Case(web("[CMD, sh, -c, 'curl -f http://localhost/']")),
    # There is none, or nobody can tell.
    Case(web("[NONE]", ROUTED)),
    Case(web('["CMD", "curl -f $URL"]', ROUTED)),
    Case(web('["CMD", "curl -f http://localhost/"]\n      disable: true', ROUTED)),
    Case(f"services:\n  web: {{image: 'app:1', healthcheck: {{interval: 5s}}}}\n{EDGE}"),
    # Compose refuses these itself.
    Case(web("[curl, -f, 'http://localhost/']")),
)


def test_the_table() -> None:
    assert differences(RULE, CASES) == []


def test_a_fault_in_the_rule_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    for right, wrong in (
        ('kind == "CMD" and len(words) == 1', 'kind == "CMD-SHELL" and len(words) == 1'),
        ("len(words) > 1", "len(words) > 9"),
        ('not "".join(words).strip()', "not words"),
    ):
        planted = with_fault(health_command, right, wrong)
        monkeypatch.setattr(RULE, "Fault", planted.Fault)
        monkeypatch.setattr(RULE, "fault_of", planted.fault_of)
        assert differences(RULE, CASES)
