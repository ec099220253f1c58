"""What `add` is asked for: a template of `init` or an image, and a host; and the pieces that it becomes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from edgegen.core.errors import UsageError, words_checked
from edgegen.core.names import Hostname, ImageRef
from edgegen.core.suggest import did_you_mean
from edgegen.project.adding.known_ports import known_port
from edgegen.project.adding.pieces import Piece, of_template, of_value
from edgegen.render.starters import has_domain, refuse_target, refuse_users, starter_files, starters
from edgegen.spec import SPEC_FILE
from edgegen.spec.base import NAME_PATTERN
from edgegen.spec.edge import Spec

_LONGEST = 63
_OF_A_FEW_LINES = {
    "redirect": "`kind: redirect`, `host` and `to`",
    "external": "`kind: external`, `host` and `url`",
    "tcp": "`kind: tcp`, `image`, `host`, `entrypoint`, `listen` and `port`",
}
"""Kinds of service without a starter project."""


class Wish(Struct, frozen=True):
    """The words of the command line."""

    what: str
    host: str
    name: str | None = None
    port: int | None = None
    path: str | None = None
    users: tuple[str, ...] = ()
    middlewares: tuple[str, ...] = ()


class Asked(Struct, frozen=True):
    """The service's name, its public name, and everything that it is made of."""

    service: str
    host: str
    pieces: Sequence[Piece]


def asked(wish: Wish, spec: Spec, default_user: str) -> Asked:
    """Raises UsageError for what is neither a template nor an image, and for an image whose port isn't known."""
    with words_checked():
        host = Hostname.parse(wish.host, wildcard=True)
    if wish.name is not None and not re.fullmatch(NAME_PATTERN, wish.name):
        raise UsageError(f"`{wish.name[:60]}` is not a usable name: a-z, 0-9 and inner hyphens, at most {_LONGEST}")
    names = [starter.name for starter in starters()]
    if wish.what in names:
        return _of_template(wish, host, spec, default_user)
    return _of_image(wish, host, names)


def _of_template(wish: Wish, host: Hostname, spec: Spec, default_user: str) -> Asked:
    for option, value in (("--port", wish.port), ("--path", wish.path), ("--middleware", wish.middlewares)):
        if value:
            raise UsageError(
                f"{option} is for images: the template `{wish.what}` says it itself",
                hint="leave it out, and change edge.yaml afterwards",
            )
    refuse_target(wish.what, spec.target)
    if wish.users:
        refuse_users(wish.what)
    if not has_domain(wish.what):
        raise UsageError(
            f"the template `{wish.what}` has no host", hint=f"use `edgegen init {wish.what} NAME` in its own folder"
        )
    name = wish.name or wish.what
    files = starter_files(wish.what, _context(wish, host, spec, name, default_user))
    if others := sorted(set(files) - {SPEC_FILE}):
        raise UsageError(
            f"the template `{wish.what}` is a project with its own files ({', '.join(others[:3])} …)",
            hint=f"use `edgegen init {wish.what} {host}` in its own folder",
        )
    return Asked(name, host, of_template(files[SPEC_FILE]))


def _context(wish: Wish, host: Hostname, spec: Spec, name: str, default_user: str) -> dict[str, Any]:
    return {
        "domain": host,
        "local": False,
        "zone": "",  # the host is meant as it was written, even if it is a whole domain
        "name": spec.name,
        "email": None,
        "addresses": [],
        "target": spec.target,
        "users": list(wish.users) or [default_user],
        "owner": None,
        "service": name,
        "companion": f"{name}-",
    }


def _of_image(wish: Wish, host: Hostname, templates: Sequence[str]) -> Asked:
    image = _image(wish.what, templates)
    if wish.users:
        raise UsageError("--user is for registries", hint="for basic auth: `edgegen auth add USER --service NAME`")
    if wish.port is not None and not 1 <= wish.port <= 65535:
        raise UsageError(f"--port {wish.port}: ports go from 1 to 65535")
    port = wish.port or known_port(image)
    if port is None:
        raise UsageError(
            f"the port that `{image}` listens on isn't known",
            hint=f"say --port PORT: its documentation names it, and so does `docker image inspect {image}`, under "
            "ExposedPorts",
        )
    name = wish.name or _name_of(image)
    value: dict[str, Any] = {"image": str(image), "port": port, "host": str(host)}
    if wish.path:
        value["path"] = wish.path
    if wish.middlewares:
        value["middlewares"] = list(wish.middlewares)
    return Asked(name, host, [of_value("services", name, value)])


def _image(text: str, templates: Sequence[str]) -> ImageRef:
    try:
        image = ImageRef.parse(text)
    except ValueError as error:
        raise UsageError(str(error), hint=f"templates are: {', '.join(templates)}") from None
    if not image.tag and "@" not in image:
        if text in _OF_A_FEW_LINES:
            hint = f"write it into edge.yaml by hand; its keys are: {_OF_A_FEW_LINES[text]}"
            raise UsageError(f"`{text}` is a kind of service that `add` has no template for", hint=hint)
        meant = did_you_mean(text, templates, f"write its tag, like `{text}:1.2`, or a template")
        raise UsageError(f"`{text}` is neither a template nor an image with a tag", hint=meant)
    return image


def _name_of(image: ImageRef) -> str:
    """`web` for ghcr.io/acme/web:1.4."""
    last = image.partition("@")[0].rpartition("/")[2].partition(":")[0]
    return re.sub(r"[^a-z0-9]+", "-", last)[:_LONGEST].strip("-")
