"""`edgegen graph`: formats, files, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.conftest import Edgegen
from tests.golden.examples import EXAMPLES
from tests.graph.pictures import golden_file
from tests.properties.test_mutated import called

PROJECT = ["-C", str(EXAMPLES / "02-web-app")]


def golden(suffix: str, environment: str | None = None) -> str:
    return golden_file("02-web-app", environment, suffix).read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "words, suffix",
    [([], "mmd"), (["--format", "mermaid"], "mmd"), (["--format", "dot"], "dot"), (["--format", "svg"], "svg")],
)
def test_it_prints_a_format(words: list[str], suffix: str) -> None:
    assert called(["graph", *words, *PROJECT]) == (0, golden(suffix), "")


@pytest.mark.parametrize(
    "name, suffix",
    [("a.svg", "svg"), ("a.SVG", "svg"), ("a.dot", "dot"), ("a.gv", "dot"), ("a.mmd", "mmd"), ("a.txt", "mmd")],
)
def test_the_name_of_the_file_says_the_format(tmp_path: Path, name: str, suffix: str) -> None:
    assert called(["graph", "-o", str(tmp_path / name), *PROJECT]) == (0, "", f"wrote {tmp_path / name}\n")
    assert (tmp_path / name).read_text(encoding="utf-8") == golden(suffix)


@pytest.mark.parametrize("name", ["a.png", "a.PDF"])
def test_a_picture_that_it_cannot_make_is_refused(tmp_path: Path, name: str) -> None:
    code, _, err = called(["graph", "-o", str(tmp_path / name), *PROJECT])
    assert (code, list(tmp_path.iterdir())) == (2, [])
    assert "Write `a.svg`" in err


def test_an_option_counts_more_than_the_name(tmp_path: Path) -> None:
    assert called(["graph", "-q", "--format", "dot", "-o", str(tmp_path / "a.svg"), *PROJECT])[0] == 0
    assert (tmp_path / "a.svg").read_text(encoding="utf-8") == golden("dot")


def test_an_environment_is_drawn_as_it_is_rendered() -> None:
    assert called(["graph", "-e", "dev", *PROJECT])[1] == golden("mmd", "dev")
    assert golden("mmd", "dev") != golden("mmd")


def test_only_a_graph_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "a.svg"
    for form in ("svg", "dot", "mermaid", "svg"):
        assert called(["graph", "--format", form, "-o", str(file), *PROJECT])[0] == 0
    assert file.read_text(encoding="utf-8") == golden("svg")
    file.write_text("<svg>mine</svg>")
    code, _, err = called(["graph", "-o", str(file), *PROJECT])
    assert (code, file.read_text()) == (3, "<svg>mine</svg>")
    assert "did not write" in err


def test_no_file_of_a_project_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text((EXAMPLES / "01-registry/edge.yaml").read_text())
    assert called(["graph", "-o", str(tmp_path / "docker-compose.yml"), "-C", str(tmp_path)])[0] == 3
    assert [file.name for file in tmp_path.iterdir()] == ["edge.yaml"]


def test_json_is_the_graph_as_data() -> None:
    code, out, _ = called(["graph", "--json", *PROJECT])
    body = json.loads(out)
    assert (code, body["command"], body["ok"]) == (0, "graph", True)
    graph = body["graph"]
    assert (graph["name"], graph["environment"], graph["edge"]) == ("shop", None, "Traefik, traefik:v3.7")
    ids = {node["id"] for node in graph["nodes"]}
    assert all({edge["source"], edge["target"]} <= ids for edge in graph["edges"])
    assert {"kind": "host", "title": "www.commenthouse.com"}.items() <= graph["nodes"][1].items()


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_an_svg_is_one_in_every_encoding(edgegen: Edgegen, tmp_path: Path, encoding: str) -> None:
    """A long name has an ellipsis, which most other encodings lack."""
    (tmp_path / "edge.yaml").write_text(f"name: a\nservices: {{web: {{image: {'x' * 50}}}}}\n")
    done = edgegen("graph", "--format", "svg", cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
    assert "&#8230;" in done.out
    assert "\\u2026" not in done.out
    wanted = edgegen("graph", "--format", "svg", cwd=tmp_path).out
    assert list(ElementTree.fromstring(done.out).itertext()) == list(ElementTree.fromstring(wanted).itertext())


@pytest.mark.parametrize("words", [["--json"], ["--format", "mermaid"], ["--format", "dot"], ["--format", "svg"]])
def test_no_format_shows_the_login_of_a_url(tmp_path: Path, words: list[str]) -> None:
    """A private repository that an image is built from."""
    build = "https://me:pa55@git.example.com/a.git"
    (tmp_path / "edge.yaml").write_text(f"name: a\nservices: {{web: {{build: '{build}'}}}}\n")
    code, out, _ = called(["graph", *words, "-C", str(tmp_path)])
    assert code == 0
    assert "git.example.com/a.git" in out
    assert "pa55" not in out


@pytest.mark.parametrize("more", [["--format", "svg"], ["-o", "x.svg"]])
def test_json_is_a_format_already(more: list[str]) -> None:
    code, _, err = called(["graph", "--json", *more, *PROJECT])
    assert code == 2
    assert "leave out --format and --output" in err.lower()


def test_a_wrong_spec_and_no_spec(tmp_path: Path) -> None:
    assert called(["graph", "-C", str(tmp_path)])[0] == 2
    (tmp_path / "edge.yaml").write_text("name: a\nservices: {web: {image: x, prot: 3}}\n")
    code, out, err = called(["graph", "-C", str(tmp_path)])
    assert (code, out) == (2, "")
    assert "edge.yaml:2" in err
