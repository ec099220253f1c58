"""Labels of a service that a swarm's Traefik does not read, or misses."""

from __future__ import annotations

import pytest

from edgegen.explain.reason import Weight
from edgegen.explain.swarm.labels import are_elsewhere, placed_reasons
from edgegen.explain.wanted import Override
from edgegen.verify.checks.check import Hop
from tests.explain.making import only
from tests.explain.swarm.making import KEYS, LABELS, STACK, api, labelled, wanted

FILE = Override(
    "stack.yml",
    tuple(
        """\
services:
  # api: the one that is meant
  web:
    labels:
      traefik.enable: "true"
  api:
    deploy:
      labels:
        traefik.enable: "true"
    labels:
      # ours
      traefik.enable: "true"
networks:
  api:
    labels: {}
""".splitlines()
    ),
)


def test_all_is_well() -> None:
    assert list(placed_reasons(api(), wanted())) == []
    assert list(placed_reasons(None, wanted())) == []


def test_labels_under_the_container() -> None:
    service = api(labels=STACK, container_labels={**STACK, **LABELS})
    reason = only(placed_reasons(service, wanted(rendered=FILE)))
    assert (reason.hop, reason.weight, reason.drops) == (Hop.ROUTER, Weight.CAUSE, True)
    assert reason.sentence == (
        "the label `traefik.enable` and 15 more of shop_api is under `labels:`, so it is on the containers: on a "
        "swarm, Traefik only reads `deploy.labels`"
    )
    assert str(reason.where) == "stack.yml:12:7"
    assert reason.hint == "`edgegen up` restores what edge.yaml says"


def test_labels_in_both_places() -> None:
    reason = only(placed_reasons(api(container_labels=LABELS), None))
    assert (reason.weight, reason.drops, reason.where) == (Weight.REMARK, False, None)
    assert reason.hint == "move it to `deploy: {labels: …}`, then deploy the stack again"


def test_dockers_label() -> None:
    service = labelled(traefik__swarm__network=None, traefik__docker__network="shop_edge")
    reason = only(placed_reasons(service, wanted()))
    assert (reason.weight, reason.drops) == (Weight.REMARK, False)
    assert (
        "`traefik.docker.network` of shop_api is Docker's: on a swarm it is `traefik.swarm.network`" in reason.sentence
    )


def test_both_providers_labels() -> None:
    reason = only(placed_reasons(labelled(traefik__docker__network="shop_edge"), wanted()))
    assert (reason.weight, reason.drops) == (Weight.CAUSE, True)
    assert reason.sentence == (
        "shop_api has `traefik.docker.network` and `traefik.swarm.network`: Traefik drops a service that has both"
    )


@pytest.mark.parametrize("port", ["traefik.http.services.api.loadbalancer.server.port"])
def test_no_port(port: str) -> None:
    service = labelled(**{port.replace(".", "__"): None})
    reason = only(placed_reasons(service, wanted()))
    assert (reason.hop, reason.weight, reason.drops, reason.where) == (Hop.ROUTER, Weight.CAUSE, True, KEYS["port"])
    assert "has no label `traefik.http.services.NAME.loadbalancer.server.port`" in reason.sentence


def test_a_port_of_tcp_is_none_of_http() -> None:
    own = {"traefik.tcp.routers.db.rule": "HostSNI(`*`)", "traefik.tcp.services.db.loadbalancer.server.port": "5432"}
    service = api(labels={**LABELS, **own})
    assert list(placed_reasons(service, wanted())) == []
    lost = {name: value for name, value in {**LABELS, **own}.items() if not name.startswith("traefik.http.services")}
    assert "traefik.http.services" in only(placed_reasons(api(labels=lost), wanted())).sentence


def test_a_service_that_traefik_does_not_look_at_needs_no_port() -> None:
    service = api(labels={name: value for name, value in LABELS.items() if "routers" in name})
    assert list(placed_reasons(service, wanted())) == []


def test_both_providers_labels_in_an_edited_file() -> None:
    edited = Override(
        "stack.yml", ("services:", "  api:", "    deploy:", "      labels:", "        traefik.docker.network: x")
    )
    reason = only(placed_reasons(labelled(traefik__docker__network="x"), wanted(rendered=edited)))
    assert str(reason.where) == "stack.yml:5:9"


def test_what_is_elsewhere_is_not_also_missing() -> None:
    assert are_elsewhere(api(labels=STACK, container_labels=LABELS))
    assert not are_elsewhere(api(container_labels=LABELS))
    assert not are_elsewhere(None)


def test_a_file_that_is_right_is_not_blamed() -> None:
    right = Override("stack.yml", ("services:", "  api:", "    deploy:", "      labels:", "        traefik.enable: x"))
    service = api(labels=STACK, container_labels=LABELS)
    assert only(placed_reasons(service, wanted(rendered=right))).where == wanted().where
