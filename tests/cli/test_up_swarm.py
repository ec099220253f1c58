"""`edgegen up` for a swarm as typed: its own options, and the lines of edge.yaml."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.cli.app import run
from edgegen.core.errors import PartialError, Problem
from edgegen.project.placed import placed
from edgegen.spec.load import load

SPEC = """\
name: shop
edge: none
services:
  web: {image: "app:1"}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "edge.yaml").write_text(SPEC)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("words", [["--edge-node", "one"], ["--volume-node", "data=one"], ["--prune"]])
@pytest.mark.parametrize("dry", [[], ["--dry-run"]])
def test_options_of_a_swarm_are_refused_without_one(
    project: Path, capfd: pytest.CaptureFixture[str], words: list[str], dry: list[str]
) -> None:
    assert run(["up", *words, *dry]) == 2
    assert f"{words[0]}: only for `target: swarm`, and this is `target: compose`" in capfd.readouterr().err
    assert not (project / "docker-compose.yml").exists()


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize("word", ["data", "=one", "data="])
def test_a_volume_needs_its_node(capfd: pytest.CaptureFixture[str], word: str) -> None:
    assert run(["up", "--volume-node", word]) == 2
    assert f"--volume-node {word}: a volume and its node are expected" in capfd.readouterr().err


def test_what_fails_later_has_the_line_of_the_spec(project: Path) -> None:
    problems = [Problem("a", path="services.web"), Problem("b", path="services.traefik"), Problem("c")]
    with pytest.raises(PartialError) as caught, placed(load(project, None)):
        raise PartialError(problems)
    assert [str(problem).removeprefix(f"{project}/") for problem in caught.value.problems] == [
        "edge.yaml:4:8 services.web: a", "services.traefik: b", "c",
    ]  # fmt: skip


def test_a_dry_run_on_a_swarm_prints_the_deployment(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("edge: none", "edge: none\ntarget: swarm"))
    assert run(["up", "--dry-run", "--host", "ssh://me@there"]) == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert line.startswith("DOCKER_HOST=ssh://me@there docker stack deploy --prune --with-registry-auth")
    assert line.endswith("--compose-file stack.yml shop")


ROUTED = """\
name: shop
target: swarm
acme: {email: ops@example.com}
dns: {owner: shop-1a2b3c4d}
domains: {example.com: {provider: none}}
services:
  web: {image: "app:1", port: 80, host: www.example.com, middlewares: [marked]}
  db: {image: "db:1", volumes: ["data:/data"]}
middlewares: {marked: {kind: headers, custom_response_headers: {x-mark: new}}}
volumes: {data: {}}
"""


@pytest.mark.parametrize("json_words", [[], ["--json"]])
def test_a_dry_run_says_what_depends_on_the_swarm(
    project: Path, capfd: pytest.CaptureFixture[str], json_words: list[str]
) -> None:
    (project / "edge.yaml").write_text(ROUTED)
    assert run(["up", "--dry-run", *json_words]) == 0
    printed = capfd.readouterr()
    assert "docker stack deploy" in printed.out
    assert (
        "if a shared middleware is new, `traefik` is deployed before the other services; if one is removed"
        in printed.err
    )
    assert (
        "labels that no node has are first set on one: edgegen.shop.data=true, edgegen.shop.edge=true\n" in printed.err
    )


def test_a_dry_run_of_what_depends_on_nothing_says_nothing(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (project / "edge.yaml").write_text(SPEC.replace("edge: none", "edge: none\ntarget: swarm"))
    assert run(["up", "--dry-run"]) == 0
    assert capfd.readouterr().err == ""
