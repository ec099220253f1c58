"""How many specs, and the pool of accepted ones that several properties look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from tests.properties import rendered, specs
from tests.sizes import is_proof, sized

EXAMPLES = sized(400, 2_000)
KINDS = 24
"""So many kinds of middlewares the pool has at least. The few that 400 random specs may lack come with the next 400."""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder that nothing is written to."""
    return rendered.project_folder(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def pool(project: Path) -> list[rendered.Rendered]:
    """Random specs through edgegen, each judged; a fault is reported by hypothesis here.

    It is shrunk in the proof: that takes minutes, and a usual run shall say at once that it is red.
    """
    found = explore(EXAMPLES, project)
    while len(found) < 3 * EXAMPLES and len(middlewares_of(found)) < KINDS:
        found += explore(EXAMPLES, project, len(found))
    return found


def middlewares_of(pool: list[rendered.Rendered]) -> set[str]:
    """The kinds of middlewares that its specs declare."""
    return {middleware["kind"] for item in pool for middleware in item.data.get("middlewares", {}).values()}


def explore(examples: int, project: Path, before: int = 0) -> list[rendered.Rendered]:
    """So many random specs, judged one by one; those that passed. They are numbered after those of `before`."""
    found: list[rendered.Rendered] = []
    phases = [Phase.generate, *([Phase.shrink, Phase.explain] if is_proof() else [])]

    @settings(max_examples=examples, phases=phases)
    @given(specs.specs())
    def one(sample: specs.Sample) -> None:
        result = rendered.through(sample, before + len(found) + 1, project)
        rendered.judge(result)
        found.append(result)

    one()
    return found
