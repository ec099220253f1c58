"""The least that each middleware may say, in place and by name, before the real Traefik: nothing is disabled."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from edgegen.project.render import prepare, write
from tests.lab.oracle import gate
from tests.traefik.middlewares.test_empty import ENOUGH

pytestmark = pytest.mark.lab


def test_the_least_is_enough_for_traefik(tmp_path: Path) -> None:
    services = {
        f"s{number}": {
            "image": "x:1",
            "port": 80,
            "host": f"s{number}.example.com",
            "middlewares": [data, f"m{number}"],
        }
        for number, data in enumerate(ENOUGH)
    }
    named = {f"m{number}": data for number, data in enumerate(ENOUGH)}
    (tmp_path / "edge.yaml").write_text(yaml.safe_dump({"name": "a", "services": services, "middlewares": named}))
    write(tmp_path, prepare(tmp_path, None, environ={}))
    compose = yaml.safe_load((tmp_path / "docker-compose.yml").read_text())
    assert gate(compose, tmp_path / "traefik" / "dynamic") == []
