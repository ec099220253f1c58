"""Each target has its own sight, and a host without a spec is looked for where it runs."""

from __future__ import annotations

import pytest

from edgegen.explain.of_containers import OfContainers
from edgegen.explain.swarm.insight import OfServices
from edgegen.project.sights import SIGHTS, Asked, sight_of
from edgegen.project.sights.compose import ComposeSight
from edgegen.project.sights.swarm import SwarmSight
from edgegen.target_names import TARGETS
from tests.fakes import swarm
from tests.fakes.swarm import FakeSwarm

RULE = {"traefik.enable": "true", "traefik.http.routers.a.rule": "Host(`www.example.com`)"}


def test_every_target_has_one() -> None:
    assert set(SIGHTS) == set(TARGETS)
    assert isinstance(sight_of("compose", Asked(FakeSwarm())), ComposeSight)
    assert isinstance(sight_of("swarm", Asked(FakeSwarm())), SwarmSight)
    assert isinstance(sight_of("a-toy", Asked(FakeSwarm())), ComposeSight)


@pytest.mark.parametrize(
    ("engine", "kind"),
    [
        (FakeSwarm(nodes=[swarm.node()], services=[swarm.service("app", labels=RULE)]), OfServices),
        (FakeSwarm(nodes=[swarm.node()], services=[swarm.service("app", container_labels=RULE)]), OfServices),
        (FakeSwarm(nodes=[swarm.node()], services=[swarm.service("app")]), OfContainers),
        (FakeSwarm(is_manager=False), OfContainers),
    ],
)
def test_a_host_without_a_spec(engine: FakeSwarm, kind: type) -> None:
    """On a manager a service may have it, even where its labels are in the wrong place."""
    found = sight_of("compose", Asked(engine)).look_inside("www.example.com", None)
    assert isinstance(found, kind)
