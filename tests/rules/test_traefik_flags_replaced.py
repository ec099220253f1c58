"""A list under `extra` replaces Traefik's flags: nobody means that, and nothing else says it."""

from __future__ import annotations

import pytest

from edgegen.rules import traefik_flags_replaced
from tests.rules.conftest import Said, said

BROKEN = [
    ('edge: {extra: {command: ["--accesslog=true"]}}\n', "edge.extra.command", "replaces all of Traefik's flags"),
    ("edge: {extra: {entrypoint: [traefik]}}\n", "edge.extra.entrypoint", "replaces all of Traefik's flags"),
    (
        'extra: {services: {traefik: {command: ["--log.level=DEBUG"]}}}\n',
        "extra.services.traefik.command",
        "replaces all of Traefik's flags",
    ),
]
NEAR_MISSES = [
    "edge: {extra: {cpus: 1}}\n",
    "extra: {services: {other: {image: 'a:1', command: [run]}}}\n",
    "services: {web: {image: 'a:1', port: 80, host: a.example.com, command: [run]}}\n",
    "edge: none\nextra: {services: {traefik: {image: 'traefik:v3.7', command: [--ping]}}}\n",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(traefik_flags_replaced, spec)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert words in found[0].message
    assert found[0].line > 0


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(traefik_flags_replaced, spec) == list[Said]()
