"""Containers that mount a file which was replaced since they started."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Start
from tests.deploy.conftest import compose
from tests.deploy.test_steps import Notes
from tests.fakes.docker_cli import FakeDocker, a_healthy_world

pytestmark = pytest.mark.slow

STARTED = datetime(2026, 1, 2, 12, 0, 0, 500_000, tzinfo=UTC)
Up = Callable[..., Notes]


@pytest.fixture
def up(fake: FakeDocker, project: Path) -> Up:
    a_healthy_world(fake)
    (project / "secrets").mkdir()
    (project / "traefik").mkdir()
    binds = [(f"{project}/traefik/proxy.cfg", "/cfg"), (f"{project}/app.log", "/log")]
    services = {
        "edge": {"image": "e:1", "volumes": [{"type": "bind", "source": a, "target": b} for a, b in binds]},
        "web": {"image": "w:1"},
    }
    files = {"secrets": {"s": {"file": f"{project}/secrets/s"}}, "configs": {"c": {"file": f"{project}/c.conf"}}}
    fake.answer("config --format json", {"name": "shop", **files, "services": services})
    for path in ("secrets/s", "c.conf", "traefik/proxy.cfg", "app.log"):
        (project / path).write_text("x")
        written(project / path, -60)

    def run(*containers: dict[str, Any]) -> Notes:
        fake.answer("docker ps --all --quiet", "a1\n")
        fake.answer("docker inspect --type container", "".join(f"{json.dumps(item)}\n" for item in containers))
        notes = Notes()
        steps.up(compose(project), notes, Start(7, build=False))
        return notes

    return run


def written(path: Path, seconds: float) -> None:
    """So many seconds after the containers were started."""
    at = STARTED.timestamp() + seconds
    os.utime(path, (at, at))


def container(service: str, *mounts: Path, state: str = "running", started: str = "") -> dict[str, Any]:
    return {
        "id": "a1",
        "name": f"/shop-{service}-1",
        "state": {"Status": state, "StartedAt": started or STARTED.strftime("%Y-%m-%dT%H:%M:%S.%f789Z")},
        "labels": {"com.docker.compose.service": service, "com.docker.compose.project": "shop"},
        "mounts": [{"Destination": f"/m{number}", "Source": str(mount)} for number, mount in enumerate(mounts)],
    }


def ups(fake: FakeDocker) -> list[list[str]]:
    """The words of each `up`, in order."""
    return [call[call.index("up") :] for call in fake.called("up -d")]


@pytest.mark.parametrize("path", ["secrets/s", "c.conf", "traefik/proxy.cfg"])
def test_who_mounts_what_was_replaced_is_made_anew_before_anybody_waits(
    up: Up, fake: FakeDocker, project: Path, path: str
) -> None:
    written(project / path, 0.01)
    notes = up(container("web", project / path), container("edge", project / "app.log"))
    assert notes == ["a mounted file has changed since these services started: web"]
    assert ups(fake) == [
        ["up", "-d", "--no-deps", "--force-recreate", "--no-build", "web"],
        ["up", "-d", "--remove-orphans", "--no-build", "--wait", "--wait-timeout", "7"],
    ]


def test_nothing_is_made_anew_without_a_reason(up: Up, fake: FakeDocker, project: Path) -> None:
    for path in ("secrets/s", "app.log"):
        written(project / path, 5)
    written(project / "c.conf", -0.01)
    notes = up(
        container("edge", project / "app.log", project / "c.conf"),  # what an application writes itself is no reason
        container("web", project / "secrets/s", state="exited"),
        container("web", project / "secrets/s", started="0001-01-01T00:00:00Z", state="created"),
        container("web", project / "secrets/s", started="rubbish"),
        container("old", project / "secrets/s"),  # no service of the project any more: Compose removes it
        container("web", project / "secrets/another"),
    )
    assert (notes, len(ups(fake))) == ([], 1)


def test_a_time_to_come_makes_nothing_anew_at_each_start(up: Up, fake: FakeDocker, project: Path) -> None:
    """`cp -p` and archives keep times, of other clocks too. When the kernel saw the file is sooner, and counts."""
    now = datetime.now(tz=UTC).timestamp()
    os.utime(project / "c.conf", (now + 9e6, now + 9e6))
    for started, anew in ((now + 60, False), (now - 60, True)):
        up(container("web", project / "c.conf", started=datetime.fromtimestamp(started, tz=UTC).isoformat()))
        assert any("--force-recreate" in words for words in ups(fake)) is anew


def test_a_rendered_file_whose_digest_is_a_label_is_left_to_compose(up: Up, fake: FakeDocker, project: Path) -> None:
    """Its header names the digest of edge.yaml: each edit there would make the socket proxy anew."""
    written(project / "traefik/proxy.cfg", 5)
    web = container("web", project / "traefik/proxy.cfg")
    bind = {"type": "bind", "source": f"{project}/traefik/proxy.cfg", "target": "/cfg"}
    for labels, anew in (({"edgegen.config-digest": "a"}, False), ({}, True)):
        config = {"name": "shop", "services": {"web": {"image": "w:1", "volumes": [bind], "labels": labels}}}
        fake.answer("config --format json", config)
        up(web)
        assert any("--force-recreate" in words for words in ups(fake)) is anew


def test_a_failure_is_told_as_one_of_up(up: Up, fake: FakeDocker, project: Path) -> None:
    written(project / "secrets/s", 5)
    fake.answer("docker ps --all --no-trunc", {"ID": "a1", "State": "running"})
    fake.answer("up -d --no-deps", err="no such image", code=1)
    with pytest.raises(OutsideError, match="force-recreate") as caught:
        up(container("web", project / "secrets/s"))
    assert caught.value.exit_code == 4  # the container is as it was
