"""`init`'s "Next:" is the whole way, for every starter project and every target it has: token, DNS, start, proof."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.cli.report.next_steps import next_steps
from edgegen.core.errors import UsageError
from edgegen.project.init import Answers, owner_lines, project_files
from edgegen.render.starters import has_domain, refuse_target, starters
from edgegen.spec.load import load_text
from edgegen.target_names import TARGETS

WAYS = [(starter.name, target) for starter in starters() for target in TARGETS]


def steps_of(template: str, target: str, environ: dict[str, str]) -> list[str]:
    refuse_target(template, target)
    domain = "www.example.com" if has_domain(template) else "registry.localhost"
    answers = Answers(domain, "ops@example.com", ("192.0.2.7",), target, ("ci",), "abcdefgh")
    owner = owner_lines(Path("/nonexistent"), "example", "abcdefgh", force=False)
    loaded = load_text(project_files(template, answers, owner)["edge.yaml"])
    return [step.command for step in next_steps(loaded.spec, Path("shop"), ("ci",), environ)]


@pytest.mark.parametrize(("template", "target"), WAYS)
def test_the_whole_way_is_named(template: str, target: str) -> None:
    try:
        steps = steps_of(template, target, {})
    except UsageError as error:
        assert target == "swarm"
        assert "is for one host" in str(error)
        return
    wanted = ["docker swarm init"] if target == "swarm" else []
    if has_domain(template):
        wanted += ["export CLOUDFLARE_API_TOKEN=…", "edgegen dns sync -C shop"]
    wanted += ["edgegen up -C shop"]
    assert steps[: len(wanted)] == wanted
    assert (steps[-1] == "edgegen verify --wait 120 -C shop") is has_domain(template)
    assert any(step.startswith("docker login ") for step in steps) is ("registry" in template)


def test_a_token_that_is_set_is_not_asked_for() -> None:
    assert "export CLOUDFLARE_API_TOKEN=…" not in steps_of("web", "compose", {"CLOUDFLARE_API_TOKEN": "x"})


def test_there_are_as_many_ways_as_starters_and_targets() -> None:
    assert len(WAYS) == len(list(starters())) * 2 >= 22
