"""Which Compose is here, for who only wants to know."""

from __future__ import annotations

from edgegen.deploy.backends import compose_cli
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Executor


def compose_version(runner: Executor) -> tuple[str, str]:
    """How it is called, and its version. Raises OutsideError if there is none that is new enough."""
    found = compose_cli.find(runner)
    result = runner.run(Command((*found, "version", "--short")))
    return " ".join(found), result.stdout.strip()
