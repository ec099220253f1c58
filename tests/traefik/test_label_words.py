"""Words of labels: what a real Traefik takes and drops, and what is called misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from edgegen.traefik.label_words import _GRAMMAR, Misspelt, misspelt
from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import running

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
    assert list(misspelt([label])) == [Misspelt(label, word, meant, drops)]


def test_what_was_meant() -> None:
    (found,) = misspelt(["traefik.http.routers.certresolvers-x.tls.certresolvers"])
    assert found.meant == "traefik.http.routers.certresolvers-x.tls.certresolver"


@pytest.mark.parametrize(
    "label",
    ["com.docker.compose.project", "maintainer", "org.opencontainers.image.source", "", "a.b", "traefik",
     "traefik.enable", "traefik.http.routers.WEB.Tls.CertResolver", "traefik.http.routers.web.tls.domains[0].main",
     "traefik.http.routers.web", "traefik.http.middlewares.m.plugin.whatever.it.says"],
)  # fmt: skip
def test_what_is_right_or_not_traefiks(label: str) -> None:
    assert list(misspelt([label])) == []


def paths(level: Mapping[str, Any], before: str = "") -> Iterator[str]:
    """Every label that the grammar knows, `x` for names."""
    for word, below in level.items():
        here = f"{before}.{'x' if word == '*' else word}".lstrip(".")
        yield from paths(below, here) if below else [here]


def container(name: str, label: str) -> dict[str, Any]:
    labels = {"traefik.enable": "true", "traefik.http.services.own.loadbalancer.server.port": "80", label: "1"}
    return {"name": name, "labels": labels, "networks": ["net"]}


@pytest.mark.lab
def test_traefik_itself_knows_and_drops_the_same() -> None:
    known = list(paths(_GRAMMAR))
    assert len(known) > 70
    labels = [*known, *PLANTED]
    expected = {label for label, (_, _, drops) in PLANTED.items() if drops}
    containers = [container(f"c{number}", label) for number, label in enumerate(labels)]
    flags = ["--providers.docker=true", "--providers.docker.exposedbydefault=false"]
    with (
        FakeDockerApi(containers) as api,
        running([*flags, f"--providers.docker.endpoint={api.endpoint}"]) as traefik,
    ):
        traefik.until(lambda data: "own@docker" in data.get("services", {}))
        with traefik.grew:
            traefik.grew.wait_for(lambda: len(complaints(traefik.log)) >= len(expected), 5)
    dropped = {
        label for number, label in enumerate(labels) for line in complaints(traefik.log) if _is_about(line, number)
    }
    assert dropped == expected


def complaints(log: list[str]) -> list[str]:
    return [line for line in log if "field not found" in line or "invalid label root" in line]


def _is_about(line: str, number: int) -> bool:
    return f"container=c{number}-" in line or f"container c{number} " in line
