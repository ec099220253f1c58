"""A URL that leads to a container of the project leads to that container in the picture, too."""

from __future__ import annotations

import json

import pytest

from edgegen.desired.build import build
from edgegen.graph.build import graph
from edgegen.graph.model import Kind
from edgegen.spec.load import load_text

SPEC = """\
name: shop
services:
  s3: {image: "minio:1", port: 9000, host: s3.example.test}
  console: {kind: external, host: console.example.test, url: "URL"}
"""


@pytest.mark.parametrize(
    ("url", "kind", "title"),
    [
        ("http://s3:9001", Kind.SERVICE, "s3"),
        ("http://192.0.2.7:9001", Kind.EXTERNAL, "console"),
        ("http://s3.example.net", Kind.EXTERNAL, "console"),
    ],
)
def test_where_it_leads(url: str, kind: Kind, title: str) -> None:
    found = graph(build(load_text(SPEC.replace("URL", url).encode()).spec))
    nodes = {node.id: node for node in found.nodes}
    (host,) = (node.id for node in found.nodes if node.title == "console.example.test")
    ends = [host]
    while leads := [edge.target for edge in found.edges if edge.source == ends[-1] and nodes[edge.target].kind not in
                    (Kind.NETWORK, Kind.PORT)]:  # fmt: skip
        ends.append(leads[0])
    assert (nodes[ends[-1]].kind, nodes[ends[-1]].title) == (kind, title)


def test_a_label_of_ones_own_may_hold_no_url() -> None:
    router, server = "traefik.http.routers.own", "traefik.http.services.own.loadbalancer.server.url"
    labels = {f"{router}.rule": "Host(`o.example.test`)", f"{router}.entrypoints": "web", f"{router}.service": "own"}
    written = {**labels, server: "http://[x"}
    text = (
        f"name: shop\nservices: {{w: {{image: i, port: 1, host: w.x.test, traefik_labels: {json.dumps(written)}}}}}\n"
    )
    found = graph(build(load_text(text.encode()).spec))
    assert "http://[x" in [line for node in found.nodes for line in node.lines]
