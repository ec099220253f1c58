"""Data that a renamed project leaves behind is named before the new one starts without it."""

from __future__ import annotations

from pathlib import Path

import pytest

from edgegen.deploy.containers import ContainerSeen
from edgegen.deploy.left_volumes import VolumeSeen, left_volumes, volumes
from edgegen.deploy.model import Project
from edgegen.deploy.runner import Runner
from tests.deploy.engine_of_others import container
from tests.fakes.docker_cli import FakeDocker

CLOUD = Project.read(
    {
        "name": "cloud",
        "services": {},
        "volumes": {"db": {"name": "cloud_db"}, "old": {"name": "kept", "external": True}},
    }
)
OLD = VolumeSeen("nextcloud_db", "nextcloud", "db")
SAID = (
    "`cloud_db` will be a new, empty volume, and `nextcloud_db` of compose project `nextcloud`, which no container "
    "uses, stays as it is: for its data write `volumes: {db: {external: true, name: nextcloud_db}}`"
)


def using(project: str, *names: str) -> ContainerSeen:
    return container(project, "db", mounts={f"/{name}": name for name in names})


@pytest.mark.parametrize(
    ("present", "containers", "expected"),
    [
        ([OLD], [], [SAID]),
        ([OLD, VolumeSeen("x", "nextcloud", "html")], [using("blog", "blog_db")], [SAID]),
        # The new one is there already, whoever made it.
        ([OLD, VolumeSeen("cloud_db", "cloud", "db")], [], []),
        ([OLD, VolumeSeen("cloud_db")], [], []),
        # Another project has its own `db`.
        ([OLD], [using("nextcloud", "nextcloud_db")], []),
        ([OLD], [using("nextcloud")], []),
        ([OLD], [using("copy", "nextcloud_db")], []),
        # Nobody's, another key, or an external one.
        ([VolumeSeen("nextcloud_db")], [], []),
        ([VolumeSeen("nextcloud_data", "nextcloud", "data")], [], []),
        ([VolumeSeen("nextcloud_old", "nextcloud", "old")], [], []),
        ([], [], []),
        # Too many to mean one.
        ([VolumeSeen(f"{name}_db", name, "db") for name in "abcd"], [], []),
    ],
)
def test_what_is_said(present: list[VolumeSeen], containers: list[ContainerSeen], expected: list[str]) -> None:
    assert list(left_volumes(CLOUD, present, containers)) == expected


def test_several_are_all_named() -> None:
    (said,) = left_volumes(CLOUD, [OLD, VolumeSeen("n_db", "n", "db")], [])
    assert "`nextcloud_db` of compose project `nextcloud` and `n_db` of compose project `n`" in said


def test_what_the_engine_lists(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = FakeDocker(tmp_path)
    fake.install("docker")
    monkeypatch.setenv("PATH", str(tmp_path))
    fake.answers(
        "volume ls",
        [
            fake.reply(
                '{"name":"nextcloud_db","project":"nextcloud","key":"db"}\n{"name":"0af","project":"","key":""}\n'
            ),
            fake.reply(""),
            fake.reply(err="boom", code=1),
        ],
    )
    assert volumes(Runner()) == [OLD, VolumeSeen("0af")]
    assert volumes(Runner()) == []
    assert volumes(Runner()) == []
