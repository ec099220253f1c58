"""The starters `wordpress`, `web`, `whoami`, `registry` and `registry-cache` with `--target swarm`, on one swarm.

Stand-ins: those of `test_wordpress.py` and `test_small_starters.py`; `nginx:1.27.3` is a page of BusyBox.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from tests.lab import test_small_starters, test_wordpress
from tests.lab.authority import Authority
from tests.lab.clients import Client, DockerClient, refused, skopeo, worked
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground
from tests.lab.images import WEB_PAGE, ensure, ensure_images
from tests.lab.stack import password
from tests.lab.starter import published
from tests.lab.swarm_project import SwarmProject, swarm_of_one
from tests.lab.swarm_starter import containers, project_on, start, start_written, visitor
from tests.lab.told import ended_at, told_at
from tests.lab.waiting import until
from tests.sizes import is_proof, sized

DOMAIN = "commenthouse.com"
STACK = "commenthouse"
OLDER = sized(("3.6.2",), ("3.6.2", "3.7.0"))
"""Traefiks that take over from the newest one; `test_swarm_versions.py` has more."""
HUB = 5001
"""The port on this host of what stands for Docker Hub."""


@pytest.fixture(scope="module")
def node(engine: Ground) -> Iterator[Ground]:
    with swarm_of_one(engine) as ground:
        yield ground


@pytest.fixture
def project(node: Ground, authority: Authority, tmp_path: Path) -> Iterator[SwarmProject]:
    with project_on(node, authority, tmp_path / "project") as found:
        yield found


def test_wordpress_installs_through_the_edge(project: SwarmProject) -> None:
    host = test_wordpress.HOST
    found = start(project, "wordpress", host, ("interval: 5s", "interval: 1s"), status=302)
    assert found.get(host).location == f"https://{host}/wp-admin/install.php"
    test_wordpress.it_is_installed(found)
    secret = (project.folder / "secrets/db-password").read_text().strip()
    for name in ("wordpress", "db"):
        assert secret not in json.dumps(project.inspect(f"blog-commenthouse_{name}"))
    if is_proof():  # `test_wordpress.py` ends it on Compose, and `test_starters_on_a_swarm.py` a database on a swarm
        it_is_there_again(project)


def it_is_there_again(project: SwarmProject) -> None:
    project.edgegen("down")
    project.edgegen("up", "--wait", "120")
    found = visitor(project, test_wordpress.HOST)
    assert test_wordpress.FORM["weblog_title"] in found.get(test_wordpress.HOST).body.decode()
    assert test_wordpress.logged_in(found)


def test_a_web_application_and_a_task_of_it_that_hangs(project: SwarmProject) -> None:
    found = start(project, "web", DOMAIN, status=301)
    assert found.get(DOMAIN, "/a?b=c").location == f"https://www.{DOMAIN}/a?b=c"
    answer = visitor(project, f"www.{DOMAIN}").get(f"www.{DOMAIN}")
    assert answer.body.decode() == WEB_PAGE
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    a_task_that_hangs_is_left_out(project)
    for version in OLDER:
        an_older_traefik_takes_over(project, version)
        a_task_that_hangs_is_left_out(project)


def an_older_traefik_takes_over(project: SwarmProject, version: str) -> None:
    """One line of the spec; that nothing is served for a moment is said before it happens."""
    spec = yaml.safe_load((project.folder / "edge.yaml").read_text())
    spec["edge"] = {"image": f"traefik:v{version}"}
    (project.folder / "edge.yaml").write_text(yaml.safe_dump(spec, sort_keys=False))
    project.render()
    ensure_images(project.ground, project.compose)
    (before,) = containers(project, f"{STACK}_traefik")
    told = told_at(project, "`traefik` is going to be replaced, because of its image", "up", "--wait", "120")
    assert told < ended_at(project.ground, before)
    (now,) = containers(project, f"{STACK}_traefik")
    assert version in docker(project.ground, "exec", now, "traefik", "version")
    assert visitor(project, f"www.{DOMAIN}").get(f"www.{DOMAIN}").headers["X-Content-Type-Options"] == "nosniff"


def a_task_that_hangs_is_left_out(project: SwarmProject) -> None:
    tasks = containers(project, f"{STACK}_web")
    assert len(tasks) == 2
    docker(project.ground, "pause", tasks[0])
    try:
        until("the task that hangs is left out", lambda: all(answers(project) for _ in range(6)))
    finally:
        docker(project.ground, "unpause", tasks[0])


def answers(project: SwarmProject) -> bool:
    """Within two seconds; who hangs doesn't."""
    try:
        return Client(project.ground, project.root, seconds=2).get(f"www.{DOMAIN}").status == 200
    except OSError:
        return False


if is_proof():  # `test_small_starters.py` starts it on Compose, and the routes of a swarm are those of `web` above

    def test_whoami_shows_the_request_as_it_arrives(project: SwarmProject) -> None:
        start(project, "whoami", DOMAIN, status=301)
        host = f"www.{DOMAIN}"
        test_small_starters.it_shows_the_request(visitor(project, host), host)


if is_proof():  # `test_swarm_up.py` logs in to a swarm's own registry, pushes and pulls

    def test_a_registry_takes_a_login_a_push_and_a_pull(project: SwarmProject, tmp_path: Path) -> None:
        made = begun(project, "registry")
        start_written(project, DOMAIN, path="/v2/", status=401)
        client = docker_client(project, tmp_path)
        name = f"{DOMAIN}/app:1"
        ensure(project.ground, "lab/app:1")
        worked(client.run("tag", "lab/app:1", name))
        refused(client.run("push", name), "no basic auth credentials", "unauthorized")
        worked(client.run("login", DOMAIN, "-u", "ci", "--password-stdin", stdin=made))
        worked(client.run("push", name))
        worked(client.run("rmi", name))
        worked(client.run("pull", name))


if is_proof():  # `test_small_starters.py` starts it on Compose, and `test_swarm_up.py` pulls from a swarm's registry

    def test_a_cache_serves_what_it_has_fetched_when_its_upstream_is_gone(
        project: SwarmProject, tmp_path: Path
    ) -> None:
        """Docker Hub can't be asked here: a second registry, outside the swarm, stands for it."""
        ground = project.ground
        for image in ("registry:2.8.3", "lab/app:1"):
            ensure(ground, image)
        docker(ground, "run", "-d", "--name", "hub", "-p", f"{HUB}:5000", "registry:2.8.3")
        try:
            published(ground, HUB, "/v2/")
            target = f"docker://{ADDRESS}:{HUB}/library/app:1"
            worked(skopeo(ground, project.root, "copy", "--dest-tls-verify=false", "docker-daemon:lab/app:1", target))
            made = begun(project, "registry-cache")
            start_written(
                project, DOMAIN, ("https://registry-1.docker.io", f"http://{ADDRESS}:{HUB}"), path="/v2/", status=401
            )
            client = docker_client(project, tmp_path)
            name = f"{DOMAIN}/library/app:1"
            refused(client.run("pull", name), "no basic auth credentials", "unauthorized")
            worked(client.run("login", DOMAIN, "-u", "ci", "--password-stdin", stdin=made))
            worked(client.run("pull", name))
        finally:
            docker(ground, "rm", "-fv", "hub")
        worked(client.run("rmi", name))
        worked(client.run("pull", name))


def begun(project: SwarmProject, template: str) -> str:
    """`init` of a registry; its user's password."""
    project.folder.mkdir()
    words = ("--email", "ops@commenthouse.com", "--address", ADDRESS, "--target", "swarm", "--json")
    made = password(project.edgegen("init", template, DOMAIN, *words).stdout)
    project.use_lab_authority()
    return made


def docker_client(project: SwarmProject, folder: Path) -> DockerClient:
    """A client that trusts the registry."""
    client = DockerClient(project.ground, folder / "docker")
    client.config.mkdir()
    client.trust(DOMAIN, project.root)
    return client
