"""The starter `built`: its three Dockerfiles build, and what runs after `up` is what they say now.

Stand-ins for the base images: `ruby:3.4-slim` and `node:22-slim` are Debian's Ruby and this machine's Node with scripts
in the place of `bundle` and `npm`; `golang:1.24-alpine` is a script that writes a script for a program, so that
`gcr.io/distroless/static-debian12:nonroot` is a shell.
"""

from __future__ import annotations

import io
import subprocess
import tarfile

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.images import ensure, ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack
from tests.lab.starter import begin
from tests.lab.waiting import until

BASES = ("ruby:3.4-slim", "golang:1.24-alpine", "gcr.io/distroless/static-debian12:nonroot", "node:22-slim")
PAGES = {"ruby": b"Hello from Ruby.\n", "go": b"Hello from Go.\n", "node": b"Hello from Node.\n"}
HOSTS = {name: f"{name}.commenthouse.com" for name in PAGES}
IGNORED = {"go/.env": "TOKEN=1", "ruby/.env": "TOKEN=1", "node/.env": "TOKEN=1", "node/node_modules/left-pad.js": "x"}


def test_what_is_built_is_what_runs(stack: Stack) -> None:
    begin(stack, "built", "commenthouse.com")
    edge = {name: stack.compose["services"][name] for name in ("traefik", "docker-socket-proxy")}
    ensure_images(stack.ground, {"services": edge})
    for base in BASES:
        ensure(stack.ground, base)
    for path, text in IGNORED.items():
        (stack.folder / path).parent.mkdir(exist_ok=True)
        (stack.folder / path).write_text(text)
    stack.edgegen("up", "--wait", "180")
    for host in HOSTS.values():
        wait_for_certificate(stack.ground, host)
    visitor = Client(stack.ground, stack.root)
    for name, page in PAGES.items():
        wait_for_status(visitor, HOSTS[name], 200)
        assert visitor.get(HOSTS[name]).body == page
    each_image_has_what_runs_and_no_more(stack)
    a_killed_container_is_back(stack)
    a_changed_dockerfile_is_what_runs(stack)


def each_image_has_what_runs_and_no_more(stack: Stack) -> None:
    found = {name: files(stack, name) for name in PAGES}
    assert {"app/app.rb", "app/Gemfile", "app/vendor/bundle/installed"} <= found["ruby"]
    assert {"app/server.js", "app/package.json"} <= found["node"]
    assert "app" in found["go"]
    assert not [path for path in found["go"] if path.endswith((".go", "go.mod")) or "go-build" in path]
    assert "usr/local/bin/go" not in found["go"], "the last stage has the compiler"
    for name, paths in found.items():
        assert not [path for path in paths if path.endswith((".env", "Dockerfile", ".dockerignore", "left-pad.js"))], (
            name
        )
    assert "sends" not in stack.edgegen("render").stderr


def files(stack: Stack, service: str) -> set[str]:
    """The regular files of a container."""
    words = [str(program("docker")), "-H", stack.ground.docker_host, "export", stack.container(service)]
    exported = subprocess.run(words, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(exported)) as tar:
        return {entry.name for entry in tar if entry.isfile()}


def a_killed_container_is_back(stack: Stack) -> None:
    killed = pid(stack)
    stack.ground.run("kill", "-9", killed)
    until("the killed container is back", lambda: pid(stack) not in ("0", killed))
    wait_for_status(Client(stack.ground, stack.root), HOSTS["node"], 200)


def pid(stack: Stack) -> str:
    return docker(stack.ground, "inspect", "-f", "{{.State.Pid}}", stack.container("node")).strip()


def a_changed_dockerfile_is_what_runs(stack: Stack) -> None:
    path = stack.folder / "node" / "Dockerfile"
    text = path.read_text()
    changed = text.replace("RUN npm prune", "RUN sed -i 's/from Node/from another Node/' server.js\nRUN npm prune")
    assert changed != text
    path.write_text(changed)
    stack.edgegen("up", "--wait", "180")
    visitor = Client(stack.ground, stack.root)
    wait_for_status(visitor, HOSTS["node"], 200)
    until("the new image runs", lambda: visitor.get(HOSTS["node"]).body == b"Hello from another Node.\n")
