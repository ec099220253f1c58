"""What `up` compares with the Traefik that runs, from the spec."""

from __future__ import annotations

import pytest

from edgegen.core.cloudflare import RANGES
from edgegen.deploy.edge_wish import edge_wish
from edgegen.deploy.shared_edge import Wish
from edgegen.spec.load import load_text


def wish(text: str) -> Wish:
    return edge_wish(load_text(f"name: shop\n{text}".encode()).spec)


@pytest.mark.parametrize(
    ("edge", "serves"), [("{}", None), ("{serves: own}", "own"), ("{serves: all}", "all"), ("{hsts: false}", None)]
)
def test_what_is_not_said_is_not_known(edge: str, serves: str | None) -> None:
    assert wish(f"edge: {edge}\n").serves == serves


@pytest.mark.parametrize(
    ("environments", "alone"),
    [("{}", True), ("{dev: {}, test: }", True), ("{dev: {name: shop-dev}}", False), ("{dev: {edge: {}}}", True)],
)
def test_whether_one_project_alone_is_started_from_the_folder(environments: str, alone: bool) -> None:
    assert wish(f"environments: {environments}\n").alone is alone


def test_a_project_that_uses_another() -> None:
    found = wish("edge: {use: blog}\nservices: {w: {image: 'a:1', port: 1, host: w.x.test}}\n")
    assert (found.use, found.network, found.resolver) == ("blog", "blog_edge", "letsencrypt")
    assert (found.uploads, found.wildcard, found.proxied) == (False, "", "")


def test_what_its_services_need() -> None:
    found = wish(
        "edge: {use: blog}\ndomains: {x.test: {addresses: [192.0.2.1], proxied: true}}\nservices:\n"
        "  w: {image: 'a:1', port: 1, host: '*.y.test'}\n  p: {image: 'a:1', port: 1, host: p.x.test}\n"
        "  r: {kind: registry, host: r.y.test, users: [ci]}\n"
    )
    assert (found.uploads, found.wildcard, found.proxied) == (True, "*.y.test", "p.x.test")
    assert found.ranges == tuple(RANGES)
