"""What `docker-compose config` makes of files, and the same out of lint's model, in one form to compare.

The judge is the real binary. Nothing here is taken from the reader; the model's attributes are all that it sees.
"""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
import sysconfig
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from edgegen.lint.model import Mount, Project, Service

Form = dict[str, Any]
SECONDS = 60
COMPOSE = str(Path(sysconfig.get_path("scripts")) / "docker-compose")
ENVIRON = {"HOME": "/nonexistent"}
"""What both see."""
USED_ONLY = (".networks", ".volumes", ".secrets", ".configs")
"""Of these Compose shows only what a service uses."""


class Refused(Exception):
    """Compose does not take the files."""


def compose(
    folder: Path, files: Sequence[str] = (), environ: Mapping[str, str] | None = None, *, env_files: bool = True
) -> Form:
    """What Compose makes of files of a folder, with every profile. Without files: of what it finds there.

    Without `env_files` it does not look into those of services, which then may be missing.
    """
    words = [COMPOSE, "--profile", "*"]
    for name in files:
        words += ["-f", name]
    done = subprocess.run(
        [*words, "config", "--format", "json", *([] if env_files else ["--no-env-resolution"])],
        cwd=folder, capture_output=True, timeout=SECONDS, check=False,
        env={"PATH": os.environ["PATH"], "GOGC": "400", **ENVIRON, **(environ or {})},
    )  # fmt: skip
    if done.returncode:
        raise Refused(done.stderr.decode(errors="replace"))
    return json.loads(done.stdout)


def of_compose(config: Form) -> Form:
    """Compose's answer in the common form. `config` doubles every `$`, so that its output is a Compose file again."""
    config = _single_dollars(config)
    networks = config.get("networks") or {}
    volumes = config.get("volumes") or {}
    return {
        "name": config.get("name"),
        "networks": {key: (item["name"], bool(item.get("external"))) for key, item in networks.items()},
        "volumes": {key: (item["name"], bool(item.get("external"))) for key, item in volumes.items()},
        "secrets": {key: item["name"] for key, item in (config.get("secrets") or {}).items()},
        "configs": {key: item["name"] for key, item in (config.get("configs") or {}).items()},
        "services": {name: _service(item) for name, item in (config.get("services") or {}).items()},
    }


def _single_dollars(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("$$", "$")
    if isinstance(value, list):
        return [_single_dollars(item) for item in value]
    return {key: _single_dollars(item) for key, item in value.items()} if isinstance(value, dict) else value


def _service(item: Form) -> Form:
    return {
        "image": item.get("image"),
        "labels": item.get("labels") or {},
        "deploy labels": (item.get("deploy") or {}).get("labels") or {},
        "environment": item.get("environment") or {},
        "command": item.get("command") or [],
        "entrypoint": item.get("entrypoint") or [],
        "networks": sorted(item.get("networks") or {}),
        "network_mode": item.get("network_mode"),
        "ports": sorted({_port(port) for port in item.get("ports") or []}),
        "expose": sorted(str(port) for port in item.get("expose") or []),
        "mounts": sorted({*map(_mount, item.get("volumes") or []), *_files(item), *_tmpfs(item)}),
        "replicas": (item.get("deploy") or {}).get("replicas", item.get("scale")),
        "profiles": sorted(item.get("profiles") or []),
        "built": "build" in item,
    }


def _port(port: Form) -> tuple[str, ...]:
    keys = ("host_ip", "published", "target", "protocol", "mode")
    return tuple(str(port.get(key) or "") for key in keys)


def _mount(mount: Form) -> tuple[str, str, str, bool]:
    source = str(mount.get("source") or "")
    if mount["type"] == "bind":
        source = posixpath.normpath(source)
    return mount["type"], source, mount["target"], bool(mount.get("read_only"))


def _files(item: Form) -> list[tuple[str, str, str, bool]]:
    found = []
    for key, kind, folder in (("secrets", "secret", "/run/secrets/"), ("configs", "config", "/")):
        for file in item.get(key) or []:
            target = file.get("target") or folder + file["source"]
            if kind == "secret" and not target.startswith("/"):
                target = folder + target
            found.append((kind, file["source"], target, True))
    return found


def _tmpfs(item: Form) -> list[tuple[str, str, str, bool]]:
    return [("tmpfs", "", text.partition(":")[0], False) for text in item.get("tmpfs") or []]


def of_lint(project: Project, folder: Path) -> Form:
    """Lint's model in the common form."""
    return {
        "name": project.name,
        "networks": {key: (item.real_name, item.external) for key, item in project.networks.items()},
        "volumes": {key: (item.real_name, item.external) for key, item in project.volumes.items()},
        "secrets": {key: item.real_name for key, item in project.secrets.items()},
        "configs": {key: item.real_name for key, item in project.configs.items()},
        "services": {name: _read(item, folder) for name, item in project.services.items()},
    }


def _read(item: Service, folder: Path) -> Form:
    return {
        "image": item.image.text if item.image else None,
        "labels": {key: value.text for key, value in item.labels.items()},
        "deploy labels": {key: value.text for key, value in item.deploy_labels.items()},
        "environment": {key: value.text if value else None for key, value in item.environment.items()},
        # A word that is only a variable without a value: Compose drops it, and lint keeps it as unknown.
        "command": [word.text for word in item.command if word.text or not word.unset or not word.spot.word],
        "entrypoint": [word.text for word in item.entrypoint if word.text or not word.unset or not word.spot.word],
        "networks": sorted(item.networks),
        "network_mode": item.network_mode.text if item.network_mode else None,
        "ports": sorted(
            {(port.address, port.published, port.target, port.protocol, port.mode) for port in _single(item)}
        ),
        "expose": sorted(value.text for value in item.expose),
        "mounts": sorted({_read_mount(mount, folder) for mount in item.mounts}),
        "replicas": item.replicas,
        "profiles": sorted(item.profiles),
        "built": item.built,
    }


def _read_mount(mount: Mount, folder: Path) -> tuple[str, str, str, bool]:
    source = _absolute(mount.source, folder) if mount.kind == "bind" else mount.source
    return mount.kind, source, mount.target, mount.read_only and mount.kind != "tmpfs"


def _absolute(source: str, folder: Path) -> str:
    if source[1:2] == ":":
        return source  # of Windows
    if source.startswith("~"):
        return posixpath.normpath("/nonexistent" + source[1:])
    return posixpath.normpath(posixpath.join(str(folder), source))


def _single(item: Service) -> list[Any]:
    return [single for port in item.ports for single in port.single]


def differences(theirs: Any, mine: Any, path: str = "") -> list[str]:
    """Where two forms differ."""
    if isinstance(theirs, dict) and isinstance(mine, dict):
        found = []
        if path in USED_ONLY:
            mine = {key: item for key, item in mine.items() if key in theirs}
        for key in sorted({*theirs, *mine}, key=str):
            if key not in theirs or key not in mine:
                found.append(f"{path}.{key}: only {'Compose' if key in theirs else 'lint'} has it")
            else:
                found += differences(theirs[key], mine[key], f"{path}.{key}")
        return found
    return [] if theirs == mine else [f"{path}: Compose {theirs!r}, lint {mine!r}"]
