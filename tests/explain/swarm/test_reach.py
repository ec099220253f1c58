"""Whether Traefik and a service meet on a network."""

from __future__ import annotations

from edgegen.explain.reason import Weight
from edgegen.explain.swarm.reach import network_reasons
from edgegen.verify.checks.check import Hop
from tests.explain.making import only
from tests.explain.swarm.making import KEYS, api, edge, labelled, seen, wanted


def test_all_is_well() -> None:
    assert list(network_reasons(seen(), wanted())) == []
    assert list(network_reasons(seen(service=edge()), wanted())) == []
    assert list(network_reasons(seen(edge=None), wanted())) == []


def test_no_common_network() -> None:
    reason = only(network_reasons(seen(service=api(networks=("n3",))), wanted()))
    assert (reason.hop, reason.weight, reason.where) == (Hop.SERVICE, Weight.CAUSE, KEYS["networks"])
    assert reason.sentence == (
        "shop_api is on no network of shop_traefik (shop_edge, shop_socket), so Traefik can't reach its tasks"
    )


def test_sent_to_a_network_that_traefik_is_not_on() -> None:
    service = labelled(traefik__swarm__network="shop_other")
    reason = only(network_reasons(seen(service=api(labels=service.labels, networks=("n1", "n3"))), wanted()))
    assert reason.weight is Weight.CAUSE
    assert reason.sentence == (
        "Traefik is not on `shop_other`, where the label `traefik.swarm.network` sends it for shop_api"
    )


def test_a_network_that_the_service_is_not_on() -> None:
    service = labelled(traefik__swarm__network="edge")
    alone = only(network_reasons(seen(service=service), wanted()))
    assert alone.weight is Weight.REMARK, "it has one network, and that is the right one"
    several = only(network_reasons(seen(service=api(labels=service.labels, networks=("n1", "n3"))), wanted()))
    assert several.weight is Weight.CAUSE
    assert several.sentence == (
        "the label `traefik.swarm.network` names the network `edge`, and shop_api is not on it: Traefik takes any of "
        "its networks"
    )


def test_traefiks_own_word_holds_where_the_service_says_nothing() -> None:
    service = labelled(traefik__swarm__network=None)
    assert list(network_reasons(seen(service=service), wanted())) == []
    args = ("--entrypoints.web.address=:80", "--providers.swarm.network=nope")
    reason = only(network_reasons(seen(service=service, edge=edge(args=args)), None))
    assert reason.sentence.startswith("Traefik's `--providers.swarm.network` names the network `nope`")
