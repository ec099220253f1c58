"""A certificate's file that is not in the container of Traefik.

What it does
    Reports `certFile`, `keyFile` and `caFiles` of a dynamic file's `tls` at a path where nothing is mounted into the
    Traefik of these files. An image that is built here may have the file itself, and is passed; so are the
    authorities below `/etc/ssl`, which the official one has.

Why
    Traefik starts, logs one line (`failed to find any PEM data in certificate input`), and serves its own self-signed
    certificate. Without the files of `clientAuth` no connection with these options succeeds.

Example
    `certFile: /certs/example.com.crt`, and no mount at `/certs`

Instead
    `volumes: ["./certs:/certs:ro"]` at Traefik
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Dynamic, Project, Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.views.image import holds_only_mounts
from edgegen.lint.views.paths import place_of

RULE = Rule("EL119", "certificate-file-missing", Severity.HIGH)
_FILES = ("certfile", "keyfile", "cafiles")
_OF_IMAGE = "/etc/ssl/"


def check(project: Project) -> Iterator[Found]:
    """The files that the `tls` of each dynamic file names."""
    edge = edge_of(project)
    traefik = edge.traefik.service if edge.traefik else None
    if traefik is None or not holds_only_mounts(traefik):
        return
    for dynamic in project.dynamic:
        for path, name in _named(dynamic):
            if name.startswith("/") and not name.startswith(_OF_IMAGE) and place_of(project, traefik, name) is None:
                message = f"nothing is mounted at `{shown(name)}` into `{traefik.name}`: {_consequence(path)}"
                yield Found(traefik.name, message, Spot(dynamic.file, path), f"mount it into `{traefik.name}`")


def _consequence(path: Path) -> str:
    if any(str(part).lower() == "cafiles" for part in path):
        return "no connection with these options succeeds"
    return "Traefik serves its own certificate"


def _named(dynamic: Dynamic) -> Iterator[tuple[Path, str]]:
    for key, value in dynamic.data.items() if dynamic.seen else ():
        if str(key).lower() == "tls":
            yield from _below(value, (key,))


def _below(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text under a key for files. Text that is the certificate itself does not begin with `/`."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _below(item, (*path, str(key)))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _below(item, (*path, index))
    elif isinstance(value, str) and any(str(part).lower() in _FILES for part in path[-2:]):
        yield path, value
