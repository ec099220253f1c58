"""URLs of Traefik's files that name a service which Traefik can't reach."""

from __future__ import annotations

import pytest

from edgegen.rules import service_off_the_edge
from tests.rules.conftest import Said, said

OUT = 'out: {kind: external, host: o.x.test, url: "http://in:9001"}'
AUTH = "middlewares: {a: {kind: forward-auth, address: 'http://in:9000/verify'}}\n"
NETWORKS = "networks: {backend: {}}\n"
BROKEN = [
    (f"services: {{in: {{image: i}}, {OUT}}}\n", "services.out.url", False),
    (f"{NETWORKS}services: {{in: {{image: i, networks: [backend]}}, {OUT}}}\n", "services.out.url", False),
    (f"{AUTH}services: {{in: {{image: i}}, w: {{image: i, host: w.x.test, port: 1, middlewares: [a]}}}}\n",
     "middlewares.a.address", False),
    ("services: {in: {image: i}, w: {image: i, host: w.x.test, port: 1, "
     "middlewares: [{kind: forward-auth, address: 'http://in/'}]}}\n", "services.w.middlewares[0].address", False),
    ('target: swarm\nservices: {o: {kind: external, host: o.x.test, url: "http://host.docker.internal:8123"}}\n',
     "services.o.url", True),
    ('edge: {extra: {extra_hosts: ["a:192.0.2.1"]}}\n'
     'services: {o: {kind: external, host: o.x.test, url: "http://Host.docker.internal:8123"}}\n',
     "services.o.url", False),
]  # fmt: skip
NEAR_MISSES = [
    'edge: {extra: {extra_hosts: ["host.docker.internal:192.0.2.1"]}}\n'
    'services: {o: {kind: external, host: o.x.test, url: "http://host.docker.internal:8123"}}\n',
    'edge: {extra: {extra_hosts: ["a:192.0.2.1"]}}\n'
    'services: {o: {kind: external, host: o.x.test, url: "http://192.0.2.1:8123"}}\n',
    f"services: {{in: {{image: i, host: in.x.test, port: 1}}, {OUT}}}\n",
    f"{NETWORKS}services: {{in: {{image: i, host: in.x.test, port: 1, networks: [backend]}}, {OUT}}}\n",
    f"services: {{in: {{image: i, networks: [edge, default]}}, {OUT}}}\n",
    f"edge: {{network: backend}}\n{NETWORKS}services: {{in: {{image: i, networks: [backend]}}, {OUT}}}\n",
    f"services: {{in: {{image: i, extra: {{networks: [edge]}}}}, {OUT}}}\n",
    f"extra: {{services: {{in: {{networks: [edge]}}}}}}\nservices: {{in: {{image: i}}, {OUT}}}\n",
    f"edge: {{extra: {{networks: [edge, socket, default]}}}}\nservices: {{in: {{image: i}}, {OUT}}}\n",
    f"services: {{other: {{image: i}}, {OUT}}}\n",
    'services: {o: {kind: external, host: o.x.test, url: "http://host.docker.internal:8123"}}\n',
    "services: {in: {image: i}, o: {kind: external, host: o.x.test, url: 'http://in.example.com'}}\n",
    AUTH + "services: {in: {image: i, host: in.x.test, port: 1}}\n",
]


@pytest.mark.parametrize(("text", "path", "refused"), BROKEN)
def test_broken(text: str, path: str, *, refused: bool) -> None:
    found = said(service_off_the_edge, text)
    assert [(item.path, item.refused) for item in found] == [(path, refused)]
    assert found[0].line > 0


@pytest.mark.parametrize("text", NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert said(service_off_the_edge, text) == list[Said]()


@pytest.mark.parametrize(
    ("networks", "expected"),
    [("", "write `networks: [edge, default]` under `in`"), (", networks: [backend]", "[edge, backend]` under `in`")],
)
def test_the_hint_keeps_the_networks_that_it_has(networks: str, expected: str) -> None:
    from edgegen.spec.load import load_text

    text = f"name: a\n{NETWORKS}services: {{in: {{image: i{networks}}}, {OUT}}}\n"
    (found,) = service_off_the_edge.check(load_text(text.encode()).spec)
    assert expected in found.hint
