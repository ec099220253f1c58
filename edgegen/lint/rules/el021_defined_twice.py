"""One name with two meanings.

What it does
    Compares routers, services and middlewares of one name in the labels of different containers, and in the dynamic
    files of one folder.

Why
    Traefik drops both, the good one too, and disables every router that uses them: `defined multiple times with
    different configurations`. Of two files Traefik takes the one whose name comes first, and passes over the other:
    `already configured, skipping`.

Example
    ``traefik.http.routers.web.rule=Host(`a.example.com`)`` on one service, and the same name with another rule on a
    second one

Instead
    A separate name for each: `web-a`, `web-b`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.edge import Defined, Edge, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.traefik.named import SINGULAR, plain

RULE = Rule("EL021", "defined-twice", Severity.HIGH)
_OWN = "loadbalancer.server."
"""What each container says about its server: Traefik balances between them."""
_EFFECT = {
    "routers": "Traefik drops both",
    "services": "Traefik drops both, and disables every router that leads to them",
    "middlewares": "Traefik drops both, and disables every router that uses them",
}


def check(project: Project) -> Iterator[Found]:
    """Names that two containers define."""
    edge = edge_of(project)
    for (section, kind, _), items in edge.by_name.items():
        if len(items) > 1 and kind in SINGULAR and section != "tls":
            yield from _differing(edge, kind, [item for item in items if item.service is not None])
            yield from _passed_over(project, kind, [item for item in items if item.service is None])


def _differing(edge: Edge, kind: str, items: list[Defined]) -> Iterator[Found]:
    taken = [item for item in items if edge.takes(item)]
    for first, other in zip(taken[:1] * len(taken), taken[1:], strict=False):
        if (
            first.known
            and other.known
            and not first.never_meets(other)
            and _content(edge, first) != _content(edge, other)
        ):
            name = f"the {SINGULAR[kind]} `{shown(other.name)}`"
            message = f"{name} is also in the labels of `{first.owner}`, with other options: {_EFFECT[kind]}"
            sure = all(item.service and edge.shown(item.service) for item in (first, other))
            hint = "give one of them another name"
            yield Found(other.owner, message, other.spot, hint, confidence=None if sure else Confidence.MEDIUM)


def _passed_over(project: Project, kind: str, items: list[Defined]) -> Iterator[Found]:
    """Of a folder's files, those that come later."""
    folders = {item.file.path: item.folder for item in project.dynamic}
    ordered = sorted(items, key=lambda item: item.spot.file.path.split("/"))
    for first, other in zip(ordered[:1] * len(ordered), ordered[1:], strict=False):
        folder = folders.get(first.spot.file.path)
        if folder and folder == folders.get(other.spot.file.path) and first.data != other.data:
            message = (
                f"the {SINGULAR[kind]} `{shown(other.name)}` is also in {shown(first.owner)}, with other options: "
                "Traefik takes that one, whose name comes first, and passes over this one"
            )
            yield Found(other.owner, message, other.spot, "remove one of them", Severity.MEDIUM)


def _content(edge: Edge, item: Defined) -> Mapping[str, str]:
    options = {key: plain(value) for key, (value, _) in item.item.options.items()} if item.item else {}
    if item.kind == "services":
        return {key: value for key, value in options.items() if not key.startswith(_OWN)}
    if item.kind == "routers":
        own = [one.name for one in edge.of_service(item.owner, "services", item.section)]
        service = own[0] if len(own) == 1 else f"made for {item.owner}"
        defaults = {"rule": f"made for {item.owner}", "service": service}
        given = {key: value for key, value in options.items() if value or key not in defaults}
        return {**defaults, **given}
    return options
