"""A URL that leads to a container of the project leads to that container in the picture, too."""

from __future__ import annotations

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
