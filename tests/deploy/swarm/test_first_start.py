"""What `up` says when a stack, or a service of it, starts for the first time on a swarm."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from edgegen.deploy import steps
from edgegen.deploy.backends.base import Start
from tests.deploy.swarm.scene import EDGE_LABEL, Manager, Notes, backend, manager, stack
from tests.fakes.swarm import labelled, node, service, task

DIGEST = "@sha256:" + "a" * 64
OTHER = node("two")


def up(folder: Path, swarm: Manager, *, image: str = "app:1") -> str:
    def deployed() -> None:
        swarm.services = [service("edge", "shop"), service("app", "shop", image=image)]
        swarm.tasks = [task("edge"), task("app")]

    swarm.on_deploy = deployed
    notes = Notes()
    steps.up(backend(folder, swarm), notes, Start(30))
    return "\n".join(notes)


@pytest.mark.parametrize(
    ("image", "changes", "is_told"),
    [
        pytest.param("app:1", {"nodes": [labelled("one", EDGE_LABEL), OTHER]}, True, id="each takes its own"),
        pytest.param(f"app:1{DIGEST}", {"nodes": [labelled("one", EDGE_LABEL), OTHER]}, False, id="resolved"),
        pytest.param("app:1", {}, False, id="one node"),
        pytest.param("app:1", {"nodes": [labelled("one", EDGE_LABEL),
            node("two", spec={"Labels": {}, "Role": "worker", "Availability": "drain"})]}, False, id="one takes tasks"),
        pytest.param("app:1", {"nodes": [labelled("one", EDGE_LABEL), OTHER],
                     "services": [service("edge", "shop"), service("app", "shop")]}, False, id="Docker says it itself"),
    ],
)  # fmt: skip
def test_an_image_without_a_digest(tmp_path: Path, image: str, changes: dict[str, Any], *, is_told: bool) -> None:
    said = up(tmp_path, manager(**changes), image=image)
    assert ("no registry told this manager the digest of app:1" in said) is is_told


def test_what_stays_on_one_node_is_that_nodes(tmp_path: Path) -> None:
    bound = {"image": "app:1", "deploy": {"placement": {"constraints": [f"node.labels.{EDGE_LABEL} == true"]}}}
    swarm = manager(
        nodes=[labelled("one", EDGE_LABEL), OTHER], config=stack(services={**stack()["services"], "app": bound})
    )
    assert "no registry" not in up(tmp_path, swarm)


def held(folder: Path, *names: str) -> None:
    """acme.json as Traefik with Compose has left it."""
    (folder / "acme").mkdir()
    found = [{"domain": {"main": name}, "certificate": "", "key": ""} for name in names]
    (folder / "acme/acme.json").write_text(json.dumps({"letsencrypt": {"Account": None, "Certificates": found}}))


def test_certificates_that_stay_in_the_folder(tmp_path: Path) -> None:
    held(tmp_path, "a.test", "b.test")
    said = up(tmp_path, manager(nodes=[node("one")]))
    assert "Traefik on the swarm orders the certificates of acme/acme.json again (2; Let's Encrypt issues five" in said
    assert "unless the volume `shop_acme` of the edge's node has that file" in said


@pytest.mark.parametrize("content", ["", "{}", "{", None])
def test_no_certificates(tmp_path: Path, content: str | None) -> None:
    if content is not None:
        (tmp_path / "acme").mkdir()
        (tmp_path / "acme/acme.json").write_text(content)
    assert "Traefik on the swarm orders" not in up(tmp_path, manager(nodes=[node("one")]))


def test_an_edge_that_has_its_node_has_its_volume(tmp_path: Path) -> None:
    held(tmp_path, "a.test")
    assert "Traefik on the swarm orders" not in up(tmp_path, manager())
