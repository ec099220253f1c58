"""What does the real Traefik do for a label? Asked of hundreds of containers in one go.

Each case is a container with a router and a service of its own, and the label under test; its twin has everything but
that label. A container whose router is not there was dropped. One of which Traefik says just what it says of the twin
has a label that was passed over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import BINARY, running

DROPPED, SILENT, READ = "dropped", "silent", "read"
_LAST = "zz-last"


@dataclass(frozen=True)
class Case:
    """A label with its value. `#` in it stands for a name that no other case has; `beside` are labels that it needs."""

    label: str
    value: str = "1"
    beside: Mapping[str, str] = field(default_factory=dict)

    def labels(self, name: str) -> dict[str, str]:
        """The label under test, and those beside it."""
        return {key.replace("#", name): text for key, text in {**self.beside, self.label: self.value}.items()}

    def twin(self, name: str) -> dict[str, str]:
        return {key.replace("#", name): text for key, text in self.beside.items()}


def outcomes(cases: Sequence[Case], binary: Path = BINARY) -> list[str]:
    """What this Traefik did for each."""
    containers = []
    for index, case in enumerate(cases):
        one, other = f"c{index}x", f"t{index}x"
        containers += [_container(one, case.labels(one)), _container(other, case.twin(other))]
    containers.append(_container(_LAST, {}))
    data, log = _asked(containers, binary)
    assert f"{_LAST}@docker" in data["routers"], log[-5:]
    said = _by_name(data)
    gone = [case for index, case in enumerate(cases) if f"t{index}x@docker" not in data["routers"]]
    assert not gone, f"their twins have no fault, and are not there: {gone}"
    return [_outcome(data, said, index) for index in range(len(cases))]


def loses_its_value(cases: Sequence[Case], binary: Path = BINARY) -> list[bool]:
    """Whether it is the same to Traefik what the label says: something may come of it, and nothing of its value."""
    others = [replace(case, value="zzz") for case in cases]
    containers = []
    for index, (case, other) in enumerate(zip(cases, others, strict=True)):
        one, two = f"c{index}x", f"t{index}x"
        containers += [_container(one, case.labels(one)), _container(two, other.labels(two))]
    containers.append(_container(_LAST, {}))
    data, _ = _asked(containers, binary)
    said = _by_name(data)
    pairs = [(said.get(f"c{index}x", []), said.get(f"t{index}x", [])) for index in range(len(cases))]
    return [bool(one) and one == other for one, other in pairs]


def stops_everything(case: Case) -> bool:
    """Whether for this label alone no container has a route: Traefik panics, and tries again."""
    containers = [_container("c0x", case.labels("c0x")), _container(_LAST, {})]
    data, log = _asked(containers)
    assert f"{_LAST}@docker" in data["routers"] or _panics(log), log[-5:]
    return f"{_LAST}@docker" not in data["routers"]


def _asked(containers: Sequence[Mapping[str, Any]], binary: Path = BINARY) -> tuple[dict[str, Any], list[str]]:
    """What Traefik makes of them, as soon as the last one is there or it says that it never will be, and its log."""
    flags = ["--providers.docker=true", "--providers.docker.exposedbydefault=false"]
    for _ in range(3):
        with (
            FakeDockerApi(containers) as api,
            running([*flags, f"--providers.docker.endpoint={api.endpoint}"], binary=binary) as traefik,
        ):
            data = traefik.until(
                lambda data: "routers" in data and (f"{_LAST}@docker" in data["routers"] or _panics(traefik.log)),
                seconds=60,
            )
            if traefik.process.poll() is None:
                break  # else another process was faster and took the port that was free
    return data, traefik.log


def _panics(log: Sequence[str]) -> bool:
    return any("panic in operation" in line for line in log)


def _container(name: str, more: Mapping[str, str]) -> dict[str, Any]:
    return {"name": name, "labels": containers_labels(name, more), "networks": ["net"], "ports": [80]}


def containers_labels(name: str, more: Mapping[str, str]) -> dict[str, str]:
    """All labels of a case's container."""
    own = {
        "traefik.enable": "true",
        f"traefik.http.routers.{name}.rule": f"Host(`{name}.test`)",
        f"traefik.http.routers.{name}.service": name,
        f"traefik.http.services.{name}.loadbalancer.server.port": "80",
    }
    return {**own, **more}


def _outcome(data: Mapping[str, Any], said: Mapping[str, list[str]], index: int) -> str:
    one, other = f"c{index}x", f"t{index}x"
    if f"{one}@docker" not in data["routers"]:
        return DROPPED
    return SILENT if said.get(one, []) == said.get(other, []) else READ


_NAME = re.compile(r"[ct][0-9]+x")
_ADDRESS = re.compile(r"10\.64\.\d+\.\d+")


def _by_name(data: Mapping[str, Any]) -> dict[str, list[str]]:
    """Everything that Traefik says, by the case that it is about."""
    found: dict[str, list[str]] = {}
    for section, items in data.items():
        for name, item in (items or {}).items():
            text = _ADDRESS.sub("ADDRESS", json.dumps({section: {name: item}}, sort_keys=True))
            for case in set(_NAME.findall(text)):
                found.setdefault(case, []).append(text.replace(case, "NAME"))
    return {name: sorted(texts) for name, texts in found.items()}
