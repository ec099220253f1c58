"""A port of a service that only internal networks reach is a remark: Docker publishes it nowhere."""

from __future__ import annotations

import pytest

from edgegen.rules import port_on_internal_network
from tests.rules.conftest import Said, said

INNER = "networks: {inner: {internal: true}, second: {internal: true}, outside: {}}\n"
BROKEN = [
    'services: {db: {image: "d:1", ports: ["127.0.0.1:5432:5432"], networks: [inner]}}',
    'services: {db: {image: "d:1", ports: [5432], networks: [inner, second]}}',
    'services: {db: {image: "d:1", ports: [5432], networks: {inner: {aliases: [x]}}}}',
    'edge: none\nservices: {db: {image: "d:1", host: a.test, port: 80, ports: [80], networks: [inner]}}',
    'services: {db: {image: "d:1", extra: {ports: ["1:1"]}, networks: [inner]}}',
]
NEAR_MISSES = [
    'services: {db: {image: "d:1", ports: [5432], networks: [inner, outside]}}',
    'services: {db: {image: "d:1", ports: [5432]}}',
    'services: {db: {image: "d:1", networks: [inner]}}',
    'services: {db: {image: "d:1", host: a.test, port: 80, ports: [80], networks: [inner]}}',
    'target: swarm\nservices: {db: {image: "d:1", ports: [5432], networks: [inner]}}',
]


@pytest.mark.parametrize("spec", BROKEN)
def test_broken(spec: str) -> None:
    found = said(port_on_internal_network, INNER + spec)
    assert [(item.path, item.refused) for item in found] == [("services.db.ports", False)]
    assert "`db` is on internal networks only (inner" in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(port_on_internal_network, INNER + spec) == list[Said]()
