"""Braces inside of a variable, where nothing keeps Swarm from running them as a template."""

from __future__ import annotations

from collections.abc import Iterator

from edgegen.spec.edge import Spec
from edgegen.spec.problems import Complaint
from edgegen.spec.variables import Variable, has_variables, variables
from edgegen.targets.swarm_parts.templates import expanded


def check(spec: Spec) -> Iterator[Complaint]:
    """Texts that Swarm expands, with braces in the default of a variable."""
    for name, service in spec.containers.items():
        for path, text in expanded(service):
            if "{{" in text and has_variables(text) and any(_has_braces(one) for one in variables(text)):
                message = "Swarm would run the `{{` inside of this variable as a template"
                hint = "give the variable the whole value, without braces in its default"
                yield Complaint(("services", name, *path), message, hint)


def _has_braces(variable: Variable) -> bool:
    return any("{{" in piece for piece in variable.word if isinstance(piece, str))
