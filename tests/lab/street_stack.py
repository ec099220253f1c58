"""A project that runs on a swarm of the lab's hosts, driven from the street over ssh."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import yaml

from tests.lab.authority import Authority
from tests.lab.clients import Client
from tests.lab.hosts import Host, Hosts
from tests.lab.swarm_project import SwarmProject


@dataclass
class StreetStack(SwarmProject):
    """One project directory on the street. `hosts` are managers; the first one is asked."""

    hosts: Hosts | None = None

    @classmethod
    def on(cls, hosts: Hosts, authority: Authority, folder: Path) -> StreetStack:
        return cls(hosts.street, authority, folder, hosts=hosts)

    @property
    def all(self) -> Hosts:
        assert self.hosts is not None
        return self.hosts

    @property
    def first(self) -> Host:
        return self.all[0]

    def up(self, *words: str, env: Mapping[str, str] | None = None) -> None:
        """Provide the images on every host, and start."""
        self.render()
        self.all.ensure_images(self.compose)
        self.edgegen("up", "--host", self.first.url, *words, env=env)

    def swarm(self, *words: str, code: int = 0) -> CompletedProcess[str]:
        """`edgegen swarm …` for this project's swarm."""
        return self.edgegen("swarm", *words, "--host", self.first.url, code=code)

    def client(self, host: Host, *, trusting: bool = True) -> Client:
        """A visitor of one host's address."""
        return Client(self.ground, self.root if trusting else None, address=host.address)

    def tasks(self, service: str, *, but: str = "") -> list[tuple[str, str]]:
        """Host and container id of each running task, except those of one host."""
        words = ("ps", "-q", "--filter", f"label=com.docker.swarm.service.name={self.compose_name}_{service}")
        return [(host.name, found) for host in self.all if host.name != but for found in host.docker(*words).split()]

    @property
    def compose_name(self) -> str:
        """The stack's name, which its file does not have."""
        return str(yaml.safe_load((self.folder / "edge.yaml").read_text())["name"])

    def stored(self, host: Host) -> dict[str, Any]:
        """What acme.json on a host holds."""
        path = host.docker("volume", "inspect", "--format", "{{.Mountpoint}}", f"{self.compose_name}_acme").strip()
        return dict(json.loads((Path(path) / "acme.json").read_bytes() or b"{}"))
