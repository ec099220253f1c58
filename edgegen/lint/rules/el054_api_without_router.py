"""An API that nothing reaches.

What it does
    Reports `api` without `api.insecure` where no router of the project leads to `api@internal` or
    `dashboard@internal`.

Why
    `--api=true` opens nothing by itself: the dashboard answers 404 until a router leads to it.

Example
    `--api.dashboard=true`, and no router

Instead
    A router with `service=api@internal` and a middleware that authenticates; or no `api` at all
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Found, Rule
from edgegen.lint.statics import is_on, judged, known
from edgegen.traefik.go_values import FALSE, TRUE

RULE = Rule("EL054", "api-without-router", Severity.INFO, Confidence.MEDIUM)
_SERVICES = ("api@internal", "dashboard@internal", "rest@internal")


def check(project: Project) -> Iterator[Found]:
    """The API of a project's only Traefik."""
    edge = edge_of(project)
    if not project.has_one_traefik or project.partial or project.traefiks[0].files_hidden:
        return
    if project.traefiks[0].service is None:
        return  # a file by itself: the labels are in others
    if not all(item.seen for item in project.dynamic):
        return
    for item in judged(project):
        insecure = item.static.get("api.insecure")
        is_open = insecure is not None and (not insecure.known or insecure.text in TRUE)
        if not is_on(item.static, "api") or is_open:
            continue
        if not any(router.text("service").lower() in ("", *_SERVICES) for router in edge.of("routers")):
            bare = known(item.static, "api.dashboard") in FALSE
            what = "the API is on, and no router leads to it" if bare else ""
            message = what or "the API and the dashboard are on, and no router leads to them"
            yield Found(item.subject, message, item.spot("api"), "remove `api`, or add a router with authentication")
