"""`up` and `down` with the real Compose: jobs that end, images that can't be had, containers of a profile, services
that end again and again, a project that is renamed."""

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


NO_EDGE = """\
name: {name}
services:
  web: {{image: "{app}", restart: unless-stopped{more}}}
edge: none
"""


def test_a_service_that_ends_again_and_again_is_not_well(stack: Stack) -> None:
    """Each time it has just been restarted it runs, which is all that Compose's `--wait` asks for."""
    ensure(stack.ground, APP)
    command = ', entrypoint: ["sh", "-c", "sleep 1; echo no database; exit 1"]'
    stack.write(NO_EDGE.format(name="lab", app=APP, more=command))
    stack.render()
    said = stack.edgegen("up", "--wait", "10", code=5).stderr
    assert "services.web: ended and was restarted" in said
    assert "no database" in said
    stack.edgegen("status", code=1)


def test_a_renamed_project_is_not_started_a_second_time(stack: Stack) -> None:
    ensure(stack.ground, APP)
    stack.write(NO_EDGE.format(name="before", app=APP, more=""))
    stack.render()
    stack.edgegen("up")
    stack.write(NO_EDGE.format(name="after", app=APP, more=""))
    said = stack.edgegen("up", code=3).stderr
    assert "still runs as `before`" in said
    assert names(stack) == ["before-web-1"]
    for command, code in (("down", 3), ("status", 1), ("logs", 4)):
        assert "is called `after` now, and still runs as `before`" in stack.edgegen(command, code=code).stderr
    assert names(stack) == ["before-web-1"]


def test_down_tells_what_it_could_not_delete(stack: Stack) -> None:
    """Compose ends with 0 where a volume or a network is in use."""
    ensure(stack.ground, APP)
    stack.write(NO_EDGE.format(name="lab", app=APP, more=', volumes: ["data:/data"]') + "volumes: {data: {}}\n")
    stack.render()
    docker(stack.ground, "volume", "create", "lab_data")  # by hand: no label is the project's, and Compose deletes it
    stack.edgegen("up")
    assert "would delete lab_data and the containers'" in stack.edgegen("down", "--volumes", code=3).stderr
    docker(stack.ground, "run", "-d", "--name", "other", "--network", "lab_default", "-v", "lab_data:/data", APP)
    said = stack.edgegen("down", "--volumes", "--yes", code=5).stderr
    assert "volume `lab_data` was not deleted: in use by `other`" in said
    assert "network `lab_default` stays: in use by `other`" in stack.edgegen("down").stderr
    docker(stack.ground, "rm", "-f", "other")
    stack.edgegen("down", "--volumes", "--yes")
    assert docker(stack.ground, "volume", "ls", "-q") == ""
