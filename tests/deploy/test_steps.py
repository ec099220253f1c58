"""up, down, status and logs against scripted programs: what is run, in which order, and what is made of failures."""

from __future__ import annotations

import json
import shlex
import socket
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import OutsideError, PartialError, RefusedError, SpecError
from edgegen.deploy import steps
from edgegen.deploy.backends.base import Asked, Start
from edgegen.deploy.shared_edge import Wish
from tests.deploy.conftest import compose
from tests.deploy.test_containers import described
from tests.fakes.docker_cli import CONFIG, FakeDocker, a_healthy_world, lines, row


class Notes(list[str]):
    """A reporter that remembers."""

    def note(self, text: str, /) -> None:
        self.append(text)

    def tick(self, text: str, /) -> None:
        """What is in order is not a note."""


@pytest.fixture
def world(fake: FakeDocker) -> FakeDocker:
    a_healthy_world(fake)
    return fake


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def up(world: FakeDocker, project: Path, notes: Notes) -> Callable[..., steps.Raised]:
    def run(*, quiet: bool = False, **options: Any) -> steps.Raised:
        return steps.up(compose(project, quiet=quiet), notes, Start(7), Asked(**options))

    return run


def test_up_makes_what_is_missing_and_then_starts(
    up: Callable[..., steps.Raised], world: FakeDocker, notes: Notes, project: Path
) -> None:
    world.answer("network ls --format {{.Name}}", "bridge\nother\n")
    world.answer("volume ls --format {{.Name}}", "shop-data\n")
    raised = up()
    assert raised.standing.ok
    assert (raised.networks, raised.volumes) == (("shop-edge",), ())
    assert notes == ["created the external network `shop-edge`"]
    changing = [call for call in world.calls() if "create" in call or "up" in call]
    assert changing == [
        ["docker", "network", "create", "shop-edge"],
        [
            *("docker", "compose", "-f", f"{project}/docker-compose.yml", "--project-directory", str(project)),
            *("--project-name", "shop"),
            *("up", "-d", "--remove-orphans", "--build", "--wait", "--wait-timeout", "7"),
        ],
    ]


WARNED = """\
time="2026-01-01T00:00:00Z" level=warning msg="The \\"V\\" variable is not set. Defaulting to a blank string."
time="2026-01-01T00:00:00Z" level=info msg="read"
time="2026-01-01T00:00:01Z" level=warning msg="The \\"V\\" variable is not set. Defaulting to a blank string."
time="2026-01-01T00:00:01Z" level=warning msg="odd \\x1b"
time="2026-01-01T00:00:01Z" level=warning msg=short
"""


@pytest.mark.parametrize("quiet", [True, False])
def test_what_compose_warns_of_is_said_once(
    up: Callable[..., steps.Raised], world: FakeDocker, notes: Notes, *, quiet: bool
) -> None:
    """With `--json` Compose's own lines are held back; otherwise they are on the terminal already."""
    world.answer("config --format json", {key: CONFIG[key] for key in ("name", "services")}, WARNED)
    up(quiet=quiet)
    said = [
        'Compose warns: The "V" variable is not set. Defaulting to a blank string.',
        "Compose warns: odd \\x1b",
        "Compose warns: short",
    ]
    assert notes == (said if quiet else [])


def test_a_plugin_that_is_too_old_is_said(up: Callable[..., steps.Raised], world: FakeDocker, notes: Notes) -> None:
    no_externals(world)
    world.answer("docker compose version --short", "2.20.3\n")
    up()
    assert [note.partition(",")[0] for note in notes] == ["`docker compose` is 2.20.3"]


@pytest.mark.slow
def test_the_override_goes_along(up: Callable[..., steps.Raised], world: FakeDocker, project: Path) -> None:
    (project / "compose.override.yaml").touch()
    up()
    (call,) = world.called("up -d")
    assert call[2:6] == ["-f", f"{project}/docker-compose.yml", "-f", f"{project}/compose.override.yaml"]


@pytest.mark.slow
def test_a_busy_port_stops_everything(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = held.getsockname()[1]
        edge = {"image": "traefik:v3.7", "ports": [{"target": 80, "published": str(port), "protocol": "tcp"}]}
        world.answer("config --format json", {**CONFIG, "services": {"edge": edge}})
        with pytest.raises(RefusedError, match=f"port {port}/tcp"):
            up()
    assert world.called("create") == world.called("up -d") == []


def test_files_that_compose_refuses_are_the_users(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    world.answer("config --format json", "", "services.a: additional properties 'x' not allowed", 15)
    with pytest.raises(SpecError, match="'x' not allowed"):
        up()


@pytest.mark.slow
def test_an_engine_that_is_down_changes_nothing(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    world.answer("docker version", "", "Cannot connect to the Docker daemon", 1)
    with pytest.raises(OutsideError, match="does not answer") as caught:
        up()
    assert caught.value.exit_code == 4
    assert world.called("up -d") == []


@pytest.mark.slow
def test_a_failing_network_is_4_and_a_failing_volume_after_it_is_5(
    up: Callable[..., steps.Raised], world: FakeDocker
) -> None:
    world.answer("volume create", "", "no space left", 1)
    with pytest.raises(PartialError, match="no space left"):
        up()
    world.answer("network create", "", "no more subnets", 1)
    with pytest.raises(OutsideError, match="no more subnets"):
        up()


def no_externals(world: FakeDocker) -> None:
    world.answer("config --format json", {key: CONFIG[key] for key in ("name", "services")})


@pytest.mark.slow
def test_an_image_that_can_not_be_pulled_changes_nothing(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    no_externals(world)
    world.answer("up -d", "", "Error manifest for web:1 not found\n", 18)
    world.answer("ps --all --format json")
    with pytest.raises(OutsideError, match="exit code 18: Error manifest for web:1 not found") as caught:
        up(quiet=True)
    assert caught.value.exit_code == 4


@pytest.mark.slow
def test_an_ill_service_is_shown_with_its_last_lines(
    up: Callable[..., steps.Raised], world: FakeDocker, notes: Notes
) -> None:
    no_externals(world)
    world.answer("up -d", code=1)
    world.answer("ps --all --format json", lines(row("edge"), row("web", health="unhealthy")))
    first, second = world.reply(), world.reply({"ID": "c1", "State": "running"})
    world.answers("docker ps --all --no-trunc", [first, second])
    failing = {"Status": "running", "Health": {"Log": [{"ExitCode": 1, "Output": "refused"}]}}
    world.answers("docker ps --all --quiet", [world.reply(), world.reply("c1\n")])
    world.answer("docker inspect --type container", described(state=failing))
    world.answer("logs", "".join(f"web-1  | line {number}\n" for number in range(30)))
    with pytest.raises(PartialError) as caught:
        up()
    assert caught.value.exit_code == 5
    assert "services.web: is running and unhealthy" in str(caught.value)
    assert notes[0] == "service `web` is running and unhealthy; its health check printed: refused"
    assert notes[1].splitlines()[1:] == [f"web-1  | line {number}" for number in range(10, 30)]
    assert world.called("logs --no-color --tail=20 -- web")


def with_a_job(world: FakeDocker, *started: str, healthy_at_once: bool = True) -> None:
    """A project with a service that ends by itself; `up --wait` fails. `started`: when the job did, at each look."""
    services = {**CONFIG["services"], "job": {"image": "job:1"}}  # type: ignore[dict-item]
    world.answer("config --format json", {**CONFIG, "services": services})
    world.answer("up -d", err="container shop-job-1 exited (0)", code=1)
    world.answer("up -d --no-deps")
    job = row("job", "exited", "", 0)
    early = lines(job, row("edge", health="starting"), row("web", health="starting"))
    late = lines(job, row("edge"), row("web"))
    world.answers("ps --all --format json", [world.reply(early)] * (not healthy_at_once) + [world.reply(late)])
    world.answer("docker ps --all --no-trunc")
    world.answers("docker ps --all --quiet", [world.reply("c1\n" if at else "") for at in started])
    jobs = [described(name="/shop-job-1", state={"Status": "exited", "StartedAt": at}) for at in started if at]
    world.answers("docker inspect --type container", [world.reply(json.dumps(item)) for item in jobs])


@pytest.mark.slow
@pytest.mark.parametrize("before", ["", "2026-01-01T00:00:00Z"])
def test_work_that_is_done_is_no_failure(up: Callable[..., steps.Raised], world: FakeDocker, before: str) -> None:
    """Compose's `--wait` ends with 1 as soon as a container exits with 0: the others are then waited for alone."""
    with_a_job(world, before, "2026-01-01T00:00:05Z", healthy_at_once=False)
    assert up().standing.ok
    (waiting,) = world.called("--no-recreate")
    assert waiting[-2:] == ["edge", "web"]


@pytest.mark.slow
@pytest.mark.parametrize(("after", "fails"), [("2026-01-01T00:00:00Z", True), ("2026-01-01T00:00:00.1Z", False)])
def test_work_that_was_done_before_excuses_no_failure(
    up: Callable[..., steps.Raised], world: FakeDocker, after: str, fails: bool
) -> None:
    """An image that can't be pulled starts nothing: the old containers stay as they were, and the job's too."""
    with_a_job(world, "2026-01-01T00:00:00Z", after)
    if not fails:
        assert up().standing.ok
        return
    world.answer("docker ps --all --no-trunc", {"ID": "c1", "State": "exited"})
    no_such_image = "Error manifest for web:2 not found"
    world.answer("network ls --format {{.Name}}", "shop-edge\n")
    world.answer("volume ls --format {{.Name}}", "shop-data\n")
    world.answer("up -d", err=no_such_image, code=1)
    with pytest.raises(OutsideError, match=no_such_image) as caught:
        up(quiet=True)
    assert caught.value.exit_code == 4


@pytest.mark.slow
def test_another_machine_has_no_files_of_ours(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    web = {"image": "web:1", "volumes": [{"type": "bind", "source": "/srv/acme", "target": "/acme"}]}
    world.answer("config --format json", {"name": "shop", "services": {"web": web}})
    with pytest.raises(RefusedError, match="/srv/acme, which must exist on ssh://me@there"):
        up(host="ssh://me@there")
    no_externals(world)
    assert up(host="ssh://me@there").standing.ok


@pytest.mark.slow
def test_the_engine_leaving_half_way_is_5(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    no_externals(world)
    world.answer("up -d", code=1)
    world.answers("docker ps --all --no-trunc", [world.reply(), world.reply(err="gone", code=1)])
    world.answer("docker compose", err="gone", code=1)
    world.answer("compose version --short", "2.39.1\n")
    world.answer("config --format json", {key: CONFIG[key] for key in ("name", "services")})
    with pytest.raises(PartialError):
        up()


def test_a_dry_up_prints_lines_for_sh_and_starts_nothing(
    world: FakeDocker, project: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    text = "networks: {edge: {external: true}}\nvolumes: {v: {external: true}}\n"
    for command in compose(project).up_commands(text, 7):
        print(command.line())
    out = capsys.readouterr().out
    assert world.calls() == []
    assert [shlex.split(line)[0] for line in out.splitlines()][:2] == ["docker", "docker"]
    assert out.splitlines()[0].endswith("|| docker network create edge")
    assert out.splitlines()[-1].endswith("up -d --remove-orphans --build --wait --wait-timeout 7")
    world.answer("inspect", code=1)
    subprocess.run(["/bin/sh", "-ec", out], check=True)
    assert [call for call in world.calls() if "create" in call] == [
        ["docker", "network", "create", "edge"],
        ["docker", "volume", "create", "v"],
    ]
    assert len(world.called("up -d")) == 1


def test_down(world: FakeDocker, project: Path) -> None:
    assert steps.down(compose(project), Notes()).name == "shop"
    (call,) = world.called("down")
    assert call[-2:] == ["down", "--remove-orphans"]
    assert "volume rm" not in str(world.calls())


@pytest.mark.slow
def test_a_failing_down_is_4_or_5(world: FakeDocker, project: Path) -> None:
    world.answer("down --remove-orphans", code=1)
    with pytest.raises(OutsideError) as caught:
        steps.down(compose(project), Notes())
    assert caught.value.exit_code == 4
    world.answers("docker ps --all --no-trunc", [world.reply({"ID": "c1", "State": "running"}), world.reply()])
    with pytest.raises(PartialError):
        steps.down(compose(project), Notes())


def test_status(world: FakeDocker, project: Path) -> None:
    world.answer("ps --all --format json", lines(row("edge")))
    world.answer("docker ps --all --no-trunc")
    standing = steps.status(compose(project))
    assert [(found.service, found.ok) for found in standing.rows] == [("edge", True), ("web", False)]


def test_own_volumes_are_those_that_exist(world: FakeDocker, project: Path) -> None:
    world.answer("volume ls --filter label=com.docker.compose.project=shop", "shop_own\nshop_late\n")
    assert compose(project).volumes("shop") == ("shop_late", "shop_own")


WITH_MANY = {**CONFIG, "services": {**CONFIG["services"], "web": {"image": "web:1", "deploy": {"replicas": 3}}}}
GONE_WRONG = {
    "no container at all": (CONFIG, "", ["services.edge: has no container", "services.web: has no container"]),
    "one without": (CONFIG, lines(row("edge")), ["services.web: has no container"]),
    "fewer than asked": (WITH_MANY, lines(row("edge"), row("web")), ["services.web: has 1 of 3 containers"]),
    "one fewer than asked": (
        WITH_MANY,
        lines(row("edge"), row("web"), row("web")),
        ["services.web: has 2 of 3 containers"],
    ),
    "a container of `run` is none": (
        CONFIG,
        lines(row("edge"), row("web") | {"Labels": "a=b,com.docker.compose.oneoff=True"}),
        ["services.web: has no container"],
    ),
    "one that ended": (CONFIG, lines(row("edge"), row("web", "exited", "", 3)), ["services.web: is exited (3)"]),
    "one that restarts": (CONFIG, lines(row("edge"), row("web", "restarting", "")), ["services.web: is restarting"]),
    "one not started": (CONFIG, lines(row("edge"), row("web", "created", "")), ["services.web: is still starting"]),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("title", GONE_WRONG)
def test_compose_says_yes_and_not_all_is_there(
    title: str, up: Callable[..., steps.Raised], world: FakeDocker, project: Path
) -> None:
    config, standing, said = GONE_WRONG[title]
    world.answer("config --format json", config)
    world.answer("ps --all --format json", standing)
    world.answer("docker ps --all --no-trunc")
    with pytest.raises(PartialError) as caught:
        up()
    assert [str(problem) for problem in caught.value.problems[1:]] == said
    assert "ended without an error" in str(caught.value.problems[0])
    found = steps.status(compose(project))
    assert not found.ok


@pytest.mark.slow
@pytest.mark.parametrize("rows", [(row("edge"), row("web"), row("web"), row("web")), (row("edge"), *[row("web")] * 4)])
def test_all_replicas_are_there(
    rows: tuple[dict[str, object], ...], up: Callable[..., steps.Raised], world: FakeDocker
) -> None:
    world.answer("config --format json", WITH_MANY)
    world.answer("ps --all --format json", lines(*rows))
    world.answer("docker ps --all --no-trunc")
    assert up().standing.ok


@pytest.mark.slow
def test_a_container_of_a_profile_stops_no_start(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    world.answer("ps --all --format json", lines(row("edge"), row("web"), row("debug", "exited", "", 1)))
    world.answer("docker ps --all --no-trunc")
    assert not up().standing.ok


@pytest.mark.slow
def test_healthy_old_containers_do_not_hide_a_failure(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    """An image that can't be pulled: Compose fails, and what ran before runs on."""
    world.answer("network ls", "shop-edge\n")
    world.answer("volume ls", "shop-data\n")
    world.answer("docker ps --all --no-trunc", {"ID": "c1", "State": "running"})
    world.answer("up -d", code=1)
    with pytest.raises(OutsideError) as caught:
        up()
    assert caught.value.exit_code == 4


def test_a_down_that_leaves_containers(world: FakeDocker, project: Path) -> None:
    world.answer("{{.Names}}", "shop-web-1\nshop-edge-1\n")
    with pytest.raises(PartialError, match=r"still there: shop-edge-1, shop-web-1$"):
        steps.down(compose(project), Notes())


def engine_has(world: FakeDocker, *found: dict[str, Any]) -> None:
    """The containers that the engine has, of whatever project."""
    world.answer("docker ps --all --quiet --no-trunc", "".join(f"{item['id']}\n" for item in found))
    world.answer("docker inspect --type container", "".join(json.dumps(item) + "\n" for item in found))


def elsewhere(folder: Path) -> dict[str, Any]:
    labels = {"com.docker.compose.project": "shop", "com.docker.compose.project.working_dir": str(folder)}
    return described(labels=labels)


@pytest.mark.slow
def test_a_project_of_this_name_in_another_folder_is_neither_replaced_nor_stopped(
    up: Callable[..., steps.Raised], world: FakeDocker, project: Path, tmp_path: Path
) -> None:
    engine_has(world, elsewhere(tmp_path))
    with pytest.raises(RefusedError, match=f"already runs from {tmp_path}"):
        up()
    with pytest.raises(RefusedError, match=f"already runs from {tmp_path}"):
        steps.down(compose(project), Notes())
    assert world.called("up -d") == world.called("down") == world.called("network create") == []
    engine_has(world, elsewhere(project))
    assert up().standing.ok


def test_an_override_with_another_name_is_refused(
    up: Callable[..., steps.Raised], world: FakeDocker, project: Path
) -> None:
    (project / "compose.override.yaml").write_text("name: elsewhere\n")
    with pytest.raises(RefusedError, match="names the project `elsewhere`"):
        up()
    assert world.called("up -d") == []


def test_a_shared_edge_is_looked_at_before_anything_is_made(up: Callable[..., steps.Raised], world: FakeDocker) -> None:
    with pytest.raises(RefusedError, match="no Traefik of project `blog` runs"):
        up(wish=Wish(use="blog", network="blog_edge"))
    assert world.called("network create") == []


@pytest.mark.quick(1)
@pytest.mark.parametrize(("serves", "refused"), [(None, True), ("own", False)])
def test_a_route_is_taken_away_only_when_the_spec_says_so(
    up: Callable[..., steps.Raised], world: FakeDocker, project: Path, serves: str | None, refused: bool
) -> None:
    flags = ["--entrypoints.web.address=:80", "--providers.docker=true"]
    own = "--providers.docker.constraints=Label(`com.docker.compose.project`,`shop`)"
    edge = {**CONFIG["services"]["edge"], "command": [*flags, own]}  # type: ignore[index]
    world.answer("config --format json", {**CONFIG, "services": {**CONFIG["services"], "edge": edge}})  # type: ignore[dict-item]
    mine = {"com.docker.compose.project": "shop", "com.docker.compose.project.working_dir": str(project)}
    traefik = described(id="t", name="/shop-edge-1", image="traefik:v3.7", args=flags, labels=mine)
    engine_has(world, traefik, described(id="n", name="/neighbour", labels={"traefik.enable": "true"}))
    if refused:
        with pytest.raises(RefusedError, match="container `neighbour` would lose its route"):
            up(wish=Wish(serves=serves))
        assert world.called("up -d") == []
    else:
        assert up(wish=Wish(serves=serves)).standing.ok
