"""A port on every address of the host is a remark, unless the spec says that it is meant."""

from __future__ import annotations

import pytest

from edgegen.rules import port_on_all_interfaces
from edgegen.spec.load import load_text
from tests.rules.conftest import Said, said

BROKEN = [
    ('services: {db: {image: "d:1", ports: ["5432:5432"]}}', "services.db.ports[0]", "`5432:5432`"),
    ('services: {db: {image: "d:1", ports: [5432]}}', "services.db.ports[0]", "`5432`"),
    ('services: {db: {image: "d:1", ports: ["53:53/udp"]}}', "services.db.ports[0]", "`53:53/udp`"),
    ('services: {db: {image: "d:1", ports: [{target: 80, published: "8080"}]}}', "services.db.ports[0]", "`8080:80`"),
    ('services: {db: {image: "d:1", ports: ["127.0.0.1:1:1", {target: 80}]}}', "services.db.ports[1]", "`80`"),
    ('services: {db: {image: "d:1", extra: {ports: ["8080:80"]}}}', "services.db.extra.ports[0]", "`8080:80`"),
    ('extra: {services: {x: {image: "x:1", ports: ["8080:80"]}}}', "extra.services.x.ports[0]", "`8080:80`"),
    ("extra: {services: {x: {ports: [{target: 1, published: 2}]}}}", "extra.services.x.ports[0]", "`2:1`"),
]
NEAR_MISSES = [
    'services: {db: {image: "d:1", ports: ["127.0.0.1:5432:5432", "[::1]:5433:5432"]}}',
    'services: {db: {image: "d:1", ports: ["0.0.0.0:5432:5432", "[::]:5432:5432"]}}',
    'services: {db: {image: "d:1", ports: [{target: 80, published: 80, host_ip: 0.0.0.0}]}}',
    'services: {db: {image: "d:1", ports: [{target: 80, published: 80, host_ip: "::1"}]}}',
    'services: {db: {image: "d:1", ports: ["${BIND}:5432:5432", "${WHERE}"]}}',
    'services: {db: {image: "d:1", expose: ["5432"]}}',
    "extra: {services: {x: {ports: null}}}",
]


@pytest.mark.parametrize(("spec", "path", "words"), BROKEN)
def test_broken(spec: str, path: str, words: str) -> None:
    found = said(port_on_all_interfaces, spec)
    assert [(item.path, item.refused) for item in found] == [(path, False)]
    assert words in found[0].message


@pytest.mark.parametrize("spec", NEAR_MISSES)
def test_near_misses(spec: str) -> None:
    assert said(port_on_all_interfaces, spec) == list[Said]()


def test_the_hint_is_what_the_target_can_do() -> None:
    text = 'name: a\n{}services: {{db: {{image: "d:1", ports: ["5432:5432"]}}}}\n'
    hints = [
        item.hint
        for target in ("", "target: swarm\n")
        for item in port_on_all_interfaces.check(load_text(text.format(target).encode()).spec)
    ]
    assert hints == [
        "write `127.0.0.1:5432:5432`, or write `0.0.0.0:5432:5432` if that is what you want",
        "remove it: the edge and other services don't need it, or write `0.0.0.0:5432:5432` if that is what you want",
    ]
