"""A starter project on a swarm of one node: what `init --target swarm` writes, started by `up`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from tests.lab.authority import Authority
from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure_images
from tests.lab.starter import begin
from tests.lab.swarm_project import SwarmProject, give_account
from tests.lab.waiting import until


@contextmanager
def project_on(node: Ground, authority: Authority, folder: Path) -> Iterator[SwarmProject]:
    """A folder for one project. What it has started is gone at the end, and the swarm is ready for the next."""
    project = SwarmProject(node, authority, folder)
    yield project
    ours = ("--filter", "label=com.docker.stack.namespace")
    for stack in docker(node, "stack", "ls", "--format", "{{.Name}}").split():
        docker(node, "stack", "rm", stack)
    until("the stack is gone", partial(_removed, node, ("container", "rm", "-fv"), ("ps", "-aq", *ours)))
    for kind in ("network", "volume"):
        until(f"each {kind} is gone", partial(_removed, node, (kind, "rm"), (kind, "ls", "-q", *ours)))


def start(project: SwarmProject, template: str, host: str, *changes: tuple[str, str], status: int = 200) -> Client:
    """The starter as it is written but for `changes`, and a visitor to whom its host answers with `status`."""
    begin(project, template, host, "--target", "swarm")
    return start_written(project, host, *changes, status=status)


def start_written(
    project: SwarmProject, host: str, *changes: tuple[str, str], path: str = "/", status: int = 200
) -> Client:
    """The same once its files are there."""
    edit(project, *changes)
    project.render()
    ensure_images(project.ground, project.compose)
    give_account(project.ground, project.folder)
    project.edgegen("up", "--wait", "120")
    return visitor(project, host, path, status)


def visitor(project: SwarmProject, host: str, path: str = "/", status: int = 200) -> Client:
    """Who trusts the authority, once the host has its certificate and answers."""
    wait_for_certificate(project.ground, host)
    found = Client(project.ground, project.root)
    wait_for_status(found, host, status, path)
    return found


def edit(project: SwarmProject, *changes: tuple[str, str]) -> None:
    """Edit edge.yaml."""
    path = project.folder / "edge.yaml"
    text = path.read_text()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path.write_text(text)


def containers(project: SwarmProject, service: str, *words: str) -> list[str]:
    """The running containers of a service, by its name on the swarm."""
    label = f"label=com.docker.swarm.service.name={service}"
    return docker(project.ground, "ps", "-q", "--filter", label, *words).split()


def _removed(ground: Ground, removal: tuple[str, ...], listing: tuple[str, ...]) -> bool:
    """Whether nothing is left. What is in use, or on its way out, may refuse."""
    names = docker(ground, *listing).split()
    if names:
        ground.run("docker", *removal, *names, check=False)
    return not names
