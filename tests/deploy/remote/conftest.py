"""A project folder here, and another host behind a fake ssh whose shell and programs are the real ones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from edgegen.deploy.remote.cargo import load
from edgegen.deploy.remote.folder import FarFolder, Source
from edgegen.deploy.remote.mounts import Mount
from edgegen.deploy.runner import Runner
from tests.fakes.ssh import FakeSsh

HOST = "ssh://me@there"
SECRET = "planted-secret-7fa1"


@dataclass
class World:
    """Both sides. `there` is the project's folder on the other host."""

    here: Path
    ssh: FakeSsh
    copy_name: str = "a" * 32
    project: str = "shop"
    remote_dir: str = ""
    trace: list[str] = field(default_factory=list)

    @property
    def there(self) -> Path:
        return self.ssh.home / "edgegen" / "shop"

    def write(self, path: str, text: str, mode: int = 0o644) -> None:
        file = self.here / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        file.chmod(mode)

    @contextmanager
    def far(self, *, force: bool = False) -> Iterator[FarFolder]:
        source = Source(self.here, "laptop", lambda make: self.copy_name, force)
        with FarFolder(Runner((), self.trace.append), source, HOST, self.remote_dir) as far:
            yield far

    def up(self, *, force: bool = False) -> tuple[str, ...]:
        """What `up` does with the files; gives what it did."""
        with self.far(force=force) as far:
            far.enter(HOST, self.project)
            self.notices = far.survey(load(self.here, self.mounts(), ["docker-compose.yml"]))
            return far.copy()

    def mounts(self) -> list[Mount]:
        folders = [
            Mount("services.traefik", str(self.here / path), f"./{path}") for path in ("traefik/dynamic", "registry")
        ]
        acme = Mount("services.traefik", str(self.here / "acme"), "./acme", read_only=False)
        files = sorted(self.here.glob("secrets/*"))
        return [*folders, acme, *(Mount(f"secrets.{path.name}", str(path), f"./secrets/{path.name}") for path in files)]

    def files(self) -> dict[str, tuple[int, bytes]]:
        """What the other host has: path -> mode and content."""
        return {
            str(path.relative_to(self.there)): (path.stat().st_mode & 0o7777, path.read_bytes())
            for path in sorted(self.there.rglob("*"))
            if path.is_file() and ".edgegen" not in path.relative_to(self.there).parts
        }


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    ssh = FakeSsh(tmp_path / "bin", tmp_path / "home-there")
    ssh.install()
    monkeypatch.setenv("PATH", f"{ssh.folder}:/usr/bin:/bin")
    made = World(tmp_path / "project", ssh)
    made.here.mkdir()
    made.write("docker-compose.yml", "name: shop\n")
    made.write("traefik/dynamic/tls.yml", "tls: {}\n")
    made.write("registry/htpasswd", "ci:$2y$hash\n", 0o600)
    made.write("secrets/db-password", SECRET, 0o444)
    made.write("acme/acme.json", '{"laptop": "its own certificates"}', 0o600)
    for private in ("acme", "secrets"):
        (made.here / private).chmod(0o700)
    return made
