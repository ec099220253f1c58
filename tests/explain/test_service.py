"""What keeps Traefik from a container, or makes it answer as it should not."""

from __future__ import annotations

from edgegen.explain.reason import Reason, Weight
from edgegen.explain.service import service_reasons
from edgegen.verify.checks.check import Hop
from tests.explain.making import (
    API,
    DASHBOARD,
    HUB,
    REGISTRY,
    WEB,
    container,
    inside,
    only,
    traefik,
    wanted_of,
)


def reasons(host: str, **changes: object) -> list[Reason]:
    of = wanted_of(host)
    return list(service_reasons(inside(of, container(of, **changes)), of))


def test_as_wanted() -> None:
    for host in (API, REGISTRY, HUB, WEB):
        assert reasons(host) == []
    of = wanted_of(DASHBOARD)
    assert list(service_reasons(inside(of, traefik()), of)) == []


def test_no_network_in_common() -> None:
    found = reasons(API, networks={"shop_default": "172.21.0.2"})
    assert [(item.hop, item.weight) for item in found] == [(Hop.SERVICE, Weight.CAUSE), (Hop.SERVICE, Weight.REMARK)]
    assert "no network in common" in found[0].sentence
    assert "`shop_edge`" in found[1].sentence


def test_a_network_in_common_that_is_not_the_one_of_the_label() -> None:
    of = wanted_of(API)
    both = container(of, networks={"shop_edge": "172.20.0.2", "shop_more": "172.21.0.2"})
    found = only(service_reasons(inside(of, both, traefik=traefik(networks={"shop_more": "172.21.0.3"})), of))
    assert (found.hop, found.weight) == (Hop.SERVICE, Weight.CAUSE)
    assert "Traefik is not on `shop_edge`" in found.sentence


def test_an_anonymous_registry_among_others() -> None:
    networks = {"shop_hub-edge": "172.22.0.2", "shop_edge": "172.20.0.2"}
    found = only(reasons(HUB, networks=networks))
    assert found.weight is Weight.FAULT
    assert "shop-hub-1 is on `shop_edge` too" in found.sentence
    assert "without a password" in found.sentence
    assert reasons(REGISTRY, networks={"shop_edge": "172.20.0.2", "shop_more": "172.20.0.3"}) == []


def test_an_old_container_of_an_anonymous_registry() -> None:
    """Rendered anew and not started anew: Traefik and the registry are still on the edge's network."""
    labels = {**container(wanted_of(HUB)).labels, "traefik.docker.network": "shop_edge"}
    found = only(reasons(HUB, networks={"shop_edge": "172.20.0.2"}, labels=labels))
    assert (found.weight, "`shop_edge`" in found.sentence) == (Weight.FAULT, True)


def test_a_registry_without_its_passwords() -> None:
    found = only(reasons(REGISTRY, variables=frozenset({"REGISTRY_HTTP_HOST"})))
    assert found.weight is Weight.FAULT
    assert "REGISTRY_AUTH" in found.sentence
    assert "asks for no passwords" in found.sentence
    assert str(found.where) == "edge.yaml:9:12"


def test_other_variables_are_a_remark() -> None:
    found = only(reasons(WEB, variables=frozenset()))
    assert (found.weight, "COLOUR" in found.sentence, "blue" in found.sentence) == (Weight.REMARK, True, False)


def test_another_folder_in_place_of_the_users() -> None:
    found = only(reasons(REGISTRY, mounts={"/auth": "/srv/shop/nowhere", "/var/lib/registry": "shop_registry-data"}))
    assert found.weight is Weight.FAULT
    assert "/srv/shop/nowhere" in found.sentence
    assert "/srv/shop/registry" in found.sentence
    missing = only(reasons(WEB, mounts={}))
    assert (missing.weight, "has nothing at /pages" in missing.sentence) == (Weight.REMARK, True)


def test_a_folder_that_nobody_can_place() -> None:
    labels = {"com.docker.compose.service": "web"}
    assert reasons(WEB, mounts={}, labels=labels) == []


LOG = '{} time="…" level=warning msg="htpasswd is missing, provisioning with default user" user=docker\n'


def test_a_registry_that_made_a_user_of_its_own() -> None:
    of = wanted_of(REGISTRY)
    seen = inside(of, own_log=LOG.format("2026-01-01T00:00:00.000000001Z"))
    found = only(service_reasons(seen, of))
    assert (found.weight, "random password" in found.sentence) == (Weight.FAULT, True)
    old = inside(of, own_log=LOG.format("2025-12-31T23:59:59.999999999Z"))
    assert list(service_reasons(old, of)) == []


def test_without_a_spec() -> None:
    of = wanted_of(API)
    assert list(service_reasons(inside(of), None)) == []
    apart = inside(of, container(of, networks={"other": ""}))
    assert len(list(service_reasons(apart, None))) == 2
