"""Which Compose is used, and what it is told."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from edgegen.core.errors import OutsideError
from edgegen.deploy.backends import compose_cli
from edgegen.deploy.backends.base import LogsWanted
from edgegen.deploy.backends.compose_cli import Stack, find, find_offline, search
from edgegen.deploy.command import Command
from edgegen.deploy.runner import Runner
from tests.fakes.docker_cli import FakeDocker

PLUGIN = ("docker", "compose")


def test_orphans_are_removed_whatever_the_environment_says() -> None:
    """Compose refuses `--remove-orphans` where the variable is set."""
    command = compose_cli.up_command(PLUGIN, Stack(Path("p"), (Path("f"),)), 90)
    assert "--remove-orphans" in command.argv
    assert command.variables == {"COMPOSE_IGNORE_ORPHANS": "false"}


def test_the_plugin_comes_first(fake: FakeDocker) -> None:
    fake.install("docker", "docker-compose")
    fake.answer("docker compose version", "v2.30.0\n")
    fake.answer("docker-compose version", "5.6.1\n")
    assert find(Runner()) == ("docker", "compose")


@pytest.mark.parametrize(
    "plugin",
    [
        {"err": "docker: unknown command: docker compose\n\nRun 'docker --help' for more information", "code": 1},
        {"err": "docker: 'compose' is not a docker command.\nSee 'docker --help'", "code": 1},
        {"err": "unknown flag: --short\nSee 'docker --help'.\n\nUsage:  docker [OPTIONS] COMMAND", "code": 125},
        {"err": "Error: unrecognized command `podman compose`\nTry 'podman --help'", "code": 125},
        {"err": "Error: looking up compose provider failed\n7 errors occurred", "code": 125},
        {"out": "2.29.7\n"},
    ],
)
def test_the_standalone_one_stands_in(fake: FakeDocker, plugin: dict[str, object]) -> None:
    fake.install("docker", "docker-compose")
    fake.answer("docker compose version", **plugin)  # type: ignore[arg-type]
    fake.answer("docker-compose version", "5.6.1\n")
    assert find(Runner()) == ("docker-compose",)


@pytest.mark.parametrize(
    ("plugin", "remark"),
    [
        (
            {"out": "2.29.7\n"},
            "`docker compose` is 2.29.7, too old for edgegen: it uses `docker-compose`, which is 5.6.1. Each of the two"
            " may recreate what the other has started: update the old one to 2.30 or newer",
        ),
        ({"err": "docker: 'compose' is not a docker command.", "code": 1}, ""),
        ({"out": "2.30.0\n"}, ""),
    ],
)
def test_an_old_plugin_that_is_passed_over_is_said(fake: FakeDocker, plugin: dict[str, Any], remark: str) -> None:
    fake.install("docker", "docker-compose")
    fake.answer("docker compose version", **plugin)
    fake.answer("docker-compose version", "5.6.1\n")
    assert search(Runner()).passed_over == remark


@pytest.mark.parametrize(
    "said",
    [
        "fatal error: newosproc: resource temporarily unavailable",
        'Failed to initialize: unable to resolve docker endpoint: context "far": context not found',
        "",
    ],
)
def test_a_plugin_that_fails_is_not_passed_over(fake: FakeDocker, said: str) -> None:
    """Another version might recreate every container."""
    fake.install("docker", "docker-compose")
    fake.answer("docker compose version", err=said, code=2)
    fake.answer("docker-compose version", "5.6.1\n")
    with pytest.raises(OutsideError) as caught:
        find(Runner())
    assert "`docker compose version --short` ended with exit code 2" in str(caught.value)
    assert said in str(caught.value)
    assert "`docker compose version` by hand may show more" in caught.value.problems[0].hint
    assert not fake.called("docker-compose version")


@pytest.mark.slow
def test_a_plugin_that_hangs_is_not_passed_over(fake: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install("docker", "docker-compose")
    fake.answer("docker compose version", hang=True)
    fake.answer("docker-compose version", "5.6.1\n")

    def hasty(*args: object, **options: object) -> Command:
        return replace(Command(*args, **options), timeout=0.5)  # type: ignore[arg-type]

    monkeypatch.setattr(compose_cli, "Command", hasty)
    with pytest.raises(OutsideError, match=r"`docker compose version --short` did not answer within 0\.5 seconds"):
        find(Runner())
    assert not fake.called("docker-compose version")


def test_a_standalone_one_that_fails_is_not_passed_over(fake: FakeDocker) -> None:
    fake.install("docker-compose")
    fake.answer("version --short", err="ModuleNotFoundError: No module named 'distutils'", code=1)
    with pytest.raises(OutsideError, match="No module named 'distutils'"):
        find(Runner())


def test_one_beside_this_python_is_found(fake: FakeDocker, monkeypatch: pytest.MonkeyPatch) -> None:
    fake.install("docker-compose")
    fake.answer("version --short", "2.40.3-desktop.1\n")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setattr(sys, "executable", str(fake.home / "python"))
    assert find(Runner()) == (str(fake.home / "docker-compose"),)


@pytest.mark.parametrize("version", ["1.29.2", "2.5.0", "2.29.9"])
def test_an_old_one_is_named(fake: FakeDocker, version: str) -> None:
    fake.install("docker-compose")
    fake.answer("version --short", f"{version}\n")
    with pytest.raises(OutsideError) as caught:
        find(Runner())
    assert f"`docker-compose` is {version}; edgegen needs 2.30" in str(caught.value)
    assert "docs.docker.com/compose/install" in caught.value.problems[0].hint
    assert caught.value.exit_code == 4


@pytest.mark.parametrize("version", ["2.30.0", "2.100.0", "5.0.0", "10.1.0"])
def test_new_enough(fake: FakeDocker, version: str) -> None:
    fake.install("docker-compose")
    fake.answer("version --short", f"{version}\n")
    assert find(Runner()) == ("docker-compose",)


def test_none_at_all(fake: FakeDocker) -> None:
    with pytest.raises(OutsideError, match="neither `docker compose` nor `docker-compose`"):
        find(Runner())


def test_offline_starts_nothing(fake: FakeDocker) -> None:
    fake.install("docker", "docker-compose")
    assert find_offline() in {("docker", "compose"), ("docker-compose",)}
    assert fake.calls() == []


def test_offline_prefers_a_plugin_of_the_user(fake: FakeDocker, tmp_path: Path) -> None:
    plugin = tmp_path / "home" / ".docker" / "cli-plugins" / "docker-compose"
    plugin.parent.mkdir(parents=True)
    plugin.touch()
    assert find_offline() == ("docker", "compose")


def test_up() -> None:
    stack = Stack(Path("site"), (Path("site/docker-compose.yml"),))
    assert compose_cli.up_command(PLUGIN, stack, 90).argv == (
        *("docker", "compose", "-f", "site/docker-compose.yml", "--project-directory", "site"),
        *("up", "-d", "--remove-orphans", "--build", "--wait", "--wait-timeout", "90"),
    )


def test_up_builds_unless_told() -> None:
    stack = Stack(Path("site"), (Path("site/docker-compose.yml"),))
    words = compose_cli.up_command(PLUGIN, stack, 90, build=False).argv
    assert "--no-build" in words
    assert "--build" not in words


def test_down_keeps_volumes_unless_told() -> None:
    stack = Stack(Path(), (Path("docker-compose.yml"),))
    assert compose_cli.down_command(PLUGIN, stack).argv[-2:] == ("down", "--remove-orphans")
    assert compose_cli.down_command(PLUGIN, stack, volumes=True).argv[-1] == "--volumes"


def test_a_service_name_is_never_an_option() -> None:
    command = compose_cli.logs_command(
        PLUGIN, Stack(Path(), (Path("f"),)), LogsWanted(["--evil"], follow=True, tail="5", since="1h")
    )
    assert command.argv[-6:] == ("logs", "--follow", "--tail=5", "--since=1h", "--", "--evil")
    assert command.timeout is None


@pytest.mark.parametrize(
    "name",
    ["compose.override.yaml", "compose.override.yml", "docker-compose.override.yml", "docker-compose.override.yaml"],
)
def test_the_users_override_is_passed_last(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    main = tmp_path / "docker-compose.yml"
    assert Stack.of(tmp_path, main).files == (main, tmp_path / name)


def test_no_override(tmp_path: Path) -> None:
    (tmp_path / "compose.override.yaml").mkdir()
    assert Stack.of(tmp_path, tmp_path / "docker-compose.yml").files == (tmp_path / "docker-compose.yml",)


def test_every_command_names_the_project_of_the_rendered_file(tmp_path: Path) -> None:
    """COMPOSE_PROJECT_NAME would otherwise come first."""
    main = tmp_path / "docker-compose.yml"
    main.write_text('# name: not-this\nname: "shop"\nservices:\n  web:\n    name: nor-this\n')
    stack = Stack.of(tmp_path, main)
    assert stack.name == "shop"
    for command in (
        compose_cli.config_command(PLUGIN, stack),
        compose_cli.up_command(PLUGIN, stack, 1),
        compose_cli.wait_command(PLUGIN, stack, ["web"], 1),
        compose_cli.down_command(PLUGIN, stack),
        compose_cli.ps_command(PLUGIN, stack),
        compose_cli.logs_command(PLUGIN, stack, LogsWanted()),
    ):
        at = command.argv.index("--project-name")
        assert command.argv[at + 1] == "shop"


@pytest.mark.parametrize("text", ["services: {}\n", "name: ${X}\n", "name: [a]\n", "services:\n  name: a\n"])
def test_a_file_without_a_plain_name_leaves_it_to_compose(tmp_path: Path, text: str) -> None:
    main = tmp_path / "docker-compose.yml"
    main.write_text(text)
    assert Stack.of(tmp_path, main).name == ""
    assert "--project-name" not in compose_cli.up_command(PLUGIN, Stack.of(tmp_path, main), 1).argv
