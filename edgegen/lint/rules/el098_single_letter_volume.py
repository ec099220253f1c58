"""A volume whose name Compose takes for a Windows drive.

What it does
    Reports the short form of a mount whose source is one letter.

Why
    To Compose `v:/data` is a Windows path, so the container gets an anonymous volume at `v:/data`, and `/data` is
    lost with the container.

Example
    `volumes: ["d:/data"]`

Instead
    `volumes: ["data:/data"]`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.data import items
from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL098", "single-letter-volume", Severity.HIGH)

_SHORT = re.compile(r"[A-Za-z]:/[^:]*(?::(?:ro|rw|z|Z))?\Z")


def check(project: Project) -> Iterator[Found]:
    """Each such mount."""
    for service in project.services.values():
        for index, volume in enumerate(items(service.data, "volumes")):
            if isinstance(volume, str) and _SHORT.match(volume) and volume[0] in project.volumes:
                yield Found(
                    service.name,
                    f"Compose reads `{volume}` as a path on Windows: nothing is mounted at "
                    f"`{volume[2:].partition(':')[0]}`",
                    service.spot.at("volumes", index),
                    "give the volume a name of two letters or more, or use the long form",
                )
