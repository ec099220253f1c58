"""Many rendered specs as one question to the real Traefik.

Names of a spec hold its number already. Those that edgegen gives to every project alike get it here, in the text of
the files, so that nothing of one project can stand in for another's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lab.oracle import OracleAnswer, Project, ask_traefik
from tests.properties import expectation
from tests.properties.rendered import DYNAMIC, Rendered
from tests.properties.specs import token

Data = dict[str, Any]


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
    merged: Data = {"name": "all", "services": {}, "networks": {}, "secrets": {}}
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
        flags += [_moved(flag, index) for flag in traefik["command"] if not index or _is_own(flag, item.number)]
        ports += [
            _moved(port, index) for port in traefik["ports"] if not index or not re.search(r":(80|443)(/udp)?$", port)
        ]
        volumes += [_absolute(volume, home, item.number) for volume in traefik["volumes"]]
        for name, service in compose["services"].items():
            merged["services"][f"{token(item.number)}-{name}"] = _labelled(service, compose, item.number)
        for name, secret in compose.get("secrets", {}).items():
            merged["secrets"][name] = {"file": str(home / secret["file"])}
    first = expectation.uninterpolated(batch[0].compose)["services"]["traefik"]
    merged["services"]["traefik"] = {
        **first, "command": flags, "ports": ports, "volumes": volumes, "secrets": list(merged["secrets"]), "networks": [],
    }  # fmt: skip
    return Project(merged, dynamic)


def _moved(text: str, index: int) -> str:
    """Ports of tcp services begin at 5000 in every spec: here each spec has a hundred of its own."""
    return re.sub(r":(50\d\d)\b", lambda match: f":{int(match[1]) + 100 * index}", text)


def _is_own(flag: str, number: int) -> bool:
    """Whether a flag is about an entrypoint of this spec alone."""
    return flag.startswith(f"--entrypoints.{token(number)}")


def _labelled(service: Data, compose: Data, number: int) -> Data:
    """The service with its labels told apart, and its networks under their real names."""
    labels = {
        renamed(key, number): renamed(value, number) if key.endswith((".middlewares", ".usersfile")) else value
        for key, value in service.get("labels", {}).items()
    }
    networks = compose.get("networks", {})
    real = [(networks.get(name) or {}).get("name", name) for name in service.get("networks", [])]
    return {"labels": labels, "networks": real, "expose": service.get("expose", [])}


def _absolute(volume: Data, home: Path, number: int) -> Data:
    return {**volume, "source": str(home / volume["source"]), "target": renamed(volume["target"], number)}


def ask(batch: Sequence[Rendered], folder: Path) -> OracleAnswer:
    """What the real Traefik makes of all of them at once."""
    project = as_project(batch, folder)
    declared = {
        name: {"name": name} for service in project.compose["services"].values() for name in service["networks"]
    }
    return ask_traefik({**project.compose, "networks": declared}, project.dynamic, one_host=False)


def wanted(batch: Sequence[Rendered]) -> dict[str, expectation.Router]:
    """The routers that all of them ask for, under the names that they have here."""
    return {
        renamed(name, item.number): router for item in batch for name, router in expectation.routers(item.data).items()
    }


def seen(answer: OracleAnswer) -> dict[str, expectation.Router]:
    """The routers that Traefik shows, all of them enabled."""
    routers = {"http": answer.http_routers, "tcp": answer.tcp_routers}
    return {
        name: expectation.seen_router(protocol, item)
        for protocol, items in routers.items()
        for name, item in items.items()
    }
