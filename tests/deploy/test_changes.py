"""4 before the first change, 5 after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, PartialError, RefusedError
from edgegen.deploy.backends.base import Changes
from edgegen.deploy.steps import partial_after_changes
from tests.deploy.conftest import compose
from tests.fakes.docker_cli import FakeDocker, a_healthy_world


@pytest.mark.parametrize(
    ("before", "made", "gone", "expected"),
    [
        (frozenset(), [], False, OutsideError),
        (frozenset({"network n1"}), [], False, PartialError),
        (frozenset(), ["network e"], False, PartialError),
        (frozenset(), [], True, PartialError),
    ],
)
def test_what_the_exit_code_says(
    fake: FakeDocker, project: Path, before: frozenset[str], made: list[str], gone: bool, expected: type[Exception]
) -> None:
    a_healthy_world(fake)
    backend = compose(project)
    if gone:
        fake.answer("docker ps --all --no-trunc", err="gone", code=1)
    with (
        pytest.raises((OutsideError, PartialError)) as caught,
        partial_after_changes(backend, "shop", Changes(before, made)),
    ):
        raise OutsideError("the world failed", hint="wait")
    assert type(caught.value) is expected
    assert caught.value.problems[0].hint == "wait"


def test_other_errors_pass(fake: FakeDocker, project: Path) -> None:
    a_healthy_world(fake)
    backend = compose(project)
    with pytest.raises(RefusedError), partial_after_changes(backend, "shop", Changes(frozenset(), ["network e"])):
        raise RefusedError("no")
