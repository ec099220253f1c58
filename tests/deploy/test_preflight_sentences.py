"""What the preflight says, word for word, and where it keeps silent: a table of each way a port can be taken."""

from __future__ import annotations

import os
import socket
import stat
from pathlib import Path

import pytest

from edgegen.core.errors import Problem
from edgegen.deploy import preflight
from edgegen.deploy.engine import Engine
from edgegen.deploy.holders import Holder
from edgegen.deploy.model import HostFile, Project, Published, ServiceModel
from edgegen.deploy.ports import Answer
from tests.deploy.engine_of_others import publishing

PORT = Published(443, service="edge")
AT = "services.edge.ports"
SEEN = (Holder("nginx", 812), Holder("nginx", 813))
UNSEEN = (Holder("a process of user www-data"),)
HERE = "port 443/tcp (all addresses)"


def _problem(message: str, hint: str) -> Problem:
    return Problem(message, path=AT, hint=hint)


@pytest.mark.parametrize(
    ("answer", "holders", "expected"),
    [
        (Answer.FREE, (), None),
        (Answer.FREE, SEEN, None),
        (Answer.UNKNOWN, (), None),
        (
            Answer.UNKNOWN,
            SEEN,
            _problem(f"{HERE} is held by nginx (pid 812), nginx (pid 813)", "stop nginx, or let it listen elsewhere"),
        ),
        (
            Answer.UNKNOWN,
            UNSEEN,
            _problem(f"{HERE} is held by a process of user www-data", "`sudo ss -lnp 'sport = :443'` names it"),
        ),
        (Answer.BUSY, (), _problem(f"{HERE} is in use", "`sudo ss -lntp 'sport = :443'` names the holder")),
        (
            Answer.BUSY,
            SEEN[:1],
            _problem(f"{HERE} is held by nginx (pid 812)", "stop nginx, or let it listen elsewhere"),
        ),
        (
            Answer.BUSY,
            UNSEEN,
            _problem(f"{HERE} is held by a process of user www-data", "`sudo ss -lnp 'sport = :443'` names it"),
        ),
        (
            Answer.FOREIGN,
            SEEN,
            _problem(
                f"{HERE} can't be published: the address is not one of this host",
                "`ip address` lists the addresses of this host",
            ),
        ),
    ],
)
def test_a_port(
    monkeypatch: pytest.MonkeyPatch, answer: Answer, holders: tuple[Holder, ...], expected: Problem | None
) -> None:
    asked = []
    monkeypatch.setattr(preflight, "probe", lambda port: asked.append(port) or answer)
    monkeypatch.setattr(preflight, "find_holders", lambda port: asked.append(port) or holders)
    found = list(preflight.port_problems(Project("shop", published=(PORT,)), ()))
    assert found == ([expected] if expected else [])
    assert set(asked) == {PORT}


def test_a_port_of_udp_without_a_service() -> None:
    assert preflight.held_by_process(Published(53, "udp"), ()) == Problem(
        "port 53/udp (all addresses) is in use", hint="`sudo ss -lnup 'sport = :53'` names the holder"
    )


@pytest.mark.parametrize(("project", "of"), [("", ""), ("blog", " of compose project `blog`")])
def test_a_container_of_somebody_else(project: str, of: str) -> None:
    ours, theirs = publishing("shop-edge-1", "shop", (PORT,)), publishing("old-proxy", project, (PORT,))
    other = publishing("db", "blog", (Published(5432),))
    expected = _problem(
        f"{HERE} is held by container `old-proxy`{of}", "`docker stop old-proxy`, or let one edge serve both"
    )
    for containers in ((theirs,), (ours, theirs), (other, ours, theirs)):
        assert list(preflight.port_problems(Project("shop", published=(PORT,)), containers)) == [expected]


def test_every_port_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = tuple(Published(number, service="edge") for number in (80, 443, 8080))
    monkeypatch.setattr(preflight, "probe", lambda port: Answer.FREE if port.port == 80 else Answer.BUSY)
    monkeypatch.setattr(preflight, "find_holders", lambda port: ())
    ours = publishing("shop-edge-1", "shop", (wanted[1],))
    theirs = publishing("db", "blog", (Published(5432),))
    found = list(preflight.port_problems(Project("shop", published=wanted), (ours, theirs)))
    assert [problem.message.split()[1] for problem in found] == ["8080/tcp"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Published(80, address="::"), Published(80, address="127.0.0.1"), True),
        (Published(80, address=""), Published(80, address="192.0.2.1"), True),
        (Published(80, address="192.0.2.1"), Published(80, address="192.0.2.1"), True),
        (Published(80, address="192.0.2.1"), Published(80, address="192.0.2.10"), False),
        (Published(80, address="::1"), Published(80, address="::"), True),
        (Published(80, address="0.0.0.0"), Published(80, "udp", "0.0.0.0"), False),
        (Published(80, address="0.0.0.0"), Published(8080, address="0.0.0.0"), False),
    ],
)
def test_overlaps(one: Published, other: Published, expected: bool) -> None:
    assert preflight.overlaps(one, other) is expected
    assert preflight.overlaps(other, one) is expected


@pytest.mark.parametrize(
    ("host", "listens"),
    [
        ("unix:///run/other.sock", "the engine listens on unix:///run/other.sock"),
        ("", "the engine listens elsewhere"),
    ],
)
def test_a_socket_that_is_none(tmp_path: Path, host: str, listens: str) -> None:
    gone, plain, folder = (str(tmp_path / f"{name}.sock") for name in ("gone", "plain", "folder"))
    Path(plain).touch()
    Path(folder).mkdir()
    files = tuple(HostFile(f"services.{name}", name) for name in (gone, plain, folder, str(tmp_path / "other")))
    found = list(preflight.socket_problems(Project("shop", host_files=files), Engine("29", (1, 52), (1, 44), host)))
    assert found == [
        Problem(
            f"mounts {source}, which is not a socket here",
            path=f"services.{source}",
            hint=f"{listens}; mount that socket, or let the engine listen at {source}",
        )
        for source in (gone, plain, folder)
    ]


@pytest.mark.parametrize(("error", "told"), [(PermissionError, False), (OSError, True), (FileNotFoundError, True)])
def test_a_socket_that_nobody_may_look_at_is_believed(
    monkeypatch: pytest.MonkeyPatch, error: type[OSError], told: bool
) -> None:
    def stat_it(path: Path, **_: bool) -> os.stat_result:
        raise error

    monkeypatch.setattr(Path, "stat", stat_it)
    project = Project("shop", host_files=(HostFile("services.proxy", "/run/docker.sock"),))
    assert bool(list(preflight.socket_problems(project, Engine("29", (1, 52), (1, 44), "")))) is told


@pytest.mark.parametrize(("oldest", "told"), [((1, 23), False), ((1, 24), False), ((1, 25), True), ((1, 44), True)])
def test_from_which_engine_on_an_old_traefik_is_told(oldest: tuple[int, int], told: bool) -> None:
    services = (
        ServiceModel("web", "nginx:1"),
        ServiceModel("edge", "traefik:v3.5.4"),
        ServiceModel("edge1", "traefik:v1.7"),
        ServiceModel("edge4", "traefik:v4.0"),
        ServiceModel("edge2", "traefik:v2.10.9"),
    )
    found = list(preflight.old_traefik(services, Engine("29.0.1", (1, 52), oldest, "")))
    expected = [
        Problem(
            f"{image} can't talk to Docker Engine 29.0.1 (traefik#12253)",
            path=f"services.{name}.image",
            hint=f"use {first} or newer",
        )
        for name, image, first in (("edge", "traefik:v3.5.4", "3.6.1"), ("edge2", "traefik:v2.10.9", "2.11.31"))
    ]
    assert found == (expected if told else [])


def test_only_an_engine_of_this_machine_lets_us_look_at_files(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    store = tmp_path / "acme" / "acme.json"
    store.touch(mode=0o644)
    project = Project("shop", host_files=(HostFile("services.proxy", str(tmp_path / "docker.sock")),))
    away = preflight.look(project, tmp_path, Engine("29", (1, 52), (1, 44), "ssh://me@there"), ())
    assert away == preflight.Preflight(passed=("Docker Engine 29 answers at ssh://me@there",))
    assert stat.S_IMODE(store.stat().st_mode) == 0o644
    here = preflight.look(project, tmp_path, Engine("29", (1, 52), (1, 44), ""), ())
    assert [problem.path for problem in here.problems] == ["services.proxy"]
    assert len(here.notices) == 1
    with socket.socket(socket.AF_UNIX) as held:
        held.bind(str(tmp_path / "docker.sock"))
        good = preflight.look(project, tmp_path, Engine("29", (1, 52), (1, 44), ""), ())
        assert good.problems == good.notices == ()


@pytest.mark.parametrize("host", ["", "ssh://me@there"])
def test_whoever_is_named_answers_for_the_ports(tmp_path: Path, host: str) -> None:
    """Another machine's ports are its own kernel's matter; asked is whoever can be asked there."""
    told = _problem("somebody listens", "")
    asked: list[Published] = []
    engine = Engine("29", (1, 52), (1, 44), host)
    project = Project("shop", published=(PORT,))
    found = preflight.look(project, tmp_path, engine, (), lambda port: asked.append(port) or [told])
    assert (found.problems, asked) == ((told,), [PORT])


def test_labels_that_traefik_reads_otherwise_are_told_with_what_was_meant() -> None:
    labels = {"traefik.http.routers.a.rul": "Host(`a.test`)", "traefik.http.routers.a.tls": "true", "traefik.nope": "1"}
    services = (ServiceModel("web", "nginx:1", labels=labels), ServiceModel("db", "db:1"))
    assert list(preflight.label_notices(services)) == [
        "the label `traefik.http.routers.a.rul` of `web`: the word `rul` is unknown there. Traefik drops the whole "
        "container for it; did you mean `traefik.http.routers.a.rule`?",
        "the label `traefik.nope` of `web`: the word `nope` is unknown there. Traefik silently ignores it",
    ]
