"""Large uploads, or long streams, that Traefik cuts after 60 seconds.

What it does
    Reports a public service whose image is known for large uploads (Nextcloud, Immich, GitLab, MinIO …), or that
    speaks `h2c`, where neither `edge.read_timeout` nor a registry sets the time. The spec is rendered all the
    same.

Why
    Traefik gives a request 60 seconds to arrive with its body: a larger file over a slower line is cut, however fast
    it flows, and so is a stream that a gRPC client keeps open.

Example
    `image: nextcloud:31-apache` with a `host`

Instead
    `edge: {read_timeout: 1h}`, or `60s` to keep the limit.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER034"
_TAKE_FILES = frozenset((
    "nextcloud", "ocis", "opencloud", "opencloud-rolling", "seafile-mc", "seafile-pro-mc", "filebrowser",
    "immich-server", "photoprism", "peertube", "gitlab-ce", "gitlab-ee", "gitea", "forgejo", "minio", "seaweedfs",
    "nexus3", "artifactory-oss", "artifactory-pro", "artifactory-jcr",
))  # fmt: skip
"""Names of images, whoever built them."""
_OF_AN_OWNER = frozenset(("owncloud/server", "dxflrs/garage", "restic/rest-server", "registry", "library/registry"))
"""The same, where other programs have the name, too."""


def check(spec: Spec) -> Iterator[Violation]:
    """Each such service, where this project has the Traefik before it."""
    if not spec.has_own_edge or spec.edge.read_timeout is not None or spec.registries:
        return
    for name, service in spec.services.items():
        container = service.as_container
        if not service.own_hosts or not service.speaks_http:
            continue
        if container and container.image and (program := _taking_files(container.image)):
            what = f"`{program}` takes large files, and an upload that takes longer than 60 seconds is cut"
            yield _cut(("services", name, "image"), what)
        elif (container and container.scheme == "h2c") or service.asks_url.startswith("h2c:"):
            what = "a stream that a gRPC client keeps open is cut after 60 seconds"
            yield _cut(("services", name, "scheme" if container else "url"), what)


def _cut(path: tuple[str, ...], message: str) -> Violation:
    hint = "say how long a request may take to arrive: `edge: {read_timeout: 1h}`, or `60s` to keep the limit"
    return Violation(path, message, hint, refused=False, severity=Severity.MEDIUM)


def _taking_files(image: str) -> str:
    """The program of an image, if it takes large files. A tag may be a variable."""
    *owner, last = image.partition("@")[0].partition(":${")[0].split("/")
    program = last.partition(":")[0]
    owned = f"{owner[-1]}/{program}" if owner else program
    return program if program in _TAKE_FILES else owned if owned in _OF_AN_OWNER else ""
