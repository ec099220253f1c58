"""Another project's Traefik compared with what this project needs of it (`edge.use`). Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from msgspec import Struct

from edgegen.compose.model import PROJECT_LABEL
from edgegen.compose.swarm_names import NAMESPACE_LABEL
from edgegen.core.errors import Problem
from edgegen.deploy.edges import Edge
from edgegen.deploy.program import Program

_ENDLESS = ("0", "0s")


class Wish(Struct, frozen=True):
    """What a spec says about the edge, as far as it concerns other projects."""

    serves: str | None = None
    """`own`, `all`, or None if the spec doesn't set it."""
    use: str | None = None
    network: str = ""
    """The real name of the network that the edge shares with public services."""
    resolver: str = "letsencrypt"
    entrypoints: tuple[str, ...] = ("web", "websecure")
    uploads: bool = False
    """Whether requests may take any time."""
    wildcard: str = ""
    """A host whose certificate needs the DNS challenge."""
    proxied: str = ""
    """A host behind Cloudflare's proxy."""
    ranges: tuple[str, ...] = ()
    """The addresses of that proxy."""
    alone: bool = False
    """Whether nothing else is started from this folder: no environment of the spec sets its own name."""
    owner: str = ""
    """What tells this project from another one of its name: the random owner of its DNS records, or ""."""


def compared(wish: Wish, name: str, edges: Iterable[Edge], programs: Iterable[Program]) -> Iterator[Problem]:
    """What differs between the Traefik of project `wish.use` and what project `name` needs.

    `edges` are those that run, `programs` all containers or services, the edges among them.
    """
    edge = next((edge for edge in edges if edge.project == wish.use), None)
    if edge is None:
        yield _differs(f"no Traefik of project `{wish.use}` runs on this engine", f"run `edgegen up` in `{wish.use}`")
        return
    if not edge.static.seen:
        yield _differs(
            f"the settings of `{edge.name}` can't be read: it has neither flags nor variables",
            f"let edgegen render project `{wish.use}`",
        )
        return
    yield from _lets_in(wish, name, edge)
    yield from _entrypoints(wish, edge)
    yield from _certificates(wish, edge)
    yield from _ports(edge, {port.port for item in programs if item.name == edge.name for port in item.ports})


def _lets_in(wish: Wish, name: str, edge: Edge) -> Iterator[Problem]:
    if not edge.sees({PROJECT_LABEL: name, NAMESPACE_LABEL: name, "traefik.enable": "true"}):
        yield _differs(
            f"`{edge.name}` does not serve other projects",
            f"write `edge: {{serves: all}}` in project `{wish.use}` and run `edgegen up` there",
        )
    if wish.network not in edge.networks:
        present = ", ".join(sorted(edge.networks)) or "none"
        yield _differs(
            f"`{edge.name}` is not on network `{wish.network}`, but on {present}",
            "name its network: `edge: {network: …}`",
            "edge.network",
        )


def _entrypoints(wish: Wish, edge: Edge) -> Iterator[Problem]:
    for entrypoint in wish.entrypoints:
        if not edge.static.has(f"entrypoints.{entrypoint}"):
            yield _differs(f"`{edge.name}` has no entrypoint `{entrypoint}`", _there(wish))
    secure = f"entrypoints.{wish.entrypoints[-1]}"
    limit = edge.static.get(f"{secure}.transport.respondingtimeouts.readtimeout", "60s")
    if wish.uploads and limit not in _ENDLESS:
        yield _differs(
            f"`{edge.name}` cuts requests after {limit}, and a registry's uploads take longer",
            f"write `edge: {{read_timeout: 0s}}` in project `{wish.use}` and run `edgegen up` there",
        )
    trusted = edge.static.get(f"{secure}.forwardedheaders.trustedips").split(",")
    if wish.proxied and not set(wish.ranges) <= set(trusted):
        yield _differs(
            f"`{wish.proxied}` is behind Cloudflare's proxy, and `{edge.name}` does not trust that proxy's headers",
            f"add Cloudflare's ranges to `edge: {{trusted_ips: […]}}` of project `{wish.use}`",
        )


def _certificates(wish: Wish, edge: Edge) -> Iterator[Problem]:
    resolver = f"certificatesresolvers.{wish.resolver}"
    if not edge.static.has(resolver):
        yield _differs(f"`{edge.name}` has no certificates resolver `{wish.resolver}`", _there(wish))
        return
    if wish.wildcard and not edge.static.has(f"{resolver}.acme.dnschallenge"):
        yield _differs(
            f"`{wish.wildcard}` needs a certificate by the DNS challenge, and `{edge.name}` uses another",
            f"`acme: {{challenge: dns}}` in project `{wish.use}`, or one service for each name",
        )
    if wish.proxied and edge.static.has(f"{resolver}.acme.tlschallenge"):
        yield _differs(
            f"`{wish.proxied}` is behind Cloudflare's proxy, which ends TLS before the tls challenge of `{edge.name}`",
            f"`acme: {{challenge: dns}}` in project `{wish.use}`",
        )


def _ports(edge: Edge, held: Collection[int]) -> Iterator[Problem]:
    if held and 443 not in held:
        yield _differs(
            f"`{edge.name}` publishes {', '.join(map(str, sorted(held)))} and not 443, where this project's hosts are",
            f"publish 80 and 443 in project `{edge.project}`",
        )


def _there(wish: Wish) -> str:
    return f"let this version of edgegen render project `{wish.use}`, and run `edgegen up` there"


def _differs(message: str, hint: str, path: str = "edge.use") -> Problem:
    return Problem(message, path=path, hint=hint)
