"""Many rendered specs as one question to the real Traefik.

Names of a spec hold its number already. Those that edgegen gives to every project alike get it here, in the text of
the files, so that nothing of one project can stand in for another's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.lab.oracle import OracleAnswer, Project, ask_about
from tests.properties import expectation
from tests.properties.rendered import COMPOSE, DYNAMIC, Rendered
from tests.properties.specs import token

Data = dict[str, Any]
_ALIKE = re.compile(r"(?<![\w-])(https-only|hsts(?![\w])|secure-headers|dashboard(?=[-/]))(?!-)|(?<![\w-])dashboard(?=-)")


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


def as_project(rendered: Rendered, folder: Path) -> Project:
    """The spec as the oracle takes it: names told apart, `$$` read as Compose reads it, paths absolute."""
    home = write(rendered, folder)
    dynamic = home / DYNAMIC
    for path in dynamic.iterdir():
        if path.name == "tls.yml" and rendered.number != 1:
            path.unlink()
            continue
        path.write_text(renamed(path.read_text(), rendered.number))
        path.rename(dynamic / f"{token(rendered.number)}-{path.name}")
    compose = expectation.uninterpolated(rendered.compose)
    for service in compose["services"].values():
        labels = service.get("labels", {})
        service["labels"] = {renamed(key, rendered.number): _reference(key, value, rendered.number) for key, value in labels.items()}
    traefik = compose["services"]["traefik"]
    traefik["volumes"] = [_absolute(volume, home, rendered.number) for volume in traefik["volumes"]]
    for secret in compose.get("secrets", {}).values():
        secret["file"] = str(home / secret["file"])
    return Project(compose, dynamic)


def _reference(key: str, value: str, number: int) -> str:
    return renamed(value, number) if key.endswith((".middlewares", ".usersfile")) else value


def _absolute(volume: Data, home: Path, number: int) -> Data:
    return {**volume, "source": str(home / volume["source"]), "target": renamed(volume["target"], number)}


def ask(batch: Sequence[Rendered], folder: Path) -> OracleAnswer:
    """What the real Traefik makes of all of them at once."""
    return ask_about([as_project(item, folder) for item in batch])


def wanted(batch: Sequence[Rendered]) -> dict[str, expectation.Router]:
    """The routers that all of them ask for, under the names that they have here."""
    return {renamed(name, item.number): router for item in batch for name, router in expectation.routers(item.data).items()}


def seen(answer: OracleAnswer) -> dict[str, expectation.Router]:
    """The routers that Traefik shows, all of them enabled."""
    routers = {"http": answer.http_routers, "tcp": answer.tcp_routers}
    return {
        name: expectation.seen_router(protocol, item)
        for protocol, items in routers.items()
        for name, item in items.items()
    }


def text_of(data: Any) -> str:
    """For messages."""
    return json.dumps(data, ensure_ascii=True)[:2000]
