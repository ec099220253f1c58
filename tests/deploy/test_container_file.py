"""A file of a container, as `docker cp` gives it."""

from __future__ import annotations

import io
import tarfile

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.command import Result
from edgegen.deploy.container_file import ContainerFile, read_container_file
from tests.fakes.swarm import FakeSwarm

PLACE = "c1:/acme/acme.json"


def test_a_file() -> None:
    fake = FakeSwarm(files={PLACE: b'{"le": {"Account": {"PrivateKey": "secret-key"}}}'})
    found = read_container_file(fake, "c1", "/acme/acme.json")
    assert found == ContainerFile(0o600, b'{"le": {"Account": {"PrivateKey": "secret-key"}}}')
    assert "secret-key" not in repr(found)


def test_an_empty_file() -> None:
    assert read_container_file(FakeSwarm(files={PLACE: b""}), "c1", "/acme/acme.json") == ContainerFile(0o600, b"")


def test_no_file() -> None:
    assert read_container_file(FakeSwarm(), "c1", "/acme/acme.json") is None


@pytest.mark.parametrize(
    ("result", "said"),
    [
        (Result(1, "", "No such container: c1"), "No such container: c1"),
        (Result(0, "nothing that is an archive"), "printed no archive"),
        (Result(0, ""), "printed no archive"),
    ],
)
def test_what_can_not_be_read(result: Result, said: str) -> None:
    with pytest.raises(OutsideError, match=said):
        read_container_file(FakeSwarm(scripted={("cp",): result}), "c1", "/acme/acme.json")


def test_a_folder() -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        folder = tarfile.TarInfo("acme.json")
        folder.type = tarfile.DIRTYPE
        archive.addfile(folder)
    fake = FakeSwarm(scripted={("cp",): Result(0, made.getvalue().decode())})
    with pytest.raises(OutsideError, match="is not a regular file"):
        read_container_file(fake, "c1", "/acme/acme.json")
