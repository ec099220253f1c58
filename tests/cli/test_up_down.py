"""`edgegen up, down, status, logs` as typed: options, exit codes, what goes to stdout and what to stderr."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import types
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from edgegen.cli import console
from edgegen.cli import render as rendering
from edgegen.cli.app import run
from edgegen.deploy.shared_edge import Wish
from edgegen.targets import target_of
from tests.deploy.test_containers import described
from tests.fakes.docker_cli import CONFIG, FakeDocker, a_healthy_world, lines, row, started
from tests.sizes import sized

pytestmark = pytest.mark.slow

TEXT = "name: shop\nnetworks: {edge: {external: true, name: shop-edge}}\n"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeDocker]:
    home = tmp_path / "bin"
    home.mkdir()
    fake = FakeDocker(home)
    a_healthy_world(fake)
    monkeypatch.setenv("PATH", str(home))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    project = tmp_path / "project"
    project.mkdir()
    (project / "docker-compose.yml").write_text(TEXT)
    monkeypatch.chdir(project)
    yield fake
    console.Console.quiet = console.Console.verbose = False


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Rendering itself has its own tests: here it says a word, gives the file, and remembers how it was asked."""
    asked: list[dict[str, Any]] = []

    def render_project(directory: Path, environment: str | None, *, before: Any, **options: Any) -> rendering.Rendered:
        asked.append({"directory": directory, "environment": environment, **options})
        print("registry: user ci, password correct-horse")
        return rendering.Rendered("compose", directory / "docker-compose.yml", Wish())

    def prepare(directory: Path, environment: str | None, **_: Any) -> Any:
        desired = types.SimpleNamespace(target=target_of("compose"))
        loaded = types.SimpleNamespace(spec=types.SimpleNamespace(target="compose", name="shop"))
        return types.SimpleNamespace(stack_text=TEXT, desired=desired, loaded=loaded, warnings=[], values={})

    monkeypatch.setattr(rendering, "render_project", render_project)
    monkeypatch.setitem(sys.modules, "edgegen.project.render", types.SimpleNamespace(prepare=prepare))
    monkeypatch.setattr("edgegen.project.render", types.SimpleNamespace(prepare=prepare), raising=False)
    return asked


def test_up_renders_starts_and_shows(
    world: FakeDocker, rendered: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["up", "-e", "dev", "--wait", "9", "--force"]) == 0
    seen = capfd.readouterr()
    assert [line.split()[:3] for line in seen.out.splitlines()] == [
        ["SERVICE", "STATE", "HEALTH"],
        ["edge", "running", "healthy"],
        ["web", "running", "-"],
    ]
    assert "created the external network `shop-edge`" in seen.err
    assert "correct-horse" in seen.err
    assert rendered == [{"directory": Path(), "environment": "dev", "force": True}]
    assert world.called("up -d --remove-orphans --build --wait --wait-timeout 9")


def test_up_as_json_prints_one_object(
    world: FakeDocker, rendered: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    world.answer("up -d", out="chatter of Compose\n")
    assert run(["up", "--json"]) == 0
    body = json.loads(capfd.readouterr().out)
    assert (body["schema_version"], body["command"], body["ok"], body["findings"]) == (1, "up", True, [])
    assert body["created"] == {"networks": ["shop-edge"], "volumes": ["shop-data"]}
    assert [service["service"] for service in body["services"]] == ["edge", "web"]


def test_up_starts_the_images_that_exist_when_told_to_build_nothing(
    world: FakeDocker, rendered: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["up", "--no-build"]) == 0
    assert world.called("up -d --remove-orphans --no-build --wait")
    assert run(["up", "--no-build", "--dry-run"]) == 0
    assert "up -d --remove-orphans --no-build --wait" in capfd.readouterr().out


def test_a_dry_up_prints_commands_alone(
    world: FakeDocker, rendered: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    assert run(["up", "--dry-run", "--host", "ssh://me@there"]) == 0
    out = capfd.readouterr().out.splitlines()
    assert len(out) == 2
    assert all(line.startswith("DOCKER_HOST=ssh://me@there docker") for line in out)
    assert (world.calls(), rendered) == ([], [])


FILES = """\
services:
  web:
    volumes:
      - {type: bind, source: ./acme, target: /acme}
      - {type: volume, source: data, target: /data}
      - ./short:/short:ro
secrets: {key: {file: secrets/key}}
configs: {said: {content: x}, page: {file: page.html}}
"""


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_files_of_this_machine_are_refused_before_anything_is_done(
    world: FakeDocker, rendered: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], dry: list[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.modules[__name__], "TEXT", FILES)
    assert run(["up", "--host", "tcp://there:2376", *dry]) == 3
    seen = capfd.readouterr()
    assert (seen.out, world.calls(), rendered) == ("", [], [])
    for place in ("services.web: uses ./acme", "services.web: uses ./short", "secrets.key: uses secrets/key",
                  "configs.page: uses page.html"):  # fmt: skip
        assert f"{place}, which must exist on tcp://there:2376" in seen.err
    assert seen.err.count("must exist on") == 4


@pytest.mark.parametrize(("words", "folder"), [([], "~/edgegen/shop"), (["--remote-dir", "/srv/x"], "/srv/x")])
def test_a_dry_up_over_ssh_names_the_folder_there(
    world: FakeDocker, rendered: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str], words: list[str], folder: str,
) -> None:  # fmt: skip
    monkeypatch.setattr(sys.modules[__name__], "TEXT", f"name: shop\n{FILES}")
    assert run(["up", "--host", "ssh://me@there", "--dry-run", *words]) == 0
    seen = capfd.readouterr()
    assert f"are copied to ssh://me@there, {folder}" in seen.err
    assert f"-f - --project-directory '{folder}'".replace("'/srv/x'", "/srv/x") in seen.out
    assert (world.calls(), rendered) == ([], [])


def test_a_socket_of_this_machine_has_its_files(
    world: FakeDocker, rendered: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.modules[__name__], "TEXT", FILES)
    assert run(["up", "--host", "unix:///run/user/1000/docker.sock", "--dry-run"]) == 0


@pytest.mark.parametrize(
    ("question", "reply", "code"),
    [
        ("docker version", {"err": "Cannot connect", "code": 1}, 4),
        ("config --format json", {"err": "bad override", "code": 1}, 2),
        ("network create", {"err": "no more subnets", "code": 1}, 4),
        ("volume create", {"err": "disk full", "code": 1}, 5),
        ("up -d", {"err": "manifest unknown", "code": 1}, 5),
    ],
)
def test_exit_codes_of_up(
    world: FakeDocker, rendered: list[dict[str, Any]], question: str, reply: dict[str, Any], code: int
) -> None:
    world.answer(question, **reply)
    if question == "up -d":
        world.answer("ps --all --format json", lines(row("edge", "exited", "", 1), row("web")))
        world.answer("logs", "edge-1  | fatal\n")
        world.answer("docker inspect", "{}")
        world.answer("docker ps --all --no-trunc")
    assert run(["up", "-q"]) == code


def test_a_busy_port_is_3_and_named_in_json(
    world: FakeDocker, rendered: list[dict[str, Any]], capfd: pytest.CaptureFixture[str]
) -> None:
    edge = {"image": "traefik:v3.7", "ports": [{"target": 80, "published": "80", "protocol": "tcp"}]}
    world.answer("config --format json", {**CONFIG, "services": {"edge": edge}})
    world.answer("docker ps --all --quiet", "c1\n")
    held = {"80/tcp": [{"HostIp": "0.0.0.0", "HostPort": "80"}]}
    world.answer("docker inspect --type container", described(name="/old-nginx", labels={}, ports=held))
    assert run(["up", "--json"]) == 3
    problems = json.loads(capfd.readouterr().out)["error"]["problems"]
    assert problems[0]["message"] == "port 80/tcp (all addresses) is held by container `old-nginx`"
    assert problems[0]["path"] == "services.edge.ports"


@pytest.mark.parametrize("command", ["up", "down", "status", "logs"])
def test_a_wrong_host_is_wrong_usage(world: FakeDocker, rendered: list[dict[str, Any]], command: str) -> None:
    assert run([command, "--host", "there"]) == 2
    assert (world.calls(), rendered) == ([], [])


@pytest.mark.parametrize("command", ["down", "status", "logs"])
def test_host_reaches_every_command(world: FakeDocker, command: str) -> None:
    world.answer("logs", "web-1  | hello\n")
    assert run([command, "--host", "ssh://me@there"]) == 0
    assert world.hosts() == {"ssh://me@there"}


@pytest.mark.parametrize("command", ["down", "status", "logs"])
def test_nothing_rendered_is_wrong_usage(world: FakeDocker, command: str, tmp_path: Path) -> None:
    assert run([command, "-C", str(tmp_path)]) == 2


def test_status_says_yes_or_no(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["status"]) == 0
    world.answer("ps --all --format json", lines(row("edge", health="unhealthy")))
    capfd.readouterr()
    assert run(["status", "--json"]) == 1
    body = json.loads(capfd.readouterr().out)
    assert body["ok"] is False
    assert [(found["subject"], found["name"]) for found in body["findings"]] == [
        ("edge", "service-unhealthy"),
        ("web", "service-missing"),
    ]


def test_a_missing_docker_is_4(
    world: FakeDocker, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (world.home / "docker").unlink()
    assert run(["status"]) == 4
    assert "`docker` was not found. Install Docker Engine" in capfd.readouterr().err


def test_down_keeps_volumes(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["down"]) == 0
    assert [call[-2:] for call in world.called("down")] == [["down", "--remove-orphans"]]
    assert capfd.readouterr().out == ""


def test_down_deletes_volumes_by_a_persons_word_alone(
    world: FakeDocker, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(["down", "--volumes"]) == 3
    assert "would delete the containers' unnamed volumes for ever" in capfd.readouterr().err
    world.answer("volume ls --filter", "shop_own\n")
    assert run(["down", "--volumes"]) == 3
    assert "would delete shop_own and the containers' unnamed volumes for ever" in capfd.readouterr().err
    monkeypatch.setattr(sys, "stdin", types.SimpleNamespace(isatty=lambda: True, readline=lambda: "n\n"))
    monkeypatch.setattr("typer.confirm", lambda *_, **__: False)
    assert run(["down", "--volumes"]) == 3
    assert world.called("down") == []
    world.answer("volume rm")
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    assert run(["down", "--volumes"]) == 0
    assert run(["down", "--volumes", "--yes", "--json"]) == 0
    assert [call[-1] for call in world.called("down")] == ["--volumes", "--volumes"]
    assert json.loads(capfd.readouterr().out)["deleted_volumes"] == ["shop_own"]


def test_a_volume_that_the_file_names_is_listed_whoever_made_it(
    world: FakeDocker, capfd: pytest.CaptureFixture[str]
) -> None:
    """Compose deletes it, too: a stack made it before `target` was changed, or its data was copied by hand."""
    world.answer("volume ls --format", "anothers\nshop-data\nshop_own\n")
    assert run(["down", "--volumes"]) == 3
    assert "would delete shop_own and the containers' unnamed volumes for ever" in capfd.readouterr().err
    assert world.called("--profile * config"), "a volume of a service with a profile is deleted, too"
    world.answer("volume rm")
    assert run(["down", "--volumes", "--yes", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["deleted_volumes"] == ["shop_own"]


def test_a_dry_down_prints_one_command(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["down", "--dry-run"]) == 0
    (line,) = capfd.readouterr().out.splitlines()
    assert line.endswith(
        "-f docker-compose.yml --project-directory . --project-name shop --profile '*' down --remove-orphans"
    )
    assert world.calls() == []


@pytest.mark.usefixtures("rendered")
@pytest.mark.parametrize("command", ["up", "down"])
def test_a_dry_run_is_one_object_with_json(command: str, world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run([command, "--dry-run"]) == 0
    lines = capfd.readouterr().out.splitlines()
    assert run([command, "--dry-run", "--json"]) == 0
    body = json.loads(capfd.readouterr().out)
    assert (body["command"], body["ok"], body["commands"]) == (command, True, lines)
    assert world.calls() == []


def test_logs(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    world.answer("logs", "web-1  | hello\n")
    assert run(["logs", "web", "edge", "--tail", "5", "--since", "10m"]) == 0
    assert capfd.readouterr().out == "web-1  | hello\n"
    assert world.called("logs --no-color --tail=5 --since=10m -- web edge")


def test_logs_as_json(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    world.answer("logs", "web-1  | 2026-01-01T00:00:00Z hello\n")
    assert run(["logs", "--json"]) == 0
    assert json.loads(capfd.readouterr().out)["lines"][0]["text"] == "hello"


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "--follow"],
        ["--tail", "many"],
        ["--tail", "-1"],
        ["--tail", "٣"],
        ["--since", "yesterday"],
        ["--since", "1d"],
        ["--since", ".h"],
        ["--since", "2026-1-1"],
        ["--since", "10m ago"],
    ],
)
def test_wrong_options_of_logs(world: FakeDocker, words: list[str]) -> None:
    assert run(["logs", *words]) == 2
    assert world.calls() == []


@pytest.mark.parametrize(
    "since", ["90", "1.5", ".5h", "+10m", "1.h", "-1.5h.5m", "10m", "1h30m", "1.5h", "2026-01-31",
              "2026-01-31T08", "2026-01-31T08:00:00.5Z",
              "2026-01-31T08:00:00+01:00"]
)  # fmt: skip
def test_since(world: FakeDocker, since: str) -> None:
    world.answer("logs", "web-1  | hello\n")
    assert run(["logs", "--since", since]) == 0
    assert world.called(f"--since={since}")


@pytest.mark.parametrize("code", [141, -signal.SIGPIPE])
def test_logs_whose_reader_leaves(world: FakeDocker, code: int, capfd: pytest.CaptureFixture[str]) -> None:
    """`edgegen logs | head`: Docker's programs are ended by the signal, or say so as sh does."""
    ending = "kill -PIPE $$" if code < 0 else "exit 141"
    there = json.dumps(started("web"))
    (world.home / "docker").write_text(
        f"#!/bin/sh\ncase \"$*\" in *version*) echo 2.39.1 ;; *project*json*) echo '{there}' ;;"
        f" *context*) ;; *) {ending} ;; esac\n"
    )
    assert run(["logs"]) == 0
    assert capfd.readouterr().err == ""


def test_logs_say_what_is_wrong_with_the_engine(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    denied = "permission denied while trying to connect to the Docker daemon socket"
    world.answer("logs", err=denied, code=1)
    world.answer("docker ps", err=denied, code=1)
    assert run(["logs"]) == run(["logs", "--json"]) == 4
    assert capfd.readouterr().err.count("join the group `docker`") == 2


def test_verbose_shows_the_commands(world: FakeDocker, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(["status", "-v"]) == 0
    assert "+ docker version --format '{{json .}}'" in capfd.readouterr().err


def until_hanging(world: FakeDocker, ours: subprocess.Popen[bytes]) -> None:
    while not (world.home / "hanging").exists():
        assert ours.poll() is None, ours.communicate()
        threading.Event().wait(0.05)


def test_an_interrupt_leaves_with_130_and_ends_the_child(world: FakeDocker) -> None:
    world.answer("logs", "web-1  | hello\n", hang=True)
    code = "import sys; from edgegen.cli.app import run; sys.exit(run(['logs', '--follow']))"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as ours:
        assert ours.stdout is not None
        assert ours.stdout.readline() == b"web-1  | hello\n"
        until_hanging(world, ours)
        ours.send_signal(signal.SIGINT)
        _, err = ours.communicate(timeout=60)
    assert (ours.returncode, b"Traceback" in err) == (130, False)
    assert (world.home / "interrupted").exists()


STARTED = """
import sys
from pathlib import Path
from edgegen.cli import render
from edgegen.deploy.shared_edge import Wish
def rendered(directory, environment, **_):
    return render.Rendered("compose", directory / "docker-compose.yml", Wish())
render.render_project = rendered
from edgegen.cli.app import run
sys.exit(run(sys.argv[1:]))
"""


HANGING = [
    (["up"], "network create", b"no container, network or volume was changed"),
    (["up"], "up -d", b"the stack was changed (network shop-edge, volume shop-data): `edgegen status` shows it"),
    (["up"], "docker version", b"the files are rendered, and nothing was started"),
    (["down"], "down --remove-orphans", b"no container, network or volume was changed"),
    (["status"], "ps --all", b"nothing was changed"),
]
HOW = {
    signal.SIGINT: (130, b"interrupted"),
    signal.SIGTERM: (143, b"terminated"),
    signal.SIGHUP: (129, b"the terminal was closed"),
}
"""All are caught in one way: outside of the proof the others come in one place only."""


@pytest.mark.parametrize(
    ("number", "words", "hangs", "said"),
    [(signal.SIGINT, *case) for case in HANGING]
    + [(other, *case) for other in (signal.SIGTERM, signal.SIGHUP) for case in sized(HANGING[1:2], HANGING)],
)
def test_an_interrupt_says_what_was_changed(
    world: FakeDocker, number: signal.Signals, words: list[str], hangs: str, said: bytes
) -> None:
    code, how = HOW[number]
    world.answer(hangs, hang=True)
    with subprocess.Popen(
        [sys.executable, "-c", STARTED, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as ours:
        until_hanging(world, ours)
        ours.send_signal(number)
        _, err = ours.communicate(timeout=60)
    assert ours.returncode == code, err
    last = err.strip().splitlines()[-1]
    assert last.startswith(how + b": " + said), err
