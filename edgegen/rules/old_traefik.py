"""A Traefik that can't talk to the Docker Engine, or that edgegen doesn't support.

What it does
    Refuses a Traefik image older than 3.6.1.

Why
    Older ones ask for Docker API 1.24, which Engine 29 refuses: every route is then a 404.

Example
    `edge: {image: "traefik:v3.1"}`

Instead
    `traefik:v3.7`, the default.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec
from edgegen.traefik.docker_api import FIRSTS
from edgegen.traefik.version import version_of

ID = "ER013"

OLDEST = FIRSTS[3]


def check(spec: Spec) -> Iterator[Violation]:
    """A tag that names a version before 3.6.1. Tags without a number are not checked."""
    version = version_of(spec.edge.image)
    if version is not None and version < OLDEST:
        message = f"Traefik {version} can't talk to Docker Engine 29"
        yield Violation(("edge", "image"), message, f"use {OLDEST} or later, like `traefik:v3.7`")
