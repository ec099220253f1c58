"""The state of a swarm's stack on terminals of several widths, and for programs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from edgegen.cli.report.standing import standing_text
from edgegen.cli.screen import PLAIN, Screen
from edgegen.core.columns import width
from edgegen.deploy.health import Replicas, Row, Standing, Verdict

SEEN = Path(__file__).parent / "seen"
Golden = Callable[[Path, str], None]
NO_NODE = "no suitable node (scheduling constraints not satisfied on 2 nodes)"
WEB = "ghcr.io/acme/storefront:2026.11.3"
GOOD = {"state": "running", "health": "healthy", "verdict": Verdict.HEALTHY, "node": "one"}
STACK = Standing(
    "shop",
    (
        Row("traefik", "traefik.1", image="traefik:v3.7.15", **GOOD),
        Row("web", "web.1", image=WEB, **GOOD),
        Row("web", "web.2", "starting", "starting", image=WEB, verdict=Verdict.PENDING, node="worker-two"),
        Row("db", "db.1", "pending", image="postgres:16-alpine", error=NO_NODE, verdict=Verdict.ILL),
    ),
    (
        Replicas("traefik", 1, 1), Replicas("web", 1, 2, "rollback_completed", failed=True), Replicas("db", 0, 1),
        Replicas("job", 0, 0),
    ),
)  # fmt: skip


@pytest.mark.parametrize("columns", [60, 80, 140])
def test_on_a_terminal(golden: Golden, columns: int) -> None:
    painted = Screen(columns, lambda text, code: f"‹{code}›{text}‹›" if code and text else text)
    golden(SEEN / f"swarm-{columns}.txt", standing_text(STACK, painted) + "\n")
    shown = standing_text(STACK, Screen(columns))
    assert all(width(line) <= columns for line in shown.splitlines())
    assert NO_NODE in " ".join(shown.split())


def test_for_programs(golden: Golden) -> None:
    golden(SEEN / "swarm-pipe.txt", standing_text(STACK, PLAIN) + "\n")
