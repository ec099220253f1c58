"""Every accepted spec before the real Traefik: exactly its routers and hosts, all enabled, nothing in the log."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.properties import laid_together
from tests.properties.rendered import Rendered

pytestmark = [pytest.mark.slow, pytest.mark.lab]

TOGETHER = 250


def test_traefik_shows_exactly_the_routers_and_hosts_of_every_spec(pool: list[Rendered], tmp_path: Path) -> None:
    for start in range(0, len(pool), TOGETHER):
        batch = pool[start : start + TOGETHER]
        folder = tmp_path / str(start)
        folder.mkdir()
        answer = laid_together.ask(batch, folder)
        assert answer.exit_code is None, answer.errors
        assert laid_together.lasting(answer) == []
        assert laid_together.seen(answer) == laid_together.wanted(batch)
