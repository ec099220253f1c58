"""Constraints: what edgegen reads in them is what the real Traefik makes of them."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.traefik.constraints import lets_through, only_label
from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import running

PROJECT = "com.docker.compose.project"
CONTAINERS: dict[str, dict[str, str]] = {
    "shop": {PROJECT: "shop", "tier": "front"},
    "shop-two": {PROJECT: "shop-two"},
    "blog": {PROJECT: "blog", "tier": "front"},
    "none": {"tier": "back"},
    "empty": {PROJECT: ""},
}
READ = {
    "Label(`com.docker.compose.project`,`shop`)": {"shop"},
    "LabelRegex(`com.docker.compose.project`, `shop`)": {"shop", "shop-two"},
    "LabelRegex(`com.docker.compose.project`, `^$`)": {"none", "empty"},
    "!Label(`com.docker.compose.project`,`shop`)": {"shop-two", "blog", "none", "empty"},
    "Label(`tier`,`front`) && !Label(`com.docker.compose.project`,`blog`)": {"shop"},
    "Label(`tier`,`back`) || Label(`tier`,`front`) && Label(`com.docker.compose.project`,`blog`)": {"none", "blog"},
    "(Label(`tier`,`back`) || Label(`tier`,`front`)) && Label(`com.docker.compose.project`,`blog`)": {"blog"},
    'Label("tier", "back")': {"none"},
    "Label(`no.such.label`,``)": set(CONTAINERS),
    "": set(CONTAINERS),
}


@pytest.mark.parametrize("expression", READ)
def test_who_is_let_through(expression: str) -> None:
    assert {name for name, labels in CONTAINERS.items() if lets_through(expression, labels)} == READ[expression]


@pytest.mark.parametrize(
    "expression",
    [
        "Label(`a`)",
        "Label(`a`,`b`",
        "Label(`a`,`b`) &&",
        "Host(`a`)",
        "Label(a,b)",
        "Label(`a`,`b`) x",
        "&&",
        "!" * 999,
    ],
)
def test_what_cannot_be_read_is_no_answer(expression: str) -> None:
    assert lets_through(expression, {"a": "b"}) is None


def test_an_expression_that_a_name_would_end_is_refused() -> None:
    assert only_label("a", "b") == "Label(`a`,`b`)"
    with pytest.raises(ValueError, match="backtick"):
        only_label("a", "b`)||Label(`a`,`c")


@pytest.mark.lab
@pytest.mark.parametrize("expression", [expression for expression in READ if expression])
def test_traefik_itself_sees_the_same(expression: str) -> None:
    containers = [_container(name, labels) for name, labels in CONTAINERS.items()]
    # A file router would tell that the configuration is there; the provider's own word is as good: it always sees one.
    sentinel = {"none", "shop", "blog", "empty", "shop-two"} & READ[expression]
    flags = ["--providers.docker=true", f"--providers.docker.constraints={expression}"]
    with (
        FakeDockerApi(containers) as engine,
        running([*flags, f"--providers.docker.endpoint={engine.endpoint}"]) as traefik,
    ):
        data = traefik.until(lambda data: sentinel <= _seen(data))
    assert _seen(data) == READ[expression]


def _seen(data: dict[str, Any]) -> set[str]:
    return {name.partition("@")[0] for name in data.get("routers", {}) if name.endswith("@docker")}


def _container(name: str, labels: dict[str, str]) -> dict[str, Any]:
    own = {
        f"traefik.http.routers.{name}.rule": f"Host(`{name}.test`)",
        f"traefik.http.routers.{name}.service": name,
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }
    return {"name": name, "labels": {**labels, **own}, "networks": ["net"]}
