"""Which variables Docker's client gets for a stack."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Start
from edgegen.deploy.swarm.client_variables import client_variables
from tests.deploy.swarm.scene import Notes, backend, manager, stack
from tests.fakes.swarm import service, task

CLIENTS = ("DOCKER_HOST", "DOCKER_CONTEXT", "DOCKER_CONFIG", "PATH", "HOME", "LD_PRELOAD", "SSH_AUTH_SOCK")


def test_no_variable_of_the_project_sends_a_deployment_elsewhere(tmp_path: Path) -> None:
    app = {"image": "app:${TAG}", "env_file": ["app.env"]}
    (tmp_path / "app.env").write_text("ALONE\n")
    swarm = manager(
        config=stack(services={**stack()["services"], "app": app}),
        services=[service("edge", "shop"), service("app", "shop")],
        tasks=[task("edge"), task("app")],
    )
    values = {**dict.fromkeys(CLIENTS, "/elsewhere"), "TAG": "1", "ALONE": "2", "UNUSED": "3"}
    steps.up(backend(tmp_path, swarm, **values), Notes(), Start(30))
    for words in (("stack", "config"), ("stack", "deploy")):
        (command,) = swarm.called(*words)
        assert command.variables == {"TAG": "1", "ALONE": "2"}


@pytest.mark.parametrize("text", ["$DOCKER_HOST", "${DOCKER_HOST}", "x${A:-${DOCKER_HOST:-y}}"])
def test_a_stack_that_needs_one_is_refused_unless_the_client_has_the_same(text: str) -> None:
    values = {"DOCKER_HOST": "tcp://other:2375"}
    with pytest.raises(RefusedError, match=r"the stack uses `DOCKER_HOST` from `\.env`"):
        client_variables(text, values, {})
    assert client_variables(text, values, values) == {}


@pytest.mark.parametrize("text", ["$$DOCKER_HOST", "$DOCKER_HOSTS", "DOCKER_HOST: tcp://x"])
def test_a_word_is_not_a_use(text: str) -> None:
    assert client_variables(text, {"DOCKER_HOST": "tcp://other:2375"}, {}) == {}


def test_other_names_with_the_same_beginning_are_the_projects() -> None:
    values = {"DOCKER_TAG": "1", "LD_SDK_KEY": "2", "SSH_PORT": "3"}
    assert client_variables(" ".join(f"${name}" for name in values), values, {}) == values
