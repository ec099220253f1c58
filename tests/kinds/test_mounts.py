"""Options of mounts: each arrives at Compose as it would from the same text in a Compose file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from edgegen.project.render import prepare
from edgegen.spec.load import load_text
from tests.lab.parsers import compose_config, stack_config

OPTIONS = (
    "ro", "rw", "z", "Z", "nocopy", "cached", "shared", "rshared", "slave", "rslave", "private", "rprivate", "ro,z",
    "ro,rslave", "rw,Z,rprivate",
)  # fmt: skip


def rendered(folder: Path, volumes: list[Any], target: str = "compose") -> dict[str, Any]:
    """The file of a spec with one service, as data."""
    pinned = {"deploy": {"placement": {"constraints": ["node.hostname == one", "node.labels.edgegen.a.data == true"]}}}
    service = {"image": "a:1", "volumes": volumes, **(pinned if target == "swarm" else {})}
    spec = {"name": "a", "target": target, "edge": "none", "services": {"w": service}, "volumes": {"data": {}}}
    loaded = load_text(json.dumps(spec).encode(), "edge.yaml")
    data: dict[str, Any] = yaml.safe_load(prepare(folder, None, environ={}, loaded=loaded).stack_text)
    return data


def written(folder: Path, service: dict[str, Any]) -> Path:
    """A Compose file of one service."""
    file = folder / "compose.yml"
    file.write_text(json.dumps({"services": {"w": service}, "volumes": {"data": {}}}))
    return file


def without_nothing(mounts: list[Any]) -> list[Any]:
    """Without options that say nothing: an absent one and an empty one are the same."""
    return [{key: value for key, value in mount.items() if value not in ({}, None)} for mount in mounts]


@pytest.mark.lab
@pytest.mark.parametrize("options", OPTIONS)
def test_an_option_of_the_short_form_is_not_lost(options: str, tmp_path: Path) -> None:
    volumes = [f"data:/d:{options}", f"/srv/x:/x:{options}"]
    service = rendered(tmp_path, volumes)["services"]["w"]
    mine = compose_config(written(tmp_path, {"image": "a:1", "volumes": service["volumes"]}))
    theirs = compose_config(written(tmp_path, {"image": "a:1", "volumes": volumes}))
    seen, meant = (without_nothing(found["services"]["w"]["volumes"]) for found in (mine, theirs))
    for mount in (*seen, *meant):
        mount.get("bind", {}).pop("create_host_path", None)
    assert without_nothing(seen) == without_nothing(meant)


@pytest.mark.lab
@pytest.mark.parametrize("options", [word for word in OPTIONS if "z" not in word.lower()])
def test_nor_in_a_stack(options: str, tmp_path: Path) -> None:
    volumes = [f"data:/d:{options}", f"/srv/x:/x:{options}"]
    service = rendered(tmp_path, volumes, "swarm")["services"]["w"]
    mine = stack_config(written(tmp_path, {"image": "a:1", "volumes": service["volumes"]}))
    theirs = stack_config(written(tmp_path, {"image": "a:1", "volumes": volumes}))
    seen, meant = (without_nothing(found["services"]["w"]["volumes"]) for found in (mine, theirs))
    assert seen == meant


def test_the_long_form_is_composes_own(tmp_path: Path) -> None:
    volumes = [
        {"type": "bind", "source": "/x", "target": "/x", "bind": {"propagation": "rslave", "selinux": "Z"}},
        {"type": "volume", "source": "data", "target": "/d", "volume": {"nocopy": True}},
    ]
    assert rendered(tmp_path, volumes)["services"]["w"]["volumes"] == volumes
