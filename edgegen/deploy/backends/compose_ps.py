"""What `docker compose ps` prints, as the standing of a project. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from edgegen.deploy.answers import Reader
from edgegen.deploy.health import ONE_OFF, Row, Standing, Verdict
from edgegen.deploy.model import Project, ServiceModel

PS = Reader("docker compose ps")

_JUST_UP = re.compile(r"Up (?:(\d{1,2}) seconds?|Less than a second)\b")
"""The engine's words for a container that has been running for less than a minute."""


def read_standing(project: Project, output: str) -> Standing:
    """From what `docker compose ps --all --format json` prints: one object a line, or one array (before 2.21).

    Raises OutsideError for what can't be read.
    """
    services = {service.name: service for service in project.services}
    bodies = PS.rows(output, "the containers")
    present = [_row(body, services) for body in bodies if not _is_one_off(body)]
    seen = Counter(row.service for row in present)
    absent = [  # one row for all containers that a service lacks
        Row(name, image=body.image, short_of=f"{seen[name]} of {body.replicas} containers" if seen[name] else "")
        for name, body in services.items()
        if seen[name] < body.replicas
    ]
    return Standing(project.name, tuple(sorted([*present, *absent], key=lambda row: (row.service, row.container))))


def _is_one_off(body: dict[str, Any]) -> bool:
    """A container of `docker compose run` is not one of the service's replicas."""
    return f"{ONE_OFF}=true" in _text(body, "Labels").lower()


def _row(body: dict[str, Any], services: dict[str, ServiceModel]) -> Row:
    row = Row(
        service=_text(body, "Service"),
        container=_text(body, "Name"),
        state=_text(body, "State"),
        health=_text(body, "Health"),
        exit_code=PS.number(body.get("ExitCode"), "ExitCode"),
        ports=tuple(dict.fromkeys(_ports(body))),
        image=_text(body, "Image"),
        seconds=_seconds(_text(body, "Status")),
    )
    if not (row.service and row.container and row.state):
        PS.refuse("printed a container without `Service`, `Name` or `State`")
    return replace(row, verdict=_judge(row, services.get(row.service)))


def _ports(body: dict[str, Any]) -> Iterator[str]:
    for port in PS.mappings(body.get("Publishers"), "Publishers"):
        published = _text(port, "PublishedPort")
        if published not in ("", "0"):
            address = _text(port, "URL")
            shown = f"[{address}]" if ":" in address else address
            yield f"{shown}:{published}->{_text(port, 'TargetPort')}/{_text(port, 'Protocol')}"


def _seconds(status: str) -> int | None:
    found = _JUST_UP.match(status)
    return int(found[1] or 0) if found else None


def _text(body: dict[str, Any], key: str) -> str:
    return PS.text(body.get(key), key)


def _judge(row: Row, service: ServiceModel | None) -> Verdict:
    if row.state == "running":
        return {"": Verdict.HEALTHY, "healthy": Verdict.HEALTHY, "starting": Verdict.PENDING}.get(
            row.health, Verdict.ILL
        )
    if row.state == "exited" and row.exit_code == 0 and (service is None or service.finishes):
        return Verdict.DONE
    return Verdict.PENDING if row.state == "created" else Verdict.ILL
