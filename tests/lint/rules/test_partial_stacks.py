"""An overlay without its base, or a file that extends a missing one: what is not here may be there."""

from __future__ import annotations

import pytest

from edgegen.core.finding import Outcome
from edgegen.lint.engine import lint
from tests.lint.support import found, project
from tests.lint.table import stack, traefik

LABELS = [
    ("EL004", "traefik.http.middlewares.auth.basicauth.usersfile=/users"),
    ("EL005", "traefik.http.routers.web.middlewares=auth"),
    ("EL006", "traefik.http.routers.web.service=other"),
    ("EL019", "traefik.http.routers.web.entrypoints=web"),
    ("EL019", "traefik.tcp.routers.web.entrypoints=web"),
    ("EL027", "traefik.http.routers.web.priority=5"),
    ("EL029", "traefik.http.routers.web.entrypoints=websecure"),
    ("EL030", "traefik.tcp.routers.web.rule=HostSNI(`a.test`)"),
    ("EL035", "traefik.http.middlewares.auth.basicauth.realm=x"),
    ("EL037", "traefik.http.middlewares.auth.forwardauth.address=http://sso"),
]


@pytest.mark.parametrize(("rule", "label"), LABELS)
def test_what_another_file_may_say_is_not_called_missing(rule: str, label: str) -> None:
    enable = "" if rule == "EL027" else "\n      - traefik.enable=true"
    text = (
        f"services:\n  web:\n    extends: {{file: base.yml, service: web}}\n    labels:{enable}\n      - {label}\n{{}}"
    )
    assert not failed(text.replace("{}", traefik()), rule), "the base is missing"
    whole = text.replace("extends: {file: base.yml, service: web}", "image: app:1").replace("{}", traefik())
    assert failed(whole, rule)


def test_nothing_is_said_of_a_port_that_the_base_may_give() -> None:
    """EL014 is never sure of it without a swarm: here it is silent, and with the whole service it is unknown."""
    text = stack("traefik.http.routers.web.rule=Host(`a.test`)")
    part = text.replace("image: app:1", "extends: {file: base.yml, service: web}")
    assert part != text
    assert found(project(part), "EL014") == []
    assert len(found(project(text), "EL014")) == 1


def failed(text: str, rule: str) -> list[str]:
    return [
        item.finding.message
        for item in lint(project(text))
        if item.finding.id == rule and item.finding.outcome is Outcome.FAIL
    ]
