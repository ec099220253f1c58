"""A clone of a project whose stack runs: it has none of the secrets that were generated for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import RefusedError
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


def test_with_compose_nobody_is_asked(tmp_path: Path) -> None:
    swarm = running(MOUNTED)
    refuse(tmp_path, swarm, SPEC.replace("target: swarm\n", ""))
    assert swarm.asked == []
