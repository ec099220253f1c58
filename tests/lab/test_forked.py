"""What `forked` runs is what a process of its own would be: on the ground, with its variables, and ended in time."""

from __future__ import annotations

import json

import pytest

from tests.lab.forked import as_a_process, edgegen
from tests.lab.ground import Ground


def test_a_fork_is_on_the_ground_as_a_process_is(engine: Ground) -> None:
    """It finds the engine by its usual socket, and another one where a variable says so."""
    for variables in ({}, {"DOCKER_HOST": "unix:///nowhere.sock"}):
        forked, whole = (run(engine, "doctor", "--json", env=variables) for run in (edgegen, as_a_process))
        assert (forked.returncode, forked.stderr) == (whole.returncode, whole.stderr)
        assert _outcomes(forked.stdout) == _outcomes(whole.stdout)
        assert _outcomes(forked.stdout)["engine"] == ("fail" if variables else "pass")


def test_a_fork_that_takes_too_long_is_ended(engine: Ground) -> None:
    """Its number is one of the ground's."""
    with pytest.raises(AssertionError, match=r"doctor: edgegen has not ended after 0\.01 seconds"):
        edgegen(engine, "doctor", seconds=0.01)
    assert "edgegen" in edgegen(engine, "--version").stdout


def _outcomes(printed: str) -> dict[str, str]:
    return {item["name"]: item["outcome"] for item in json.loads(printed)["findings"]}
