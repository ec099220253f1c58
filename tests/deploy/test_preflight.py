"""Everything that stands in the way is found, and all of it at once."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from edgegen.deploy import preflight
from edgegen.deploy.engine import Engine
from edgegen.deploy.holders import Holder
from edgegen.deploy.model import HostFile, Project, Published, ServiceModel
from edgegen.deploy.ports import Answer
from edgegen.deploy.preflight import (
    held_by_process,
    look,
    old_traefik,
    overlaps,
    port_problems,
    socket_problems,
)
from tests.deploy.engine_of_others import publishing as container

HERE = Engine("29.0.1", (1, 52), (1, 44), "unix:///run/other.sock")
THERE = Engine("29.0.1", (1, 52), (1, 44), "ssh://me@there")


def listen() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_busy_port_names_this_process() -> None:
    with listen() as held:
        port = held.getsockname()[1]
        (problem,) = port_problems(Project("shop", published=(Published(port, service="edge"),)), ())
    comm = Path("/proc/self/comm").read_text().strip()
    assert str(problem) == (
        f"services.edge.ports: port {port}/tcp (all addresses) is held by {comm} (pid {os.getpid()})"
    )


def test_our_own_container_may_hold_it() -> None:
    with listen() as held:
        wanted = Published(held.getsockname()[1])
        ours = container("shop-edge-1", "shop", (wanted,))
        assert list(port_problems(Project("shop", published=(wanted,)), (ours,))) == []


@pytest.mark.parametrize(("project", "said"), [("", "`old-proxy`"), ("blog", "`old-proxy` of compose project `blog`")])
def test_a_strangers_container_is_named_even_without_a_socket(project: str, said: str) -> None:
    stranger = container("old-proxy", project, (Published(80),))
    (problem,) = port_problems(Project("shop", published=(Published(80),)), (stranger,))
    assert problem.message.endswith(f"is held by container {said}")
    assert "docker stop old-proxy" in problem.hint


@pytest.mark.parametrize(
    ("name", "project", "said"),
    [
        ("nextcloud", "", "the name `nextcloud` is that of a container already"),
        ("nextcloud", "old", "the name `nextcloud` is that of a container of compose project `old` already"),
        ("nextcloud", "shop", ""),  # Compose replaces it
        ("nextcloud2", "old", ""),
        ("", "old", ""),
    ],
)
@pytest.mark.parametrize("engine", [HERE, THERE])
def test_a_container_name_that_another_one_has(
    name: str, project: str, said: str, engine: Engine, tmp_path: Path
) -> None:
    wanted = {"image": "n:1", "container_name": "nextcloud"}
    shop = Project.read({"name": "shop", "services": {"cloud": wanted, "db": {"image": "d:1"}}})
    problems = look(shop, tmp_path, engine, (container(name, project, ()),)).problems
    assert [problem.message for problem in problems] == [said] * bool(said)
    assert all("`docker rm -f nextcloud`" in problem.hint for problem in problems)


def test_on_another_machine_only_its_containers_count() -> None:
    with listen() as held:
        project = Project("shop", published=(Published(held.getsockname()[1]), Published(80)))
        stranger = container("old-proxy", "", (Published(80),))
        problems = list(port_problems(project, (stranger,), local=False))
    assert [problem.message.split()[1] for problem in problems] == ["80/tcp"]


def test_an_address_that_is_not_ours() -> None:
    (problem,) = port_problems(Project("shop", published=(Published(8080, "tcp", "192.0.2.1"),)), ())
    assert "not one of this host" in problem.message


@pytest.mark.parametrize(
    ("answer", "holders", "said"),
    [
        (Answer.FREE, (), ""),
        (Answer.FREE, (Holder("nginx", 7),), ""),  # on another address, or gone again
        (Answer.BUSY, (), "port 80/tcp (all addresses) is in use"),
        (Answer.BUSY, (Holder("nginx", 7),), "port 80/tcp (all addresses) is held by nginx (pid 7)"),
        (Answer.UNKNOWN, (), ""),
        (Answer.UNKNOWN, (Holder("a process of root"),), "port 80/tcp (all addresses) is held by a process of root"),
        (Answer.UNKNOWN, (Holder("nginx", 7),), "port 80/tcp (all addresses) is held by nginx (pid 7)"),
        (Answer.FOREIGN, (), "port 80/tcp (all addresses) can't be published: the address is not one of this host"),
    ],
)
def test_what_the_kernel_and_proc_say_together(
    answer: Answer, holders: tuple[Holder, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A holder in another namespace, or behind hidepid, is not in /proc: the kernel's word is enough."""
    monkeypatch.setattr(preflight, "probe", lambda _: answer)
    monkeypatch.setattr(preflight, "find_holders", lambda _: holders)
    project = Project("shop", published=(Published(80),))
    assert [problem.message for problem in port_problems(project, ())] == [said] * bool(said)
    assert list(port_problems(project, (), local=False)) == []


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Published(80), Published(80), True),
        (Published(80), Published(81), False),
        (Published(80), Published(80, "udp"), False),
        (Published(80, address="127.0.0.1"), Published(80), True),
        (Published(80, address="0.0.0.0"), Published(80, address="127.0.0.1"), True),
        (Published(80, address="127.0.0.1"), Published(80, address="127.0.0.2"), False),
    ],
)
def test_overlaps(one: Published, other: Published, expected: bool) -> None:
    assert overlaps(one, other) is expected
    assert overlaps(other, one) is expected


def test_an_unseen_holder_says_how_to_see_it() -> None:
    assert "sudo ss -lnup 'sport = :53'" in held_by_process(Published(53, "udp"), ()).hint
    assert "sudo ss" in held_by_process(Published(80), (Holder("a process of user root"),)).hint


def test_a_mounted_socket_that_is_none(tmp_path: Path) -> None:
    gone = HostFile("services.proxy", str(tmp_path / "docker.sock"))
    (problem,) = socket_problems(Project("shop", host_files=(gone, HostFile("services.a", "/gone"))), HERE)
    assert "not a socket" in problem.message
    assert "/run/other.sock" in problem.hint
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(gone.source)
        assert list(socket_problems(Project("shop", host_files=(gone,)), HERE)) == []


@pytest.mark.parametrize(
    ("image", "first"),
    [
        ("traefik:v3.6.0", "3.6.1"),
        ("docker.io/library/traefik:3.5", "3.6.1"),
        ("traefik:v2.11.30", "2.11.31"),
        ("traefik:v3.6.1", ""),
        ("traefik:v3.6", ""),
        ("traefik:v3.7.15@sha256:0", ""),
        ("traefik:latest", ""),
        ("mytraefik:v3.1", ""),
        ("web:1.0", ""),
    ],
)
def test_traefik_and_a_new_engine(image: str, first: str) -> None:
    found = [problem.hint for problem in old_traefik((ServiceModel("edge", image),), HERE)]
    assert found == ([f"use {first} or newer"] if first else [])
    assert list(old_traefik((ServiceModel("edge", image),), Engine("20.10", (1, 41), (1, 12), ""))) == []


def test_all_at_once(tmp_path: Path) -> None:
    (tmp_path / "acme" / "acme.json").mkdir(parents=True)
    with listen() as held:
        project = Project(
            "shop",
            services=(ServiceModel("edge", "traefik:v3.0"),),
            published=(Published(held.getsockname()[1]),),
            host_files=(HostFile("services.proxy", str(tmp_path / "docker.sock")),),
        )
        assert len(look(project, tmp_path, HERE, ()).problems) == 4
        assert len(look(project, tmp_path, THERE, ()).problems) == 1


def test_a_mended_mode_is_said(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "acme.json").touch()
    (tmp_path / "acme" / "acme.json").chmod(0o644)
    (notice,) = look(Project("shop"), tmp_path, HERE, ()).notices
    assert "0600 now" in notice


def test_a_label_that_drops_the_container_is_said_before_it_does() -> None:
    labels = {"traefik.enable": "true", "traefik.http.routers.a.tls.certresolvers": "le", "maintainer": "me"}
    (notice,) = look(
        Project("shop", services=(ServiceModel("web", labels=labels),)), Path("/nowhere"), THERE, ()
    ).notices
    assert "`traefik.http.routers.a.tls.certresolvers` of `web`" in notice
    assert "Traefik drops the whole container for it; did you mean `traefik.http.routers.a.tls.certresolver`?" in notice


@pytest.mark.parametrize(
    ("ports", "told"),
    [
        ([Published(25565, service="mc"), Published(25565, service="mc2")], True),
        ([Published(53, "udp", "127.0.0.1", "a"), Published(53, "udp", "0.0.0.0", "b")], True),
        ([Published(53, "udp", service="a"), Published(53, "tcp", service="b")], False),
        ([Published(80, address="127.0.0.1", service="a"), Published(80, address="127.0.0.2", service="b")], False),
        ([Published(80, address="0.0.0.0", service="a"), Published(80, address="::", service="a")], False),
        ([Published(80, service="a"), Published(81, service="b")], False),
    ],
)
def test_a_port_that_two_services_publish(ports: list[Published], tmp_path: Path, *, told: bool) -> None:
    notices = look(Project("shop", published=tuple(ports)), tmp_path, THERE, ()).notices
    one, other = (item.service for item in ports)
    expected = f"`{one}` and `{other}` both publish port {ports[0].port}/{ports[0].protocol}"
    assert [notice.partition(": ")[0] for notice in notices] == ([expected] if told else [])


EDGE = {"traefik.enable": "true", "traefik.docker.network": "shop_edge"}


@pytest.mark.parametrize(
    ("labels", "networks", "told"),
    [
        (EDGE, ("proxy",), True),
        (EDGE, ("shop_default", "proxy"), True),
        (EDGE, ("shop_edge",), False),
        (EDGE, ("proxy", "shop_edge"), False),
        (EDGE, ("shop_monitoring",), False),  # Traefik warns, and takes the network that both are on
        (EDGE, (), False),  # another container's network, or the host's
        ({**EDGE, "traefik.enable": "false"}, ("proxy",), False),
        ({"traefik.enable": "true"}, ("proxy",), False),
        ({}, ("proxy",), False),
    ],
)
def test_a_service_that_was_taken_off_the_edge(
    labels: dict[str, str], networks: tuple[str, ...], *, told: bool
) -> None:
    traefik = ServiceModel("traefik", "traefik:v3.7", networks=("shop_edge", "shop_monitoring"))
    web = ServiceModel("web", "w:1", labels=labels, networks=networks)
    notices = look(Project("shop", services=(traefik, web)), Path("/nowhere"), THERE, ()).notices
    expected = "`web` is not on the network `shop_edge`, where its label tells Traefik to look for it"
    assert [notice.partition(": requests")[0] for notice in notices] == ([expected] if told else [])


def test_the_edge_of_another_project_is_missed_as_well() -> None:
    web = ServiceModel("web", "w:1", labels=EDGE, networks=("proxy",))
    (notice,) = look(Project("shop", services=(web,)), Path("/nowhere"), THERE, ()).notices
    assert "not on the network `shop_edge`" in notice


@pytest.mark.parametrize(("api", "told"), [((1, 41), True), ((1, 43), True), ((1, 44), False), ((1, 52), False)])
def test_a_start_interval_that_the_engine_ignores(api: tuple[int, int], tmp_path: Path, *, told: bool) -> None:
    """Engine 20.10 and 24 take it without a word."""
    config = {"test": ["CMD", "true"], "start_period": "30s", "start_interval": "1s"}
    web, db = {"image": "web:1", "healthcheck": config}, {"image": "db:1", "healthcheck": {"interval": "1s"}}
    project = Project.read({"name": "shop", "services": {"web": web, "db": db, "job": {"image": "job:1"}}})
    notices = look(project, tmp_path, Engine("24.0.9", api, (1, 12), ""), ()).notices
    expected = ["`healthcheck.start_interval` of `web` has no effect: Docker Engine 24.0.9 ignores it"] if told else []
    assert [notice.partition(",")[0] for notice in notices if "start_interval" in notice] == expected


def test_a_missing_file_is_a_problem_here_and_not_there(tmp_path: Path) -> None:
    project = Project("shop", host_files=(HostFile("services.web", str(tmp_path / "nginx.conf")),))
    assert "does not exist" in look(project, tmp_path, HERE, ()).problems[0].message
    assert look(project, tmp_path, THERE, ()).problems == ()
