"""The picture of each example is written down, and shows what its rendered files say: no more and no less."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.graph.dot import dot
from edgegen.graph.mermaid import mermaid
from edgegen.graph.model import Graph, Kind, Style
from edgegen.graph.svg import svg
from tests.golden.examples import EXAMPLES
from tests.graph.pictures import ALL, IDS, drawn, golden_file

WRITERS = {"mmd": mermaid, "dot": dot, "svg": svg}


@pytest.mark.parametrize("name, environment", ALL, ids=IDS)
def test_the_picture_is_the_one_that_is_written_down(
    name: str, environment: str | None, golden: Callable[[Path, str], None]
) -> None:
    graph = drawn(name, environment)
    for suffix, write in WRITERS.items():
        golden(golden_file(name, environment, suffix), write(graph))


def test_every_golden_picture_is_of_an_example() -> None:
    known = {golden_file(name, environment, suffix) for name, environment in ALL for suffix in WRITERS}
    assert {file for file in EXAMPLES.glob("*/graph*") if file.suffix[1:] in WRITERS} == known


def test_the_picture_of_the_docs_is_the_one_of_the_example() -> None:
    shown = (EXAMPLES.parent / "docs/assets/topology.svg").read_text(encoding="utf-8")
    assert shown == golden_file("02-web-app", None, "svg").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_it_is_the_same_in_every_process(seed: str) -> None:
    words = [sys.executable, "-m", "edgegen", "graph", "--format", "svg", "-C", str(EXAMPLES / "03-edge-kinds")]
    done = subprocess.run(
        words, capture_output=True, text=True, check=True, env={**os.environ, "PYTHONHASHSEED": seed}, timeout=60
    )
    assert done.stdout == golden_file("03-edge-kinds", None, "svg").read_text(encoding="utf-8")


def rendered(name: str, environment: str | None) -> dict[str, Any]:
    """The example's golden Compose or stack file."""
    folder = EXAMPLES / name / ("expected" + (f"-{environment}" if environment else ""))
    file = next(file for file in (folder / "docker-compose.yml", folder / "stack.yml") if file.is_file())
    found: dict[str, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def routers(name: str, environment: str | None) -> dict[str, dict[str, str]]:
    """Router -> its options by the golden files; without those that only redirect to HTTPS."""
    found: dict[str, dict[str, str]] = {}
    for service in rendered(name, environment)["services"].values():
        labels = service.get("deploy", {}).get("labels") or service.get("labels") or {}
        for label, value in labels.items():
            if match := re.fullmatch(r"traefik\.(?:http|tcp)\.routers\.([^.]+)\.([^.]+)", label):
                found.setdefault(match[1], {})[match[2].lower()] = str(value).replace("$$", "$")
    folder = EXAMPLES / name / ("expected" + (f"-{environment}" if environment else ""))
    for file in folder.glob("traefik/dynamic/*.yml"):
        for key, options in yaml.safe_load(file.read_text(encoding="utf-8")).get("http", {}).get("routers", {}).items():
            found[key] = {
                option.lower(): ",".join(value) if isinstance(value, list) else str(value)
                for option, value in options.items()
            }
    return {key: value for key, value in found.items() if not value.get("middlewares", "").endswith("https-only")}


def reached(graph: Graph, start: str) -> Iterator[str]:
    """The titles of the nodes that requests reach from one, itself included; error pages and networks aside."""
    node = next(item for item in graph.nodes if item.id == start)
    yield node.title
    for edge in graph.edges:
        if edge.source == start and edge.style is Style.REQUEST:
            yield from reached(graph, edge.target)


@pytest.mark.quick(8)
@pytest.mark.parametrize("name, environment", ALL, ids=IDS)
def test_it_shows_every_router_with_its_hosts_its_middlewares_and_its_end(name: str, environment: str | None) -> None:
    graph, known = drawn(name, environment), routers(name, environment)
    assert {node.title for node in graph.of(Kind.ROUTER)} == set(known)
    titles = {node.id: node for node in graph.nodes}
    for node in graph.of(Kind.ROUTER):
        options = known[node.title]
        hosts = {titles[edge.source].title.partition(":")[0] for edge in graph.edges if edge.target == node.id}
        assert hosts == set(re.findall(r"Host(?:SNI)?\(`([^`]+)`\)", options["rule"]))
        assert re.findall(r"PathPrefix\(`([^`]+)`\)", options["rule"]) == [
            path for line in node.lines for path in line.split(", ") if path.startswith("/")
        ]
        wares = [titles[edge.target] for edge in graph.edges if edge.source == node.id]
        said = [
            row.partition(" ")[0]
            for ware in wares
            if ware.kind is Kind.MIDDLEWARES
            for row in (ware.title, *ware.lines)
        ]
        names = [word.partition("@")[0] for word in filter(None, options.get("middlewares", "").split(","))]
        assert said == names
        *_, end = reached(graph, node.id)
        service = options["service"].partition("@")[0]
        if options["service"] == "noop@internal" or f"{service}-to-host" in names:
            assert end.startswith("https://")
        elif options["service"] == "api@internal":
            assert end == "Traefik's dashboard"
        else:
            assert end == service.removeprefix(f"{graph.name}-")


@pytest.mark.quick(8)
@pytest.mark.parametrize("name, environment", ALL, ids=IDS)
def test_it_shows_every_container_with_its_networks_and_ports(name: str, environment: str | None) -> None:
    graph, file = drawn(name, environment), rendered(name, environment)
    own = {key: value for key, value in file["services"].items() if key not in ("traefik", "docker-socket-proxy")}
    containers = {node.id: node.title for node in graph.of(Kind.SERVICE)}
    assert sorted(containers.values()) == sorted(own)
    kinds = {node.id: node for node in graph.nodes}
    for id, title in containers.items():
        networks = [kinds[edge.target].title for edge in graph.edges if edge.source == id]
        assert networks == list(own[title].get("networks") or ["default"])
        ports = [kinds[edge.source] for edge in graph.edges if edge.target == id]
        assert len([node for node in ports if node.kind is Kind.PORT]) == len(own[title].get("ports", []))
        reached = [
            kinds[edge.target].title for edge in graph.edges if edge.source == id and edge.style is Style.REACHED
        ]
        assert len(reached) == (1 if is_routed(own[title]) else 0)


def is_routed(service: dict[str, Any]) -> bool:
    labels = service.get("deploy", {}).get("labels") or service.get("labels") or {}
    return labels.get("traefik.enable") == "true"


def test_everything_has_the_redirects_and_the_edge_itself() -> None:
    graph = drawn("03-edge-kinds", everything=True)
    assert {"traefik", "docker-socket-proxy"} <= {node.title for node in graph.of(Kind.SERVICE)}
    assert {"hub-http", "hub-https"} <= {node.title for node in graph.of(Kind.ROUTER)}
    assert not graph.remarks
    http = next(node for node in graph.of(Kind.ROUTER) if node.title == "hub-http")
    assert [*reached(graph, http.id)][-1] == "HTTPS"
