"""The starters `web-replicas`, `whoami`, `local-registry` and `registry-cache`, each run as `init` writes it.

Stand-ins: `nginx:1.27.3-alpine` is a page of BusyBox, `traefik/whoami:v1.10` a page on PHP, `registry:2.8.3` Debian's.
"""

from __future__ import annotations

import json
from pathlib import Path

from tests.lab.clients import Client, DockerClient, refused, skopeo, wait_for_certificate, wait_for_status, worked
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS
from tests.lab.images import ensure
from tests.lab.stack import Stack
from tests.lab.starter import begin, published
from tests.lab.waiting import until

HOST = "app.commenthouse.com"


def test_three_replicas_and_a_killed_one_is_back(stack: Stack) -> None:
    begin(stack, "web-replicas", HOST)
    stack.up()
    first = running(stack, "web")
    assert len(first) == 3
    seen = docker(stack.ground, "exec", first[0], "cat", "/custom-dir/my_config")
    assert seen == "greeting = hello\n"
    killed = pid(stack, first[0])
    stack.ground.run("kill", "-9", killed)  # inside: `docker kill` counts as the user's wish, and nothing comes back
    until(
        "the killed container is back",
        lambda: running(stack, "web") == first and pid(stack, first[0]) not in ("0", killed),
    )
    wait_for_certificate(stack.ground, HOST)
    wait_for_status(Client(stack.ground, stack.root), HOST, 200)
    a_changed_config_is_seen(stack)


def running(stack: Stack, service: str) -> list[str]:
    words = ("--filter", f"label=com.docker.compose.service={service}", "--filter", "status=running")
    return sorted(docker(stack.ground, "ps", "-q", *words).split())


def pid(stack: Stack, container: str) -> str:
    return docker(stack.ground, "inspect", "-f", "{{.State.Pid}}", container).strip()


def a_changed_config_is_seen(stack: Stack) -> None:
    """The rotation of the course: a change in edge.yaml, and `up`."""
    path = stack.folder / "edge.yaml"
    path.write_text(path.read_text().replace("greeting = hello", "greeting = hi"))
    stack.edgegen("up", "--wait", "180")
    found = running(stack, "web")
    assert len(found) == 3
    assert {docker(stack.ground, "exec", one, "cat", "/custom-dir/my_config") for one in found} == {"greeting = hi\n"}


def test_whoami_shows_the_request_as_it_arrives(stack: Stack) -> None:
    begin(stack, "whoami", HOST)
    stack.up()
    wait_for_certificate(stack.ground, HOST)
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, HOST, 200)
    it_shows_the_request(visitor, HOST)


def it_shows_the_request(visitor: Client, host: str) -> None:
    said = visitor.get(host, "/a?b=c").body.decode().splitlines()
    assert said[1] == "GET /a?b=c HTTP/1.1"
    headers = dict(line.split(": ", 1) for line in said[2:])
    assert headers["Host"] == headers["X-Forwarded-Host"] == host
    assert headers["X-Forwarded-Proto"] == "https"
    assert headers["X-Forwarded-For"]


def test_a_local_registry_takes_a_login_a_push_a_pull_and_a_deletion(stack: Stack, tmp_path: Path) -> None:
    stack.folder.mkdir()
    said = json.loads(stack.edgegen("init", "local-registry", "registry.localhost", "--json").stdout)
    (made,) = said["credentials"]
    assert said["next"][-1] == "docker login 127.0.0.1:5000 -u ci"
    stack.up()
    assert [line for line in docker(stack.ground, "ps", "--format", "{{.Names}}").split() if "traefik" in line] == []
    published(stack.ground, 5000, "/v2/", 401)
    client = DockerClient(stack.ground, tmp_path / "docker")
    client.config.mkdir()
    ensure(stack.ground, "lab/app:1")
    name = "127.0.0.1:5000/app:1"
    worked(client.run("tag", "lab/app:1", name))
    refused(client.run("push", name), "no basic auth credentials", "unauthorized")
    refused(client.run("login", "127.0.0.1:5000", "-u", "ci", "--password-stdin", stdin="wrong"))
    worked(client.run("login", "127.0.0.1:5000", "-u", "ci", "--password-stdin", stdin=made["password"]))
    worked(client.run("push", name))
    worked(client.run("rmi", name))
    worked(client.run("pull", name))
    it_is_deleted(stack, client, made["password"])


def it_is_deleted(stack: Stack, client: DockerClient, password: str) -> None:
    said = client.run("inspect", "-f", "{{index .RepoDigests 0}}", "127.0.0.1:5000/app:1")
    digest = said.text.strip().partition("@")[2]
    visitor = ("curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-u", f"ci:{password}", "-X", "DELETE")
    url = f"http://127.0.0.1:5000/v2/app/manifests/{digest}"
    assert stack.ground.run(*visitor, url).stdout == "202"
    refused(client.run("pull", "127.0.0.1:5000/app:1"), "manifest unknown", "not found")


def test_a_cache_serves_what_it_has_fetched_when_its_upstream_is_gone(stack: Stack, tmp_path: Path) -> None:
    """Docker Hub can't be asked here: a second registry stands for it."""
    stack.folder.mkdir()
    words = ("--email", "ops@commenthouse.com", "--address", ADDRESS, "--json")
    said = json.loads(stack.edgegen("init", "registry-cache", HOST, *words).stdout)
    (made,) = said["credentials"]
    assert (
        stack.compose["services"]["cache"]["environment"]["REGISTRY_PROXY_REMOTEURL"] == "https://registry-1.docker.io"
    )
    stack.use_lab_authority()
    stack.render()
    stack.overrides = {
        "hub": {"image": "registry:2.8.3", "networks": ["edge"]},
        "cache": {"environment": {"REGISTRY_PROXY_REMOTEURL": "http://hub:5000"}, "depends_on": ["hub"]},
    }
    stack.up()
    the_upstream_has_an_image(stack)
    wait_for_certificate(stack.ground, HOST)
    wait_for_status(Client(stack.ground, stack.root), HOST, 401, "/v2/")
    client = DockerClient(stack.ground, tmp_path / "docker")
    client.config.mkdir()
    client.trust(HOST, stack.root)
    name = f"{HOST}/library/app:1"
    refused(client.run("pull", name), "no basic auth credentials", "unauthorized")
    worked(client.run("login", HOST, "-u", "ci", "--password-stdin", stdin=made["password"]))
    worked(client.run("pull", name))
    docker(stack.ground, "rm", "-f", stack.container("hub"))
    worked(client.run("rmi", name))
    worked(client.run("pull", name))


def the_upstream_has_an_image(stack: Stack) -> None:
    ensure(stack.ground, "lab/app:1")
    seen = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}"
    address = docker(stack.ground, "inspect", "-f", seen, stack.container("hub")).strip()
    target = f"docker://{address}:5000/library/app:1"
    source = "docker-daemon:lab/app:1"
    worked(skopeo(stack.ground, stack.root, "copy", "--dest-tls-verify=false", source, target))
