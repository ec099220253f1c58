"""A TLS router that gets Traefik's own certificate: what is caught, and what is not."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.lint.rules import el031_default_certificate as rule
from tests.lint.support import found, project
from tests.lint.table import USUAL, differences, stack, traefik
from tests.traefik.process import free_port, running

CAUGHT = [
    (
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.services.web.loadbalancer.server.port=80",
            "traefik.http.routers.web.tls=true",
        )
        + traefik(),
        ["7 low the router `web` has TLS and no `certresolver`: Traefik's own certificate serves it"],
    ),
    (  # seen on Traefik 3.7.15: its API then shows the router without the resolver of its entrypoint
        stack(
            "traefik.http.routers.web.rule=Host(`a.test`)",
            "traefik.http.routers.web.entrypoints=websecure",
            "traefik.http.routers.web.tls=true",
            "traefik.http.routers.b.rule=Host(`b.test`)",
        )
        + traefik("--entrypoints.websecure.http.tls.certresolver=le"),
        [
            "7 medium `tls` of the router `web` replaces that of its entrypoint with the resolver `le`: Traefik's own "
            "certificate serves it"
        ],
    ),
]
PASSED = [
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + "  b:\n    image: app:1\n    labels: ['traefik.http.routers.b.tls.domainsforeverything[0].main=*.test']\n"
    + traefik(),
    stack(  # EL001 says it
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolvers=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls.certresolver=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    ),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(usual=USUAL[:4]),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
    )
    + traefik("--entrypoints.websecure.http.tls.certresolver=le"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
        "traefik.http.routers.b.rule=Host(`a.test`) && Path(`/b`)",
        "traefik.http.routers.b.tls.certresolver=le",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.services.web.loadbalancer.server.port=80",
        "traefik.http.routers.web.tls=true",
        "traefik.http.routers.b.tls.domains[0].main=*.test",
    )
    + traefik(),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.entrypoints=websecure",
        "traefik.http.routers.web.tls=true",
        "traefik.http.routers.b.rule=Host(`a.test`) && Path(`/b`)",
        "traefik.http.routers.b.entrypoints=websecure",
    )
    + traefik("--entrypoints.websecure.http.tls.certresolver=le"),
    stack(
        "traefik.http.routers.web.rule=Host(`a.test`)",
        "traefik.http.routers.web.entrypoints=websecure",
        "traefik.http.routers.web.tls=true",
    )
    + traefik(
        "--entrypoints.websecure.http.tls.certresolver=le", "--entrypoints.websecure.http.tls.domains[0].main=*.test"
    ),
    stack("traefik.tcp.routers.b.rule=HostSNI(`a.test`)", "traefik.tcp.routers.b.tls.passthrough=true") + traefik(),
]


@pytest.mark.parametrize(("compose", "messages"), CAUGHT)
def test_it_is_found(compose: str, messages: list[str]) -> None:
    assert found(project(compose), "EL031") == messages


@pytest.mark.parametrize("compose", PASSED)
def test_it_is_not_found(compose: str) -> None:
    assert found(project(compose), "EL031") == []


def test_the_table_notices_a_fault_in_the_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule, "_lacks", lambda _: False)
    assert differences("EL031", CAUGHT, PASSED)


@pytest.mark.slow
def test_tls_of_a_router_replaces_that_of_its_entrypoint(tmp_path: Path) -> None:
    rule = {"rule": "Path(`/`)", "service": "noop@internal", "entryPoints": ["web"]}
    file = tmp_path / "dynamic.yml"
    file.write_text(yaml.safe_dump({"http": {"routers": {"own": {**rule, "tls": {}}, "inherited": rule}}}))
    resolver = "--certificatesresolvers.le.acme"
    flags = [f"--providers.file.filename={file}", "--entrypoints.web.http.tls.certresolver=le"]
    acme = [f"{resolver}.storage={tmp_path}/acme.json", f"{resolver}.tlschallenge=true"]
    nowhere = f"{resolver}.caserver=https://127.0.0.1:{free_port()}/directory"
    with running([*flags, *acme, nowhere]) as proxy:
        routers = proxy.until(lambda data: "own@file" in data.get("routers", {}))["routers"]
    assert routers["inherited@file"]["tls"]["certResolver"] == "le"
    assert "certResolver" not in routers["own@file"]["tls"]
