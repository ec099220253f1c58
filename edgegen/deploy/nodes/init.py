"""Making one engine the first manager of a new swarm."""

from __future__ import annotations

import ipaddress
import re

from edgegen.core.errors import OutsideError, RefusedError
from edgegen.deploy.nodes.session import Session
from edgegen.deploy.swarm.nodes import Membership, membership
from edgegen.deploy.terminal_text import tail

_SEVERAL = "multiple addresses on"
_WORD = re.compile(r"[0-9A-Fa-f:.]+")


def make_swarm(session: Session, host: str, advertise: str = "") -> None:
    """`advertise` is the address under which other nodes reach it. Does nothing if it is a manager already.

    Raises RefusedError if it is in a swarm otherwise, or if Docker can't choose among its addresses.
    """
    found = membership(session.engines(host))
    if found.state == "active" and found.is_manager:
        _refuse_other_address(host, advertise, found)
        session.found(f"{host} is a manager of a swarm already, as {found.address}")
        return
    refuse_unless_free(host, found)
    words = ("--advertise-addr", advertise) if advertise else ()
    result = session.order(host, "docker", "swarm", "init", *words)  # its output has a join token: it is not shown
    if not result.ok:
        raise _not_made(host, result.stderr)
    session.done(f"{host} is the first manager of a new swarm")


def refuse_unless_free(host: str, found: Membership) -> None:
    """Raises RefusedError if the engine can't enter a swarm in its present state."""
    if found.state == "active":
        role = "a manager" if found.is_manager else "a worker"
        raise RefusedError(
            f"{host} is {role} of another swarm",
            hint=f"`DOCKER_HOST={host} docker swarm leave` takes it out of that one",
        )
    if found.state != "inactive":
        said = f" ({found.error})" if found.error else ""
        raise RefusedError(
            f"the swarm of {host} is in the state `{found.state}`{said}",
            hint=f"unlock it, or take the host out of its swarm: `DOCKER_HOST={host} docker swarm leave --force`",
        )


def _refuse_other_address(host: str, advertise: str, found: Membership) -> None:
    if advertise and _is_address(advertise) and advertise != found.address:
        raise RefusedError(
            f"{host} is a manager of a swarm already, as {found.address}, not {advertise}",
            hint="a node's address can't be changed: the node has to leave its swarm and join it again",
        )


def _not_made(host: str, stderr: str) -> RefusedError | OutsideError:
    said = f"Docker refused to make {host} a manager: {tail(stderr, 2)}"
    if _SEVERAL not in stderr:
        return OutsideError(said)
    choices = [word for word in _WORD.findall(stderr.partition(_SEVERAL)[2]) if _is_address(word)]
    commands = " or ".join(f"`edgegen swarm init {host} --advertise {address}`" for address in choices)
    return RefusedError(said, hint=f"choose the one that the other nodes reach: {commands}")


def _is_address(word: str) -> bool:
    try:
        ipaddress.ip_address(word)
    except ValueError:
        return False
    return True
