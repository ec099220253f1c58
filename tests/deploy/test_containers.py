"""Containers as the engine describes them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.containers import ContainerSeen, container_log, containers, parse_containers
from edgegen.deploy.model import Published
from edgegen.deploy.runner import Runner
from tests.fakes.docker_cli import FakeDocker

LABELS = {"com.docker.compose.project": "shop", "com.docker.compose.service": "web", "traefik.enable": "true"}


def described(**changes: Any) -> dict[str, Any]:
    """A running container as `docker inspect` prints it in our format."""
    return {
        "id": "c1",
        "name": "/shop-web-1",
        "image": "web:1",
        "state": {"Status": "running", "ExitCode": 0, "StartedAt": "2026-01-01T00:00:00.5Z", "Error": ""},
        "labels": LABELS,
        "args": ["serve"],
        "networks": {"shop_edge": {"IPAddress": "172.20.0.2"}, "none": None},
        "mounts": [{"Type": "bind", "Source": "/srv/a", "Destination": "/a"},
                   {"Type": "volume", "Name": "shop_data", "Source": "/var/lib/docker/x", "Destination": "/data"}],
        "variables": ["PATH", "PASSWORD", None],
        **changes,
    }  # fmt: skip


def binding(address: str, port: int) -> dict[str, str]:
    return {"HostIp": address, "HostPort": str(port)}


def seen(**changes: Any) -> ContainerSeen:
    (found,) = parse_containers(json.dumps(described(**changes)))
    return found


def test_a_container() -> None:
    assert seen() == ContainerSeen(
        id="c1",
        name="shop-web-1",
        service="web",
        image="web:1",
        state="running",
        started="2026-01-01T00:00:00.5Z",
        labels=LABELS,
        args=("serve",),
        variables=frozenset({"PATH", "PASSWORD"}),
        networks={"shop_edge": "172.20.0.2", "none": ""},
        mounts={"/a": "/srv/a", "/data": "shop_data"},
    )
    assert seen().serves


@pytest.mark.parametrize(
    ("state", "serves", "standing", "complaint"),
    [
        ({"Status": "running", "Health": {"Status": "healthy"}}, True, "is running and healthy", ""),
        ({"Status": "running", "Health": {"Status": "none"}}, True, "is running", ""),
        ({"Status": "running", "Health": {"Status": "starting"}}, False, "is running and starting", ""),
        ({"Status": "running", "Health": {"Status": "unhealthy", "Log": [{"ExitCode": 1, "Output": "no\x1b[2J\n"}]}},
         False, "is running and unhealthy", "no\\x1b[2J"),
        ({"Status": "exited", "ExitCode": 1}, False, "is exited (1)", ""),
        ({"Status": "created", "Error": "port is taken"}, False, "is created", "port is taken"),
        ({}, False, "is ", ""),
    ],
)  # fmt: skip
def test_how_it_stands(state: dict[str, Any], serves: bool, standing: str, complaint: str) -> None:
    found = seen(state=state)
    assert (found.serves, found.standing, found.complaint) == (serves, standing, complaint)


@pytest.mark.parametrize("text", ["", "[]\n", "null\n"])
def test_what_is_no_container(text: str) -> None:
    assert list(parse_containers(text)) == []


def test_restarts() -> None:
    assert seen(restarts=7).restarts == 7


def test_an_empty_description() -> None:
    assert seen(**dict.fromkeys(described())) == ContainerSeen("", "")


@pytest.fixture
def docker(fake: FakeDocker) -> FakeDocker:
    fake.install("docker")
    return fake


def test_of_a_project(docker: FakeDocker) -> None:
    docker.answer("docker ps", "c1\nc2\n")
    one_off = described(labels={**LABELS, "com.docker.compose.oneoff": "True"})
    docker.answer("docker inspect", f"{json.dumps(described())}\n{json.dumps(one_off)}\n")
    assert containers(Runner(), "shop") == (seen(),)
    assert docker.called("--filter label=com.docker.compose.project=shop")
    (call,) = docker.called("inspect --type container")
    assert call[-2:] == ["c1", "c2"]


def test_a_container_that_has_gone_meanwhile(docker: FakeDocker) -> None:
    docker.answer("docker ps", "c1\nc2\n")
    docker.answer("docker inspect", json.dumps(described()) + "\n", "No such container: c2", 1)
    assert containers(Runner()) == (seen(),)
    assert not docker.called("--filter")


@pytest.mark.parametrize(
    ("out", "err", "code", "said"),
    [
        (
            "",
            "Error response from daemon: i/o timeout",
            1,
            "`docker inspect` failed: Error response from daemon: i/o t",
        ),
        ("", "", 137, "`docker inspect` failed: exit code 137"),
        ("", "dial tcp: lookup server.example.com: no such host", 1, "no such host"),
        ("", "template: 1: can't evaluate field Args", 125, "can't evaluate field Args"),
        (json.dumps(described()) + "\n", "", 0, "described 1 of 2 containers"),
    ],
)
def test_containers_that_are_not_described_are_not_absent(
    docker: FakeDocker, out: str, err: str, code: int, said: str
) -> None:
    """`up` would take their ports, names and routes for free."""
    docker.answer("docker ps", "c1\nc2\n")
    docker.answer("docker inspect", out, err, code)
    with pytest.raises(OutsideError) as caught:
        containers(Runner())
    assert said in str(caught.value)


def test_hundreds_are_asked_for_in_parts(docker: FakeDocker) -> None:
    docker.answer("docker ps", "".join(f"c{number}\n" for number in range(250)))
    docker.answers("docker inspect", [docker.reply(f"{json.dumps(described())}\n" * many) for many in (100, 100, 50)])
    assert len(containers(Runner())) == 250
    assert len(docker.called("inspect")) == 3


def test_an_engine_without_containers_is_asked_once(docker: FakeDocker) -> None:
    docker.answer("docker ps", "")
    assert containers(Runner(), "shop") == ()
    assert not docker.called("inspect")


def test_no_engine(docker: FakeDocker) -> None:
    docker.answer("docker ps", "", "Cannot connect to the Docker daemon", 1)
    with pytest.raises(OutsideError, match="Cannot connect"):
        containers(Runner(), "shop")


def test_values_of_variables_stay_with_the_engine(docker: FakeDocker) -> None:
    docker.answer("docker ps", "c1\n")
    docker.answer("docker inspect", json.dumps(described()) + "\n")
    containers(Runner())
    (call,) = docker.called("inspect")
    assert '{{json (index (split . "=") 0)}}' in call[call.index("--format") + 1]


def test_its_log(docker: FakeDocker) -> None:
    docker.answer("docker logs", "2026-01-01T00:00:00Z out\n", "2026-01-01T00:00:01Z err\n")
    assert container_log(Runner(), seen(), lines=100).split("\n") == [
        "2026-01-01T00:00:00Z out", "", "2026-01-01T00:00:01Z err", "",
    ]  # fmt: skip
    assert docker.called("logs --timestamps --tail 100 c1")
    docker.answer("docker logs", "", "no such driver", 1)
    with pytest.raises(OutsideError, match="no such driver"):
        container_log(Runner(), seen(), lines=100)


def test_four_settings_of_a_traefik_are_read_and_no_other_value() -> None:
    found = seen(
        args=["traefik"],
        variables=["TRAEFIK_ENTRYPOINTS_WEB_ADDRESS", "TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS"],
        settings=["TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS=Label(`a`,`b=c`)", None],
    )
    assert found.settings == {"TRAEFIK_PROVIDERS_DOCKER_CONSTRAINTS": "Label(`a`,`b=c`)"}
    assert found.static.get("providers.docker.constraints") == "Label(`a`,`b=c`)"
    assert found.static.has("entrypoints.web")


@pytest.mark.parametrize(
    ("image", "args", "expected"),
    [
        ("docker.io/library/traefik:v3.7@sha256:0", [], True),
        ("traefik", [], True),
        ("mine/proxy:1", ["--EntryPoints.web.address=:80"], True),
        ("traefik/whoami:v1", [], False),
        ("nginx:1", ["serve"], False),
    ],
)
def test_what_is_a_traefik(image: str, args: list[str], expected: bool) -> None:
    assert seen(image=image, args=args).is_traefik is expected


@pytest.mark.parametrize(
    ("ports", "expected"),
    [
        (None, ()),
        ({"5000/tcp": None}, ()),
        ({"80/tcp": [binding("0.0.0.0", 80), binding("::", 80)]}, (Published(80),)),
        ({"80/tcp": [binding("", 80)]}, (Published(80),)),
        ({"5353/udp": [binding("127.0.0.1", 53)]}, (Published(53, "udp", "127.0.0.1"),)),
        ({"443/tcp": [binding("::1", 8443)]}, (Published(8443, "tcp", "::1"),)),
        ({"1/tcp": [binding("", 8000)], "2/tcp": [binding("", 8001)]}, (Published(8000), Published(8001))),
    ],
)
def test_ports_of_the_host(ports: Any, expected: tuple[Published, ...]) -> None:
    assert seen(ports=ports).ports == expected


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({"Health": {"Log": [{"ExitCode": 1, "Output": "old"}, {"ExitCode": 7, "Output": "no\x1b[2J route\n"}]}}, "no"),
        ({"Health": {"Log": [{"ExitCode": 0, "Output": "fine"}]}}, ""),
        ({"Error": "exec: not found"}, "exec: not found"),
        ({}, ""),
    ],
)
def test_the_last_failing_check(state: dict[str, object], said: str) -> None:
    found = seen(state=state).complaint
    assert found.startswith(said) and bool(found) is bool(said)
    assert "\x1b" not in found
