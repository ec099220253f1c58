"""Which Traefik serves a service, and which others read its labels."""

from __future__ import annotations

from edgegen.deploy.swarm.services import ServiceSeen
from edgegen.explain.reason import Reason, Weight
from edgegen.explain.swarm.edges import constraint_reasons, edge_of, proxy_of
from edgegen.explain.swarm.insight import edge_reasons
from edgegen.explain.swarm.view import SwarmInside
from edgegen.verify.checks.check import Hop
from tests.explain.making import only, sentences
from tests.explain.swarm.making import CONSTRAINT, FLAGS, LABELS, api, edge, proxy, seen, task, tasks, wanted

OTHER = {"com.docker.stack.namespace": "hub"}
OPEN = tuple(flag for flag in FLAGS if "constraints" not in flag)


def hub(**changes: object) -> ServiceSeen:
    """Another stack's Traefik, with no constraint unless said."""
    return edge(**{"id": "hub", "name": "hub_traefik", "labels": OTHER, "args": OPEN, **changes})


def found(inside: SwarmInside) -> list[Reason]:
    return list(constraint_reasons(inside.service, inside.edge, inside.everything, wanted()))


def test_all_is_well() -> None:
    assert found(seen()) == []
    assert list(edge_reasons(seen(), wanted())) == []
    assert found(seen(service=None)) == []


def test_a_constraint_that_leaves_the_service_out() -> None:
    args = tuple(flag.replace("`shop`", "`hub`") for flag in FLAGS)
    reason = only(found(seen(edge=edge(args=args))))
    assert (reason.hop, reason.weight, reason.drops) == (Hop.ROUTER, Weight.CAUSE, True)
    assert (
        reason.sentence == f"shop_traefik does not see shop_api: its constraint is {CONSTRAINT.replace('shop', 'hub')}"
    )


def test_another_stacks_traefik_reads_the_labels_too() -> None:
    reason = only(found(seen(everything=(hub(),))))
    assert reason.weight is Weight.REMARK
    assert "hub_traefik reads the labels of shop_api too, besides shop_traefik" in reason.sentence
    assert reason.hint == "give hub_traefik a constraint: `Label(`com.docker.stack.namespace`,`hub`)`"


def test_another_stacks_traefik_with_its_own_constraint_is_no_matter() -> None:
    args = tuple(flag.replace("`shop`", "`hub`") for flag in FLAGS)
    assert found(seen(everything=(hub(args=args),))) == []


def test_no_constraint_matters_where_another_stack_has_routes() -> None:
    inside = seen(edge=edge(args=OPEN))
    assert found(inside) == []
    other = ServiceSeen("x", "hub_web", labels={**OTHER, **LABELS})
    reason = only(found(seen(edge=edge(args=OPEN), everything=(other,))))
    assert reason.sentence.startswith("shop_traefik has no constraint, so it reads the labels of every stack")


def test_which_traefik() -> None:
    everything = (hub(), edge(), api())
    assert edge_of(everything, "shop", api()) == edge()
    assert edge_of(everything, "hub", None) == hub()
    assert edge_of(everything, "", api()) == edge(), "the one of its own stack first"
    assert edge_of((hub(), api()), "", api()) == hub(), "else one that sees it"
    closed = tuple(flag.replace("`shop`", "`hub`") for flag in FLAGS)
    assert edge_of((hub(args=closed), api()), "", api()) is None
    assert edge_of((), "shop", None) is None


def test_which_socket_proxy() -> None:
    assert proxy_of((edge(), proxy()), edge()) == proxy()
    assert proxy_of((edge(), proxy(labels=OTHER)), edge()) is None
    assert proxy_of((proxy(),), edge(args=())) is None
    assert proxy_of((proxy(),), None) is None


def test_traefik_does_not_run() -> None:
    pending = task("edge", state="pending", node="", error="no suitable node (host-mode port already in use on 1 node)")
    reasons = list(edge_reasons(seen(tasks=(task(), pending, task("proxy"))), wanted()))
    assert [reason.hop for reason in reasons] == [Hop.TCP, Hop.TLS, Hop.ENTRYPOINT]
    (sentence,) = set(sentences(reasons))
    assert sentence == (
        "Traefik does not run: shop_traefik.1 is pending: no suitable node (host-mode port already in use on 1 node)"
    )


def test_no_traefik() -> None:
    reasons = list(edge_reasons(seen(edge=None, proxy=None), wanted()))
    assert {(reason.sentence, reason.hint) for reason in reasons} == {
        ("Traefik has no service", "`edgegen up` deploys it")
    }


def test_the_socket_proxy_does_not_run() -> None:
    failed = task("proxy", state="failed", desired="shutdown", error="task: non-zero exit (1)")
    reason = only(edge_reasons(seen(tasks=(task(), task("edge"), failed)), wanted()))
    assert (reason.hop, reason.drops) == (Hop.ROUTER, True)
    assert reason.sentence == (
        "Traefik's socket proxy does not run, so Traefik sees no services: shop_socket-proxy.1 is failed on one: task: "
        "non-zero exit (1)"
    )
    assert tasks(task())
