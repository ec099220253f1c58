"""`up` and `down` with the real Compose: jobs that end, images that can't be had, containers of a profile."""

from __future__ import annotations

from tests.lab.engine import docker
from tests.lab.images import ensure
from tests.lab.stack import Stack

APP = "lab/app:1"
SPEC = """\
name: lab
services:
  job: {{image: "{app}", restart: "no", entrypoint: ["sh", "-c", "exit 0"]}}
  web: {{image: "{web}"}}
  tool: {{image: "{app}", profiles: [tools]}}
edge: {{docker_socket: direct, bind: 127.0.0.1, ports: {{web: 18080, websecure: 18443}}}}
"""


def started(stack: Stack, web: str = APP) -> None:
    stack.write(SPEC.format(app=APP, web=web))
    stack.render()


def names(stack: Stack) -> list[str]:
    return sorted(docker(stack.ground, "ps", "--all", "--format", "{{.Names}}").split())


def test_a_done_job_excuses_no_image_that_can_not_be_had(stack: Stack) -> None:
    """The job ends at each `up`, which Compose's own `--wait` takes for a failure."""
    ensure(stack.ground, APP)
    started(stack)
    stack.up()
    stack.up()  # the job runs anew, and the exit code is 0 again
    started(stack, web="lab/nowhere:1")
    said = stack.edgegen("up", "--wait", "30", code=4).stderr
    assert "lab/nowhere" in said
    assert names(stack) == ["lab-job-1", "lab-traefik-1", "lab-web-1"]


def test_down_removes_what_a_profile_has_started(stack: Stack) -> None:
    ensure(stack.ground, APP)
    started(stack)
    stack.up()
    stack.edgegen("up", "--wait", "180", env={"COMPOSE_PROFILES": "tools"})
    assert "lab-tool-1" in names(stack)
    stack.edgegen("down")
    assert names(stack) == []
