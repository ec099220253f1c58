"""What to run after `init`, in order: the token, the records, the containers, the login, the proof."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from edgegen.cli.options import Project
from edgegen.core.cloudflare import NEEDED_RIGHTS, RIGHTS_PAGE, TEMPLATE
from edgegen.spec.edge import Spec

TOKEN, TOKEN_FILE = "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_TOKEN_FILE"
WAIT = 120
"""Seconds: certificates are requested once the containers run."""


class Step(Struct, frozen=True):
    """One command, and what to know before it."""

    command: str
    notes: tuple[str, ...] = ()


def next_steps(spec: Spec, directory: Path, users: Sequence[str], environ: Mapping[str, str]) -> list[Step]:
    """Every step from the written project to one that is proven to work."""
    where = at(directory)
    return [
        *_swarm(spec), *_dns(spec, where, environ), Step(f"edgegen up{where}"),
        *(step for name in spec.registries for step in _login_to(spec, name, users)),
        *verify_step(spec, where),
    ]  # fmt: skip


def steps_text(steps: Iterable[Step]) -> str:
    """As lines that can be copied to a shell, below a title."""
    lines = (line for step in steps for line in (*(f"# {note}" for note in step.notes), step.command))
    return "\n".join(["\nNext:", *(f"  {line}" for line in lines)])


def at(directory: Path, environment: str | None = None) -> str:
    """The options that name the project in a command, with a space before each."""
    return "".join(f" {shlex.quote(word)}" for word in Project(directory, environment).words())


def steps_for(spec: Spec, service: str, host: str, directory: Path, environ: Mapping[str, str]) -> list[Step]:
    """Every step from a new service in edge.yaml to one that is proven to work."""
    where = at(directory)
    added = spec.services[service]
    up = Step(f"edgegen up{where}", ("shows the new passwords, once",) if added.password_users else ())
    name = "" if host.startswith("*.") else f" {host}"
    login = _login_to(spec, service, added.password_users)
    return [*_dns(spec, where, environ), up, *login, *verify_step(spec, where, name)]


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
                f"a Cloudflare API token for {', '.join(zones)} with {NEEDED_RIGHTS}:",
                f"{RIGHTS_PAGE}: use the {TEMPLATE}",
                f"or a file with it, mode 600: export {TOKEN_FILE}=PATH",
            ),
        )
    if any(domain.is_planned for domain in spec.domains.values()):
        yield Step(f"edgegen dns sync{at}")


def _login_to(spec: Spec, service: str, users: Sequence[str]) -> Iterator[Step]:
    registry = spec.registries.get(service)
    if registry is not None and users:
        yield Step(f"docker login {registry.address(spec.edge.ports.websecure)} -u {users[0]}")


def verify_step(spec: Spec, at: str, name: str = "") -> Iterator[Step]:
    """The proof that what is public works; nothing where nothing is public."""
    if any(service.own_hosts for service in spec.services.values()):
        yield Step(f"edgegen verify --wait {WAIT}{at}{name}")
