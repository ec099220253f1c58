"""A resolver that has no name to order for: what is caught, and what is not."""

from __future__ import annotations

import pytest

from edgegen.lint.rules import el110_resolver_without_host as rule
from tests.lint.edge_table import edge, said
from tests.lint.support import found, project
from tests.lint.table import differences, stack, traefik

ROUTER = "traefik.http.routers.web"
RESOLVER = f"{ROUTER}.tls.certresolver=le"
NONE = "`le` orders no certificate for `web`: its rule names no host"
OTHER = ("traefik.http.routers.other.rule=Host(`a.example.com`)", "traefik.http.routers.other.tls.certresolver=le")
BY_ENTRYPOINT = ("--entrypoints.websecure.http.tls.certresolver=le",)


def routed(rule_of: str, *more: str, flags: tuple[str, ...] = (), own: str = RESOLVER) -> str:
    """A router with a resolver in line 6, and its Traefik."""
    return stack(f"{ROUTER}.rule={rule_of}", own, *more) + traefik(*flags)


CAUGHT = [
    (routed("PathPrefix(`/api`)"), [f"6 medium {NONE}"]),
    (routed("HostRegexp(`^.+\\.example\\.com`)"), [f"6 medium {NONE}"]),
    (routed("HostRegexp(`{sub:[a-z]+}.example.com`)"), [f"6 medium {NONE}"]),
    (routed("PathPrefix(`/api`)", *OTHER), [f"6 low {NONE}"]),
    (
        stack("traefik.tcp.routers.web.rule=HostSNI(`*`)", "traefik.tcp.routers.web.tls.certresolver=le") + traefik(),
        ["6 medium every authority refuses the certificate for `*` that `le` orders for `web`"],
    ),
    (
        stack("traefik.tcp.routers.web.rule=ClientIP(`10.0.0.1`)", "traefik.tcp.routers.web.tls.certresolver=le"),
        [f"6 medium {NONE}"],
    ),
    # An entrypoint's domains are for routers without TLS of their own.
    (
        routed("PathPrefix(`/`)", flags=(*BY_ENTRYPOINT, "--entrypoints.websecure.http.tls.domains[0].main=a.example.com")),
        [f"6 low {NONE}"],
    ),
    (
        routed("PathPrefix(`/`)", own=f"{ROUTER}.entrypoints=websecure", flags=BY_ENTRYPOINT),
        [f"5 medium {NONE}"],
    ),
]  # fmt: skip
PASSED = [
    routed("Host(`a.example.com`) && PathPrefix(`/api`)"),
    routed("Host(`${HOST}`)"),
    routed("${RULE}"),
    routed("HostHeader(`a.example.com`)"),
    routed("Host(a.example.com)"),  # EL018: Traefik can't read it
    routed("PathPrefix(/api)"),
    routed("PathPrefix(`/api`)", f"{ROUTER}.tls.domains[0].main=a.example.com"),
    routed("PathPrefix(`/api`)", own=f"{ROUTER}.tls.certresolver=other"),  # EL009: there is no such resolver
    routed("PathPrefix(`/api`)", own=f"{ROUTER}.tls=true"),
    stack(RESOLVER) + traefik(),  # Traefik makes a rule from the container's name
    routed(
        "PathPrefix(`/`)",
        own=f"{ROUTER}.entrypoints=websecure",
        flags=(*BY_ENTRYPOINT, "--entrypoints.websecure.http.tls.domains[0].main=a.example.com"),
    ),
    routed("PathPrefix(`/`)", own=f"{ROUTER}.entrypoints=web", flags=BY_ENTRYPOINT),
    routed("PathPrefix(`/`)", f"{ROUTER}.tls=true", own=f"{ROUTER}.entrypoints=websecure", flags=BY_ENTRYPOINT),
    stack(
        "traefik.tcp.routers.web.rule=HostSNI(`*`)",
        "traefik.tcp.routers.web.tls.passthrough=true",
        "traefik.tcp.routers.web.tls.certresolver=le",
    )
    + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL110") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL110") == []


def test_a_dynamic_file() -> None:
    flags = (
        "--entrypoints.web.address=:80",
        "--providers.file.directory=/dyn",
        "--certificatesresolvers.le.acme.tlschallenge=true",
    )
    compose = edge(*flags, more="volumes: ['./dyn:/dyn']")
    text = "http: {routers: {web: {rule: 'PathPrefix(`/`)', service: noop@internal, tls: {certResolver: le}}}}"
    assert said("EL110", (compose, {"dyn/a.yml": text})) == [f"1 medium {NONE}"]


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_ANY", ())
    assert differences("EL110", CAUGHT, PASSED)
