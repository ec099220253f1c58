"""How many specs, and the pool of accepted ones that several properties look at."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.properties import rendered, specs

DEFAULT_EXAMPLES = 2_000
WANTED = int(os.environ.get("EDGEGEN_EXAMPLES") or 0)
EXAMPLES = WANTED or DEFAULT_EXAMPLES
SAMPLE = 400
"""Specs of the pool in the usual run; the proof has all."""

# The default run is the same for everybody: a red one is red again. Asked for a number, it looks for new ones.
settings.register_profile(
    "properties",
    max_examples=EXAMPLES,
    derandomize=not WANTED,
    database=None,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.function_scoped_fixture],
)


@pytest.fixture(scope="session")
def quick_hashes() -> Iterator[None]:
    """bcrypt at its least cost: what is tested here is not how slow it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("edgegen.secrets.htpasswd.COST", 4)
        yield


@pytest.fixture(scope="session")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project folder that nothing is written to."""
    return rendered.project_folder(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="session")
def examples(proof: bool) -> int:
    """How many specs the pool has."""
    return EXAMPLES if proof or WANTED else SAMPLE


@pytest.fixture(scope="session")
def pool(project: Path, quick_hashes: None, examples: int, proof: bool) -> list[rendered.Rendered]:
    """Random specs through edgegen, each judged; a fault is reported by hypothesis here.

    It is shrunk in the proof, or where a number was asked for: that takes minutes, and a usual run shall say at once
    that it is red.
    """
    return explore(examples, project, shrink=proof or bool(WANTED))


def explore(examples: int, project: Path, *, shrink: bool) -> list[rendered.Rendered]:
    """So many random specs, judged one by one; those that passed."""
    found: list[rendered.Rendered] = []
    phases = [Phase.generate, *([Phase.shrink, Phase.explain] if shrink else [])]

    @settings(settings.get_profile("properties"), max_examples=examples, phases=phases)
    @given(specs.specs())
    def one(sample: specs.Sample) -> None:
        result = rendered.through(sample, len(found) + 1, project)
        rendered.judge(result)
        found.append(result)

    one()
    return found
