"""4 before the first change, 5 after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import OutsideError, PartialError, RefusedError
from edgegen.deploy.changes import Changes, partial_after_changes
from edgegen.deploy.runner import Runner
from edgegen.deploy.session import open_session
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
    session = open_session(project, project / "docker-compose.yml", Runner())
    if gone:
        fake.answer("docker ps --all --no-trunc", err="gone", code=1)
    with pytest.raises((OutsideError, PartialError)) as caught, partial_after_changes(session, Changes(before, made)):
        raise OutsideError("the world failed", hint="wait")
    assert type(caught.value) is expected
    assert caught.value.problems[0].hint == "wait"


def test_other_errors_pass(fake: FakeDocker, project: Path) -> None:
    a_healthy_world(fake)
    session = open_session(project, project / "docker-compose.yml", Runner())
    with pytest.raises(RefusedError), partial_after_changes(session, Changes(frozenset(), ["network e"])):
        raise RefusedError("no")
