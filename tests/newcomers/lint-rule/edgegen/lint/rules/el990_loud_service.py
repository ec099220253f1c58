"""Services with a loud name.

What it does
    Reports a service named `loud`.

Why
    Nobody likes to be shouted at.

Example
    `services: {loud: {image: "a:1"}}`

Instead
    Another name.
"""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.core.finding import Severity
from edgegen.lint.model import Project
from edgegen.lint.rule import Found, Rule

RULE = Rule("EL990", "loud-service", Severity.MEDIUM)


def check(project: Project) -> Iterator[Found]:
    """Loud names."""
    for service in project.services.values():
        if service.name == "loud":
            yield Found(service.name, "this service shouts", service.spot, "give it another name")
