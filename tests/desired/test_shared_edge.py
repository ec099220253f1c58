"""What is rendered with `edge.use`: no edge of its own, and no name in Traefik that another project could have."""

from __future__ import annotations

import re
from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.desired.build import Desired, build
from edgegen.spec.load import load_text

SERVICES = b"""\
middlewares:
  site: {kind: chain, middlewares: [inner, secure-headers]}
  inner: {kind: chain, middlewares: [office]}
  office: {kind: ip-allow-list, source_range: [198.51.100.0/24]}
  sorry: {kind: errors, status: ["500-599"], service: web, query: /sorry}
services:
  web: {image: "nginx:1", port: 80, host: www.shop.test, aliases: [shop.test], middlewares: [site, {kind: compress}]}
  api: {image: "nginx:1", port: 80, host: api.shop.test, middlewares: [sorry]}
  registry: {kind: registry, host: r.shop.test, users: [ci]}
  db: {image: "postgres:16"}
"""


def desired(edge: bytes, services: bytes = SERVICES) -> Desired:
    return build(load_text(b"name: shop\nedge: " + edge + b"\n" + services).spec)


def compose(found: Desired) -> dict[str, Any]:
    return dict(plain(found.file.data()))


def labels(found: Desired) -> dict[str, str]:
    services = compose(found)["services"].values()
    return {key: str(value) for service in services for key, value in service.get("labels", {}).items()}


def test_no_traefik_and_nothing_of_it() -> None:
    found = desired(b"{use: shared}")
    assert set(compose(found)["services"]) == {"web", "api", "registry", "db"}
    assert found.dynamic == {}
    assert found.env_files[0].path == "secrets/registry.env"
    assert not any("socket" in name for name in compose(found)["networks"])


@pytest.mark.parametrize(("edge", "network"), [(b"{use: shared}", "shared_edge"), (b"{use: shared, network: x}", "x")])
def test_public_services_join_the_other_projects_network(edge: bytes, network: str) -> None:
    found = compose(desired(edge))
    assert found["networks"][network] == {"name": network, "external": True}
    for name in ("web", "api", "registry"):
        assert network in found["services"][name]["networks"]
        assert found["services"][name]["labels"]["traefik.docker.network"] == network
    assert "networks" not in found["services"]["db"]


def test_a_declared_network_keeps_its_real_name() -> None:
    declared = SERVICES + b"networks: {common: {external: true, name: shared_edge}}\n"
    found = desired(b"{use: shared, network: common}", declared)
    assert compose(found)["networks"]["common"]["name"] == "shared_edge"
    assert labels(found)["traefik.docker.network"] == "shared_edge"


def test_every_name_in_traefik_begins_with_the_project() -> None:
    found = labels(desired(b"{use: shared}"))
    names = {key.split(".")[3] for key in found if re.match(r"traefik\.http\.\w+\.", key)}
    assert len(names) > 12
    assert all(name.startswith("shop-") for name in names), names
    for key, value in found.items():
        if key.endswith((".middlewares", ".service")):
            for name in value.split(","):
                assert name.removesuffix("@docker").startswith("shop-"), (key, value)
                assert name.removesuffix("@docker") in names, (key, value)
    assert "@file" not in str(found)


def test_chains_are_followed_into_labels() -> None:
    web = compose(desired(b"{use: shared}"))["services"]["web"]["labels"]
    assert web["traefik.http.middlewares.shop-site.chain.middlewares"] == "shop-inner,shop-secure-headers"
    assert web["traefik.http.middlewares.shop-inner.chain.middlewares"] == "shop-office"
    assert web["traefik.http.middlewares.shop-office.ipallowlist.sourcerange"] == "198.51.100.0/24"
    # The chain says HSTS itself, by secure-headers.
    assert web["traefik.http.routers.shop-web-https.middlewares"] == "shop-site,shop-web-compress"


def test_an_edge_of_its_own_is_named_as_before() -> None:
    names = {key.split(".")[3] for key in labels(desired(b"{}")) if key.startswith("traefik.http.routers.")}
    assert "web-https" in names
    assert not any(name.startswith("shop-") for name in names)


def flags(edge: bytes) -> list[str]:
    return list(compose(desired(edge))["services"]["traefik"]["command"])


def test_traefik_sees_its_own_project_unless_it_serves_all() -> None:
    constraint = "--providers.docker.constraints=Label(`com.docker.compose.project`,`shop`)"
    assert constraint in flags(b"{}")
    assert constraint in flags(b"{serves: own}")
    assert not any("constraints" in flag for flag in flags(b"{serves: all}"))


def test_the_constraint_as_a_variable() -> None:
    """With the key of an external account all of Traefik's configuration is variables."""
    account = b"acme: {ca: zerossl, eab: {kid: k, hmac: {secret: h}}}\nsecrets: {h: {env: H}}\n"
    traefik = compose(desired(b"{}", account))["services"]["traefik"]
    assert "command" not in traefik
    variable = traefik["environment"]["TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS"]
    assert variable == "Label(`com.docker.compose.project`,`shop`)"
