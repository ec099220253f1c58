"""Configs in the rendered file: inline or by their file, and what `extra:` and environments make of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen
from tests.lab.parsers import compose_config

SPEC = """\
name: a
configs:
  inline: {content: "$$HOME $5 $$\\n{{x}}"}
  nginx.conf: {file: conf/nginx.conf}
services:
  web:
    image: "w:1"
    configs: [inline, {source: nginx.conf, target: /etc/nginx.conf}]
    read_only: false
environments:
  dev:
    configs: {inline: {file: ./dev.txt}, more_of.it: {content: more}}
    services: {web: {configs: [more_of.it]}}
"""


def rendered(edgegen: Edgegen, folder: Path, text: str, *words: str) -> dict[str, Any]:
    (folder / "edge.yaml").write_text(text)
    done = edgegen("render", *words, cwd=folder)
    assert done.code == 0, done.err
    found: dict[str, Any] = yaml.safe_load((folder / "docker-compose.yml").read_text())
    return found


def test_text_stands_inline_and_a_file_by_its_path(edgegen: Edgegen, tmp_path: Path) -> None:
    data = rendered(edgegen, tmp_path, SPEC)
    assert data["configs"] == {
        "inline": {"content": "$$HOME $$5 $$\n{{x}}"},
        "nginx.conf": {"file": "./conf/nginx.conf"},
    }
    assert data["services"]["web"]["configs"] == ["inline", {"source": "nginx.conf", "target": "/etc/nginx.conf"}]
    read = compose_config(tmp_path / "docker-compose.yml")
    assert read["configs"]["inline"]["content"] == "$HOME $5 $\n{{x}}"
    assert read["configs"]["nginx.conf"]["file"] == str(tmp_path / "conf/nginx.conf")


def test_an_environment_adds_and_replaces(edgegen: Edgegen, tmp_path: Path) -> None:
    data = rendered(edgegen, tmp_path, SPEC, "-e", "dev")
    assert data["configs"]["inline"] == {"file": "./dev.txt"}
    assert data["services"]["web"]["configs"][-1] == "more_of.it"
    assert compose_config(tmp_path / "docker-compose.yml")["configs"]["more_of.it"]["content"] == "more"


def test_extra_reaches_configs_too(edgegen: Edgegen, tmp_path: Path) -> None:
    more = "extra: {configs: {inline: {name: real}, late: {content: $x$1}}, services: {web: {configs: [late]}}}\n"
    data = rendered(edgegen, tmp_path, SPEC + more)
    assert data["configs"]["inline"] == {"content": "$$HOME $$5 $$\n{{x}}", "name": "real"}
    assert data["configs"]["late"] == {"content": "$x$$1"}
    assert data["services"]["web"]["configs"] == ["late"]


@pytest.mark.slow
def test_a_config_that_nobody_uses_does_no_harm(edgegen: Edgegen, tmp_path: Path) -> None:
    rendered(edgegen, tmp_path, "name: a\nconfigs: {x: {content: y}}\n")
    assert compose_config(tmp_path / "docker-compose.yml")["name"] == "a"


@pytest.mark.parametrize("mode", ['"0440"', '"440"', "0o440"])
def test_owner_and_mode_are_as_compose_has_them(edgegen: Edgegen, tmp_path: Path, mode: str) -> None:
    use = f"[{{source: inline, target: /x, uid: 33, gid: '33', mode: {mode}}}]"
    spec = f'name: a\nconfigs: {{inline: {{content: x}}}}\nservices: {{web: {{image: "w:1", configs: {use}}}}}\n'
    assert rendered(edgegen, tmp_path, spec)["services"]["web"]["configs"] == [
        {"source": "inline", "target": "/x", "uid": "33", "gid": "33", "mode": "0440"}
    ]
