"""A port that is not one.

What it does
    Checks that each `loadbalancer.server.port` is a number from 1 to 65535.

Why
    Traefik disables every router of an HTTP service with such a port; a TCP or UDP service stays, and no connection
    works.

Example
    `traefik.http.services.web.loadbalancer.server.port=8080:80`

Instead
    The container's own port: `traefik.http.services.web.loadbalancer.server.port=80`
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.corrections import unquoted
from edgegen.lint.edge import Defined, edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Fix, Found, Rule
from edgegen.lint.uses import is_used
from edgegen.traefik.go_values import as_number

RULE = Rule("EL015", "port-invalid", Severity.HIGH)
_OPTION = "loadbalancer.server.port"
_MOST = 65535


def check(project: Project) -> Iterator[Found]:
    """Ports of services."""
    edge = edge_of(project)
    for service in edge.of("services"):
        text = service.text(_OPTION)
        if not text or (text.isdecimal() and 0 < as_number(text) <= _MOST):
            continue
        hint, correction = _quoted(service) or (_hint(text), None)
        name = shown(service.name)
        if service.section == "http" and _is_refused(text) and is_used(edge, service):
            message = f"`{shown(text)}` is not a port, and Traefik disables every router of the service `{name}`"
            yield Found(service.owner, message, service.place(_OPTION), hint, fix=correction)
        else:
            message = f"`{shown(text)}` is not a port, and Traefik reaches nothing behind the service `{name}`"
            yield Found(service.owner, message, service.place(_OPTION), hint, Severity.MEDIUM, fix=correction)


def _is_refused(text: str) -> bool:
    """Whether Traefik can't read `http://10.0.0.1:` and this text as a URL. What it can read leads elsewhere."""
    host = re.split("[/?#]", f"a:{text}")[0].rpartition("@")[2]
    port = host.rpartition(":")[2]
    return " " in host or (":" in host and port != "" and not port.isdecimal())


def _quoted(service: Defined) -> tuple[str, Fix | None] | None:
    value = service.value(_OPTION)
    found = unquoted(service.item.label(_OPTION), value) if service.item and value else ("", None)
    return found if found[0] else None


def _hint(text: str) -> str:
    last = text.rpartition(":")[2].partition("/")[0]
    return f"the container's own port: `{last}`" if last.isdecimal() and last != text else "write a number: 1 to 65535"
