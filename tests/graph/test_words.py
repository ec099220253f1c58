"""The picture in words, for those who don't see it; and what its lines mean."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

from edgegen.graph.model import Graph
from edgegen.graph.svg import inline, svg
from edgegen.graph.words import description, legend, summary
from edgegen.project.graph import picture
from tests.graph.pictures import drawn


def test_the_description_follows_each_host_to_its_service() -> None:
    said = description(drawn("03-edge-kinds"))
    assert said.startswith("9 hosts, 9 routers, 6 services, 3 networks. On plain HTTP every host only redirects")
    assert "pg.commenthouse.com:5432 leads to pg." in said
    assert "*.commenthouse.com leads to books, tenants." in said  # its error pages
    assert "older.commenthouse.com leads to https://www.commenthouse.com/new." in said


def test_many_hosts_are_not_all_described() -> None:
    graph = drawn("03-edge-kinds")
    hosts = [node for node in graph.nodes if node.kind == "host"]
    many = Graph("p", "", "", tuple(hosts * 10), ())
    assert description(many).endswith("And 50 more hosts.")


def test_an_empty_picture_has_words() -> None:
    empty = Graph("p", "dev", "", (), ())
    assert (summary(empty), description(empty), legend(empty)) == ("nothing", "nothing.", "")
    assert ElementTree.fromstring(svg(empty).encode()) is not None


def test_only_lines_that_are_there_are_explained() -> None:
    assert legend(drawn("01-registry")) == "Thick: the network on which Traefik reaches the container."
    assert legend(drawn("03-edge-kinds")).endswith("; dotted: its other networks; dashed arrow: error pages.")


def test_it_has_a_title_and_a_description_and_marks() -> None:
    root = ElementTree.fromstring(inline(drawn("01-registry"), {"commenthouse.com": "bad"}))
    ids = {item.get("id") for item in root}
    assert set((root.get("aria-labelledby") or "").split()) <= ids
    assert root.get("role") == "img"
    assert len([item for item in root.iter() if "eg-bad" in (item.get("class") or "").split()]) == 1


def test_without_an_edge_there_are_only_published_ports(tmp_path: Path) -> None:
    web = '{image: "x:1", port: 80, host: w.localhost, ports: ["127.0.0.1:8080:80"]}'
    (tmp_path / "edge.yaml").write_text(f"name: a\nedge: none\nservices: {{web: {web}}}\n")
    graph = picture(tmp_path, None, environ={})
    assert (graph.edge, graph.remarks) == ("", ())
    assert description(graph) == "1 published port, 1 service, 1 network. 127.0.0.1:8080 leads to web."
