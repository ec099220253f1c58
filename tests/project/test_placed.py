"""A complaint about a rendered file, at the line of edge.yaml that asked for it."""

from __future__ import annotations

import pytest

from edgegen.core.errors import Problem, SpecError
from edgegen.project.placed import placed
from edgegen.spec.load import load_text

SPEC = b"""\
name: a
target: swarm
services:
  web:
    image: "w:1"
    deploy: {replicas: 2}
    extra: {ports: [{target: 80, published: "80"}], deploy: {job: 1}}
edge: {extra: {runtime: runc}}
extra:
  services:
    web: {gpus: all}
    other: {image: "o:1", uts: host}
  include: [b.yml]
networks: {back: {internal: true}}
"""


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("services.web.ports.0.published", "edge.yaml:7:45 services.web.extra.ports[0].published"),
        ("services.web.deploy.job", "edge.yaml:7:67 services.web.extra.deploy.job"),
        ("services.web.deploy.replicas", "edge.yaml:6:24 services.web.deploy.replicas"),
        ("services.web.gpus", "edge.yaml:11:17 extra.services.web.gpus"),
        ("services.other.uts", "edge.yaml:12:32 extra.services.other.uts"),
        ("services.traefik.runtime", "edge.yaml:8:25 edge.extra.runtime"),
        ("services.traefik.command", "services.traefik.command"),
        ("networks.back.internal", "edge.yaml:14:29 networks.back.internal"),
        ("networks.none.internal", "networks.none.internal"),
        ("include", "edge.yaml:13:12 extra.include"),
        ("services.web", "edge.yaml:5:5 services.web"),
    ],
)
def test_the_line_that_says_it(path: str, place: str) -> None:
    with pytest.raises(SpecError) as caught, placed(load_text(SPEC)):
        raise SpecError(Problem("docker says no", path=path))
    assert str(caught.value.problems[0]) == f"{place}: docker says no"
