"""A Traefik whose version the next pull decides.

What it does
    Reports an image of Traefik without a tag, with `latest`, or with a name of a moving branch, and without a digest.

Why
    Traefik 3 reads rules, labels and flags differently from Traefik 2. Those who pulled `latest` on the wrong day
    had a proxy that did not start, or one without routes.

Example
    `image: traefik:latest`

Instead
    `image: traefik:v3.7`, or a digest.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import image_of

RULE = Rule("EL062", "unpinned-traefik", Severity.MEDIUM)

MOVING = ("", "latest", "experimental", "nightly", "master")


def check(project: Project) -> Iterator[Found]:
    """Each Traefik without a version."""
    for traefik, service in project.proxies:
        image = image_of(service)
        if image and image.name == "traefik" and image.tag in MOVING and not image.digest:
            shown = service.image.text if service.image else image.name
            message = f"`{shown}` is not pinned: the next pull may bring another major version"
            yield Found(service.name, message, traefik.spot, "name a minor version, like `traefik:v3.7`")
