"""Examples that are a starter project written out: what `init` writes stays what is shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import Edgegen

EXAMPLES = Path(__file__).parents[2] / "examples"
WRITTEN_OUT = {
    "07-wordpress": ("wordpress", "blog.commenthouse.com"),
    "08-todo": ("todo", "todo.commenthouse.com"),
    "09-three-env": ("three-env", "app.commenthouse.com"),
    "10-drupal": ("drupal", "drupal.commenthouse.com"),
    "11-web-replicas": ("web-replicas", "www.commenthouse.com"),
    "12-registry-cache": ("registry-cache", "mirror.commenthouse.com"),
    "13-whoami": ("whoami", "whoami.commenthouse.com"),
    "14-registry-of-this-machine": ("local-registry", "registry.localhost"),
    "15-built": ("built", "commenthouse.com"),
}
OWN = ("image", "dns")
"""What may differ: an example has the course's versions, and no owner of its records."""


def meaning(data: Any) -> Any:
    """A spec without versions of images and without its records' owner."""
    if isinstance(data, dict):
        return {key: meaning(value) for key, value in data.items() if key not in OWN}
    return data


@pytest.mark.quick(3)
@pytest.mark.parametrize("example", WRITTEN_OUT)
def test_an_example_is_what_init_writes(example: str, edgegen: Edgegen, tmp_path: Path) -> None:
    template, domain = WRITTEN_OUT[example]
    answers = ["--email", "ops@commenthouse.com", "--address", "157.245.51.137"]
    done = edgegen("init", template, domain, *answers, "--dir", tmp_path)
    assert done.code == 0, done.err
    written = yaml.safe_load((tmp_path / "edge.yaml").read_text())
    shown = yaml.safe_load((EXAMPLES / example / "edge.yaml").read_text())
    assert meaning(shown) == meaning(written)
    for path in sorted(tmp_path.rglob("*")):
        own = EXAMPLES / example / path.relative_to(tmp_path)
        if own.is_file() and path.is_file() and own.name != "edge.yaml":
            assert own.read_text() == path.read_text()


def test_the_difference_between_two_environments_is_seen_in_one_command(edgegen: Edgegen, tmp_path: Path) -> None:
    """An override file can't remove anything: dev adds the port, production the edge, and an image for the build."""
    init = ("init", "three-env", "app.commenthouse.com", "--email", "ops@commenthouse.com", "--dir", tmp_path)
    assert edgegen(*init).code == 0
    done = edgegen("render", "-C", tmp_path, "-e", "dev", "--diff-against", "production")
    assert done.code == 0, done.err
    compose = done.out.partition("--- traefik/")[0].splitlines()
    assert "-    image: app:production" in compose
    added = [line[1:].strip() for line in compose if line.startswith("+") and not line.startswith("+++")]
    assert {"build:", "dockerfile: Dockerfile", "ports:", '- "127.0.0.1:3000:3000"'} <= {*added}
    removed = [line[1:].strip() for line in compose if line.startswith("-")]
    assert {"traefik:", "docker-socket-proxy:", '- "80:80"', '- "443:443"'} <= {*removed}
    assert not [line for line in compose if line[:1] in "+-" and "postgres" in line], "the stores differ in nothing"
