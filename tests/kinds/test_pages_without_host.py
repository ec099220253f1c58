"""Error pages of a container without a host: Traefik asks it by its name, and nobody else can."""

from __future__ import annotations

from typing import Any

import pytest

from edgegen.compose.model import plain
from edgegen.core.errors import SpecError
from edgegen.desired.build import Desired, build
from edgegen.spec.load import load_text

WEB = "web: {image: 'w:1', port: 80, host: www.x.test, middlewares: [%s]}"
IN_PLACE = "{kind: errors, status: [503], service: pages, query: /}"
PAGES = "pages: {image: 'p:1', port: 8080}"


def desired(*services: str, more: str = "") -> Desired:
    return build(load_text(f"name: a\n{more}services: {{{', '.join(services)}}}\n".encode()).spec)


def service(found: Desired, name: str) -> dict[str, Any]:
    return dict(plain(found.file.data())["services"][name])


@pytest.mark.parametrize(
    ("more", "use"), [("", IN_PLACE), (f"middlewares: {{sorry: {IN_PLACE}}}\n", "sorry")], ids=["in place", "by name"]
)
def test_it_is_on_the_edge_and_has_no_route(more: str, use: str) -> None:
    found = desired(WEB % use, PAGES, more=more)
    pages = service(found, "pages")
    assert pages["networks"] == ["edge", "default"]
    assert "labels" not in pages
    everything = str(plain(found.dynamic)) + str(service(found, "web"))
    assert "pages@file" in everything
    assert "pages@docker" not in everything
    files: dict[str, Any] = {}
    for data in found.dynamic.values():
        files |= dict(data.get("http", {}).get("services", {}))
    assert plain(files["pages"]) == {"loadBalancer": {"servers": [{"url": "http://pages:8080"}]}}


def test_a_host_makes_it_a_service_of_labels() -> None:
    found = desired(WEB % IN_PLACE, "pages: {image: 'p:1', port: 8080, host: p.x.test}")
    assert "pages@docker" in str(service(found, "web"))
    assert all("services" not in data.get("http", {}) for data in found.dynamic.values())


def test_nobody_asks_a_container_that_no_middleware_names() -> None:
    assert service(desired(WEB % "", PAGES), "pages").get("networks") in (None, [], ["default"])


def test_on_a_swarm_the_labels_of_traefik_say_it() -> None:
    found = desired(WEB % IN_PLACE, PAGES, more="target: swarm\n")
    assert "pages@swarm" in str(service(found, "web"))


@pytest.mark.parametrize(
    ("more", "pages"),
    [
        ("", "pages: {image: 'p:1'}"),
        ("", "pages: {image: 'p:1', port: 8443, scheme: https}"),
        ("", "pages: {kind: tcp, image: 'p:1', host: p.x.test, entrypoint: p, listen: 9, port: 9}"),
        ("edge: {use: other}\n", PAGES),
    ],
)
def test_what_can_t_be_asked_is_refused(more: str, pages: str) -> None:
    with pytest.raises(SpecError, match="there is no HTTP service `pages`"):
        load_text(f"name: a\n{more}services: {{{WEB % IN_PLACE}, {pages}}}\n".encode())
