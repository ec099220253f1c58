"""What does the real Traefik say about small stacks? Hundreds in one go: no two of them share a name.

A stack is a Compose text in which `#` stands for a name of its own. All stacks have the Traefik of `STATIC`, whose
static configuration and dynamic file are the same for everyone, so one process answers for all.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.fakes.docker_api import FakeDockerApi
from tests.traefik.process import BINARY, free_port, running

NEWEST = "3.7.15"
NETWORKS = "  edge: {name: edge}\n  inner: {}\n  out: {external: true}\n"
FLAGS = """\
      - --providers.docker=true
      - --providers.docker.exposedbydefault=false
      - --providers.file.directory=/etc/dynamic
      - --entrypoints.web.address=:80
      - --entrypoints.websecure.address=:443
      - --api=true
      - --certificatesresolvers.le.acme.storage=/acme/acme.json
      - --certificatesresolvers.le.acme.tlschallenge=true
"""
DYNAMIC = """\
http:
  middlewares:
    gate: {basicAuth: {users: ["a:$2y$05$ghZJqJbGB0DMFxFzkxOcpeWjFZPmHxsXu3NzsmaTUWZMJaXI54GHe"]}}
  services:
    far: {loadBalancer: {servers: [{url: "http://127.0.0.1:1"}]}}
  serversTransports:
    lax: {insecureSkipVerify: true}
tls:
  options:
    modern: {minVersion: VersionTLS13}
"""
TRAEFIK = f"""\
  traefik:
    image: traefik:v{NEWEST}
    command:
{FLAGS}    networks: [edge]
    ports: ["80:80", "443:443"]
    volumes:
      - ./dynamic:/etc/dynamic:ro
      - acme:/acme
"""
_LAST = "zz-last"
_NAME = re.compile(r"c\d+x")
_NOISE = re.compile(
    "aliasHeadersStrategy is not configured|Traefik can reject some encoded|Unable to obtain ACME certificate|"
    r"Health check failed|acme: |connection refused|Cannot retrieve the ACME challenge|" + _LAST
)


def whole(services: str, *, version: str = NEWEST) -> str:
    """The text of a stack from the lines of its services (each begins with two spaces)."""
    proxy = TRAEFIK.replace(NEWEST, version)
    return f"name: site\nservices:\n{proxy}{services}networks:\n{NETWORKS}volumes:\n  acme: {{}}\n"


@dataclass(frozen=True)
class Said:
    """What Traefik says about one stack."""

    routers: Mapping[str, Mapping[str, Any]]
    lines: tuple[str, ...]
    """Warnings and errors of the log that name it."""

    @property
    def faults(self) -> list[str]:
        """What it complains of."""
        bad = [
            f"{name}: {router.get('status')} {router.get('error', '')}"
            for name, router in self.routers.items()
            if router.get("status") != "enabled" or router.get("error")
        ]
        return [*bad, *self.lines]


def name(index: int) -> str:
    """What `#` is in the stack of this number."""
    return f"c{index}x"


def ask(stacks: Sequence[str], *, binary: Path = BINARY) -> list[Said]:
    """What Traefik says about each; the texts have their names already."""
    containers = [item for index, text in enumerate(stacks) for item in _containers(text, name(index))]
    containers.append(
        _container(
            _LAST,
            {
                "traefik.enable": "true",
                f"traefik.http.routers.{_LAST}.rule": "Path(`/x`)",
                f"traefik.http.services.{_LAST}.loadbalancer.server.port": "1",
            },
            ["edge"],
            [],
        )
    )
    with tempfile.TemporaryDirectory() as folder, FakeDockerApi(containers) as api:
        place = Path(folder)
        (place / "dynamic").mkdir()
        (place / "dynamic" / "all.yml").write_text(DYNAMIC)
        flags = [line.strip().removeprefix("- ") for line in FLAGS.splitlines()]
        flags = [flag for flag in flags if not re.match("--entrypoints|--providers.file", flag)]
        web, secure, ports = free_port(), free_port(), free_port()
        flags = [flag.replace("/acme/", f"{folder}/") for flag in flags] + [
            f"--entrypoints.web.address=127.0.0.1:{web}",
            f"--entrypoints.websecure.address=127.0.0.1:{secure}",
            f"--entrypoints.traefik.address=127.0.0.1:{ports}",
            f"--providers.docker.endpoint={api.endpoint}",
            f"--providers.file.directory={place / 'dynamic'}",
            f"--certificatesresolvers.le.acme.caserver=https://127.0.0.1:{free_port()}/directory",
            "--api.insecure=true", "--log.level=INFO", "--log.nocolor=true", "--global.checknewversion=false",
            "--providers.providersthrottleduration=100ms",
        ]  # fmt: skip
        with running(flags, ports=(web, ports), bare=True, binary=binary) as traefik:
            data = traefik.until(
                lambda data: (
                    f"{_LAST}@docker" in data.get("routers", {}) and "gate@file" in data.get("middlewares", {})
                ),
                seconds=60,
            )
            assert f"{_LAST}@docker" in data.get("routers", {}), traefik.log[-5:]
            traefik.until(
                lambda _: any("Register" in line or "Testing certificate renew" in line for line in traefik.log),
                seconds=60,
            )
            data = traefik.rawdata()
            log = list(traefik.log)
    return _by_stack(data, log, len(stacks))


def _by_stack(data: Mapping[str, Any], log: Sequence[str], many: int) -> list[Said]:
    """Everything that Traefik says, by the name that it has."""
    routers: dict[str, dict[str, Mapping[str, Any]]] = {}
    for kind in ("routers", "tcpRouters", "udpRouters"):
        for key, item in (data.get(kind) or {}).items():
            for own in set(_NAME.findall(key)):
                routers.setdefault(own, {})[key] = item
    lines: dict[str, list[str]] = {}
    for line in log:
        if re.search(r"\b(WRN|ERR|FTL|PNC)\b", line) and not _NOISE.search(line):
            for own in set(_NAME.findall(line)):
                lines.setdefault(own, []).append(line)
    return [Said(routers.get(own, {}), tuple(lines.get(own, ()))) for own in map(name, range(many))]


def _containers(text: str, name: str) -> list[dict[str, Any]]:
    compose = yaml.safe_load(text)
    declared = compose.get("networks") or {}
    found = []
    for key, service in compose["services"].items():
        if key == "traefik":
            continue
        labels = service.get("labels") or {}
        pairs = labels.items() if isinstance(labels, dict) else (str(item).partition("=")[::2] for item in labels)
        real = [_real(network, declared) for network in service.get("networks") or ["default"]]
        texts = {str(label): _text(value) for label, value in pairs}
        found.append(_container(f"{key}-{name}", texts, real, service.get("expose") or []))
    return found


def _real(network: str, declared: Mapping[str, Any]) -> str:
    options = declared.get(network) or {}
    return str(options.get("name") or (network if options.get("external") else f"site_{network}"))


def _text(value: Any) -> str:
    text = "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)
    return text.replace("$$", "$")


def _container(name: str, labels: Mapping[str, str], networks: Sequence[str], ports: Sequence[Any]) -> dict[str, Any]:
    return {"name": name, "labels": dict(labels), "networks": list(networks), "ports": [str(port) for port in ports]}
