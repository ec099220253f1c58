"""The lab as fixtures: one engine and one ACME server for all tests of a session, started at the first use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.authority import Authority, running_authority
from tests.lab.engine import docker, running_engine, sweep
from tests.lab.ground import Ground
from tests.lab.hosts import Hosts, running_hosts
from tests.lab.stack import Stack
from tests.lab.traefiks import accepted_versions

_HERE = f"{Path(__file__).parent}{os.sep}"
USUAL = ("3.6.2", "3.6.15", "3.7.0")
"""The oldest Traefik, the last without some options, and the first of the next line. The newest is asked everywhere
else."""


LONG = (
    "test_swarm_up", "test_two_projects", "test_edgegen_image", "test_verify", "test_starters_on_a_swarm",
    "test_small_starters_on_a_swarm", "test_swarm_explain", "test_pictures", "test_todo", "test_small_starters",
    "test_two_stacks", "test_whole_way", "test_oracle", "test_traefik_versions", "test_socket_proxy", "test_wordpress",
    "test_swarm_deployed", "test_swarm_verify", "test_tasks", "test_old_registry", "test_anonymous_registry",
    "test_old_project", "test_secrets", "test_built", "test_three_environments", "test_traefik_labels",
)  # fmt: skip
"""The files that take half a minute or more. They come first, so that the lab's two workers end together."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is `lab`, and what has the hosts is `hosts` too."""
    turns = {name: turn for turn, name in enumerate(LONG)}
    items.sort(key=lambda item: turns.get(item.path.stem, len(LONG)) if str(item.path).startswith(_HERE) else len(LONG))
    for item in items:
        if str(item.path).startswith(_HERE):
            item.add_marker(pytest.mark.lab)
        if "three_hosts" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.hosts)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """`version`: the Traefiks that are asked; about whole projects only the oldest in the usual run."""
    if "version" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--traefik-versions") or (
            "all" if metafunc.config.getoption("--proof") else ""
        )
        versions = accepted_versions() if chosen == "all" else [item for item in chosen.split(",") if item]
        whole_projects = {"example", "starter"} & {*metafunc.fixturenames}
        metafunc.parametrize("version", versions or (USUAL[:1] if whole_projects else USUAL))


@pytest.fixture(scope="session")
def engine() -> Iterator[Ground]:
    """The lab's own ground with a running Docker Engine."""
    with running_engine() as ground:
        yield ground


@pytest.fixture
def ground(engine: Ground) -> Iterator[Ground]:
    """The engine without any container, network or volume before and after the test."""
    yield engine
    sweep(engine)


@pytest.fixture(scope="session")
def authority(engine: Ground, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The ACME server, and the DNS in which every name is the lab."""
    with running_authority(engine, tmp_path_factory.mktemp("authority")) as found:
        yield found


@pytest.fixture
def one_node(ground: Ground) -> Ground:
    """The engine as a swarm of one node."""
    docker(ground, "swarm", "init", "--advertise-addr", ground.address)
    return ground


@pytest.fixture(scope="module")
def three_hosts() -> Iterator[Hosts]:
    """Three engines, each with an address and an sshd of its own.

    Each module has new ones, which takes about a second: between nodes of an engine's second swarm, overlay networks
    don't always carry anything.
    """
    with running_hosts(3) as found:
        yield found


@pytest.fixture
def hosts(three_hosts: Hosts) -> Hosts:
    """Three hosts that are in no swarm, without any container, network or volume before the test.

    What it leaves behind is swept away for the next one, and after the last one of a module with the hosts.
    """
    three_hosts.sweep()
    return three_hosts


@pytest.fixture
def swarm(hosts: Hosts) -> Hosts:
    """One swarm of three managers."""
    hosts.form()
    return hosts


@pytest.fixture(scope="module")
def street_authority(three_hosts: Hosts, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Authority]:
    """The ACME server of the hosts, and the DNS in which every name is the first host."""
    folder = tmp_path_factory.mktemp("street-authority")
    with running_authority(three_hosts.street, folder, names_at=three_hosts[0].address) as found:
        yield found


@pytest.fixture
def stack(ground: Ground, authority: Authority, tmp_path: Path) -> Stack:
    """An empty project directory whose commands run in the lab."""
    return Stack(ground, authority, tmp_path / "project")
