"""What the environments make of a service's new password: an overlay may drop it, or ask for another one besides."""

from __future__ import annotations

from edgegen.core.errors import EdgegenError, Problem, RefusedError
from edgegen.project.adding.edit import Edit
from edgegen.project.auth.guards import Guard, other_guard, uses
from edgegen.spec import SPEC_FILE
from edgegen.spec.load import load_text


def in_environments(edit: Edit, service: str, guard: Guard) -> list[Problem]:
    """A warning for each environment without the password. Raises RefusedError where nobody could log in."""
    found = []
    for environment in edit.spec.environments:
        try:
            spec = load_text(edit.after, SPEC_FILE, environment).spec
        except EdgegenError:  # it was wrong before, too
            continue
        if service not in spec.services or not spec.services[service].own_hosts:  # there the edge doesn't serve it
            continue
        if not uses(spec, service, guard):
            found.append(_without(environment, service))
        elif other := other_guard(spec, service, guard):
            raise RefusedError(
                f"in the environment `{environment}`, `{service}` already asks for the passwords of `{other.name}`: "
                "with a second basic-auth middleware nobody could log in",
                hint=f"remove one of them, or give each environment its own: `environments.NAME.services.{service}`",
            )
    return found


def _without(environment: str, service: str) -> Problem:
    return Problem(
        f"in the environment `{environment}`, `{service}` asks for no password",
        hint=f"`environments.{environment}.services.{service}.middlewares` takes the middleware away",
    )
