"""A socket proxy that is not HAProxy.

What it does
    Refuses an `edge.socket_proxy_image` that names one of the common socket proxies.

Why
    They allow everything below `/containers`: any file of any container by `archive`, logs, processes. edgegen
    renders an HAProxy configuration for the five reads that Traefik needs, and these images don't read it.

Example
    `edge: {socket_proxy_image: "tecnativa/docker-socket-proxy:v0.4.1"}`

Instead
    Remove the line, or name an HAProxy image: `haproxy:3.2-alpine`, or a copy of it in your own registry.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import mapping
from edgegen.core.pattern import late_pattern
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER016"

_SERVICE = "docker-socket-proxy"
_OTHERS = late_pattern(r"socket[._-]*proxy")


def check(spec: Spec) -> Iterator[Violation]:
    """The image of the spec, and one that `extra:` replaces it with."""
    if spec.edge.docker_socket != "proxy":
        return
    extra = mapping(spec.extra, "services", _SERVICE).get("image")
    places: list[tuple[tuple[str, ...], object]] = [
        (("edge", "socket_proxy_image"), spec.edge.socket_proxy_image),
        (("extra", "services", _SERVICE, "image"), extra),
    ]
    for path, image in places:
        if isinstance(image, str) and _OTHERS.search(_repository(image)):
            message = f"`{image}` is not HAProxy: it does not read the rendered `traefik/socket-proxy.cfg`"
            yield Violation(path, message, "remove the line, or name an HAProxy image like `haproxy:3.2-alpine`")


def _repository(image: str) -> str:
    return image.partition("@")[0].rpartition("/")[2].partition(":")[0].lower()
