"""A Traefik that Docker Engine 29 refuses to talk to.

What it does
    Reports a Traefik before 3.6.1, and a Traefik 2 before 2.11.31, whose provider reads labels from Docker.

Why
    These versions ask for version 1.24 of the Docker API, and Engine 29 takes nothing below 1.44: `client version
    1.24 is too old`. Traefik stays up and shows no route, so every address answers 404. It happens with the next
    upgrade of the engine.

Example
    `image: traefik:v3.3`

Instead
    `image: traefik:v3.7`, or `traefik:v2.11.31` where the rules of Traefik 2 have to stay.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, replace_within
from edgegen.lint.model import Project, Traefik, Value
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.traefik.docker_api import first_that_negotiates, negotiates
from edgegen.traefik.version import Version

RULE = Rule("EL060", "traefik-refused-by-docker", Severity.HIGH)


def check(project: Project) -> Iterator[Found]:
    """Each Traefik whose version is known and too old."""
    for traefik, service in project.proxies:
        version = project.wanted or traefik.version
        if version is None or negotiates(version) or not _reads_docker(traefik):
            continue
        first = first_that_negotiates(version)
        message = (
            f"Traefik {version} shows no route on Docker Engine 29, which refuses its old API version: every address "
            "answers 404"
        )
        yield Found(service.name, message, traefik.spot, _hint(version, first), fix=_fix(service.image, version, first))


def _hint(version: Version, first: Version) -> str:
    if version.major < 2:
        return "move to Traefik 3, like `traefik:v3.7`: its labels and options are different ones"
    return f"use {first} or later" + (", or Traefik 3.7" if version.major < 3 else ", like `traefik:v3.7`")


def _fix(image: Value | None, version: Version, first: Version) -> Fix | None:
    """A later patch of the same minor version: nothing else changes with it."""
    if image is None or version.line != first.line or image.raw != image.text or "@" in image.text:
        return None
    tag = image.text.rpartition(":")[2]
    later = tag.replace(str(version), str(first), 1)
    return fix(f"use Traefik {first}", replace_within(image.spot, f":{tag}", f":{later}"))


def _reads_docker(traefik: Traefik) -> bool:
    """Whether a provider reads labels from Docker, or none can be seen."""
    static = traefik.static
    named = static.has("providers.docker") or static.has("providers.swarm") or static.has("docker")
    return named or static.hidden or not static.has("providers")
