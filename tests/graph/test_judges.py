"""Pictures as those read them who don't know us: Graphviz, Mermaid, an XML parser and a browser. With hostile names."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from edgegen.core.show import shown
from edgegen.graph.dot import dot
from edgegen.graph.labels import label
from edgegen.graph.mermaid import mermaid
from edgegen.graph.model import Graph
from edgegen.graph.svg import svg
from tests.cli.report.browser import Browser, Page, opened, running
from tests.graph.pictures import ALL, IDS, drawn, hostile
from tests.npm.folder import package
from tests.sizes import is_proof

pytestmark = pytest.mark.slow  # Debian's graphviz, xmllint and chromium
PICTURES: dict[str, Callable[[], Graph]] = {
    **{id: (lambda case=case: drawn(*case)) for id, case in zip(IDS, ALL, strict=True)},  # type: ignore[misc]
    "hostile": hostile,
}
SEEN = list(PICTURES) if is_proof() else ["03-edge-kinds", "06-several-names", "hostile"]
"""A browser takes half a second for each."""
SVG = "{http://www.w3.org/2000/svg}"


def rows(graph: Graph) -> list[list[str]]:
    """What each box must say, one list of lines a node, in any order."""
    return sorted([shown(row, 1000) for row in (node.title, *node.lines)] for node in graph.nodes)


def by_graphviz(text: str) -> dict[str, Any]:
    """The graph as Graphviz has laid it out. It complains on stderr, and nothing may be there."""
    done = subprocess.run(["dot", "-Tjson"], input=text, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def drawn_texts(part: dict[str, Any]) -> list[str]:
    """The texts that Graphviz draws for a node."""
    return [item["text"] for item in part.get("_ldraw_", ()) if item["op"] == "T"]


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_graphviz_reads_what_was_meant(make: Callable[[], Graph]) -> None:
    graph = make()
    seen = by_graphviz(dot(graph))
    nodes = [item for item in seen["objects"] if not item["name"].startswith("cluster_")]
    names = {item["_gvid"]: item["name"] for item in seen["objects"]}
    assert {item["name"] for item in nodes} == {node.id for node in graph.nodes}
    assert sorted(map(drawn_texts, nodes)) == sorted([row for row in texts if row] for texts in rows(graph))
    edges = [(names[edge["tail"]], names[edge["head"]]) for edge in seen.get("edges", ())]
    assert sorted(edges) == sorted((edge.source, edge.target) for edge in graph.edges)


def test_graphviz_would_complain() -> None:
    with pytest.raises(AssertionError):
        by_graphviz('digraph { n1 [label=""] --> evil[label="x"] }')
    with pytest.raises(AssertionError):
        by_graphviz(dot(drawn("01-registry")).replace('"', "", 1))


@pytest.mark.parametrize("make", PICTURES.values(), ids=PICTURES)
def test_an_xml_parser_reads_what_was_meant(make: Callable[[], Graph], tmp_path: Path) -> None:
    graph = make()
    text = svg(graph)
    root = ElementTree.fromstring(text.encode())
    boxes = root.findall(f"{SVG}g")
    assert len(boxes) == len(graph.nodes)
    for box, node in zip(boxes, graph.nodes, strict=True):
        said = label(node)
        assert [item.text or "" for item in box.findall(f"{SVG}text")] == [said.title, *said.lines]
        full = box.find(f"{SVG}title")
        assert (full is not None) == bool(said.full)
    assert {item.tag.removeprefix(SVG) for item in root.iter()} <= {
        "svg", "title", "desc", "style", "defs", "marker", "path", "rect", "g", "text",
    }  # fmt: skip
    assert not {key for item in root.iter() for key in item.attrib if key.startswith("on") or key.endswith("href")}
    (tmp_path / "graph.svg").write_text(text, encoding="utf-8")
    subprocess.run(["xmllint", "--noout", tmp_path / "graph.svg"], check=True, timeout=60)


BOXES = """
[...document.querySelectorAll('g')].map(box => {
  const rect = box.querySelector('rect').getBBox()
  return [rect.x, rect.y, rect.width, rect.height, ...[...box.querySelectorAll('text')].flatMap(text => {
    const own = text.getBBox()
    return [own.x + own.width, own.y + own.height]
  })]
})
"""
"""Each box, then for each of its texts the right and the lower end, as the browser's own font has them."""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    with running(tmp_path_factory.mktemp("browser")) as one:
        yield one


def sticking_out(page: Page) -> list[list[float]]:
    """Boxes whose text does not fit into them."""
    return [
        box
        for box in page.evaluate(BOXES)
        if any(end > box[0] + box[2] for end in box[4::2]) or any(end > box[1] + box[3] for end in box[5::2])
    ]


def overlapping(page: Page) -> list[tuple[int, int]]:
    """Pairs of boxes that are on one another."""
    boxes = [box[:4] for box in page.evaluate(BOXES)]
    return [
        (one, other)
        for other, (x, y, width, height) in enumerate(boxes)
        for one, (left, top, wide, high) in enumerate(boxes[:other])
        if x < left + wide and left < x + width and y < top + high and top < y + height
    ]


@pytest.mark.parametrize("name", SEEN)
def test_a_browser_shows_every_text_in_its_box(browser: Browser, tmp_path: Path, name: str) -> None:
    (tmp_path / "graph.svg").write_text(svg(PICTURES[name]()), encoding="utf-8")
    with opened(browser, tmp_path / "graph.svg", width=1400) as page:
        assert (page.complaints, page.requests) == ([], [])
        assert sticking_out(page) == []
        assert overlapping(page) == []


@pytest.mark.parametrize(
    "change, fault",
    [
        (lambda text: re.sub(r'(<rect class="eg-box[^>]*) width="\d+"', r'\1 width="40"', text, count=1), sticking_out),
        (lambda text: re.sub(r'(<rect class="eg-box[^>]*) y="\d+"', r'\1 y="50"', text), overlapping),
    ],
    ids=["a text that is too long", "boxes on one another"],
)
def test_a_bad_picture_is_noticed(
    browser: Browser, tmp_path: Path, change: Callable[[str], str], fault: Callable[[Page], list[Any]]
) -> None:
    (tmp_path / "graph.svg").write_text(change(svg(drawn("03-edge-kinds"))), encoding="utf-8")
    with opened(browser, tmp_path / "graph.svg", width=1400) as page:
        assert fault(page)


READ = """
(async () => {
  const text = %s
  await mermaid.parse(text)
  const db = (await mermaid.mermaidAPI.getDiagramFromText(text)).db
  const decoded = (label) => { const box = document.createElement('textarea'); box.innerHTML = label; return box.value }
  const {svg} = await mermaid.render('drawing', text)
  return {
    nodes: [...db.getVertices().values()].map(node => [node.id, node.text]),
    edges: db.getEdges().map(edge => [edge.start, edge.end]),
    groups: db.getSubGraphs().length,
    drawn: svg,
  }
})()
"""


@pytest.fixture(scope="module")
def reader(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with Mermaid itself."""
    file = tmp_path_factory.mktemp("mermaid") / "mermaid.html"
    source = (package("mermaid") / "dist/mermaid.min.js").as_uri()
    file.write_text(f"<!doctype html><title>Mermaid</title><script src='{source}'></script><body></body>")
    with opened(browser, file, width=1400) as page:
        page.evaluate("mermaid.initialize({startOnLoad: false, securityLevel: 'strict'})")
        yield page


def by_mermaid(reader: Page, text: str) -> dict[str, Any]:
    found: dict[str, Any] = reader.evaluate(READ % json.dumps(text), wait=True)
    return found


def decoded(text: str) -> str:
    """A label of Mermaid's, whose character references it keeps until it draws."""
    return re.sub(r"ﬂ°°(\d+)¶ß|#(\d+);", lambda found: chr(int(found[1] or found[2])), text)


@pytest.mark.parametrize("name", SEEN)
def test_mermaid_reads_what_was_meant(reader: Page, name: str) -> None:
    graph = PICTURES[name]()
    seen = by_mermaid(reader, mermaid(graph))
    assert sorted([decoded(row) for row in text.split("<br>")] for _, text in seen["nodes"]) == rows(graph)
    assert sorted(map(tuple, seen["edges"])) == sorted((edge.source, edge.target) for edge in graph.edges)
    assert not re.search(r"<script|onload=|onerror=|javascript:", seen["drawn"])


def test_mermaid_would_complain(reader: Page) -> None:
    with pytest.raises(AssertionError):
        by_mermaid(reader, 'flowchart LR\n  n1["a"] --> evil["x"\n')
