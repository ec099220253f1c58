"""A label that Traefik silently ignores.

What it does
    Reports labels that were meant for Traefik and do nothing: words of Traefik 1, once for each service (under Traefik
    1, those of later versions), TLS options and certificates (they belong in a dynamic file), options of the static
    configuration, misspelt beginnings, and `tls=yes`, which Traefik reads as false.

Why
    Traefik logs nothing about them. The route works without what the label was for, or the container is not
    seen at all.

Example
    `traefik.frontend.rule=Host:example.com`, or `traefik.http.routers.web.tls=yes`

Instead
    ``traefik.http.routers.web.rule=Host(`example.com`)``, and `traefik.http.routers.web.tls=true`
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.core.show import shown
from edgegen.lint.corrections import relabelled, set_to
from edgegen.lint.label_faults import OfLabel, label_faults
from edgegen.lint.labelled import is_of_version_1
from edgegen.lint.model import Project
from edgegen.lint.rule import Confidence, Fix, Found, Rule
from edgegen.traefik.label_words import Effect

RULE = Rule("EL002", "label-ignored", Severity.MEDIUM)
_STATIC = frozenset((
    "accesslog", "api", "certificatesresolvers", "core", "entrypoints", "experimental", "global", "hostresolver", "log",
    "metrics", "ping", "providers", "serverstransport", "spiffe", "tcpserverstransport", "tracing",
))  # fmt: skip
"""Words that begin options of the static configuration."""
_TRUE = frozenset(("yes", "y", "on", "1", "t", "enable", "enabled"))
_OF_1 = "a word of Traefik 1"
_ONLY_1 = ("traefik.frontend.", "traefik.backend", "traefik.port")
_SINCE_2 = ("traefik.http.", "traefik.tcp.", "traefik.udp.")


def check(project: Project) -> Iterator[Found]:
    """Each label that does nothing, or turns off what it seems to turn on."""
    if is_of_version_1(project):
        yield from _later_than_version_1(project)
    of_1: dict[str, list[OfLabel]] = {}
    for found in label_faults(project):
        if found.fault.drops_container or _is_for_constraint(project, found.fault.label):
            continue
        if _OF_1 in found.fault.why:
            of_1.setdefault(found.service.name, []).append(found)
        else:
            yield _found(found)
    for labels in of_1.values():
        yield _of_version_1(project, labels)
    for remark in project.repeated:
        label = shown(remark.message, 120)
        message = f"`{label}` is in this list again, with another value: Compose takes the last, and ignores this one"
        yield Found(remark.subject, message, remark.spot, "remove one of the two, or join their values")


def _later_than_version_1(project: Project) -> Iterator[Found]:
    """The first label of each service whose labels only later versions read."""
    for service, labels in project.labelled:
        if any(label.lower().startswith(_ONLY_1) for label in labels):
            continue  # it has both, for the day of the move
        later = (label for label in labels if label.lower().startswith(_SINCE_2))
        if label := next(later, None):
            message = f"`{shown(label, 120)}`: Traefik {project.version} has other labels, and silently ignores it"
            spot = labels[label].spot.of_key
            yield Found(service.name, message, spot, "use Traefik 3, like `traefik:v3.7`, or the labels of version 1")


def _of_version_1(project: Project, found: list[OfLabel]) -> Found:
    """A service's labels of Traefik 1 are one finding: all of them are from the same day."""
    first = min(found, key=lambda item: item.value.spot.of_key.index)
    others = len(found) - 1
    service, label, value, fault = first
    message, hint = f"`{label}`: {fault.why}", "write the labels of Traefik 2 and 3: routers, services and middlewares"
    if others:
        message = f"`{label}` and {others} other label{'s' * (others > 1)} are for Traefik 1"
    severity = None
    if any(name.lower().startswith(_SINCE_2) for name in service.routing_labels(project.mode)):
        severity, hint = Severity.LOW, "remove what is left of Traefik 1"  # the route is there
    message += f", and Traefik silently ignores {'them' if others else 'it'}"
    return Found(service.name, message, value.spot.of_key, hint, severity)


def _is_for_constraint(project: Project, label: str) -> bool:
    """Whether a Traefik here asks for this very label, whatever its words are."""
    said = (value for traefik in project.traefiks for option, value in traefik.static.options.items()
            if option.endswith(".constraints"))  # fmt: skip
    return any(mark + label + mark in value.text for value in said for mark in '`"')


def _found(found: OfLabel) -> Found:
    fault = found.fault
    first = fault.label.split(".")[1].lower() if "." in fault.label else ""
    hint = f"did you mean `{fault.meant}`?" if fault.meant else ""
    why, severity = fault.why, None
    if first in _STATIC:
        why, hint = f"`{first}` is an option of Traefik's own start", "write it as a flag: `command:` of the Traefik"
    elif (
        not fault.meant
        and fault.effect is Effect.IGNORES
        and first not in ("http", "tcp", "udp", "tls", "docker", "swarm")
    ):
        severity = Severity.LOW  # perhaps someone else's label, or one for a constraint
    spot = found.value.spot if fault.effect is Effect.OFF else found.value.spot.of_key
    message = f"`{fault.label}`: {why}, and Traefik {fault.effect.value}"
    confidence = Confidence.LOW if severity else None
    return Found(found.service.name, message, spot, hint, severity, confidence, fix=_fix(found))


def _fix(found: OfLabel) -> Fix | None:
    """What can only be meant as true becomes it, and a label with one wrong letter the right one."""
    service, label, value, fault = found
    if fault.effect is Effect.OFF and fault.label == label and value.text.strip().lower() in _TRUE:
        return set_to(label, value, "true")
    return relabelled(service, label, value, fault.meant)
