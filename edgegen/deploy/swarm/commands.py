"""The commands of `docker stack`, as values. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from edgegen.deploy.backends.base import LogsWanted
from edgegen.deploy.command import Command


def config_command(file: Path, values: Mapping[str, str]) -> Command:
    """The stack as `docker stack` reads it: interpolated, in its long form. No engine is asked."""
    return Command(("docker", "stack", "config", "--compose-file", str(file)), variables=values)


_DETACH = "--detach=true"
"""Docker 26 has it, and will wait without it one day; the clients before it refuse it, and never wait."""
_DEPLOY = ("--with-registry-auth", "--resolve-image", "changed", _DETACH)
"""Without `--with-registry-auth` a private image is `No such image` on every node that doesn't have it."""


def deploy_command(file: Path, name: str, values: Mapping[str, str], *, prune: bool = True) -> Command:
    """Deploy a stack as it is in its file. With `prune`, services that the file does not have are removed before others
    start."""
    return Command((*_words(prune=prune), str(file), name), None, variables=values)


def text_deploy_command(
    text: str, folder: Path, name: str, values: Mapping[str, str], *, prune: bool = False
) -> Command:
    """Deploy what is given on stdin, a stack or a part of it; its paths begin in `folder`."""
    return Command((*_words(prune=prune), "-", name), None, stdin=text, variables=values, folder=folder)


def _words(*, prune: bool) -> tuple[str, ...]:
    """One file, and never a second one that is laid over it: of several, Docker's client keeps only one port of each
    number (443/tcp or 443/udp), only one mount of each secret and config, and sorts them, so that tasks are replaced
    which have not changed."""
    return ("docker", "stack", "deploy", *(("--prune",) if prune else ()), *_DEPLOY, "--compose-file")


def of_older_client(command: Command, said: str) -> Command | None:
    """The same for a client that refuses the option by which it does not wait; None if it has another complaint."""
    if "unknown flag: --detach" not in said:
        return None
    return replace(command, argv=tuple(word for word in command.argv if word != _DETACH))


def remove_command(name: str) -> Command:
    """Remove a stack's services, networks, secrets and configs; its volumes stay."""
    return Command(("docker", "stack", "rm", name), None)


def label_command(node: str, label: str) -> Command:
    """Give a node a label with the value `true`."""
    return Command(("docker", "node", "update", "--label-add", f"{label}=true", node))


def overlay_command(name: str) -> Command:
    """Create an overlay network that other stacks, and containers, may join."""
    argv = ("docker", "network", "create", "--driver", "overlay", "--attachable", name)
    return Command(argv, unless=("docker", "network", "inspect", name))


def logs_command(service: str, wanted: LogsWanted, *, timestamps: bool = False) -> Command:
    """What the tasks of one service wrote."""
    return Command(("docker", "service", "logs", *wanted.options(timestamps=timestamps), service), None)
