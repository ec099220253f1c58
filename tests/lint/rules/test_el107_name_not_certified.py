"""A name that no public authority certifies: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el107_name_not_certified as rule
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

RESOLVER = "traefik.http.routers.web.tls.certresolver=le"
MESSAGE = "5 medium no public authority certifies `{}`: the order for the router `web` fails"


def routed(rule_of: str, *more: str, flag: str = "--certificatesresolvers.le.acme.email=a@b.c") -> str:
    """A router with a resolver, and its Traefik."""
    return stack(f"traefik.http.routers.web.rule={rule_of}", RESOLVER, *more) + traefik(flag)


CAUGHT = [
    (routed("Host(`nas.local`)"), [MESSAGE.format("nas.local")]),
    (routed("Host(`nas.acme-house.com`) || Host(`nas.lan`)"), [MESSAGE.format("nas.lan")]),
    (routed("Host(`nas`)"), [MESSAGE.format("nas")]),
    (routed("Host(`192.168.1.5`)"), [MESSAGE.format("192.168.1.5")]),
    (
        routed("Host(`a.home.arpa`)", flag="--certificatesresolvers.le.acme.caserver=https://acme-staging-v02.api.letsencrypt.org/directory"),
        [MESSAGE.format("a.home.arpa")],
    ),
]  # fmt: skip
PASSED = [
    routed("Host(`nas.acme-house.com`)"),
    routed("Host(`1.1.1.1`)"),
    routed("Host(`nas.local`)", "traefik.http.routers.web.tls.domains[0].main=acme-house.com"),
    routed("Host(`nas.local`)", flag="--certificatesresolvers.le.acme.caserver=https://ca.nas.local/acme"),
    routed("Host(`nas.local`)", flag="--certificatesresolvers.le.acme.caserver=${CA}"),
    routed("HostRegexp(`^.+\\.local`)"),
    routed("Host(`${HOST}`)"),
    stack("traefik.http.routers.web.rule=Host(`nas.local`)", RESOLVER),
    stack("traefik.http.routers.web.rule=Host(`nas.local`)", "traefik.http.routers.web.tls=true") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL107") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL107") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_is_public", lambda _: False)
    assert differences("EL107", CAUGHT, PASSED)
