"""A clone of a project whose stack runs: it has none of the secrets that were generated for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
from edgegen.deploy.command import Command, Result
from edgegen.files import Output, write_outputs
from edgegen.project.lost_secrets import refuse_lost_secrets
from edgegen.spec.load import load
from tests.fakes.swarm import FakeSwarm, node, service

SPEC = """\
name: shop
target: swarm
edge: none
dns: {owner: shop-1a}
services:
  db: {image: "db:1", secrets: [db-password]}
secrets:
  db-password: {generate: 32}
  token: {env: TOKEN}
"""


def running(*secrets: str, owner: str = "shop-1a", stack: str = "shop") -> FakeSwarm:
    """A swarm whose stack has these secrets."""
    held = [{"SecretName": name} for name in secrets]
    own = {"edgegen.owner": owner} if owner else {}
    return FakeSwarm([node("one")], [service("db", stack, secrets=held, labels=own)])


def refuse(folder: Path, swarm: FakeSwarm, spec: str = SPEC) -> None:
    (folder / "edge.yaml").write_text(spec)
    refuse_lost_secrets(folder, load(folder, None), swarm)


MOUNTED = "shop-db-password-0123456789ab"


@pytest.mark.parametrize("owner", ["shop-1a", ""])
def test_a_clone_would_generate_another_password(tmp_path: Path, owner: str) -> None:
    with pytest.raises(RefusedError) as caught:
        refuse(tmp_path, running(MOUNTED, owner=owner))
    (problem,) = caught.value.problems
    assert problem.message == (
        "the stack `shop` runs with `secrets/db-password` of another folder, and this one, which has no "
        "`.edgegen/naming.key` either, would generate other values: a database that exists does not take a new password"
    )
    assert problem.where is not None
    assert problem.where.line == 8
    assert "cat /run/secrets/db-password" in problem.hint


@pytest.mark.parametrize(
    "swarm",
    [
        pytest.param(running(), id="it has no secret yet"),
        pytest.param(running("shop-token-0123456789ab"), id="another secret, which is not generated"),
        pytest.param(running(MOUNTED, owner="other-2b"), id="another project's, which the preflight refuses"),
        pytest.param(running(MOUNTED, stack="else"), id="another stack"),
        pytest.param(FakeSwarm([node("one")], [], is_manager=False), id="no manager"),
    ],
)
def test_what_is_no_clone(tmp_path: Path, swarm: FakeSwarm) -> None:
    refuse(tmp_path, swarm)


@pytest.mark.parametrize("present", ["secrets/db-password", ".edgegen/naming.key"])
def test_a_value_that_is_here_or_a_rotation_asks_nobody(tmp_path: Path, present: str) -> None:
    """Whoever removes the file of a secret in the folder that deployed the stack wants another one."""
    (tmp_path / present).parent.mkdir()
    (tmp_path / present).write_text("x")
    swarm = running(MOUNTED)
    refuse(tmp_path, swarm)
    assert swarm.asked == []


PASSED = SPEC.replace("secrets: [db-password]", "environment: {PW: {secret: db-password}}")


@pytest.mark.parametrize(("variables", "refused"), [(["PW"], True), (["OTHER=x"], False), ([], False)])
def test_a_secret_that_is_a_variable(tmp_path: Path, variables: list[str], refused: bool) -> None:
    """Only its name is asked for. One that runs without it has no value yet that could be lost."""
    swarm = FakeSwarm([node("one")], [service("db", "shop", variables=[*variables, None])])
    if refused:
        with pytest.raises(RefusedError, match="`secrets/db-password` of another folder"):
            refuse(tmp_path, swarm, PASSED)
    else:
        refuse(tmp_path, swarm, PASSED)


REGISTRY = """\
name: shop
target: swarm
domains: {example.com: {provider: none}}
acme: {email: a@commenthouse.com}
dns: {owner: shop-1a}
edge: {dashboard: {host: t.example.com, users: [ops]}}
services:
  hub: {kind: registry, host: r.example.com, users: [ci]}
"""


@pytest.mark.parametrize(
    ("secret", "line", "path"),
    [
        ("shop-registry-hub-htpasswd-0123456789ab", 8, "registry-hub"),
        ("shop-traefik-auth-htpasswd-0123456789ab", 6, "traefik/auth"),
    ],
)
def test_the_passwords_of_users(tmp_path: Path, secret: str, line: int, path: str) -> None:
    with pytest.raises(RefusedError) as caught:
        refuse(tmp_path, running(secret), REGISTRY)
    (problem,) = caught.value.problems
    assert f"runs with `{path}/htpasswd` of another folder" in problem.message
    assert problem.message.endswith("nobody could log in with the passwords that are in use")
    assert problem.where is not None
    assert problem.where.line == line
    assert problem.hint == (
        f"copy `{path}/` and `.edgegen/naming.key` from the folder that deployed the stack; for new values run "
        "`edgegen render` first"
    )


COMPOSE = SPEC.replace("target: swarm\n", "")


class Containers:
    """An engine's answer to `docker ps`."""

    def __init__(self, folder: object, *services: str, project: str = "shop") -> None:
        self.asked: list[Sequence[str]] = []
        self._rows = [
            {
                "id": name,
                "name": f"{project}-{name}-1",
                "labels": {
                    "com.docker.compose.project": project,
                    "com.docker.compose.service": name,
                    "com.docker.compose.project.working_dir": str(folder),
                },
            }
            for name in services
        ]

    def run(self, command: Command) -> Result:
        self.asked.append(command.argv)
        said = "".join(f"{json.dumps(row)}\n" for row in self._rows) if "ps" in command.argv else ""
        return Result(0, said, "")

    def stream(self, command: Command, *, to_stderr: bool = False) -> Result:
        raise NotImplementedError

    def stream_all(self, commands: Sequence[Command]) -> list[Result]:
        raise NotImplementedError


@pytest.mark.parametrize("spec", [COMPOSE, PASSED.replace("target: swarm\n", "")])
def test_a_folder_that_was_made_again_under_its_containers(tmp_path: Path, spec: str) -> None:
    (tmp_path / "edge.yaml").write_text(spec)
    with pytest.raises(RefusedError) as caught:
        refuse_lost_secrets(tmp_path, load(tmp_path, None), Containers(tmp_path, "db"))
    (problem,) = caught.value.problems
    assert problem.message == (
        "project `shop` runs with `secrets/db-password` of an earlier state of this folder, which would generate other "
        "values now: a database that exists does not take a new password"
    )
    assert problem.hint.startswith("restore `secrets/` from a backup; what runs has it")


def test_a_registry_whose_users_are_lost(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(REGISTRY.replace("target: swarm\n", ""))
    with pytest.raises(RefusedError, match="`registry-hub/htpasswd` and `traefik/auth/htpasswd` of an earlier state"):
        refuse_lost_secrets(tmp_path, load(tmp_path, None), Containers(tmp_path, "hub", "traefik"))


@pytest.mark.parametrize(
    ("folder", "services", "project"),
    [
        pytest.param(".", (), "shop", id="nothing runs"),
        pytest.param(".", ("web",), "shop", id="a service without it"),
        pytest.param(".", ("db",), "other", id="another project"),
        pytest.param("/elsewhere", ("db",), "shop", id="another folder, which the preflight refuses"),
    ],
)
def test_what_is_no_restored_folder(tmp_path: Path, folder: str, services: tuple[str, ...], project: str) -> None:
    (tmp_path / "edge.yaml").write_text(COMPOSE)
    refuse_lost_secrets(tmp_path, load(tmp_path, None), Containers(tmp_path / folder, *services, project=project))


def test_a_folder_that_was_rendered_or_another_host_asks_no_container(tmp_path: Path) -> None:
    (tmp_path / "edge.yaml").write_text(COMPOSE)
    engine = Containers(tmp_path, "db")
    refuse_lost_secrets(tmp_path, load(tmp_path, None), engine, "ssh://me@server")
    assert engine.asked == []
    write_outputs(tmp_path, [Output("docker-compose.yml", b"x")], spec_hash="s", environment=None, version="1")
    refuse_lost_secrets(tmp_path, load(tmp_path, None), engine)
    assert engine.asked == []
