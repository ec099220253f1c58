"""Which Compose is here, for who only wants to know."""

from __future__ import annotations

from edgegen.deploy.backends import compose_cli
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Executor


def compose_version(runner: Executor) -> tuple[str, str, str]:
    """How it is called, its version, and what was passed over for it. Raises OutsideError if there is none that is new
    enough."""
    found = compose_cli.search(runner)
    result = runner.run(Command((*found.argv, "version", "--short")))
    return " ".join(found.argv), result.stdout.strip(), found.passed_over
