"""Random specs for target swarm: docker takes each and reads what the spec says, and Traefik shows just its routers."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import Phase, given, settings

from tests.properties import laid_together, swarm_rendered, swarm_together
from tests.properties.on_swarm import swarm_specs
from tests.properties.specs import Sample
from tests.sizes import is_proof, sized

pytestmark = [pytest.mark.slow, pytest.mark.lab]

EXAMPLES = sized(25, 500)
TOGETHER = 125


@pytest.fixture(scope="module")
def stacks(tmp_path_factory: pytest.TempPathFactory) -> list[swarm_rendered.Stack]:
    """Random specs through edgegen and docker, each judged. Shrunk in the proof only, as for Compose."""
    project = swarm_rendered.project_folder(tmp_path_factory.mktemp("project"))
    return explore(EXAMPLES, project, tmp_path_factory.mktemp("stacks"))


def explore(examples: int, project: Path, folder: Path) -> list[swarm_rendered.Stack]:
    """So many random specs, judged one by one; those that passed."""
    found: list[swarm_rendered.Stack] = []
    phases = [Phase.generate, *([Phase.shrink, Phase.explain] if is_proof() else [])]

    @settings(max_examples=examples, phases=phases)
    @given(swarm_specs())
    def one(sample: Sample) -> None:
        stack = swarm_rendered.through(sample, len(found) + 1, project, folder)
        swarm_rendered.judge(stack)
        found.append(stack)

    one()
    return found


def test_docker_reads_what_the_specs_say(stacks: list[swarm_rendered.Stack]) -> None:
    assert len(stacks) >= EXAMPLES * 0.95
    kinds = {
        service.get("kind", "container") for stack in stacks for service in stack.data.get("services", {}).values()
    }
    assert len(kinds) >= 5


def test_traefik_shows_exactly_the_routers_of_every_spec(stacks: list[swarm_rendered.Stack], tmp_path: Path) -> None:
    for start in range(0, len(stacks), TOGETHER):
        batch = stacks[start : start + TOGETHER]
        folder = tmp_path / str(start)
        folder.mkdir()
        answer = swarm_together.ask(batch, folder)
        assert answer.exit_code is None, answer.errors
        assert laid_together.lasting(answer) == []
        assert laid_together.seen(answer) == swarm_together.wanted(batch)
