"""What `docker compose down` leaves behind without an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.core.errors import PartialError
from edgegen.deploy import steps
from tests.deploy.conftest import compose
from tests.deploy.test_steps import Notes
from tests.fakes.docker_cli import FakeDocker, a_healthy_world

pytestmark = pytest.mark.slow

NETWORKS = "network ls --filter label=com.docker.compose.project=shop --format {{.Name}}"
VOLUMES = "volume ls --filter label=com.docker.compose.project=shop --format {{.Name}}"


@pytest.fixture
def world(fake: FakeDocker) -> FakeDocker:
    a_healthy_world(fake)
    return fake


def down(project: Path, *, volumes: bool = False) -> Notes:
    notes = Notes()
    steps.down(compose(project), notes, volumes=volumes)
    return notes


def test_nothing_is_removed_where_nothing_is_left(world: FakeDocker, project: Path) -> None:
    down(project, volumes=True)
    assert not world.called("docker network rm")
    assert not world.called("docker volume rm")


def test_networks_and_volumes_of_an_earlier_file_are_removed(world: FakeDocker, project: Path) -> None:
    """Compose removes only those that the present file names."""
    world.answer(NETWORKS, "shop_old\n")
    world.answer(VOLUMES, "shop_data\n")
    world.answer("docker network rm")
    world.answer("docker volume rm")
    assert down(project, volumes=True) == []
    assert world.called("docker network rm shop_old")
    assert world.called("docker volume rm shop_data")


def test_volumes_stay_unless_they_are_meant(world: FakeDocker, project: Path) -> None:
    world.answer(VOLUMES, "shop_data\n")
    down(project)
    assert not world.called("docker volume rm")


def test_a_network_that_another_project_has_joined_stays(world: FakeDocker, project: Path) -> None:
    world.answer(NETWORKS, "shop_edge\n")
    world.answer("docker network rm", err="error while removing network: has active endpoints", code=1)
    world.answer("docker ps --all --filter network=shop_edge", "d\nc\nb\na\n")
    assert down(project)[-1] == "network `shop_edge` stays: in use by `a`, `b`, `c` and 1 more"


def test_a_network_that_has_gone_meanwhile_does_not_stay(world: FakeDocker, project: Path) -> None:
    """The words of Docker's client 28."""
    world.answer(NETWORKS, "shop_edge\n")
    gone = "Error response from daemon: network shop_edge not found\nexit status 1"
    world.answer("docker network rm", err=gone, code=1)
    assert not any("stays" in note for note in down(project))


def test_a_volume_that_was_not_deleted_is_no_success(world: FakeDocker, project: Path) -> None:
    """Compose says `Resource is still in use`, and ends with 0."""
    world.answer(VOLUMES, "shop_data\nshop_gone\n")
    in_use = world.reply(err="volume is in use - [4c1f]", code=1)
    world.answers("docker volume rm", [in_use, world.reply(err="Error: no such volume: shop_gone", code=1)])
    world.answer("docker ps --all --filter volume=shop_data", "backup\n")
    with pytest.raises(PartialError) as caught:
        down(project, volumes=True)
    assert str(caught.value) == "volume `shop_data` was not deleted: in use by `backup`"


def test_a_volume_that_a_hand_has_made_and_that_is_in_use_is_no_success(world: FakeDocker, project: Path) -> None:
    """The file names it, and no label does."""
    world.answer("volume ls --format", "anothers\nshop-data\nshop_own\n")
    world.answer("docker volume rm", err="volume is in use - [4c1f]", code=1)
    world.answer("docker ps --all --filter volume=shop_own", "backup\n")
    with pytest.raises(PartialError) as caught:
        down(project, volumes=True)
    assert str(caught.value) == "volume `shop_own` was not deleted: in use by `backup`"
    assert [call[-1] for call in world.called("docker volume rm")] == ["shop_own"]


def test_without_a_user_the_engine_has_the_word(world: FakeDocker, project: Path) -> None:
    world.answer(NETWORKS, "shop_edge\n")
    world.answer("docker network rm", err="network is managed by somebody", code=1)
    world.answer("docker ps --all --filter network=shop_edge")
    assert down(project)[-1] == "network `shop_edge` stays: network is managed by somebody"
