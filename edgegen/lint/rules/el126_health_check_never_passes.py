"""A health check that can't pass.

What it does
    Reports a `healthcheck.test` that is a list with the wrong kind of words: `CMD` with a whole command line in one
    word, `CMD-SHELL` with several words, and either without a command.

Why
    `CMD` looks for a program with that name, blanks included. Docker takes it, and the container is unhealthy forever:
    Traefik leaves it out, so its hosts get 404, and a swarm replaces it again and again. `CMD-SHELL` runs its first
    word only, so `curl` gets no URL, and fails each time, and `pg_isready` asks for another user.

Example
    `test: ["CMD", "curl -f http://localhost:3000/healthz"]`

Instead
    `test: ["CMD", "curl", "-f", "http://localhost:3000/healthz"]`, or the command line after `CMD-SHELL`.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.data import items, mapping
from edgegen.core.finding import Severity
from edgegen.core.health_command import Fault, fault_of
from edgegen.core.show import shown
from edgegen.lint.edge import edge_of
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL126", "health-check-never-passes", Severity.HIGH)
_NEVER = "the container never becomes healthy"


def check(project: Project) -> Iterator[Found]:
    """The check of each service."""
    for name, service in project.services.items():
        test = items(service.data, "healthcheck", "test")
        is_off = mapping(service.data, "healthcheck").get("disable")
        if test and not is_off and (fault := _fault(list(map(str, test)))):
            message, hint = fault
            is_routed = bool(edge_of(project).of_service(name, "routers")) and _NEVER in message
            severity = Severity.HIGH if is_routed else Severity.MEDIUM
            yield Found(name, message, service.spot.at("healthcheck", "test"), hint, severity)


def _fault(test: list[str]) -> tuple[str, str] | None:
    """What is wrong with a list, and what to write. A variable may be any words."""
    fault = None if any("$" in word for word in test[1:]) else fault_of(test)
    if fault is Fault.NO_COMMAND:
        return f"the health check `{test[0]}` has no command: {_NEVER}", "write the command after it"
    if fault is Fault.ONE_WORD:
        message = f"`CMD` looks for a program called `{shown(test[1])}`: {_NEVER}"
        return message, "make each word a separate item, or write `CMD-SHELL`"
    if fault is Fault.LOST_WORDS:
        message = f"`CMD-SHELL` runs only `{shown(test[1])}`, without the words after it"
        return message, "put the command into one text, or write `CMD`"
    return None
