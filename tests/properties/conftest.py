"""How many specs, and the pool of accepted ones that several properties look at."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from tests.properties import rendered, specs
from tests.sizes import is_proof, sized

EXAMPLES = sized(400, 2_000)
"""With fewer, kinds of middlewares are missing among them."""


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder that nothing is written to."""
    return rendered.project_folder(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def pool(project: Path) -> list[rendered.Rendered]:
    """Random specs through edgegen, each judged; a fault is reported by hypothesis here.

    It is shrunk in the proof: that takes minutes, and a usual run shall say at once that it is red.
    """
    return explore(EXAMPLES, project)


def explore(examples: int, project: Path) -> list[rendered.Rendered]:
    """So many random specs, judged one by one; those that passed."""
    found: list[rendered.Rendered] = []
    phases = [Phase.generate, *([Phase.shrink, Phase.explain] if is_proof() else [])]

    @settings(max_examples=examples, phases=phases)
    @given(specs.specs())
    def one(sample: specs.Sample) -> None:
        result = rendered.through(sample, len(found) + 1, project)
        rendered.judge(result)
        found.append(result)

    one()
    return found
