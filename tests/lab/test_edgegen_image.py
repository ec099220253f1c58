"""edgegen's own Dockerfile, built by the real engine, and what runs from it: as anybody, in a mounted folder, through a
mounted socket.

Stand-ins for what it is built from: `python:3.13-slim` is this machine's Python, and `docker:29-cli` has this machine's
Docker client and Compose. pip installs real wheels, from a folder because the lab has no way to PyPI. Only the proof
has the whole SDK of Cloudflare among them: elsewhere what nothing loads is counted, and not copied from layer to layer.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.lab.clients import Client, wait_for_certificate, wait_for_status
from tests.lab.engine import docker
from tests.lab.ground import ADDRESS, Ground, stop
from tests.lab.images import ensure, ensure_images
from tests.lab.parts import program
from tests.lab.stack import Stack
from tests.lab.starter import is_published
from tests.lab.waiting import until
from tests.lab.wheels import ROOT, thin, wheelhouse
from tests.sizes import is_proof

IMAGE = "edgegen:lab"
PYTHON, DOCKER = "python:3.13-slim", "docker:29-cli"
HOST = "commenthouse.com"
SOMEBODY, SOCKET_GROUP = 1234, 4242
"""Neither is known inside the image."""
SOCKET = "/var/run/docker.sock"
MOST = 125
"""MB that may be added to the base image besides Docker's client and Compose."""
OFFLINE = ("--build-arg", "PIP_NO_INDEX=1", "--build-arg", "PIP_FIND_LINKS=/source/wheels")
KEPT_OUT = (".env", ".git/config", "edgegen/__pycache__/planted.pyc", "tests/test_planted.py", "demo/secrets/password")
"""Of a checkout with a project in it: nothing of it may reach the engine."""


@pytest.fixture(scope="module")
def context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout in which somebody has worked."""
    folder = tmp_path_factory.mktemp("checkout")
    tracked = subprocess.run(["git", "-C", ROOT, "ls-files", "-z"], check=True, capture_output=True, text=True).stdout
    for name in tracked.split("\0"):
        if name.startswith(("edgegen/", "templates/")) or (name and "/" not in name):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
    for name in KEPT_OUT:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("planted")
    shutil.copytree(wheelhouse(), folder / "wheels")
    return folder


@pytest.fixture(scope="module")
def left_out(context: Path) -> float:
    """MB of the wheels that this run does without."""
    return 0 if is_proof() else thin(context / "wheels") / 1e6


@pytest.fixture(scope="module")
def image(engine: Ground, context: Path, left_out: float) -> str:
    """The image, as `docker build` makes it."""
    for base in (PYTHON, DOCKER):
        ensure(engine, base)
    build(engine, context, IMAGE)
    return IMAGE


def build(ground: Ground, context: Path, name: str, *words: str) -> None:
    ground.run("docker", "build", "--quiet", *OFFLINE, *words, "--tag", name, ".", cwd=context, seconds=400)


def run(ground: Ground, folder: Path, *words: str, options: tuple[str, ...] = (), code: int = 0) -> str:
    """`docker run` as the documentation shows it, by somebody; gives both outputs."""
    user = ("--user", f"{SOMEBODY}:{SOMEBODY}")
    mounted = ("--volume", f"{folder}:{folder}", "--workdir", str(folder))
    done = ground.run("docker", "run", "--rm", *user, *mounted, *options, IMAGE, *words, seconds=240, check=False)
    assert done.returncode == code, f"{' '.join(words)}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def in_image(ground: Ground, *words: str, options: tuple[str, ...] = ()) -> str:
    return ground.run("docker", "run", "--rm", *options, "--entrypoint", words[0], IMAGE, *words[1:]).stdout


def megabytes(ground: Ground, name: str) -> float:
    return int(docker(ground, "image", "inspect", "--format", "{{.Size}}", name)) / 1e6


def test_the_image_is_small_and_nobody_is_root_in_it(ground: Ground, image: str, left_out: float) -> None:
    programs = in_image(ground, "wc", "-c", "/usr/local/bin/docker",
                        "/usr/local/libexec/docker/cli-plugins/docker-compose")  # fmt: skip
    added = megabytes(ground, image) - megabytes(ground, PYTHON) + left_out
    own = added - int(programs.split()[-2]) / 1e6
    assert 20 < own < MOST, f"{own:.0f} MB of edgegen and its dependencies, {added:.0f} MB in total"
    assert docker(ground, "image", "inspect", "--format", "{{.Config.User}}", image).strip() == "1000:1000"
    assert in_image(ground, "id", "-u").strip() == "1000"
    body = json.loads(docker(ground, "run", "--rm", image, "--version", "--json"))
    assert (body["ok"], body["command"]) == (True, "version")
    assert "Docker Compose version" in in_image(ground, "docker", "compose", "version")
    assert "hostname example.com" in in_image(ground, "ssh", "-G", "example.com")


def test_what_runs_is_compiled_and_what_never_does_is_not(ground: Ground, image: str) -> None:
    """Nobody inside may write bytecode, so without it each command would compile its modules."""
    code = (
        "import importlib.util, os, cloudflare, edgegen.cli.app, edgegen.spec.load, sys\n"
        "files = [m.__spec__ for m in list(sys.modules.values()) if getattr(m, '__spec__', None)]\n"
        "own = [s for s in files if s.origin and 'site-packages' in s.origin and s.origin.endswith('.py')]\n"
        "print(len(own), [s.name for s in own if not s.cached or not os.path.exists(s.cached)])\n"
        "never = os.path.dirname(cloudflare.__file__) + '/resources/abuse_reports.py'\n"
        "print(os.path.exists(importlib.util.cache_from_source(never)))"
    )
    said = in_image(ground, "python3", "-c", code).splitlines()
    assert int(said[0].split()[0]) > 100
    assert said[0].endswith(" []"), said[0]
    assert said[1] == "False"


def test_only_what_is_installed_is_sent_to_the_engine(ground: Ground, image: str, context: Path) -> None:
    build(ground, context, "edgegen:build", "--target", "build")
    found = docker(ground, "run", "--rm", "edgegen:build", "sh", "-c", "ls -A; ls -A */* | grep planted; true").split()
    sent = {"edgegen", "templates", "wheels", "pyproject.toml", "hatch_build.py", "README.md", "LICENSE"}
    assert set(found) - {"build", "__pycache__"} == sent


def test_a_project_belongs_to_who_makes_it(ground: Ground, image: str, tmp_path: Path) -> None:
    project = folder_of_somebody(tmp_path)
    run(ground, project, "init", "registry", HOST, "--email", "ops@commenthouse.com", "--address", ADDRESS)
    run(ground, project, "render", "--check")
    made = list(project.rglob("*"))
    assert len(made) > 10
    assert {path.stat().st_uid for path in made} == {SOMEBODY}
    assert (project / "registry" / "htpasswd").stat().st_mode & 0o777 == 0o600


def test_somebody_without_a_name_can_use_ssh(ground: Ground, image: str, tmp_path: Path) -> None:
    """As docs/install.md says: ssh asks for the user's name."""
    (tmp_path / "passwd").write_text(f"me:x:{SOMEBODY}:{SOMEBODY}::/home/edgegen:/bin/sh\n")
    somebody = ("--user", f"{SOMEBODY}:{SOMEBODY}")
    known = ("--volume", f"{tmp_path}/passwd:/etc/passwd:ro")
    assert "user me" in in_image(ground, "ssh", "-G", "example.com", options=(*somebody, *known))


@pytest.fixture
def socket_group(ground: Ground) -> Iterator[None]:
    """The engine's socket belongs to a group, as an installed engine's does."""
    path = ground.folder / "run" / "docker.sock"
    before = path.stat()
    os.chown(path, 0, SOCKET_GROUP)
    path.chmod(0o660)
    yield
    os.chown(path, before.st_uid, before.st_gid)
    path.chmod(before.st_mode & 0o7777)


def test_up_and_verify_through_a_mounted_socket(stack: Stack, image: str, socket_group: None) -> None:
    ground, project = stack.ground, folder_of_somebody(stack.folder.parent)
    socket = ("--network", "host", "--volume", f"{SOCKET}:{SOCKET}")
    member = (*socket, "--group-add", str(SOCKET_GROUP))
    run(ground, project, "init", "registry", HOST, "--email", "ops@commenthouse.com", "--address", ADDRESS)
    stack.use_lab_authority()
    run(ground, project, "render")
    ensure_images(ground, stack.compose)
    assert "not allowed to use the engine" in run(ground, project, "up", options=socket, code=4)
    a_port_that_a_program_holds_is_seen(stack, member)
    run(ground, project, "up", "--wait", "180", options=member)
    wait_for_certificate(ground, HOST)
    wait_for_status(Client(ground, stack.root), HOST, 401, "/v2/")
    trusted = ("--volume", f"{stack.root}:/root.pem:ro")
    # The lab's DNS has no name servers that could be compared: that is the 4, for that one check.
    words = ("verify", "--no-login", "--allow-private", "--ca-file", "/root.pem", "--json")
    seen = outcomes(run(ground, project, *words, options=(*member, *trusted), code=4))
    assert {name for name, outcome in seen.items() if outcome != "pass"} == {"dns-consistency"}
    assert {"certificate-trust", "certificate-name", "https-redirect", "hsts"} <= set(seen)
    run(ground, project, "status", options=member)
    run(ground, project, "down", options=member)
    assert docker(ground, "ps", "-aq") == ""


def outcomes(printed: str) -> dict[str, str]:
    return {item["name"]: item["outcome"] for item in json.loads(printed[printed.index("{") :])["findings"]}


def a_port_that_a_program_holds_is_seen(stack: Stack, options: tuple[str, ...]) -> None:
    """It is not in a container: only with the host's network does edgegen see it."""
    holder = stack.ground.start([program("busybox"), "httpd", "-f", "-p", "443", "-h", stack.folder])
    try:
        until("the program listens", lambda: is_published(stack.ground, 443))
        said = run(stack.ground, stack.folder, "up", options=options, code=3)
    finally:
        stop(holder)
    assert "port 443/tcp (all addresses) is held by a process of user root" in said


def folder_of_somebody(parent: Path) -> Path:
    parent.mkdir(parents=True, exist_ok=True)
    project = parent / "project"
    project.mkdir()
    os.chown(project, SOMEBODY, SOMEBODY)
    return project
