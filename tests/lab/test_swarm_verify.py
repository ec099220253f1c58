"""One edge.yaml with a registry on a swarm, and in the whole proof on Compose first: `verify --push` is green."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.lab.authority import Authority
from tests.lab.clients import wait_for_certificate
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import ensure_images
from tests.lab.stack import Stack, password
from tests.lab.swarm_project import give_account
from tests.lab.test_verify import HOST, Edge, running_names


@pytest.fixture
def edge(one_node: Ground, authority: Authority, tmp_path: Path) -> Iterator[Edge]:
    """A project of `init registry` that does not run yet, and the DNS in which its host is the node."""
    stack = Stack(one_node, authority, tmp_path / "project", hasty=False)
    words = ("init", "registry", HOST, "--email", "ops@commenthouse.com", "--address", ADDRESS, "--json")
    made = password(stack.edgegen(*words).stdout)
    stack.use_lab_authority()
    path = stack.folder / "edge.yaml"
    path.write_text(path.read_text().replace("kind: registry", "kind: registry\n    delete: true"))
    with running_names(one_node, tmp_path / "zone", ADDRESS) as zone:
        yield Edge(stack, made, zone)


def test_one_word_of_the_spec_moves_a_registry_to_a_swarm(edge: Edge, proof: bool) -> None:
    stack, spec = edge.stack, edge.stack.folder / "edge.yaml"
    if proof:
        stack.render()
        stack.up()
        pushes(edge)
        stack.edgegen("down")
        docker(stack.ground, "network", "rm", "registry")  # an external one of one host: `up` would refuse it, exit 3
    text = spec.read_text()
    assert "target: compose" in text
    spec.write_text(text.replace("target: compose", "target: swarm"))
    stack.edgegen("render")
    ensure_images(stack.ground, yaml.safe_load((stack.folder / "stack.yml").read_text()))
    give_account(stack.ground, stack.folder)
    stack.edgegen("up")
    pushes(edge)
    with_a_wrong_password = edge.verify("--push", env={"EDGEGEN_REGISTRY_PASSWORD": "not-the-one"})
    assert with_a_wrong_password.bad == {"registry-credentials-refused"}, with_a_wrong_password.report
    explained = stack.run("explain", f"https://{HOST}/v2/", "--json", *edge.looking)
    assert explained.returncode == 0, explained.stdout
    down = stack.run("down")
    assert down.returncode == 0, down.stdout + down.stderr
    assert json.loads(explained.stdout)["links"][-1]["message"] == "commenthouse_registry: its task runs, on lab"


def pushes(edge: Edge) -> None:
    wait_for_certificate(edge.stack.ground, HOST)
    seen = edge.green("--push", "--push-size", "3MiB")
    assert (seen.code, seen.bad) == (0, set()), seen.report
    assert any(item["name"] == "registry-push" and item["outcome"] == "pass" for item in seen.report["findings"])
