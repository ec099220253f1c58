"""Finding Compose, and building its commands. The builders are pure; `find` and `find_offline` look at the machine."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import NamedTuple

from edgegen.compose.model import OVERRIDES
from edgegen.core.errors import OutsideError
from edgegen.deploy.backends.base import LogsWanted
from edgegen.deploy.command import PROBE_TIMEOUT, Command, failure
from edgegen.deploy.runner import Executor

MINIMUM = (2, 30)
"""The first Compose that knows `env_file: {path, format: raw}`, which keeps secrets out of interpolation."""

_NAME = re.compile(r"""^name:[ \t]*["']?([a-z0-9][a-z0-9_-]*)["']?[ \t]*$""", re.MULTILINE)
_VERSION = re.compile(r"^\s*v?((\d{1,4})\.(\d{1,4})(?:\.\d+)?\S{0,80})\s*$", re.MULTILINE)
_ABSENT = (
    "unknown command",
    "is not a docker command",
    "unknown flag",
    "unknown shorthand flag",
    "unrecognized command",
    "compose provider failed",
)
"""The words of `docker`, old and new, and of Podman's, where it has no plugin of this name."""

Compose = tuple[str, ...]
"""How Compose is called here."""

_PLUGIN = ("docker", "compose")
_PLUGIN_FOLDERS = (
    "~/.docker/cli-plugins",
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)
_WITH_ORPHANS = {"COMPOSE_IGNORE_ORPHANS": "false"}
"""Set by the user, or in `.env`, it makes Compose refuse `--remove-orphans`."""
_NEEDED = ".".join(map(str, MINIMUM))
_INSTALL = (
    f"install the Compose plugin {_NEEDED} or newer: https://docs.docker.com/compose/install/ "
    "(Debian, Ubuntu: `apt install docker-compose-plugin` from Docker's own repository)"
)


@dataclass(frozen=True, slots=True)
class Stack:
    """One rendered project: its folder, its Compose files with the user's override last, and its name."""

    project: Path
    files: tuple[Path, ...]
    name: str = ""
    """"" leaves it to Compose."""
    env_file: str = ""
    """The file that Compose must read variables from, if it would read another one by default."""
    text: str = field(default="", repr=False)
    """What Compose reads from stdin instead of the files. It may have secrets in it."""

    @classmethod
    def of(cls, project: Path, compose_file: Path) -> Stack:
        """With `-f`, Compose doesn't look for overrides itself, so they are looked up here."""
        override = next((project / name for name in OVERRIDES if (project / name).is_file()), None)
        files = (compose_file, override) if override else (compose_file,)
        return cls(project, files, project_name(compose_file), _env_file(project))

    def on_another_host(self, folder: str, text: str) -> Stack:
        """The same project in a folder of another host. Variables are still read here, from `.env` at the most."""
        own = self.project.absolute() / ".env"
        env_file = self.env_file or (str(own) if own.is_file() else os.devnull)
        return replace(self, project=Path(folder), env_file=env_file, text=text)


def _env_file(project: Path) -> str:
    """These two variables would make Compose read other values than edgegen has."""
    if not any(name in os.environ for name in ("COMPOSE_ENV_FILES", "COMPOSE_DISABLE_ENV_FILE")):
        return ""
    own = project / ".env"
    return str(own) if own.is_file() else os.devnull


def project_name(compose_file: Path) -> str:
    """The top-level `name` of a rendered file, or "" where it has none or can't be read (Compose will say why)."""
    try:
        text = compose_file.read_text("utf-8", "replace")
    except OSError:
        return ""
    found = _NAME.search(text)
    return found[1] if found else ""


class Found(NamedTuple):
    """The Compose to use, and what was passed over for it."""

    argv: Compose
    passed_over: str = ""


def find(runner: Executor) -> Compose:
    """How the Compose of this machine is called. Raises OutsideError as `search` does."""
    return search(runner).argv


def search(runner: Executor) -> Found:
    """The first Compose that is new enough: the plugin, then `docker-compose` on PATH, then next to this Python.

    One that is there and fails, or does not answer, is not passed over: two versions of Compose may take each other's
    containers for outdated, and recreate them. Raises OutsideError for that one, and, naming what was found, if there
    is none.
    """
    seen: list[str] = []
    for argv in [*([_PLUGIN] if shutil.which("docker") else []), *_standalone()]:
        version = _ask(runner, argv)
        if version and _numbers(version) >= MINIMUM:
            return Found(argv, _passed_over(argv, version, seen))
        if version is not None:
            seen.append(f"`{' '.join(argv)}` is {version or 'not Compose: it prints no version'}")
    if seen:
        raise OutsideError(f"Compose is too old: {', '.join(seen)}; edgegen needs {_NEEDED}", hint=_INSTALL)
    raise OutsideError("neither `docker compose` nor `docker-compose` was found", hint=_INSTALL)


def _passed_over(argv: Compose, version: str, seen: Sequence[str]) -> str:
    """Others call the plugin: each of two versions may recreate what the other one has started."""
    if not seen:
        return ""
    return (
        f"{', '.join(seen)}, too old for edgegen: it uses `{' '.join(argv)}`, which is {version}. Each of the two may "
        f"recreate what the other has started: update the old one to {_NEEDED} or newer"
    )


def find_offline() -> Compose:
    """The same order, by looking only at files: for a dry run, which starts no program."""
    if any((Path(folder).expanduser() / "docker-compose").exists() for folder in _PLUGIN_FOLDERS):
        return _PLUGIN
    return next(iter(_standalone()), _PLUGIN)


def config_command(compose: Compose, stack: Stack) -> Command:
    """The project as Compose itself reads it: merged, interpolated, names and ports in their long form."""
    return _command(compose, stack, "config", "--format", "json")


def whole_config_command(compose: Compose, stack: Stack, *, resolved: bool) -> Command:
    """The same with the services of every profile; not `resolved`: with paths as the files have them."""
    words = ("config", "--format", "json", *(() if resolved else ("--no-path-resolution", "--no-env-resolution")))
    return Command((*_base(compose, stack), "--profile", "*", *words))


def up_command(
    compose: Compose, stack: Stack, wait_timeout: int, *, build: bool = True, quiet: bool = False
) -> Command:
    """Build what has a `build`, start everything and wait until it is healthy. `wait_timeout` is in seconds.

    Without `--build`, Compose builds only what has no image yet: a changed Dockerfile would run the old one.
    """
    words = ("up", "-d", "--remove-orphans", "--build" if build else "--no-build", *_wait(wait_timeout))
    return replace(_command(compose, stack, *words, timeout=None, quiet=quiet), variables=_WITH_ORPHANS)


def renew_command(
    compose: Compose, stack: Stack, services: list[str], *, build: bool = True, quiet: bool = False
) -> Command:
    """Recreate the containers of `services`, changed or not; their dependencies are not touched."""
    words = ("up", "-d", "--no-deps", "--force-recreate", "--build" if build else "--no-build", *services)
    return _command(compose, stack, *words, timeout=None, quiet=quiet)


def wait_command(compose: Compose, stack: Stack, services: list[str], wait_timeout: int) -> Command:
    """Wait only for `services`: nothing is recreated, and their dependencies are not touched."""
    words = ("up", "-d", "--no-deps", "--no-recreate", *_wait(wait_timeout), *services)
    return _command(compose, stack, *words, timeout=None, quiet=True)


def down_command(compose: Compose, stack: Stack, *, volumes: bool = False, quiet: bool = False) -> Command:
    """Stop and remove the containers and networks; with `volumes` the project's own volumes too.

    Of services with a profile, Compose removes only those whose profile is named.
    """
    words = ("--profile", "*", "down", "--remove-orphans", *(("--volumes",) if volumes else ()))
    return _command(compose, stack, *words, timeout=None, quiet=quiet)


def ps_command(compose: Compose, stack: Stack) -> Command:
    """All containers of the project, stopped ones included, as JSON."""
    return _command(compose, stack, "ps", "--all", "--format", "json")


def logs_command(compose: Compose, stack: Stack, wanted: LogsWanted, *, timestamps: bool = False) -> Command:
    """What the services wrote."""
    options = [*(["--no-color"] if not wanted.color else []), *wanted.options(timestamps=timestamps)]
    return _command(compose, stack, "logs", *options, "--", *wanted.services, timeout=None)


def _command(
    compose: Compose, stack: Stack, *words: str, timeout: float | None = PROBE_TIMEOUT, quiet: bool = False
) -> Command:
    return Command((*_base(compose, stack, quiet=quiet), *words), timeout, stdin=stack.text or None)


def _base(compose: Compose, stack: Stack, *, quiet: bool = False) -> tuple[str, ...]:
    files = [word for file in (stack.files if not stack.text else ("-",)) for word in ("-f", str(file))]
    progress = ("--progress", "quiet") if quiet else ()
    # COMPOSE_PROJECT_NAME, from the environment or `.env`, takes precedence over the file's own name: Traefik, which
    # serves only the containers of that name, would serve nothing.
    name = ("--project-name", stack.name) if stack.name else ()
    values = ("--env-file", stack.env_file) if stack.env_file else ()
    return (*compose, *progress, *files, "--project-directory", str(stack.project), *values, *name)


def _wait(seconds: int) -> tuple[str, ...]:
    return ("--wait", "--wait-timeout", str(seconds))


def _standalone() -> list[tuple[str, ...]]:
    beside = Path(sys.executable).parent / "docker-compose"
    return [
        *([("docker-compose",)] if shutil.which("docker-compose") else []),
        *([(str(beside),)] if os.access(beside, os.X_OK) else []),
    ]


def _ask(runner: Executor, argv: tuple[str, ...]) -> str | None:
    """The version; "" if the program succeeds without printing one, None where `docker` has no such plugin.

    Raises OutsideError if it fails in another way, or does not answer.
    """
    command = Command((*argv, "version", "--short"))
    result = runner.run(command)
    if result.ok:
        found = _VERSION.search(result.stdout)
        return found[1] if found else ""
    if argv == _PLUGIN and any(words in result.stderr.lower() for words in _ABSENT):
        return None
    raise OutsideError(
        failure(command, result), hint=f"`{' '.join(argv)} version` by hand may show more; or {_INSTALL}"
    )


def _numbers(version: str) -> tuple[int, int]:
    found = _VERSION.match(version)
    return (int(found[2]), int(found[3])) if found else (0, 0)
