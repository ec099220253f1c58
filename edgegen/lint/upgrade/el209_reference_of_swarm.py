"""A name or label of Traefik 2's Docker provider, on a swarm.

What it does
    Reports references like `auth@docker` and the labels `traefik.docker.network` and `traefik.docker.lbswarm` in a
    stack for a swarm. With `--fix` they become `auth@swarm`, `traefik.swarm.network`, `traefik.swarm.lbswarm`.

Why
    In Traefik 3 a swarm has its own provider. What refers to `@docker` is not found, and the router is off; the
    label for the network is ignored, and Traefik may choose a network on which it reaches nobody.

Example
    `traefik.http.routers.web.middlewares=auth@docker`

Instead
    `traefik.http.routers.web.middlewares=auth@swarm`
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.core.finding import Severity
from edgegen.lint.edits import fix, rename_flag, rename_label, replace_within, set_label, set_scalar
from edgegen.lint.model import Spot
from edgegen.lint.rule import Found, Rule
from edgegen.lint.statics import judged, written
from edgegen.lint.upgrade.way import Way

RULE = Rule("EL209", "reference-of-swarm", Severity.HIGH)
_REFERENCE = re.compile(r"@docker\b")
_PROVIDERS_OWN = re.compile(r"traefik\.docker\.(network|lbswarm)", re.IGNORECASE)


def check(way: Way) -> Iterator[Found]:
    """Labels, static options and dynamic files of a swarm's stack."""
    if way.leaves_2 and (way.is_swarm or any(item.static.has("providers.swarm") for item in way.project.traefiks)):
        yield from _labels(way)
        yield from _options(way)
        yield from _files(way)


def _labels(way: Way) -> Iterator[Found]:
    for service, labels in way.edge.labelled:
        for label, value in labels.items():
            if own := _PROVIDERS_OWN.fullmatch(label):
                new = f"traefik.swarm.{own[1]}"
                message = f"Traefik 3 passes over `{label}` on a swarm: it is `{new}`"
                yield Found(
                    service.name, message, value.spot.of_key, fix=fix(f"write `{new}`", rename_label(value, label, new))
                )
            elif _REFERENCE.search(value.raw):
                new = _REFERENCE.sub("@swarm", value.raw)
                message = f"`{label}` refers to `@docker`, which a swarm does not have with Traefik 3"
                yield Found(service.name, message, value.spot, fix=fix("write `@swarm`", set_label(value, label, new)))


def _options(way: Way) -> Iterator[Found]:
    for item in judged(way.project):
        for option, value in item.static.options.items():
            if _REFERENCE.search(value.raw):
                message = f"`{written(item, option)}` refers to `@docker`, which a swarm does not have with Traefik 3"
                edit = (
                    set_scalar(value.spot, _REFERENCE.sub("@swarm", value.raw))
                    if item.static.source == "file"
                    else rename_flag(value, "@docker", "@swarm")
                )
                yield Found(item.subject, message, value.spot, fix=fix("write `@swarm`", edit))


def _files(way: Way) -> Iterator[Found]:
    for dynamic in way.project.dynamic:
        for path, text in _texts(dynamic.data):
            if _REFERENCE.search(text):
                spot = Spot(dynamic.file, path)
                message = f"`{text}`: a swarm has no `@docker` with Traefik 3"
                edit = set_scalar(spot, _REFERENCE.sub("@swarm", text)) or replace_within(spot, "@docker", "@swarm")
                yield Found(dynamic.file.name, message, spot, fix=fix("write `@swarm`", edit))


def _texts(data: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, str):
        yield path, data
    elif isinstance(data, Mapping | list):
        for key, value in data.items() if isinstance(data, Mapping) else enumerate(data):
            yield from _texts(value, (*path, key))
