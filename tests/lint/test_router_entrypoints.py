"""The entrypoints that a router is on: those that it names, or the ones that Traefik gives to routers without any."""

from __future__ import annotations

import pytest

from edgegen.lint.edge import edge_of
from edgegen.lint.statics import may_meet, router_entrypoints
from tests.lint.support import project
from tests.lint.table import stack, traefik

UDP = "--entrypoints.game.address=:7777/udp"


@pytest.mark.parametrize(
    ("labels", "flags", "expected"),
    [
        (["traefik.http.routers.a.entrypoints=web"], [], ("web",)),
        (["traefik.http.routers.a.entrypoints=Web,nowhere"], [], ("Web", "nowhere")),
        ([], [], ("web", "websecure")),
        ([], ["--entrypoints.traefik.address=:9000", UDP], ("web", "websecure")),
        ([], ["--entrypoints.websecure.asdefault=true"], ("websecure",)),
        ([], ["--entrypoints.websecure.asdefault=false"], ("web", "websecure")),
        (["traefik.http.routers.a.entrypoints=web"], ["--entrypoints.websecure.asdefault=true"], ("web",)),
    ],
)
def test_a_router_is_on_them(labels: list[str], flags: list[str], expected: tuple[str, ...]) -> None:
    edge = edge_of(project(stack("traefik.http.routers.a.rule=Host(`a.test`)", *labels) + traefik(*flags)))
    (router,) = edge.of("routers")
    assert router_entrypoints(edge.traefik, router) == expected


def test_two_may_meet_where_nobody_knows_the_default_ones() -> None:
    edge = edge_of(
        project(stack("traefik.http.routers.a.entrypoints=web", "traefik.http.routers.b.rule=Host(`a.test`)"))
    )
    assert may_meet(edge.traefik, *edge.of("routers"))
