"""Two applications behind one Traefik service.

What it does
    Reports a Traefik service of one name on containers with different ports or different images.

Why
    Traefik takes them for copies of one application and sends each request to one of them in turn: every second one
    fails, or shows the other application.

Example
    `traefik.http.services.app.loadbalancer.server.port=80` on one service, and `…=8080` on another

Instead
    A separate name for each: `app`, `api`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.views.image import image_of

RULE = Rule("EL022", "servers-mixed", Severity.MEDIUM, Confidence.MEDIUM)
_PORT = "loadbalancer.server.port"


def check(project: Project) -> Iterator[Found]:
    """Services of one name on several containers."""
    edge = edge_of(project)
    for (_, kind, _), items in edge.by_name.items():
        if kind != "services" or len(items) == 1:
            continue
        taken = [item for item in items if item.service and edge.takes(item)]
        for first, other in zip(taken[:1] * len(taken), taken[1:], strict=False):
            if not first.never_meets(other) and (why := _mixed(first, other)):
                name = shown(other.name)
                message = (
                    f"the service `{name}` is also in the labels of `{first.owner}`, {why}: Traefik sends requests to "
                    "either of them"
                )
                yield Found(other.owner, message, other.place(_PORT), "give each its own name")


def _mixed(one: Defined, other: Defined) -> str:
    ports = one.text(_PORT), other.text(_PORT)
    if all(ports) and ports[0] != ports[1]:
        return f"with port {shown(ports[0])}"
    images = _image(one), _image(other)
    if all(images) and images[0] != images[1]:
        return "which runs another image"
    return ""


def _image(item: Defined) -> str:
    """The image's name without its tag: versions of one application may well stand side by side."""
    image = image_of(item.service) if item.service else None
    return image.name if image else ""
