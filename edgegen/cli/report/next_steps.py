"""What to run after `init`, in order: the token, the records, the containers, the login, the proof."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from edgegen.spec.edge import Spec

TOKENS = "https://dash.cloudflare.com/profile/api-tokens"
TOKEN, TOKEN_FILE = "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_TOKEN_FILE"
WAIT = 120
"""Seconds: certificates are requested once the containers run."""


@dataclass(frozen=True, slots=True)
class Step:
    """One command, and what to know before it."""

    command: str
    notes: tuple[str, ...] = ()


def next_steps(spec: Spec, directory: Path, users: Sequence[str], environ: Mapping[str, str]) -> list[Step]:
    """Every step from the written project to one that is proven to work."""
    at = "" if directory == Path() else f" -C {shlex.quote(str(directory))}"
    return [*_swarm(spec), *_dns(spec, at, environ), Step(f"edgegen up{at}"), *_login(spec, users), *_verify(spec, at)]


def steps_for(spec: Spec, service: str, host: str, directory: Path, environ: Mapping[str, str]) -> list[Step]:
    """Every step from a new service in edge.yaml to one that is proven to work."""
    at = "" if directory == Path() else f" -C {shlex.quote(str(directory))}"
    added = spec.services[service]
    up = Step(f"edgegen up{at}", ("shows the new passwords, once",) if added.password_users else ())
    name = "" if host.startswith("*.") else f" {host}"
    return [*_dns(spec, at, environ), up, *_login_to(spec, service, added.password_users), *_verify(spec, at, name)]


def _swarm(spec: Spec) -> Iterator[Step]:
    if spec.target == "swarm":
        about = "unless this machine is a manager already; for another machine: `edgegen swarm init ssh://me@server`"
        yield Step("docker swarm init", (about,))


def _dns(spec: Spec, at: str, environ: Mapping[str, str]) -> Iterator[Step]:
    zones = [zone for zone, domain in spec.domains.items() if domain.keeper == "cloudflare"]
    if zones and not (environ.get(TOKEN) or environ.get(TOKEN_FILE)):
        yield Step(
            f"export {TOKEN}=…",
            (
                f"a Cloudflare API token for {', '.join(zones)} with Zone / Zone / Read and Zone / DNS / Edit:",
                f'{TOKENS}, template "Edit zone DNS"',
                f"or a file with it, mode 600: export {TOKEN_FILE}=PATH",
            ),
        )
    if any(domain.is_planned for domain in spec.domains.values()):
        yield Step(f"edgegen dns sync{at}")


def _login(spec: Spec, users: Sequence[str]) -> Iterator[Step]:
    for name in spec.registries:
        yield from _login_to(spec, name, users)


def _login_to(spec: Spec, service: str, users: Sequence[str]) -> Iterator[Step]:
    registry = spec.registries.get(service)
    if registry is not None and users:
        port = "" if spec.edge.ports.websecure == 443 else f":{spec.edge.ports.websecure}"
        host = f"127.0.0.1:{registry.local_port}" if registry.local_port else f"{registry.host}{port}"
        yield Step(f"docker login {host} -u {users[0]}")


def _verify(spec: Spec, at: str, name: str = "") -> Iterator[Step]:
    if any(service.own_hosts for service in spec.services.values()):
        yield Step(f"edgegen verify --wait {WAIT}{at}{name}")
