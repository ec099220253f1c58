"""A project on the lab's engine, driven by the command line as its user would."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import yaml

from tests.lab import account, default_certificate
from tests.lab.argvs import watch_argvs
from tests.lab.authority import Authority
from tests.lab.engine import docker
from tests.lab.forked import as_a_process, edgegen
from tests.lab.ground import Ground
from tests.lab.images import ensure_images
from tests.lab.override import OVERRIDE, hasty
from tests.lab.override import text as override
from tests.lab.parts import program


@dataclass
class Stack:
    """One project directory."""

    ground: Ground
    authority: Authority
    folder: Path
    overrides: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What the user's own file changes of services, from the next start on."""
    hasty: bool = True
    """Whether that file has the services asked for their health each second."""
    own_keys: bool = False
    """Whether Traefik makes the key of its ACME account, and its default certificate, itself. `up` gives it both
    otherwise."""
    argvs: set[str] | None = None
    """A set takes every command line that is seen while a command of edgegen runs. Each command is then a process from
    the start of Python on."""

    def edgegen(self, *words: str, code: int = 0, env: Mapping[str, str] | None = None) -> CompletedProcess[str]:
        """Run a command in the project; its exit code must be `code`."""
        with nullcontext() if self.argvs is None else watch_argvs(self.argvs):
            done = self.run(*words, env=env)
        assert done.returncode == code, f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def run(self, *words: str, env: Mapping[str, str] | None = None) -> CompletedProcess[str]:
        """Run a command in the project, whatever its exit code."""
        if words[0] == "up":
            self.write_override()
        run = edgegen if self.argvs is None else as_a_process
        return run(self.ground, *words, "-C", self.folder, env=env)

    def write(self, text: str) -> None:
        """Write edge.yaml, with the lab's authority in it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "edge.yaml").write_text(text)
        self.use_lab_authority()

    def use_lab_authority(self) -> None:
        """Point the spec at Pebble: the one difference between what is rehearsed and what is shipped."""
        (self.folder / "ca.pem").write_bytes(self.authority.api_ca.read_bytes())
        path = self.folder / "edge.yaml"
        spec = yaml.load(path.read_bytes(), yaml.CSafeLoader)
        spec.setdefault("acme", {}).update(ca=self.authority.directory, ca_file="ca.pem")
        path.write_text(yaml.safe_dump(spec, sort_keys=False, allow_unicode=True))

    def wait_until_stored(self, *hosts: str) -> None:
        """Traefik shows a new certificate a moment before acme.json has it; nothing announces the write."""
        store = self.folder / "acme" / "acme.json"
        end = time.monotonic() + 60
        while not set(hosts) <= _stored(store):
            assert time.monotonic() < end, f"acme.json has {_stored(store)}, not yet all of {hosts}"
            time.sleep(0.05)

    def render(self, *words: str) -> dict[str, Any]:
        """Render, and give what `--json` said."""
        return dict(json.loads(self.edgegen("render", "--json", *words).stdout))

    def up(self, *, env: Mapping[str, str] | None = None) -> None:
        """Provide the images, and start."""
        self.prepare()
        self.edgegen("up", "--wait", "180", env=env)

    def up_by_hand(self) -> None:
        """The same by Compose alone, which looks at nobody else first."""
        self.prepare()
        self.write_override()
        files = [path for name in ("docker-compose.yml", OVERRIDE) if (path := self.folder / name).exists()]
        words = [*(word for path in files for word in ("-f", path)), "--project-directory", self.folder]
        self.ground.run(program("docker-compose"), *words, "up", "-d", "--wait", seconds=240)

    def prepare(self) -> None:
        """Provide what a start needs: its images, an ACME account, and a default certificate."""
        compose = self.compose
        ensure_images(self.ground, compose)
        if not self.own_keys:
            account.give(self.folder / "acme" / "acme.json", compose["services"].get("traefik", {}))
            default_certificate.give(self.dynamic)

    def write_override(self) -> None:
        """The user's own file, or none where it would change nothing."""
        changes = hasty(self.compose, self.overrides) if self.hasty else self.overrides
        path = self.folder / OVERRIDE
        if changes:
            path.write_text(override(changes))
        else:
            path.unlink(missing_ok=True)

    @property
    def root(self) -> Path:
        """PEM of the root that the certificates chain to."""
        path = self.authority.folder / "root.pem"
        if not path.exists():
            path.write_text(self.authority.root())
        return path

    @property
    def dynamic(self) -> Path:
        """The folder of Traefik's dynamic files."""
        return self.folder / "traefik" / "dynamic"

    @property
    def compose(self) -> dict[str, Any]:
        """The rendered Compose file."""
        return dict(yaml.load((self.folder / "docker-compose.yml").read_bytes(), yaml.CSafeLoader))

    def container(self, service: str) -> str:
        """The id of a service's container."""
        labels = (
            f"label=com.docker.compose.project={self.compose['name']}",
            f"label=com.docker.compose.service={service}",
        )
        words = [word for label in labels for word in ("--filter", label)]
        return docker(self.ground, "ps", "-aq", *words).split()[0]

    def logs(self) -> str:
        """What all containers wrote, on both of their streams."""
        said = ""
        for service in self.compose["services"]:
            done = self.ground.run("docker", "logs", self.container(service))
            said += done.stdout + done.stderr
        return said


def password(printed: str | dict[str, Any]) -> str:
    """The one password that a command with `--json` has made."""
    data = json.loads(printed) if isinstance(printed, str) else printed
    (made,) = data["credentials"]
    return str(made["password"])


def _stored(store: Path) -> set[str]:
    """The main names of the certificates in acme.json; none while it is being written."""
    try:
        resolvers = json.loads(store.read_bytes() or b"{}")
    except ValueError:
        return set()
    found = (item for one in resolvers.values() for item in one.get("Certificates") or ())
    return {item["domain"]["main"] for item in found}
