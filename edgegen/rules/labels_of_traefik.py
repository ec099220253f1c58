"""Traefik's labels where edgegen writes them itself.

What it does
    Refuses labels `traefik.…` under `labels`, `deploy.labels` and `extra`, of services, of the edge and of builds, and
    files of labels, which can't be seen here. What only looks like one (`treafik.enable`) is reported.

Why
    Next to the labels that edgegen writes they remove a password, move a host, or are silently ignored: with Compose,
    a label under `deploy` has no effect.

Example
    `labels: {traefik.http.routers.web.middlewares: auth}`

Instead
    The key of edge.yaml: `middlewares: [auth]`. If there isn't one, `traefik_labels:`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from edgegen.core.data import mapping
from edgegen.core.finding import Severity
from edgegen.core.location import Path
from edgegen.core.show import shown
from edgegen.rules.violation import Violation
from edgegen.spec.edge import Spec

ID = "ER022"

_BELOW = (("labels",), ("deploy", "labels"), ("build", "labels"))
"""Where Compose reads labels from: an image's labels are also its containers'."""


def check(spec: Spec) -> Iterator[Violation]:
    """Labels in all their places."""
    for name, service in spec.services.items():
        at: Path = ("services", name)
        yield from _labels(service.labels, (*at, "labels"))
        if service.as_container and service.as_container.deploy:
            yield from _labels(service.as_container.deploy.labels, (*at, "deploy", "labels"))
        yield from _extra(service.extra, (*at, "extra"))
    yield from _extra(spec.edge.extra, ("edge", "extra"))
    for name, service in mapping(spec.extra, "services").items():
        yield from _extra(service, ("extra", "services", name))


def _extra(extra: Any, at: Path) -> Iterator[Violation]:
    if not isinstance(extra, Mapping):
        return
    for keys in _BELOW:
        yield from _labels(mapping(extra, *keys[:-1]).get(keys[-1]), (*at, *keys))
    if "label_file" in extra:
        yield Violation(
            (*at, "label_file"), "`label_file` holds labels that edgegen can't see", "write them under `labels:`"
        )


def _labels(labels: Any, at: Path) -> Iterator[Violation]:
    """Of a mapping, or of Compose's list `- NAME=value`."""
    if isinstance(labels, Mapping):
        for label, value in labels.items():
            yield from _label(str(label), value, (*at, label))
    elif isinstance(labels, list):
        for index, item in enumerate(labels):
            label, _, value = str(item).partition("=")
            yield from _label(label, value, (*at, index))


def _label(label: str, value: Any, at: Path) -> Iterator[Violation]:
    from edgegen.rules.label_keys import instead, is_traefiks  # only for a spec with labels: it loads Traefik's words
    from edgegen.traefik.label_words import faults

    text = "" if value is None else str(value)
    if is_traefiks(label):
        yield Violation(at, f"`{shown(label, 120)}` is a label of Traefik: edgegen writes these", instead(label, text))
    elif found := faults({label: text}):
        yield Violation(
            at, f"`{shown(label, 120)}` looks like a label of Traefik, and Traefik ignores it",
            instead(found[0].meant, text), refused=False, severity=Severity.LOW,
        )  # fmt: skip
