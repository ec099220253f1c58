"""Every accepted spec before the real Traefik: exactly its routers and hosts, all enabled, nothing in the log."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.lab.oracle import OracleAnswer
from tests.properties import laid_together
from tests.properties.rendered import Rendered

pytestmark = [pytest.mark.slow, pytest.mark.lab]

TOGETHER = 250


_NOT_YET = re.compile(r"the service \\?\"(\S+@docker)\\?\" does not exist")


def lasting(answer: OracleAnswer) -> list[str]:
    """Complaints but those about a container's service from before Traefik had asked for containers.

    Error pages in a file may name it, and the files are read first. That it is there in the end is asked here.
    """
    passing = [line for line in answer.errors if (named := _NOT_YET.search(line)) and named[1] in answer.services]
    return [complaint for complaint in answer.complaints if complaint not in passing]


def test_traefik_shows_exactly_the_routers_and_hosts_of_every_spec(pool: list[Rendered], tmp_path: Path) -> None:
    for start in range(0, len(pool), TOGETHER):
        batch = pool[start : start + TOGETHER]
        folder = tmp_path / str(start)
        folder.mkdir()
        answer = laid_together.ask(batch, folder)
        assert answer.exit_code is None, answer.errors
        assert lasting(answer) == []
        assert laid_together.seen(answer) == laid_together.wanted(batch)
