"""A registry without a host stays on this machine."""

from __future__ import annotations

import pytest

from edgegen.rules import local_registry
from tests.rules.conftest import Said, said

BROKEN = [
    ("target: swarm\nservices: {hub: {kind: registry}}", "services.hub", "every node"),
    ("target: swarm\nservices: {hub: {kind: registry, users: [me]}}", "services.hub", "every node"),
    ('services: {hub: {kind: registry, extra: {ports: ["5000:5000"]}}}', "services.hub.extra.ports", "reach it"),
    ("services: {hub: {kind: registry, extra: {network_mode: host}}}", "services.hub.extra.network_mode", "reach it"),
]
NEAR_MISSES = [
    "services: {hub: {kind: registry}}",
    "services: {hub: {kind: registry, users: [me], extra: {ports: ['192.0.2.1:5000:5000']}}}",
    "target: swarm\nservices: {hub: {kind: registry, host: r.test, users: [me]}}",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(local_registry, spec)
    assert [(item.path, item.refused) for item in found] == [(path, True)]
    assert words in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(local_registry, spec) == list[Said]()
