"""What is said of a label: its word, what was meant, what Traefik does. `test_real_labels.py` asks the real one."""

from __future__ import annotations

import pytest

from edgegen.traefik.go_values import is_flag
from edgegen.traefik.label_words import Effect, faults

PLANTED = {
    "traefik.http.routers.web.tls.certresolvers": ("certresolvers", "certresolver", True),
    "traefik.http.router.web.rule": ("router", "routers", True),
    "traefik.http.service.web.loadbalancer.server.port": ("service", "services", True),
    "traefik.http.services.web.loadbalancer.server.prot": ("prot", "port", True),
    "traefik.http.services.web.loadbalancr.server.port": ("loadbalancr", "loadbalancer", True),
    "traefik.http.middlewares.m.hedaers.stsseconds": ("hedaers", "headers", True),
    "traefik.http.middlewares.m.inflightconn.amount": ("inflightconn", "inflightreq", True),
    "traefik.http.routers.web.tls.passthrough": ("passthrough", "", True),
    "traefik.docker.networks": ("networks", "network", True),
    "traefik.tcp.routrs.x.rule": ("routrs", "routers", True),
    "traefik.udp.routers.x.rule": ("rule", "", True),
    "Traefik.enable": ("Traefik", "traefik", True),
    "traefik.htpp.routers.web.rule": ("htpp", "http", False),
    "traefik.enabel": ("enabel", "enable", False),
    "traefik.dokcer.network": ("dokcer", "docker", False),
    "traefik.foo.bar": ("foo", "", False),
}


@pytest.mark.parametrize("label", PLANTED)
def test_planted_words(label: str) -> None:
    word, near, drops = PLANTED[label]
    meant = label.replace(word, near) if near else ""
    (fault,) = faults({label: "true"})
    assert (fault.label, fault.word, fault.meant, fault.drops_container) == (label, word, meant, drops)


def test_what_was_meant() -> None:
    (found,) = faults({"traefik.http.routers.certresolvers-x.tls.certresolvers": "le"})
    assert found.meant == "traefik.http.routers.certresolvers-x.tls.certresolver"


@pytest.mark.parametrize(
    "label",
    ["com.docker.compose.project", "maintainer", "org.opencontainers.image.source", "", "a.b", "traefik",
     "traefik.enable", "traefik.http.routers.WEB.Tls.CertResolver", "traefik.http.routers.web.tls.domains[0].main",
     "traefik.http.middlewares.m.plugin.whatever.it.says", "traefik.constraint-label"],
)  # fmt: skip
def test_what_is_right_or_not_traefiks(label: str) -> None:
    assert faults({label: "true"}) == []


def test_every_label_with_a_fault_is_told_once_and_in_order() -> None:
    labels = {"traefik.htpp.a": "1", "traefik.enable": "yes", "traefik.http.routers.a.tls.resolver": "le", "b": "c"}
    assert [fault.label for fault in faults(labels)] == [name for name in labels if name != "b"]


def test_a_switch_that_is_off_switches_off_what_is_below_it() -> None:
    labels = {"traefik.http.routers.a.tls": "no", "traefik.http.routers.a.tls.certresolver": "le"}
    assert [fault.effect for fault in faults(labels)] == [Effect.OFF, Effect.OFF]


def test_a_huge_label_is_read_in_no_time() -> None:
    labels = {"traefik.http." + "a." * 5000 + "b": "1", "traefik.http.routers.a.priority": "9" * 100_000}
    assert len(faults(labels)) == 2


@pytest.mark.parametrize("text", ["true", "T", "0", "False"])
def test_flags(text: str) -> None:
    assert is_flag(text)
