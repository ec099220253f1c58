"""The stack whose updates are measured: three hosts, one edge, an application that dies at SIGTERM."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml

from tests import sizes
from tests.lab.clients import wait_for_certificate, wait_for_status
from tests.lab.hosts import Host
from tests.lab.rolling.counting import MARK
from tests.lab.street_stack import StreetStack
from tests.lab.told import told_at

NAME = "www.example.com"
RATE = sizes.sized(60, 110)
THREADS = 16
PATIENCE = sizes.sized(15, 65)
"""Seconds that a request may take. Without what edgegen adds some wait for half a minute."""
FIGURES = "EDGEGEN_ROLLING_FIGURES"
"""A file to which each row is added."""
WATCHED_SHORTLY: dict[str, Any] = {"update_config": {"monitor": "1s"}}
_METER = Path(__file__).with_name("meter.py")
_DEADLINE = 120.0


def requests() -> int:
    """How many requests a row has at least; more, if what is measured takes longer."""
    return sizes.sized(400, 5000)


def deploy() -> dict[str, Any]:
    """As in README's table. The usual run has a replica less, and watches new tasks for less long than edgegen does."""
    return sizes.sized({"replicas": 2, **WATCHED_SHORTLY}, {"replicas": 3})


def spec(**web: Any) -> dict[str, Any]:
    """edge.yaml with one web application; `web` is what differs in it."""
    check = {
        "test": ["CMD", "wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8000/"],
        "interval": "1s",
        "timeout": "5s",
    }
    return {
        "name": "web",
        "target": "swarm",
        "acme": {"email": "ops@example.com"},
        "domains": {"example.com": {"provider": "none", "addresses": ["10.99.0.11"]}},
        "services": {
            "app": {
                "image": "lab/counting:1", "port": 8000, "host": NAME, "healthcheck": check,
                "environment": {"VERSION": "1"}, "deploy": deploy(), **web,
            },
            "worker": {
                "image": "lab/app:1", "environment": {"A": "1"}, "deploy": sizes.sized(WATCHED_SHORTLY, {}),
            },
        },
    }  # fmt: skip


@dataclass
class Load:
    """A meter that runs. Its report is there when the block has ended."""

    process: subprocess.Popen[str]
    report: dict[str, Any] = field(default_factory=dict)

    @property
    def lost(self) -> int:
        return int(self.report["lost"])

    @property
    def sent(self) -> int:
        return int(self.report["sent"])

    @property
    def outage(self) -> float:
        """Seconds from the first to the last request that was lost."""
        lost = self.report["lost_at"]
        return float(lost[-1] - lost[0]) if lost else 0.0


@dataclass
class Rolled:
    """The stack, and what its spec says now."""

    stack: StreetStack
    spec: dict[str, Any]
    deployed: dict[str, Any] = field(default_factory=dict)
    """What `up` has started last; empty once something else was deployed."""

    def write(self) -> None:
        self.stack.write(yaml.safe_dump(self.spec, sort_keys=False))

    def up(self, *words: str) -> None:
        """What the spec says now is what runs, once it returns."""
        self.write()
        self.deployed = {}
        self.stack.up(*words)
        self.settle()
        self.deployed = deepcopy(self.spec)

    def up_saying(self, said: str) -> datetime:
        """The same; the moment at which `up` has said this."""
        self.write()
        self.deployed = {}
        self.stack.render()
        self.stack.all.ensure_images(self.stack.compose)
        told = told_at(self.stack, said, "up", "--host", self.edge.url)
        self.settle()
        return told

    def start_over(self, **web: Any) -> None:
        """The stack as edgegen renders it with these changes of the application, whatever was before."""
        self.spec = spec(**{"environment": {"VERSION": str(self.version)}, **web})
        if self.spec != self.deployed:
            self.next_version()
            self.up()

    def roll(self) -> None:
        """One rolling update of the application."""
        self.next_version()
        self.up()

    def settle(self) -> None:
        """Until the certificate is there, and all replicas serve what the spec says."""
        wait_for_certificate(self.stack.ground, NAME, address=self.edge.address)
        # A planted stack lets some wait for a task that has gone.
        wait_for_status(replace(self.stack.client(self.edge), seconds=4), NAME, 200)
        wanted = [f"VERSION={self.version}"] * self.app["deploy"]["replicas"]
        until(lambda: self.running() == wanted, "all replicas run in the version of the spec")

    def running(self, *, but: str = "") -> list[str]:
        """The version of each running task, except those of one host."""
        hosts = {host.name: host for host in self.stack.all if host.name != but}
        tasks = self.stack.tasks("app", but=but)
        found = {hosts[name]: [task for of, task in tasks if of == name] for name, _ in tasks}
        said = [host.docker("inspect", "--format", '{{join .Config.Env " "}}', *own) for host, own in found.items()]
        return [word for line in said for word in line.split() if word.startswith("VERSION=")]

    @property
    def edge(self) -> Host:
        return self.stack.first

    @property
    def app(self) -> dict[str, Any]:
        return dict(self.spec["services"]["app"])

    def change(self, **web: Any) -> None:
        """Change the application's part of the spec."""
        self.spec["services"]["app"].update(web)

    @property
    def version(self) -> int:
        return int(self.app["environment"]["VERSION"])

    def next_version(self) -> None:
        """A new value of a variable: every task is replaced."""
        self.change(environment={"VERSION": str(self.version + 1)})

    def traefik(self) -> list[tuple[str, str]]:
        """Host and container of the edge's task."""
        return self.stack.tasks("traefik")

    @contextmanager
    def load(
        self, method: str = "GET", path: str = "/", rate: float = RATE, number: int = 0, threads: int = THREADS
    ) -> Iterator[Load]:
        """A meter from outside for as long as the block runs and some seconds more."""
        wanted = [number or requests(), rate, threads, PATIENCE]
        words = [sys.executable, _METER, self.edge.address, NAME, self.stack.root, *wanted, method, path]
        argv = self.stack.ground.argv([*map(str, words)])
        with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
            load = Load(process)
            try:
                time.sleep(2)  # what was good before has to be seen
                yield load
                time.sleep(3)  # what comes after the last change
            finally:
                out, _ = process.communicate(timeout=300)
            load.report = json.loads(out)

    def counted(self) -> list[str]:
        """What all tasks of the application wrote down, past ones included."""
        words = ("ps", "-aq", "--filter", "label=com.docker.swarm.service.name=web_app")
        logs = [host.docker("logs", found) for host in self.stack.all for found in host.docker(*words).split()]
        return [line.removeprefix(MARK) for log in logs for line in log.splitlines() if line.startswith(MARK)]

    def by_hand(self, *, refresh: int, retry: bool, dial: bool, at_once: bool = False) -> None:
        """Deploy what edgegen renders without what it adds against lost requests: `docker stack deploy` by hand.

        `at_once`: all replicas are replaced at the same time, which nobody measures.
        """
        self.write()
        self.deployed = {}
        self.stack.render()
        data = _without(self.stack.compose, refresh=refresh, retry=retry, dial=dial)
        if at_once:
            data["services"]["app"]["deploy"]["update_config"]["parallelism"] = 0
        self.stack.all.ensure_images(data)
        (self.stack.folder / "planted.yml").write_text(yaml.safe_dump(data, sort_keys=False))
        words = ("docker", "stack", "deploy", "--detach=true", "--resolve-image", "never", "-c", "planted.yml", "web")
        self.stack.ground.run(*words, cwd=self.stack.folder, env={"DOCKER_HOST": self.edge.url})
        time.sleep(1)  # the managers begin
        until(self._is_updated, "the update is complete")
        self.settle()

    def _is_updated(self) -> bool:
        form = "{{with .UpdateStatus}}{{.State}}{{end}}"
        said = self.edge.docker("service", "inspect", "--format", form, "web_app", "web_traefik")
        return {*said.split()} <= {"completed"}


def until(ready: Callable[[], bool], what: str) -> float:
    """Seconds until something is so."""
    begun = time.monotonic()
    while not ready():
        assert time.monotonic() < begun + _DEADLINE, f"{what}: not within {_DEADLINE:.0f} s"
        time.sleep(0.3)  # a swarm announces nothing
    return time.monotonic() - begun


def record(row: str, load: Load, more: str = "") -> None:
    """Keep the figures of a row, and show them."""
    report = load.report
    line = f"| {row} | {load.lost} of {load.sent:,} | {more} |"
    print(line, report["seen"], report["lost_at"][:3], report["lost_at"][-3:], report["p99_ms"], report["longest_s"])
    if path := os.environ.get(FIGURES):
        with Path(path).open("a") as opened:
            opened.write(line + "\n")


def _without(data: Mapping[str, Any], *, refresh: int, retry: bool, dial: bool) -> dict[str, Any]:
    services = {name: dict(service) for name, service in data["services"].items()}
    edge = services["traefik"]
    words = [word for word in edge["command"] if dial or "dialtimeout" not in word]
    planted = [f"{word.partition('=')[0]}={refresh}" if "refreshseconds" in word else word for word in words]
    assert planted != edge["command"] or (dial and refresh == 2), "nothing was planted"
    edge["command"] = planted
    if not retry:
        _drop_retry(edge, services["app"])
    return {**data, "services": services}


def _drop_retry(edge: Mapping[str, Any], app: dict[str, Any]) -> None:
    """Its name is taken out of the lists of the application's routers."""
    retries = {key.split(".")[3] for key in edge["deploy"]["labels"] if ".middlewares." in key and ".retry." in key}
    labels = dict(app["deploy"]["labels"])
    for key, value in app["deploy"]["labels"].items():
        if key.endswith(".middlewares"):
            labels[key] = ",".join(name for name in str(value).split(",") if name.partition("@")[0] not in retries)
    assert labels != app["deploy"]["labels"], "no retry is used at all"
    app["deploy"] = {**app["deploy"], "labels": {key: value for key, value in labels.items() if value != ""}}
