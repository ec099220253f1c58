"""An application that is built in the project's folder: what is in its image, and when it is built."""

from __future__ import annotations

import io
import subprocess
import tarfile

import yaml

from tests.lab.engine import docker
from tests.lab.ground import Ground
from tests.lab.images import ensure
from tests.lab.override import OVERRIDE
from tests.lab.parts import program
from tests.lab.stack import Stack

BASE = "nginx:1.27.3"
DOCKERFILE = f"FROM {BASE}\nCOPY . /app\n"
SECRET = {"acme/acme.json", "registry/htpasswd", "traefik/auth/htpasswd", "secrets/db", "secrets/web.env"}
SECRET |= {".edgegen/manifest.json", "edge.yaml", ".env", "edge.yaml.bak"}


def test_an_image_of_the_whole_folder_has_no_secret(stack: Stack) -> None:
    a_project_that_builds(stack)
    stack.render()
    assert {path for path in SECRET if not (stack.folder / path).is_file()} == set()
    stack.up()
    found = copied(stack.ground, stack.container("web"))
    assert SECRET & found == set()
    assert found == {".dockerignore", ".gitignore", "Dockerfile", "docker-compose.yml", "page", "ca.pem", OVERRIDE} | {
        path.relative_to(stack.folder).as_posix() for path in (stack.folder / "traefik").rglob("*.*") if path.is_file()
    } - {path.relative_to(stack.folder).as_posix() for path in (stack.folder / "traefik").rglob("users-*.yml")}
    a_changed_file_is_in_the_next_image(stack)
    without_the_file_it_is_all_there(stack)


def a_project_that_builds(stack: Stack) -> None:
    stack.edgegen("init", "web", "commenthouse.com", "--email", "ops@commenthouse.com")
    path = stack.folder / "edge.yaml"
    spec = yaml.safe_load(path.read_text())
    web = spec["services"]["web"]
    web |= {"build": ".", "environment": {"PASSWORD": {"secret": "db"}}, "secrets": ["db"]}
    del web["image"]
    spec["services"]["registry"] = {"kind": "registry", "host": "r.commenthouse.com", "users": ["ci"]}
    spec["edge"] = {"dashboard": {"host": "d.commenthouse.com", "users": ["me"]}}
    spec["secrets"] = {"db": {"generate": 32}}
    path.write_text(yaml.safe_dump(spec))
    stack.use_lab_authority()
    for name, text in (("Dockerfile", DOCKERFILE), ("page", "one"), (".env", "TOKEN=1"), ("edge.yaml.bak", "x")):
        (stack.folder / name).write_text(text)
    stack.render()
    ensure(stack.ground, BASE)


def copied(ground: Ground, container: str) -> set[str]:
    """The regular files below /app."""
    words = [str(program("docker")), "-H", ground.docker_host, "export", container]
    exported = subprocess.run(words, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(exported)) as tar:
        return {entry.name.removeprefix("app/") for entry in tar if entry.isfile() and entry.name.startswith("app/")}


def page(stack: Stack) -> str:
    return docker(stack.ground, "exec", stack.container("web"), "cat", "/app/page")


def a_changed_file_is_in_the_next_image(stack: Stack) -> None:
    (stack.folder / "page").write_text("two")
    stack.edgegen("up", "--no-build", "--wait", "180")
    assert page(stack) == "one"
    stack.edgegen("up", "--wait", "180")
    assert page(stack) == "two"
    (stack.folder / "Dockerfile").write_text(f"{DOCKERFILE}RUN echo three > /app/page\n")
    stack.edgegen("up", "--wait", "180")
    assert page(stack) == "three\n"


def without_the_file_it_is_all_there(stack: Stack) -> None:
    """Planted: what edgegen refuses, done by hand."""
    (stack.folder / ".dockerignore").write_text("")
    done = stack.edgegen("up", code=2)
    assert "services.web.build.context: ER029 the build context `.` sends secret files to the builder" in done.stderr
    stack.ground.run(
        program("docker-compose"),
        "--project-directory",
        stack.folder,
        "-f",
        stack.folder / "docker-compose.yml",
        "build",
    )
    image = docker(stack.ground, "create", f"{stack.compose['name']}-web").strip()
    assert copied(stack.ground, image) >= SECRET
