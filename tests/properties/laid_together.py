"""Many rendered specs as one question to the real Traefik.

Names of a spec hold its number already. Those that edgegen gives to every project alike get it here, in the text of
the files, so that nothing of one project can stand in for another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.lab.oracle import OracleAnswer, Project, ask_traefik
from tests.properties import expectation
from tests.properties.rendered import DYNAMIC, Rendered
from tests.properties.specs import token

Data = dict[str, Any]
_NOT_YET = re.compile(r"the service \\?\"(\S+@docker)\\?\" does not exist")


def renamed(text: str, number: int) -> str:
    """The text with the number of its spec in each name that all projects share."""
    return re.sub(
        r"(?<![\w-])(https-only|hsts|secure-headers|dashboard)(?=[@.,\"/:\s]|-(?:http|https|basic-auth)\b|$)",
        rf"{token(number)}-\1",
        text,
    )


def write(rendered: Rendered, folder: Path) -> Path:
    """The files of a spec below `folder`; gives the project's own folder."""
    home = folder / token(rendered.number)
    for path, content in rendered.files.items():
        place = home / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    return home


def as_project(batch: Sequence[Rendered], folder: Path) -> Project:
    """The specs as one project: names told apart, `$$` read as Compose reads it, paths absolute.

    The dynamic files stand side by side, byte for byte as they were rendered but for those names.
    """
    dynamic = folder / "dynamic"
    dynamic.mkdir()
    # Traefik serves one project alone: they stand for one large one, whose name is the first's.
    merged: Data = {"name": batch[0].compose["name"], "services": {}, "networks": {}, "secrets": {}}
    flags: list[str] = []
    ports: list[str] = []
    volumes: list[Data] = []
    for index, item in enumerate(batch):
        home = write(item, folder)
        for path in (home / DYNAMIC).iterdir():
            if path.name != "tls.yml" or item is batch[0]:
                (dynamic / f"{token(item.number)}-{path.name}").write_text(renamed(path.read_text(), item.number))
        compose = expectation.uninterpolated(item.compose)
        traefik = compose["services"].pop("traefik")
        flags += [shared(flag, item.number) for flag in traefik["command"] if not index or is_own(flag, item.number)]
        ports += [port for port in traefik["ports"] if not index or not re.search(r":(80|443)(/udp)?$", port)]
        volumes += [_absolute(volume, home, item.number) for volume in traefik["volumes"]]
        for name, service in compose["services"].items():
            merged["services"][f"{token(item.number)}-{name}"] = _labelled(service, compose, item.number)
        for name, secret in compose.get("secrets", {}).items():
            merged["secrets"][name] = {"file": str(home / secret["file"])}
    first = expectation.uninterpolated(batch[0].compose)["services"]["traefik"]
    merged["services"]["traefik"] = {
        **first, "command": list(dict.fromkeys(flags)), "ports": list(dict.fromkeys(ports)), "volumes": volumes, "secrets": list(merged["secrets"]), "networks": [],
    }  # fmt: skip
    return Project(merged, dynamic)


def shared(text: str, number: int) -> str:
    """Entrypoints of tcp services under one name for all specs: a hundred free ports are not free for long."""
    return text.replace(f"{token(number)}-e5", "e5")


def is_own(flag: str, number: int) -> bool:
    """Whether a flag is about an entrypoint of this spec alone, or about a dashboard, which not every spec has."""
    return flag.startswith(f"--entrypoints.{token(number)}") or flag == "--api=true"


def _labelled(service: Data, compose: Data, number: int) -> Data:
    """The service with its labels told apart, and its networks under their real names."""
    labels = {renamed(key, number): _value(key, value, number) for key, value in service.get("labels", {}).items()}
    networks = compose.get("networks", {})
    real = [(networks.get(name) or {}).get("name", name) for name in service.get("networks", [])]
    return {"labels": labels, "networks": real, "expose": service.get("expose", [])}


def _value(label: str, value: str, number: int) -> str:
    if label.endswith((".middlewares", ".usersfile")):
        return renamed(value, number)
    return shared(value, number) if label.startswith("traefik.tcp.") and label.endswith(".entrypoints") else value


def _absolute(volume: Data, home: Path, number: int) -> Data:
    return {**volume, "source": str(home / volume["source"]), "target": renamed(volume["target"], number)}


def ask(batch: Sequence[Rendered], folder: Path) -> OracleAnswer:
    """What the real Traefik makes of all of them at once."""
    project = as_project(batch, folder)
    declared = {
        name: {"name": name} for service in project.compose["services"].values() for name in service["networks"]
    }
    for _ in range(3):
        answer = ask_traefik({**project.compose, "networks": declared}, project.dynamic, one_host=False)
        # Between the choice of free ports and their use somebody else may take one.
        if not any("address already in use" in line for line in answer.errors):
            break
    return answer


def wanted(batch: Sequence[Rendered]) -> dict[str, expectation.Router]:
    """The routers that all of them ask for, under the names that they have here."""
    return {
        renamed(name, item.number): replace(router, entrypoint=shared(router.entrypoint, item.number))
        for item in batch
        for name, router in expectation.routers(item.data).items()
    }


def lasting(answer: OracleAnswer) -> list[str]:
    """Complaints but those about a container's service from before Traefik had asked for containers.

    Error pages in a file may name it, and the files are read first. That it is there in the end is asked here.
    """
    passing = [line for line in answer.errors if (named := _NOT_YET.search(line)) and named[1] in answer.services]
    return [complaint for complaint in answer.complaints if complaint not in passing]


def seen(answer: OracleAnswer) -> dict[str, expectation.Router]:
    """The routers that Traefik shows, all of them enabled."""
    routers = {"http": answer.http_routers, "tcp": answer.tcp_routers}
    return {
        name: expectation.seen_router(protocol, item)
        for protocol, items in routers.items()
        for name, item in items.items()
    }
